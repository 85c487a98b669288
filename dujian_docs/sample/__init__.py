"""The invented county 云岭县: records, workbooks, a filing list and an archive to try everything with."""

from dujian_docs.sample.figures import FILING_LIST, Office, office
from dujian_docs.sample.records import sample_records, sample_tree, sample_units
from dujian_docs.sample.workbooks import SPOILT_NAME, write_workbooks

__all__ = [
    "FILING_LIST",
    "SPOILT_NAME",
    "Office",
    "office",
    "sample_records",
    "sample_tree",
    "sample_units",
    "write_workbooks",
]
