from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dujian_docs.records import WorkbookRows, columns_of, kind_of, read_workbook, write_form

UNIT = {"code": "S001", "name": "青溪镇中心小学", "unit_type": "学校"}
Edit = Callable[[Workbook, Worksheet], None]


@pytest.fixture
def fill(tmp_path: Path) -> Callable[..., Path]:
    """Gives a function: the form of a kind with rows typed below its head, then edited."""

    def filled(*rows: list[Any], kind: str = "单位", edit: Edit | None = None) -> Path:
        path = write_form(kind, tmp_path / f"{kind}.xlsx", links={})
        workbook = openpyxl.load_workbook(path)
        for row in rows:
            workbook[kind].append(row)
        if edit:
            edit(workbook, workbook[kind])
        workbook.save(path)
        return path

    return filled


def only(read: WorkbookRows) -> dict[str, Any]:
    (row,) = read.rows
    assert row.faults == ()
    return dict(row.values)


def test_blanks_around_are_trimmed_and_empty_rows_skipped(fill: Callable[..., Path]) -> None:
    path = fill([None, " "], ["\u00a0S001\u3000", "青溪镇中心小学\n", "学校"], [], ["\u3000"])
    (row,) = read_workbook(path).rows
    assert row.number == 3
    unit = kind_of("unit").model.model_validate(row.values)
    assert unit == kind_of("unit").model.model_validate(UNIT)


@pytest.mark.parametrize("word", ["无", "—", "暂无", "/", "－", "  "])
def test_blank_words_are_nothing(fill: Callable[..., Path], word: str) -> None:
    assert only(read_workbook(fill(["S001", "甲", "学校", word, word, word]))) == {**UNIT, "name": "甲"}


def test_no_is_not_nothing_in_a_column_of_yes_and_no(fill: Callable[..., Path]) -> None:
    path = fill(["YL2026", "C1-01", "C1", "甲", None, None, None, None, "无", "有"], kind="应备件")
    values = only(read_workbook(path))
    assert (values["copy_allowed"], values["seal_required"]) == ("无", "有")


def _typed(formula: Any = None, data_type: str = "") -> Edit:
    def edit(_: Workbook, sheet: Worksheet) -> None:
        cell = sheet["B2"]
        cell.value = formula
        if data_type:
            cell.data_type = data_type

    return edit


@pytest.mark.parametrize("word", ["#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NAME?"])
def test_an_error_cell_is_named(fill: Callable[..., Path], word: str) -> None:
    (row,) = read_workbook(fill(["S001", None, "学校"], edit=_typed(word, "e"))).rows
    (fault,) = row.faults
    assert (fault.sheet, fault.row, fault.column, fault.address) == ("单位", 2, "B", "B2")
    assert (fault.label, fault.value, fault.problem) == ("单位名称", word, "是表格的错误值")


def test_a_formula_that_was_never_calculated_is_named(fill: Callable[..., Path]) -> None:
    (row,) = read_workbook(fill(["S001", None, "学校"], edit=_typed('=A2&"校"'))).rows
    (fault,) = row.faults
    assert (fault.address, fault.problem) == ("B2", "公式没有计算结果")
    assert "请用 WPS 打开保存一次" in fault.remedy
    assert fault.value == '=A2&"校"'
    assert row.values["unit_type"] == "学校"


def _saved_as(path: Path, cell: str) -> Path:
    """The workbook with B2 as another program saved it."""
    held = io.BytesIO()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            data = old.read(member)
            if member.filename == "xl/worksheets/sheet1.xml":
                data, count = re.subn(rb'<c r="B2".*?</c>', cell.encode(), data, flags=re.DOTALL)
                assert count == 1
            new.writestr(member, data)
    path.write_bytes(held.getvalue())
    return path


@pytest.mark.parametrize(
    ("saved", "name"),
    [
        ('<c r="B2" t="str"><f>A2</f><v>青溪小学</v></c>', "青溪小学"),
        ('<c r="B2"><f>A2</f><v>12</v></c>', 12),
        ('<c r="B2" t="str"><f>A2</f><v></v></c>', None),
    ],
)
def test_a_formula_gives_its_saved_result(fill: Callable[..., Path], saved: str, name: object) -> None:
    path = fill(["S001", None, "学校"], edit=_typed("=A2"))
    (row,) = read_workbook(_saved_as(path, saved)).rows
    assert row.faults == ()
    assert row.values.get("name") == name


def test_a_formula_that_failed_is_named(fill: Callable[..., Path]) -> None:
    path = fill(["S001", None, "学校"], edit=_typed("=A2"))
    (row,) = read_workbook(_saved_as(path, '<c r="B2" t="e"><f>A2</f><v>#N/A</v></c>')).rows
    assert [(fault.address, fault.value) for fault in row.faults] == [("B2", "#N/A")]


