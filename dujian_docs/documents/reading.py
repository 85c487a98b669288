"""Records read by the titles of their columns, as a genre.toml names them; every value with its origin.

A path is column titles joined by ``.``: ``责任单位.单位名称`` follows the link in 责任单位 and takes the name
of the unit. ``开始日期~结束日期`` is a span of days. What a path ends at may be one text or several.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import Enum

from dujian_docs.documents.fields import Origin, Source
from dujian_docs.errors import TemplateInvalid
from dujian_docs.records import Record, Snapshot, kind_of
from dujian_docs.records.columns import Column, columns_of
from dujian_docs.records.fields import Shape, is_blank
from dujian_docs.records.kinds import KINDS, Kind
from dujian_docs.records.transaction import label_of
from dujian_docs.wording import chinese_date, chinese_span

Raw = object
_KIND_OF_MODEL = {kind.model: kind for kind in KINDS}
SPAN = "~"


@dataclass(frozen=True, slots=True)
class Found:
    """What a path leads to: texts in order, the values they were made of, and where they stand."""

    texts: tuple[str, ...]
    raw: tuple[Raw, ...]
    origins: tuple[Origin, ...]


@dataclass(slots=True)
class Reader:
    """Reads one state of the store for one document; what was read once is remembered."""

    now: Snapshot
    _seen: dict[tuple[str, str], Record | None] = field(default_factory=dict)
    _versions: dict[str, Mapping[str, int]] = field(default_factory=dict)
    _every: dict[str, tuple[Record, ...]] = field(default_factory=dict)
    _naming: dict[tuple[str, str], Mapping[tuple[str, str], tuple[Record, ...]]] = field(default_factory=dict)

    def record(self, kind: str, key: str) -> Record | None:
        """The record as it stands in this state."""
        if (kind, key) not in self._seen:
            self._seen[kind, key] = self.now.get(kind, key)
        return self._seen[kind, key]

    def all(self, kind: Kind) -> tuple[Record, ...]:
        """Every record of a kind, by key."""
        if kind.name not in self._every:
            found = self.now.all(kind.name)
            self._seen.update({(kind.name, kind.key_of(record)): record for record in found})
            self._every[kind.name] = found
        return self._every[kind.name]

    def naming(self, kind: Kind, path: str, targets: Iterable[tuple[str, str]]) -> tuple[Record, ...]:
        """The records of a kind that name one of ``targets`` in the column ``path``, by key."""
        place = (kind.name, path)
        if place not in self._naming:
            found: dict[tuple[str, str], list[Record]] = {}
            for record in self.all(kind):
                for target in set(self.linked(record, path)):
                    found.setdefault(target, []).append(record)
            self._naming[place] = {target: tuple(records) for target, records in found.items()}
        wanted = set(targets)
        groups = [self._naming[place][target] for target in wanted if target in self._naming[place]]
        if len(groups) <= 1:
            return groups[0] if groups else ()
        named = {kind.key_of(record): record for group in groups for record in group}
        return tuple(record for _, record in sorted(named.items()))

    def at(self, record: Record, path: str) -> Found:
        """What ``path`` leads to from the record; no texts where the column is empty.

        Raises:
            TemplateInvalid: the path names a column that the kind does not have, or goes on where no link is.
        """
        step, _, rest = path.partition(".")
        if SPAN in step:
            return self._span(record, step)
        column = column_called(step, type(record))
        if rest:
            return self._through(record, column, rest)
        values = _values(record, column)
        texts = tuple(map(shown, values))
        if column.shape is Shape.SCHOOL_YEAR:
            texts = tuple(map(shown_school_year, texts))
        if column.link is not None:
            texts = tuple(self._name(*key) for key in _targets(record, column))
        return Found(texts, values, (self.origin(record, column.title),) if values else ())

    def linked(self, record: Record, path: str) -> tuple[tuple[str, str], ...]:
        """The (kind, key) of the records that the path's last column names."""
        step, _, rest = path.partition(".")
        column = column_called(step, type(record))
        keys = tuple(_targets(record, column))
        if not rest:
            return keys
        return tuple(
            key for one in keys if (onward := self.record(*one)) for key in self.linked(onward, rest)
        )

    def key(self, record: Record) -> tuple[str, str]:
        """The (kind, key) of a record."""
        kind = _KIND_OF_MODEL[type(record)]
        return kind.name, kind.key_of(record)

    def origin(self, record: Record, part: str) -> Origin:
        """The column ``part`` of the record, in its present version."""
        kind = _KIND_OF_MODEL[type(record)]
        key = kind.key_of(record)
        if kind.name not in self._versions:
            self._versions[kind.name] = self.now.version_numbers(kind.name)
        return Origin(Source.RECORD, f"{kind.title}/{key}", part, self._versions[kind.name].get(key, 0))

    def _through(self, record: Record, column: Column, rest: str) -> Found:
        if column.link is None:
            raise TemplateInvalid(
                f"“{column.title}”不是另一条记录，后面不能再写“.{rest}”", remedy=f"改成“{column.title}”"
            )
        onward = [one for key in _targets(record, column) if (one := self.record(*key)) is not None]
        if not onward:  # the path must be sound even where nothing is filled in
            check_path(kind_of(column.link.kind), rest)
        found = [self.at(one, rest) for one in onward]
        own = (self.origin(record, column.title),) if onward else ()
        return Found(
            tuple(text for one in found for text in one.texts),
            tuple(value for one in found for value in one.raw),
            (*own, *(origin for one in found for origin in one.origins)),
        )

    def _span(self, record: Record, step: str) -> Found:
        first, _, last = step.partition(SPAN)
        days = [
            (column, getattr(record, column.name))
            for column in (column_called(title, type(record)) for title in (first, last))
        ]
        given = [day for _, day in days if isinstance(day, date)]
        if not isinstance(days[0][1], date):
            return Found((), (), ())
        origins = tuple(self.origin(record, column.title) for column, day in days if day)
        return Found((chinese_span(given[0], given[1] if len(given) > 1 else None),), tuple(given), origins)

    def _name(self, kind: str, key: str) -> str:
        target = self.record(kind, key)
        return key if target is None else getattr(target, "name", "") or label_of(target)


