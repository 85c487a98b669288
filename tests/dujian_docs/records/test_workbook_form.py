from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.datavalidation import DataValidation

from dujian_docs.errors import UsageInvalid
from dujian_docs.records import KINDS, Unit, columns_of, export_records, kind_of, link_kinds, write_form
from dujian_docs.records.cells import cell_value
from dujian_docs.records.workbook_form import advice_of, example_of

MakeUnit = Callable[..., Unit]


def rules(path: Path, sheet: str) -> dict[str, DataValidation]:
    """The checks of a sheet by column letter."""
    found = openpyxl.load_workbook(path)[sheet].data_validations.dataValidation
    return {str(rule.sqref)[0]: rule for rule in found}


def test_a_form_has_its_sheets_head_and_mark(tmp_path: Path) -> None:
    path = write_form("单位", tmp_path / "单位.xlsx", links={})
    workbook = openpyxl.load_workbook(path)
    assert workbook.sheetnames == ["单位", "说明", "字典", "_meta"]
    assert [workbook[name].sheet_state for name in workbook.sheetnames] == [
        "visible",
        "visible",
        "hidden",
        "hidden",
    ]
    sheet = workbook["单位"]
    assert [cell.value for cell in sheet[1]][:5] == [
        "单位代码*",
        "单位名称*",
        "单位类别*",
        "上级单位",
        "别名",
    ]
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:I2"
    assert sheet.max_row == 1
    assert {row[0].value: row[1].value for row in workbook["_meta"].iter_rows()} == {
        "format": "dujian-records",
        "kind": "unit",
        "schema": 1,
    }


def test_codes_and_ids_are_text_and_days_are_days(tmp_path: Path) -> None:
    person = openpyxl.load_workbook(write_form("人员", tmp_path / "a.xlsx", links={}))["人员"]
    assert [person.column_dimensions[letter].number_format for letter in "ABCFG"] == [
        "@",
        "General",
        "@",
        "@",
        "@",
    ]
    campaign = openpyxl.load_workbook(write_form("评估项目", tmp_path / "b.xlsx", links={}))["评估项目"]
    assert campaign.column_dimensions["E"].number_format == "yyyy-mm-dd"
    assert all(campaign.column_dimensions[letter].width >= 12 for letter in "ABCDEFGH")


def test_dropdowns_stand_in_the_hidden_sheet(tmp_path: Path) -> None:
    path = write_form("单位", tmp_path / "单位.xlsx", links={"unit": ("G001", "T001")})
    rule = rules(path, "单位")
    assert rule["C"].formula1 == "=字典!$C$2:$C$6"
    assert rule["D"].formula1 == "=字典!$D$2:$D$3"
    assert rule["D"].errorStyle == "warning"  # a unit of the same sheet may be meant
    words = openpyxl.load_workbook(path)["字典"]
    assert [words.cell(row, 3).value for row in range(1, 7)] == [
        "单位类别", "政府", "部门", "乡镇", "学校", "培训机构",
    ]  # fmt: skip
    assert [words.cell(row, 4).value for row in range(2, 5)] == ["G001", "T001", None]
    assert str(rule["C"].sqref) == "C2:C5001"


def test_links_within_a_filing_list_offer_the_last_part_of_the_key(tmp_path: Path) -> None:
    path = write_form(
        "指标", tmp_path / "a.xlsx", links={"indicator": ("YL2025/A1", "YL2026/A1", "YL2026/B1")}
    )
    words = openpyxl.load_workbook(path)["字典"]
    assert [words.cell(row, 4).value for row in range(1, 5)] == ["上级指标", "A1", "B1", None]


def test_a_wrong_day_is_told_in_chinese(tmp_path: Path) -> None:
    rule = rules(write_form("评估项目", tmp_path / "a.xlsx", links={}), "评估项目")
    assert rule["E"].type == "date"
    assert "2026年3月5日" in str(rule["E"].error)
    assert rule["C"].type == "whole"
    for one in rule.values():
        assert len(str(one.error)) <= 255
        assert len(str(one.prompt)) <= 255
        assert len(str(one.errorTitle)) <= 32


def test_every_column_of_every_kind_is_explained(tmp_path: Path) -> None:
    for kind in KINDS:
        path = write_form(kind, tmp_path / f"{kind.name}.xlsx", links={})
        advice = openpyxl.load_workbook(path)["说明"]
        told = {row[0]: row for row in advice.iter_rows(min_row=7, values_only=True)}
        assert list(told) == [column.title for column in columns_of(kind.model)]
        for column in columns_of(kind.model):
            assert (told[column.title][1] == "是") is column.required
            assert "；；" not in advice_of(column)


def test_examples_of_required_columns_are_themselves_right() -> None:
    for kind in KINDS:
        for column in columns_of(kind.model):
            if column.required and column.choices:
                assert example_of(column) in column.choices
    examples = {column.name: example_of(column) for column in columns_of(Unit)}
    unit = {name: example for name, example in examples.items() if example}
    assert Unit.model_validate({**unit, "name": "甲"}).code == "S003"


def test_link_kinds_are_listed_once() -> None:
    assert link_kinds(kind_of("督导活动")) == ("campaign", "unit", "person")
    assert link_kinds(kind_of("建档目录")) == ()


def test_a_namesake_is_not_overwritten(tmp_path: Path, unit: MakeUnit) -> None:
    first = write_form("单位", tmp_path / "单位.xlsx", links={})
    held = first.read_bytes()
    second = export_records("单位", (unit(),), tmp_path / "单位.xlsx")
    assert second.name == "单位(2).xlsx"
    assert first.read_bytes() == held


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x","y")', "+86", "-甲", "@SUM(A1)", "=cmd|' /C calc'!A0"]
)
def test_exported_text_is_never_a_formula(tmp_path: Path, unit: MakeUnit, text: str) -> None:
    path = export_records("单位", (unit(name=text),), tmp_path / "a.xlsx")
    cell = openpyxl.load_workbook(path)["单位"]["B2"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)


def test_an_unknown_suffix_is_refused(tmp_path: Path, unit: MakeUnit) -> None:
    with pytest.raises(UsageInvalid, match=r"a\.csv"):
        export_records("单位", (unit(),), tmp_path / "a.csv")


def test_a_cell_holds_what_a_person_would_write(unit: MakeUnit) -> None:
    columns = {column.name: column for column in columns_of(Unit)}
    one = unit(aliases=("甲", "乙"))
    assert cell_value(one, columns["aliases"]) == "甲、乙"
    assert cell_value(one, columns["unit_type"]) == "学校"
    assert cell_value(one, columns["parent"]) is None
    assert cell_value(one, columns["stage"]) is None


def test_libreoffice_opens_a_form_and_evaluates_nothing(
    tmp_path: Path, unit: MakeUnit, need_program: Callable[[str], str]
) -> None:
    soffice = need_program("soffice")
    path = export_records(
        "单位", (unit(name="=1+1", address='=HYPERLINK("http://x","y")'),), tmp_path / "a.xlsx"
    )
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [soffice, profile, "--headless", "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76",
         "--outdir", str(tmp_path), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    told = (tmp_path / "a.csv").read_text("utf-8")
    assert "=1+1" in told
    assert "=HYPERLINK" in told
