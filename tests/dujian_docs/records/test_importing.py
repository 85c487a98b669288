from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dujian_docs.errors import InputInvalid, RecordConflict
from dujian_docs.records import (
    ImportPlan,
    RecordStore,
    Unit,
    apply_import,
    export_records,
    plan_import,
    write_form,
)

AT = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
Put = Callable[..., None]
MakeUnit = Callable[..., Unit]
Sheet = Callable[..., Path]


@pytest.fixture
def sheet(tmp_path: Path) -> Sheet:
    """Gives a function: the form of a kind with rows typed below its head."""

    def typed(*rows: list[Any], kind: str = "单位", name: str = "甲.xlsx") -> Path:
        path = write_form(kind, tmp_path / name, links={})
        workbook = openpyxl.load_workbook(path)
        for row in rows:
            workbook[kind].append(row)
        workbook.save(path)
        return path

    return typed


def wrong(plan: ImportPlan) -> list[tuple[str, str]]:
    return [(fault.address, fault.problem) for fault in plan.wrong]


def test_a_plan_tells_added_changed_unchanged_and_wrong(
    store: RecordStore, put: Put, unit: MakeUnit, sheet: Sheet
) -> None:
    put(unit("S001"), unit("S002", "白石小学"))
    path = sheet(
        ["S001", "青溪镇中心小学", "学校"],
        ["S002", "白石镇小学", "学校", None, "白小"],
        ["S003", "松坪小学", "学校"],
        ["S004", None, "医院", "T999"],
    )
    before, head = path.read_bytes(), store.head()
    plan = plan_import(path, store)
    assert [one.key for one in plan.unchanged] == ["S001"]
    assert [(one.key, one.row, one.expected) for one in plan.added] == [("S003", 4, 0)]
    (changed,) = plan.changed
    assert [(change.label, change.before, change.after) for change in changed.changes] == [
        ("单位名称", "白石小学", "白石镇小学"),
        ("别名", "", "白小"),
    ]
    assert [(fault.address, fault.label) for fault in plan.wrong] == [
        ("B5", "单位名称"),
        ("C5", "单位类别"),
        ("D5", "上级单位"),
    ]
    assert plan.wrong_rows == (5,)
    assert all(fault.sheet == "单位" and fault.remedy for fault in plan.wrong)
    assert (path.read_bytes(), store.head()) == (before, head)
    assert plan.sha256 == hashlib.sha256(before).hexdigest()


def test_the_right_rows_go_in_and_the_wrong_stay_out(store: RecordStore, sheet: Sheet) -> None:
    plan = plan_import(sheet(["S001", "甲", "学校"], ["S002", None, "学校"]), store)
    report = apply_import(plan, store, "李四", AT)
    assert (report.added, report.changed, report.unchanged, report.wrong) == (1, 0, 0, 1)
    assert [unit.code for unit in store.all("unit") if isinstance(unit, Unit)] == ["S001"]
    assert store.history("unit", "S001")[0].author == "李四"
    assert report.head == store.head()


def test_the_same_file_again_changes_nothing(store: RecordStore, sheet: Sheet) -> None:
    path = sheet(["S001", "甲", "学校", "T001"], ["T001", "乙", "乡镇"])
    apply_import(plan_import(path, store), store, "李四", AT)
    head = store.head()
    again = plan_import(path, store)
    assert (len(again.added), len(again.changed), len(again.unchanged)) == (0, 0, 2)
    assert apply_import(again, store, "李四", AT).head == head


def test_a_parent_may_stand_below_its_children(store: RecordStore, sheet: Sheet) -> None:
    plan = plan_import(
        sheet(["S001", "甲", "学校", "T001"], ["T001", "乙", "乡镇", "G001"], ["G001", "丙", "政府"]), store
    )
    assert wrong(plan) == []
    apply_import(plan, store, "李四", AT)
    assert [version.seq for key in ("G001", "T001", "S001") for version in store.history("unit", key)] == [
        1,
        2,
        3,
    ]


