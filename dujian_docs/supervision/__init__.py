"""Supervision at work: what is due and what comes of it. Pure functions over records; nothing here stores."""

from dujian_docs.supervision.calendar_file import calendar_file
from dujian_docs.supervision.deadlines import CountyWork, Deadline, DueLine, DueList, Standing, due_list
from dujian_docs.supervision.due_workbook import workbook_of
from dujian_docs.supervision.workdays import Workdays

__all__ = [
    "CountyWork",
    "Deadline",
    "DueLine",
    "DueList",
    "Standing",
    "Workdays",
    "calendar_file",
    "due_list",
    "workbook_of",
]
