"""The registry of kinds: identifier, Chinese name, model, key and schema number of each."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dujian_docs.errors import UsageInvalid
from dujian_docs.records.accountability_models import AccountabilityCase
from dujian_docs.records.basis_models import Basis
from dujian_docs.records.document_models import DocumentCopy, IssuedDocument
from dujian_docs.records.draft_models import Draft
from dujian_docs.records.figure_models import ReportedFigure
from dujian_docs.records.filing_models import (
    Assignment,
    DocumentEntry,
    FilingList,
    Indicator,
    NumberState,
    RequiredFile,
    Scope,
)
from dujian_docs.records.models import (
    Campaign,
    Finding,
    FindingSource,
    FindingStatus,
    Inspection,
    InspectionMode,
    Person,
    Record,
    SupervisionType,
    Unit,
    UnitType,
)
from dujian_docs.records.rollup_models import HalfMonthlyReport, Rollup, TrainingCheck, WorkLogEntry
from dujian_docs.records.score_models import BonusPoints, HelpPair, Honour, Score, VetoFinding
from dujian_docs.records.statistic_models import Finance, Satisfaction, SchoolStatistics
from dujian_docs.records.supervision_models import (
    AdmonitionTalk,
    Duty,
    InspectorZone,
    ListedCase,
    LookBack,
    Pledge,
    PledgeTarget,
    RectificationStep,
    Round,
    ScheduleEntry,
    Stage,
    Team,
    Tip,
    Visit,
)

__all__ = [
    "KINDS",
    "Assignment",
    "Campaign",
    "DocumentEntry",
    "FilingList",
    "Finding",
    "FindingSource",
    "FindingStatus",
    "Indicator",
    "Inspection",
    "InspectionMode",
    "Kind",
    "NumberState",
    "Person",
    "Record",
    "RequiredFile",
    "Scope",
    "SupervisionType",
    "Unit",
    "UnitType",
    "Upgrade",
    "kind_of",
]

Upgrade = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""Makes a stored body of one schema number into a body of the next."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: identifier, Chinese name, model, and the fields whose values make its key.

    ``entered`` kinds have a workbook form; the others are written only by verbs. Of ``confidential`` kinds
    nothing reaches the units that they are about. ``upgrades[0]`` makes a
    body of schema 1 into one of schema 2, and so on; each time a model changes so that older bodies would
    no longer load, one is added.
    """

    name: str
    title: str
    model: type[Record]
    key_fields: tuple[str, ...] = ("code",)
    entered: bool = True
    confidential: bool = False
    upgrades: tuple[Upgrade, ...] = ()

    @property
    def schema(self) -> int:
        """The number of the model's present form, counted from 1."""
        return len(self.upgrades) + 1

    def key_of(self, record: Record) -> str:
        """The record's key: the values of its key fields joined by ``/``."""
        return "/".join(str(getattr(record, field)) for field in self.key_fields)


KINDS: tuple[Kind, ...] = (
    Kind("unit", "单位", Unit),
    Kind("person", "人员", Person),
    Kind("filing_list", "建档目录", FilingList),
    Kind("indicator", "指标", Indicator, ("filing_list", "code")),
    Kind("required_file", "应备件", RequiredFile, ("filing_list", "code")),
    Kind("basis", "依据文件", Basis),
    Kind("campaign", "评估项目", Campaign),
    Kind("stage", "阶段", Stage, ("campaign", "code")),
    Kind("duty", "责任分工", Duty, ("campaign", "code")),
    Kind("inspector_zone", "督学责任区", InspectorZone),
    Kind("round", "督导批次", Round),
    Kind("inspection", "督导活动", Inspection),
    Kind("team", "督导组", Team, ("inspection", "code")),
    Kind("schedule", "督导日程", ScheduleEntry, ("inspection", "team", "day", "time")),
    Kind("visit", "督学记录", Visit),
    Kind("finding", "问题", Finding),
    Kind("rectification", "整改进展", RectificationStep, ("finding", "number")),
    Kind("look_back", "回头看", LookBack, ("finding", "due_date")),
    Kind("listed_case", "挂牌督办", ListedCase),
    Kind("tip", "举报线索", Tip, confidential=True),
    Kind("admonition_talk", "约谈", AdmonitionTalk),
    Kind("accountability_case", "问责案件", AccountabilityCase, confidential=True),
    Kind("pledge", "责任书", Pledge),
    Kind("pledge_target", "责任目标", PledgeTarget, ("pledge", "code")),
    Kind("rollup", "季度调度", Rollup, ("year", "quarter", "unit", "indicator")),
    Kind("half_monthly_report", "半月报", HalfMonthlyReport, ("unit", "period_end")),
    Kind("training_check", "培训机构检查", TrainingCheck, ("org", "check_date")),
    Kind("school_statistics", "学校统计", SchoolStatistics, ("school", "school_year", "section")),
    Kind("figure", "上报数据", ReportedFigure, ("unit", "period", "measure", "source")),
    Kind("finance", "教育经费", Finance, ("unit", "year")),
    Kind("satisfaction", "满意度调查", Satisfaction),
    Kind("score", "得分", Score, ("filing_list", "unit", "year", "indicator")),
    Kind("veto", "一票否决", VetoFinding, ("filing_list", "unit", "year", "title")),
    Kind("bonus", "奖励加分", BonusPoints, ("filing_list", "unit", "year", "title")),
    Kind("help_pair", "结对帮扶", HelpPair),
    Kind("honour", "荣誉和亮点", Honour),
    Kind("work_log", "工作日志", WorkLogEntry),
    Kind(
        "assignment",
        "挂接",
        Assignment,
        ("filing_list", "required_file", "unit", "year", "sha256"),
        entered=False,
    ),
    Kind("document", "发文登记", DocumentEntry, ("series", "year", "serial"), entered=False),
    Kind(
        "issued_document",
        "公文底稿",
        IssuedDocument,
        ("series", "year", "serial"),
        entered=False,
        confidential=True,
    ),
    Kind("draft", "公文稿", Draft, entered=False, confidential=True),
    Kind(
        "document_copy",
        "公文副本",
        DocumentCopy,
        ("series", "year", "serial", "sha256"),
        entered=False,
        confidential=True,
    ),
)
"""In an order in which links always point to earlier kinds or to the same one."""


def kind_of(word: str, kinds: Sequence[Kind] = KINDS) -> Kind:
    """The kind whose identifier or Chinese title is ``word``.

    Raises:
        UsageInvalid: there is none; the remedy lists those that exist, the nearest first.
    """
    wanted = word.strip()
    for kind in kinds:
        if wanted in (kind.name, kind.title):
            return kind
    names = {name: kind for kind in kinds for name in (kind.name, kind.title)}
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.5)
    hint = f"是不是“{names[near[0]].title}”？" if near else ""
    raise UsageInvalid(
        f"没有“{word}”这种记录", remedy=f"{hint}可用的有：{'、'.join(kind.title for kind in kinds)}"
    )
