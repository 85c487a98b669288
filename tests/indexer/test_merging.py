"""What looks at pages add to a text: pages in order, notes that are true, seals where all was seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.merging import WHOLE, merged, pages_due
from indexer.model import RECOGNISED, Extraction, Facts, Passage, State

MIXED = Extraction(
    State.INDEXED,
    (Passage("第一页的文字层", 1), Passage("盖", 2), Passage("第四页的文字层", 4)),
    "第 2、3 页是扫描图片，检索不到；第 5 页打不开",
    facts=Facts(page_count=5, scans=(2, 3), drawable=True),
)
SCAN = Extraction(
    State.PENDING_OCR, (), "全是扫描图片", "等", Facts(page_count=2, scans=(1, 2), drawable=True)
)


def saw(page: int, text: str, *seals: int) -> Extraction:
    state = State.INDEXED if text else State.EMPTY
    passages = (Passage(text, page, RECOGNISED),) if text else ()
    return Extraction(state, passages, facts=Facts(seals=seals))


def failed(reason: str) -> Extraction:
    return Extraction(State.REFUSED, (), reason, "拆开")


def test_only_what_can_be_drawn_and_has_not_been_seen_is_due() -> None:
    assert pages_due(MIXED) == (WHOLE, 2, 3)
    assert pages_due(SCAN) == (1, 2), "looks at all pages tell the seals"
    assert pages_due(replace(SCAN, facts=replace(SCAN.facts, drawable=False))) == ()
    assert pages_due(replace(MIXED, facts=replace(MIXED.facts, seals=(), recognised=(2,)))) == (3,)


def test_pages_come_in_order_and_the_note_on_scans_gives_way() -> None:
    done = merged(
        MIXED, {WHOLE: Extraction(State.EMPTY, facts=Facts(seals=(4,))), 2: saw(2, "乙"), 3: saw(3, "丙", 3)}
    )
    assert [(one.text[:1], one.page, one.label) for one in done.passages] == [
        ("第", 1, ""), ("盖", 2, ""), ("乙", 2, RECOGNISED), ("丙", 3, RECOGNISED), ("第", 4, ""),
    ]  # fmt: skip
    assert done.reason == "第 5 页打不开；2 页的文字由 OCR 识别，可能有错字，以原件为准"
    assert (done.facts.seals, done.facts.recognised, pages_due(done)) == ((4,), (2, 3), ())
    assert merged(done, {2: saw(2, "别的")}) == done


def test_until_all_pages_are_seen_only_seals_are_told() -> None:
    assert merged(MIXED, {2: saw(2, "乙")}) == MIXED
    sealed = merged(MIXED, {WHOLE: Extraction(State.EMPTY, facts=Facts(seals=(1,))), 2: saw(2, "乙")})
    assert sealed == replace(MIXED, facts=replace(MIXED.facts, seals=(1,)))
    unseen = merged(MIXED, {WHOLE: failed("读取超过 30 秒")})
    assert unseen == MIXED


@pytest.mark.parametrize(
    ("looks", "state", "reason", "seals"),
    [
        (
            {1: saw(1, "甲", 1), 2: saw(2, "乙")},
            State.INDEXED,
            "2 页的文字由 OCR 识别，可能有错字，以原件为准",
            (1,),
        ),
        (
            {1: saw(1, ""), 2: saw(2, "乙", 2)},
            State.INDEXED,
            "1 页的文字由 OCR 识别，可能有错字，以原件为准",
            (2,),
        ),
        ({1: saw(1, ""), 2: saw(2, "")}, State.EMPTY, "图片里没有识别出文字", ()),
        ({1: failed("太大"), 2: saw(2, "")}, State.REFUSED, "1 页识别不了（第 1 页：太大）", None),
    ],
)
def test_a_scan_ends_as_its_pages_do(
    looks: dict[int, Extraction], state: State, reason: str, seals: tuple[int, ...] | None
) -> None:
    done = merged(SCAN, looks)
    assert (done.state, done.reason, done.facts.seals) == (state, reason, seals)
    assert bool(done.remedy) == (state is not State.INDEXED)
    assert done.facts.recognised == (1, 2)