def test_a_row_that_names_a_wrong_row_is_wrong_too(store: RecordStore, sheet: Sheet) -> None:
    path = sheet(["S001", "甲", "学校", "T001"], ["T001", "乙", "乡镇", "G001"], ["G001", None, "政府"])
    plan = plan_import(path, store)
    assert wrong(plan) == [
        ("D2", "第 3 行的单位 T001 有错"),
        ("D3", "第 4 行的单位 G001 有错"),
        ("B4", "必填，不能空着"),
    ]
    assert plan.added == ()


def test_rows_in_a_circle_are_wrong(store: RecordStore, put: Put, unit: MakeUnit, sheet: Sheet) -> None:
    put(unit("A"), unit("B", parent="A"))
    plan = plan_import(
        sheet(["A", "甲", "学校", "B"], ["C", "乙", "学校", "C"], ["D", "丙", "学校", "A"]), store
    )
    assert [fault for fault in wrong(plan) if fault[0] in {"D2", "D3"}] == [
        ("D2", "上下级绕成了圈"),
        ("D3", "上下级绕成了圈"),
    ]
    with pytest.raises(RecordConflict, match="绕回了它自己"):
        put(unit("A", parent="B"))


def test_keys_that_repeat_are_wrong_in_every_row(store: RecordStore, sheet: Sheet) -> None:
    plan = plan_import(
        sheet(["S001", "甲", "学校"], ["Ｓ００１", "乙", "学校"], ["S002", "丙", "学校"]), store
    )
    assert wrong(plan) == [("A2", "与第 3 行重复"), ("A3", "与第 2 行重复")]
    assert [one.key for one in plan.added] == ["S002"]


def test_an_emptied_cell_empties_the_field(
    store: RecordStore, put: Put, unit: MakeUnit, sheet: Sheet
) -> None:
    put(unit(aliases="青小", address="街上"))
    plan = plan_import(sheet(["S001", "青溪镇中心小学", "学校", None, "无"]), store)
    (changed,) = plan.changed
    assert [(change.label, change.before, change.after) for change in changed.changes] == [
        ("别名", "青小", ""),
        ("地址", "街上", ""),
    ]


def test_long_ids_days_and_years_are_named_when_wrong(
    store: RecordStore, put: Put, unit: MakeUnit, sheet: Sheet
) -> None:
    put(unit())
    path = sheet(["P001", "张三", "S001", None, None, 510104200901011234], kind="人员")
    (fault,) = plan_import(path, store).wrong
    assert (fault.address, fault.problem) == ("F2", "超过 15 位的数字，末几位已经丢失")
    assert "文本格式" in fault.remedy
    path = sheet(["JH1", "甲", "明年", "S001", "三月五日", "2026.3.5"], kind="评估项目", name="乙.xlsx")
    assert wrong(plan_import(path, store)) == [("C2", "不是年份"), ("E2", "不是日期")]


def test_a_code_that_became_a_day_is_named(store: RecordStore, sheet: Sheet) -> None:
    plan = plan_import(sheet([datetime(2026, 3, 5), "甲", "学校"]), store)
    assert wrong(plan) == [("A2", "应为文字，不能是日期或表格对象")]
    assert "文本格式" in plan.wrong[0].remedy


def test_an_unreadable_cell_and_a_wrong_one_are_told_together(store: RecordStore, sheet: Sheet) -> None:
    path = sheet(["S001", "=A2", "医院"])
    assert wrong(plan_import(path, store)) == [
        ("B2", "公式没有计算结果"),
        ("C2", "只能填：政府、部门、乡镇、学校、培训机构"),
    ]


