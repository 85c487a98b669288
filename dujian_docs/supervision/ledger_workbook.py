"""The rectification ledger (整改台账) as a workbook, in the columns that offices keep it in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dujian_docs.records.models import Finding, FindingStatus
from dujian_docs.supervision.tables import workbook

_COLUMNS = (
    ("序号", 5),
    ("编号", 11),
    ("问题", 24),
    ("来源", 5),
    ("依据条款", 10),
    ("对应指标", 6),
    ("责任单位", 14),
    ("责任人", 8),
    ("总负责", 8),
    ("措施", 20),
    ("时限", 11),
    ("进展", 16),
    ("佐证", 16),
    ("核查人", 8),
    ("核查日期", 11),
    ("状态", 8),
)
_COLOURS = {
    FindingStatus.OPEN.value: "F8CBAD",
    FindingStatus.RELAPSED.value: "F8CBAD",
    FindingStatus.RECTIFYING.value: "FFF2CC",
    FindingStatus.AWAITING_CHECK.value: "DDEBF7",
    FindingStatus.CLOSED.value: "E2EFDA",
}


def ledger_workbook(
    findings: Sequence[Finding],
    progress: Mapping[str, str],
    unit_names: Mapping[str, str],
    people: Mapping[str, str],
) -> bytes:
    """The bytes of the ledger; ``progress`` is the latest step of each finding by code."""
    rows = [
        (
            number,
            one.code,
            one.description,
            one.source.value,
            one.basis or None,
            one.indicator or None,
            unit_names.get(one.unit, one.unit),
            one.responsible_person or None,
            one.chief or None,
            one.measure or None,
            one.deadline,
            progress.get(one.code, one.progress) or None,
            "\n".join(one.evidence) or None,
            people.get(one.checker or "", one.checker or "") or None,
            one.check_date,
            one.status.value,
        )
        for number, one in enumerate(findings, start=1)
    ]
    return workbook("整改台账", _COLUMNS, rows, colours=_COLOURS)
