"""The invented county's figures as records: school statistics, finance, and the points of the evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from dujian_docs.filing import FilingTree
from dujian_docs.records.score_models import Score
from dujian_docs.records.statistic_models import Finance, SchoolStatistics, Section
from dujian_docs.sample.chance import drawn
from dujian_docs.sample.figures import SchoolFigures, county, finance, school_codes, school_figures
from dujian_docs.sample.measures import split

COUNTY = "G001"
_YEARS = (2024, 2025, 2026)
"""Each school year is told as it stood at the start of its second calendar year."""
_FINANCE_YEARS = (2023, 2024, 2025)
"""2026 has only a budget."""
_GRADES = {Section.PRIMARY: 6, Section.JUNIOR: 3}


def school_statistics() -> Iterator[SchoolStatistics]:
    """Every school's statistics of three school years, a through school's in three rows."""
    for year in _YEARS:
        for code in school_codes():
            figures = school_figures(code, year)
            if figures.primary and figures.junior:
                yield from _through(code, year, figures)
            else:
                section = Section.PRIMARY if figures.primary else Section.JUNIOR
                yield SchoolStatistics.model_validate(
                    _named(code, year, section)
                    | _people(code, year, section, figures.pupils, figures)
                    | _common(code, figures)
                )


def _through(code: str, year: int, figures: SchoolFigures) -> Iterator[SchoolStatistics]:
    for at, (section, pupils) in enumerate(
        ((Section.PRIMARY, figures.primary), (Section.JUNIOR, figures.junior))
    ):
        own = SchoolFigures(
            **{
                name: split(getattr(figures, name), figures.primary, figures.junior)[at]
                for name in SchoolFigures.__slots__
            }
        )
        yield SchoolStatistics.model_validate(
            _named(code, year, section) | _people(code, year, section, pupils, own)
        )
    yield SchoolStatistics.model_validate(_named(code, year, Section.WHOLE) | _common(code, figures))


def _named(code: str, year: int, section: Section) -> dict[str, object]:
    return {"school": code, "school_year": f"{year - 1}-{year}", "section": section}


def _people(code: str, year: int, section: Section, pupils: int, figures: SchoolFigures) -> dict[str, object]:
    """Pupils, the cohort that left, and teachers."""
    came = pupils // _GRADES[section] + drawn(5, code, section, year, "入学")
    moved_in, moved_out = drawn(6, code, section, year, "转入"), drawn(6, code, section, year, "转出")
    lost = drawn(3, code, section, year, "流失") if section is Section.JUNIOR else 0
    backbone: dict[str, int] = county()["backbone"]
    return {
        "pupils": pupils,
        "classes": figures.classes,
        "enrolled": came,
        "moved_in": moved_in,
        "moved_out": moved_out,
        "graduates": came + moved_in - moved_out - lost,
        "deaths": 0,
        "teachers": figures.teachers,
        "qualified_teachers": figures.graduates,
        "senior_teachers": figures.titled,
        "backbone_teachers": min(backbone[f"{code}{section}"], figures.teachers),
        "arts_sports_teachers": figures.arts,
    }


def _common(code: str, figures: SchoolFigures) -> dict[str, object]:
    """Buildings, grounds and equipment."""
    return {
        "rooms": figures.area,
        "grounds": figures.sports,
        "equipment": figures.equipment,
        "computers": figures.computers,
        "multimedia_rooms": figures.classes + drawn(4, code, "多媒体教室"),
        "books": figures.books,
    }


def finances() -> Iterator[Finance]:
    """The county's final accounts."""
    for year in _FINANCE_YEARS:
        told = finance(year)
        teachers = sum(school_figures(code, year).teachers for code in school_codes())
        yield Finance(
            unit=COUNTY,
            year=year,
            grants=told.education * 10_000,
            recurrent_revenue=told.revenue * 10_000,
            teacher_pay=told.wage * teachers,
            spending_primary=round(told.per_pupil * 0.94),
            spending_junior=round(told.per_pupil * 1.12),
            public_funds_primary=told.public_primary,
            public_funds_junior=told.public_junior,
            source=f"{year}年财政决算",
        )


def scores(tree: FilingTree) -> Iterator[Score]:
    """The county's own rating: most points are given, a few are held back."""
    for leaf in tree.leaves():
        points = Decimal(str(leaf.points))
        held = min(Decimal(drawn(4, leaf.code, "扣分")) / 2, points / 4)
        yield Score(
            filing_list=tree.code,
            unit=COUNTY,
            year=tree.filing_list.year,
            indicator=leaf.code,
            points=float(points - held),
        )
