"""What the register says of its numbers: gaps, doubles, what is open, and which number comes next. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dujian_docs.documents.numbers import DocumentNumber
from dujian_docs.documents.register import next_number, number_of
from dujian_docs.records import DocumentEntry, NumberState


@dataclass(frozen=True, slots=True)
class SeriesReport:
    """The numbers of one series in one year, all in order.

    ``gaps`` are missing between the first and the last; ``open`` are reserved or held.
    """

    series: str
    year: int
    used: int
    void: tuple[DocumentNumber, ...]
    open: tuple[DocumentNumber, ...]
    gaps: tuple[DocumentNumber, ...]
    next: DocumentNumber


@dataclass(frozen=True, slots=True)
class Double:
    """One document under several numbers: by its content, or by its place in the archive."""

    numbers: tuple[DocumentNumber, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class RegisterReport:
    """The whole register, series by series, and what stands in it twice."""

    series: tuple[SeriesReport, ...]
    doubles: tuple[Double, ...]

    @property
    def whole(self) -> bool:
        """Whether no number is missing and no document has two."""
        return not (self.doubles or any(one.gaps for one in self.series))


def register_report(rows: Sequence[DocumentEntry], *, first_serial: int = 1) -> RegisterReport:
    """The report; a series is looked at from its first number, or from ``first_serial`` where it has that."""
    by: dict[tuple[str, int], list[DocumentEntry]] = defaultdict(list)
    for row in rows:
        by[row.series, row.year].append(row)
    told = tuple(_of_series(rows, *key, by[key], first_serial) for key in sorted(by))
    return RegisterReport(
        told, (*_doubles(rows, "sha256", "内容相同"), *_doubles(rows, "path", "归档位置相同"))
    )


def _of_series(
    every: Sequence[DocumentEntry], series: str, year: int, rows: Sequence[DocumentEntry], first: int
) -> SeriesReport:
    serials = {row.serial for row in rows}
    start = min(first, min(serials)) if first in serials else min(serials)
    missing = [serial for serial in range(start, max(serials)) if serial not in serials]
    return SeriesReport(
        series,
        year,
        sum(row.state is NumberState.USED for row in rows),
        _numbers(row for row in rows if row.state is NumberState.VOID),
        _numbers(row for row in rows if row.state in {NumberState.RESERVED, NumberState.HELD}),
        tuple(DocumentNumber(series, year, serial) for serial in missing),
        next_number(every, series, year, first_serial=first),
    )


def _numbers(rows: Iterator[DocumentEntry]) -> tuple[DocumentNumber, ...]:
    return tuple(sorted(number_of(row) for row in rows))


def _doubles(rows: Sequence[DocumentEntry], field: str, reason: str) -> Iterator[Double]:
    by: dict[str, list[DocumentNumber]] = defaultdict(list)
    for row in rows:
        if row.state is NumberState.USED and (value := getattr(row, field)):
            by[value].append(number_of(row))
    for numbers in by.values():
        if len(numbers) > 1:
            yield Double(tuple(sorted(numbers)), reason)
