"""Papers as Word and Excel files, the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime

import docx
import docx.document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from dujian_docs.sample.occasions import Grid
from dujian_docs.sample.papers import Paper
from dujian_docs.sample.pdf_writer import width_of

_NEVER = (1980, 1, 1, 0, 0, 0)
_STAMPS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_TITLE_FONT, _BODY_FONT = "黑体", "仿宋"
_THIN = Side(style="thin")
_WIDEST_COLUMN = 42


def docx_bytes(paper: Paper) -> bytes:
    """The paper as a Word file."""
    document = docx.Document()
    properties = document.core_properties
    properties.title, properties.author = paper.heading, paper.signature
    if paper.number:
        _write(document.add_paragraph(), paper.number, 14, align=WD_ALIGN_PARAGRAPH.CENTER)
    heading = document.add_paragraph()
    _write(heading, paper.heading, 18, align=WD_ALIGN_PARAGRAPH.CENTER, font=_TITLE_FONT)
    if paper.main_to:
        _write(document.add_paragraph(), f"{paper.main_to}：", 14)
    for text in paper.paragraphs:
        paragraph = document.add_paragraph()
        paragraph.paragraph_format.first_line_indent = Pt(28)
        _write(paragraph, text, 14)
    if paper.grid:
        _add_grid(document, paper.grid)
    for line in paper.ending():
        _write(document.add_paragraph(), line, 14, align=WD_ALIGN_PARAGRAPH.RIGHT)
    buffer = io.BytesIO()
    document.save(buffer)
    return _settled(buffer.getvalue(), paper)


def _write(
    paragraph: Paragraph,
    text: str,
    size: float,
    *,
    align: WD_ALIGN_PARAGRAPH = WD_ALIGN_PARAGRAPH.LEFT,
    font: str = _BODY_FONT,
) -> None:
    paragraph.alignment = align
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), font
    run.element.get_or_add_rPr().get_or_add_rFonts().set(
        qn("w:eastAsia"), font
    )  # python-docx sets Latin only


def _add_grid(document: docx.document.Document, grid: Grid) -> None:
    table = document.add_table(rows=0, cols=len(grid.columns), style="Table Grid")
    for row in (grid.columns, *grid.rows):
        for cell, value in zip(table.add_row().cells, row, strict=True):
            _write(cell.paragraphs[0], str(value), 10.5)


def xlsx_bytes(paper: Paper) -> bytes:
    """The paper as a workbook with one sheet; without a table its paragraphs stand one to a row."""
    book = Workbook()
    sheet = book.worksheets[0]
    width = len(paper.grid.columns) if paper.grid else 1
    for line in (paper.heading, *paper.paragraphs):
        sheet.append([line])
        at = sheet.max_row
        sheet.merge_cells(start_row=at, end_row=at, start_column=1, end_column=max(width, 1))
        first = at == 1
        sheet.cell(at, 1).font = Font(
            name=_TITLE_FONT if first else "宋体", size=16 if first else 11, bold=first
        )
        sheet.cell(at, 1).alignment = Alignment(
            horizontal="center" if first else "left", vertical="center", wrap_text=True
        )
        sheet.row_dimensions[at].height = 30 if first else 32
    if paper.grid:
        _fill_grid(sheet, paper.grid)
    for line in paper.ending():
        sheet.append([*[None] * (width - 1), line])
        sheet.cell(sheet.max_row, width).alignment = Alignment(horizontal="right")
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    buffer = io.BytesIO()
    book.save(buffer)
    return _settled(buffer.getvalue(), paper)


def _fill_grid(sheet: Worksheet, grid: Grid) -> None:
    edge = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
    first = sheet.max_row + 1
    for row in (grid.columns, *grid.rows):
        sheet.append(list(row))
        for cell in sheet[sheet.max_row]:
            cell.border = edge
            cell.alignment = Alignment(vertical="center", wrap_text=True)
    for cell in sheet[first]:
        cell.font = Font(bold=True)
    for at in range(len(grid.columns)):
        widest = max(width_of(str(row[at]), 2.0) for row in (grid.columns, *grid.rows))
        sheet.column_dimensions[get_column_letter(at + 1)].width = min(widest + 3, _WIDEST_COLUMN)


def _settled(data: bytes, paper: Paper) -> bytes:
    """The package with every time stamp taken from the paper's date."""
    dated = paper.dated
    stamp = datetime(dated.year, dated.month, dated.day, 9) if dated else datetime(2026, 1, 1, 9)  # noqa: DTZ001
    told = stamp.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w") as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "docProps/core.xml":
                body = _STAMPS.sub(rb"\g<1>" + told + rb"\g<3>", body)
            new.writestr(zipfile.ZipInfo(name, _NEVER), body, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
