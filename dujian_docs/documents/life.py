"""The life of a document: 草稿 → 审核 → 签发 → 印发 → 归档, or the steps that its genre declares. Pure.

From every step the next is open; until the step that issues, also the way back to the first and the end 撤稿,
from it on the end 撤回. What a person writes, they write in the first step only: what was reviewed is what is
issued.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dujian_docs.errors import InputInvalid, RecordConflict, UsageInvalid
from dujian_docs.records import Draft, DraftStep, LifeStep

WITHDRAWN = "撤稿"
"""The end of a draft that was never issued."""
RECALLED = "撤回"
"""The end of a document that was issued: its number is void, its file stays."""
ENDS = frozenset({WITHDRAWN, RECALLED})
ISSUING = "印发"
DEFAULT_LIFE = (
    LifeStep(status="草稿"),
    LifeStep(status="审核"),
    LifeStep(status="签发"),
    LifeStep(status=ISSUING, issues=True),
    LifeStep(status="归档"),
)


@dataclass(frozen=True, slots=True)
class Move:
    """Where a draft is to go: by whose decision, and why."""

    to: str
    by: str = ""
    note: str = ""


def sound_life(steps: Sequence[LifeStep]) -> tuple[LifeStep, ...]:
    """The steps with one that issues: the one that says so, else 印发, else the last.

    Raises:
        ValueError: there are fewer than two, two of one name or of the name of an end, more than one issues,
            or the first does.
    """
    names = [step.status for step in steps]
    if len(names) < 2 or len(set(names)) < len(names) or ENDS & set(names):
        raise ValueError("a life has at least two steps of different names")
    issuing = [at for at, step in enumerate(steps) if step.issues]
    at = issuing[0] if issuing else names.index(ISSUING) if ISSUING in names else len(names) - 1
    if len(issuing) > 1 or at == 0:
        raise ValueError("one step issues, and not the first")
    return tuple(step.model_copy(update={"issues": place == at}) for place, step in enumerate(steps))


def open_moves(life: Sequence[LifeStep], status: str) -> tuple[str, ...]:
    """Where a document may go from ``status``: the next step first."""
    at = place_of(life, status)
    if at is None:
        return ()
    onward = [life[at + 1].status] if at + 1 < len(life) else []
    if at >= issuing_place(life):
        return (*onward, RECALLED)
    return (*onward, *([life[0].status] if at else []), WITHDRAWN)


def is_done(draft: Draft) -> bool:
    """Whether the draft is at its last step or at an end."""
    return draft.status in ENDS or draft.status == draft.life[-1].status


def place_of(life: Sequence[LifeStep], status: str) -> int | None:
    """The place of the step, counted from 0; None at an end."""
    return next((at for at, step in enumerate(life) if step.status == status), None)


def issuing_place(life: Sequence[LifeStep]) -> int:
    """The place of the step that issues."""
    return next(at for at, step in enumerate(life) if step.issues)


def issues(draft: Draft, move: Move) -> bool:
    """Whether the move is the one that issues."""
    return any(step.issues and step.status == move.to for step in draft.life)


def goes_back(draft: Draft, move: Move) -> bool:
    """Whether the move leads to the first step."""
    return move.to == draft.life[0].status


def moved_on(draft: Draft, move: Move, *, author: str, at: datetime) -> Draft:
    """The draft after the move, with who took it and when.

    Raises:
        UsageInvalid: its life has no such step.
        RecordConflict: the step is not open from where the draft is, or it has to stay there for longer.
        InputInvalid: it goes back or ends, and nothing says why.
    """
    words = [step.status for step in draft.life]
    if move.to not in {*words, *ENDS}:
        raise UsageInvalid(f"{draft.code} 的流程里没有“{move.to}”", remedy=f"它的流程：{' → '.join(words)}")
    last = draft.steps[-1] if draft.steps else None
    if move.to == draft.status and last:
        raise RecordConflict(
            f"{draft.code} 已经是“{move.to}”：{last.author}在 {_moment(last.at)} 办的",
            remedy="用 dujian draft show 看办到哪一步，不用再办",
        )
    offered = open_moves(draft.life, draft.status)
    if move.to not in offered:
        raise RecordConflict(
            f"{draft.code} 现在是“{draft.status}”，不能到“{move.to}”", remedy=_offer(draft, offered)
        )
    if move.to in {*ENDS, words[0]} and not move.note.strip():
        raise InputInvalid(f"把 {draft.code} 改成“{move.to}”没有写原因", remedy="用 --reason 写明原因")
    if move.to not in {*ENDS, words[0]}:
        _require_days(draft, at.date())
    step = DraftStep(status=move.to, at=at, author=author, by=move.by.strip(), note=move.note.strip())
    return draft.model_copy(update={"status": move.to, "steps": (*draft.steps, step)})


def require_editable(draft: Draft) -> None:
    """The draft is where its content may be changed.

    Raises:
        RecordConflict: it has left the first step.
    """
    first = draft.life[0].status
    if draft.status != first:
        back = first in open_moves(draft.life, draft.status)
        raise RecordConflict(
            f"{draft.code} 现在是“{draft.status}”，内容不能再改",
            remedy=f"先用 dujian draft return 退回“{first}”，改后重新送"
            if back
            else "另拟一份：dujian draft new --again 文号",
        )


def _require_days(draft: Draft, today: date) -> None:
    """A step that lasts some days is not left before."""
    here = next(step for step in draft.life if step.status == draft.status)
    entered = next((one.at.date() for one in reversed(draft.steps) if one.status == draft.status), None)
    if entered is not None and today < (until := entered + timedelta(days=here.days)):
        raise RecordConflict(
            f"{draft.code} 的“{here.status}”要满 {here.days} 天，从 {entered} 起",
            remedy=f"到 {until} 再办；要撤下来可以退回或撤稿",
        )


def _offer(draft: Draft, offered: Sequence[str]) -> str:
    if not offered:
        return "这份稿已经办结，需要时另拟一份"
    return f"从这里可以到：{'、'.join(offered)}；流程：{' → '.join(step.status for step in draft.life)}"


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M}"
