"""The verbs over what wants attention: bases that lapsed, help pairs that lag, units to inspect specially."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dujian_docs import supervision
from dujian_docs.records import Campaign, Finding, Snapshot
from dujian_docs.records.accountability_models import AccountabilityCase
from dujian_docs.records.basis_models import Basis
from dujian_docs.records.rollup_models import Rollup
from dujian_docs.records.score_models import HelpPair
from dujian_docs.records.supervision_models import Tip
from dujian_docs.supervision import BasisState, Citing, PairRules, PairState, Target, Weights
from dujian_docs.workspace.place import Workspace


@dataclass(frozen=True, slots=True)
class PairList:
    """The help pairs of a year and what they lack."""

    year: int
    pairs: tuple[PairState, ...]
    unit_names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TargetList:
    """Units to inspect specially, with what they are called."""

    targets: tuple[Target, ...]
    unit_names: Mapping[str, str]


def bases(office: Workspace, *, internal: bool = False) -> tuple[BasisState, ...]:
    """Every basis: whether it is in force, and what cites it; accountability cases only ``internal``."""
    with office.store.snapshot() as now:
        held = tuple(one for one in now.all("basis") if isinstance(one, Basis))
        citing = tuple(_citing(now, internal=internal))
    soon = office.settings.due.soon_days
    return supervision.basis_states(held, citing, today=office.clock().date(), soon=soon)


def _citing(now: Snapshot, *, internal: bool) -> Iterator[Citing]:
    for one in now.all("campaign"):
        if isinstance(one, Campaign):
            yield from (Citing("评估项目", one.code, text) for text in one.basis)
    for one in now.all("finding"):
        if isinstance(one, Finding) and one.basis:
            yield Citing("问题", one.code, one.basis)
    for one in now.all("accountability_case") if internal else ():
        if isinstance(one, AccountabilityCase):
            yield from (Citing("问责案件", one.code, text) for text in one.basis)


def help_pairs(office: Workspace, *, year: int | None = None) -> PairList:
    """The year's help pairs, of this year when none is named, held against the settings."""
    rules = office.settings.help
    today = office.clock().date()
    wanted = year or today.year
    held = tuple(one for one in office.store.all("help_pair") if isinstance(one, HelpPair))
    found = supervision.pair_states(
        held,
        year=wanted,
        today=today,
        rules=PairRules(rules.reports_heard, rules.least_funds, rules.monthly),
    )
    return PairList(wanted, found, {one.code: one.name for one in office.units.units})


def targets(office: Workspace, *, internal: bool = False) -> TargetList:
    """The units that a special inspection should go to; tips count only ``internal``."""
    with office.store.snapshot() as now:
        findings = tuple(one for one in now.all("finding") if isinstance(one, Finding))
        tips = tuple(one for one in now.all("tip") if isinstance(one, Tip)) if internal else ()
        rollups = tuple(one for one in now.all("rollup") if isinstance(one, Rollup))
    units = office.units.units
    latest = max(((one.year, one.quarter) for one in rollups), default=None)
    roll_up = supervision.quarterly(rollups, units, year=latest[0], quarter=latest[1]) if latest else None
    told = office.settings.targets
    found = supervision.targets(
        findings,
        tips,
        roll_up,
        today=office.clock().date(),
        weights=Weights(told.open, told.overdue, told.relapsed, told.tip, told.behind, told.not_reported),
    )
    return TargetList(found, {one.code: one.name for one in units})
