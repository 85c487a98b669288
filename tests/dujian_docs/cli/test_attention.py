"""``dujian bases``, ``help-pairs`` and ``targets`` on the invented county."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dujian_docs.records import RecordStore
from dujian_docs.records.supervision_models import Tip
from dujian_docs.sample import sample_records
from tests.conftest import Run

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)


def put(folder: Path, *records: Any) -> None:
    with RecordStore.open(folder / ".dujian" / "records.db") as store, store.transaction() as writing:
        for record in records:
            writing.put(record, author="李静", at=NOW)


@pytest.fixture
def yunling(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "云岭"
    assert run("init", folder, "--name", "云岭县人民政府教育督导室", "--series", "云教督").status == 0
    put(folder, *sample_records())
    monkeypatch.chdir(folder)
    return folder


def test_a_basis_that_was_replaced_is_told_and_cited_it_is_wrong(yunling: Path, run: Run) -> None:
    calm = run("bases")
    assert calm.status == 0
    assert "YJ003 云岭县教育督导工作规定（云政发〔20××〕7号）：已由《云岭县教育督导实施办法》" in calm.stdout
    assert "文号或年份不全" in calm.stdout
    with RecordStore.open(yunling / ".dujian" / "records.db") as store:
        (finding, *_) = store.all("finding")
    put(yunling, finding.model_copy(update={"basis": "《云岭县教育督导工作规定》第六条"}))
    done = run("bases", "--json")
    assert done.status == 3
    cited = {one["code"]: one["cited"] for one in done.data["bases"]}
    assert [one["kind"] for one in cited["YJ003"]] == ["问题"]
    assert cited["YJ002"] == []


def test_help_pairs_are_held_against_the_settings(yunling: Path, run: Run) -> None:
    done = run("help-pairs", "--year", "2026")
    assert done.status == 3
    assert "JD2026-02　云岭县第一中学 帮 松坪乡九年一贯制学校" in done.stdout
    assert "没有帮扶措施" in done.stdout
    assert run("help-pairs", "--year", "2020").status == 0


def test_whom_to_inspect_specially(yunling: Path, run: Run) -> None:
    plain = run("targets", "--json").data
    assert plain["tips_counted"] is False
    points = [one["points"] for one in plain["targets"]]
    assert points == sorted(points, reverse=True)
    assert len(points) > 2
    day = datetime.now(UTC).date()
    put(yunling, *(Tip(code=f"X{n}", received_date=day, unit="S010", content="补课") for n in range(50)))
    assert run("targets", "--json").data == plain
    first = run("targets", "--internal").stdout.splitlines()[1]
    assert "松坪乡云台小学" in first
    assert "举报 50 件" in first
    none = [
        word
        for key in ("open", "overdue", "relapsed", "tip", "behind", "not_reported")
        for word in ("--set", f"targets.{key}=0")
    ]
    assert run(*none, "targets", "--internal", "--json").data["targets"] == []
