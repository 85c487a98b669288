"""``dujian due`` on the invented county."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from icalendar import Calendar
from openpyxl import load_workbook

from dujian_docs.records import RecordStore
from dujian_docs.records.supervision_models import Tip
from dujian_docs.sample import sample_records
from tests.conftest import Run

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
HIDDEN = "某校周末补课"


@pytest.fixture
def yunling(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "云岭"
    assert run("init", folder, "--name", "云岭县人民政府教育督导室", "--series", "云教督").status == 0
    tip = Tip(code="X1", received_date=NOW.date(), content=HIDDEN, handler="S007", deadline=NOW.date())
    with RecordStore.open(folder / ".dujian" / "records.db") as store, store.transaction() as writing:
        for record in (*sample_records(), tip):
            writing.put(record, author="李静", at=NOW)
    monkeypatch.chdir(folder)
    return folder


def test_overdue_things_are_listed_with_their_owners(yunling: Path, run: Run) -> None:
    done = run("due")
    assert done.status == 3, done.said
    assert "白石镇河口小学 姚桂英" in done.stdout
    assert "另有 1 项保密事项" in done.stdout
    assert HIDDEN not in done.said
    assert HIDDEN in run("due", "--internal").stdout


def test_a_units_list_and_files_hold_only_its_own_and_nothing_confidential(yunling: Path, run: Run) -> None:
    done = run(
        "due",
        "--owner",
        "白石镇河口小学",
        "--internal",
        "--ics",
        "到期.ics",
        "--output",
        "到期.xlsx",
        "--json",
    )
    data = json.loads(done.stdout)["data"]
    assert {one["unit"] for one in data["due"]} == {"S007"}
    assert len(data["due"]) >= 2
    assert data["withheld"] == 0
    events = Calendar.from_ical((yunling / "到期.ics").read_bytes()).walk("VEVENT")
    rows = list(load_workbook(yunling / "到期.xlsx").worksheets[0].iter_rows(min_row=2, values_only=True))
    assert len(events) == len(rows) == len(data["due"])
    assert HIDDEN not in done.said + repr(events) + repr(rows)


def test_what_cannot_be_asked(yunling: Path, run: Run) -> None:
    assert run("due", "--owner", "没有这个学校").status == 2
    assert run("due", "--ics", "到期.txt").status == 2
    wrong = run("--set", "due.days_off=国庆", "due")
    assert wrong.status == 4
    assert "due.days_off" in wrong.said
