"""``dujian visits`` on the invented county, as it stood on some day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

from dujian_docs import workspace as verbs
from dujian_docs.records import RecordStore
from dujian_docs.sample import sample_records
from dujian_docs.supervision import Span, VisitReport, VisitStanding, month, school_year, term
from dujian_docs.workspace import VisitsFound, Workspace
from tests.conftest import Run

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
PAST = ("--term", "2026春")
"""A term that is over on whatever day the tests run."""


@pytest.fixture
def yunling(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "云岭"
    assert run("init", folder, "--name", "云岭县人民政府教育督导室", "--series", "云教督").status == 0
    with RecordStore.open(folder / ".dujian" / "records.db") as store, store.transaction() as writing:
        for record in sample_records():
            writing.put(record, author="李静", at=NOW)
    monkeypatch.chdir(folder)
    return folder


def on(folder: Path, day: datetime, *, period: Span | None = None, **settings: object) -> VisitsFound:
    """What the verb says on a day of the county's year."""
    overrides = {key.replace("__", "."): str(value) for key, value in settings.items()}
    with Workspace.open(folder, overrides=overrides, environment={}, clock=lambda: day) as office:
        return verbs.visits(office, period=period)


def test_the_gaps_that_were_planted_are_found(yunling: Path, run: Run) -> None:
    done = run("visits", *PAST)
    assert done.status == 3, done.said
    assert "2026年春季学期责任督学到校" in done.stdout
    assert "白露　2 处" in done.stdout
    assert "2026年5月　白石镇河口小学　应到 1 次，实到 0 次" in done.stdout
    assert "没有责任督学的学校 1\n  松坪乡九年一贯制学校" in done.stdout
    data = run("visits", *PAST, "--json").data
    short = {(one["school"], one["span"]) for one in data["visits"] if one["standing"] == "short"}
    assert short == {
        ("S006", "2026年6月"),
        ("S007", "2026年5月"),
        ("S010", "2026年5月"),
        ("S010", "2026年6月"),
    }
    assert data["counts"]["unknown"] == 0
    assert data["without_inspector"] == ["S011"]
    assert data["period"]["last"] == "2026-07-31"


def test_by_school_and_into_a_workbook(yunling: Path, run: Run) -> None:
    done = run("visits", *PAST, "--by", "school", "--output", "到校.xlsx")
    assert "松坪乡云台小学　2 处\n  2026年5月　王海涛、古建民　应到 1 次，实到 0 次" in done.stdout
    rows = [*load_workbook(yunling / "到校.xlsx").worksheets[0].iter_rows(min_row=2, values_only=True)]
    assert len(rows) == 11 * (4 + 1) + 1
    assert rows[0] == ("何秋实", "青溪镇中心小学", "2026年3月", 1, 1, 0, "达到", None)
    schools = [row[1] for row in rows[:-1]]
    assert schools == [school for name in dict.fromkeys(schools) for school in [name] * 5], "school by school"
    assert ("佟丽、白露", "白石镇河口小学", "2026年5月", 1, 0, 1, "不足", None) in rows
    assert rows[-1][1:3] == ("松坪乡九年一贯制学校", "2026年春季学期")
    assert rows[-1][6] == "没有责任督学"


def test_on_the_day_of_the_demonstration_this_term_still_runs(yunling: Path) -> None:
    day = datetime(2026, 11, 20, 9, tzinfo=UTC)
    found = on(yunling, day).report
    assert found.period == term("2026秋")
    assert {(one.school, one.span.title) for one in found.gaps} == {
        ("S003", "2026年10月"),
        ("S007", "2026年9月"),
        ("S009", "2026年10月"),
        ("S010", "2026年9月"),
        ("S010", "2026年10月"),
    }
    running = {(one.school, one.span.title) for one in found.lines if one.standing is VisitStanding.RUNNING}
    assert running == {
        ("S001", "2026年11月"),
        ("S010", "2026年11月"),
        ("S010", "2026年秋季学期"),
    }
    assert [(one.inspector, one.school) for one in found.outside] == [("P004", "S009")]


def test_a_month_of_which_nothing_was_recorded_cannot_be_judged(yunling: Path) -> None:
    found = on(yunling, datetime(2027, 1, 10, tzinfo=UTC), period=month("2026-12")).report
    assert len(found.lines) == 11
    assert {(one.had, one.standing) for one in found.lines} == {(None, VisitStanding.UNKNOWN)}


@pytest.mark.parametrize(
    ("settings", "holds"),
    [
        (
            {"visits__most_schools": 3},
            lambda found: [one for one, _ in found.overloaded] == ["P004", "P005", "P007"],
        ),
        ({"visits__per_month": 0, "visits__per_term": 0}, lambda found: found.lines == ()),
        ({"visits__school_months": "3"}, lambda found: found.count(VisitStanding.SHORT) == 0),
        ({"visits__each": "true"}, lambda found: {len(one.inspectors) for one in found.lines} == {1}),
        ({"visits__per_term": 5}, lambda found: found.count(VisitStanding.SHORT) == 4 + 11),
    ],
)
def test_the_rules_are_settings(
    yunling: Path, settings: dict[str, object], holds: Callable[[VisitReport], bool]
) -> None:
    day = datetime(2026, 9, 1, tzinfo=UTC)
    assert holds(on(yunling, day, period=term("2026春"), **settings).report)


def test_a_school_year_has_what_its_terms_have(yunling: Path) -> None:
    day = datetime(2027, 9, 1, tzinfo=UTC)
    whole = on(yunling, day, period=school_year("2025-2026")).report
    spring = on(yunling, day, period=term("2026春")).report
    assert set(spring.lines) <= set(whole.lines)
    assert {one.standing for one in set(whole.lines) - set(spring.lines)} <= {VisitStanding.UNKNOWN}


def test_without_zones_it_says_that_it_cannot_tell(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "空"
    assert run("init", folder).status == 0
    done = run("-w", folder, "visits", *PAST, "--output", tmp_path / "到校.xlsx")
    assert done.status == 3
    assert "无法判定，没有督学责任区的记录" in done.stdout
    (row,) = load_workbook(tmp_path / "到校.xlsx").worksheets[0].iter_rows(min_row=2, values_only=True)
    assert row[4:] == (None, None, "无法判定", "没有督学责任区的记录")


def test_what_cannot_be_asked(yunling: Path, run: Run) -> None:
    run("visits", "--month", "2026-13").refused(2, "2026-13")
    run("visits", "--term", "2026夏").refused(2, "2026夏")
    run("visits", *PAST, "--month", "2026-10").refused(2, "只能写一个")
    run("--set", "visits.school_months=九月", "visits").refused(4, "visits.school_months")
    assert run("visits", "--output", "到校.csv").status == 2
