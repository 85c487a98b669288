"""Outlines: the plain text that a shipped template is built from, read into blocks.

One line is one block; what it begins with says what it is:

====================  =======================================================================
``# 督导时间``         a level-one heading, numbered 一、 二、 by itself
``## （一）…``         a level-two heading, a paragraph of its own in 楷体
``* field``            level-two items of a field of kind 条目
``1 field``            the same as ``1.`` ``2.``
``- field``            each text of a field of kind 列表 as a paragraph
``? field`` / ``?! field``  what follows only when the field is there / is not there, until ``.``
``| field``            a ruled table; the lines below it, set in, are its columns: 标题 | 宽 | 栏 | 中
``+ 标签 | {{ x }}``   a row of a form; ``[x]`` prints each text of a 列表; ``^3`` makes a cell 3 lines high
``: 甲方 | 乙方``      a row without rules
``= 标题``             a heading over a table
``--- 标题``           an annex of that title; ``---横 标题`` on landscape pages
``! 标题``             a title in the middle of a paper
``& （联系人：…）``     附注, which stands below the date
``===``               a new page
``@sign``             署名 and 成文日期 here and not at the end of the text
``@word``             a word for the layout: @nosign without 署名, @dated with the date below the title,
                      @landscape on landscape paper, @attendance with 出席, 请假 and 列席 of a 纪要
====================  =======================================================================

Any other line is a paragraph of body text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from dujian_docs.errors import TemplateInvalid


class Mark(Enum):
    """What a line of an outline is."""

    TEXT = "text"
    LEVEL1 = "# "
    LEVEL2 = "## "
    ITEMS = "* "
    NUMBERED = "1 "
    LINES = "- "
    IF = "? "
    UNLESS = "?! "
    END = "."
    TABLE = "| "
    FORM = "+ "
    OPEN_ROW = ": "
    TABLE_TITLE = "= "
    TITLE = "! "
    NOTE = "& "
    PAGE = "==="
    WORD = "@"
    UNINDENTED = "_ "


@dataclass(frozen=True, slots=True)
class Block:
    """A line of an outline; ``rows`` are the columns of a table or the cells of a form."""

    mark: Mark
    text: str
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Annex:
    """An annex: its title and its blocks."""

    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Outline:
    """A whole outline: the main text, the notes below the date, the annexes, and words for the layout."""

    blocks: tuple[Block, ...]
    notes: tuple[str, ...]
    annexes: tuple[Annex, ...]
    words: frozenset[str]


SIGN = "sign"
_ANNEX = re.compile(r"^---(横)? +(.+)$")
_LONGEST_FIRST = sorted(
    (mark for mark in Mark if mark not in {Mark.TEXT, Mark.END}), key=lambda mark: -len(mark.value)
)


def parse(name: str, text: str) -> Outline:
    """The outline in ``text``; messages call it ``name``.

    Raises:
        TemplateInvalid: a block is opened and not closed, or the other way round.
    """
    parts: list[tuple[str, bool, list[Block]]] = [("", False, [])]
    for block in _blocks(name, text.splitlines()):
        if isinstance(block, tuple):
            parts.append((block[0], block[1], []))
        else:
            parts[-1][2].append(block)
    for _, _, blocks in parts:
        _check_pairs(name, blocks)
    main = parts[0][2]
    return Outline(
        tuple(block for block in main if block.mark not in {Mark.NOTE, Mark.WORD} or block.text == SIGN),
        tuple(block.text for block in main if block.mark is Mark.NOTE),
        tuple(Annex(title, tuple(blocks), landscape) for title, landscape, blocks in parts[1:]),
        frozenset(block.text for block in main if block.mark is Mark.WORD),
    )


def _blocks(name: str, lines: Sequence[str]) -> Iterator[Block | tuple[str, bool]]:
    rows: list[tuple[str, ...]] = []
    opened: Block | None = None
    for line in [*lines, ""]:
        mark, text = _read(line)
        inside = opened is not None and (
            line.startswith("  ") if opened.mark is Mark.TABLE else mark is opened.mark
        )
        if opened is not None and inside:
            rows.append(_cells(line if opened.mark is Mark.TABLE else text))
            continue
        if opened is not None:
            yield Block(opened.mark, opened.text, tuple(rows))
            opened, rows = None, []
        if not line.strip() or line.startswith("//"):
            continue
        if line.startswith("  "):
            raise TemplateInvalid(f"{name} 里“{line.strip()}”缩进了，前面却没有表格", remedy="去掉缩进")
        annex = _ANNEX.match(line)
        if annex:
            yield annex[2].strip(), bool(annex[1])
        elif mark is Mark.TABLE:
            opened = Block(mark, text)
        elif mark in {Mark.FORM, Mark.OPEN_ROW}:
            opened, rows = Block(mark, ""), [_cells(text)]
        else:
            yield Block(mark, text)


def _read(line: str) -> tuple[Mark, str]:
    if line.strip() == Mark.END.value:
        return Mark.END, ""
    for mark in _LONGEST_FIRST:
        if line.startswith(mark.value):
            return mark, line.removeprefix(mark.value).strip()
    return Mark.TEXT, line.strip()


def _cells(text: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in text.strip().split("|"))


def _check_pairs(name: str, blocks: Sequence[Block]) -> None:
    depth = 0
    for block in blocks:
        depth += (block.mark in {Mark.IF, Mark.UNLESS}) - (block.mark is Mark.END)
        if depth < 0:
            break
    if depth:
        raise TemplateInvalid(f"{name} 里的“?”和“.”不成对", remedy="每个“? 字段”后面用单独一行“.”收尾")
