"""Issuing (签发): everything is validated and tried before a number is spent; then the number goes one way.

``plan_issue`` reads records and templates and writes nothing. ``apply_issue`` holds the lock ``issue.lock``
from before the number is reserved until it is used or void, so that a reserved row met under the lock can
only be what a dead process left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from datetime import time as clock_time
from functools import partial
from pathlib import Path

from dujian_docs.documents import register
from dujian_docs.documents.beside import NOTHING, Beside
from dujian_docs.documents.conditions import require_any
from dujian_docs.documents.contexts import office_values
from dujian_docs.documents.docx_text import paragraphs_of
from dujian_docs.documents.fields import Context, Origin, Source, checked
from dujian_docs.documents.gathering import Asked, reference, values_of
from dujian_docs.documents.genres import Genre
from dujian_docs.documents.issue_lock import issue_lock
from dujian_docs.documents.keeping import values_kept
from dujian_docs.documents.numbers import DocumentNumber
from dujian_docs.documents.office import Office
from dujian_docs.documents.pending import refuse_pending
from dujian_docs.documents.reading import Reader
from dujian_docs.documents.rendering import render
from dujian_docs.errors import DujianError, UsageInvalid
from dujian_docs.naming import safe_component
from dujian_docs.publishing import confined, publish
from dujian_docs.records import (
    DocumentEntry,
    IssuedDocument,
    NumberState,
    RecordStore,
    TypedValue,
    kind_of,
)
from dujian_docs.wording import chinese_date


@dataclass(frozen=True, slots=True)
class IssuePlan:
    """A document that can be issued: what will be printed, and the number and place it will probably get.

    ``draft`` is the draft that it comes from, if any.

    ``notes`` are Chinese sentences a person should read before confirming; ``typed`` is what was filled in by
    hand, by field name.
    """

    genre: Genre
    record: str
    values: Context
    origins: Mapping[str, tuple[Origin, ...]]
    series: str
    first_serial: int
    on: date
    number: DocumentNumber
    path: str
    notes: tuple[str, ...]
    typed: Mapping[str, str] = field(default_factory=dict)
    draft: str = ""

    @property
    def title(self) -> str:
        """The document's title."""
        return str(self.values["title"])

    def rows(self) -> tuple[tuple[str, str], ...]:
        """Every printed text with its label, in the genre's order, for showing before confirming."""
        shown = [("归档位置", self.path)]
        for entry in self.genre.fields:
            value = (
                self.genre.number_text(self.number)
                if entry.name == "number"
                else self.values.get(entry.name, entry.empty)
            )
            if isinstance(value, str):
                shown.append((entry.label, value))
            elif isinstance(value, bool):
                shown.append((entry.label, "是" if value else "否"))
            else:
                shown.append((entry.label, f"{len(value)} 项"))
        return tuple(shown)


@dataclass(frozen=True, slots=True)
class Issued:
    """An issued document: number, path relative to the archive, hash, and what was settled before it."""

    number: DocumentNumber
    path: str
    sha256: str
    settled: tuple[DocumentEntry, ...] = ()


def plan_issue(
    genre: Genre,
    record: str,
    store: RecordStore,
    *,
    office: Office,
    today: date,
    by_hand: Mapping[str, str] | None = None,
    beside: Beside = NOTHING,
    cc: str | None = None,
    author: str = "",
    as_of: date | None = None,
    printed: date | None = None,
) -> IssuePlan:
    """A document that is known to come out whole: it was rendered once with its probable number.

    Args:
        genre: what kind of document.
        record: ``督导活动/DD2026-03`` or a key alone.
        store: read only.
        office: from the settings.
        today: 成文日期; its calendar year is the number's.
        by_hand: values of fields whose source is 手填, by label or name.
        beside: what checks and evaluations came to, for the genres that tell of it.
        cc: 抄送 of this document instead of the office's usual one.
        author: who typed what is typed by hand.
        as_of: the day from which the content counts its days; ``today`` when none is given.
        printed: 印发日期; ``today`` when none is given.

    Raises:
        InputInvalid: something is missing or unfit; every missing field is named with where to fill it in.
        UsageInvalid: the record is of another kind, or ``by_hand`` names no such field.
        TemplateInvalid: the template loses something.
    """
    with store.snapshot() as now:
        return planned(
            genre,
            record,
            Reader(now),
            register.entries(now),
            office=office,
            today=today,
            by_hand=by_hand,
            beside=beside,
            cc=cc,
            author=author,
            as_of=as_of,
            printed=printed,
        )


