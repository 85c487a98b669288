"""What the invented papers say: the words of ``texts.yaml`` with a unit's and a year's values filled in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any

import yaml

from dujian_docs.sample.calendar_days import season_days
from dujian_docs.sample.figures import FOLDER
from dujian_docs.sample.grids import grid_of
from dujian_docs.sample.occasions import Grid, Occasion
from dujian_docs.sample.records import sample_tree
from dujian_docs.sample.wordings import values_of
from dujian_docs.wording import chinese_date

TEXTS = FOLDER / "texts.yaml"


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper: heading, document number, addressee, paragraphs, a table, signature and date."""

    heading: str
    paragraphs: tuple[str, ...]
    number: str = ""
    main_to: str = ""
    grid: Grid | None = None
    signature: str = ""
    dated: date | None = None

    def lines(self) -> tuple[str, ...]:
        """The paper as plain lines; the table's cells are parted by tabs."""
        table = [] if self.grid is None else [self.grid.columns, *self.grid.rows]
        told = [
            self.number,
            self.heading,
            f"{self.main_to}：" if self.main_to else "",
            *self.paragraphs,
            *("\t".join(str(cell) for cell in row) for row in table),
            *self.ending(),
        ]
        return tuple(line for line in told if line)

    def ending(self) -> tuple[str, ...]:
        """The signature and the date, as far as there are any."""
        told = (self.signature, chinese_date(self.dated) if self.dated else "")
        return tuple(line for line in told if line)


@cache
def _texts() -> Mapping[str, Any]:
    return MappingProxyType(yaml.safe_load(TEXTS.read_text(encoding="utf-8")))


def paper_for(occasion: Occasion) -> Paper:
    """The paper that a unit would hand in for a required file of a year."""
    required = sample_tree().required_file(occasion.code)
    if required is None:
        raise ValueError(f"no such required file: {occasion.code}")
    told: Mapping[str, Any] = _texts()[occasion.code]
    day = _day(occasion, told.get("when", ""))
    values = {**values_of(occasion, required), "day": chinese_date(day)}
    said = [_one_of(line, at, occasion).format_map(values) for at, line in enumerate(told.get("body", ()))]
    heading = told.get("heading", f"{occasion.unit.name}{occasion.year}年{required.title}")
    return Paper(
        heading=heading.format_map(values),
        paragraphs=tuple(said),
        number=told.get("number", "").format_map(values),
        main_to=told.get("to", ""),
        grid=grid_of(told["grid"], occasion, values) if "grid" in told else None,
        signature=occasion.unit.name,
        dated=day,
    )


def _one_of(line: str | list[str], at: int, occasion: Occasion) -> str:
    return line if isinstance(line, str) else line[occasion.drawn(len(line), "说法", at)]


def _day(occasion: Occasion, season: str) -> date:
    """A working day of the season; of several papers of a year the later parts come later."""
    days = season_days(occasion.year, season)
    half = len(days) // 2
    return days[(occasion.part - 1) % 2 * half + occasion.drawn(half, "日期")]
