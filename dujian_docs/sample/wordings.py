"""The values for the ``{ }`` of ``texts.yaml``: names, numbers and figures of a unit and a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from dujian_docs.records import RequiredFile, Unit, UnitType
from dujian_docs.sample.figures import (
    Finance,
    SchoolFigures,
    county_figures,
    finance,
    school_codes,
    school_figures,
)
from dujian_docs.sample.measures import composite, split
from dujian_docs.sample.number_grids import granted, migrants
from dujian_docs.sample.occasions import Occasion
from dujian_docs.sample.records import sample_units

_ZONES = {"青溪": "李静", "白石": "何秋实", "松坪": "佟丽"}
_FIRST_FINANCE, _LAST_FINANCE = 2024, 2026
_NUMERALS = "一二三四五六"


def values_of(occasion: Occasion, required: RequiredFile) -> Mapping[str, object]:
    """Every value that a text for this occasion may name."""
    year, unit = occasion.year, occasion.unit
    values: dict[str, object] = {
        "year": year,
        "last": year - 1,
        "next": year + 1,
        "unit": unit.name,
        "title": required.title,
        "head": unit.contact,
        "address": unit.address,
        "part": f"第{_NUMERALS[occasion.part - 1]}次",
        "serial": 1 + occasion.drawn(60, "文号"),
        "inspector": next((name for zone, name in _ZONES.items() if unit.name.startswith(zone)), "王海涛"),
        "n3": 1 + occasion.drawn(3, "三"),
        "n10": 5 + occasion.drawn(9, "十"),
        "n30": 20 + occasion.drawn(30, "三十"),
        "n10b": 5 + occasion.drawn(9, "又十"),
        "n30b": 20 + occasion.drawn(30, "又三十"),
        "n100": 60 + occasion.drawn(100, "百"),
        "n_parents": 640 + occasion.drawn(60, "家长"),
    }
    values["disabled"] = sum(int(str(values[name])) for name in ("n3", "n10", "n30"))
    values["surcharge"], values["surcharge_local"] = (int(str(values["n100"])) * times for times in (3, 2))
    values |= {f"school{at}": name for at, name in enumerate(_some_schools(occasion), start=1)}
    values |= _county_values(year)
    if _FIRST_FINANCE <= year <= _LAST_FINANCE:
        values |= _money_values(year)
    if unit.unit_type is UnitType.TOWNSHIP:
        values |= _township_values(unit, year)
    if unit.code in school_codes():
        values |= _school_values(school_figures(unit.code, year))
    return values


def _some_schools(occasion: Occasion) -> tuple[str, ...]:
    """Four schools, others each year."""
    names = [unit.name for unit in sample_units() if unit.code in school_codes()]
    return tuple(names[(occasion.year * 4 + at * 5) % len(names)] for at in range(4))


def _county_values(year: int) -> dict[str, object]:
    whole = county_figures(year)
    known = {f"k_{field.name}": getattr(whole, field.name) for field in fields(SchoolFigures)}
    return known | {
        "k_pupils": whole.pupils,
        "k_schools": len(school_codes()),
        "n_ok": len(school_codes()) - 1,
        "k_first": whole.primary // 6 + 17,
        "k_seventh": whole.junior // 3 - 24,
        "k_migrants": migrants(year),
        "k_sample": whole.pupils // 6,
        "staff": whole.teachers + 23,
        "public_total": f"{sum(granted(code, year) for code in school_codes()) / 10_000:.2f}",
        "cv_primary": f"{composite('小学', year):.3f}",
        "cv_junior": f"{composite('初中', year):.3f}",
    }


def _money_values(year: int) -> dict[str, object]:
    now, before = finance(year), finance(year - 1)
    values: dict[str, object] = {"wage_more": now.wage - now.servant}
    for field in fields(Finance):
        amount, earlier = getattr(now, field.name), getattr(before, field.name)
        values[field.name] = amount
        values[f"{field.name}_last"] = earlier
        values[f"g_{field.name}"] = f"{(amount - earlier) / earlier * 100:.2f}"
    return values


def _township_values(unit: Unit, year: int) -> dict[str, object]:
    own = [
        one.code for one in sample_units() if one.code in school_codes() and one.name.startswith(unit.name)
    ]
    return {"t_schools": len(own), "t_pupils": sum(school_figures(code, year).pupils for code in own)}


def _school_values(school: SchoolFigures) -> dict[str, object]:
    area_primary, area_junior = split(school.area, school.primary, school.junior)
    values: dict[str, object] = {field.name: getattr(school, field.name) for field in fields(SchoolFigures)}
    return values | {
        "pupils": school.pupils,
        "area_per": f"{school.area / school.pupils:.2f}",
        "sports_per": f"{school.sports / school.pupils:.2f}",
        "books_per": f"{school.books / school.pupils:.1f}",
        "equipment_wan": f"{school.equipment / 10_000:.2f}",
        "area_primary": area_primary,
        "area_junior": area_junior,
        "service": school.pupils * 93 // 100,
        "pledges": school.teachers + 5,
        "borrowed": school.pupils * 11,
    }
