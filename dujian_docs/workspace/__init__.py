"""The verbs, and the only place where things are wired together."""

from dujian_docs.dossier import DossierPlan, DossierReport, VerifyReport
from dujian_docs.evaluation import as_json as evaluation_json
from dujian_docs.evaluation import write_charts
from dujian_docs.evaluation import write_workbook as write_evaluation
from dujian_docs.filing import ExpectationState, is_filing_list
from dujian_docs.readiness import as_json, as_table
from dujian_docs.records import FOR_THE_OFFICE, FindingStatus
from dujian_docs.supervision import DueLine, DueList, Standing
from dujian_docs.workspace.bundling import apply_bundle, plan_bundle, verify
from dujian_docs.workspace.checking import (
    Wanted,
    apply_confirmation,
    apply_filing_list_import,
    check,
    plan_confirmation,
    plan_filing_list_import,
    report_of,
    tree,
    write_reports,
)
from dujian_docs.workspace.doctor import Check, Level, examine
from dujian_docs.workspace.dues import due, write_calendar, write_due_workbook
from dujian_docs.workspace.evaluating import Asked, evaluate
from dujian_docs.workspace.finding import (
    Filters,
    Found,
    FoundPage,
    duplicates,
    facets,
    look_closer,
    search,
    similar,
    status,
    sync,
    watch,
)
from dujian_docs.workspace.issuing import apply_issue_of, plan_issue_of, register, settle
from dujian_docs.workspace.ledgers import LedgerReport, apply_look_backs, ledger, write_ledger
from dujian_docs.workspace.place import Clock, InitPlan, Report, Workspace, apply_init, plan_init, unit_code
from dujian_docs.workspace.recordkeeping import (
    apply_import_of,
    apply_undo_of,
    batches_of,
    export_of,
    mark_wrong_cells,
    plan_import_of,
    plan_undo_of,
    write_template,
)
from indexer import Facets, Item, LookReport, Sort, SyncReport

__all__ = [
    "FOR_THE_OFFICE",
    "Asked",
    "Check",
    "Clock",
    "DossierPlan",
    "DossierReport",
    "DueLine",
    "DueList",
    "ExpectationState",
    "Facets",
    "Filters",
    "FindingStatus",
    "Found",
    "FoundPage",
    "InitPlan",
    "Item",
    "LedgerReport",
    "Level",
    "LookReport",
    "Report",
    "Sort",
    "Standing",
    "SyncReport",
    "VerifyReport",
    "Wanted",
    "Workspace",
    "apply_bundle",
    "apply_confirmation",
    "apply_filing_list_import",
    "apply_import_of",
    "apply_init",
    "apply_issue_of",
    "apply_look_backs",
    "apply_undo_of",
    "as_json",
    "as_table",
    "batches_of",
    "check",
    "due",
    "duplicates",
    "evaluate",
    "evaluation_json",
    "examine",
    "export_of",
    "facets",
    "is_filing_list",
    "ledger",
    "look_closer",
    "mark_wrong_cells",
    "plan_bundle",
    "plan_confirmation",
    "plan_filing_list_import",
    "plan_import_of",
    "plan_init",
    "plan_issue_of",
    "plan_undo_of",
    "register",
    "report_of",
    "search",
    "settle",
    "similar",
    "status",
    "sync",
    "tree",
    "unit_code",
    "verify",
    "watch",
    "write_calendar",
    "write_charts",
    "write_due_workbook",
    "write_evaluation",
    "write_ledger",
    "write_reports",
    "write_template",
]
