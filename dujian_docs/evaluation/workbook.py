"""The evaluation as a workbook: our values, and beside them live formulas over the raw data of the schools.

Whoever opens it can follow each figure to the cells it comes from and change them; a column says whether our
value and the formula's agree, and the first sheet says whether all do.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

from openpyxl.workbook import Workbook
from openpyxl.workbook.properties import CalcProperties
from openpyxl.worksheet.worksheet import Worksheet

from dujian_docs.evaluation.figures import UNDETERMINED
from dujian_docs.evaluation.holdings import is_counted
from dujian_docs.evaluation.outcome import Evaluation, SectionBalance
from dujian_docs.evaluation.sheets import AGREE, DISAGREE, Live, Shown, Table, finished, heading
from dujian_docs.evaluation.workbook_balance import RawData, write_coefficients, write_raw, write_schools
from dujian_docs.evaluation.workbook_rest import write_growths, write_rates, write_scores
from dujian_docs.publishing import publish


def write_workbook(found: Evaluation, target: Path) -> Path:
    """The workbook stands at the returned path: ``target``, or ``名称(2).xlsx`` when that is taken.

    Raises:
        StorageFailed: the disk refused.
    """
    return publish(workbook_bytes(found), target)


def workbook_bytes(found: Evaluation) -> bytes:
    """The evaluation as the bytes of a workbook."""
    book = Workbook()
    overview = book.active
    assert isinstance(overview, Worksheet)  # noqa: S101  a new workbook has one sheet
    raws = {name: RawData(name, found.sections) for name in _names(found.sections)}
    checks = []
    if found.sections:
        checks.append(write_coefficients(book, found.sections, raws))
        with_levels = [one for one in found.sections if one.balance.schools]
        checks += [write_schools(book, one, raws[one.balance.section]) for one in with_levels]
        _changes(book.create_sheet("怎样达标"), found.sections)
    checks += [
        *write_growths(book, found.growths),
        *write_scores(book, found),
        *write_rates(book, found.measures),
    ]
    for raw in raws.values():
        write_raw(book, raw, found)
    _overview(overview, found, checks)
    book.calculation = CalcProperties(fullCalcOnLoad=True)
    book.properties.title, book.properties.creator = "评估计算表", "督检文档"
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _overview(sheet: Worksheet, found: Evaluation, checks: Sequence[str]) -> None:
    sheet.title = "结论"
    told = f"{found.school_year} 学年统计，{found.year} 年" if found.school_year else f"{found.year} 年"
    heading(sheet, "评估计算表", f"{told}；蓝字是公式，改动“原始数据”就跟着变，“核对”比较公式和系统算出的值")
    table = Table(sheet, (("项目", 44), ("结论", 12), ("理由", 90)), row=4)
    for section in found.sections:
        made = section.balance
        table.add(f"{made.standard.title}·{made.section}", made.verdict.word, "；".join(made.verdict.reasons))
    for one in found.growths:
        reasons = "；".join(one.verdict.reasons)
        table.add(f"三个增长（{one.unit}，{one.year} 年）", one.verdict.word, reasons)
    for score in found.scores:
        reasons = "；".join((*score.verdict.reasons, *score.faults))
        table.add(f"得分（{score.unit}，{score.year} 年）", score.verdict.word, reasons)
        if score.graded:
            table.add(f"档次（{score.unit}）", score.graded.word, "；".join(score.graded.reasons))
    for measure in found.measures:
        if measure.judged and (measure.whose == "全县" or not measure.verdict.passed):
            reasons = "；".join(measure.verdict.reasons)
            table.add(f"{measure.whose}{measure.title}", measure.verdict.word, reasons)
    for words in (*found.absent, *(lack.words for lack in found.lacks)):
        table.add("缺的数据", UNDETERMINED, words)
    for words in found.contradictions:
        table.add("数据有矛盾", "有矛盾", words)
    wrong = "+".join(f'(ROWS({cells})-COUNTIF({cells},"{AGREE}"))' for cells in checks) or "0"
    verdict = f'IF({wrong}=0,"{AGREE}","{DISAGREE}")'
    table.add("公式与系统算出的值", Live(verdict, "@"), "各表“核对”一栏的合计")
    finished(sheet, freeze="A5")


def _names(sections: Sequence[SectionBalance]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.balance.section for one in sections))


def _changes(sheet: Worksheet, sections: Sequence[SectionBalance]) -> None:
    """What each school alone would have to change, all of it."""
    heading(sheet, "怎样达标", "差异系数：只改这一所学校，其余不变；每校标准：这一所学校还差多少")
    table = Table(
        sheet,
        (
            ("口径", 18),
            ("指标", 36),
            ("学校", 28),
            ("现值", 11),
            ("应达到", 11),
            ("增加", 12),
            ("或减少", 12),
        ),
        row=4,
    )
    for section in sections:
        made = section.balance
        name = f"{made.standard.title}·{made.section}"
        for over in section.overruns:
            style = "0" if is_counted(over.item.code) else "0.00"
            for way in over.ways:
                values = Shown(over.cv, "0.0000"), Shown(over.limit, "0.0000")
                table.add(
                    name, over.item.title, way.school, *values, Shown(way.more, style), Shown(way.less, style)
                )
        for short in section.shortfalls:
            style = "0" if is_counted(short.item.code) else "0.00"
            values = Shown(short.value, "0.00"), Shown(short.level, "0.00")
            table.add(name, short.item.title, short.school, *values, Shown(short.more, style), None)
    finished(sheet, freeze="A5")
