"""Regular expressions that every supported Python reads alike."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+")


@pytest.mark.parametrize("package", ["indexer", "dujian_docs"])
def test_no_group_is_repeated_possessively(package: str) -> None:
    """Python 3.11.0 to 3.11.4 lose matches of such groups; atomic groups say the same and are read right."""
    found = [
        f"{path.relative_to(REPOSITORY)}:{number}"
        for path in sorted((REPOSITORY / package).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1)
        if '"' in line and POSSESSIVE_GROUP.search(line)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("pattern", "told"), [(r"(?:ab)*+", True), (r"(a){0,9}+", True), (r"\)++", False), ("a*+", False)]
)
def test_the_search_finds_them(pattern: str, told: bool) -> None:
    assert bool(POSSESSIVE_GROUP.search(pattern)) is told
