"""The workbook's other sheets: three growths, the tree of points, rates, each with live formulas beside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from openpyxl.workbook import Workbook

from dujian_docs.evaluation.figures import UNDETERMINED
from dujian_docs.evaluation.growths import FinanceYear
from dujian_docs.evaluation.measured import Measure
from dujian_docs.evaluation.outcome import Evaluation, FinanceGrowths
from dujian_docs.evaluation.rates import COMPLETION
from dujian_docs.evaluation.retention import RetentionFormula
from dujian_docs.evaluation.scored import UnitScore
from dujian_docs.evaluation.sheets import (
    Live,
    Shown,
    Table,
    agreement,
    finished,
    heading,
    known,
    span,
)
from dujian_docs.records.filing_models import Indicator


def write_growths(book: Workbook, growths: Sequence[FinanceGrowths]) -> Iterator[str]:
    """The sheet of the three growths is in the book; tells where it says whether values agree."""
    if not growths:
        return
    sheet = book.create_sheet("三个增长")
    heading(
        sheet,
        "教育经费三个增长",
        "增长率＝（本年−上年）÷上年；财政教育拨款的增长要高于财政经常性收入，其余都要增长",
    )
    table = Table(
        sheet,
        (("单位", 26), ("年度", 8), ("项目", 26), ("上年（元）", 16), ("本年（元）", 16), ("增长率（%）", 12),
         ("公式", 12), ("核对", 8), ("结论", 10)),
        row=4,
    )  # fmt: skip
    first = table.row
    for one in growths:
        last, this = _amounts(one.last), _amounts(one.this)
        for growth in one.growths:
            for name, figure in growth.rates.items():
                row = table.row
                known_both = f"IF(AND(COUNT(D{row}:E{row})=2,N(D{row})>0,N(E{row})>=0)"
                table.add(
                    one.unit, one.year, name, Shown(last.get(name), "#,##0.00"),
                    Shown(this.get(name), "#,##0.00"), known(figure.value),
                    Live(f'{known_both},100*(E{row}-D{row})/D{row},"{UNDETERMINED}")', "0.00"),
                    agreement(f"F{row}", f"G{row}"), growth.verdict.word,
                )  # fmt: skip
                sheet[f"F{row}"].number_format = "0.00"
    finished(sheet, freeze="D5")
    yield span(sheet.title, 8, first, table.row - 1)


def _amounts(year: FinanceYear) -> dict[str, float | None]:
    """The year's amounts by the names of the growth rates."""
    return {
        "财政教育拨款": year.grants,
        "财政经常性收入": year.recurrent_revenue,
        "教师工资": year.teacher_pay,
        **{f"{section}生均教育费用": amount for section, amount in year.spending_per_pupil.items()},
        **{f"{section}生均公用经费": amount for section, amount in year.public_funds_per_pupil.items()},
    }


def write_scores(book: Workbook, found: Evaluation) -> Iterator[str]:
    """The sheet of points is in the book; tells where it says whether sums agree."""
    scored = [one for one in found.scores if one.sheet is not None]
    if not scored:
        return
    sheet = book.create_sheet("得分")
    heading(sheet, f"得分（{found.list_title}）", "上级指标的公式是下级得分之和")
    table = Table(
        sheet,
        (("单位", 26), ("指标", 8), ("名称", 36), ("分值", 8), ("得分", 10), ("公式", 10), ("核对", 8)),
        row=4,
    )
    first = table.row
    for one in scored:
        _points(table, one, found.indicators)
    finished(sheet, freeze="C5")
    yield span(sheet.title, 7, first, table.row - 1)


def _points(table: Table, one: UnitScore, indicators: Sequence[Indicator]) -> None:
    """One unit's rows; an indicator comes before those below it, whose rows are therefore counted ahead."""
    ordered = list(_walk(indicators, ""))
    rows = {node.code: table.row + at for at, node in enumerate(ordered)}
    assert one.sheet is not None  # noqa: S101  the caller left the others out
    for node in ordered:
        below = [f"F{rows[other.code]}" for other in ordered if other.parent == node.code]
        value = one.sheet.sums.get(node.code)
        row = table.row
        formula = _sum(below) if below else f'IF(COUNT(E{row})=1,E{row},"{UNDETERMINED}")'
        table.add(
            one.unit, node.code, node.title, node.points, known(None if value is None else float(value)),
            Live(formula, "0.00"), agreement(f"E{row}", f"F{row}"),
        )  # fmt: skip
    row = table.row
    total = None if one.sheet.total is None else float(one.sheet.total)
    tops = [f"F{rows[node.code]}" for node in ordered if not node.parent]
    points = sum(node.points for node in ordered if not node.parent)
    table.add(
        one.unit, "总分", "", points, known(total), Live(_sum(tops), "0.00"), agreement(f"E{row}", f"F{row}")
    )


