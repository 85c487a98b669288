"""The front door of the indexer: no room behind it is left out of what import-linter keeps closed."""

from __future__ import annotations

import tomllib
from pathlib import Path

import indexer

ROOT = Path(indexer.__file__).parents[1]


def test_every_room_is_behind_the_front_door() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    (closed,) = (one["protected_modules"] for one in contracts["contracts"] if one["type"] == "protected")
    rooms = {f"indexer.{path.stem}" for path in (ROOT / "indexer").glob("*.py") if path.stem[:2] != "__"}
    assert rooms
    assert rooms <= set(closed)
