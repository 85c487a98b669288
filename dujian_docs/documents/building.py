"""From an outline to a template.docx: head, body, tail and 版记 as the layout has them.

Lines are blank where GB/T 9704-2012 wants them; what depends on texts is placed after rendering
(``fitting``).
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dujian_docs.documents.blank import blank_document
from dujian_docs.documents.genre_plan import Layout
from dujian_docs.documents.layout import (
    blank,
    colophon,
    fill,
    form,
    letter_colophon,
    paragraph,
    run,
    section_end,
    table,
)
from dujian_docs.documents.outline import SIGN, Annex, Block, Mark, Outline
from dujian_docs.documents.packing import reproducible
from dujian_docs.documents.styles import (
    BOTTOM,
    CHARACTER,
    HEI,
    JOINT_WIDTH,
    KAI_RUN,
    PAGE_HEIGHT,
    TEXT_WIDTH,
    TOP,
    faces,
    spacing,
)
from dujian_docs.wording import numeral

MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed mark in a file, no moment
"""Written into the templates, so that building them twice gives the same bytes."""
LANDSCAPE_WIDTH = PAGE_HEIGHT - TOP - BOTTOM
LABEL_WIDTH = 1600
"""Of the cells of a form that hold a label."""
SEAL_LINES = 3
"""Between two offices: a seal is 42 mm across, four lines."""
ORDER_ROOM = 892
"""The first line of an order, measured to put the ink of its 标志 20 mm below the top of the text area."""
JOINT_ROOM = 136
"""Measured to put the ink of the first office 35 mm below the top of the text area."""
ATTENDANCE = (("出席", "present"), ("请假", "absent"), ("列席", "observers"))
_ALIGN = {"中": "表格居中文字", "左": "表格文字", "": "表格文字"}
_LOOPED = re.compile(r"^\[(\w+)\]$")
_HEIGHT = re.compile(r"\^(\d+)$")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the genre's plan says of its template: the layout and which fields there are."""

    layout: Layout
    fields: frozenset[str]


def built(outline: Outline, wanted: Wanted) -> bytes:
    """The template; the same outline gives the same bytes."""
    wide = "landscape" in outline.words
    document = blank_document(MADE, letter=wanted.layout is Layout.LETTER, landscape=wide)
    document.core_properties.title = "{{ title }}"
    document.core_properties.author = "{{ issuer }}" if "issuer" in wanted.fields else ""
    width = LANDSCAPE_WIDTH if wide else TEXT_WIDTH
    body = _body(outline.blocks, width=width, signature=_signature(wanted))
    fill(document, [*_head(outline, wanted), *body, *_tail(outline, wanted)])
    buffer = io.BytesIO()
    document.save(buffer)
    return reproducible(buffer.getvalue())


def _head(outline: Outline, wanted: Wanted) -> list[str]:
    """版头, 标题 and 主送; an order has no title (clause 10.2)."""
    if wanted.layout is Layout.ORDER:
        return _HEADS[wanted.layout]()
    title = [paragraph("公文标题", run("{{ title }}"))]
    if "dated" in outline.words:
        title.append(paragraph("题注", run("（{{ doc_date }}）")))
    title.append(blank())
    if "main_to" in wanted.fields:
        title.append(paragraph("主送机关", run("{{ main_to }}：")))
    return [*_HEADS[wanted.layout](), *title]


def _marks(room: int = 0) -> list[str]:
    """份号, 密级, 紧急程度: three lines, empty where there is none; ``room`` below them in twips."""
    return [
        paragraph("份号", run("{{ copy_number }}")),
        paragraph("密级", run("{{ secrecy }}")),
        paragraph("密级", run("{{ urgency }}"), properties=spacing(after=room)),
    ]


def _red_head(*number: str) -> list[str]:
    return [
        *_marks(),
        paragraph("发文机关标志", run("{{ letterhead }}")),
        *(blank() for _ in range(2)),
        *number,
        blank("红线下空行"),
        blank(),
    ]


def _upward() -> list[str]:
    names = "{{ signer }}{% for name in cosigners %}　{{ name }}{% endfor %}"
    signer = run(names, style=KAI_RUN)
    return _red_head(paragraph("上行文字号", _tab(), run("{{ number }}"), _tab(), run("签发人："), signer))


