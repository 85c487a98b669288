"""The verbs over drafts: begin one, look at it, change it, compare its versions, print it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dujian_docs.documents import Difference, DocumentNumber, Genre, genre_of
from dujian_docs.documents.differences import differences
from dujian_docs.documents.draft_book import draft_called, drafts, keep, next_code, text_at
from dujian_docs.documents.drafting import Drafted, Wanted, drafted
from dujian_docs.documents.issue_lock import issue_lock
from dujian_docs.documents.issuing import by_field
from dujian_docs.documents.life import is_done, open_moves, require_editable
from dujian_docs.documents.pending import TO_COME, leftovers
from dujian_docs.errors import InputInvalid, UsageInvalid
from dujian_docs.publishing import publish
from dujian_docs.records import (
    FOR_THE_OFFICE,
    Draft,
    DraftStep,
    IssuedDocument,
    Snapshot,
    TypedValue,
    Version,
    is_secret,
)
from dujian_docs.workspace.issuing import beside_of
from dujian_docs.workspace.place import Report, Workspace


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as it stands, its version, where it may go, and what of it is still to be filled in."""

    draft: Draft
    version: int
    moves: tuple[str, ...]
    pending: tuple[str, ...]
    history: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class DraftDiff:
    """What differs between two versions of a draft; ``after`` 0 is what would be printed now."""

    code: str
    before: int
    after: int
    groups: tuple[tuple[Difference, ...], ...]


def new_draft(
    office: Workspace,
    genre: str,
    *,
    record: str = "",
    unit: str = "",
    code: str = "",
    again: str = "",
    by_hand: Mapping[str, str] | None = None,
    report: Report | None = None,
) -> DraftView:
    """A draft is begun and stored; what is missing stands in it as 【待填：…】, and no number is spent.

    Args:
        office: the workspace.
        genre: the genre's title or another name; may be empty with ``again``.
        record: what it is made from.
        unit: for a chasing notice, whom it goes to.
        code: for a chasing notice, of which filing list.
        again: the number of an issued document that is to be made once more.
        by_hand: values typed in, by label.
        report: told how far the check behind a chasing notice is.

    Raises:
        UsageInvalid: there is no such genre, record kind, number or field.
        InputInvalid: there is no such record, or it may not become this document.
    """
    former = _former(office, again) if again else None
    found = genre_of(genre or (former.genre if former else ""), office.template_roots)
    typed = {one.label: one.text for one in former.typed} if former else {}
    typed |= _labelled(found, by_hand or {})
    record = record or (former.record if former else "")
    record, beside = beside_of(office, found, record=record, unit=unit, code=code, report=report)
    at = office.clock()
    wanted = Wanted(found, record, typed, at.date(), beside)
    paper = drafted(wanted, office.store, office=office.office, author=office.author)
    number = str(DocumentNumber(former.series, former.year, former.serial)) if former else ""
    with issue_lock(office.home), office.store.transaction() as now:
        draft = Draft(
            code=next_code(now, at.year),
            genre=found.title,
            title=paper.title,
            record=paper.source,
            unit=unit,
            filing_list=code,
            typed=_kept(typed),
            day=at.date(),
            life=found.life,
            status=found.life[0].status,
            steps=(DraftStep(status=found.life[0].status, at=at, author=office.author),),
            replaces=number,
            paragraphs=paper.paragraphs,
        )
        now.put(draft, author=office.author, at=at, expected=0)
    return draft_view(office, draft.code, internal=True)


def edit_draft(
    office: Workspace, word: str, by_hand: Mapping[str, str], *, report: Report | None = None
) -> DraftView:
    """The draft says what was typed, and what its records say now; an empty text takes its field back.

    Raises:
        RecordConflict: it has left the first step, or another clerk changed it meanwhile.
        UsageInvalid: there is no such draft or field.
    """
    with office.store.snapshot() as now:
        draft, version = draft_called(now, word)
    require_editable(draft)
    genre = genre_of(draft.genre, office.template_roots)
    typed = {one.label: one.text for one in draft.typed} | _labelled(genre, by_hand)
    at = office.clock()
    after = draft.model_copy(update={"typed": _kept(typed), "day": at.date()})
    paper = paper_of(office, after, report=report)
    after = after.model_copy(update={"title": paper.title, "paragraphs": paper.paragraphs})
    with issue_lock(office.home):
        keep(office.store, after, version, author=office.author, at=at)
    return draft_view(office, draft.code, internal=True)


