"""Rows, counts, JSON and what one unit owes."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from dujian_docs.filing import CheckResult, ExpectationState
from dujian_docs.readiness import GapReport, as_json, gap_report, gaps_of_unit


def test_every_state_is_in_the_report(report: GapReport) -> None:
    assert {row.state for row in report.rows} == set(ExpectationState)
    assert report.total.counts == dict.fromkeys(ExpectationState, 1) | {ExpectationState.MISSING: 2}
    assert (report.total.due, report.total.present, report.total.gaps) == (7, 1, 6)
    assert not report.complete


def test_every_gap_says_why_and_what_next(report: GapReport) -> None:
    assert len(report.gaps) == 6
    for row in report.gaps:
        assert row.reason
        assert row.next_step


def test_tallies_add_up(report: GapReport) -> None:
    assert [(one.code, one.due, one.present) for one in report.indicators] == [
        ("A1", 7, 1),
        ("B1", 7, 1),
        ("C1", 5, 1),
        ("C2", 2, 0),
    ]
    assert sum(one.due for one in report.units) == report.total.due
    assert [one.title for one in report.units] == ["县财政局", "青溪镇中心小学", "白石镇中心小学"]


def test_a_unit_is_told_only_its_own_gaps(result: CheckResult) -> None:
    rows = gaps_of_unit(result, "D001")
    assert [(row.code, row.year) for row in rows] == [
        ("C1-01", 2025),
        ("C1-01", 2026),
        ("C1-02", 2026),
        ("C1-03", 2026),
    ]
    assert {row.unit for row in rows} == {"D001"}
    assert gaps_of_unit(result, "D999") == ()


def test_json_has_the_agreed_names(report: GapReport) -> None:
    rows = json.loads(json.dumps(as_json(report), ensure_ascii=False))
    assert len(rows) == len(report.gaps) + len(report.strays)
    assert {"code", "title", "unit", "year", "state", "reason", "next_step", "path"} <= set(rows[0])
    by_state = {row["state"]: row for row in rows}
    assert set(by_state) == {state.value for state in ExpectationState} - {"present"} | {"foreign", "unfiled"}
    assert by_state["suggested"]["passage"] == "关于2026年督查通报的说明"
    assert by_state["wrong_place"]["path"].endswith("C1-01_2025_县财政局_财政决算报告.pdf")
    assert len(as_json(report, every=True)) == len(report.rows) + len(report.strays)
    assert all(set(row) == set(rows[0]) for row in rows)


def test_a_part_with_nothing_missing_is_complete(result: CheckResult) -> None:
    part = gap_report(result.narrowed(units=["D001"], years=[2024]), as_of=date(2026, 3, 5))
    assert part.complete
    assert [one.code for one in part.indicators] == ["A1", "B1", "C1"]


def test_the_report_is_a_value(result: CheckResult, report: GapReport) -> None:
    assert gap_report(result, as_of=report.as_of) == report
    assert replace(report, notes=("x",)) != report