def _joint() -> list[str]:
    """The offices stand one below the other, the main one first, 文件 to their right in the middle."""
    left = JOINT_WIDTH
    offices = (
        paragraph("公文正文", run("{%p for office in offices %}"))
        + paragraph("联合发文机关", run("{{ office }}"))
        + paragraph("公文正文", run("{%p endfor %}"))
    )
    word = paragraph("联合发文机关", run("文件"), properties='<w:jc w:val="center"/>')
    return [
        *_marks(JOINT_ROOM),
        form([[(offices, left), (word, TEXT_WIDTH - left)]], TEXT_WIDTH, ruled=False),
        *(blank() for _ in range(2)),
        paragraph("发文字号", run("{{ number }}")),
        blank("红线下空行"),
        blank(),
    ]


def _letter() -> list[str]:
    return [
        paragraph("信函字号", run("{{ copy_number }}"), _tab(), run("{{ number }}")),
        paragraph("密级", run("{{ secrecy }}")),
        paragraph("密级", run("{{ urgency }}")),
        blank(),
    ]


def _order() -> list[str]:
    return [
        paragraph("公文正文", properties=spacing(line=ORDER_ROOM)),
        paragraph("发文机关标志", run("{{ letterhead }}")),
        *(blank() for _ in range(2)),
        paragraph("令号", run("{{ number }}")),
        *(blank() for _ in range(2)),
    ]


_HEADS: Mapping[Layout, Callable[[], list[str]]] = {
    Layout.RED_HEAD: lambda: _red_head(paragraph("发文字号", run("{{ number }}"))),
    Layout.UPWARD: _upward,
    Layout.JOINT: _joint,
    Layout.LETTER: _letter,
    Layout.MINUTES: lambda: _red_head(paragraph("发文字号", run("{{ number }}"))),
    Layout.ORDER: _order,
    Layout.PLAIN: list,
}


def _tail(outline: Outline, wanted: Wanted) -> list[str]:
    """附件说明, 署名, 成文日期, 附注, annexes, 版记."""
    titles = [annex.title for annex in outline.annexes]
    numbered = len(titles) > 1
    named = [
        paragraph(
            "附件说明",
            run(f"{'附件：' if number == 1 else ''}{f'{number}.' if numbered else ''}{title}"),
        )
        for number, title in enumerate(titles, start=1)
    ]
    tail = [*([blank("署名前空行"), *named] if named else [])]
    if "attendance" in outline.words:
        tail += _attendance()
    if not {"nosign", SIGN} & outline.words:
        tail += _signature(wanted)
    tail += [paragraph("附注", run(note)) for note in outline.notes]
    if "note" in wanted.fields:
        tail += [
            paragraph("公文正文", run("{%p if note %}")),
            paragraph("附注", run("（{{ note }}）")),
            paragraph("公文正文", run("{%p endif %}")),
        ]
    wide, letter = "landscape" in outline.words, wanted.layout is Layout.LETTER
    for number, annex in enumerate(outline.annexes, start=1):
        if annex.landscape != wide:  # a section ends with a paragraph that says how it was laid out
            tail.append(section_end(landscape=wide, letter=letter))
            wide = annex.landscape
        tail += _annex(f"附件{number}" if numbered else "附件", annex)
    if wide != ("landscape" in outline.words):
        tail.append(section_end(landscape=wide))
    if letter:
        tail.append(letter_colophon("抄送：{{ cc }}。"))
    elif "printer" in wanted.fields:
        tail.append(colophon("抄送：{{ cc }}。", "{{ printer }}", "{{ print_date }}印发"))
    return tail


def _attendance() -> list[str]:
    """出席, 请假 and 列席, each where there is anybody, a blank line below the text (clause 10.3)."""
    found = [blank()]
    for label, field in ATTENDANCE:
        mark = f"<w:r><w:rPr>{faces(HEI, latin=HEI)}</w:rPr><w:t>{label}：</w:t></w:r>"
        found += [
            paragraph("公文正文", run(f"{{%p if {field} %}}")),
            paragraph("出席人员", mark, run(f"{{{{ {field} }}}}")),
            paragraph("公文正文", run("{%p endif %}")),
        ]
    return found