def test_real_days_and_counted_days_are_days(fill: Callable[..., Path]) -> None:
    rows = [
        ["JH1", "甲", 2026, "G001", datetime(2026, 3, 5), 46086],
        ["JH2", "乙", "2026年", "G001", "2026.3.5"],
    ]
    first, second = read_workbook(fill(*rows, kind="评估项目")).rows
    assert first.values["start_date"] == datetime(2026, 3, 5)
    assert first.values["end_date"] == datetime(2026, 3, 5)
    assert second.values["start_date"] == "2026.3.5"


def test_days_counted_from_1904_are_right(fill: Callable[..., Path]) -> None:
    def edit(workbook: Workbook, _: Worksheet) -> None:
        workbook.epoch = CALENDAR_MAC_1904

    serial = (date(2026, 3, 5) - date(1904, 1, 1)).days
    values = only(read_workbook(fill(["JH1", "甲", 2026, "G001", serial], kind="评估项目", edit=edit)))
    assert values["start_date"] == datetime(2026, 3, 5)


def test_leading_zeros_that_only_the_format_shows_are_kept(fill: Callable[..., Path]) -> None:
    def edit(_: Workbook, sheet: Worksheet) -> None:
        sheet["A2"].number_format = "0000"

    assert only(read_workbook(fill([7, "甲", "学校"], edit=edit)))["code"] == "0007"


def test_per_cents_that_only_the_format_shows_are_kept(fill: Callable[..., Path]) -> None:
    visit = ["JL1", "问卷走访", "P1", None, "S1", "2026-3-5"]
    at = [column.name for column in columns_of(kind_of("督学记录").model)].index("satisfied") + 1

    def edit(_: Workbook, sheet: Worksheet) -> None:
        for row, (value, form) in enumerate([(0.965, "0.0%"), (96.5, "General")], start=2):
            sheet.cell(row, at, value).number_format = form

    read = read_workbook(fill(visit, visit, kind="督学记录", edit=edit))
    assert [row.values["satisfied"] for row in read.rows] == [96.5, 96.5]


def test_cells_merged_down_hold_for_every_row(fill: Callable[..., Path]) -> None:
    def edit(_: Workbook, sheet: Worksheet) -> None:
        sheet.merge_cells("D2:D4")

    rows = [["S001", "甲", "学校", "T001"], ["S002", "乙", "学校"], ["S003", "丙", "学校"]]
    read = read_workbook(fill(*rows, edit=edit))
    assert [row.values["parent"] for row in read.rows] == ["T001"] * 3


def test_cells_merged_across_are_named(fill: Callable[..., Path]) -> None:
    def edit(_: Workbook, sheet: Worksheet) -> None:
        sheet.merge_cells("E2:F2")

    (row,) = read_workbook(fill(["S001", "甲", "学校", "T001", "乙"], edit=edit)).rows
    assert [(fault.address, fault.label) for fault in row.faults] == [("E2", "别名")]
    assert "E2:F2" in row.faults[0].problem


def test_a_heading_above_the_head_is_no_harm(fill: Callable[..., Path]) -> None:
    def edit(_: Workbook, sheet: Worksheet) -> None:
        sheet.insert_rows(1, 2)
        sheet["A1"] = "云岭县单位一览表"

    (row,) = read_workbook(fill(["S001", "甲", "学校"], edit=edit)).rows
    assert (row.number, row.values["code"]) == (4, "S001")


def test_a_head_that_was_spaced_or_starred_otherwise_is_known(fill: Callable[..., Path]) -> None:
    def edit(_: Workbook, sheet: Worksheet) -> None:
        sheet["A1"], sheet["B1"], sheet["C1"] = "单位\n代码", "＊单位名称", " 单位类别 "
        sheet.title = "单位（改）"

    assert only(read_workbook(fill(["S001", "甲", "学校"], edit=edit)))["name"] == "甲"


def test_a_stray_formatted_cell_at_the_bottom_costs_nothing(fill: Callable[..., Path]) -> None:
    def edit(_: Workbook, sheet: Worksheet) -> None:
        sheet["I1048576"].number_format = "@"

    assert only(read_workbook(fill(["S001", "甲", "学校"], edit=edit)))["code"] == "S001"


def test_a_written_carriage_return_is_dropped(fill: Callable[..., Path]) -> None:
    values = only(read_workbook(fill(["S001", "甲", "学校", None, None, None, "一_x000D_\n二"])))
    assert values["address"] == "一\n二"
