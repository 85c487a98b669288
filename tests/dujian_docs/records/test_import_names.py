"""Units and persons named in a workbook by name or alias instead of code."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dujian_docs.records import ImportPlan, Inspection, Person, RecordStore, Unit, plan_import, write_form
from dujian_docs.records.import_names import MOST_ASKED, MOST_SUGGESTED, Names

Put = Callable[..., None]
MakeUnit = Callable[..., Unit]
Typed = Callable[..., Path]


@pytest.fixture
def county(put: Put, unit: MakeUnit) -> None:
    put(
        unit("D002", "云岭县教育体育局", unit_type="部门", aliases="县教体局、教体局"),
        unit("S001", "青溪镇中心小学", aliases="中心校"),
        unit("S005", "白石镇中心小学", aliases="中心校"),
        unit("S006", "白石镇枫林小学(村小)"),
        Person(code="P001", name="李静", unit="D002"),
        Person(code="P002", name="王芳", unit="S001"),
        Person(code="P003", name="王芳", unit="S005"),
    )


@pytest.fixture
def typed(tmp_path: Path) -> Typed:
    """Gives a function: the form of a kind whose rows are filled in by column title."""

    def fill(kind: str, *rows: dict[str, Any]) -> Path:
        path = write_form(kind, tmp_path / f"{kind}.xlsx", links={})
        workbook = openpyxl.load_workbook(path)
        head = [str(cell.value).strip("*＊ ") for cell in workbook[kind][1]]
        for row in rows:
            assert set(row) <= set(head)
            workbook[kind].append([row.get(title) for title in head])
        workbook.save(path)
        return path

    return fill


def person(name: str, unit: str, code: str = "P009") -> dict[str, Any]:
    return {"人员编号": code, "姓名": name, "所在单位": unit}


def told(plan: ImportPlan) -> list[tuple[str, str, str]]:
    return [(fault.label, fault.problem, fault.remedy) for fault in plan.wrong]


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("D002", "D002"),
        ("云岭县教育体育局", "D002"),
        ("教体局", "D002"),
        (" 县 教体局 ", "D002"),
        ("白石镇枫林小学（村小）", "S006"),
        ("ｓ００５", None),
        ("Ｓ００５", "S005"),
    ],
)
def test_a_name_or_alias_is_held_as_the_code(
    store: RecordStore, typed: Typed, written: str, code: str | None
) -> None:
    plan = plan_import(typed("人员", person("赵一", written)), store)
    assert [one.record.unit for one in plan.added if isinstance(one.record, Person)] == [code] * bool(code)
    assert bool(plan.wrong) is (code is None)


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize(
    ("written", "suggested"),
    [
        ("教育体育局", "云岭县教育体育局（D002）"),
        ("云岭教体局", "云岭县教育体育局（D002）"),
        ("白石镇中心小学校", "白石镇中心小学（S005）"),
    ],
)
def test_what_only_resembles_a_name_is_asked_about(
    store: RecordStore, typed: Typed, written: str, suggested: str
) -> None:
    plan = plan_import(typed("人员", person("赵一", written), person("钱二", "D002", "P010")), store)
    ((label, problem, remedy),) = told(plan)
    assert (label, problem) == ("所在单位", f"没有单位 {written}")
    assert remedy.startswith(f"是不是{suggested}")
    assert "改填代码" in remedy
    assert [one.key for one in plan.added] == ["P010"]


@pytest.mark.usefixtures("county")
@pytest.mark.parametrize("written", ["S009", "小学", "红旗印刷厂"])
def test_where_nothing_is_alike_nothing_is_suggested(store: RecordStore, typed: Typed, written: str) -> None:
    ((_, problem, remedy),) = told(plan_import(typed("人员", person("赵一", written)), store))
    assert problem == f"没有单位 {written}"
    assert "是不是" not in remedy


@pytest.mark.usefixtures("county")
def test_what_two_are_called_is_never_guessed(store: RecordStore, typed: Typed) -> None:
    ((label, problem, remedy),) = told(plan_import(typed("人员", person("赵一", "中心校")), store))
    assert (label, problem) == ("所在单位", "有 2 个单位叫中心校")
    assert remedy == "改填代码：青溪镇中心小学（S001）、白石镇中心小学（S005）"


@pytest.mark.usefixtures("county")
def test_several_in_one_cell_and_persons_by_name(store: RecordStore, typed: Typed) -> None:
    row = {
        "活动编号": "DD1",
        "活动名称": "春季开学检查",
        "督导类型": "督学",
        "督导方式": "专项督导",
        "组织单位": "教体局",
        "督导对象": "青溪镇中心小学、S005、白石镇枫林小学(村小)",
        "组长": "李静",
        "组员": "P003、李静",
    }
    plan = plan_import(typed("督导活动", row, {**row, "活动编号": "DD2", "组员": "王芳、李静"}), store)
    (held,) = [one.record for one in plan.added if isinstance(one.record, Inspection)]
    assert (held.organiser, held.units) == ("D002", ("S001", "S005", "S006"))
    assert (held.leader, held.members) == ("P001", ("P003", "P001"))
    assert told(plan) == [
        ("组员", "有 2 个人员叫王芳", "改填代码：王芳（P002）、王芳（P003）"),
    ]


def test_names_of_the_same_file_count_in_any_order(store: RecordStore, tmp_path: Path) -> None:
    rows = [
        {"code": "S001", "name": "青溪镇中心小学", "unit_type": "学校", "parent": "教体局"},
        {"code": "D002", "name": "云岭县教育体育局", "unit_type": "部门", "aliases": "教体局"},
    ]
    path = tmp_path / "单位.json"
    path.write_text(json.dumps({"kind": "unit", "records": rows}, ensure_ascii=False), encoding="utf-8")
    plan = plan_import(path, store)
    assert told(plan) == []
    assert [one.record.parent for one in plan.added if isinstance(one.record, Unit)] == ["D002", None]


@pytest.mark.usefixtures("county")
def test_a_name_that_the_file_takes_away_no_longer_counts(store: RecordStore, tmp_path: Path) -> None:
    rows = [
        {"code": "D002", "name": "云岭县教育局", "unit_type": "部门"},
        {"code": "S001", "name": "青溪镇中心小学", "unit_type": "学校", "parent": "县教体局"},
    ]
    path = tmp_path / "单位.json"
    path.write_text(json.dumps({"kind": "unit", "records": rows}, ensure_ascii=False), encoding="utf-8")
    assert [problem for _, problem, _ in told(plan_import(path, store))] == ["没有单位 县教体局"]


def test_a_full_name_beats_an_alias_and_a_code_beats_both() -> None:
    names = Names.of([("甲", "乙", ["丙"]), ("丁", "丙", ["甲"])])
    assert [names.codes_of(word) for word in ("甲", "乙", "丙", "戊")] == [("甲",), ("甲",), ("丁",), ()]


def test_suggestions_are_few_and_a_file_of_wrong_names_costs_no_more_than_its_first() -> None:
    names = Names.of((f"S{number}", f"青溪镇第{number}中心小学", ()) for number in range(10))
    assert len(names.resembling("青溪镇中心小学")) == MOST_SUGGESTED
    for number in range(MOST_ASKED):
        names.resembling(f"别处{number}")
    assert names.resembling("青溪镇中心小学校") == ()
    assert len(names.resembling("青溪镇中心小学")) == MOST_SUGGESTED