def _signature(wanted: Wanted) -> list[str]:
    if wanted.layout is Layout.ORDER:
        signed = run("{{ sign_title }}　"), run("{{ signer }}", style=KAI_RUN)
        return [
            *(blank("署名前空行") for _ in range(2)),
            paragraph("签名章", *signed),
            blank("署名前空行"),
            paragraph("成文日期", run("{{ doc_date }}")),
        ]
    if wanted.layout is Layout.MINUTES:
        return []
    if wanted.layout is Layout.JOINT:
        return _joint_signature()
    before = [blank("署名前空行")]
    if "sealed" in wanted.fields:
        before += [
            paragraph("公文正文", run("{%p if sealed %}")),
            blank("署名前空行"),
            paragraph("公文正文", run("{%p endif %}")),
        ]
    return [
        *before,
        paragraph("署名", run("{{ issuer }}")),
        paragraph("成文日期", run("{{ doc_date }}")),
    ]


def _joint_signature() -> list[str]:
    """The offices one below the other, the main one first, room for a seal on each (clause 7.3.5)."""
    room = [
        paragraph("公文正文", run("{%p if sealed %}")),
        *(blank("署名前空行") for _ in range(SEAL_LINES)),
        paragraph("公文正文", run("{%p endif %}")),
    ]
    return [
        blank("署名前空行"),
        paragraph("公文正文", run("{%p for office in offices %}")),
        *room,
        paragraph("署名", run("{{ office }}")),
        paragraph("公文正文", run("{%p endfor %}")),
        paragraph("成文日期", run("{{ doc_date }}")),
    ]


def _annex(mark: str, annex: Annex) -> list[str]:
    """The head of an annex: 附件n on line 1, its title on line 3, of a new page."""
    return [
        paragraph("附件标号", run(mark)),
        blank("附件空行"),
        paragraph("附件标题", run(annex.title)),
        blank("附件空行"),
        *_body(annex.blocks, width=LANDSCAPE_WIDTH if annex.landscape else TEXT_WIDTH),
    ]


def _body(blocks: Sequence[Block], *, width: int = TEXT_WIDTH, signature: Sequence[str] = ()) -> list[str]:
    headings = 0
    found: list[str] = []
    for block in blocks:
        if block.mark is Mark.LEVEL1:
            headings += 1
            found.append(paragraph("一级标题", run(f"{numeral(headings)}、{block.text}")))
        elif block.mark is Mark.WORD:
            found += signature
        else:
            found += _shapes(block, width)
    return found


def _shapes(block: Block, width: int) -> list[str]:
    text = block.text
    match block.mark:
        case Mark.LEVEL2:
            return [paragraph("二级标题", run(text))]
        case Mark.ITEMS:
            head = run("（{{ item.number }}）{{ item.head }}", style=KAI_RUN)
            return _loop(text, paragraph("公文正文", head, run("{{ item.rest }}")))
        case Mark.NUMBERED:
            return _loop(text, paragraph("公文正文", run("{{ loop.index }}.{{ item.head }}{{ item.rest }}")))
        case Mark.LINES:
            return _loop(text, paragraph("公文正文", run("{{ item }}")))
        case Mark.IF | Mark.UNLESS:
            question = text if block.mark is Mark.IF else f"not {text}"
            return [paragraph("公文正文", run(f"{{%p if {question} %}}"))]
        case Mark.END:
            return [paragraph("公文正文", run("{%p endif %}"))]
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
            return [paragraph("顶格正文", run(text))]
        case _:
            return [paragraph("公文正文", run(text))]


def _loop(field: str, content: str) -> list[str]:
    return [
        paragraph("公文正文", run(f"{{%p for item in {field} %}}")),
        content,
        paragraph("公文正文", run("{%p endfor %}")),
    ]


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
    if ruled and all(labels):
        labels = [number % 2 == 0 for number in range(len(cells))]
    free = labels.count(False) or 1
    share = (width - LABEL_WIDTH * labels.count(True)) // free
    widths = [LABEL_WIDTH if label else share for label in labels]
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
        return content + paragraph(style)
    return paragraph(style, run(text))


def _tab() -> str:
    return "<w:r><w:tab/></w:r>"
