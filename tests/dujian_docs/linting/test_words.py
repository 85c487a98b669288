"""The list of words: each entry finds its word and spares what it says; its correction is sound."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from dujian_docs.linting import lint, read
from dujian_docs.linting.words import lexicon
from tests.dujian_docs.linting.papers import letter_home

TEXT = files("dujian_docs.linting").joinpath("words.tsv").read_text("utf-8")
ROWS = list(csv.DictReader((line for line in TEXT.splitlines() if not line.startswith("#")), delimiter="\t"))


def _rules(text: str) -> set[str]:
    return {one.rule for one in lint(read(letter_home(text)), official=False).findings}


def test_the_list_is_long_and_each_word_stands_once() -> None:
    words = [row["误"] for row in ROWS]
    assert len(words) == len(set(words)) == len(lexicon()) > 250
    assert {row["程度"] for row in ROWS} == {"必改", "疑似", "提示"}


def test_every_word_is_found_and_its_correction_is_not() -> None:
    sure = [row for row in ROWS if row["程度"] == "必改"]
    wrong = letter_home(*(f"甲{row['误']}乙" for row in sure))
    found = {one.number for one in lint(read(wrong), official=False).findings if one.rule == "W01"}
    assert [row["误"] for number, row in enumerate(sure, start=1) if number not in found] == []
    right = letter_home(*(f"甲{row['正']}乙" for row in sure))
    assert [one.words for one in lint(read(right), official=False).findings if one.rule == "W01"] == []


def test_sound_words_are_spared() -> None:
    spared = [word for row in ROWS for word in row["除外"].split("|") if word]
    content = letter_home(*spared)
    lines = read(content).said
    bad = []
    for one in lint(read(content), official=False).findings:
        text = lines[one.number - 1].text
        row = next(row for row in ROWS if f"“{row['误']}”" in one.problem)
        if text in row["除外"].split("|"):
            bad.append((text, one.problem))
    assert bad == []
    assert len(spared) > 200


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("截止2026年3月，全部完成", True),
        ("报名截止日期为3月9日", False),
        ("必需严格执行", True),
        ("学习必需品", False),
        ("点缀学校环境", False),
        ("3月份内完成", False),
        ("完整盖章", False),
        ("平整盖板", False),
    ],
)
def test_what_stands_around_decides(text: str, *, wrong: bool) -> None:
    assert bool(_rules(text) & {"W01", "W02"}) is wrong
