"""The life of a document as a machine: what holds whatever the steps and whoever takes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dujian_docs.documents.genre_plan import GenrePlan
from dujian_docs.documents.life import (
    DEFAULT_LIFE,
    ENDS,
    RECALLED,
    WITHDRAWN,
    Move,
    issuing_place,
    moved_on,
    open_moves,
    place_of,
    require_editable,
    sound_life,
)
from dujian_docs.errors import DujianError, InputInvalid, RecordConflict, UsageInvalid
from dujian_docs.records import Draft, DraftStep, LifeStep

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
REPORT = (
    "初稿",
    "审定",
    "审议",
    {"status": "公示", "days": 5},
    {"status": "上报", "by": "县政府", "issues": True},
)


def draft_of(life: Sequence[LifeStep], at: datetime = AT) -> Draft:
    return Draft(
        code="稿2026-001",
        genre="通知",
        day=date(2026, 3, 2),
        life=tuple(life),
        status=life[0].status,
        steps=(DraftStep(status=life[0].status, at=at, author="李静"),),
    )


def go(draft: Draft, *stops: str, at: datetime = AT) -> Draft:
    for stop in stops:
        draft = moved_on(draft, Move(stop, note="原因"), author="李静", at=at)
    return draft


def tried(draft: Draft, move: Move) -> Draft | None:
    """The draft after the move; None when it was refused."""
    try:
        return moved_on(draft, move, author="甲", at=AT)
    except DujianError:
        return None


@st.composite
def lives(draw: st.DrawFn) -> tuple[LifeStep, ...]:
    names = draw(
        st.lists(st.text("甲乙丙丁戊己", min_size=1, max_size=3), min_size=2, max_size=6, unique=True)
    )
    issuing = draw(st.integers(1, len(names) - 1))
    return sound_life([LifeStep(status=name, issues=at == issuing) for at, name in enumerate(names)])


@given(lives(), st.lists(st.integers(0, 9), max_size=12), st.booleans())
def test_whatever_is_tried_only_open_moves_are_taken(
    life: tuple[LifeStep, ...], tries: list[int], reasons: bool
) -> None:
    """Every state is one of the life's or an end; what is refused changes nothing; every step is told."""
    draft = draft_of(life)
    words = [*(step.status for step in life), WITHDRAWN, RECALLED, "没有这一步"]
    for one in tries:
        to = words[one % len(words)]
        offered = open_moves(life, draft.status)
        after = tried(draft, Move(to, note="原因" if reasons else ""))
        if after is None:
            assert to not in offered or not reasons
            continue
        assert to in offered
        assert after.status == after.steps[-1].status == to
        assert after.steps[:-1] == draft.steps
        draft = after
    assert (draft.status in ENDS) is (open_moves(life, draft.status) == ())


@given(lives())
def test_every_step_is_reached_in_order_and_issued_once(life: tuple[LifeStep, ...]) -> None:
    draft = draft_of(life)
    passed = [draft.status]
    while place_of(life, draft.status) != len(life) - 1:
        draft = go(draft, open_moves(life, draft.status)[0])
        passed.append(draft.status)
    assert passed == [step.status for step in life]
    assert sum(step.issues for step in life) == 1


@given(lives())
def test_before_issuing_it_ends_as_a_draft_and_after_as_a_document(life: tuple[LifeStep, ...]) -> None:
    """What was issued never goes back to be written again, and never ends as if it had not been issued."""
    for at, step in enumerate(life):
        offered = open_moves(life, step.status)
        assert (WITHDRAWN in offered) is (at < issuing_place(life))
        assert (RECALLED in offered) is (at >= issuing_place(life))
        assert (life[0].status in offered) is (0 < at < issuing_place(life))


def test_the_usual_life() -> None:
    assert [step.status for step in DEFAULT_LIFE] == ["草稿", "审核", "签发", "印发", "归档"]
    draft = go(draft_of(DEFAULT_LIFE), "审核", "草稿", "审核", "签发", "印发", "归档", RECALLED)
    assert [step.status for step in draft.steps][-2:] == ["归档", "撤回"]
    with pytest.raises(RecordConflict, match="不能到"):
        go(draft, "草稿")


@pytest.mark.parametrize(
    ("stops", "to", "kind", "told"),
    [
        ((), "签发", RecordConflict, "现在是“草稿”，不能到“签发”"),
        (("审核",), "审核", RecordConflict, "已经是“审核”：李静在"),
        (("审核", "签发", "印发"), "草稿", RecordConflict, "不能到“草稿”"),
        (("审核",), "会签", UsageInvalid, "没有“会签”"),
    ],
)
def test_a_closed_step_is_refused_with_what_is_open(
    stops: tuple[str, ...], to: str, kind: type[DujianError], told: str
) -> None:
    with pytest.raises(kind) as caught:
        go(go(draft_of(DEFAULT_LIFE), *stops), to)
    assert told in caught.value.problem
    assert "流程" in caught.value.remedy or "dujian draft show" in caught.value.remedy


def test_going_back_and_ending_want_a_reason() -> None:
    reviewed = go(draft_of(DEFAULT_LIFE), "审核")
    for to in ("草稿", WITHDRAWN):
        with pytest.raises(InputInvalid, match="没有写原因"):
            moved_on(reviewed, Move(to, note=" "), author="李静", at=AT)


def test_only_the_first_step_is_for_writing() -> None:
    draft = draft_of(DEFAULT_LIFE)
    require_editable(draft)
    with pytest.raises(RecordConflict) as caught:
        require_editable(go(draft, "审核"))
    assert "退回“草稿”" in caught.value.remedy
    with pytest.raises(RecordConflict) as caught:
        require_editable(go(draft, "审核", "签发", "印发"))
    assert "--again" in caught.value.remedy


def test_a_report_is_on_show_for_five_days_before_it_goes_up() -> None:
    """初稿→审定→审议→公示→上报 as a genre.toml declares it."""
    life = GenrePlan.model_validate({"title": "自评报告", "life": REPORT}).life
    assert [step.status for step in life] == ["初稿", "审定", "审议", "公示", "上报"]
    draft = go(draft_of(life), "审定", "审议", "公示")
    with pytest.raises(RecordConflict, match="要满 5 天") as caught:
        go(draft, "上报", at=AT + timedelta(days=4))
    assert "2026-03-07" in caught.value.remedy
    assert go(draft, "上报", at=AT + timedelta(days=5)).status == "上报"
    assert go(draft, "初稿").status == "初稿"


@pytest.mark.parametrize(
    "life",
    [
        ["草稿"],
        ["草稿", "草稿"],
        ["草稿", "撤稿"],
        [{"status": "草稿", "issues": True}, "印发"],
        [{"status": "草稿"}, {"status": "甲", "issues": True}, {"status": "乙", "issues": True}],
        [{"status": "草稿", "dais": 3}, "印发"],
        "草稿",
    ],
)
def test_a_life_that_leads_nowhere_is_no_life(life: object) -> None:
    with pytest.raises(ValueError):
        GenrePlan.model_validate({"title": "通知", "life": life})


def test_the_step_that_issues_is_found_by_itself() -> None:
    for words, issuing in ((["稿", "印发", "归档"], "印发"), (["初稿", "审定", "上报"], "上报")):
        life = GenrePlan.model_validate({"title": "通知", "life": words}).life
        assert life[issuing_place(life)].status == issuing
