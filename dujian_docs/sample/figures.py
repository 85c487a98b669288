"""What ``county.yaml`` says of the invented county, as values: the office, records, and yearly figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent
COUNTY = FOLDER / "county.yaml"
SUPERVISION = FOLDER / "supervision.yaml"
FILING_LIST = FOLDER / "filing_list.yaml"
"""The county's filing list, importable as it is."""


@dataclass(frozen=True, slots=True)
class Office:
    """The settings of the sample's office, named as in ``dujian.toml``'s ``[office]``."""

    name: str
    series: str
    signer: str
    contact: str
    phone: str
    cc: str

    def settings(self) -> dict[str, object]:
        """The values by their keys in ``dujian.toml``."""
        return {f"office.{field}": getattr(self, field) for field in self.__slots__}


@dataclass(frozen=True, slots=True)
class SchoolFigures:
    """One school's figures of one year: pupils, staff, square metres (area, sports), yuan, pieces."""

    classes: int
    primary: int
    junior: int
    teachers: int
    graduates: int
    titled: int
    arts: int
    area: int
    sports: int
    equipment: int
    computers: int
    books: int

    @property
    def pupils(self) -> int:
        """Pupils of both stages."""
        return self.primary + self.junior


@dataclass(frozen=True, slots=True)
class Finance:
    """The county's money of one year: revenue and education in ten thousand yuan, the rest in yuan."""

    revenue: int
    education: int
    per_pupil: int
    public_primary: int
    public_junior: int
    wage: int
    servant: int


_BASE_YEAR = 2026
_YEARLY = {"area": 0, "sports": 0, "equipment": 31_000, "computers": 3, "books": 260, "titled": 1}
"""What a school gained in each measure per year before the base year."""


@cache
def county() -> Mapping[str, Any]:
    """The file's content; read once."""
    return MappingProxyType(yaml.safe_load(COUNTY.read_text(encoding="utf-8")))


@cache
def supervision() -> Mapping[str, Any]:
    """What the office kept over the year: by kind of record, the fields of each; read once."""
    return MappingProxyType(yaml.safe_load(SUPERVISION.read_text(encoding="utf-8")))


def office() -> Office:
    """The office's name, series and contact."""
    return Office(**county()["office"])


@cache
def school_codes() -> tuple[str, ...]:
    """The schools' unit codes, in order."""
    return tuple(county()["schools"])


@cache
def school_figures(code: str, year: int) -> SchoolFigures:
    """A school's figures of a year up to 2026; earlier years differ by a fixed step per year."""
    base: dict[str, int] = county()["schools"][code]
    back = _BASE_YEAR - year
    drift = (int(code[1:]) * 5) % 9 - 4
    values = {name: value - back * _YEARLY.get(name, 0) for name, value in base.items()}
    values |= {stage: base[stage] + back * drift for stage in ("primary", "junior") if base[stage]}
    return SchoolFigures(**values)


@cache
def county_figures(year: int) -> SchoolFigures:
    """The sums over all schools."""
    schools = [school_figures(code, year) for code in school_codes()]
    return SchoolFigures(
        **{name: sum(getattr(one, name) for one in schools) for name in SchoolFigures.__slots__}
    )


def finance(year: int) -> Finance:
    """The county's money of 2023 to 2026."""
    return Finance(**county()["finance"][year])
