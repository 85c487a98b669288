"""The values of a document as they are kept for tracing: texts line by line, with their origins. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from dujian_docs.documents.fields import Context, Origin, Source, Value
from dujian_docs.documents.genres import Genre
from dujian_docs.documents.numbers import DocumentNumber
from dujian_docs.records import IssuedValue, ValueOrigin

NUMBER = "number"


class Filled(Protocol):
    """A genre with its values and their origins."""

    @property
    def genre(self) -> Genre:
        """The genre."""

    @property
    def values(self) -> Context:
        """By field name."""

    @property
    def origins(self) -> Mapping[str, tuple[Origin, ...]]:
        """By field name."""


def values_kept(filled: Filled, number: DocumentNumber | None) -> tuple[IssuedValue, ...]:
    """Every value that is printed, in the genre's order; its number, once it has one."""
    kept: list[IssuedValue] = []
    for entry in filled.genre.fields:
        if entry.name == NUMBER and number is not None:
            source = (Origin(Source.COMPUTED, "发文登记", f"{number.series}/{number.year}/{number.serial}"),)
            kept.append(_kept(entry.label, (filled.genre.number_text(number),), source))
        elif filled.values.get(entry.name):
            texts = texts_of(filled.values[entry.name])
            kept.append(_kept(entry.label, texts, filled.origins.get(entry.name, ())))
    return tuple(kept)


def texts_of(value: Value) -> tuple[str, ...]:
    """A value line by line; the cells of a row parted by a wide blank."""
    if isinstance(value, str):
        return (value,)
    if isinstance(value, bool):
        return ("是" if value else "否",)
    return tuple("　".join(one.values()) if isinstance(one, Mapping) else one for one in value)


def _kept(label: str, texts: tuple[str, ...], origins: Sequence[Origin]) -> IssuedValue:
    told = tuple(
        ValueOrigin(source=one.source.value, place=one.place, part=one.part, version=one.version)
        for one in origins
    )
    return IssuedValue(label=label, texts=texts, origins=told)
