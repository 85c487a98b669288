"""A year's coverage, a year's summary and the accountability cases as workbooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dujian_docs.records.accountability_models import AccountabilityCase
from dujian_docs.records.cells import Value
from dujian_docs.supervision.accountability import StepState, missing_parts, steps
from dujian_docs.supervision.coverage import Coverage
from dujian_docs.supervision.findings import Fault
from dujian_docs.supervision.tables import workbook
from dujian_docs.supervision.year_summary import SummaryItem

UNCHECKED, UNFINISHED, IN_FULL = "未查", "没有查全", "已查全"
_RED, _ORANGE = "F8CBAD", "FCE4D6"


def coverage_workbook(found: Coverage, unit_names: Mapping[str, str]) -> bytes:
    """A row for every organisation: how often it was checked, what is wrong, what nobody looked at."""
    columns = (
        ("机构", 30.0),
        ("情况", 12.0),
        ("检查次数", 10.0),
        ("最近一次", 14.0),
        ("不合格", 34.0),
        ("没有查的项目", 40.0),
    )
    rows: list[list[Value]] = []
    for one in found.orgs:
        state = UNCHECKED if not one.checks else UNFINISHED if one.not_looked_at else IN_FULL
        skipped = one.not_looked_at if one.checks else ()
        name = unit_names.get(one.org, one.org)
        rows.append([name, state, one.checks, one.last, "、".join(one.bad), "、".join(skipped)])
    colours = {UNCHECKED: _RED, UNFINISHED: _ORANGE}
    return workbook(f"{found.year}年培训机构检查", columns, rows, colours=colours)


def summary_workbook(
    items: Sequence[SummaryItem], year: int, unit_names: Mapping[str, str], people: Mapping[str, str]
) -> bytes:
    """A row for every matter of the year, numbered through all sections."""
    columns = (
        ("序号", 6.0),
        ("板块", 14.0),
        ("事项", 24.0),
        ("次数", 8.0),
        ("数量", 18.0),
        ("所到单位", 44.0),
        ("人员", 24.0),
        ("日志编号", 30.0),
    )
    rows: list[list[Value]] = [
        [
            one.number,
            one.section,
            one.matter,
            one.times,
            "\n".join(f"{amount:g} {measure}".rstrip() for measure, amount in one.amounts.items()),
            "、".join(unit_names.get(code, code) for code in one.units),
            "、".join(people.get(code, code) for code in one.people),
            "、".join(one.entries),
        ]
        for one in items
    ]
    return workbook(f"{year}年工作汇总", columns, rows, colours={})


def cases_workbook(
    cases: Sequence[AccountabilityCase],
    faults: Sequence[Fault],
    unit_names: Mapping[str, str],
    *,
    today: date,
) -> bytes:
    """A row for every case and each of its nine steps' days; what a decision would lack; what is wrong."""
    heads = [(one.title, 13.0) for one in steps(cases[0], today=today)] if cases else []
    columns = (
        ("案件编号", 13.0),
        ("被问责单位", 22.0),
        ("被问责人", 16.0),
        ("问责方式", 16.0),
        *heads,
        ("决定所缺", 20.0),
        ("问题", 40.0),
    )
    rows: list[list[Value]] = []
    for case in cases:
        told = steps(case, today=today)
        wrong = "\n".join(f"{one.problem}。{one.remedy}" for one in faults if one.code == case.code)
        rows.append(
            [
                case.code,
                unit_names.get(case.unit, case.unit),
                case.person,
                "、".join(case.means),
                *(one.day or one.state.value for one in told),
                "、".join(missing_parts(case)),
                wrong,
            ]
        )
    colours = {StepState.LEFT_OUT.value: _RED, StepState.NOW.value: _ORANGE}
    return workbook("问责案件", columns, rows, colours=colours)
