"""What an invented paper is made for, and what a table is."""

from __future__ import annotations

from dataclasses import dataclass

from dujian_docs.records import Unit
from dujian_docs.sample.chance import drawn, people

Cell = str | int | float
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its columns and rows of texts and numbers."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Occasion:
    """A required file's code, the unit, the year, and which of several files it is, counted from 1."""

    code: str
    unit: Unit
    year: int
    part: int = 1

    def drawn(self, among: int, *purpose: object) -> int:
        """A number below ``among`` that belongs to this occasion."""
        return drawn(among, self.code, self.unit.code, self.year, self.part, *purpose)

    def people(self, count: int) -> tuple[tuple[str, str], ...]:
        """Invented names with 男 or 女, all different, that belong to this occasion."""
        return people(count, self.code, self.unit.code, self.year, self.part)
