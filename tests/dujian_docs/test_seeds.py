"""docs/seeds.md says only what is so: its commands, kinds and tests exist, its rows are whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dujian_docs.cli import cli
from dujian_docs.records import KINDS

REPOSITORY = Path(__file__).resolve().parents[2]
ROWS = {"1": 22, "2": 11, "3": 28, "4": 19}
"""How many things each of the four seeds holds."""


def rows() -> list[list[str]]:
    text = (REPOSITORY / "docs" / "seeds.md").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if re.match(r"\| \d-\d\d \|", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_every_seed_has_all_its_rows_in_order() -> None:
    expected = [f"{seed}-{number:02}" for seed, count in ROWS.items() for number in range(1, count + 1)]
    assert [row[0] for row in rows()] == expected


@pytest.mark.parametrize("row", rows(), ids=lambda row: row[0])
def test_what_a_row_names_exists(row: list[str]) -> None:
    _, title, kinds, shown, state = row
    assert title
    titles = {kind.title for kind in KINDS}
    assert {one for one in kinds.split("、") if one} <= titles
    named = re.findall(r"`([^`]+)`", shown)
    for one in named:
        if one.startswith("dujian "):
            assert one.split()[1] in cli.commands, one
        else:
            assert (REPOSITORY / one).is_file(), one
    word, _, rest = state.partition("：")
    assert word in {"有", "部分", "未做", "不做"}
    assert (word == "有") is (not rest), "what is not whole says what is missing"
    if word in {"有", "部分"}:
        assert named
