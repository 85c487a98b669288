"""Cross-inspections as records: what was had is read from teams, what is planned becomes teams. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from dujian_docs.records.models import Inspection, InspectionMode, Record, SupervisionType, Unit, UnitType
from dujian_docs.records.supervision_models import Round, Team
from dujian_docs.supervision.scheduling import CrossSchedule, PastPair

HALVES = ("上半年", "下半年")
"""What two batches of a year are called."""


def past_pairs(
    rounds: Iterable[Round], inspections: Iterable[Inspection], teams: Iterable[Team]
) -> tuple[PastPair, ...]:
    """Who inspected whom, as the teams of cross-inspections say.

    The batch is the team's round; without one the year is that of the inspection, and the batch not known.
    """
    by_round = {one.code: one for one in rounds}
    crossed = {one.code: one for one in inspections if one.mode is InspectionMode.CROSS}
    return tuple(_pairs(crossed, by_round, teams))


def _pairs(
    crossed: Mapping[str, Inspection], by_round: Mapping[str, Round], teams: Iterable[Team]
) -> Iterator[PastPair]:
    for team in teams:
        inspection = crossed.get(team.inspection)
        if inspection is None or team.from_unit is None:
            continue
        batch = by_round.get(team.round or "")
        if batch:
            year, number = batch.year, batch.number
        else:
            year, number = inspection.start_date.year if inspection.start_date else 0, 0
        for unit in team.units:
            yield PastPair(year, number, team.from_unit, unit, team.code)


def taking_part(units: Iterable[Unit], unit_type: UnitType) -> tuple[Unit, ...]:
    """The units of a type that inspect each other; of governments those that another is above."""
    return tuple(
        one
        for one in units
        if one.unit_type is unit_type and (unit_type is not UnitType.GOVERNMENT or one.parent)
    )


def codes_of(schedule: CrossSchedule) -> Mapping[int, str]:
    """The code that the round and the inspection of each new batch will have."""
    return {batch.number: f"JC{schedule.year}-{batch.number}" for batch in schedule.planned}


def cross_records(schedule: CrossSchedule, units: Sequence[Unit], *, organiser: str) -> tuple[Record, ...]:
    """The new batches as records, in an order in which they can be stored: round, inspection, teams."""
    types = {one.code: one.unit_type for one in units}
    schools = {code for code, unit_type in types.items() if unit_type is UnitType.SCHOOL}
    return tuple(_records(schedule, schools, organiser))


def _records(schedule: CrossSchedule, schools: Set[str], organiser: str) -> Iterator[Record]:
    for batch in schedule.planned:
        code = codes_of(schedule)[batch.number]
        title = batch_title(schedule, batch.number)
        inspected = tuple(sorted(pair.inspected for pair in batch.pairs))
        yield Round(code=code, title=title, year=schedule.year, number=batch.number)
        yield Inspection(
            code=code,
            title=f"{schedule.year}年{title}",
            supervision_type=(
                SupervisionType.SCHOOL_SUPERVISION
                if set(inspected) <= schools
                else SupervisionType.GOV_SUPERVISION
            ),
            mode=InspectionMode.CROSS,
            organiser=organiser,
            units=inspected,
        )
        for pair in batch.pairs:
            yield Team(
                inspection=code,
                code=pair.team,
                round=code,
                from_unit=pair.inspecting,
                units=(pair.inspected,),
            )


def batch_title(schedule: CrossSchedule, number: int) -> str:
    """What a batch is called: by its half of the year where there are two, by its number otherwise."""
    if len(schedule.batches) == len(HALVES):
        return f"{HALVES[number - 1]}交叉检查"
    return f"第{number}批交叉检查"
