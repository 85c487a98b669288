"""Readiness (迎检): what a check found, as a report for the screen, for programs, for Excel and for paper."""

from dujian_docs.readiness.printing import docx_bytes, write_docx
from dujian_docs.readiness.reports import (
    GapReport,
    GapRow,
    StrayRow,
    Tally,
    as_json,
    gap_report,
    gaps_of_unit,
)
from dujian_docs.readiness.terminal import as_table
from dujian_docs.readiness.workbooks import write_xlsx, xlsx_bytes

__all__ = [
    "GapReport",
    "GapRow",
    "StrayRow",
    "Tally",
    "as_json",
    "as_table",
    "docx_bytes",
    "gap_report",
    "gaps_of_unit",
    "write_docx",
    "write_xlsx",
    "xlsx_bytes",
]
