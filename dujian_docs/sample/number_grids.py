"""The tables of numbers in the invented papers; every total is the sum of its rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from dujian_docs.sample.chance import drawn
from dujian_docs.sample.figures import finance, school_codes, school_figures
from dujian_docs.sample.measures import MEASURES, STAGES, composite, disparity
from dujian_docs.sample.occasions import Grid, Occasion, Row
from dujian_docs.sample.records import sample_units

_TITLES = MappingProxyType(
    {
        **MEASURES,
        "classes": "教学班",
        "pupils": "在校学生",
        "primary": "小学在校生",
        "junior": "初中在校生",
        "migrants": "其中随迁子女",
        "media": "多媒体教室",
        "discarded": "本年剔旧",
        "bought": "本年新购",
    }
)
_RATES = MappingProxyType(
    {
        "size": ("平均班额", "pupils", "classes"),
        "rate": ("占比", "graduates", "teachers"),
        "rate_titled": ("占比", "titled", "teachers"),
    }
)
_LEAST_PUPILS = 100
_SERVICE_YUAN = 260
"""What the county pays for the after-school service of one pupil in a year."""


def granted(code: str, year: int) -> int:
    """A school's public funds (公用经费) of a year, in yuan; a school is counted with 100 pupils at least."""
    school, money = school_figures(code, year), finance(year)
    primary = school.primary + max(0, _LEAST_PUPILS - school.pupils)
    return primary * money.public_primary + school.junior * money.public_junior


def training(code: str, year: int) -> int:
    """What a school spent on training, in yuan: a little over five per cent of its public funds."""
    return granted(code, year) * 54 // 1000


def schools(measures: Sequence[str], year: int) -> Grid:
    """One row per school and a row of sums; rates are worked out from what they compare."""
    names = {unit.code: unit.name for unit in sample_units()}
    rows: list[Row] = [
        (names[code], *(_value(measure, [code], year) for measure in measures)) for code in school_codes()
    ]
    rows.append(("合计", *(_value(measure, school_codes(), year) for measure in measures)))
    titles = (_RATES[measure][0] if measure in _RATES else _TITLES[measure] for measure in measures)
    return Grid(("学校", *titles), tuple(rows))


def _value(measure: str, codes: Sequence[str], year: int) -> int | float | str:
    if measure in _RATES:
        _, part, whole = _RATES[measure]
        value = _sum(part, codes, year) / _sum(whole, codes, year)
        return round(value, 1) if measure == "size" else f"{value:.1%}"
    return _sum(measure, codes, year)


def migrants(year: int) -> int:
    """The county's children of migrants (随迁子女)."""
    return _sum("migrants", school_codes(), year)


def _sum(measure: str, codes: Sequence[str], year: int) -> int:
    return sum(_of_school(measure, code, year) for code in codes)


def _of_school(measure: str, code: str, year: int) -> int:
    school = school_figures(code, year)
    if measure == "migrants":
        return school.pupils * (3 + drawn(9, code, year)) // 100
    if measure == "media":
        return school.classes + 1 + drawn(3, code)
    if measure in {"discarded", "bought"}:
        return school.books * (2 if measure == "discarded" else 4) // 100
    return int(getattr(school, measure))


def by_disparity(measure: str, year: int) -> Grid:
    """Shares, mean, deviation and coefficient of one measure, for each stage."""
    names = {unit.code: unit.name for unit in sample_units()}
    rows: list[Row] = []
    for stage in STAGES:
        found = disparity(measure, stage, year)
        pupils, amount = (sum(getattr(one, part) for one in found.shares) for part in ("pupils", "amount"))
        rows += [
            (stage, names[one.code], one.pupils, one.amount, round(one.per_pupil, 4)) for one in found.shares
        ]
        rows += [
            (stage, "全县合计", pupils, amount, round(found.mean, 4)),
            (stage, "加权标准差", "", "", round(found.deviation, 4)),
            (stage, "差异系数", "", "", round(found.coefficient, 4)),
        ]
    return Grid(("学段", "学校", "在校学生", MEASURES[measure], "生均"), tuple(rows))


def _composite(year: int) -> Grid:
    rows: list[Row] = [
        (title, *(f"{disparity(measure, stage, year).coefficient:.3f}" for stage in STAGES))
        for measure, title in MEASURES.items()
    ]
    rows.append(("综合差异系数", *(f"{composite(stage, year):.3f}" for stage in STAGES)))
    return Grid(("单项", *STAGES), tuple(rows))


def _finance(year: int) -> Grid:
    titles = {
        "revenue": "财政经常性收入（万元）",
        "education": "财政性教育支出（万元）",
        "per_pupil": "生均教育费用（元）",
        "public_primary": "小学生均公用经费（元）",
        "public_junior": "初中生均公用经费（元）",
        "wage": "教师年平均工资（元）",
    }
    rows: list[Row] = []
    for name, title in titles.items():
        before, now = int(getattr(finance(year - 1), name)), int(getattr(finance(year), name))
        rows.append((title, before, now, now - before, f"{(now - before) / before:.2%}"))
    return Grid(("项目", f"{year - 1}年", f"{year}年", "增加", "增幅"), tuple(rows))


