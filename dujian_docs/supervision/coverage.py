"""Checks of training organisations: every one is due once a year, in seven items (培训机构年度覆盖). Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dujian_docs.evaluation.figures import Figure
from dujian_docs.evaluation.rates import COVERAGE, rate
from dujian_docs.records.models import Unit, UnitType
from dujian_docs.records.rollup_models import CheckResult, TrainingCheck

ITEMS = ("qualification", "premises", "contract", "fees", "adverts", "school_teachers", "other")
_OPTIONAL = "other"
"""Looked at when there is something to look at."""


@dataclass(frozen=True, slots=True)
class OrgYear:
    """What a year's checks of one organisation came to; items by the names they have on the form.

    ``bad``: not in order when it was last looked at. ``not_looked_at``: in none of the year's checks.
    """

    org: str
    checks: int
    last: date | None
    bad: tuple[str, ...]
    not_looked_at: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The year's coverage: which share was checked at all, and which in every item."""

    year: int
    orgs: tuple[OrgYear, ...]
    checked: Figure
    in_full: Figure

    @property
    def unchecked(self) -> tuple[OrgYear, ...]:
        """Those that nobody has been to."""
        return tuple(one for one in self.orgs if not one.checks)

    @property
    def unfinished(self) -> tuple[OrgYear, ...]:
        """Those that were checked, but not in every item."""
        return tuple(one for one in self.orgs if one.checks and one.not_looked_at)


def coverage(checks: Sequence[TrainingCheck], units: Sequence[Unit], *, year: int) -> Coverage:
    """What was checked in the year of all the training organisations there are."""
    held = [one for one in checks if one.check_date.year == year]
    orgs = tuple(
        _of_org(unit.code, [one for one in held if one.org == unit.code])
        for unit in units
        if unit.unit_type is UnitType.TRAINING_ORG
    )
    whole = sum(bool(one.checks) and not one.not_looked_at for one in orgs)
    return Coverage(
        year,
        orgs,
        rate(COVERAGE, sum(bool(one.checks) for one in orgs), len(orgs)),
        rate(COVERAGE, whole, len(orgs)),
    )


def _of_org(org: str, checks: Sequence[TrainingCheck]) -> OrgYear:
    ordered = sorted(checks, key=lambda one: one.check_date)
    last: dict[str, CheckResult] = {}
    for one in ordered:
        results = {item: CheckResult(getattr(one, item)) for item in ITEMS}
        last |= {item: found for item, found in results.items() if found is not CheckResult.NOT_LOOKED_AT}
    return OrgYear(
        org,
        len(ordered),
        ordered[-1].check_date if ordered else None,
        tuple(_title(item) for item in ITEMS if last.get(item) is CheckResult.BAD),
        tuple(_title(item) for item in ITEMS if item not in last and item != _OPTIONAL),
    )


def _title(item: str) -> str:
    return TrainingCheck.model_fields[item].title or item