def list_drafts(
    office: Workspace, *, every: bool = False, internal: bool = False
) -> tuple[tuple[Draft, ...], int]:
    """The drafts that are not done with, or all; and how many confidential ones were held back."""
    with office.store.snapshot() as now:
        wanted = [one for one in drafts(now) if every or not is_done(one)]
        told = tuple(one for one in wanted if internal or not is_secret(now, one.record))
    return told, len(wanted) - len(told)


def draft_view(office: Workspace, word: str, *, internal: bool = False) -> DraftView:
    """The draft, how it came to where it is, and where it may go.

    Raises:
        UsageInvalid: there is no such draft, or it is confidential and this not for the office.
    """
    with office.store.snapshot() as now:
        draft, version = draft_called(now, word)
        _refuse_secret(now, draft, internal=internal)
        history = now.history("draft", draft.code)
    pending = leftovers_of(draft)
    return DraftView(draft, version, open_moves(draft.life, draft.status), pending, history)


def draft_diff(
    office: Workspace,
    word: str,
    *,
    before: int | None = None,
    after: int | None = None,
    as_now: bool = False,
    internal: bool = False,
    report: Report | None = None,
) -> DraftDiff:
    """What differs between two versions of the draft's text.

    Without numbers: between the latest version and the one before it whose text was another. With ``as_now``:
    between the latest version and what the records would give now.

    Raises:
        UsageInvalid: there is no such draft, or it is confidential and this not for the office.
        InputInvalid: it has no such version.
    """
    view = draft_view(office, word, internal=internal)
    last = after if after is not None else view.version
    text = text_at(view.history, last)
    if as_now:
        paper = paper_of(office, view.draft, report=report)
        return DraftDiff(view.draft.code, last, 0, differences(text, paper.paragraphs))
    if before is None:
        others = [one.version for one in view.history if one.version < last]
        changed = [number for number in others if text_at(view.history, number) != text]
        before = max(changed, default=min(others, default=last))
    former = text_at(view.history, before)
    return DraftDiff(view.draft.code, before, last, differences(former, text))


def print_draft(
    office: Workspace, word: str, target: Path, *, internal: bool = False, report: Report | None = None
) -> tuple[Path, bool]:
    """The draft stands as a .docx at the returned path; and whether its records have changed since.

    Raises:
        UsageInvalid: there is no such draft, or it is confidential and this not for the office.
        StorageFailed: the disk refused.
    """
    view = draft_view(office, word, internal=internal)
    paper = paper_of(office, view.draft, report=report)
    return publish(paper.content, target), paper.paragraphs != view.draft.paragraphs


def paper_of(
    office: Workspace, draft: Draft, *, wanted: Wanted | None = None, report: Report | None = None
) -> Drafted:
    """The draft as its records would have it printed now."""
    wanted = wanted or wanted_of(office, draft, report=report)
    return drafted(wanted, office.store, office=office.office, author=office.author)


def wanted_of(office: Workspace, draft: Draft, *, report: Report | None = None) -> Wanted:
    """What a stored draft is made from."""
    genre = genre_of(draft.genre, office.template_roots)
    _, beside = beside_of(
        office, genre, record=draft.record, unit=draft.unit, code=draft.filing_list, report=report
    )
    typed = {one.label: one.text for one in draft.typed}
    return Wanted(genre, draft.record, typed, draft.day, beside)


def leftovers_of(draft: Draft) -> tuple[str, ...]:
    """What is still to be filled in, as the draft's text shows it."""
    return tuple(mark for mark in leftovers(draft.paragraphs) if mark not in TO_COME)


def _former(office: Workspace, again: str) -> IssuedDocument:
    number = DocumentNumber.parse(again)
    found = office.store.get("issued_document", f"{number.series}/{number.year}/{number.serial}")
    if not isinstance(found, IssuedDocument):
        raise InputInvalid(
            f"{number} 不是由记录生成的，没法照着再拟", remedy="用 dujian draft new 文种 另拟一份"
        )
    return found


def _labelled(genre: Genre, given: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by the labels of the fields."""
    labels = {entry.name: entry.label for entry in genre.fields}
    return {labels[name]: text.strip() for name, text in by_field(genre, given).items()}


def _kept(typed: Mapping[str, str]) -> Sequence[TypedValue]:
    return tuple(TypedValue(label=label, text=text) for label, text in typed.items() if text)


def _refuse_secret(now: Snapshot, draft: Draft, *, internal: bool) -> None:
    if not internal and is_secret(now, draft.record):
        raise UsageInvalid("这份稿由保密记录生成，不往外给", remedy=FOR_THE_OFFICE)
