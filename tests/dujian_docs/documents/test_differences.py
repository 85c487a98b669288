"""Two texts compared paragraph by paragraph."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dujian_docs.documents.differences import LONGEST_PAIR, Mark, count, differences

TEXTS = st.lists(st.text("甲乙丙丁1。", min_size=1, max_size=6), max_size=8)


@given(TEXTS, TEXTS)
def test_both_texts_are_told_whole_by_their_marks(before: list[str], after: list[str]) -> None:
    """With everything around, what is not added is the old text, what is not removed the new one."""
    told = [one for group in differences(before, after, around=99) for one in group]
    if before == after:
        assert told == []
        return
    assert [one.text for one in told if one.mark is not Mark.ADDED] == before
    assert [one.text for one in told if one.mark is not Mark.REMOVED] == after


@given(TEXTS)
def test_the_same_text_has_no_differences(text: list[str]) -> None:
    assert differences(text, text) == ()


def test_only_what_differs_in_a_paragraph_is_marked() -> None:
    ((removed, added),) = differences(["会期3天，地点不变。"], ["会期5天，地点不变。"], around=0)
    assert (removed.mark.value, added.mark.value) == ("-", "+")
    assert [piece.text for piece in removed.pieces if piece.changed] == ["3"]
    assert [piece.text for piece in added.pieces if piece.changed] == ["5"]


def test_places_are_counted_and_far_ones_grouped_apart() -> None:
    before = [f"第{number}段" for number in range(20)]
    after = [*before]
    after[2], after[15] = "改了", "也改了"
    groups = differences(before, after)
    assert len(groups) == 2
    assert count(groups) == 2
    assert [one.text for one in groups[0]] == ["第1段", "第2段", "改了", "第3段"]


def test_a_very_long_paragraph_is_told_whole() -> None:
    long = "长" * (LONGEST_PAIR + 1)
    ((removed, _),) = differences([long], ["短" + long], around=0)
    assert [piece.changed for piece in removed.pieces] == [True]
