"""Reads .xlsb through calamine, after looking how far the cells of each sheet reach ([MS-XLSB])."""

from __future__ import annotations

import re
from pathlib import Path

from indexer.extract.endings import over_limit, without_text
from indexer.extract.parts import facts_of, open_package
from indexer.extract.sheet import sheet_passages, side_passages
from indexer.model import Extraction, Limits, State

_SHEET_PART = re.compile(r"xl/(?:work)?sheets/[^/]+\.bin", re.IGNORECASE)
_ROW = 0
_CELLS = range(2, 12)
"""Records of filled cells; their content begins with the column."""


def read(path: Path, limits: Limits) -> Extraction:
    """One passage per sheet with its name as label: rows as lines, cells separated by tabs.

    Raises:
        Unreadable: the workbook is damaged, encrypted, empty or passes a limit.
    """
    with open_package(path, limits) as package:
        for name in package.NameToInfo:
            if _SHEET_PART.fullmatch(name) and _reach(package.read(name)) > limits.sheet_cells:
                raise over_limit(f"有工作表的范围超过 {limits.sheet_cells} 个单元格")
        facts = facts_of(package)
        side = tuple(side_passages(package))
    passages = (*sheet_passages(path, limits), *side)
    if not passages:
        return without_text("工作簿里没有内容").extraction(facts=facts)
    return Extraction(State.INDEXED, passages, facts=facts)


def _reach(sheet: bytes) -> int:
    """How many cells the rectangle around the filled cells of a sheet has."""
    top, bottom, left, right = 1 << 32, -1, 1 << 32, -1
    row, at = 0, 0
    while at < len(sheet):
        kind, at = _number(sheet, at, 2)
        length, at = _number(sheet, at, 4)
        if kind == _ROW and length >= 4:
            row = int.from_bytes(sheet[at : at + 4], "little")
        elif kind in _CELLS and length >= 4:
            column = int.from_bytes(sheet[at : at + 4], "little")
            top, bottom = min(top, row), max(bottom, row)
            left, right = min(left, column), max(right, column)
        at += length
    return (bottom - top + 1) * (right - left + 1) if bottom >= 0 else 0


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number of up to ``most`` bytes of seven bits each, and where the next one stands."""
    value = 0
    for place in range(most):
        byte = data[at + place] if at + place < len(data) else 0
        value |= (byte & 0x7F) << (7 * place)
        if byte < 0x80:
            return value, at + place + 1
    return value, at + most
