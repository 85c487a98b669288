"""The records that a genre's ``[sets]`` name, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from dujian_docs.documents.genre_plan import RecordSet
from dujian_docs.documents.reading import Reader, first_raw, shown_school_year
from dujian_docs.errors import InputInvalid, TemplateInvalid
from dujian_docs.records import Record, kind_of
from dujian_docs.records.fields import Day, SchoolYear

_DAY: TypeAdapter[date] = TypeAdapter(Day)
_SCHOOL_YEAR: TypeAdapter[str] = TypeAdapter(SchoolYear)
REFERENCE = "@"
TODAY = "@今天"


@dataclass(frozen=True, slots=True)
class SetReader:
    """Reads sets for one document: ``typed`` is what was filled in by hand, by label."""

    reader: Reader
    record: Record | None
    typed: Mapping[str, str]
    today: date

    def records(self, wanted: RecordSet) -> tuple[Record, ...]:
        """The records of the set, in its order.

        Raises:
            TemplateInvalid: the set names a kind or a column that is not there.
            InputInvalid: a day that was typed for it cannot be read.
        """
        found = [record for record in self._candidates(wanted) if self._fits(record, wanted)]
        if wanted.leaves:
            named = {key for one in found for key in self.reader.linked(one, wanted.leaves)}
            found = [one for one in found if self.reader.key(one) not in named]
        if wanted.sort:
            column = wanted.sort.removeprefix("-")
            found.sort(
                key=lambda one: _sortable(first_raw(self.reader.at(one, column))),
                reverse=wanted.sort.startswith("-"),
            )
        return tuple(found)

    def _candidates(self, wanted: RecordSet) -> tuple[Record, ...]:
        kind = kind_of(wanted.kind)
        if wanted.of:
            keys = self.reader.linked(self._main(), wanted.of)
            return tuple(one for key in keys if (one := self.reader.record(*key)) is not None)
        if not wanted.by:
            return self.reader.all(kind)
        main = self._main()
        aims = self.reader.linked(main, wanted.via) if wanted.via else (self.reader.key(main),)
        return self.reader.naming(kind, wanted.by, aims)

    def _main(self) -> Record:
        if self.record is None:
            raise TemplateInvalid("这个文种没有来源记录，[sets] 里不能写 by 和 of", remedy="改 genre.toml")
        return self.record

    def _fits(self, record: Record, wanted: RecordSet) -> bool:
        for column, allowed in wanted.only.items():
            if not set(self.reader.at(record, column).texts or ("",)) & self._allowed(allowed):
                return False
        for column, refused in wanted.without.items():
            if set(self.reader.at(record, column).texts or ("",)) & self._allowed(refused):
                return False
        for column, limit in wanted.since.items():
            day = first_raw(self.reader.at(record, column))
            if not isinstance(day, date) or (bound := self._day(limit)) is None or day < bound:
                return False
        for column, limit in wanted.until.items():
            day = first_raw(self.reader.at(record, column))
            if not isinstance(day, date) or (bound := self._day(limit)) is None or day > bound:
                return False
        return True

    def _allowed(self, words: str | tuple[str, ...]) -> set[str]:
        given = (words,) if isinstance(words, str) else words
        return {text for word in given for text in self._meant(word)}

    def _meant(self, word: str) -> tuple[str, ...]:
        if not word.startswith(REFERENCE):
            return (word,)
        name = word.removeprefix(REFERENCE)
        if name in self.typed:
            return (_as_shown(self.typed[name].strip()),)
        return self.reader.at(self._main(), name).texts

    def _day(self, word: str) -> date | None:
        name = word.removeprefix(REFERENCE)
        if word == TODAY:
            return self.today
        if name not in self.typed:
            found: Any = first_raw(self.reader.at(self._main(), name))
            return found if isinstance(found, date) else None
        if not self.typed[name].strip():
            return None
        try:
            return _DAY.validate_python(self.typed[name])
        except ValidationError as error:
            raise InputInvalid(
                f"“{name}”写的“{self.typed[name]}”不是日期", remedy="写成 2026年3月20日 这样的日期"
            ) from error


def _as_shown(text: str) -> str:
    """What was typed, as a record shows it: a school year may be typed in any of its spellings."""
    try:
        return shown_school_year(_SCHOOL_YEAR.validate_python(text))
    except ValidationError:
        return text


def _sortable(value: object) -> tuple[int, Any]:
    """Numbers and days by size, texts by code; nothing last."""
    if value is None:
        return (2, "")
    return (
        (0, value)
        if isinstance(value, int | float | date) and not isinstance(value, bool)
        else (1, str(value))
    )
