from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from dujian_docs.errors import InputInvalid
from dujian_docs.records import RecordStore, apply_import, plan_import, write_form, write_marked_copy

AT = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
RED = "FFFF9999"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = write_form("单位", tmp_path / "单位.xlsx", links={})
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["单位"]
    sheet.append(["S001", "甲", "学校"])
    sheet.append(["S002", None, "医院"])
    sheet.append(["S003", "=1+1", "学校", "T009"])
    workbook.save(path)
    return path


def red(sheet: Worksheet) -> list[str]:
    return [cell.coordinate for row in sheet.iter_rows() for cell in row if cell.fill.fgColor.rgb == RED]


def commented(sheet: Worksheet) -> dict[str, str]:
    return {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}


def test_wrong_cells_are_red_with_a_comment_and_the_original_is_untouched(
    store: RecordStore, source: Path, tmp_path: Path
) -> None:
    before = source.read_bytes()
    plan = plan_import(source, store)
    marked = write_marked_copy(plan, tmp_path / "副本.xlsx")
    assert marked == tmp_path / "副本.xlsx"
    assert source.read_bytes() == before
    sheet = openpyxl.load_workbook(marked)["单位"]
    assert red(sheet) == ["B3", "C3", "B4", "D4"]
    assert list(commented(sheet)) == ["B3", "C3", "B4", "D4"]
    assert commented(sheet)["C3"] == (
        "现在填的：医院\n问题：只能填：政府、部门、乡镇、学校、培训机构\n怎么改：从给出的几项里选一项"
    )
    assert commented(sheet)["B3"].startswith("现在是空的\n问题：必填")
    results = [sheet.cell(row, 10).value for row in range(1, 5)]
    assert results == [
        "校验结果",
        "新增",
        "有错：单位名称：必填，不能空着；单位类别：只能填：政府、部门、乡镇、学校、培训机构",
        "有错：单位名称：公式没有计算结果；上级单位：没有单位 T009",
    ]


def test_the_first_sheet_lists_the_faults_with_links(
    store: RecordStore, source: Path, tmp_path: Path
) -> None:
    marked = write_marked_copy(plan_import(source, store), tmp_path / "副本.xlsx")
    workbook = openpyxl.load_workbook(marked)
    assert workbook.sheetnames[0] == "问题清单"
    assert workbook.active is workbook["问题清单"]
    rows = list(workbook["问题清单"].iter_rows(values_only=True))
    assert rows[0] == ("序号", "位置", "列名", "现在填的", "问题", "怎么改")
    assert [row[1] for row in rows[1:]] == ["B3", "C3", "B4", "D4"]
    link = workbook["问题清单"]["B2"].hyperlink
    assert link is not None
    assert link.location == "'单位'!B3"
    shown = workbook["问题清单"]["D4"]
    assert (shown.value, shown.data_type) == ("=1+1", "s")


def test_a_mended_copy_is_imported_as_if_it_were_the_form(
    store: RecordStore, source: Path, tmp_path: Path
) -> None:
    apply_import(plan_import(source, store), store, "李四", AT)
    marked = write_marked_copy(plan_import(source, store), tmp_path / "副本.xlsx")
    workbook = openpyxl.load_workbook(marked)
    sheet = workbook["单位"]
    sheet["B3"], sheet["C3"], sheet["B4"] = "乙", "学校", "丙"
    workbook.save(marked)
    plan = plan_import(marked, store)
    assert [one.key for one in plan.unchanged] == ["S001"]
    assert [one.key for one in plan.added] == ["S002"]
    assert [fault.address for fault in plan.wrong] == ["D4"]


def test_marking_a_marked_copy_leaves_no_old_marks(store: RecordStore, source: Path, tmp_path: Path) -> None:
    first = write_marked_copy(plan_import(source, store), tmp_path / "副本.xlsx")
    workbook = openpyxl.load_workbook(first)
    sheet = workbook["单位"]
    sheet["B3"], sheet["C3"], sheet["B4"] = "乙", "学校", "丙"
    workbook.save(first)
    second = write_marked_copy(plan_import(first, store), tmp_path / "副本.xlsx")
    assert second == tmp_path / "副本(2).xlsx"
    workbook = openpyxl.load_workbook(second)
    assert workbook.sheetnames == ["问题清单", "单位", "说明", "字典", "_meta"]
    sheet = workbook["单位"]
    assert red(sheet) == ["D4"]
    assert list(commented(sheet)) == ["D4"]
    assert [sheet.cell(row, 10).value for row in range(1, 5)] == [
        "校验结果", "新增", "新增", "有错：上级单位：没有单位 T009",
    ]  # fmt: skip
    assert sheet.max_column == 10


def test_dropdowns_and_hidden_sheets_survive(store: RecordStore, source: Path, tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(write_marked_copy(plan_import(source, store), tmp_path / "副本.xlsx"))
    assert workbook["字典"].sheet_state == workbook["_meta"].sheet_state == "hidden"
    assert len(workbook["单位"].data_validations.dataValidation) >= 1


def test_a_fault_in_merged_cells_is_marked_where_the_value_stands(
    store: RecordStore, source: Path, tmp_path: Path
) -> None:
    workbook = openpyxl.load_workbook(source)
    workbook["单位"]["D2"] = "T009"
    workbook["单位"]["D4"] = None
    workbook["单位"].merge_cells("D2:D4")
    workbook.save(source)
    sheet = openpyxl.load_workbook(write_marked_copy(plan_import(source, store), tmp_path / "副本.xlsx"))[
        "单位"
    ]
    assert "D2" in red(sheet)
    assert "没有单位 T009" in commented(sheet)["D2"]


def test_a_file_changed_since_the_plan_is_refused(store: RecordStore, source: Path, tmp_path: Path) -> None:
    plan = plan_import(source, store)
    workbook = openpyxl.load_workbook(source)
    workbook["单位"]["B2"] = "别的"
    workbook.save(source)
    with pytest.raises(InputInvalid, match="核对之后又改过"):
        write_marked_copy(plan, tmp_path / "副本.xlsx")


def test_json_has_no_cells_to_mark(store: RecordStore, tmp_path: Path) -> None:
    path = tmp_path / "甲.json"
    path.write_text(json.dumps({"kind": "unit", "records": [{"code": "S001"}]}), encoding="utf-8")
    with pytest.raises(InputInvalid, match="不是工作簿"):
        write_marked_copy(plan_import(path, store), tmp_path / "副本.xlsx")
