"""The text of a template: the blocks of an outline as paragraphs, tables and forms."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dujian_docs.documents.layout import blank, form, paragraph, run, table, tag
from dujian_docs.documents.outline import Block, Mark
from dujian_docs.documents.styles import CHARACTER, KAI_RUN, TEXT_WIDTH
from dujian_docs.wording import numeral

LABEL_WIDTH = 1600
"""Of the cells of a form that hold a label."""
_ALIGN = {"中": "表格居中文字", "左": "表格文字", "": "表格文字"}
_TEXTS = frozenset({Mark.TEXT, Mark.UNINDENTED, Mark.ITEMS, Mark.NUMBERED, Mark.LINES})
_LOOPED = re.compile(r"^\[(\w+)\]$")
_HEIGHT = re.compile(r"\^(\d+)$")


def body(blocks: Sequence[Block], *, width: int = TEXT_WIDTH, signature: Sequence[str] = ()) -> list[str]:
    """The blocks as paragraphs and tables; with a signature to follow, the last text keeps to it."""
    headings = 0
    last = _last_texts(blocks) if signature else frozenset()
    found: list[str] = []
    for place, block in enumerate(blocks):
        if block.mark is Mark.LEVEL1:
            headings += 1
            found.append(paragraph("一级标题", run(f"{numeral(headings)}、{block.text}")))
        elif block.mark is Mark.WORD:
            found += signature
        else:
            found += _shapes(block, width, last=place in last)
    return found


def _last_texts(blocks: Sequence[Block]) -> frozenset[int]:
    """The places of the texts that may come last: one that always prints, those of conditions after it."""
    found, depth = set(), 0
    for place in range(len(blocks) - 1, -1, -1):
        mark = blocks[place].mark
        depth += (mark is Mark.END) - (mark in {Mark.IF, Mark.UNLESS})
        if mark in {Mark.END, Mark.IF, Mark.UNLESS}:
            continue
        if mark not in _TEXTS:
            break
        if any(block.mark in _TEXTS for block in blocks[:place]):  # the first page must show text
            found.add(place)
        if not depth:
            break
    return frozenset(found)


def _shapes(block: Block, width: int, *, last: bool = False) -> list[str]:
    """``last`` keeps a text on one page with what follows it: no page has a 署名 and no text (7.3.5)."""
    text, keep = block.text, "<w:keepNext/>" if last else ""
    match block.mark:
        case Mark.LEVEL2:
            return [paragraph("二级标题", run(text))]
        case Mark.ITEMS:
            head = run("（{{ item.number }}）{{ item.head }}", style=KAI_RUN)
            return _loop(text, [head, run("{{ item.rest }}")], last=last)
        case Mark.NUMBERED:
            return _loop(text, [run("{{ loop.index }}.{{ item.head }}{{ item.rest }}")], last=last)
        case Mark.LINES:
            return _loop(text, [run("{{ item }}")], last=last)
        case Mark.IF | Mark.UNLESS:
            question = text if block.mark is Mark.IF else f"not {text}"
            return [tag(f"{{%p if {question} %}}")]
        case Mark.END:
            return [tag("{%p endif %}")]
        case Mark.TABLE:
            return [table(_columns(block, width), text)]
        case Mark.FORM | Mark.OPEN_ROW:
            ruled = block.mark is Mark.FORM
            high = [max(map(_height, row)) for row in block.rows]
            return [
                form(
                    [_row(row, width, ruled=ruled) for row in block.rows], width, ruled=ruled, lines_high=high
                )
            ]
        case Mark.TABLE_TITLE:
            return [paragraph("附表标题", run(text))]
        case Mark.TITLE:
            return [paragraph("文中标题", run(text)), blank("附件空行")]
        case Mark.PAGE:
            return [paragraph("版记锚", '<w:r><w:br w:type="page"/></w:r>')]
        case Mark.UNINDENTED:
            return [paragraph("顶格正文", run(text), properties=keep)]
        case _:
            return [paragraph("公文正文", run(text), properties=keep)]


def _loop(field: str, runs: Sequence[str], *, last: bool) -> list[str]:
    """A paragraph for each item; the last of the whole text is kept with what follows."""
    each = [paragraph("公文正文", *runs)]
    if last:
        each = [
            tag("{%p if loop.last %}"),
            paragraph("公文正文", *runs, properties="<w:keepNext/>"),
            tag("{%p else %}"),
            *each,
            tag("{%p endif %}"),
        ]
    return [tag(f"{{%p for item in {field} %}}"), *each, tag("{%p endfor %}")]


def _columns(block: Block, width: int) -> tuple[tuple[str, int, str, str], ...]:
    """Widths are in characters of body text; the columns without one share what is left."""
    given = [int(float(row[1]) * CHARACTER) if row[1] not in {"", "*"} else 0 for row in block.rows]
    free = sum(1 for wide in given if not wide)
    rest = (width - sum(given)) // free if free else 0
    return tuple(
        (
            row[0],
            wide or rest,
            f"{{{{ row.{row[2]} }}}}" if row[2] else "",
            _ALIGN[(*row, "")[3]],
        )
        for row, wide in zip(block.rows, given, strict=True)
    )


def _row(cells: Sequence[str], width: int, *, ruled: bool) -> list[tuple[str, int]]:
    """Cells of bare text are labels of one width; those with a tag or nothing in them share the rest."""
    labels = [ruled and len(cells) > 1 and _is_label(cell) for cell in cells]
    if ruled and all(labels) and len(cells) == 2:
        labels = [True, False]
    named = 0 if all(labels) else LABEL_WIDTH  # a row of labels alone is the head of what is below it
    share = (width - named * labels.count(True)) // (labels.count(False) or len(cells))
    widths = [named or share if label else share for label in labels]
    widths[-1] += width - sum(widths)
    return [
        (_cell_text(cell, label=label, ruled=ruled), wide)
        for cell, label, wide in zip(cells, labels, widths, strict=True)
    ]


def _height(cell: str) -> int:
    found = _HEIGHT.search(cell)
    return int(found[1]) if found else 1


def _is_label(cell: str) -> bool:
    text = _HEIGHT.sub("", cell).strip()
    return bool(text) and "{{" not in text and not _LOOPED.match(text)


def _cell_text(cell: str, *, label: bool, ruled: bool) -> str:
    text = _HEIGHT.sub("", cell).strip()
    style = "表格居中文字" if label else "表格文字" if ruled else "顶格正文"
    looped = _LOOPED.match(text)
    if looped:
        content = (
            paragraph(style, run(f"{{%p for item in {looped[1]} %}}"))
            + paragraph(style, run("{{ item }}"))
            + paragraph(style, run("{%p endfor %}"))
        )
        return content + tag(f"{{%p if not {looped[1]} %}}") + paragraph(style) + tag("{%p endif %}")
    return paragraph(style, run(text))
