"""The gap report for a terminal of 80 columns."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from dujian_docs.filing.states import ExpectationState
from dujian_docs.readiness.display import fitted, moment, shown, wrapped
from dujian_docs.readiness.reports import GapReport, GapRow, StrayRow

_INDENT = " " * 10
MISSING_ADVICE = "“缺”的件请责任单位补交：文件名写成“编号_年份_单位_材料名称”，放入该指标、该年份的文件夹。"
"""What to do about files that are simply not there; it is the same for all of them."""


def as_table(report: GapReport, *, width: int = 80, most: int | None = None, full: bool = False) -> str:
    """The counts and the gaps as text, by indicator; no line is wider than ``width`` columns.

    Args:
        report: what to show.
        width: columns of the terminal, at least 60.
        most: how many gaps to list; the rest are counted.
        full: also give the next step of each file that is simply missing, which is the same for all of them.
    """
    width = max(width, 60)
    return "\n".join(_lines(report, width, most, full=full)) + "\n"


def counted(report: GapReport) -> str:
    """The counts as one phrase: 应备312件：齐250、缺40……；目录外3、待归档5."""
    parts = "、".join(f"{state.label}{number}" for state, number in report.total.counts.items())
    foreign = sum(one.state == "foreign" for one in report.strays)
    unfiled = len(report.strays) - foreign
    return f"应备{report.total.due}件：{parts}；目录外{foreign}、待归档{unfiled}"


def _lines(report: GapReport, width: int, most: int | None, *, full: bool) -> Iterator[str]:
    yield from wrapped(f"{shown(report.title)}（{report.code}）", width)
    yield f"截至 {moment(report.as_of)}"
    yield from wrapped(counted(report), width)
    gaps = report.gaps
    listed = gaps if most is None else gaps[:most]
    for (indicator, title), rows in groupby(listed, key=lambda row: (row.indicator, row.indicator_title)):
        yield ""
        yield from wrapped(f"{indicator} {shown(title)}", width)
        for row in rows:
            yield from _row(row, width, full=full)
    if len(listed) < len(gaps):
        yield f"……另有 {len(gaps) - len(listed)} 件"
    yield from _strays(report.strays if most is None else report.strays[:most], width)
    for note in report.notes:
        yield from wrapped(f"注意：{shown(note)}", width)
    yield ""
    if not report.total.due:
        yield "这个范围里没有应备件，谈不上齐不齐。"
    elif report.complete:
        yield "全部齐备。"
    elif not full and any(row.state is ExpectationState.MISSING for row in gaps):
        yield from wrapped(MISSING_ADVICE, width)


def _row(row: GapRow, width: int, *, full: bool) -> Iterator[str]:
    unit, title = fitted(shown(row.unit_name), 20), fitted(shown(row.title), width - 46)
    yield f"  {fitted(row.state.label, 8)} {fitted(row.code, 6)} {row.year}  {unit} {title}".rstrip()
    plain = row.state is ExpectationState.MISSING
    texts = [] if plain and row.reason == "没有找到" else [row.reason]
    texts += [] if plain or not row.path else [f"文件：{row.path}"]
    texts += [f"原文：{row.passage}"] if row.passage else []
    texts += [] if plain and not full else [f"下一步：{row.next_step}"]
    for text in texts:
        for line in wrapped(shown(text), width - len(_INDENT) - 1):
            yield f"{_INDENT} {line}"


def _strays(strays: tuple[StrayRow, ...], width: int) -> Iterator[str]:
    for label, rows in groupby(strays, key=lambda one: one.label):
        yield ""
        yield f"{label}的文件"
        for one in rows:
            yield from (f"  {line}" for line in wrapped(shown(one.path), width - 2))
            for line in wrapped(shown(one.reason), width - len(_INDENT) - 1):
                yield f"{_INDENT} {line}"
