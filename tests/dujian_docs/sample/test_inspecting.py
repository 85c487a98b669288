"""The county's cross-inspections and visits are such as could have been."""

from __future__ import annotations

from dujian_docs.records import Inspection
from dujian_docs.records.supervision_models import InspectorZone, Team, Visit, VisitMode
from dujian_docs.sample import sample_records
from dujian_docs.supervision import Workdays


def test_in_both_batches_each_of_eight_schools_inspects_and_is_inspected_by_another() -> None:
    teams = [one for one in sample_records() if isinstance(one, Team)]
    held = {one.code: one for one in sample_records() if isinstance(one, Inspection)}
    pairs: dict[str, set[tuple[str | None, str]]] = {}
    for team in teams:
        pairs.setdefault(team.inspection, set()).add((team.from_unit, team.units[0]))
    assert len(pairs) == 2
    for code, batch in pairs.items():
        assert {one for one, _ in batch} == {other for _, other in batch} == set(held[code].units)
        assert len(batch) == 8
        assert not {(other, one) for one, other in batch} & batch
    first, second = pairs.values()
    assert not first & second


def test_visits_are_on_working_days_in_every_mode_and_numbered_by_their_days() -> None:
    visits = [one for one in sample_records() if isinstance(one, Visit)]
    calendar = Workdays(frozenset())
    assert all(calendar.is_workday(one.visit_date) for one in visits)
    assert {one.mode for one in visits} == set(VisitMode)
    assert [one.code for one in visits] == [f"JL2026-{at:03}" for at in range(1, len(visits) + 1)]
    assert [one.visit_date for one in visits] == sorted(one.visit_date for one in visits)


def test_a_visit_names_the_zone_of_its_school() -> None:
    zones = {one.code: one for one in sample_records() if isinstance(one, InspectorZone)}
    strangers = []
    for one in (one for one in sample_records() if isinstance(one, Visit)):
        assert one.zone is not None
        assert one.school in zones[one.zone].schools
        if one.inspector not in zones[one.zone].inspectors:
            strangers.append(one.school)
    assert strangers == ["S009"]
