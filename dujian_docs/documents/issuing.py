"""Issuing (签发): everything is validated and tried before a number is spent; then the number goes one way.

``plan_issue`` reads records and templates and writes nothing. ``apply_issue`` holds the lock ``issue.lock``
from before the number is reserved until it is used or void, so that a reserved row met under the lock can
only be what a dead process left.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from datetime import time as clock_time
from pathlib import Path

from filelock import FileLock, Timeout

from dujian_docs.documents import register
from dujian_docs.documents.contexts import ChasedGap, office_values
from dujian_docs.documents.fields import Context, Origin, Source, checked
from dujian_docs.documents.gathering import Asked, reference, values_of
from dujian_docs.documents.genres import Genre
from dujian_docs.documents.numbers import DocumentNumber
from dujian_docs.documents.office import Office
from dujian_docs.documents.rendering import render
from dujian_docs.errors import DujianError, UsageInvalid
from dujian_docs.naming import safe_component
from dujian_docs.publishing import confined, publish, storage_failure
from dujian_docs.records import DocumentEntry, NumberState, RecordStore, kind_of

LOCK_NAME = "issue.lock"
LOCK_SECONDS = 120.0
"""How long to wait for another process; one issue takes well under a second."""


@dataclass(frozen=True, slots=True)
class IssuePlan:
    """A document that can be issued: what will be printed, and the number and place it will probably get.

    ``notes`` are Chinese sentences a person should read before confirming.
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

    @property
    def title(self) -> str:
        """The document's title."""
        return str(self.values["title"])

    def rows(self) -> tuple[tuple[str, str], ...]:
        """Every printed text with its label, in the genre's order, for showing before confirming."""
        shown = [("归档位置", self.path)]
        for field in self.genre.fields:
            value = (
                self.genre.number_text(self.number)
                if field.name == "number"
                else self.values.get(field.name, field.empty)
            )
            if isinstance(value, str):
                shown.append((field.label, value))
            elif isinstance(value, bool):
                shown.append((field.label, "是" if value else "否"))
            else:
                shown.append((field.label, f"{len(value)} 项"))
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
    gaps: Sequence[ChasedGap] = (),
    filing_list_title: str = "",
    cc: str | None = None,
    author: str = "",
) -> IssuePlan:
    """A document that is known to come out whole: it was rendered once with its probable number.

    Args:
        genre: what kind of document.
        record: ``督导活动/DD2026-03`` or a key alone.
        store: read only.
        office: from the settings.
        today: 成文日期; its calendar year is the number's.
        by_hand: values of fields whose source is 手填, by label or name.
        gaps: for a chasing notice, what is missing.
        filing_list_title: likewise, of which filing list.
        cc: 抄送 of this document instead of the office's usual one.
        author: who typed what is typed by hand.

    Raises:
        InputInvalid: something is missing or unfit; every missing field is named with where to fill it in.
        UsageInvalid: the record is of another kind, or ``by_hand`` names no such field.
        TemplateInvalid: the template loses something.
    """
    kind, key = reference(genre, record)
    asked = Asked(key, _by_hand(genre, by_hand or {}), today, tuple(gaps), filing_list_title)
    frame = office_values(office, today, office.cc if cc is None else cc, genre.layout)
    found = values_of(genre, asked, store, frame=frame, office=office.name, author=author)
    values = found.values
    series = genre.series_for(office.series)
    source = f"{kind_of(kind).title}/{key}" if kind else ""
    rows = register.entries(store)
    number = register.next_number(rows, series, today.year, first_serial=office.first_serial)
    checked(genre.fields, {**values, "number": genre.number_text(number)})
    plan = IssuePlan(
        genre=genre,
        record=source,
        values=values,
        series=series,
        first_serial=office.first_serial,
        on=today,
        number=number,
        path=_path(genre, number, str(values["title"])),
        origins=found.origins,
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
    with _lock(home):
        settled = register.settle(store, archive, author=author, at=at)
        entry = register.reserve(
            store,
            lambda number: _entry(plan, number),
            series=plan.series,
            year=plan.on.year,
            first_serial=plan.first_serial,
            author=author,
            at=at,
        )
        try:
            content = _rendered(plan, register.number_of(entry))
            sha256 = hashlib.sha256(content).hexdigest()
            entry = register.note_content(store, entry, sha256, author=author, at=at)
            placed = publish(content, confined(archive, entry.path))
            path = placed.relative_to(archive.resolve()).as_posix()
            register.mark_used(store, entry, path=path, author=author, at=at)
        except BaseException as error:
            _give_up(store, archive, entry, error, author=author, at=at)
            raise
    return Issued(register.number_of(entry), path, sha256, settled)


def settle_leftovers(
    store: RecordStore, *, archive: Path, home: Path, author: str, at: datetime
) -> tuple[DocumentEntry, ...]:
    """What killed processes left reserved is used or void now; returns those rows."""
    with _lock(home):
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


def _by_hand(genre: Genre, given: Mapping[str, str]) -> dict[str, str]:
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


def _path(genre: Genre, number: DocumentNumber, title: str) -> str:
    """Where the document goes, relative to the archive; every part is a safe name."""
    parts = {"number": str(number), "title": title, "year": str(number.year), "series": number.series}
    name = genre.file_name
    folders = genre.archive
    for word, text in parts.items():
        name = name.replace(f"{{{word}}}", text)
        folders = folders.replace(f"{{{word}}}", safe_component(text))
    safe = [safe_component(folder) for folder in folders.split("/") if folder]
    return "/".join([*safe, f"{safe_component(name)}.docx"])


def _entry(plan: IssuePlan, number: DocumentNumber) -> DocumentEntry:
    return DocumentEntry(
        series=number.series,
        year=number.year,
        serial=number.serial,
        state=NumberState.RESERVED,
        genre=plan.genre.title,
        title=plan.title,
        record=plan.record,
        path=_path(plan.genre, number, plan.title),
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


@contextmanager
def _lock(home: Path) -> Iterator[None]:
    try:
        home.mkdir(parents=True, exist_ok=True)
        lock = FileLock(home / LOCK_NAME, timeout=LOCK_SECONDS)
        lock.acquire()
    except Timeout as error:
        raise DujianError(
            "另一个窗口或另一台电脑正在签发，一直没有结束",
            remedy="等它结束后再签发；确认没有人在签发时重启电脑后再试",
        ) from error
    except OSError as error:
        raise storage_failure(error, home / LOCK_NAME) from error
    try:
        yield
    finally:
        lock.release()
