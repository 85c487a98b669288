"""What is due as a workbook."""

from __future__ import annotations

from dujian_docs.supervision.deadlines import DueList, Standing
from dujian_docs.supervision.tables import workbook

_COLUMNS = (
    ("状态", 11),
    ("到期日", 12),
    ("还有几天", 9),
    ("责任方", 26),
    ("事项", 56),
    ("来源", 12),
    ("编号", 16),
    ("说明", 30),
)
_COLOURS = {
    Standing.OVERDUE.value: "F8CBAD",
    Standing.TODAY.value: "FFE699",
    Standing.SOON.value: "FFF2CC",
}


def workbook_of(due: DueList) -> bytes:
    """The list as the bytes of a workbook, a row for each deadline."""
    rows = [
        (
            line.standing.value,
            line.deadline.day,
            line.days,
            line.owner,
            line.deadline.what,
            line.deadline.kind,
            line.deadline.code,
            line.deadline.note or None,
        )
        for line in due.lines
    ]
    return workbook("到期事项", _COLUMNS, rows, colours=_COLOURS)
