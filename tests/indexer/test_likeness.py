"""Sketches of texts against the exact likeness, and the groups made of them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.likeness import ALIKE, WINDOW_CHARS, groups, likeness, likest, sketch_of
from indexer.text import BREAK, normalise_text

LETTERS = [chr(0x4E00 + at) for at in range(2000)]


def text_of(random_: random.Random, length: int) -> str:
    return "".join(random_.choices(LETTERS, k=length))


def edited(random_: random.Random, text: str, edits: int) -> str:
    letters = list(text)
    for _ in range(edits):
        letters[random_.randrange(len(letters))] = "县"
    return "".join(letters)


def exact(one: str, other: str) -> float:
    left, right = (
        {t[at : at + WINDOW_CHARS] for at in range(len(t) - WINDOW_CHARS + 1)} for t in (one, other)
    )
    return len(left & right) / len(left | right)


@pytest.mark.parametrize("length", [40, 400, 4000])
def test_the_estimate_is_near_the_exact_likeness(length: int) -> None:
    random_ = random.Random(length)
    errors = []
    for edits in range(60):
        text = text_of(random_, length)
        other = edited(random_, text, edits * length // 400)
        errors.append(likeness(sketch_of(text), sketch_of(other)) - exact(text, other))
    assert max(map(abs, errors)) <= 0.15
    assert abs(sum(errors)) / len(errors) <= 0.02, "it leans to neither side"


@given(st.text(min_size=1, max_size=300), st.text(max_size=300))
def test_likeness_is_a_share_and_goes_both_ways(one: str, other: str) -> None:
    mine, theirs = sketch_of(normalise_text(one)), sketch_of(normalise_text(other))
    assert likeness(mine, theirs) == likeness(theirs, mine)
    assert 0.0 <= likeness(mine, theirs) <= 1.0
    assert likeness(mine, mine) == (1.0 if mine else 0.0)
    assert sketch_of(normalise_text(one)) == mine, "the same text gives the same sketch"


def test_spelling_and_layout_do_not_count() -> None:
    plain = normalise_text("关于开展责任督学挂牌督导工作的通知，自2024年起执行。")
    other = normalise_text("關於開展責任督學掛牌督導工作的通知\n自２０２４年起執行")
    assert likeness(sketch_of(plain), sketch_of(other)) == 1.0


def test_nothing_is_like_nothing() -> None:
    assert sketch_of("") == sketch_of(BREAK * 3) == b""
    assert likeness(b"", b"") == likeness(sketch_of("督导"), b"") == 0.0
    assert groups([b"", b""]) == []
    assert list(likest(b"", [("甲", b"")])) == []


def test_groups_hold_every_copy_once_and_the_first_first() -> None:
    random_ = random.Random(5)
    texts = [text_of(random_, 500) for _ in range(40)]
    given_ = [sketch_of(text) for text in texts]
    copies = [sketch_of(edited(random_, text, 3)) for text in texts[:20]]
    found = groups([*given_, *copies, given_[0], sketch_of("县")])
    assert sorted(place for group in found for place, _ in group) == [*range(20), *range(40, 61)]
    assert [group[0] for group in found] == [(place, 1.0) for place in range(20)]
    assert found[0][-1] == (60, 1.0)
    assert all(how >= ALIKE for group in found for _, how in group)


def test_likest_names_those_that_are_alike() -> None:
    random_ = random.Random(6)
    text = text_of(random_, 800)
    others = [
        ("近", sketch_of(edited(random_, text, 5))),
        ("远", sketch_of(edited(random_, text, 300))),
        ("同", sketch_of(text)),
        ("空", b""),
    ]
    found = dict(likest(sketch_of(text), others))
    assert set(found) == {"近", "同"}
    assert found["同"] == 1.0 > found["近"] >= ALIKE
