"""Supervision at work: what is due and what comes of it. Pure functions over records; nothing here stores."""

from dujian_docs.supervision.accountability import (
    PARTS,
    Step,
    StepState,
    case_faults,
    missing_parts,
    require_whole,
    steps,
)
from dujian_docs.supervision.bases import BasisState, Citing, basis_states
from dujian_docs.supervision.calendar_file import calendar_file
from dujian_docs.supervision.coverage import Coverage, OrgYear, coverage
from dujian_docs.supervision.cross_records import (
    batch_title,
    codes_of,
    cross_records,
    past_pairs,
    taking_part,
)
from dujian_docs.supervision.cross_workbook import cross_workbook, had_before
from dujian_docs.supervision.deadlines import CountyWork, Deadline, DueLine, DueList, Standing, due_list
from dujian_docs.supervision.due_workbook import workbook_of
from dujian_docs.supervision.figures import FigureFinding, FigureKind, Figures, figure_findings
from dujian_docs.supervision.findings import (
    Fault,
    Ledger,
    Repeated,
    faults,
    jumps,
    look_backs_wanted,
    repeated,
)
from dujian_docs.supervision.half_months import half_month, half_monthly
from dujian_docs.supervision.help_pairs import PairRules, PairState, pair_states
from dujian_docs.supervision.ledger_workbook import ledger_workbook
from dujian_docs.supervision.periods import Span, month, month_of, school_year, term, term_of
from dujian_docs.supervision.report_workbooks import cases_workbook, coverage_workbook, summary_workbook
from dujian_docs.supervision.rollup_workbook import rollup_workbook
from dujian_docs.supervision.rollups import Item, Line, RollupReport, quarterly
from dujian_docs.supervision.scheduling import CrossBatch, CrossPair, CrossSchedule, PastPair, cross_schedule
from dujian_docs.supervision.targets import Target, Weights, targets
from dujian_docs.supervision.visit_workbook import visit_workbook
from dujian_docs.supervision.visiting import (
    VisitLine,
    VisitReport,
    VisitRules,
    VisitStanding,
    gaps_by_inspector,
    gaps_by_school,
    visit_report,
)
from dujian_docs.supervision.workdays import Workdays
from dujian_docs.supervision.year_summary import SummaryItem, year_summary

__all__ = [
    "PARTS",
    "BasisState",
    "Citing",
    "CountyWork",
    "Coverage",
    "CrossBatch",
    "CrossPair",
    "CrossSchedule",
    "Deadline",
    "DueLine",
    "DueList",
    "Fault",
    "FigureFinding",
    "FigureKind",
    "Figures",
    "Item",
    "Ledger",
    "Line",
    "OrgYear",
    "PairRules",
    "PairState",
    "PastPair",
    "Repeated",
    "RollupReport",
    "Span",
    "Standing",
    "Step",
    "StepState",
    "SummaryItem",
    "Target",
    "VisitLine",
    "VisitReport",
    "VisitRules",
    "VisitStanding",
    "Weights",
    "Workdays",
    "basis_states",
    "batch_title",
    "calendar_file",
    "case_faults",
    "cases_workbook",
    "codes_of",
    "coverage",
    "coverage_workbook",
    "cross_records",
    "cross_schedule",
    "cross_workbook",
    "due_list",
    "faults",
    "figure_findings",
    "gaps_by_inspector",
    "gaps_by_school",
    "had_before",
    "half_month",
    "half_monthly",
    "jumps",
    "ledger_workbook",
    "look_backs_wanted",
    "missing_parts",
    "month",
    "month_of",
    "pair_states",
    "past_pairs",
    "quarterly",
    "repeated",
    "require_whole",
    "rollup_workbook",
    "school_year",
    "steps",
    "summary_workbook",
    "taking_part",
    "targets",
    "term",
    "term_of",
    "visit_report",
    "visit_workbook",
    "workbook_of",
    "year_summary",
]
