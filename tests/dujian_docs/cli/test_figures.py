"""``dujian figures`` on the invented county."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dujian_docs.records import RecordStore
from dujian_docs.sample import sample_records
from tests.conftest import Run

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)


@pytest.fixture
def yunling(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "云岭"
    assert run("init", folder, "--name", "云岭县人民政府教育督导室", "--series", "云教督").status == 0
    with RecordStore.open(folder / ".dujian" / "records.db") as store, store.transaction() as writing:
        for record in sample_records():
            writing.put(record, author="李静", at=NOW)
    monkeypatch.chdir(folder)
    return folder


def test_what_was_planted_is_found(yunling: Path, run: Run) -> None:
    done = run("figures", "--output", "核对.xlsx")
    assert done.status == 3
    assert "合计不符 0、前后矛盾 1、缺学校 0、变化过大 1" in done.stdout
    assert (
        "白石镇河口小学（2025-2026）操场面积有 2 个数：办学条件达标表 1480、自评报告第2页 1840" in done.stdout
    )
    rows = list(load_workbook(yunling / "核对.xlsx").worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [row[0] for row in rows] == ["前后矛盾", "变化过大"]


def test_of_one_unit_and_with_another_limit(yunling: Path, run: Run) -> None:
    alone = run("figures", "--unit", "云台小学", "--json")
    assert alone.status == 0
    assert [one["kind"] for one in alone.data["findings"]] == ["jump"]
    calm = run("--set", "figures.jump_percent=100", "figures", "--unit", "云台小学", "--json")
    assert calm.data["findings"] == []
    run("figures", "--unit", "没有这所学校").refused(2, "没有这所学校")
