"""A draft as it would be printed now: what is missing shows as 【待填：…】, number and days as yet to come.

Reads records and templates, writes nothing; the same records and draft give the same text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from datetime import time as clock_time

from dujian_docs.documents.assembling import Assembled
from dujian_docs.documents.beside import NOTHING, Beside
from dujian_docs.documents.contexts import office_values
from dujian_docs.documents.docx_text import paragraphs_of
from dujian_docs.documents.fields import Context, Field, Source, Value
from dujian_docs.documents.gathering import Asked, reference, values_of
from dujian_docs.documents.genres import Genre
from dujian_docs.documents.issuing import by_field, source_of
from dujian_docs.documents.office import Office
from dujian_docs.documents.pending import (
    DAY_PENDING,
    NUMBER_PENDING,
    PRINT_PENDING,
    placeholder,
)
from dujian_docs.documents.reading import Reader
from dujian_docs.documents.rendering import render
from dujian_docs.records import RecordStore

_TO_COME = {"number": NUMBER_PENDING, "doc_date": DAY_PENDING, "print_date": PRINT_PENDING}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a draft is made from: genre, record, what was typed by label or name, and what stands beside."""

    genre: Genre
    record: str
    typed: Mapping[str, str]
    day: date
    beside: Beside = NOTHING


@dataclass(frozen=True, slots=True)
class Drafted:
    """A draft on paper: its values, the .docx and its text."""

    title: str
    source: str
    values: Context
    content: bytes
    paragraphs: tuple[str, ...]

    @property
    def own(self) -> Context:
        """The values, without those that only issuing gives."""
        return {name: value for name, value in self.values.items() if name not in _TO_COME}


def drafted(wanted: Wanted, store: RecordStore, *, office: Office, author: str) -> Drafted:
    """The draft as it would be printed now.

    Raises:
        InputInvalid: there is no such record, it may not become this document, or a value is unfit.
        UsageInvalid: the record is of another kind, or no field of that name can be filled in by hand.
        TemplateInvalid: the template loses something.
    """
    genre = wanted.genre
    typed = by_field(genre, wanted.typed)
    found = _values(wanted, typed, store, office=office, author=author)
    asked = {
        entry.name: f"【待填：{entry.label}】"
        for entry in _missing(genre.fields, found.values)
        if entry.source is Source.BY_HAND and isinstance(entry.empty, str)
    }
    if asked:  # phrases that name these are whole once they show what is to come
        found = _values(wanted, {**asked, **typed}, store, office=office, author=author)
    held: dict[str, Value] = dict(found.values)
    held.update({entry.name: placeholder(entry) for entry in _missing(genre.fields, held)})
    names = {entry.name for entry in genre.fields}
    held.update({name: text for name, text in _TO_COME.items() if name in names})
    content = render(genre.template, held, at=datetime.combine(wanted.day, clock_time()))
    return Drafted(
        title=str(held.get("title", "")),
        source=source_of(genre, wanted.record),
        values=held,
        content=content,
        paragraphs=paragraphs_of(content),
    )


def _values(
    wanted: Wanted, typed: Mapping[str, str], store: RecordStore, *, office: Office, author: str
) -> Assembled:
    genre = wanted.genre
    frame = office_values(office, wanted.day, office.cc, genre.layout)
    asked = Asked(reference(genre, wanted.record)[1], typed, wanted.day, wanted.beside)
    with store.snapshot() as now:
        found = values_of(genre, asked, Reader(now), frame=frame, office=office.name, author=author)
    return replace(found, values={k: v for k, v in found.values.items() if k not in _TO_COME})


def _missing(fields: Sequence[Field], values: Context) -> list[Field]:
    return [
        entry
        for entry in fields
        if entry.required and entry.name not in _TO_COME and not values.get(entry.name)
    ]