def shown_school_year(kept: str) -> str:
    """``2025—2026`` from ``2025-2026``, as GB/T 15834 joins years."""
    return kept.replace("-", "—")


def shown(value: Raw) -> str:
    """A value as a document prints it: days in full, numbers without needless digits, 是 and 否."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, date):
        return chinese_date(value)
    if isinstance(value, float):
        return f"{Decimal(str(value)).normalize():f}"
    return str(value)


def column_called(title: str, model: type[Record]) -> Column:
    """The column of that Chinese title.

    Raises:
        TemplateInvalid: the kind has none; the remedy lists those it has.
    """
    for column in columns_of(model):
        if column.title == title:
            return column
    kind = _KIND_OF_MODEL[model]
    raise TemplateInvalid(
        f"{kind.title}没有“{title}”这一栏",
        remedy=f"{kind.title}的栏目有：{'、'.join(column.title for column in columns_of(model))}",
    )


def check_path(kind: Kind, path: str) -> None:
    """Nothing, when every step of the path is there.

    Raises:
        TemplateInvalid: one is not.
    """
    step, _, rest = path.partition(".")
    columns = [column_called(title, kind.model) for title in step.split(SPAN)]
    column = columns[-1]
    if rest:
        if column.link is None:
            raise TemplateInvalid(
                f"“{column.title}”不是另一条记录，后面不能再写“.{rest}”", remedy=f"改成“{column.title}”"
            )
        check_path(kind_of(column.link.kind), rest)


def first_raw(found: Found) -> Raw:
    """The first value, or nothing."""
    return found.raw[0] if found.raw else None


def _values(record: Record, column: Column) -> tuple[Raw, ...]:
    held = getattr(record, column.name)
    values: Sequence[Raw] = held if isinstance(held, tuple) else (held,)
    return tuple(value for value in values if isinstance(value, bool | int | float) or not is_blank(value))


def _targets(record: Record, column: Column) -> Iterator[tuple[str, str]]:
    if column.link is None:
        return
    prefix = f"{getattr(record, column.link.within)}/" if column.link.within else ""
    for value in _values(record, column):
        yield column.link.kind, f"{prefix}{value}"
