"""Supervision at work: what is due and what comes of it. Pure functions over records; nothing here stores."""

from dujian_docs.supervision.calendar_file import calendar_file
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
from dujian_docs.supervision.ledger_workbook import ledger_workbook
from dujian_docs.supervision.workdays import Workdays

__all__ = [
    "CountyWork",
    "Deadline",
    "DueLine",
    "DueList",
    "Fault",
    "Ledger",
    "Repeated",
    "Standing",
    "Workdays",
    "calendar_file",
    "due_list",
    "faults",
    "jumps",
    "ledger_workbook",
    "look_backs_wanted",
    "repeated",
    "workbook_of",
]
