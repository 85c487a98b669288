"""School statistics 学校统计 as what every school holds of the things a standard counts. Pure.

A school that the register knows and the statistics do not is a school without figures, never no school.
What a through school 一贯制学校 counted for the whole school is split between its sections; teachers are not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dujian_docs.evaluation.disparity import Holding
from dujian_docs.evaluation.figures import Source
from dujian_docs.evaluation.through_schools import SplitRounding, split
from dujian_docs.records.columns import Column, columns_of
from dujian_docs.records.fields import Shape
from dujian_docs.records.models import Unit, UnitType
from dujian_docs.records.statistic_models import SchoolStatistics, Section

KIND = "school_statistics"
SHARED = frozenset({"rooms", "grounds", "equipment", "computers", "multimedia_rooms", "books"})
"""What the sections of a through school use together."""
_TAUGHT = (Section.PRIMARY, Section.JUNIOR, Section.SENIOR)
_STAGES: Mapping[str, tuple[Section, ...]] = {
    "小学": (Section.PRIMARY,),
    "完小": (Section.PRIMARY,),
    "教学点": (Section.PRIMARY,),
    "初中": (Section.JUNIOR,),
    "初级中学": (Section.JUNIOR,),
    "高中": (Section.SENIOR,),
    "高级中学": (Section.SENIOR,),
    "九年": (Section.PRIMARY, Section.JUNIOR),
    "完全中学": (Section.JUNIOR, Section.SENIOR),
    "十二年": _TAUGHT,
    "幼儿园": (),
    "职业": (),
    "中专": (),
    "特殊教育": (),
}
"""The sections of a school by the words in what its record says under 学段."""
_COLUMNS: Mapping[str, Column] = {column.name: column for column in columns_of(SchoolStatistics)}


@dataclass(frozen=True, slots=True)
class School:
    """A school with its sections, and its rows of one school year by section."""

    code: str
    label: str
    school_year: str
    sections: tuple[Section, ...]
    rows: Mapping[Section, SchoolStatistics]

    def row(self, section: Section) -> SchoolStatistics | None:
        """The row of a section; a school of one section may have written it as 全校."""
        alone = self.rows.get(Section.WHOLE) if self.sections == (section,) else None
        return self.rows.get(section) or alone

    def key(self, section: Section) -> str:
        """The key of the record that tells of this section."""
        found = self.row(section)
        return f"{self.code}/{self.school_year}/{found.section if found else section}"


@dataclass(frozen=True, slots=True)
class Lack:
    """Numbers that are not there: whose, what they are called, and the key of the record they belong in."""

    school: str
    titles: tuple[str, ...]
    record: str

    @property
    def words(self) -> str:
        """What is missing and where to fill it in."""
        return f"{self.school}缺{'、'.join(self.titles)}，在学校统计 {self.record} 里补上"


def title_of(field: str) -> str:
    """What the field of the statistics is called on paper."""
    return _COLUMNS[field].title


def is_counted(field: str) -> bool:
    """Whether the field holds whole things, of which there is no half."""
    return _COLUMNS[field].shape is Shape.COUNT


def labels(units: Iterable[Unit]) -> dict[str, str]:
    """The name by which each unit is told, by code; namesakes have their code behind the name."""
    units = tuple(units)
    names = Counter(unit.name for unit in units)
    return {
        unit.code: unit.name if names[unit.name] == 1 else f"{unit.name}（{unit.code}）" for unit in units
    }


def schools_of(
    units: Sequence[Unit], statistics: Iterable[SchoolStatistics], school_year: str
) -> tuple[School, ...]:
    """Every school of the register or the statistics, by code, with its rows of the school year."""
    rows: dict[str, dict[Section, SchoolStatistics]] = {}
    for one in statistics:
        if one.school_year == school_year:
            rows.setdefault(one.school, {})[one.section] = one
    named = labels(units)
    stages = {unit.code: unit.stage for unit in units if unit.unit_type is UnitType.SCHOOL}
    found = []
    for code in sorted({*stages, *rows}):
        own = rows.get(code, {})
        taught = {*own, *(section for word in _words(stages.get(code, "")) for section in _STAGES[word])}
        sections = tuple(section for section in _TAUGHT if section in taught)
        found.append(School(code, named.get(code, code), school_year, sections, own))
    return tuple(found)


def _words(stage: str) -> list[str]:
    return [word for word in _STAGES if word in stage]


def unplaced(units: Iterable[Unit], schools: Iterable[School]) -> tuple[str, ...]:
    """Schools of which nobody can tell to which section they belong, a sentence each."""
    stages = {unit.code: unit.stage for unit in units}
    return tuple(
        f"{school.label}没有统计，从学段“{stages.get(school.code, '')}”看不出算小学还是初中，请在单位表里写明"
        for school in schools
        if not school.rows and not _words(stages.get(school.code, ""))
    )


def holdings(
    schools: Sequence[School],
    section: Section,
    field: str,
    *,
    rounding: SplitRounding = SplitRounding.EXACT,
    versions: Mapping[str, int] | None = None,
) -> tuple[Holding, ...]:
    """What every school with this section has of ``field`` in it.

    Args:
        schools: all of the county.
        section: 小学 or 初中.
        field: of the statistics.
        rounding: how a through school's common amount is split.
        versions: the versions of the records, by key.
    """
    known = versions or {}
    return tuple(
        _holding(school, section, field, rounding, known) for school in schools if section in school.sections
    )


def lacks(schools: Sequence[School], section: Section, fields: Iterable[str]) -> tuple[Lack, ...]:
    """The numbers that are missing for these fields, a record each.

    A share of what the whole school has also needs the pupils of its other sections.
    """
    found: dict[tuple[str, str], dict[str, None]] = {}

    def miss(school: School, record: str, title: str) -> None:
        found.setdefault((school.label, record), {})[title] = None

    wanted = tuple(dict.fromkeys(fields))
    for school in schools:
        if section not in school.sections:
            continue
        row = school.row(section)
        if row is None or row.pupils is None:
            miss(school, school.key(section), title_of("pupils"))
        for field in wanted:
            if row is not None and getattr(row, field) is not None:
                continue
            if _whole(school, field) is None:
                miss(school, school.key(section), title_of(field))
                continue
            uncounted = [one for one in school.sections if getattr(school.row(one), "pupils", None) is None]
            for one in uncounted:
                miss(school, school.key(one), title_of("pupils"))
            if not uncounted and _shared(school, section, field, SplitRounding.EXACT) is None:
                miss(school, school.key(section), f"{title_of(field)}（这几个学段没有拆分办法，请分开填）")
    return tuple(Lack(label, tuple(titles), record) for (label, record), titles in found.items())


def contradictions(schools: Iterable[School]) -> tuple[str, ...]:
    """Where a school's row for 全校 and the sum over its sections differ, a sentence each."""
    found = []
    for school in schools:
        whole = school.rows.get(Section.WHOLE)
        parts = [school.rows.get(section) for section in school.sections]
        if whole is None or len(parts) < 2:
            continue
        for field, column in _COLUMNS.items():
            if column.shape not in {Shape.COUNT, Shape.NUMBER, Shape.MONEY} or field == "largest_class":
                continue
            told, amounts = getattr(whole, field), [getattr(part, field, None) for part in parts]
            added = sum(amount for amount in amounts if amount is not None)
            if told is not None and None not in amounts and round(added - told, 2):
                found.append(
                    f"{school.label}的{column.title}：全校 {told:g}，各学段合计 {added:g}，两个数有矛盾"
                )
    return tuple(found)


