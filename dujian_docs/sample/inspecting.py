"""The invented county's inspectors at work: cross-inspections, zones, and who was at which school when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import yaml

from dujian_docs.records import Inspection, Record
from dujian_docs.records.supervision_models import InspectorZone, Round, Team, Visit
from dujian_docs.sample.figures import FOLDER

_FILE = FOLDER / "inspecting.yaml"


@cache
def _told() -> Mapping[str, Any]:
    """The file's content; read once."""
    return MappingProxyType(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def cross_inspections() -> Iterator[Record]:
    """The rounds, the inspections and their teams, in an order in which they can be stored."""
    told = _told()
    yield from (Round(**values) for values in told["rounds"])
    yield from (Inspection(**values) for values in told["inspections"])
    for inspection, batch in told["teams"].items():
        for at, (own, other) in enumerate(batch["pairs"], start=1):
            yield Team(
                inspection=inspection, code=f"第{at}组", round=batch["round"], from_unit=own, units=(other,)
            )


def zones_and_visits() -> Iterator[Record]:
    """The zones, then the visits to their schools from the first to the last."""
    told = _told()
    yield from (InspectorZone(**values) for values in told["zones"])
    zone_of = {school: zone["code"] for zone in told["zones"] for school in zone["schools"]}
    days = sorted(
        (day, school, inspector)
        for school, people in told["visits"].items()
        for inspector, found in people.items()
        for day in found
    )
    for at, (day, school, inspector) in enumerate(days):
        yield Visit(
            code=f"JL{day.year}-{at + 1:03}",
            inspector=inspector,
            zone=zone_of[school],
            school=school,
            visit_date=day,
            signed=True,
            **_content(at),
        )


def _content(at: int) -> dict[str, Any]:
    """What was done at the visit of this number: the modes take turns, and within each its matters."""
    records = _told()["records"]
    mode = list(records)[at % len(records)]
    fields = dict(records[mode])
    turn = at // len(records) % len(fields["matters"])
    own = {name: (fields.pop(name)[turn],) for name in ("matters", "suggestions")}
    return {"mode": mode, "adopted": at % 2, **own, **fields}
