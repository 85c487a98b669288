"""The verb over figures: evaluate what the records hold of a school year and a calendar year."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from dujian_docs import evaluation
from dujian_docs.errors import UsageInvalid
from dujian_docs.evaluation import (
    CountyRecords,
    Evaluation,
    RateRules,
    RetentionFormula,
    Rules,
    ScoreRules,
    SplitRounding,
)
from dujian_docs.filing.tree import code_order
from dujian_docs.records import Campaign, FilingList, Finding, Indicator, Record, Snapshot, Unit
from dujian_docs.records.fields import SchoolYear
from dujian_docs.records.rollup_models import Rollup, TrainingCheck
from dujian_docs.records.score_models import BonusPoints, Score, VetoFinding
from dujian_docs.records.statistic_models import Finance, Satisfaction, SchoolStatistics
from dujian_docs.records.supervision_models import Tip, Visit
from dujian_docs.workspace.place import Workspace

_CITED = ("school_statistics", "finance")
_Kind = TypeVar("_Kind", bound=Record)


@dataclass(frozen=True, slots=True)
class Asked:
    """What to evaluate; what is empty follows from the campaign, the filing list or the newest records."""

    school_year: str = ""
    year: int = 0
    campaign: str = ""
    filing_list: str = ""


def evaluate(office: Workspace, asked: Asked = Asked()) -> Evaluation:
    """The evaluation of all that the records hold.

    Raises:
        UsageInvalid: there is no such campaign or filing list, no statistics of the school year that was
            asked for, or it is no school year.
    """
    with office.store.snapshot() as now:
        listed, year = _list_and_year(office, now, asked)
        school_year, statistics = _statistics(now, asked.school_year)
        records = CountyRecords(
            units=_all(now, "unit", Unit),
            statistics=statistics,
            finances=_all(now, "finance", Finance),
            filing_list=listed,
            indicators=_indicators(now, listed),
            scores=_all(now, "score", Score),
            bonuses=_all(now, "bonus", BonusPoints),
            vetoes=_all(now, "veto", VetoFinding),
            findings=_all(now, "finding", Finding),
            tips=_all(now, "tip", Tip),
            training_checks=_all(now, "training_check", TrainingCheck),
            visits=_all(now, "visit", Visit),
            rollups=_all(now, "rollup", Rollup),
            surveys=_all(now, "satisfaction", Satisfaction),
            versions={kind: now.version_numbers(kind) for kind in _CITED},
        )
    return evaluation.evaluate(
        records, school_year=school_year, year=year, today=office.clock().date(), rules=_rules(office)
    )


def _all(now: Snapshot, kind: str, model: type[_Kind]) -> tuple[_Kind, ...]:
    return tuple(one for one in now.all(kind) if isinstance(one, model))


def _list_and_year(office: Workspace, now: Snapshot, asked: Asked) -> tuple[FilingList | None, int]:
    """The filing list of the scores, None where there is none, and the calendar year."""
    campaign = now.get("campaign", asked.campaign) if asked.campaign else None
    if asked.campaign and not isinstance(campaign, Campaign):
        known = "、".join(one.code for one in _all(now, "campaign", Campaign)) or "还没有"
        raise UsageInvalid(f"没有评估项目 {asked.campaign}", remedy=f"已有的评估项目：{known}")
    of_campaign = campaign.filing_list if isinstance(campaign, Campaign) else None
    code = asked.filing_list or of_campaign or office.settings.check.filing_list
    lists = {one.code: one for one in _all(now, "filing_list", FilingList)}
    if code and code not in lists:
        raise UsageInvalid(f"没有建档目录 {code}", remedy=f"已有的建档目录：{'、'.join(lists) or '还没有'}")
    if not code and len(lists) > 1:
        raise UsageInvalid(
            f"有 {len(lists)} 份建档目录：{'、'.join(lists)}", remedy="用 --list 写明得分按哪一份算"
        )
    listed = lists[code] if code else next(iter(lists.values()), None)
    of_records = campaign.year if isinstance(campaign, Campaign) else listed.year if listed else 0
    return listed, asked.year or of_records or office.clock().year


def _statistics(now: Snapshot, wanted: str) -> tuple[str, tuple[SchoolStatistics, ...]]:
    """The school year, and its statistics; the newest there is when none is wanted."""
    numbers = now.version_numbers("school_statistics")
    years = sorted({key.split("/")[1] for key in numbers}, reverse=True)
    if not wanted:
        for newest in years:
            if found := _of_year(now, newest):  # none where all were deleted
                return newest, found
        return "", ()
    try:
        school_year: str = TypeAdapter[Any](SchoolYear).validate_python(wanted)
    except ValidationError as error:
        raise UsageInvalid(f"“{wanted}”不是学年", remedy="学年写成 2025-2026") from error
    found = _of_year(now, school_year)
    if not found:
        known = "、".join(year for year in years if year != school_year) or "还没有"
        raise UsageInvalid(f"没有 {school_year} 学年的学校统计", remedy=f"已有的学年：{known}")
    return school_year, found


def _of_year(now: Snapshot, school_year: str) -> tuple[SchoolStatistics, ...]:
    """The statistics of one school year; a province has too many to read them all."""
    near = now.all("school_statistics", containing=school_year)
    return tuple(one for one in near if isinstance(one, SchoolStatistics) and one.school_year == school_year)


def _indicators(now: Snapshot, listed: FilingList | None) -> tuple[Indicator, ...]:
    if listed is None:
        return ()
    found = [one for one in _all(now, "indicator", Indicator) if one.filing_list == listed.code]
    return tuple(sorted(found, key=lambda one: code_order(one.code)))


def _rules(office: Workspace) -> Rules:
    settled = office.settings.evaluation
    return Rules(
        SplitRounding(settled.split_rounding),
        RateRules(
            RetentionFormula.A if settled.retention_formula == "甲" else RetentionFormula.B,
            {"小学": settled.retention_primary, "初中": settled.retention_junior},
            settled.satisfaction,
        ),
        ScoreRules(
            settled.part,
            _points(settled.part_points),
            settled.bonus_counts,
            _points(settled.fails_below),
        ),
    )


def _points(value: float) -> Decimal:
    return Decimal(f"{value:g}")
