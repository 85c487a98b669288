"""The tables in the invented papers, by the word that ``texts.yaml`` uses for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from dujian_docs.sample import number_grids
from dujian_docs.sample.calendar_days import term_days
from dujian_docs.sample.figures import school_codes, school_figures
from dujian_docs.sample.occasions import Grid, Occasion, Row
from dujian_docs.sample.records import findings, sample_units
from dujian_docs.wording import chinese_date

_SUBJECTS = ("语文", "数学", "英语", "科学", "体育", "音乐", "美术", "道德与法治", "信息科技")
_WORDS = MappingProxyType(
    {
        "学科": _SUBJECTS,
        "学历": ("本科", "本科", "本科", "专科", "研究生"),
        "职称": ("一级教师", "高级教师", "一级教师"),
    }
)


_STEP = 37
"""A prime that divides no school's number of teachers, so that multiples of it meet each place once."""


def grid_of(spec: Mapping[str, Any], occasion: Occasion, values: Mapping[str, object]) -> Grid:
    """The table that ``spec`` asks for; ``values`` fill the ``{ }`` in its words."""
    kind: str = spec["kind"]
    if kind in _BY_WORDS:
        return _BY_WORDS[kind](spec, occasion, values)
    if kind == "schools":
        return number_grids.schools(spec["measures"], occasion.year)
    if kind == "disparity":
        return number_grids.by_disparity(spec["measure"], occasion.year)
    if kind in number_grids.OF_THE_COUNTY:
        return number_grids.OF_THE_COUNTY[kind](occasion.year)
    return number_grids.OF_A_SCHOOL[kind](occasion)


def _filled(cells: Sequence[str], values: Mapping[str, object]) -> Row:
    return tuple(cell.format_map(values) for cell in cells)


def _fixed(spec: Mapping[str, Any], _occasion: Occasion, values: Mapping[str, object]) -> Grid:
    return Grid(tuple(spec["columns"]), tuple(_filled(row, values) for row in spec["rows"]))


def _log(spec: Mapping[str, Any], occasion: Occasion, values: Mapping[str, object]) -> Grid:
    """Dated rows through the school year: ``keep`` of those told, in their order."""
    told, keep = spec["rows"], int(spec["keep"])
    order = sorted(range(len(told)), key=lambda at: occasion.drawn(10_000, "取", at))
    days = term_days(occasion.year)
    step = len(days) // keep
    clerks = occasion.people(keep)
    rows = []
    for at, which in enumerate(sorted(order[:keep])):
        day = days[at * step + occasion.drawn(step, "日", at)]
        rows.append((chinese_date(day), *_filled(told[which], {**values, "name": clerks[at][0]})))
    return Grid(tuple(spec["columns"]), tuple(rows))


def _people(spec: Mapping[str, Any], occasion: Occasion, _values: Mapping[str, object]) -> Grid:
    """A numbered list of ``count`` invented people over the county's schools."""
    schools = tuple(unit.name for unit in sample_units() if unit.code in school_codes())

    def cell(column: str, at: int) -> str:
        if column == "交流学校":  # never the school the teacher comes from
            away = 1 + occasion.drawn(len(schools) - 1, column, at)
            return schools[(occasion.drawn(len(schools), "原学校", at) + away) % len(schools)]
        among = _WORDS.get(column, schools)
        return among[occasion.drawn(len(among), column, at)]

    columns = tuple(spec["columns"])
    rows = tuple(
        (str(at), name, sex, *(cell(column, at) for column in columns))
        for at, (name, sex) in enumerate(occasion.people(int(spec["count"])), start=1)
    )
    return Grid(("序号", "姓名", "性别", *columns), rows)


def _staff(_spec: Mapping[str, Any], occasion: Occasion, _values: Mapping[str, object]) -> Grid:
    """The school's teachers; degrees and titles come out as its figures say."""
    school = school_figures(occasion.unit.code, occasion.year)
    plain = "专科" if school.junior > school.primary else "中师"
    rows = []
    for at, (name, sex) in enumerate(occasion.people(school.teachers)):
        subject = _SUBJECTS[occasion.drawn(len(_SUBJECTS), "学科", at)]
        degree = "本科" if at * _STEP % school.teachers < school.graduates else plain
        title = "一级教师" if (at * _STEP + 3) % school.teachers < school.titled else "二级教师"
        rows.append((str(at + 1), name, sex, subject, degree, title))
    return Grid(("序号", "姓名", "性别", "学科", "学历", "职称"), tuple(rows))


def _ledger(_spec: Mapping[str, Any], occasion: Occasion, _values: Mapping[str, object]) -> Grid:
    """The year's findings, as the records have them."""
    names = {unit.code: unit.name for unit in sample_units()}
    rows = tuple(
        (
            one.code,
            names[one.unit],
            one.description,
            one.source.value,
            one.measure,
            chinese_date(one.deadline) if one.deadline else "",
            one.status.value,
        )
        for one in findings()
        if one.found_date.year == occasion.year
    )
    return Grid(("问题编号", "责任单位", "问题", "来源", "整改措施", "时限", "状态"), rows)


_Maker = Callable[[Mapping[str, Any], Occasion, Mapping[str, object]], Grid]
_BY_WORDS: Mapping[str, _Maker] = MappingProxyType(
    {"fixed": _fixed, "log": _log, "people": _people, "staff": _staff, "ledger": _ledger}
)
