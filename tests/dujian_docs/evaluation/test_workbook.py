"""The workbook's live formulas come to what we computed, as LibreOffice sees them."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from dujian_docs.evaluation import CountyRecords, Evaluation, RateRules, RetentionFormula, Rules, evaluate
from dujian_docs.evaluation.workbook import workbook_bytes, write_workbook
from dujian_docs.records import Finding, Indicator, Unit
from dujian_docs.records.score_models import Score
from dujian_docs.records.statistic_models import Finance, SchoolStatistics
from dujian_docs.sample import sample_records, sample_tree

Recalculate = Callable[[Path], Workbook]


def records() -> CountyRecords:
    told = sample_records()
    return CountyRecords(
        units=[one for one in told if isinstance(one, Unit)],
        statistics=[one for one in told if isinstance(one, SchoolStatistics)],
        finances=[one for one in told if isinstance(one, Finance)],
        filing_list=sample_tree().filing_list,
        indicators=[one for one in told if isinstance(one, Indicator)],
        scores=[one for one in told if isinstance(one, Score)],
        findings=[one for one in told if isinstance(one, Finding)],
    )


USUAL = Rules()


def evaluated(told: CountyRecords, rules: Rules = USUAL) -> Evaluation:
    return evaluate(told, school_year="2025-2026", year=2026, today=date(2026, 11, 20), rules=rules)


def with_figures(told: CountyRecords, school: str, **figures: int | None) -> CountyRecords:
    """The school's statistics of the newest year say so."""
    changed = [
        one.model_copy(update=figures) if (one.school, one.school_year) == (school, "2025-2026") else one
        for one in told.statistics
    ]
    return replace(told, statistics=changed)


@pytest.fixture(scope="module")
def recalculate(need_program: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory) -> Recalculate:
    """Gives a function: the workbook with every formula's result as LibreOffice finds it."""
    program = need_program("soffice")
    folder = tmp_path_factory.mktemp("soffice")

    def recalculated(path: Path) -> Workbook:
        target = folder / path.stem
        subprocess.run(
            [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless",
             "--convert-to", "xlsx", "--outdir", str(target), str(path)],
            check=True, capture_output=True, timeout=300,
        )  # fmt: skip
        return load_workbook(target / path.name, data_only=True)

    return recalculated


def column(book: Workbook, sheet: str, head: str) -> list[object]:
    """The cells under a head, which stands in row 4."""
    rows = list(book[sheet].iter_rows(min_row=4, values_only=True))
    at = rows[0].index(head)
    return [row[at] for row in rows[1:]]


def pairs(book: Workbook) -> Sequence[tuple[str, str, str]]:
    """Every sheet with a column of ours and one of formulas beside it."""
    named = (
        ("差异系数", "均值", "均值（公式）"),
        ("差异系数", "标准差", "标准差（公式）"),
        ("差异系数", "差异系数", "差异系数（公式）"),
        ("每校达标·小学", "判定", "判定（公式）"),
        ("每校达标·初中", "判定", "判定（公式）"),
        ("三个增长", "增长率（%）", "公式"),
        ("得分", "得分", "公式"),
        ("巩固率", "值（%）", "公式"),
        ("比率", "值（%）", "公式"),
    )
    assert {sheet for sheet, *_ in named} < set(book.sheetnames)
    return named


def agree(ours: object, theirs: object) -> bool:
    if isinstance(ours, int | float) and isinstance(theirs, int | float):
        return theirs == pytest.approx(ours, rel=1e-9)
    return ours == theirs


def test_formulas_and_values_agree(tmp_path: Path, recalculate: Recalculate) -> None:
    found = evaluated(records())
    book = recalculate(write_workbook(found, tmp_path / "计算表.xlsx"))
    compared = 0
    for sheet, ours, theirs in pairs(book):
        for mine, live in zip(column(book, sheet, ours), column(book, sheet, theirs), strict=True):
            assert agree(mine, live), (sheet, ours, mine, live)
            compared += mine is not None
    assert compared > 150
    assert column(book, "结论", "结论")[-1] == "一致"
    assert found.sections[0].balance.composite.value == pytest.approx(0.2142, abs=0.0001)
    assert pytest.approx(column(book, "差异系数", "差异系数（公式）")[8], abs=0.0001) == 0.2142


def test_what_is_not_known_is_not_known_by_formula_either(tmp_path: Path, recalculate: Recalculate) -> None:
    told = with_figures(records(), "S003", books=None)
    lost = replace(told, scores=told.scores[1:], finances=told.finances[1:2])
    book = recalculate(write_workbook(evaluated(lost), tmp_path / "缺数.xlsx"))
    assert column(book, "结论", "结论")[-1] == "一致"
    for sheet, _, theirs in pairs(book):
        if sheet not in {"巩固率", "每校达标·小学", "每校达标·初中"} and theirs != "判定（公式）":
            assert "无法判定" in column(book, sheet, theirs), sheet
    rows = list(book["结论"].iter_rows(min_row=5, values_only=True))
    assert ("缺的数据", "无法判定") in {row[:2] for row in rows}


@pytest.mark.parametrize(("formula", "shown"), [(RetentionFormula.A, 100), (RetentionFormula.B, "无法判定")])
def test_more_graduates_than_pupils_are_the_same_to_the_formula(
    formula: RetentionFormula, shown: object, tmp_path: Path, recalculate: Recalculate
) -> None:
    told = with_figures(records(), "S001", graduates=200)
    found = evaluated(told, Rules(rates=RateRules(formula)))
    book = recalculate(write_workbook(found, tmp_path / f"巩固率{formula.label}.xlsx"))
    rows = dict(zip(column(book, "巩固率", "范围"), column(book, "巩固率", "公式"), strict=False))
    assert rows["青溪镇中心小学"] == shown
    assert set(column(book, "巩固率", "核对")) == {"一致"}


def test_a_changed_number_shows_as_disagreement(tmp_path: Path, recalculate: Recalculate) -> None:
    path = write_workbook(evaluated(records()), tmp_path / "改过.xlsx")
    book = load_workbook(path)
    sheet = book["原始数据·小学"]
    books = next(cell.column for cell in sheet[4] if cell.value == "图书册数")
    sheet.cell(5, books).value = 99_000
    book.save(path)
    again = recalculate(path)
    assert column(again, "结论", "结论")[-1] == "不一致"
    wanted = evaluated(with_figures(records(), "S001", books=99_000)).sections[0].balance
    titles, values = column(again, "差异系数", "指标"), column(again, "差异系数", "差异系数（公式）")
    cells = dict(zip(titles[:9], values[:9], strict=True))
    assert cells["生均图书册数"] == pytest.approx(wanted.disparities["books"].cv.value)
    assert cells["综合差异系数"] == pytest.approx(wanted.composite.value)


def test_a_county_without_records_has_a_workbook_that_says_so(tmp_path: Path) -> None:
    path = tmp_path / "空.xlsx"
    path.write_bytes(workbook_bytes(evaluated(CountyRecords())))
    words = [cell for row in load_workbook(path)["结论"].iter_rows(values_only=True) for cell in row if cell]
    assert any("没有学校统计" in str(word) for word in words)
