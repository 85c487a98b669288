"""The verb over cross-inspections: who inspects whom this year, on paper and as records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from dujian_docs import supervision
from dujian_docs.errors import InputInvalid, RecordConflict
from dujian_docs.filing import UnitNames
from dujian_docs.publishing import publish
from dujian_docs.records import Inspection, Record, Snapshot, Unit, UnitType
from dujian_docs.records.supervision_models import Round, Team
from dujian_docs.supervision import CrossSchedule
from dujian_docs.workspace.place import Workspace, unit_code

_Kind = TypeVar("_Kind", bound=Record)


@dataclass(frozen=True, slots=True)
class CrossPlan:
    """The cross-inspections of a year, and the units that take part."""

    schedule: CrossSchedule
    units: tuple[Unit, ...]
    unit_names: Mapping[str, str]


def plan_cross_inspection(
    office: Workspace, *, year: int | None = None, units: Sequence[str] = (), seed: int = 0
) -> CrossPlan:
    """Who inspects whom in a year, this one unless told; batches that are records already stay as they are.

    Args:
        office: the workspace.
        year: the year to plan.
        units: code, name or alias of those taking part; all of the type in the settings when empty.
        seed: another number draws other lots.

    Raises:
        UsageInvalid: no unit is called so.
        InputInvalid: there is no such schedule, or the settings name unknown units.
    """
    settled, known = office.settings.cross_inspection, office.units
    by_code = {one.code: one for one in known.units}
    chosen = tuple(by_code[unit_code(known, word)] for word in units) or supervision.taking_part(
        known.units, UnitType(settled.units)
    )
    with office.store.snapshot() as now:
        past = supervision.past_pairs(
            _all(now, "round", Round), _all(now, "inspection", Inspection), _all(now, "team", Team)
        )
    schedule = supervision.cross_schedule(
        chosen,
        past,
        year=year or office.clock().year,
        batches=settled.batches,
        seed=str(seed),
        avoid=_avoided(known, settled.avoid),
    )
    return CrossPlan(schedule, chosen, {one.code: one.name for one in known.units})


def apply_cross_inspection(office: Workspace, plan: CrossPlan) -> int:
    """The new batches are records, written in one batch; returns how many.

    Raises:
        InputInvalid: the settings do not say which unit this office is.
        RecordConflict: their codes are taken.
    """
    at, organiser = office.clock(), _organiser(office)
    records = supervision.cross_records(plan.schedule, plan.units, organiser=organiser)
    with office.store.transaction() as transaction:
        for code in supervision.codes_of(plan.schedule).values():
            for kind, title in (("round", "督导批次"), ("inspection", "督导活动")):
                if transaction.get(kind, code):
                    raise RecordConflict(
                        f"已经有{title} {code}，却没有它的分组",
                        remedy=f"补上它的督导组，或者先改掉{title}的编号，再排",
                    )
        for record in records:
            transaction.put(record, author=office.author, at=at)
    return len(records)


def write_cross_inspection(plan: CrossPlan, target: Path) -> Path:
    """The schedule stands as a workbook at the returned path: ``target``, or beside it when that is taken.

    Raises:
        StorageFailed: the disk refused.
    """
    return publish(supervision.cross_workbook(plan.schedule, plan.unit_names), target)


def _organiser(office: Workspace) -> str:
    name = office.settings.office.name
    code = office.units.code_of(name) if name else None
    if code is None:
        told = f"单位表里没有“{name}”" if name else "还没有设置机关全称"
        raise InputInvalid(
            f"不知道由谁组织：{told}",
            remedy="在 dujian.toml 的 [office] name 里填机关全称，并把它录入单位表",
        )
    return code


def _avoided(known: UnitNames, written: str) -> tuple[tuple[str, str], ...]:
    pairs = [
        one.split("=") for one in written.replace("，", "、").replace(",", "、").split("、") if one.strip()
    ]
    found = [tuple(known.code_of(word.strip()) for word in pair) for pair in pairs]
    if not all(len(pair) == 2 and all(pair) for pair in found):
        raise InputInvalid(
            f"设置 cross_inspection.avoid 里有认不出的内容：{written}",
            remedy="写成 S001=S004、S002=S009，两边是单位代码、名称或别名",
        )
    return tuple((one, other) for one, other in found if one and other)


def _all(now: Snapshot, kind: str, model: type[_Kind]) -> tuple[_Kind, ...]:
    return tuple(one for one in now.all(kind) if isinstance(one, model))
