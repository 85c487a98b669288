"""``dujian rollup``, ``coverage``, ``summary`` and ``cases`` on records of their own."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from dujian_docs.records import Person, RecordStore, Unit, UnitType
from dujian_docs.records.accountability_models import AccountabilityCase, ObjectKind
from dujian_docs.records.rollup_models import (
    CheckResult,
    HalfMonthlyReport,
    Rollup,
    TrainingCheck,
    WorkLogEntry,
)
from tests.conftest import Run

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
TOWNS = ("青溪镇", "白石镇", "松坪乡")


def put(folder: Path, *records: Any) -> None:
    with RecordStore.open(folder / ".dujian" / "records.db") as store, store.transaction() as writing:
        for record in records:
            writing.put(record, author="李静", at=NOW)


def rows_of(path: Path) -> list[list[Any]]:
    sheet = load_workbook(path).worksheets[0]
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]


@pytest.fixture
def office(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "云岭"
    assert run("init", folder, "--name", "云岭县人民政府教育督导室", "--series", "云教督").status == 0
    put(
        folder,
        *(
            Unit(code=f"T{at}", name=name, unit_type=UnitType.TOWNSHIP)
            for at, name in enumerate(TOWNS, start=1)
        ),
        *(Unit(code=f"J{at}", name=f"启航{at}", unit_type=UnitType.TRAINING_ORG) for at in (1, 2)),
        Person(code="P1", name="李静", unit="T1"),
    )
    monkeypatch.chdir(folder)
    return folder


def rollup(unit: str, done: int, quarter: int) -> Rollup:
    return Rollup(
        year=2026,
        quarter=quarter,
        unit=unit,
        indicator="课后服务学校",
        target=10,
        done=done,
        problems=("师资不足",),
    )


def test_a_quarter_with_one_missing(office: Path, run: Run) -> None:
    run("rollup").refused(2, "还没有季度调度记录", "--quarter")
    run("rollup", "--quarter", "2026-1").refused(2, "不知道哪些单位该报", "--from")
    run("rollup", "--half-month", "2026-03-15").refused(2, "还没有半月报记录", "--from")
    put(office, rollup("T1", 5, 1), rollup("T2", 9, 1), rollup("T1", 8, 2), rollup("T2", 9, 2))
    done = run("rollup", "--output", "调度.xlsx")
    assert done.status == 3
    assert "2026年第2季度：已报 2 个单位，未报 1 个，与2026年第1季度比" in done.stdout
    assert "未报：松坪乡" in done.stdout
    assert "课后服务学校：17/20，85.00%，比上期 +15.00 个百分点" in done.stdout
    assert "靠后：青溪镇 80.00%" in done.stdout
    rows = rows_of(office / "调度.xlsx")
    assert [(row[1], row[4], row[5], row[6]) for row in rows] == [
        ("青溪镇", 80, 30, "靠后"),
        ("白石镇", 90, 0, None),
        ("合计", 85, 15, None),
        ("松坪乡", None, None, "未报"),
    ]
    put(office, rollup("T3", 9, 2))
    whole = run("rollup", "--quarter", "2026-2", "--json")
    assert whole.status == 0
    assert whole.data["missing"] == []
    assert whole.data["items"][0]["last"] == ["T1"]


def test_a_half_month(office: Path, run: Run) -> None:
    zero = {name: 0 for name, field in HalfMonthlyReport.model_fields.items() if field.is_required()}
    told = {
        **zero,
        "unit": "T1",
        "period_end": date(2026, 3, 15),
        "schools": 3,
        "service_schools": 3,
        "tips": 2,
    }
    put(office, HalfMonthlyReport(**told))
    done = run("rollup", "--half-month", "2026年3月2日")
    assert done.status == 3
    assert "提供课后服务学校数：3/3，100.00%" in done.stdout
    assert "举报线索数：2\n" in done.stdout
    assert "登记为非营利机构数：0/0，无法判定（基数为 0）" in done.stdout
    assert "没有上期可比" in done.stdout
    asked = run("rollup", "--half-month", "2026-04-15", "--from", "乡镇", "--json").data
    assert asked["missing"] == ["T1", "T2", "T3"]
    assert asked["items"] == []


@pytest.mark.parametrize(
    "words",
    [
        ("--quarter", "2026-5"),
        ("--quarter", "二季度"),
        ("--half-month", "三月"),
        ("--half-month", "2026-03-15", "--quarter", "2026-1"),
        ("--from", "街道"),
        ("--output", "调度.txt"),
    ],
)
def test_what_cannot_be_asked(office: Path, run: Run, words: tuple[str, ...]) -> None:
    run("rollup", *words).refused(2, words[0])


def test_the_years_coverage(office: Path, run: Run) -> None:
    items = ("qualification", "premises", "contract", "fees", "adverts", "school_teachers")
    good = dict.fromkeys(items, CheckResult.GOOD)
    day = date(2026, 3, 1)
    put(
        office,
        TrainingCheck(org="J1", check_date=day, problems=("乱收费",), **good | {"fees": CheckResult.BAD}),
    )
    done = run("coverage", "--year", "2026", "--output", "覆盖.xlsx")
    assert done.status == 3
    assert "培训机构 2 家：查过的 50.00%，各项都查了的 50.00%" in done.stdout
    assert "未查：启航2" in done.stdout
    assert "不合格：启航1　收费和退费" in done.stdout
    assert [row[:3] for row in rows_of(office / "覆盖.xlsx")] == [
        ["启航1", "已查全", 1],
        ["启航2", "未查", 0],
    ]
    put(office, TrainingCheck(org="J2", check_date=day, **good))
    whole = run("coverage", "--year", "2026", "--json")
    assert (whole.status, whole.data["checked"]) == (0, 100)
    assert run("coverage", "--year", "2025").status == 3


def test_the_work_log_becomes_the_years_summary(office: Path, run: Run) -> None:
    log = {"section": "督学", "matter": "推门听课", "measure": "节", "units": ("T1",), "people": ("P1",)}
    put(
        office,
        WorkLogEntry(code="R1", day=date(2026, 2, 1), quantity=3, **log),
        WorkLogEntry(code="R2", day=date(2026, 3, 1), **log),
        WorkLogEntry(
            code="R3", day=date(2026, 4, 1), section="督政", matter="督促建议", quantity=126, measure="条"
        ),
    )
    done = run("summary", "--year", "2026", "--output", "总结.xlsx")
    assert done.status == 0
    assert (
        "督学\n  1. 推门听课 2 次，共 3 节，到 1 个单位（其中 1 次没有写数量）\n督政\n  2. 督促建议"
        in done.stdout
    )
    assert rows_of(office / "总结.xlsx")[0] == [1, "督学", "推门听课", 2, "3 节", "青溪镇", "李静", "R1、R2"]
    assert run("summary", "--year", "2020", "--json").data["items"] == []


def test_cases_are_for_the_office_alone(office: Path, run: Run) -> None:
    case = AccountabilityCase(
        code="WZ1",
        object_kind=ObjectKind.UNIT,
        unit="T1",
        cause="整改不力",
        group_date=date(2026, 2, 1),
        decision_date=date(2026, 3, 1),
    )
    put(office, case)
    run("cases").refused(2, "保密", "--internal")
    run("cases", "WZ9", "--internal").refused(2, "WZ9", "WZ1")
    done = run("cases", "WZ1", "--internal", "--output", "问责.xlsx")
    assert done.status == 3
    assert "1. 调查认定：2026-02-01 已完成" in done.stdout
    assert "2. 告知并听取陈述申辩：漏了" in done.stdout
    assert "作出决定还缺：基本情况、问责事实、依据、问责方式、生效日期" in done.stdout
    (row,) = rows_of(office / "问责.xlsx")
    assert (row[0], row[1], row[5]) == ("WZ1", "青溪镇", "漏了")
    put(office, case.model_copy(update={"decision_date": None}))
    calm = run("cases", "--internal", "--json")
    assert calm.status == 0
    assert len(calm.data["cases"][0]["missing_parts"]) == 5
