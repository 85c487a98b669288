"""Taking over a register from Excel: damaged numbers repaired, none twice, what cannot be read told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl.workbook import Workbook

from dujian_docs.documents import apply_register_import, entries, number_of, plan_register_import
from dujian_docs.errors import InputInvalid, RecordConflict
from dujian_docs.records import NumberState, RecordStore

AT = datetime(2026, 3, 2, tzinfo=UTC)
HEAD = ("序号", "发文字号", "文件标题", "成文日期", "备注")


def book(folder: Path, *rows: Sequence[Any], head: Sequence[str] = HEAD, above: int = 0) -> Path:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "2018年"
    for _ in range(above):
        sheet.append(["云岭县教育督导室发文登记簿"])
    sheet.append(list(head))
    for row in rows:
        sheet.append(list(row))
    path = folder / "登记簿.xlsx"
    workbook.save(path)
    return path


@pytest.mark.parametrize(
    ("spelt", "number"),
    [
        ("云教督〔2018〕7号", "云教督〔2018〕7号"),
        ("云教督[2018]07号", "云教督〔2018〕7号"),
        ("云教督（2018）7号", "云教督〔2018〕7号"),
        ("云教督20187号", "云教督〔2018〕7号"),
        ("云教督函〔20181号", "云教督函〔2018〕1号"),
        ("云教督【2018】第7号", "云教督〔2018〕7号"),
    ],
)
def test_every_spelling_is_repaired_and_shown(
    tmp_path: Path, store: RecordStore, spelt: str, number: str
) -> None:
    plan = plan_register_import(book(tmp_path, (1, spelt, "关于开展督导的通知")), store)
    (taken,) = plan.taken
    assert str(number_of(taken.entry)) == number
    assert taken.repaired is (spelt != number)
    assert (taken.place, taken.entry.genre) == ("2018年第 2 行", "通知")


def test_what_a_row_says_becomes_the_entry(tmp_path: Path, store: RecordStore) -> None:
    source = book(
        tmp_path,
        (1, "云教督〔2018〕1号", "关于校园安全的通报", datetime(2018, 3, 5), None),
        (2, "云教督〔2018〕2号", "", "", "作废：打印错误"),
        (None, None, None, None, None),
        (3, "云教督〔2018〕3号", "年度总结", "三月", ""),
        above=2,
    )
    plan = plan_register_import(source, store)
    assert apply_register_import(plan, store, author="李静", at=AT) == 3
    first, second, third = entries(store)
    assert (first.state, first.genre, first.doc_date) == (NumberState.USED, "通报", date(2018, 3, 5))
    assert (second.state, second.void_reason) == (NumberState.VOID, "作废：打印错误")
    assert (third.genre, third.doc_date) == ("其他", None)
    again = plan_register_import(source, store)
    assert (len(again.taken), len(again.known), again.refused) == (0, 3, ())


def test_what_cannot_be_taken_over_is_told_row_by_row(tmp_path: Path, store: RecordStore) -> None:
    first = plan_register_import(book(tmp_path, (1, "云教督〔2018〕9号", "甲")), store)
    apply_register_import(first, store, author="李静", at=AT)
    source = book(
        tmp_path,
        (1, "云教督〔2018〕1号", "甲"),
        (2, "云教督（2018）01号", "乙"),
        (3, "", "没有号的"),
        (4, "云教督〔xx〕xx号", "看不清的"),
        (5, "云教督〔2018〕5号", "日期不对", "2017-03-05"),
        (6, "云教督〔2018〕9号", "另一件"),
        (7, "云教督〔2018〕7号", "对的"),
    )
    plan = plan_register_import(source, store)
    assert [one.entry.title for one in plan.taken] == ["对的"]
    told = {one.place: one.problem for one in plan.refused}
    assert told["2018年第 2 行"] == "云教督〔2018〕1号 与2018年第 3 行重号"
    assert told["2018年第 3 行"] == "云教督〔2018〕1号 与2018年第 2 行重号"
    assert told["2018年第 4 行"] == "没有文号"
    assert "不是发文字号" in told["2018年第 5 行"]
    assert told["2018年第 6 行"] == "文号是 2018 年的，日期却是 2017-03-05"
    assert told["2018年第 7 行"] == "云教督〔2018〕9号 在登记簿里是“甲”"
    assert all(one.remedy for one in plan.refused)


def test_a_workbook_without_numbers_is_refused(tmp_path: Path, store: RecordStore) -> None:
    with pytest.raises(InputInvalid, match="没有发文登记"):
        plan_register_import(book(tmp_path, (1, "甲"), head=("序号", "标题")), store)


def test_a_number_taken_meanwhile_stops_all(tmp_path: Path, store: RecordStore) -> None:
    plan = plan_register_import(book(tmp_path, (1, "云教督〔2018〕1号", "甲")), store)
    apply_register_import(plan, store, author="李静", at=AT)
    with pytest.raises(RecordConflict):
        apply_register_import(plan, store, author="李静", at=AT)
    assert len(entries(store)) == 1