def test_links_of_composite_keys_are_named_by_the_whole_key(
    store: RecordStore, put: Put, sheet: Sheet
) -> None:
    path = sheet(["YL2026", "B1", "组织领导", "A1", 6], ["YL2026", "A1", "保障", None, 50], kind="指标")
    assert ("A2", "没有建档目录 YL2026") in wrong(plan_import(path, store))
    lists = sheet(["YL2026", "目录", 2026], kind="建档目录", name="乙.xlsx")
    apply_import(plan_import(lists, store), store, "李四", AT)
    plan = plan_import(path, store)
    assert wrong(plan) == []
    apply_import(plan, store, "李四", AT)
    assert [version.seq for version in store.history("indicator", "YL2026/B1")] == [3]


def test_a_plan_that_was_overtaken_stores_nothing(
    store: RecordStore, put: Put, unit: MakeUnit, sheet: Sheet
) -> None:
    put(unit("S002"))
    plan = plan_import(sheet(["S001", "甲", "学校"], ["S002", "乙", "学校"]), store)
    put(unit("S002", "丙"))
    with pytest.raises(RecordConflict, match="S002 在此期间已被改动"):
        apply_import(plan, store, "李四", AT)
    assert store.get("unit", "S001") is None


def test_a_deleted_record_is_added_again(store: RecordStore, put: Put, unit: MakeUnit, sheet: Sheet) -> None:
    put(unit())
    with store.transaction() as transaction:
        transaction.delete("unit", "S001", author="李四", at=AT)
    plan = plan_import(sheet(["S001", "甲", "学校"]), store)
    assert [(one.key, one.expected) for one in plan.added] == [("S001", 2)]
    apply_import(plan, store, "李四", AT)
    assert store.version_of("unit", "S001") == 3


def test_json_goes_through_the_same_plan(
    store: RecordStore, put: Put, unit: MakeUnit, tmp_path: Path
) -> None:
    put(unit("T001", "镇", unit_type="乡镇"), unit(parent="T001"))
    path = export_records("单位", store.all("单位"), tmp_path / "单位.json")
    assert len(plan_import(path, store).unchanged) == 2
    held = json.loads(path.read_text("utf-8"))
    held["records"][0]["name"] = "新名"
    held["records"].append({"code": "S009", "colour": "红", "parent": "无"})
    path.write_text(json.dumps(held), encoding="utf-8-sig")
    plan = plan_import(path, store)
    assert [(one.key, one.row) for one in plan.changed] == [("S001", 1)]
    assert [(fault.sheet, fault.address, fault.label, fault.problem) for fault in plan.wrong] == [
        ("单位.json", "第 3 条", "单位名称", "必填，不能空着"),
        ("单位.json", "第 3 条", "单位类别", "必填，不能空着"),
        ("单位.json", "第 3 条", "colour", "没有“colour”这一项"),
    ]
    apply_import(plan, store, "李四", AT)
    assert store.version_of("unit", "S001") == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"kind": "unit", "records": [', "第 1 行第 30 个字符处不是 JSON"),
        ("[]", "没有 records 列表"),
        ('{"kind": "unit"}', "没有 records 列表"),
        ('{"kind": "pupil", "records": []}', "没有“pupil”这种记录"),
        ('{"records": []}', "没有“”这种记录"),
        ('{"kind": "unit", "schema": 9, "records": []}', "schema 是 9"),
        ('{"kind": "unit", "records": [3]}', "第 1 条不是一条记录"),
        ('{"kind": "unit", "records": [{"code": NaN}]}', "不是数字"),
        ('{"kind": "document", "records": []}', "不能整表导入"),
        ("[" * 100_000, "嵌套过深"),
    ],
)
def test_a_broken_json_file_is_refused(store: RecordStore, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "甲.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputInvalid) as caught:
        plan_import(tmp_path / "甲.json", store)
    assert said in caught.value.problem
    assert "甲.json" in caught.value.problem


def test_a_json_file_in_another_encoding_is_refused(store: RecordStore, tmp_path: Path) -> None:
    (tmp_path / "甲.json").write_bytes('{"kind": "单位"}'.encode("gbk"))
    with pytest.raises(InputInvalid, match="UTF-8"):
        plan_import(tmp_path / "甲.json", store)
