"""``dujian cross-inspection`` on the invented county."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dujian_docs.records import Inspection, InspectionMode, RecordStore, SupervisionType
from dujian_docs.records.supervision_models import Round, Team
from dujian_docs.sample import sample_records
from tests.conftest import Run

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
NEW = ("--year", "2027")


@pytest.fixture
def yunling(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "云岭"
    assert run("init", folder, "--name", "云岭县人民政府教育督导室", "--series", "云教督").status == 0
    with RecordStore.open(folder / ".dujian" / "records.db") as store, store.transaction() as writing:
        for record in sample_records():
            writing.put(record, author="李静", at=NOW)
    monkeypatch.chdir(folder)
    return folder


def counts(folder: Path) -> list[int]:
    with RecordStore.open(folder / ".dujian" / "records.db") as store:
        return [len(store.all(kind)) for kind in ("round", "inspection", "team")]


def test_a_year_that_was_planned_is_shown_as_it_stands(yunling: Path, run: Run) -> None:
    before = counts(yunling)
    done = run("cross-inspection", "--year", "2026", "--yes")
    assert done.status == 0, done.said
    assert "上半年交叉检查（已排）" in done.stdout
    assert "下半年交叉检查（已排）" in done.stdout
    assert "青溪镇中心小学 → 白石镇中心小学" in done.stdout
    assert counts(yunling) == before


def test_all_schools_are_planned_and_last_years_pairs_do_not_come_again(yunling: Path, run: Run) -> None:
    before = counts(yunling)
    with RecordStore.open(yunling / ".dujian" / "records.db") as store:
        had = {(one.from_unit, *one.units) for one in store.all("team") if isinstance(one, Team)}
    told = run("cross-inspection", *NEW, "--json").data
    assert told["stored"] == 0
    assert len(told["units"]) == 12
    for batch in told["rounds"]:
        pairs = {(one["inspecting"], one["inspected"]) for one in batch["pairs"]}
        assert len(pairs) == 12
        assert not pairs & had
        assert {one["times"] for one in batch["pairs"]} == {0}
        assert [one["team"] for one in batch["pairs"]][::11] == ["第1组", "第12组"]
    assert run("cross-inspection", *NEW, "--json").data == told, "asking writes nothing and draws the same"
    assert run("cross-inspection", *NEW, "--seed", "2", "--json").data["rounds"] != told["rounds"]
    assert "什么都没有写入" in run("cross-inspection", *NEW, "--yes", "--dry-run").stdout
    assert counts(yunling) == before


def test_what_is_written_is_one_batch_that_can_be_undone(yunling: Path, run: Run) -> None:
    before = counts(yunling)
    told = run("cross-inspection", *NEW, "--yes", "--json").data
    assert told["stored"] == 2 + 2 + 24
    assert counts(yunling) == [before[0] + 2, before[1] + 2, before[2] + 24]
    with RecordStore.open(yunling / ".dujian" / "records.db") as store:
        batch, inspection = store.get("round", "JC2027-2"), store.get("inspection", "JC2027-2")
        team = store.get("team", "JC2027-2/第1组")
    assert isinstance(batch, Round)
    assert (batch.year, batch.number, batch.title) == (2027, 2, "下半年交叉检查")
    assert isinstance(inspection, Inspection)
    assert inspection.mode is InspectionMode.CROSS
    assert inspection.supervision_type is SupervisionType.SCHOOL_SUPERVISION
    assert (inspection.organiser, len(inspection.units)) == ("D001", 12)
    assert isinstance(team, Team)
    first = told["rounds"][1]["pairs"][0]
    assert (team.round, team.from_unit, team.units) == (
        "JC2027-2",
        first["inspecting"],
        (first["inspected"],),
    )
    again = run("cross-inspection", *NEW, "--yes", "--json").data
    assert again["stored"] == 0
    assert [one["held"] for one in again["rounds"]] == [True, True]
    number = run("undo", "--json").data["batches"][0]["number"]
    assert run("undo", number, "--yes").status == 0
    assert counts(yunling) == before
    assert run("cross-inspection", *NEW, "--json").data["rounds"] == told["rounds"]


def test_the_workbook_names_every_pair(yunling: Path, run: Run) -> None:
    done = run("cross-inspection", "--year", "2026", "--output", "分组.xlsx")
    assert "已保存" in done.stdout
    rows = [*load_workbook(yunling / "分组.xlsx").worksheets[0].iter_rows(values_only=True)]
    assert len(rows) == 1 + 16
    assert rows[1] == ("上半年交叉检查", "第1组", "青溪镇中心小学", "白石镇中心小学", "没有", "已排")
    assert run("cross-inspection", "--output", "分组.doc").status == 2


def test_other_units_and_settings(yunling: Path, run: Run) -> None:
    words = [word for unit in ("青溪镇", "白石镇", "T003") for word in ("--unit", unit)]
    told = run("cross-inspection", *NEW, *words, "--json").data
    assert told["units"] == ["T001", "T002", "T003"]
    of_type = run("--set", "cross_inspection.units=乡镇", "cross-inspection", *NEW, "--yes", "--json").data
    assert of_type["rounds"] == told["rounds"]
    with RecordStore.open(yunling / ".dujian" / "records.db") as store:
        inspection = store.get("inspection", "JC2027-1")
    assert isinstance(inspection, Inspection)
    assert inspection.supervision_type is SupervisionType.GOV_SUPERVISION
    assert (
        len(run("--set", "cross_inspection.batches=3", "cross-inspection", *NEW, "--json").data["rounds"])
        == 3
    )


def test_what_cannot_be_planned_is_said_with_a_remedy(yunling: Path, run: Run) -> None:
    run("cross-inspection", *NEW, "--unit", "S001", "--unit", "S002").refused(
        4, "只有 2 个单位", "青溪镇中心小学"
    )
    three = ("--unit", "S001", "--unit", "S002", "--unit", "S003")
    run("--set", "cross_inspection.avoid=S001=S002", "cross-inspection", *NEW, *three).refused(
        4, "第 1 批", "只能查青溪镇石桥小学", "回避 2 对", "cross_inspection.avoid"
    )
    run("--set", "cross_inspection.avoid=S001", "cross-inspection").refused(4, "cross_inspection.avoid")
    run("cross-inspection", "--unit", "没有这所学校").refused(2, "没有这所学校")


def test_who_organises_must_be_known(yunling: Path, run: Run) -> None:
    run("--set", "office.name=别的机关", "cross-inspection", *NEW, "--yes").refused(4, "别的机关", "单位表")


def test_codes_that_are_taken_are_not_overwritten(yunling: Path, run: Run) -> None:
    taken = Round(code="JC2027-2", title="别的批次", year=2027, number=9)
    with RecordStore.open(yunling / ".dujian" / "records.db") as store, store.transaction() as writing:
        writing.put(taken, author="李静", at=NOW)
    before = counts(yunling)
    run("cross-inspection", *NEW, "--yes").refused(1, "JC2027-2")
    assert counts(yunling) == before


def test_pairs_without_a_round_count_by_the_year_of_their_inspection(yunling: Path, run: Run) -> None:
    team = Team(inspection="DD2026-02", code="第1组", from_unit="S003", units=("S007",))
    with RecordStore.open(yunling / ".dujian" / "records.db") as store, store.transaction() as writing:
        writing.put(team, author="李静", at=NOW)
    for seed in range(3):
        rounds = run("cross-inspection", *NEW, "--seed", seed, "--json").data["rounds"]
        pairs = {(one["inspecting"], one["inspected"]) for batch in rounds for one in batch["pairs"]}
        assert ("S003", "S007") not in pairs
    repeated = ("--unit", "S003", "--unit", "S007", "--unit", "S010")
    shown = run("cross-inspection", *NEW, *repeated).stdout
    assert "青溪镇石桥小学 → 白石镇河口小学　（以前查过 1 次，最近 2026 年）" in shown
