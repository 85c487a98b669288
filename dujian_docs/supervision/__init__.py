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
from dujian_docs.supervision.calendar_file import calendar_file
from dujian_docs.supervision.coverage import Coverage, OrgYear, coverage
from dujian_docs.supervision.deadlines import CountyWork, Deadline, DueLine, DueList, Standing, due_list
from dujian_docs.supervision.due_workbook import workbook_of
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
from dujian_docs.supervision.ledger_workbook import ledger_workbook
from dujian_docs.supervision.report_workbooks import cases_workbook, coverage_workbook, summary_workbook
from dujian_docs.supervision.rollup_workbook import rollup_workbook
from dujian_docs.supervision.rollups import Item, Line, RollupReport, quarterly
from dujian_docs.supervision.workdays import Workdays
from dujian_docs.supervision.year_summary import SummaryItem, year_summary

__all__ = [
    "PARTS",
    "CountyWork",
    "Coverage",
    "Deadline",
    "DueLine",
    "DueList",
    "Fault",
    "Item",
    "Ledger",
    "Line",
    "OrgYear",
    "Repeated",
    "RollupReport",
    "Standing",
    "Step",
    "StepState",
    "SummaryItem",
    "Workdays",
    "calendar_file",
    "case_faults",
    "cases_workbook",
    "coverage",
    "coverage_workbook",
    "due_list",
    "faults",
    "half_month",
    "half_monthly",
    "jumps",
    "ledger_workbook",
    "look_backs_wanted",
    "missing_parts",
    "quarterly",
    "repeated",
    "require_whole",
    "rollup_workbook",
    "steps",
    "summary_workbook",
    "workbook_of",
    "year_summary",
]