def _retention(year: int) -> Grid:
    """Graduates over entrants and movers (巩固率), one row per school and stage."""
    rows: list[Row] = []
    for unit in sample_units():
        if unit.code not in school_codes():
            continue
        school = school_figures(unit.code, year)
        for stage, pupils, years in (("小学", school.primary, 6), ("初中", school.junior, 3)):
            if pupils:
                began, came, left, lost = (
                    pupils // years,
                    drawn(4, unit.code, stage, year, "转入"),
                    drawn(4, unit.code, stage, year, "转出"),
                    drawn(2, unit.code, stage, year, "未毕业"),
                )
                whole = began + came - left
                rate = f"{(whole - lost) / whole:.2%}"
                rows.append((unit.name, stage, began, came, left, whole - lost, rate))
    return Grid(("学校", "学段", "招生数", "转入", "转出", "毕业数", "巩固率"), tuple(rows))


def _training(year: int) -> Grid:
    names = {unit.code: unit.name for unit in sample_units()}
    rows: list[Row] = [(names[code], granted(code, year), training(code, year)) for code in school_codes()]
    sums = [sum(count(code, year) for code in school_codes()) for count in (granted, training)]
    return Grid(("学校", "公用经费（元）", "培训费支出（元）"), (*rows, ("合计", *sums)))


def _budget(occasion: Occasion) -> Grid:
    """A school's income and spending in yuan; the two are equal."""
    code, year = occasion.unit.code, occasion.year
    funds, service = granted(code, year), school_figures(code, year).pupils * _SERVICE_YUAN
    spent = {
        "办公和水电": funds * 2 // 5,
        "维修维护": funds * 3 // 10,
        "教师培训": training(code, year),
        "课后服务": service,
    }
    spent["图书和教学用品"] = funds + service - sum(spent.values())
    rows: list[Row] = [("收入", "公用经费拨款", funds), ("收入", "课后服务补助", service)]
    rows += [("支出", title, amount) for title, amount in spent.items()]
    return Grid(("类别", "项目", "金额（元）"), (*rows, ("结余", "收入减支出", 0)))


def _own(occasion: Occasion) -> Grid:
    """The school's figures per pupil against what is asked of its stage."""
    school = school_figures(occasion.unit.code, occasion.year)
    junior = school.junior > school.primary
    asked = {
        "生均教学及辅助用房（平方米）": (school.area, 5.8 if junior else 4.5),
        "生均体育运动场馆（平方米）": (school.sports, 10.2 if junior else 7.5),
        "生均教学仪器设备值（元）": (school.equipment, 2500 if junior else 2000),
        "每百名学生计算机（台）": (school.computers * 100, 12 if junior else 10),
        "生均图书（册）": (school.books, 25 if junior else 20),
    }
    rows = []
    for title, (amount, least) in asked.items():
        value = amount / school.pupils
        rows.append((title, round(value, 2), least, "达标" if value >= least else "未达标"))
    return Grid(("项目", "本校", "要求", "结论"), tuple(rows))


def _fitness(occasion: Occasion) -> Grid:
    """Pupils by grade of fitness; the grades add up to all pupils."""
    whole = school_figures(occasion.unit.code, occasion.year).pupils
    shares = {"优秀": 9 + occasion.drawn(5, "优"), "良好": 34 + occasion.drawn(6, "良"), "不及格": 4}
    counts = {grade: whole * share // 100 for grade, share in shares.items()}
    counts["及格"] = whole - sum(counts.values())
    rows = [(grade, counts[grade]) for grade in ("优秀", "良好", "及格", "不及格")]
    return Grid(
        ("等级", "人数", "占比"), tuple((*row, f"{row[1] / whole:.1%}") for row in (*rows, ("合计", whole)))
    )


def _assets(occasion: Occasion) -> Grid:
    """The school's equipment in yuan by class; the classes add up to its figure."""
    school = school_figures(occasion.unit.code, occasion.year)
    parts = {
        "计算机": (school.computers, school.computers * 3600),
        "多媒体设备": (school.classes, school.classes * 9000),
    }
    left = school.equipment - sum(amount for _, amount in parts.values())
    parts["实验仪器"] = (school.pupils * 2, left * 3 // 5)
    parts["体音美器材"] = (school.pupils, left - left * 3 // 5)
    rows: list[Row] = [(name, count, amount) for name, (count, amount) in parts.items()]
    count, amount = (sum(part[at] for part in parts.values()) for at in (0, 1))
    return Grid(("类别", "数量", "账面原值（元）"), (*rows, ("合计", count, amount)))


OF_THE_COUNTY: Mapping[str, Callable[[int], Grid]] = MappingProxyType(
    {"composite": _composite, "finance": _finance, "retention": _retention, "training": _training}
)
"""Tables that need only the year."""

OF_A_SCHOOL: Mapping[str, Callable[[Occasion], Grid]] = MappingProxyType(
    {"assets": _assets, "budget": _budget, "fitness": _fitness, "own": _own}
)
"""Tables about the occasion's school."""
