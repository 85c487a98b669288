"""The verb that joins a sealed, scanned or electronic copy to its document in the archive."""

from __future__ import annotations

from pathlib import Path

from dujian_docs.documents import DocumentNumber, entries
from dujian_docs.documents.copies import CopyPlan, apply_copy, copies_of, plan_copy
from dujian_docs.documents.draft_book import draft_called
from dujian_docs.documents.issue_lock import issue_lock
from dujian_docs.errors import InputInvalid, UsageInvalid
from dujian_docs.records import CopyForm, DocumentCopy, DocumentEntry, NumberState, Snapshot
from dujian_docs.workspace.place import Workspace


def plan_attach(office: Workspace, word: str, source: Path, form: CopyForm) -> CopyPlan:
    """What joining the file to the document of that number, or of that draft, would do.

    Raises:
        UsageInvalid: there is no such document.
        RecordConflict: its number is not in use.
        InputInvalid: the file cannot be taken.
    """
    with office.store.snapshot() as now:
        return plan_copy(now, _row(now, word), source, form)


def apply_attach(office: Workspace, plan: CopyPlan) -> DocumentCopy:
    """The copy stands beside its document.

    Raises:
        StorageFailed: the archive is not there, or the disk refused.
    """
    office.require_archive()
    with issue_lock(office.home):
        return apply_copy(plan, office.store, archive=office.archive, author=office.author, at=office.clock())


def copies(office: Workspace, number: DocumentNumber) -> tuple[DocumentCopy, ...]:
    """The copies of the document of that number."""
    with office.store.snapshot() as now:
        return copies_of(now, _row(now, str(number)))


def _row(now: Snapshot, word: str) -> DocumentEntry:
    """The row of that number, of that draft, or of what was issued last from that record."""
    made = [one for one in entries(now) if one.record == word.strip() and one.state is NumberState.USED]
    if made:
        return max(made, key=lambda one: (one.year, one.serial))
    if now.get("draft", word.strip()) is None and (number := _number(word)) is not None:
        key = f"{number.series}/{number.year}/{number.serial}"
    else:  # the code of a draft reads like a number too
        draft, _ = draft_called(now, word)
        key = draft.number
        if not key:
            raise UsageInvalid(f"{draft.code} 还没有印发", remedy="印发以后再附上盖章扫描件")
    found = now.get("document", key)
    if not isinstance(found, DocumentEntry):
        raise UsageInvalid(f"登记簿里没有 {word}", remedy="用 dujian register 看已有的文号")
    return found


def _number(word: str) -> DocumentNumber | None:
    try:
        return DocumentNumber.parse(word)
    except InputInvalid:
        return None
