"""The files themselves: read by others' readers, the same bytes every time, closed where they should be."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pypdf
import pypdfium2
import pytest

from dujian_docs.sample import sample_units
from dujian_docs.sample.files import PASSWORD, Make, file_bytes
from dujian_docs.sample.occasions import Occasion
from dujian_docs.sample.papers import Paper, paper_for
from indexer import Limits, State
from indexer.extract import extract

UNITS = {unit.code: unit for unit in sample_units()}


@pytest.fixture
def growth() -> Paper:
    """A paper of words."""
    return paper_for(Occasion("C3-03", UNITS["D003"], 2025))


@pytest.fixture
def log() -> Paper:
    """A paper with a table over more than a page."""
    return paper_for(Occasion("C8-03", UNITS["D002"], 2026))


def bare(text: str) -> str:
    return "".join(text.split())


def by_pdfium(data: bytes, password: str | None = None) -> str:
    document = pypdfium2.PdfDocument(data, password=password)
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


@pytest.mark.parametrize("make", [make for make in Make if make is not Make.BIG5])
def test_the_same_paper_gives_the_same_bytes(make: Make, growth: Paper) -> None:
    assert file_bytes(growth, make) == file_bytes(growth, make)


@pytest.mark.parametrize("make", [Make.DOCX, Make.XLSX])
def test_an_office_file_carries_no_time_but_its_papers(make: Make, growth: Paper) -> None:
    assert growth.dated is not None
    with zipfile.ZipFile(io.BytesIO(file_bytes(growth, make))) as package:
        assert {info.date_time[0] for info in package.infolist()} == {1980}
        core = package.read("docProps/core.xml").decode()
    assert core.count(growth.dated.isoformat()) == 2
    assert core.count("T09:00:00Z") == 2


@pytest.mark.parametrize("name", ["growth", "log"])
def test_a_pdf_says_every_line_to_both_readers(name: str, request: pytest.FixtureRequest) -> None:
    paper: Paper = request.getfixturevalue(name)
    data = file_bytes(paper, Make.PDF)
    others = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    for text in (bare(by_pdfium(data)), bare(others)):
        for line in (paper.heading, *paper.paragraphs, *paper.ending()):
            assert bare(line) in text
        for row in paper.grid.rows if paper.grid else ():
            assert bare("".join(str(cell) for cell in row)) in text


def test_a_long_table_goes_on_over_the_page_under_its_head(log: Paper) -> None:
    assert log.grid is not None
    pages = [
        bare(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(file_bytes(log, Make.PDF))).pages
    ]
    assert len(pages) == 2
    assert all(bare("".join(log.grid.columns)) in page for page in pages)


def test_nothing_on_a_pdf_page_runs_over_the_margin(log: Paper, growth: Paper) -> None:
    for paper in (log, growth):
        document = pypdfium2.PdfDocument(file_bytes(paper, Make.PDF))
        for page in document:
            text = page.get_textpage()
            for at in range(text.count_chars()):
                left, bottom, right, top = text.get_charbox(at)
                assert left >= 60
                assert right <= 595 - 60
                assert bottom >= 60
                assert top <= 842 - 60
            text.close()
        document.close()


def test_a_pdf_shows_its_characters(growth: Paper, need_program: Callable[[str], str]) -> None:
    listed = subprocess.run([need_program("fc-list"), ":lang=zh-cn"], capture_output=True, check=True)
    if not listed.stdout.strip():
        pytest.skip("没有中文字体，跳过")
    document = pypdfium2.PdfDocument(file_bytes(growth, Make.PDF))
    page = document[0].render(scale=1, grayscale=True)
    shades = bytes(page.buffer)
    document.close()
    dark = sum(shade < 128 for shade in shades)
    assert dark > 4000, "a page of text, not of blanks or boxes"


def test_a_locked_pdf_opens_with_its_password_only(growth: Paper, tmp_path: Path) -> None:
    data = file_bytes(growth, Make.LOCKED_PDF)
    with pytest.raises(pypdfium2.PdfiumError):
        pypdfium2.PdfDocument(data)
    assert bare(growth.paragraphs[0]) in bare(by_pdfium(data, PASSWORD))
    reader = pypdf.PdfReader(io.BytesIO(data))
    assert reader.decrypt("wrong") == 0
    assert reader.decrypt(PASSWORD)
    assert reader.metadata is not None
    assert reader.metadata.title == growth.heading


def test_a_word_file_reads_back(growth: Paper) -> None:
    document = docx.Document(io.BytesIO(file_bytes(growth, Make.DOCX)))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts == [growth.heading, *growth.paragraphs, *growth.ending()]


def test_a_workbook_keeps_numbers_as_numbers() -> None:
    paper = paper_for(Occasion("C24-02", UNITS["D002"], 2025))
    assert paper.grid is not None
    sheet = openpyxl.load_workbook(io.BytesIO(file_bytes(paper, Make.XLSX))).worksheets[0]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[1] is not None]
    assert rows[0] == paper.grid.columns
    assert rows[1:] == list(paper.grid.rows)


@pytest.mark.parametrize("make", [Make.UTF8, Make.GBK, Make.UTF16])
def test_text_reads_back_in_its_encoding(make: Make, growth: Paper) -> None:
    assert file_bytes(growth, make).decode(make.value).splitlines() == list(growth.lines())


@pytest.mark.parametrize(
    ("make", "state"),
    [
        (Make.DOCX, State.INDEXED),
        (Make.XLSX, State.INDEXED),
        (Make.PDF, State.INDEXED),
        (Make.GBK, State.INDEXED),
        (Make.UTF16, State.INDEXED),
        (Make.SCAN, State.PENDING_OCR),
        (Make.CUT_PDF, State.CORRUPT),
        (Make.LOCKED_PDF, State.ENCRYPTED),
        (Make.LOCKED_DOCX, State.ENCRYPTED),
        (Make.EMPTY, State.EMPTY),
    ],
)
def test_each_file_ends_in_the_state_it_is_made_for(
    make: Make, state: State, growth: Paper, tmp_path: Path
) -> None:
    path = tmp_path / f"件.{make.extension}"
    path.write_bytes(file_bytes(growth, make))
    found = extract(path, Limits())
    assert found.state is state, found.reason
    if state is State.INDEXED:
        assert "三个增长" in "".join(passage.text for passage in found.passages)