def _whole(school: School, field: str) -> float | None:
    """What the school's sections have in common."""
    whole = school.rows.get(Section.WHOLE)
    held: float | None = getattr(whole, field) if whole and field in SHARED else None
    return held


def _holding(
    school: School, section: Section, field: str, rounding: SplitRounding, versions: Mapping[str, int]
) -> Holding:
    row = school.row(section)
    key = school.key(section)
    own: float | None = getattr(row, field) if row else None
    sources = tuple(Source(KIND, key, name, versions.get(key, 0)) for name in ("pupils", field) if row)
    if own is None and field in SHARED:
        own = _shared(school, section, field, rounding)
        whole = f"{school.code}/{school.school_year}/{Section.WHOLE}"
        if own is not None:
            sources = (*sources[:1], Source(KIND, whole, field, versions.get(whole, 0)))
    return Holding(school.label, row.pupils if row else None, own, sources)


def _shared(school: School, section: Section, field: str, rounding: SplitRounding) -> float | None:
    """The section's share of what the whole school has; None where that cannot be told."""
    total = _whole(school, field)
    pupils = []
    for one in school.sections:
        row = school.row(one)
        if total is None or row is None or row.pupils is None:
            return None
        pupils.append((str(one), row.pupils))
    try:
        return split(total or 0.0, pupils, rounding)[section]
    except ValueError:  # no weights for these sections, or nobody to split between
        return None
