"""Builds a filing tree from rows, or says everything that is wrong with them at once.

Each row carries where it was written (「“指标”表第 5 行」, 「第 31 行」), so that a fault leads to its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from dujian_docs.errors import InputInvalid
from dujian_docs.filing.tree import FilingTree, IndicatorNode, code_order, years_before
from dujian_docs.records.kinds import FilingList, Indicator, RequiredFile

MOST_FAULTS = 20
"""How many faults one message lists; the rest are counted."""

TOLERANCE = 1e-6
"""How far points may be off their sum, in points."""


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator and where it was written."""

    record: Indicator
    where: str


@dataclass(frozen=True, slots=True)
class RequiredFileRow:
    """A required file and where it was written."""

    record: RequiredFile
    where: str


def build_tree(
    filing_list: FilingList,
    indicators: Sequence[IndicatorRow],
    required_files: Sequence[RequiredFileRow],
) -> FilingTree:
    """A sound tree, ordered by the numbers in the codes.

    Raises:
        InputInvalid: with every fault of ``tree_faults``.
    """
    faults = tree_faults(filing_list, indicators, required_files)
    refuse(filing_list.title, faults, remedy="按上面所列逐处改正后重新导入，改正前什么都没有保存")
    children: defaultdict[str, list[Indicator]] = defaultdict(list)
    for row in indicators:
        children["" if row.record.code[0] == "A" else row.record.parent].append(row.record)
    files: defaultdict[str, list[RequiredFile]] = defaultdict(list)
    for line in required_files:
        files[line.record.indicator].append(line.record)

    def node(indicator: Indicator) -> IndicatorNode:
        below = sorted(children[indicator.code], key=lambda one: code_order(one.code))
        own = sorted(files[indicator.code], key=lambda one: code_order(one.code))
        return IndicatorNode(indicator, tuple(node(one) for one in below), tuple(own))

    roots = sorted(children[""], key=lambda one: code_order(one.code))
    return FilingTree(filing_list, tuple(node(one) for one in roots))


def refuse(title: str, faults: Sequence[str], *, remedy: str) -> None:
    """Nothing when there are no faults; else stops with all of them, at most ``MOST_FAULTS`` spelled out.

    Raises:
        InputInvalid: there is at least one fault.
    """
    if not faults:
        return
    listed = "；".join(faults[:MOST_FAULTS])
    more = f"；另有 {len(faults) - MOST_FAULTS} 处" if len(faults) > MOST_FAULTS else ""
    raise InputInvalid(
        f"建档目录“{title}”有 {len(faults)} 处错误：{listed}{more}",
        remedy=remedy,
    )


def tree_faults(
    filing_list: FilingList,
    indicators: Sequence[IndicatorRow],
    required_files: Sequence[RequiredFileRow],
) -> tuple[str, ...]:
    """Every rule the rows break, as Chinese phrases that name the code and the place; empty when sound."""
    return (
        *_list_faults(filing_list, indicators, required_files),
        *_repeats([(row.record.code, row.where) for row in indicators], "指标代码"),
        *_repeats([(row.record.code, row.where) for row in required_files], "应备件编号"),
        *_parent_faults(indicators),
        *_point_faults(filing_list, indicators),
        *_file_faults(indicators, required_files),
    )


def _list_faults(
    filing_list: FilingList, indicators: Sequence[IndicatorRow], required_files: Sequence[RequiredFileRow]
) -> Iterator[str]:
    if not indicators:
        yield "没有一个指标"
    rows: list[IndicatorRow | RequiredFileRow] = [*indicators, *required_files]
    for row in rows:
        if row.record.filing_list != filing_list.code:
            yield (
                f"{row.where}：{row.record.code} 的目录代码是“{row.record.filing_list}”，"
                f"应为“{filing_list.code}”"
            )


def _repeats(codes: Sequence[tuple[str, str]], what: str) -> Iterator[str]:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for code, where in codes:
        places[code].append(where)
    for code, found in places.items():
        if len(found) > 1:
            yield f"{what} {code} 重复（{'、'.join(found)}）"


def _parent_faults(indicators: Sequence[IndicatorRow]) -> Iterator[str]:
    """That a parent is of the level above is a rule of the record; here it must also exist."""
    codes = {row.record.code for row in indicators}
    parents = {row.record.parent for row in indicators}
    for row in indicators:
        code, parent = row.record.code, row.record.parent
        if parent and parent not in codes:
            yield f"{row.where}：{code} 的上级指标“{parent}”不在目录里"
        if code[0] in "AB" and code not in parents:
            yield f"{row.where}：{code} 下面没有下级指标"


def _point_faults(filing_list: FilingList, indicators: Sequence[IndicatorRow]) -> Iterator[str]:
    total = sum(row.record.points for row in indicators if row.record.code[0] == "A")
    if indicators and abs(total - filing_list.total_points) > TOLERANCE:
        yield f"一级指标分值合计 {total:g} 分，应为总分 {filing_list.total_points:g} 分"
    sums: defaultdict[str, float] = defaultdict(float)
    for row in indicators:
        sums[row.record.parent] += row.record.points
    for row in indicators:
        below = sums.get(row.record.code)
        if below is not None and abs(below - row.record.points) > TOLERANCE:
            yield (
                f"{row.where}：{row.record.code} 的分值是 {row.record.points:g} 分，"
                f"下级指标合计却是 {below:g} 分"
            )


def _file_faults(
    indicators: Sequence[IndicatorRow], required_files: Sequence[RequiredFileRow]
) -> Iterator[str]:
    leaves = {row.record.code: row.where for row in indicators if row.record.code[0] == "C"}
    covered = {row.record.indicator for row in required_files}
    for row in required_files:
        file = row.record
        if file.indicator not in leaves:
            yield f"{row.where}：{file.code} 的三级指标“{file.indicator}”不在目录里"
        for rule in file.years:
            if years_before(rule) is None:
                yield f"{row.where}：{file.code} 的年份“{rule}”看不懂，应写 T、T-1、T-2 之类"
        for code in file.also_serves:
            if code not in leaves:
                yield f"{row.where}：{file.code} 的兼用指标“{code}”不在目录里"
    for code, where in leaves.items():
        if code not in covered:
            yield f"{where}：{code} 没有一件应备件"
