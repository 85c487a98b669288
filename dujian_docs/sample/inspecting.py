"""The invented county's cross-inspections of the year: batches, inspections, and who inspected whom."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

import yaml

from dujian_docs.records import Inspection, Record
from dujian_docs.records.supervision_models import Round, Team
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
