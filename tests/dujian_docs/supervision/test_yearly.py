"""What a year adds up to: checks of training organisations, and the work log."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dujian_docs.records.models import Unit, UnitType
from dujian_docs.records.rollup_models import CheckResult, TrainingCheck, WorkLogEntry
from dujian_docs.supervision import coverage, year_summary

ORGS = tuple(Unit(code=f"J{n}", name=f"培训机构{n}", unit_type=UnitType.TRAINING_ORG) for n in range(1, 5))
SCHOOL = Unit(code="S1", name="青溪镇中心小学", unit_type=UnitType.SCHOOL)
GOOD, BAD, NOT = CheckResult
ITEMS = ("qualification", "premises", "contract", "fees", "adverts", "school_teachers")


def check(org: str, day: date, **results: Any) -> TrainingCheck:
    problems = ("有不合格的",) if BAD in results.values() else ()
    return TrainingCheck(
        org=org, check_date=day, problems=problems, **{**dict.fromkeys(ITEMS, GOOD), **results}
    )


def test_coverage_of_a_year() -> None:
    checks = [
        check("J1", date(2026, 3, 1), fees=BAD, premises=NOT),
        check("J1", date(2026, 9, 1), **dict.fromkeys(ITEMS, NOT) | {"premises": GOOD}),
        check("J2", date(2026, 3, 2), adverts=NOT),
        check("J3", date(2025, 3, 2)),
        check("J4", date(2026, 5, 1), fees=BAD),
        check("J4", date(2026, 6, 1)),
    ]
    found = coverage(checks, (*ORGS, SCHOOL), year=2026)
    assert (found.checked.value, found.in_full.value) == (75, 50)
    assert [one.org for one in found.unchecked] == ["J3"]
    assert [(one.org, one.not_looked_at) for one in found.unfinished] == [("J2", ("广告真实合法",))]
    by_org = {one.org: one for one in found.orgs}
    assert (by_org["J1"].checks, by_org["J1"].last) == (2, date(2026, 9, 1))
    assert by_org["J1"].bad == ("收费和退费",), "not looked at again: it still stands"
    assert by_org["J4"].bad == (), "found in order later"


def test_no_organisations_is_no_share() -> None:
    found = coverage([], (SCHOOL,), year=2026)
    assert (found.checked.value, found.checked.reason, found.orgs) == (None, "应查数为 0", ())


def entry(code: str, day: date, section: str, matter: str, **more: Any) -> WorkLogEntry:
    return WorkLogEntry(code=code, day=day, section=section, matter=matter, **more)


LOG = (
    entry("R4", date(2026, 5, 1), "督政", "督促建议", quantity=126, measure="条"),
    entry(
        "R1", date(2026, 2, 1), "督学", "推门听课", quantity=3, measure="节", units=("S1",), people=("P1",)
    ),
    entry("R2", date(2026, 2, 2), "督学", "回头看", units=("S1", "S2")),
    entry("R3", date(2026, 4, 1), "督学", "推门听课", quantity=2, measure="节", units=("S2", "S1")),
    entry("R5", date(2026, 6, 1), "督学", "推门听课", units=("S3",), people=("P1", "P2")),
    entry("R0", date(2025, 6, 1), "督学", "推门听课", quantity=9, measure="节"),
)


def test_the_year_is_numbered_through_all_sections() -> None:
    found = year_summary(LOG, year=2026)
    assert [(one.number, one.section, one.matter, one.times) for one in found] == [
        (1, "督学", "推门听课", 3),
        (2, "督学", "回头看", 1),
        (3, "督政", "督促建议", 1),
    ]
    first = found[0]
    assert (first.amounts, first.without_amount) == ({"节": 5}, 1)
    assert (first.units, first.people) == (("S1", "S2", "S3"), ("P1", "P2"))
    assert first.entries == ("R1", "R3", "R5")
    assert first.sentence == "推门听课 3 次，共 5 节，到 3 个单位"
    assert found[2].sentence == "督促建议 1 次，共 126 条"


@given(st.permutations(LOG))
def test_the_order_of_the_log_changes_nothing_and_nothing_is_lost(shuffled: list[WorkLogEntry]) -> None:
    found = year_summary(shuffled, year=2026)
    assert found == year_summary(LOG, year=2026)
    assert sorted(code for one in found for code in one.entries) == ["R1", "R2", "R3", "R4", "R5"]
    assert [one.number for one in found] == list(range(1, len(found) + 1))
