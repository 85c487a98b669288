"""Visits against the rules: what is short, what nobody can judge, and who had no business there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from dujian_docs.records import Unit, UnitType
from dujian_docs.records.supervision_models import InspectorZone, Visit, VisitMode
from dujian_docs.supervision import (
    Span,
    VisitReport,
    VisitRules,
    VisitStanding,
    gaps_by_inspector,
    gaps_by_school,
    month,
    school_year,
    term,
    visit_report,
)

RULES = VisitRules(
    per_month=1, per_term=2, school_months=frozenset({3, 4, 5, 6, 9, 10, 11, 12}), each=False, most_schools=20
)
SCHOOLS = [Unit(code=f"S{at}", name=f"第{at}小学", unit_type=UnitType.SCHOOL) for at in (1, 2, 3)]
TOWN = Unit(code="T1", name="青溪镇", unit_type=UnitType.TOWNSHIP)
ZONE = InspectorZone(code="ZR1", name="青溪责任区", inspectors=("P1", "P2"), schools=("S1", "S2"))
OTHER = InspectorZone(code="ZR2", name="白石责任区", inspectors=("P3",), schools=("S3",))
LATER = date(2027, 9, 1)
OCTOBER = month("2026-10")


def visit(school: str, day: str, inspector: str = "P1", mode: VisitMode = VisitMode.CAMPUS) -> Visit:
    code = f"{school}-{day}-{inspector}-{mode.name}"
    return Visit(code=code, mode=mode, inspector=inspector, school=school, visit_date=date.fromisoformat(day))


def report(
    *visits: Visit,
    period: Span = OCTOBER,
    today: date = LATER,
    zones: Sequence[InspectorZone] = (ZONE, OTHER),
    rules: VisitRules = RULES,
) -> VisitReport:
    return visit_report(zones, visits, [*SCHOOLS, TOWN], period=period, today=today, rules=rules)


def told(found: VisitReport) -> dict[tuple[str, str], tuple[int | None, VisitStanding]]:
    return {(one.school, one.span.title): (one.had, one.standing) for one in found.lines}


def test_a_month_with_records_says_who_was_not_visited() -> None:
    found = report(visit("S1", "2026-10-09"), visit("S3", "2026-10-30", "P3"))
    assert told(found) == {
        ("S1", "2026年10月"): (1, VisitStanding.MET),
        ("S2", "2026年10月"): (0, VisitStanding.SHORT),
        ("S3", "2026年10月"): (1, VisitStanding.MET),
    }
    (gap,) = found.gaps
    assert (gap.inspectors, gap.required, gap.missing) == (("P1", "P2"), 1, 1)
    assert not found.clean


def test_several_records_of_one_day_are_one_visit() -> None:
    twice = replace(RULES, per_month=2)
    found = report(visit("S1", "2026-10-09"), visit("S1", "2026-10-09", mode=VisitMode.LESSON), rules=twice)
    assert told(found)["S1", "2026年10月"] == (1, VisitStanding.SHORT)
    found = report(visit("S1", "2026-10-09"), visit("S1", "2026-10-10", "P2"), rules=twice)
    assert told(found)["S1", "2026年10月"] == (2, VisitStanding.MET)


def test_where_nobody_recorded_anything_nothing_is_known() -> None:
    found = report(visit("S1", "2026-09-09"))
    assert set(told(found).values()) == {(None, VisitStanding.UNKNOWN)}
    assert all(one.missing is None for one in found.lines)
    assert {one.note for one in found.gaps} == {"2026年10月全县没有督学记录"}
    assert not found.clean


def test_a_term_is_short_only_where_its_months_are_known() -> None:
    autumn = term("2026秋")
    months = [visit("S3", f"2026-{at:02}-05", "P3") for at in (9, 10, 11, 12)]
    found = report(*months, visit("S1", "2026-09-09"), period=autumn)
    whole = {school: one for (school, title), one in told(found).items() if title == autumn.title}
    assert whole == {
        "S1": (1, VisitStanding.SHORT),
        "S2": (0, VisitStanding.SHORT),
        "S3": (4, VisitStanding.MET),
    }
    found = report(*months[:-1], visit("S1", "2026-09-09"), period=autumn)
    whole = {school: one for (school, title), one in told(found).items() if title == autumn.title}
    assert whole == {
        "S1": (1, VisitStanding.UNKNOWN),
        "S2": (None, VisitStanding.UNKNOWN),
        "S3": (3, VisitStanding.MET),
    }


def test_what_still_runs_is_no_gap_and_what_has_not_begun_is_not_asked_for() -> None:
    found = report(
        visit("S3", "2026-09-05", "P3"),
        visit("S3", "2026-10-05", "P3"),
        period=term("2026秋"),
        today=date(2026, 10, 20),
    )
    assert {one.span.title for one in found.lines} == {"2026年9月", "2026年10月", "2026年秋季学期"}
    assert {one.span.title for one in found.gaps} == {"2026年9月"}
    assert told(found)["S1", "2026年10月"] == (0, VisitStanding.RUNNING)
    assert told(found)["S1", "2026年秋季学期"] == (0, VisitStanding.RUNNING)
    last_day = report(visit("S3", "2026-10-05", "P3"), today=date(2026, 10, 31))
    assert told(last_day)["S1", "2026年10月"][1] is VisitStanding.RUNNING
    over = report(visit("S3", "2026-10-05", "P3"), today=date(2026, 11, 1))
    assert told(over)["S1", "2026年10月"][1] is VisitStanding.SHORT


def test_holidays_ask_for_nothing() -> None:
    assert report(period=month("2026-08")).lines == ()
    assert report(period=month("2028-03"), today=date(2026, 10, 1)).lines == ()
    begun = report(period=school_year("2026-2027"), today=date(2026, 10, 20))
    assert {one.span.title for one in begun.lines} == {"2026年9月", "2026年10月", "2026年秋季学期"}
    none = replace(RULES, per_month=0, per_term=0)
    assert report(period=school_year("2026-2027"), rules=none).lines == ()


def test_a_school_year_has_both_terms_and_each_month() -> None:
    found = report(period=school_year("2026-2027"), zones=(OTHER,))
    spans = [one.span.title for one in found.lines]
    assert len(spans) == 8 + 2
    assert spans[-2:] == ["2026年秋季学期", "2027年春季学期"]


def test_others_visits_are_told_and_do_not_count() -> None:
    found = report(visit("S1", "2026-10-09", "P3"), visit("S2", "2026-11-09", "P3"))
    assert [(one.school, one.inspector) for one in found.outside] == [("S1", "P3")]
    assert told(found)["S1", "2026年10月"] == (0, VisitStanding.SHORT)


def test_schools_in_no_zone_and_inspectors_with_too_many() -> None:
    found = report(zones=(ZONE,), rules=replace(RULES, most_schools=1))
    assert found.without == ("S3",)
    assert found.overloaded == (("P1", 2), ("P2", 2))
    assert report(rules=replace(RULES, most_schools=2)).overloaded == ()
    both = OTHER.model_copy(update={"inspectors": ("P1",)})
    assert report(zones=(ZONE, both), rules=replace(RULES, most_schools=2)).overloaded == (("P1", 3),)


def test_a_zone_counts_while_it_is_in_force() -> None:
    ended = OTHER.model_copy(update={"end_date": date(2026, 10, 15)})
    began = ZONE.model_copy(update={"start_date": date(2026, 10, 20), "schools": ("S1", "S2", "S3")})
    found = report(
        visit("S3", "2026-10-10", "P3"),
        visit("S3", "2026-10-16", "P3"),
        visit("S3", "2026-10-18", "P1"),
        zones=(ended, began),
    )
    assert [(one.inspector, one.visit_date.day) for one in found.outside] == [("P3", 16), ("P1", 18)]
    (line,) = [one for one in found.lines if one.school == "S3"]
    assert set(line.inspectors) == {"P1", "P2", "P3"}
    assert found.without == ()
    assert report(zones=(ended,)).without == ("S1", "S2", "S3")


def test_without_zones_nothing_is_said() -> None:
    found = report(visit("S1", "2026-10-09"), zones=())
    assert not found.zoned
    assert not found.clean
    assert (found.lines, found.without, found.outside) == ((), (), ())


def test_everyone_or_one_of_them() -> None:
    visits = [visit("S1", "2026-10-09"), visit("S2", "2026-10-10", "P2"), visit("S3", "2026-10-10", "P3")]
    assert report(*visits).clean
    found = report(*visits, rules=replace(RULES, each=True))
    assert [(one.inspectors, one.school) for one in found.gaps] == [(("P2",), "S1"), (("P1",), "S2")]


def test_gaps_by_inspector_and_by_school() -> None:
    found = report(visit("S2", "2026-10-09"))
    assert {key: [one.school for one in lines] for key, lines in gaps_by_inspector(found).items()} == {
        "P1": ["S1"],
        "P2": ["S1"],
        "P3": ["S3"],
    }
    assert list(gaps_by_school(found)) == ["S1", "S3"]
    more = report(visit("S3", "2026-10-09", "P3"), zones=(ZONE, OTHER), rules=replace(RULES, per_month=2))
    assert next(iter(gaps_by_inspector(more))) == "P1", "who has most gaps comes first"


@settings(deadline=None)
@given(
    st.lists(
        st.builds(
            visit,
            st.sampled_from(["S1", "S2", "S3"]),
            st.dates(date(2026, 9, 1), date(2026, 12, 31)).map(date.isoformat),
            st.sampled_from(["P1", "P2", "P3"]),
        ),
        max_size=30,
        unique_by=lambda one: one.code,
    )
)
def test_one_more_visit_never_makes_a_known_gap(visits: list[Visit]) -> None:
    """Each line counts its own, and the order of the records says nothing."""
    autumn = term("2026秋")
    found = report(*visits, period=autumn)
    assert report(*reversed(visits), period=autumn) == found
    for line in found.lines:
        days = {
            (one.inspector, one.visit_date)
            for one in visits
            if one.school == line.school
            and one.inspector in line.inspectors
            and line.span.first <= one.visit_date <= line.span.last
        }
        assert (line.had or 0) == len(days)
        assert (line.standing is VisitStanding.MET) == (len(days) >= line.required)
        assert line.had is not None or line.standing is VisitStanding.UNKNOWN
    counted = {one.code for one in visits} - {one.code for one in found.outside}
    assert counted == {one.code for one in visits if (one.inspector == "P3") == (one.school == "S3")}
