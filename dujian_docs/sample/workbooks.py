"""The county's records as the Excel files a clerk would bring, one of them with cells gone wrong."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import load_workbook

from dujian_docs.publishing import publish
from dujian_docs.records import KINDS, Kind, Record, columns_of, kind_of, write_form
from dujian_docs.records.workbook_form import form_bytes
from dujian_docs.sample.records import findings, sample_records

BROUGHT = (
    "单位",
    "人员",
    "依据文件",
    "评估项目",
    "结对帮扶",
    "培训机构检查",
    "季度调度",
    "半月报",
    "工作日志",
    "督学责任区",
    "督导批次",
    "督导活动",
    "督导组",
    "督学记录",
    "上报数据",
    "学校统计",
    "教育经费",
    "得分",
    "问责案件",
    "问题",
)
"""The kinds that come as workbooks, in the order to import them; 建档目录 comes as YAML before 评估项目."""

SPOILT_NAME = "问题_含错.xlsx"

SPOILT_CELLS: tuple[tuple[int, str, str | None], ...] = (
    (3, "责任单位", "S099"),
    (4, "发现日期", "2026年13月5日"),
    (5, "状态", "已经改好了"),
    (6, "问题描述", None),
    (7, "整改时限", "2025年1月8日"),
    (8, "整改措施", "#N/A"),
)
"""Row of the sheet, column title and what somebody typed there: each makes its row wrong."""


def write_workbooks(folder: Path) -> tuple[Path, ...]:
    """One filled-in workbook per kind of ``BROUGHT`` and ``SPOILT_NAME`` stand in ``folder``; returns where.

    Nothing that was there is overwritten; a namesake gets a number.

    Raises:
        StorageFailed: the disk refused.
    """
    records = sample_records()
    keys = {kind.name: [kind.key_of(one) for one in _of(kind, records)] for kind in KINDS}
    written = [
        write_form(kind, folder / f"{kind.title}.xlsx", _of(kind, records), links=keys)
        for kind in map(kind_of, BROUGHT)
    ]
    return (*written, publish(_spoilt(keys), folder / SPOILT_NAME))


def _of(kind: Kind, records: Sequence[Record]) -> list[Record]:
    return [one for one in records if isinstance(one, kind.model)]


def _spoilt(keys: Mapping[str, Sequence[str]]) -> bytes:
    """The findings' workbook with the cells of ``SPOILT_CELLS`` in place of what was right."""
    kind = kind_of("finding")
    book = load_workbook(io.BytesIO(form_bytes(kind, findings(), links=keys)))
    sheet = book[kind.title]
    places = {column.title: at for at, column in enumerate(columns_of(kind.model), start=1)}
    for row, title, value in SPOILT_CELLS:
        sheet.cell(row, places[title]).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
