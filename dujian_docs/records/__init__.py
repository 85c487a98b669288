"""Records: the kinds, their models, and the store that keeps every version."""

from dujian_docs.records.cells import CellFault
from dujian_docs.records.chain import Head, Version
from dujian_docs.records.columns import Column, columns_of, link_kinds, targets
from dujian_docs.records.exporting import export_records
from dujian_docs.records.importing import (
    FieldChange,
    ImportPlan,
    ImportReport,
    PlannedRecord,
    apply_import,
    plan_import,
)
from dujian_docs.records.kinds import (
    KINDS,
    Assignment,
    Campaign,
    DocumentEntry,
    FilingList,
    Finding,
    FindingSource,
    FindingStatus,
    Indicator,
    Inspection,
    InspectionMode,
    Kind,
    NumberState,
    Person,
    Record,
    RequiredFile,
    Scope,
    SupervisionType,
    Unit,
    UnitType,
    kind_of,
)
from dujian_docs.records.marking import write_marked_copy
from dujian_docs.records.problems import load
from dujian_docs.records.secrecy import FOR_THE_OFFICE, inspection_of, open_keys, open_records, unannounced
from dujian_docs.records.single import Change, history_of, lines_of, plan_single, refuse_written_by_verbs
from dujian_docs.records.store import RecordStore
from dujian_docs.records.transaction import Snapshot, Transaction, label_of
from dujian_docs.records.undoing import Batch, UndoPlan, apply_undo, batches, plan_undo
from dujian_docs.records.workbook_form import write_form
from dujian_docs.records.workbook_rows import WorkbookRows, read_workbook

__all__ = [
    "FOR_THE_OFFICE",
    "KINDS",
    "Assignment",
    "Batch",
    "Campaign",
    "CellFault",
    "Change",
    "Column",
    "DocumentEntry",
    "FieldChange",
    "FilingList",
    "Finding",
    "FindingSource",
    "FindingStatus",
    "Head",
    "ImportPlan",
    "ImportReport",
    "Indicator",
    "Inspection",
    "InspectionMode",
    "Kind",
    "NumberState",
    "Person",
    "PlannedRecord",
    "Record",
    "RecordStore",
    "RequiredFile",
    "Scope",
    "Snapshot",
    "SupervisionType",
    "Transaction",
    "UndoPlan",
    "Unit",
    "UnitType",
    "Version",
    "WorkbookRows",
    "apply_import",
    "apply_undo",
    "batches",
    "columns_of",
    "export_records",
    "history_of",
    "inspection_of",
    "kind_of",
    "label_of",
    "lines_of",
    "link_kinds",
    "load",
    "open_keys",
    "open_records",
    "plan_import",
    "plan_single",
    "plan_undo",
    "read_workbook",
    "refuse_written_by_verbs",
    "targets",
    "unannounced",
    "write_form",
    "write_marked_copy",
]
