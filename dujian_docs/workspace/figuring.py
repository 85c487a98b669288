"""The verb over figures that are wrong or odd: sums, contradictions, missing schools, jumps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dujian_docs import supervision
from dujian_docs.publishing import publish
from dujian_docs.records.figure_models import ReportedFigure
from dujian_docs.records.rollup_models import HalfMonthlyReport
from dujian_docs.records.statistic_models import SchoolStatistics
from dujian_docs.supervision import FigureFinding, FigureKind, Figures
from dujian_docs.supervision.tables import workbook
from dujian_docs.workspace.place import Workspace, unit_code


@dataclass(frozen=True, slots=True)
class FigureReport:
    """What was found about the figures, and what the units are called."""

    findings: tuple[FigureFinding, ...]
    unit_names: Mapping[str, str]

    def count(self, kind: FigureKind) -> int:
        """How many findings are of that kind."""
        return sum(one.kind is kind for one in self.findings)


def figures(office: Workspace, *, unit: str = "") -> FigureReport:
    """What is wrong or odd about the figures of all units, or of one.

    Raises:
        UsageInvalid: no unit is called so.
    """
    code = unit_code(office.units, unit) if unit else ""
    with office.store.snapshot() as now:
        statistics = tuple(one for one in now.all("school_statistics") if isinstance(one, SchoolStatistics))
        reported = tuple(one for one in now.all("figure") if isinstance(one, ReportedFigure))
        half_months = tuple(
            one for one in now.all("half_monthly_report") if isinstance(one, HalfMonthlyReport)
        )
    held = Figures(statistics, reported, office.units.units, half_months)
    found = supervision.figure_findings(held, jump_percent=office.settings.figures.jump_percent)
    return FigureReport(
        tuple(one for one in found if code in {"", one.unit}),
        {one.code: one.name for one in office.units.units},
    )


def write_figures(found: FigureReport, target: Path) -> Path:
    """The findings stand as a workbook at the returned path.

    Raises:
        StorageFailed: the disk refused.
    """
    columns = (("种类", 12.0), ("单位", 26.0), ("时期", 14.0), ("问题", 60.0), ("出处", 40.0))
    rows = [
        [
            one.kind.value,
            found.unit_names.get(one.unit, one.unit),
            one.period,
            one.problem,
            "、".join(one.sources),
        ]
        for one in found.findings
    ]
    colours = {FigureKind.SUM.value: "F8CBAD", FigureKind.CONTRADICTION.value: "F8CBAD"}
    return publish(workbook("数据核对", columns, rows, colours=colours), target)
