"""The verbs that move a draft to its next step, back or to its end; one of the steps issues it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import date

from dujian_docs.documents import DocumentNumber, Issued, IssuePlan, number_of, plan_issue
from dujian_docs.documents.by_hand import withdraw_used
from dujian_docs.documents.copies import copies_of
from dujian_docs.documents.differences import count, differences
from dujian_docs.documents.draft_book import draft_called, draft_of, issued_of, keep, key_of
from dujian_docs.documents.issue_lock import issue_lock
from dujian_docs.documents.issuing import issue_locked
from dujian_docs.documents.life import (
    ENDS,
    RECALLED,
    Move,
    goes_back,
    issues,
    issuing_place,
    moved_on,
    place_of,
)
from dujian_docs.documents.pending import refuse_pending
from dujian_docs.documents.register import settle as settle_numbers
from dujian_docs.errors import ArchiveConflict, RecordConflict, UsageInvalid
from dujian_docs.publishing import confined
from dujian_docs.records import CopyForm, DocumentEntry, Draft, NumberState, RecordStore
from dujian_docs.workspace.drafting import paper_of, wanted_of
from dujian_docs.workspace.place import Report, Workspace

_SIGNED = "签发"


@dataclass(frozen=True, slots=True)
class MovePlan:
    """A move that is known to be open: the draft before and after, and the document that it will issue.

    ``recalls`` is the number that it will make void.
    """

    before: Draft
    version: int
    after: Draft
    issue: IssuePlan | None = None
    recalls: DocumentNumber | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moved:
    """A draft that was moved, and what was issued or made void by it."""

    draft: Draft
    issued: Issued | None = None
    recalled: DocumentNumber | None = None


def plan_draft_move(office: Workspace, word: str, move: Move, *, report: Report | None = None) -> MovePlan:
    """What moving the draft would do; nothing is written.

    Raises:
        UsageInvalid: there is no such draft or step.
        RecordConflict: the step is not open, or what was reviewed is not what would be issued.
        InputInvalid: something is still to be filled in, or a reason is missing.
    """
    with office.store.snapshot() as now:
        draft, version = draft_called(now, word)
        issued = issued_of(now, draft.code)
    after = moved_on(draft, move, author=office.author, at=office.clock())
    if issued is not None and not draft.number:
        return _told(draft, version, after, issued, move)
    if move.to in ENDS:
        return MovePlan(draft, version, after, recalls=_recalls(office, draft, move))
    if goes_back(draft, move):
        return MovePlan(draft, version, after)
    place = place_of(draft.life, draft.status) or 0
    if place >= issuing_place(draft.life):
        _require_whole(office, draft)
        return MovePlan(draft, version, after, notes=_no_copy(office, draft))
    notes: tuple[str, ...] = ()
    wanted = wanted_of(office, draft, report=report)
    paper = paper_of(office, draft, wanted=wanted)
    changed = count(differences(draft.paragraphs, paper.paragraphs))
    if place == 0:
        refuse_pending(wanted.genre.fields, paper.own)
        after = after.model_copy(update={"title": paper.title, "paragraphs": paper.paragraphs})
        if changed:
            notes = (f"来源记录在拟稿以后改过，文字有 {changed} 处不同，送出去的是现在的",)
    elif changed:
        raise RecordConflict(
            f"{draft.code} 的来源记录在“{draft.life[1].status}”以后改过，文字有 {changed} 处不同",
            remedy=f"用 dujian draft diff {draft.code} --now 看改了什么，再用 dujian draft return 退回重办",
        )
    if not issues(draft, move):
        return MovePlan(draft, version, after, notes=notes)
    issue = plan_issue(
        wanted.genre,
        draft.record,
        office.store,
        office=office.office,
        today=_signed(draft) or office.clock().date(),
        by_hand=wanted.typed,
        beside=wanted.beside,
        author=office.author,
        as_of=draft.day,
        printed=office.clock().date(),
    )
    return MovePlan(draft, version, after, replace(issue, draft=draft.code), notes=(*notes, *issue.notes))


def apply_draft_move(office: Workspace, plan: MovePlan) -> Moved:
    """The draft stands at its new step; what it issues is in the archive, what it recalls is void.

    Raises:
        RecordConflict: another clerk moved or changed the draft since; nothing was done.
        StorageFailed: the archive is not there; no number was spent.
    """
    at = office.clock()
    if plan.issue is not None:
        office.require_archive()
    with issue_lock(office.home):
        _require_version(office.store, plan)
        after, issued = plan.after, None
        if plan.issue is not None:
            settle_numbers(office.store, office.archive, author=office.author, at=at)
            with office.store.snapshot() as now:
                found = issued_of(now, after.code)
            if found is None:
                issued = issue_locked(
                    plan.issue, office.store, archive=office.archive, author=office.author, at=at
                )
                number = issued.number
            else:  # issued just before the power went; only the draft had not been told
                number = number_of(found)
                issued = Issued(number, found.path, found.sha256)
            after = after.model_copy(update={"number": f"{number.series}/{number.year}/{number.serial}"})
        if plan.recalls is not None and _is_used(office.store, plan.recalls):
            reason = after.steps[-1].note
            withdraw_used(office.store, plan.recalls, reason, author=office.author, at=at)
        keep(office.store, after, plan.version, author=office.author, at=at)
    return Moved(after, issued, plan.recalls)


def withdraw_number(office: Workspace, number: str, reason: str) -> DocumentEntry:
    """The issued number is void and says why; the file stays, and the draft that it came of says so too.

    Raises:
        InputInvalid: it is no document number, or no reason is given.
        UsageInvalid: the register has no such number.
        RecordConflict: it is not in use.
    """
    parsed = DocumentNumber.parse(number)
    at = office.clock()
    with issue_lock(office.home):
        entry = withdraw_used(office.store, parsed, reason, author=office.author, at=at)
        with office.store.snapshot() as now:
            draft = draft_of(now, entry)
            version = now.version_of("draft", draft.code) if draft else 0
        if draft is not None and draft.status not in ENDS:
            after = moved_on(draft, Move(RECALLED, note=reason), author=office.author, at=at)
            keep(office.store, after, version, author=office.author, at=at)
    return entry


def _told(draft: Draft, version: int, after: Draft, entry: DocumentEntry, move: Move) -> MovePlan:
    """The document was issued just before the power went; the draft is told, and nothing issued again.

    Raises:
        RecordConflict: the move is another than the one that was under way.
    """
    if not issues(draft, move):
        step = draft.life[issuing_place(draft.life)].status
        raise RecordConflict(
            f"{draft.code} 已经印发为 {number_of(entry)}，只是稿上还没有记",
            remedy=f"先补记：dujian draft move {draft.code} {step}",
        )
    told = after.model_copy(update={"number": key_of(entry)})
    return MovePlan(draft, version, told, notes=(f"上次中断前已经印发为 {number_of(entry)}，这里补记",))


def _signed(draft: Draft) -> date | None:
    """成文日期 is the day of signing, where the life of the document has such a step."""
    return next((one.at.date() for one in reversed(draft.steps) if one.status == _SIGNED), None)


def _recalls(office: Workspace, draft: Draft, move: Move) -> DocumentNumber | None:
    if move.to != RECALLED:
        return None
    return number_of(_row(office.store, draft))


def _row(store: RecordStore, draft: Draft) -> DocumentEntry:
    found = store.get("document", draft.number)
    if not isinstance(found, DocumentEntry):
        raise UsageInvalid(f"{draft.code} 还没有印发", remedy="用 dujian draft show 看办到哪一步")
    return found


def _is_used(store: RecordStore, number: DocumentNumber) -> bool:
    found = store.get("document", f"{number.series}/{number.year}/{number.serial}")
    return isinstance(found, DocumentEntry) and found.state is NumberState.USED


def _require_whole(office: Workspace, draft: Draft) -> None:
    """The issued file stands in the archive as it was issued.

    Raises:
        RecordConflict: it is gone or was edited.
        StorageFailed: the archive is not there.
    """
    office.require_archive()
    entry = _row(office.store, draft)
    try:
        path = confined(office.archive, entry.path)
        whole = path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == entry.sha256
    except (ArchiveConflict, OSError):
        whole = False
    if not whole:
        raise RecordConflict(
            f"{number_of(entry)} 的文件不在原处，或签发以后改过",
            remedy=f"用 dujian trace {number_of(entry)} 看改了什么，放回原件再办",
        )


def _no_copy(office: Workspace, draft: Draft) -> tuple[str, ...]:
    """A reminder where no sealed copy has joined the document yet."""
    entry = _row(office.store, draft)
    with office.store.snapshot() as now:
        sealed = any(one.form is CopyForm.SEALED for one in copies_of(now, entry))
    if sealed or not office.office.sealed:
        return ()
    return (f"还没有附盖章扫描件；扫描好以后用 dujian attach {number_of(entry)} 文件 附上",)


def _require_version(store: RecordStore, plan: MovePlan) -> None:
    history = store.history("draft", plan.before.code)
    latest = history[-1]
    if latest.version != plan.version:
        status = latest.body.get("status", "")
        raise RecordConflict(
            f"{plan.before.code} 刚被{latest.author}在 {latest.at.astimezone():%Y-%m-%d %H:%M} 改过，"
            f"现在是“{status}”",
            remedy="用 dujian draft show 看最新的情况，再决定要不要办",
        )
