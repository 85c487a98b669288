"""The report as .xlsx and .docx: opened again by libraries, and by LibreOffice."""

from __future__ import annotations

import io
import subprocess
from collections.abc import Callable
from pathlib import Path

from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm
from openpyxl import load_workbook

from dujian_docs.filing import ExpectationState
from dujian_docs.readiness import GapReport, docx_bytes, write_docx, write_xlsx, xlsx_bytes


def test_the_workbook_has_four_sheets_that_filter_and_print(report: GapReport, tmp_path: Path) -> None:
    workbook = load_workbook(write_xlsx(report, tmp_path / "缺件.xlsx"))
    assert workbook.sheetnames == ["总览", "缺件清单", "全部", "目录外"]
    for name, rows in (("缺件清单", 6), ("全部", 7), ("目录外", 2)):
        sheet = workbook[name]
        assert sheet.max_row == rows + 1
        assert sheet.auto_filter.ref.endswith(str(rows + 1))
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.freeze_panes == "C2"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    overview = [cell.value for row in workbook["总览"].iter_rows() for cell in row]
    assert "云岭县建档目录 缺件核验" in overview
    assert "青溪镇中心小学" in overview


def test_a_state_is_a_word_and_not_only_a_colour(report: GapReport) -> None:
    sheet = load_workbook(io.BytesIO(xlsx_bytes(report)))["全部"]
    words = {
        sheet.cell(row, 2).value: sheet.cell(row, 2).fill.fgColor.rgb for row in range(2, sheet.max_row + 1)
    }
    assert set(words) == {state.label for state in ExpectationState}
    assert len(set(words.values())) == len(words)


def test_no_cell_is_a_formula_and_no_byte_breaks_the_workbook(report: GapReport) -> None:
    workbook = load_workbook(io.BytesIO(xlsx_bytes(report)))
    cells = [
        cell for sheet in workbook for row in sheet.iter_rows() for cell in row if cell.value is not None
    ]
    assert not any(cell.data_type == "f" for cell in cells)
    assert any(cell.value == "=1+1" for cell in cells)
    assert any("□[31m□.pdf" in str(cell.value) for cell in cells)


def test_nothing_is_overwritten(report: GapReport, tmp_path: Path) -> None:
    first = write_docx(report, tmp_path / "缺件.docx")
    assert (first.name, write_docx(report, tmp_path / "缺件.docx").name) == ("缺件.docx", "缺件(2).docx")


def test_the_document_is_a4_landscape_with_heads_on_every_page(report: GapReport) -> None:
    document = Document(io.BytesIO(docx_bytes(report)))
    section = document.sections[0]
    assert section.page_width
    assert section.page_height
    assert (round(section.page_width / Mm(1)), round(section.page_height / Mm(1))) == (297, 210)
    for table in document.tables:
        marks = [{child.tag for child in row._tr.get_or_add_trPr()} for row in table.rows]
        assert qn("w:tblHeader") in marks[0]
        assert all(qn("w:cantSplit") in mark for mark in marks[1:])
        assert sum(cell.width for cell in table.rows[0].cells) <= Mm(264)


def test_the_document_lists_every_gap(report: GapReport) -> None:
    document = Document(io.BytesIO(docx_bytes(report)))
    headings = [
        one.text for one in document.paragraphs if one.style and str(one.style.name).startswith("Heading")
    ]
    assert headings == ["一、总体情况", "二、缺件清单", "A1-B1 投入与安全", "三、目录外和待归档的文件"]
    _, gaps, strays = document.tables
    rows = [[cell.text for cell in row.cells] for row in gaps.rows[1:]]
    assert [(row[0], row[1], row[4]) for row in rows] == [
        (one.state.label, one.code, str(one.year)) for one in report.gaps
    ]
    assert all(row[6] for row in rows)
    assert len(strays.rows) == 1 + len(report.strays)
    runs = gaps.rows[1].cells[0].paragraphs[0].runs
    assert runs[0]._r.rPr.rFonts.get(qn("w:eastAsia")) == "仿宋_GB2312"


def test_equal_reports_give_equal_documents(report: GapReport) -> None:
    def parts(data: bytes) -> list[str]:
        document = Document(io.BytesIO(data))
        return [document.element.xml, str(document.core_properties.modified)]

    assert parts(docx_bytes(report)) == parts(docx_bytes(report))


def test_libreoffice_prints_both(
    report: GapReport, tmp_path: Path, need_program: Callable[[str], str]
) -> None:
    soffice, pdftotext = need_program("soffice"), need_program("pdftotext")
    for number, source in enumerate(
        (
            write_docx(report, tmp_path / "word" / "缺件.docx"),
            write_xlsx(report, tmp_path / "excel" / "缺件.xlsx"),
        )
    ):
        subprocess.run(
            [soffice, f"-env:UserInstallation={(tmp_path / str(number)).as_uri()}", "--headless",
             "--convert-to", "pdf", "--outdir", str(source.parent), str(source)],
            check=True, capture_output=True, timeout=180,
        )  # fmt: skip
        shown = subprocess.run(
            [pdftotext, "-layout", str(source.with_suffix(".pdf")), "-"],
            check=True,
            capture_output=True,
            timeout=60,
        ).stdout.decode()
        assert "县财政局" in shown
        assert "位置不对" in shown
