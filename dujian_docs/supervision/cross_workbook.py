"""The cross-inspections of a year as a workbook, a row for each pair."""

from __future__ import annotations

from collections.abc import Mapping

from dujian_docs.supervision.cross_records import batch_title
from dujian_docs.supervision.scheduling import CrossPair, CrossSchedule
from dujian_docs.supervision.tables import workbook

_COLUMNS = (
    ("批次", 20),
    ("组别", 9),
    ("检查方", 28),
    ("检查对象", 28),
    ("以前查过", 24),
    ("情况", 10),
)
_HELD, _NEW = "已排", "新排"


def cross_workbook(schedule: CrossSchedule, unit_names: Mapping[str, str]) -> bytes:
    """The schedule as the bytes of a workbook."""
    rows = [
        (
            batch_title(schedule, batch.number),
            pair.team,
            unit_names.get(pair.inspecting, pair.inspecting),
            unit_names.get(pair.inspected, pair.inspected),
            had_before(pair),
            _HELD if batch.held else _NEW,
        )
        for batch in schedule.batches
        for pair in batch.pairs
    ]
    return workbook(f"{schedule.year}年交叉检查", _COLUMNS, rows, colours={_NEW: "E2EFDA"})


def had_before(pair: CrossPair) -> str:
    """How often the pair was had in earlier years, and when last, in words."""
    if not pair.times:
        return "没有"
    return f"{pair.times} 次，最近 {pair.last} 年" if pair.last else f"{pair.times} 次，年份不详"
