"""Excerpts show the original, with marks where the query stands in it, whatever it is written in."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.excerpts import WIDTH_CHARS, excerpts
from indexer.model import Passage
from indexer.query import parse
from indexer.text import normalise_text


def marked(text: str, query: str) -> list[list[str]]:
    found = excerpts([Passage(text)], parse(query))
    return [[one.text[start:end] for start, end in one.marks] for one in found]


@pytest.mark.parametrize(
    ("text", "query", "seen"),
    [
        ("全县学校标准化建设", "学校标准化", "学校标准化"),
        ("全縣學校標準化建設", "学校标准化", "學校標準化"),
        ("全县学校标准化建设", "學校標準化", "学校标准化"),
        ("縣學(xué)校標(biāo)準(zhǔn)化建設(shè)", "学校标准化", "學(xué)校標(biāo)準(zhǔn)化"),
        ("开展“雙減”督導", "双减", "雙減"),
        ("共１２６条，第２０２６号", "126条", "１２６条"),
        ("ＧＢ／Ｔ　９７０４", "gb/t 9704", "ＧＢ／Ｔ　９７０４"),
        ("据云教督（２０２６）３ 號文", "云教督2026 3号", "云教督（２０２６）３ 號"),
        ("自二○二二年起", "2022年", "二○二二年"),
        ("督\u200b导评估", "督导", "督\u200b导"),
        ("面积１２㎡整", "12m2", "１２㎡"),
        ("𠮷野小學", "𠮷野小学", "𠮷野小學"),
    ],
)
def test_the_mark_is_what_the_file_says(text: str, query: str, seen: str) -> None:
    assert marked(text, query) == [[seen]]


def test_several_places_of_one_passage_and_of_several_pages() -> None:
    filler = "其他事项按规定办理，各单位抓好落实。" * 12
    pages = [
        Passage(f"双减工作部署。{filler}落实双减要求。", 3),
        Passage(filler, 4),
        Passage(f"{filler}双减", 5, "附件"),
    ]
    found = excerpts(pages, parse("双减"))
    assert [(one.page, one.label) for one in found] == [(3, ""), (3, ""), (5, "附件")]
    assert [one.text[slice(*one.marks[0])] for one in found] == ["双减"] * 3
    assert found[0].text.endswith("…")
    assert not found[0].text.startswith("…")
    assert len(excerpts(pages, parse("双减"), most=1)) == 1


def test_places_close_together_share_an_excerpt() -> None:
    assert marked("双减双减，再说双减。", "双减") == [["双减", "双减", "双减"]]


def test_a_whole_query_is_marked_before_its_words() -> None:
    text = "督导工作。" * 40 + "责任督学挂牌督导" + "。责任重大" * 40
    assert marked(text, "责任督学挂牌") == [["责任督学挂牌"]]


def test_the_place_with_most_of_the_words_comes_first() -> None:
    filler = "其他事项照办。" * 9
    text = f"督学，督学，督学。{filler}督学去挂牌了。{filler}挂牌，挂牌，挂牌，挂牌"
    first = excerpts([Passage(text)], parse("督学 挂牌"), width=20)[0]
    assert {first.text[start:end] for start, end in first.marks} == {"督学", "挂牌"}


def test_single_characters_are_marked_only_when_nothing_longer_was_asked() -> None:
    assert marked("的确，督导是督促的", "督") == [["督", "督"]]
    assert all(len(mark) > 1 for marks in marked("督学是督导的，也督促", "督导 的 督学") for mark in marks)


def test_what_was_excluded_is_not_marked() -> None:
    assert marked("双减通报，不是初稿", "双减 -草稿") == [["双减"]]


def test_an_excerpt_is_one_line_of_about_the_width() -> None:
    text = "甲" * 500 + "\r\n双减\n\t" + "乙" * 500
    (one,) = excerpts([Passage(text)], parse("双减"))
    assert not set("\r\n\t") & set(one.text)
    assert len(one.text) <= WIDTH_CHARS + 2
    assert one.text[slice(*one.marks[0])] == "双减"


def test_nothing_found_gives_nothing() -> None:
    assert excerpts([Passage("别的内容")], parse("双减")) == ()
    assert excerpts([], parse("双减")) == ()


@given(
    st.text("双减雙減(shuāng)（）督导導Ａa１①㎡ \n。，", max_size=200),
    st.sampled_from(["双减", "督导", "a", "双减 督导", "双减 OR 督导", "m2", "1"]),
    st.integers(4, 30),
)
def test_marks_lie_inside_do_not_overlap_and_mean_what_was_asked(text: str, typed: str, width: int) -> None:
    query = parse(typed)
    found = excerpts([Passage(text, 1)], query, width=width)
    assert bool(found) == any(mark in normalise_text(text) for mark in query.marks)
    for one in found:
        assert one.marks
        edges = [edge for mark in one.marks for edge in mark]
        assert edges == sorted(edges)
        assert edges[-1] <= len(one.text)
        for start, end in one.marks:
            assert any(mark in normalise_text(one.text[start:end]) for mark in query.marks)


@pytest.mark.parametrize("term", ["督导评估", "學校標準化", "双减", "均衡发展", "责任督学 挂牌", "年7月30日"])
def test_the_seeds_show_their_own_words(shared: Path, term: str) -> None:
    query = parse(term)
    shown = 0
    for file in sorted((shared / "seeds").glob("*.txt")):
        text = file.read_text(encoding="utf-8")
        flat = " ".join(text.split())
        for one in excerpts([Passage(text)], query):
            shown += 1
            assert " ".join(one.text.strip("…").split()) in flat
            assert one.marks
    assert shown
