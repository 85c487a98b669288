"""The verb over visits: whether responsible inspectors came to their schools as often as the rules say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from dujian_docs import supervision
from dujian_docs.errors import InputInvalid
from dujian_docs.publishing import publish
from dujian_docs.records import Person, Record, Snapshot
from dujian_docs.records.supervision_models import InspectorZone, Visit
from dujian_docs.settings import VisitsSection
from dujian_docs.supervision import Span, VisitReport, VisitRules
from dujian_docs.workspace.place import Workspace

_Kind = TypeVar("_Kind", bound=Record)


@dataclass(frozen=True, slots=True)
class VisitsFound:
    """The report, the rules it goes by, and what units and people are called."""

    report: VisitReport
    rules: VisitRules
    unit_names: Mapping[str, str]
    people: Mapping[str, str]


def visits(office: Workspace, *, period: Span | None = None) -> VisitsFound:
    """The visits of a period against the rules in the settings; of this term when none is named.

    Raises:
        InputInvalid: the months in the settings are no months.
    """
    today = office.clock().date()
    rules = _rules(office.settings.visits)
    with office.store.snapshot() as now:
        report = supervision.visit_report(
            _all(now, "inspector_zone", InspectorZone),
            _all(now, "visit", Visit),
            office.units.units,
            period=period or supervision.term_of(today),
            today=today,
            rules=rules,
        )
        people = {one.code: one.name for one in _all(now, "person", Person)}
    return VisitsFound(report, rules, {one.code: one.name for one in office.units.units}, people)


def write_visits(found: VisitsFound, target: Path, *, by_school: bool) -> Path:
    """The report stands as a workbook at the returned path: ``target``, or beside it when that is taken.

    Raises:
        StorageFailed: the disk refused.
    """
    content = supervision.visit_workbook(found.report, found.unit_names, found.people, by_school=by_school)
    return publish(content, target)


def _rules(settled: VisitsSection) -> VisitRules:
    written = settled.school_months
    words = [one.strip() for one in written.replace("，", "、").replace(",", "、").split("、") if one.strip()]
    months = {int(one) for one in words if one.isdecimal()}
    if len(months) != len(words) or not months <= set(range(1, 13)):
        raise InputInvalid(
            f"设置 visits.school_months 里有不是月份的内容：{written}",
            remedy="写成 3、4、5、6、9、10、11、12",
        )
    return VisitRules(
        per_month=settled.per_month,
        per_term=settled.per_term,
        school_months=frozenset(months),
        each=settled.each,
        most_schools=settled.most_schools,
    )


def _all(now: Snapshot, kind: str, model: type[_Kind]) -> tuple[_Kind, ...]:
    return tuple(one for one in now.all(kind) if isinstance(one, model))
