"""The half-monthly report (半月报) of double reduction: eight aspects in 21 items. Pure.

The items and their order are those of the reporting form in use since 2021-08-30; the first seven aspects
are also the seven that inspections look at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dujian_docs.evaluation.rates import REACHED
from dujian_docs.records.models import Unit, UnitType
from dujian_docs.records.rollup_models import HalfMonthlyReport
from dujian_docs.supervision.rollups import Item, RollupReport, expected, item_of

_MIDDLE = 15
"""The day of the month on which its first half ends."""


@dataclass(frozen=True, slots=True)
class Asked:
    """An item that is asked for: its aspect, its field, and the field that it is a share of, if any.

    ``ranked``: more of it is better.
    """

    aspect: str
    part: str
    base: str = ""
    ranked: bool = True


ITEMS = (
    Asked("作业管理", "homework_posted", "schools"),
    Asked("作业管理", "homework_within_limit", "schools"),
    Asked("作业管理", "homework_not_to_parents", "schools"),
    Asked("课后服务", "service_schools", "schools"),
    Asked("课后服务", "service_in_full", "schools"),
    Asked("课后服务", "service_funded", "counties"),
    Asked("机构审批", "nonprofit", "orgs"),
    Asked("机构审批", "reapproved", "orgs"),
    Asked("机构审批", "reduced"),
    Asked("机构监管", "on_holidays", "orgs", ranked=False),
    Asked("机构监管", "cleaned_up"),
    Asked("机构监管", "model_contract", "orgs"),
    Asked("机构监管", "guided_price", "orgs"),
    Asked("预收费监管", "prepaid_guarded", "orgs"),
    Asked("广告管控", "adverts_controlled", "counties"),
    Asked("广告管控", "adverts_punished"),
    Asked("举报查处", "tips"),
    Asked("举报查处", "tips_closed", "tips"),
    Asked("非学科类管理", "departments_named", "counties"),
    Asked("非学科类管理", "standards_set", "counties"),
    Asked("非学科类管理", "nonacademic_orgs"),
)


def half_month(day: date) -> date:
    """The last day of the half month that ``day`` is in: the 15th, or the last of the month."""
    if day.day <= _MIDDLE:
        return day.replace(day=_MIDDLE)
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def half_monthly(
    reports: Sequence[HalfMonthlyReport], units: Sequence[Unit], *, end: date, kind: UnitType | None = None
) -> RollupReport:
    """The numbers of the half month that ``end`` is in by item, against the half month before.

    Reports count for the half month they end in, whether on its last day or, as is usual too, on the 30th.
    """
    end = half_month(end)
    before = half_month(end.replace(day=1) if end.day > _MIDDLE else end.replace(day=1) - timedelta(days=1))
    now, former = _of(reports, end), _of(reports, before)
    reported = {one.unit for one in now}
    wanted = expected((one.unit for one in reports), units, kind=kind)
    return RollupReport(
        f"截至{end.year}年{end.month}月{end.day}日的半月",
        f"截至{before.year}年{before.month}月{before.day}日的半月" if former else "",
        tuple(_item(one, now, former) for one in ITEMS) if now else (),
        tuple(sorted(reported)),
        tuple(code for code in wanted if code not in reported),
    )


def _of(reports: Sequence[HalfMonthlyReport], end: date) -> tuple[HalfMonthlyReport, ...]:
    """Every unit's report of a half month; the last where a unit reported twice."""
    inside = sorted(
        (one for one in reports if half_month(one.period_end) == end), key=lambda one: one.period_end
    )
    return tuple({one.unit: one for one in inside}.values())


def _item(asked: Asked, now: Sequence[HalfMonthlyReport], former: Sequence[HalfMonthlyReport]) -> Item:
    title = HalfMonthlyReport.model_fields[asked.part].title or asked.part
    values = {one.unit: _numbers(one, asked) for one in now}
    before = {one.unit: _numbers(one, asked) for one in former}
    item = item_of(title, values, before, REACHED if asked.base else None)
    return replace(item, aspect=asked.aspect, ranked=asked.ranked and bool(asked.base))


def _numbers(report: HalfMonthlyReport, asked: Asked) -> tuple[float | None, float | None]:
    return getattr(report, asked.part), getattr(report, asked.base) if asked.base else None
