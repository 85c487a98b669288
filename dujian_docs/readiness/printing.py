"""The gap report on paper: an A4 landscape .docx with counts, the gaps by level-B indicator, and strays."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from pathlib import Path

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph

from dujian_docs.filing.states import ExpectationState
from dujian_docs.publishing import publish
from dujian_docs.readiness.display import moment, shown
from dujian_docs.readiness.reports import GapReport, GapRow, Tally
from dujian_docs.readiness.terminal import MISSING_ADVICE

_TITLE_FONT, _HEAD_FONT, _BODY_FONT, _LATIN = "方正小标宋简体", "黑体", "仿宋_GB2312", "Times New Roman"
_GAP_WIDTHS = (20.0, 18.0, 48.0, 36.0, 14.0, 66.0, 61.0)  # mm, 263 in all
_UNIT_WIDTHS = (20.0, 75.0, *[24.0] * 7)
_STRAY_WIDTHS = (20.0, 105.0, 64.0, 74.0)


def write_docx(report: GapReport, target: Path) -> Path:
    """The document stands at the returned path: ``target``, or ``名称(2).docx`` when that is taken.

    Raises:
        StorageFailed: the disk refused.
    """
    return publish(docx_bytes(report), target)


def docx_bytes(report: GapReport) -> bytes:
    """The report as the bytes of a .docx; equal reports give equal documents."""
    document = Document()
    _set_up(document, report)
    _paragraph(document, f"{report.title}缺件清单", _TITLE_FONT, 20, centred=True)
    _paragraph(document, f"截至 {moment(report.as_of)}", _BODY_FONT, 12, centred=True)
    _write_counts(document, report)
    _write_gaps(document, report)
    _write_strays(document, report)
    for note in report.notes:
        _paragraph(document, f"注意：{note}", _BODY_FONT, 12)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def _set_up(document: DocumentObject, report: GapReport) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Mm(297), Mm(210)
    section.left_margin = section.right_margin = Mm(17)
    section.top_margin, section.bottom_margin = Mm(20), Mm(18)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _LATIN, Pt(10.5)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _BODY_FONT)
    normal.paragraph_format.space_after = Pt(0)
    for level in (1, 2):
        style = document.styles[f"Heading {level}"]
        style.font.name, style.font.size, style.font.bold = _LATIN, Pt(16 - 2 * level), False
        style.font.color.rgb = None
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
            fonts.attrib.pop(qn(attribute), None)
        fonts.set(qn("w:eastAsia"), _HEAD_FONT)
        for colour in style.element.rPr.findall(qn("w:color")):
            style.element.rPr.remove(colour)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(8), Pt(4)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _field(footer, "PAGE", before="第 ", after=" 页 共 ")
    _field(footer, "NUMPAGES", before="", after=" 页")
    about = document.core_properties
    about.title, about.author = shown(f"{report.title} 缺件清单"), "督检文档"
    about.created = about.modified = _as_moment(report)


def _as_moment(report: GapReport) -> datetime:
    day = report.as_of
    return day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)  # noqa: DTZ001


def _write_counts(document: DocumentObject, report: GapReport) -> None:
    document.add_heading("一、总体情况", 1)
    states = list(ExpectationState)
    heads = ("代码", "单位", "应备", *(state.label for state in states))
    rows = [_counts(tally, states) for tally in (*report.units, report.total)]
    _table(document, heads, _UNIT_WIDTHS, rows, centred=frozenset(range(2, 9)))


def _counts(tally: Tally, states: Sequence[ExpectationState]) -> list[str]:
    return [tally.code, tally.title, str(tally.due), *(str(tally.counts[state]) for state in states)]


def _write_gaps(document: DocumentObject, report: GapReport) -> None:
    document.add_heading("二、缺件清单", 1)
    if not report.total.due:
        _paragraph(document, "这个范围里没有应备件。", _BODY_FONT, 12)
    elif not report.gaps:
        _paragraph(document, "全部齐备，没有缺件。", _BODY_FONT, 12)
    else:
        _paragraph(document, MISSING_ADVICE, _BODY_FONT, 12)
    titles = {tally.code: tally.title for tally in report.indicators}
    heads = ("状态", "编号", "材料名称", "单位", "年份", "情况", "下一步")
    for indicator, rows in groupby(report.gaps, key=_level_b):
        code = indicator.rpartition("-")[2]
        document.add_heading(shown(f"{indicator} {titles.get(code, '')}"), 2)
        _table(document, heads, _GAP_WIDTHS, [_gap(row) for row in rows], centred=frozenset({0, 1, 4}))


def _level_b(row: GapRow) -> str:
    return row.indicator.rpartition("-")[0]


def _gap(row: GapRow) -> list[str]:
    parts = (
        row.reason,
        f"文件：{row.path}" if row.path else "",
        f"原文：{row.passage}" if row.passage else "",
    )
    reason = "；".join(part for part in parts if part)
    step = f"请{row.unit_name}补交" if row.state is ExpectationState.MISSING else row.next_step
    return [row.state.label, row.code, row.title, row.unit_name, str(row.year), reason, step]


def _write_strays(document: DocumentObject, report: GapReport) -> None:
    if not report.strays:
        return
    document.add_heading("三、目录外和待归档的文件", 1)
    rows = [[one.label, one.path, one.reason, one.next_step] for one in report.strays]
    _table(document, ("状态", "文件位置", "情况", "下一步"), _STRAY_WIDTHS, rows, centred=frozenset({0}))


def _table(
    document: DocumentObject,
    heads: Sequence[str],
    widths: Sequence[float],
    rows: Iterable[Sequence[str]],
    *,
    centred: frozenset[int],
) -> None:
    """A ruled table whose head stands on every page; no row is split between pages. Widths in mm."""
    table = document.add_table(rows=1, cols=len(heads), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    _fill(table.rows[0], heads, widths, centred=frozenset(range(len(heads))), font=_HEAD_FONT)
    _row_property(table.rows[0], "w:tblHeader")
    for values in rows:
        _fill(_added(table), values, widths, centred=centred, font=_BODY_FONT)


def _added(table: Table) -> _Row:
    row: _Row = table.add_row()  # type: ignore[no-untyped-call]
    _row_property(row, "w:cantSplit")
    return row


def _row_property(row: _Row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))  # noqa: SLF001  python-docx has no name for it


def _fill(
    row: _Row, values: Sequence[str], widths: Sequence[float], *, centred: frozenset[int], font: str
) -> None:
    for at, (cell, value, width) in enumerate(zip(row.cells, values, widths, strict=True)):
        cell.width = Mm(width)
        paragraph = cell.paragraphs[0]
        _run(paragraph, value, font, 10.5)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(1.5)
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        if at in centred:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _paragraph(
    document: DocumentObject, text: str, font: str, points: float, *, centred: bool = False
) -> None:
    paragraph = document.add_paragraph()
    _run(paragraph, text, font, points)
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _run(paragraph: Paragraph, text: str, font: str, points: float) -> None:
    run = paragraph.add_run(shown(text))
    run.font.size = Pt(points)
    run.font.name = _LATIN
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)  # noqa: SLF001  as above


def _field(paragraph: Paragraph, instruction: str, *, before: str, after: str) -> None:
    """A field that Word counts itself, with text around it."""
    paragraph.add_run(before)
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), instruction)
    paragraph._p.append(field)  # noqa: SLF001  as above
    paragraph.add_run(after)
