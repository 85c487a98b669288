"""``dujian show``, ``put`` and ``delete``: one record at a time, by the rules of an import."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

KEY = "DD2026-03"


def test_a_record_is_shown_as_people_read_it(county: Path, run: Run) -> None:
    done = run("show", "督导活动", KEY)
    assert done.status == 0
    assert "活动名称：2026年春季学期开学工作专项督导" in done.stdout
    assert "督导对象：S001、S002" in done.stdout
    assert "历史" not in done.stdout
    listed = run("show", "单位").stdout
    assert "单位 6 条" in listed
    assert "S001　青溪镇中心小学" in listed
    run("show", "督导活动", "DD2099").refused(2, "没有督导活动 DD2099", KEY)


def test_writing_changes_what_was_said_and_nothing_else(county: Path, run: Run) -> None:
    before = run("show", "单位", "S001", "--json").data["record"]
    done = run("put", "单位", "单位代码=S001", "联系人=董玉梅", "别名=青溪中心校、中心校")
    assert done.status == 0
    assert "单位 S001：变更" in done.stdout
    assert "联系人：（空） → 董玉梅" in done.stdout
    after = run("show", "单位", "S001", "--json").data
    assert after["record"] == before | {"contact": "董玉梅", "aliases": ["青溪中心校", "中心校"]}
    assert [one["version"] for one in after["history"]] == [1, 2]
    assert {one["label"] for one in after["history"][1]["changes"]} == {"联系人", "别名"}
    history = run("show", "单位", "S001", "--history").stdout
    assert "第 2 版" in history
    assert "别名：（空） → 青溪中心校、中心校" in history
    cleared = run("put", "单位", "单位代码=S001", "联系人=")
    assert "联系人：董玉梅 → （空）" in cleared.stdout
    again = run("put", "单位", "单位代码=S001", "联系人=", "--json").data
    assert (again["written"], again["keys"]) == (False, ["S001"])


def test_a_new_record_may_name_its_unit(county: Path, run: Run) -> None:
    words = ("问题编号=W1", "责任单位=青溪镇中心小学", "问题描述=通道堵塞", "来源=县", "发现日期=2026.3.5")
    tried = run("put", "问题", *words, "--dry-run", "--json").data
    assert (tried["written"], tried["keys"]) == (False, ["W1"])
    run("show", "问题", "W1").refused(2, "没有问题 W1")
    assert run("put", "问题", *words).status == 0
    record = run("show", "问题", "W1", "--json").data["record"]
    assert (record["unit"], record["found_date"], record["status"]) == ("S001", "2026-03-05", "未启动")
    moved = run("put", "问题", "问题编号=W1", "状态=整改中")
    assert "状态：未启动 → 整改中" in moved.stdout


def test_a_key_of_several_parts_may_be_typed_as_people_type(county: Path, run: Run) -> None:
    words = ("学校=青溪镇中心小学", "学年=2025—2026学年", "学段=小学")
    assert run("put", "学校统计", *words, "在校生数=394").status == 0
    assert run("put", "学校统计", *words, "班数=10").status == 0
    record = run("show", "学校统计", "S001/2025-2026/小学", "--json").data["record"]
    assert (record["pupils"], record["classes"]) == (394, 10)


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("put", "单位", "单位名称=甲"), 2, "没有写单位代码"),
        (("put", "单位", "单位代码=S001", "联系=甲"), 2, "是不是“联系人”"),
        (("put", "单位", "单位代码=S001", "联系人"), 2, "项目=值"),
        (("put", "单位", "单位代码=S001", "联系人=甲", "联系人=乙"), 2, "写了两次"),
        (("put", "发文登记", "机关代字=云教督"), 2, "不能直接改"),
        (("put", "没有这种", "甲=乙"), 2, "没有“没有这种”这种记录"),
        (("show", "举报线索"), 2, "保密"),
        (("show", "举报线索", "X1"), 2, "保密"),
        (("delete", "发文登记", "云教督/2026/1", "--yes"), 2, "没有发文登记"),
        (("delete", "单位", "S099", "--yes"), 2, "没有单位 S099"),
        (("delete", "单位", "S001", "--yes"), 1, "还用着它"),
    ],
)
def test_what_cannot_be_done(county: Path, run: Run, words: tuple[str, ...], status: int, told: str) -> None:
    run(*words).refused(status, told)


def test_what_is_wrong_is_told_by_field_and_nothing_is_written(county: Path, run: Run) -> None:
    done = run("put", "单位", "单位代码=S001", "单位类别=中学", "上级单位=没有这个局")
    assert done.status == 4
    assert "单位类别：只能填" in done.stdout
    assert "上级单位：没有单位 没有这个局" in done.stdout
    assert "（什么都没有写入）" in done.stdout
    assert len(run("show", "单位", "S001", "--json").data["history"]) == 1


def test_a_code_with_a_slash_is_told_what_it_may_not_hold(county: Path, run: Run) -> None:
    done = run("put", "单位", "单位代码=S1/2", "单位名称=甲", "单位类别=学校")
    assert done.status == 4
    assert r"单位代码：里面不能有 / \ 、 , ; 这些符号" in done.stdout


def test_what_was_deleted_can_be_brought_back(county: Path, run: Run) -> None:
    assert run("delete", "单位", "T001", "--yes").status == 0
    gone = run("show", "单位", "T001", "--history")
    assert "（已删除）" in gone.stdout
    assert "删除" in gone.stdout.splitlines()[-1]
    run("delete", "单位", "T001", "--yes").refused(1, "没有单位 T001")
    number = json.loads(run("undo", "--json").stdout)["data"]["batches"][0]["number"]
    assert run("undo", str(number), "--yes").status == 0
    assert "青溪镇" in run("show", "单位", "T001").stdout
