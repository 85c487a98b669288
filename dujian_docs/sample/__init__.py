"""The invented county 云岭县: records, workbooks, a filing list and an archive to try everything with."""

from dujian_docs.sample.archive import plan_archive, sample_due, write_archive
from dujian_docs.sample.figures import FILING_LIST, Office, office
from dujian_docs.sample.planned import Fate, PlannedFile, Truth, truth_of
from dujian_docs.sample.records import sample_records, sample_tree, sample_units
from dujian_docs.sample.workbooks import SPOILT_NAME, write_workbooks

__all__ = [
    "FILING_LIST",
    "SPOILT_NAME",
    "Fate",
    "Office",
    "PlannedFile",
    "Truth",
    "office",
    "plan_archive",
    "sample_due",
    "sample_records",
    "sample_tree",
    "sample_units",
    "truth_of",
    "write_archive",
    "write_workbooks",
]