def planned(
    genre: Genre,
    record: str,
    reader: Reader,
    rows: Sequence[DocumentEntry],
    *,
    office: Office,
    today: date,
    by_hand: Mapping[str, str] | None = None,
    beside: Beside = NOTHING,
    cc: str | None = None,
    author: str = "",
    as_of: date | None = None,
    printed: date | None = None,
    ahead: int = 0,
) -> IssuePlan:
    """As ``plan_issue``, of a state that is already read; ``rows`` is the register in that state.

    ``ahead`` documents of the series are planned to go out before this one.
    """
    frame = {
        **office_values(office, today, office.cc if cc is None else cc, genre.layout),
        "print_date": chinese_date(printed or today),
    }
    asked = Asked(
        reference(genre, record)[1],
        by_field(genre, by_hand or {}),
        as_of or today,
        beside,
    )
    found = values_of(genre, asked, reader, frame=frame, office=office.name, author=author)
    values = found.values
    series = genre.series_for(office.series)
    source = source_of(genre, record)
    free = register.next_number(rows, series, today.year, first_serial=office.first_serial)
    number = replace(free, serial=free.serial + ahead)
    checked(genre.fields, {**values, "number": genre.number_text(number)})
    refuse_pending(genre.fields, values)
    require_any(genre, values)
    plan = IssuePlan(
        genre=genre,
        record=source,
        values=values,
        series=series,
        first_serial=office.first_serial,
        on=today,
        number=number,
        path=_path(genre, number, str(values["title"]), source),
        origins=found.origins,
        typed=asked.typed,
        notes=_notes(rows, source, genre),
    )
    _rendered(plan, number)
    return plan


def apply_issue(
    plan: IssuePlan, store: RecordStore, *, archive: Path, home: Path, author: str, at: datetime
) -> Issued:
    """The document stands in the archive under a number of its own, and the register says so.

    Args:
        plan: from ``plan_issue``; the number it shows may have been taken meanwhile, then the next one is.
        store: the records.
        archive: the archive's root.
        home: the workspace's ``.dujian``, for the lock.
        author: who issues.
        at: when, with a time zone.

    Raises:
        StorageFailed: the disk refused; the number is void with the reason, and no file is left.
        DujianError: another process held the lock for too long; nothing was reserved.
    """
    with issue_lock(home):
        return issue_locked(plan, store, archive=archive, author=author, at=at)


def issue_locked(plan: IssuePlan, store: RecordStore, *, archive: Path, author: str, at: datetime) -> Issued:
    """As ``apply_issue``, for a caller that holds the issue lock."""
    settled = register.settle(store, archive, author=author, at=at)
    (issued,) = issue_together([plan], store, archive=archive, author=author, at=at)
    return replace(issued, settled=settled)


def issue_together(
    plans: Sequence[IssuePlan], store: RecordStore, *, archive: Path, author: str, at: datetime
) -> tuple[Issued, ...]:
    """Documents of one series and year under numbers in a row; the caller holds the issue lock.

    Each step is one transaction for all of them: numbers reserved, contents noted, then, once the files stand
    in the archive, numbers used. Whenever it ends before that, a file that stands there has its number and
    the others' are void.

    Raises:
        StorageFailed: the disk refused; the numbers without a file are void with the reason.
    """
    first = plans[0]
    rows = register.reserve(
        store,
        [partial(_entry, plan) for plan in plans],
        series=first.series,
        year=first.on.year,
        first_serial=first.first_serial,
        author=author,
        at=at,
    )
    try:
        contents = [_rendered(plan, register.number_of(row)) for plan, row in zip(plans, rows, strict=True)]
        hashes = [hashlib.sha256(content).hexdigest() for content in contents]
        noted = register.note_contents(
            store,
            [
                (row, issued_document(plan, row, sha256, content))
                for plan, row, sha256, content in zip(plans, rows, hashes, contents, strict=True)
            ],
            author=author,
            at=at,
        )
        placed = [
            publish(content, confined(archive, row.path))
            for content, row in zip(contents, noted, strict=True)
        ]
        paths = [path.relative_to(archive.resolve()).as_posix() for path in placed]
        register.mark_all_used(store, list(zip(noted, paths, strict=True)), author=author, at=at)
    except BaseException as error:
        for row in rows:
            _give_up(store, archive, row, error, author=author, at=at)
        raise
    return tuple(
        Issued(register.number_of(row), path, sha256)
        for row, path, sha256 in zip(noted, paths, hashes, strict=True)
    )