def _sum(cells: Sequence[str]) -> str:
    listed = ",".join(cells)
    return f'IF(COUNT({listed})={len(cells)},SUM({listed}),"{UNDETERMINED}")'


def _walk(indicators: Sequence[Indicator], parent: str) -> Iterator[Indicator]:
    for node in indicators:
        if node.parent == parent:
            yield node
            yield from _walk(indicators, node.code)


def write_rates(book: Workbook, measures: Sequence[Measure]) -> Iterator[str]:
    """The sheets of rates are in the book; tells where they say whether values agree."""
    plain = [one for one in measures if len(one.inputs) == 2]
    cohorts = [one for one in measures if len(one.inputs) > 2]
    if cohorts:
        sheet = book.create_sheet("巩固率")
        heading(
            sheet,
            "巩固率",
            "式甲＝毕业÷（入学＋转入−转出），最多 100%；式乙＝（毕业−转入＋转出）÷（入学−死亡）",
        )
        numbers = [(title, 10.0) for title, _ in cohorts[0].inputs]
        yield _rates(Table(sheet, [*_WHOSE, *numbers, *_RESULT], row=4), cohorts)
    if plain:
        sheet = book.create_sheet("比率")
        heading(sheet, "比率", "分子和分母是什么，写在“说明”里；分母为 0 或缺数的无法判定")
        yield _rates(Table(sheet, [*_WHOSE, ("分子", 12.0), ("分母", 12.0), *_RESULT], row=4), plain)


_WHOSE = (("项目", 34.0), ("范围", 28.0))
_RESULT = (("值（%）", 10.0), ("公式", 10.0), ("核对", 8.0), ("应达到（%）", 11.0), ("说明", 40.0))


def _rates(table: Table, measures: Sequence[Measure]) -> str:
    first = table.row
    letters = "CDEFGHIJKL"
    ours, theirs = (letters[len(measures[0].inputs) + at] for at in (0, 1))
    for one in measures:
        row = table.row
        plain = "÷".join(title for title, _ in one.inputs) if len(one.inputs) == 2 else ""
        told = one.figure.reason or plain
        value = Shown(one.figure.value, "0.00") if one.figure.value is not None else UNDETERMINED
        table.add(
            one.title, one.whose, *(number for _, number in one.inputs), value, _formula(one, row),
            agreement(f"{ours}{row}", f"{theirs}{row}"), one.least, told,
        )  # fmt: skip
    finished(table.sheet, freeze="C5")
    return span(table.sheet.title, 3 + len(measures[0].inputs) + 2, first, table.row - 1)


def _formula(one: Measure, row: int) -> Live:
    """The rate over the cells C, D … of its row; the same refusals as ours."""
    count = len(one.inputs)
    numbers = f"C{row}:{'CDEFG'[count - 1]}{row}"
    if one.figure.formula == RetentionFormula.A:
        part, base, most = f"D{row}", f"(C{row}+E{row}-F{row})", "MIN(100,{})"
    elif one.figure.formula == RetentionFormula.B:
        part, base, most = f"(D{row}-E{row}+F{row})", f"(C{row}-G{row})", "{}"
    else:
        part, base, most = f"C{row}", f"D{row}", "{}"
    capped = one.figure.formula in {RetentionFormula.A, COMPLETION.formula}
    sound = f"{base}>0,{part}>=0" + ("" if capped else f",{part}<={base}")
    share = most.format(f"100*{part}/{base}")
    return Live(
        f'IF(COUNT({numbers})<{count},"{UNDETERMINED}",IF(AND({sound}),{share},"{UNDETERMINED}"))', "0.00"
    )
