"""Records: the kinds, their models, and the store that keeps every version."""

from dujian_docs.records.chain import Head, Version
from dujian_docs.records.columns import Column, columns_of, targets
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
from dujian_docs.records.problems import load
from dujian_docs.records.store import RecordStore
from dujian_docs.records.transaction import Snapshot, Transaction, label_of

__all__ = [
    "KINDS",
    "Assignment",
    "Campaign",
    "Column",
    "DocumentEntry",
    "FilingList",
    "Finding",
    "FindingSource",
    "FindingStatus",
    "Head",
    "Indicator",
    "Inspection",
    "InspectionMode",
    "Kind",
    "NumberState",
    "Person",
    "Record",
    "RecordStore",
    "RequiredFile",
    "Scope",
    "Snapshot",
    "SupervisionType",
    "Transaction",
    "Unit",
    "UnitType",
    "Version",
    "columns_of",
    "kind_of",
    "label_of",
    "load",
    "targets",
]