def settle_leftovers(
    store: RecordStore, *, archive: Path, home: Path, author: str, at: datetime
) -> tuple[DocumentEntry, ...]:
    """What killed processes left reserved is used or void now; returns those rows."""
    with issue_lock(home):
        return register.settle(store, archive, author=author, at=at)


def _notes(rows: Sequence[DocumentEntry], record: str, genre: Genre) -> tuple[str, ...]:
    earlier = [
        str(register.number_of(row))
        for row in rows
        if row.state is NumberState.USED and (row.record, row.genre) == (record, genre.title)
    ]
    if not earlier:
        return ()
    return (f"{record} 已经发过{genre.title}：{'、'.join(earlier)}，再签发会另编一个文号",)


def source_of(genre: Genre, record: str) -> str:
    """The record that a document is made from, as the register names it: ``督导活动/DD2026-03``."""
    kind, key = reference(genre, record)
    return f"{kind_of(kind).title}/{key}" if kind else ""


def by_field(genre: Genre, given: Mapping[str, str]) -> dict[str, str]:
    """What is typed by hand, by the names of the fields instead of their labels.

    Raises:
        UsageInvalid: there is no such field, or it is not for people to fill in.
    """
    open_fields = [field for field in genre.fields if field.source in {Source.BY_HAND, Source.PHRASE}]
    names = {word: field.name for field in open_fields for word in (field.name, field.label)}
    unknown = [word for word in given if word not in names]
    if unknown:
        listed = "、".join(field.label for field in open_fields) or "（没有）"
        raise UsageInvalid(f"“{unknown[0]}”不是可以手填的项", remedy=f"{genre.title}可以手填的有：{listed}")
    return {names[word]: text for word, text in given.items()}


def _rendered(plan: IssuePlan, number: DocumentNumber) -> bytes:
    return render(
        plan.genre.template,
        {**plan.values, "number": plan.genre.number_text(number)},
        at=datetime.combine(plan.on, clock_time(), tzinfo=None),
    )


def _path(genre: Genre, number: DocumentNumber, title: str, record: str) -> str:
    """Where the document goes, relative to the archive; every part is a safe name."""
    parts = {"number": str(number), "title": title, "year": str(number.year), "series": number.series}
    parts["serial"] = str(number.serial)
    parts["record"] = record.partition("/")[2]
    name = genre.file_name
    folders = genre.archive
    for word, text in parts.items():
        name = name.replace(f"{{{word}}}", text)
        folders = folders.replace(f"{{{word}}}", safe_component(text))
    safe = [safe_component(folder) for folder in folders.split("/") if folder]
    return "/".join([*safe, f"{safe_component(name)}.docx"])


def issued_document(plan: IssuePlan, entry: DocumentEntry, sha256: str, content: bytes) -> IssuedDocument:
    """What is kept of the document that is about to be published under the number of ``entry``."""
    number = register.number_of(entry)
    labels = {one.name: one.label for one in plan.genre.fields}
    return IssuedDocument(
        series=entry.series,
        year=entry.year,
        serial=entry.serial,
        genre=plan.genre.title,
        title=plan.title,
        record=plan.record,
        doc_date=plan.on,
        path=entry.path,
        sha256=sha256,
        draft=plan.draft,
        typed=tuple(TypedValue(label=labels[name], text=text) for name, text in plan.typed.items()),
        values=values_kept(plan, number),
        paragraphs=paragraphs_of(content),
    )


def _entry(plan: IssuePlan, number: DocumentNumber) -> DocumentEntry:
    return DocumentEntry(
        series=number.series,
        year=number.year,
        serial=number.serial,
        state=NumberState.RESERVED,
        genre=plan.genre.title,
        title=plan.title,
        doc_date=plan.on,
        record=plan.record,
        path=_path(plan.genre, number, plan.title, plan.record),
    )


def _give_up(
    store: RecordStore,
    archive: Path,
    entry: DocumentEntry,
    error: BaseException,
    *,
    author: str,
    at: datetime,
) -> None:
    """The number is closed if the disk allows; if not, the next issue settles it."""
    reason = error.problem if isinstance(error, DujianError) else register.INTERRUPTED
    try:
        register.close(store, archive, entry, author=author, at=at, reason=reason)
    except (DujianError, OSError):
        return
