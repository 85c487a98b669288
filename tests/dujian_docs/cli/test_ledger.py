"""``dujian ledger`` on records of its own."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from dujian_docs.records import (
    Finding,
    FindingSource,
    FindingStatus,
    Person,
    RecordStore,
    Unit,
    UnitType,
)
from tests.conftest import Run

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)


def put(folder: Path, *records: Any) -> None:
    with RecordStore.open(folder / ".dujian" / "records.db") as store, store.transaction() as writing:
        for record in records:
            writing.put(record, author="李静", at=NOW)


def finding(code: str, status: FindingStatus, **values: Any) -> Finding:
    return Finding(
        code=code,
        unit="S001",
        description="疏散通道堆放杂物",
        source=FindingSource.COUNTY,
        found_date=date(2026, 3, 1),
        deadline=date(2026, 4, 1),
        measure="清理",
        status=status,
        **values,
    )


@pytest.fixture
def office(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "云岭"
    assert run("init", folder, "--name", "云岭县人民政府教育督导室", "--series", "云教督").status == 0
    put(
        folder,
        Unit(code="D001", name="云岭县人民政府教育督导室", unit_type=UnitType.DEPARTMENT),
        Unit(code="S001", name="青溪镇中心小学", unit_type=UnitType.SCHOOL),
        Unit(code="S002", name="白石镇中心小学", unit_type=UnitType.SCHOOL),
        Person(code="P1", name="李静", unit="D001", roles=("责任督学",)),
        finding("W1", FindingStatus.CLOSED, checker="P1", check_date=date(2026, 4, 2)),
    )
    monkeypatch.chdir(folder)
    return folder


def test_look_backs_are_scheduled_once(office: Path, run: Run) -> None:
    first = run("ledger")
    assert first.status == 3
    assert "该安排回头看 1" in first.stdout
    assert "2026-07-01" in first.stdout
    assert json.loads(run("ledger", "--look-backs", "--dry-run", "--json").stdout)["data"]["scheduled"] == 0
    assert "已安排 1 次回头看" in run("ledger", "--look-backs", "--yes").stdout
    again = run("ledger")
    assert again.status == 0, again.said
    assert "复查：疏散通道堆放杂物" in run("due").stdout


def test_repeats_and_jumps_are_told(office: Path, run: Run) -> None:
    put(office, finding("W2", FindingStatus.OPEN, repeats="W1"))
    put(office, finding("W2", FindingStatus.RELAPSED, repeats="W1"))
    told = json.loads(run("ledger", "--json").stdout)["data"]
    assert told["repeated"][0]["findings"] == ["W1", "W2"]
    assert [one["problem"] for one in told["faults"]] == ["从未启动直接变成反弹"]
    assert told["counts"] == {"open": 0, "rectifying": 0, "awaiting_check": 0, "closed": 1, "relapsed": 1}


def test_a_units_ledger_holds_only_its_own(office: Path, run: Run) -> None:
    assert "整改台账 0 条" in run("ledger", "--unit", "白石镇中心小学").stdout
    done = run("ledger", "--unit", "S001", "--output", "台账.xlsx")
    assert "整改台账 1 条" in done.stdout
    rows = list(load_workbook(office / "台账.xlsx").worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [(row[1], row[6], row[13], row[15]) for row in rows] == [("W1", "青溪镇中心小学", "李静", "销号")]
    assert run("ledger", "--output", "台账.txt").status == 2
