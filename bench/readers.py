"""How fast each format is read, and how much of the Chinese in it, against the reader an office would use.

Processor time, our own and that of programs started; every peer reads the same files in the same run.
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import cycle, islice
from pathlib import Path

import docx
import openpyxl
import pypdf
from docx.document import Document
from docx.oxml.ns import qn
from docx.shared import Pt

from bench import Measurement
from bench.corpus import load
from indexer.extract import extract
from indexer.model import Limits

ROUNDS = 5
FILES = 60
QUICK_FILES = 4
SHORT, LONG = 1_000, 10_000
"""Characters of a notice of one to three pages, and of a report or a plan."""
LONG_EVERY = 4
ANNEX_SHARE = 0.15
COLUMNS, CELL_LETTERS = 5, 8
ROWS = 300
ROW_LETTERS = 20
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_FONTS = (("方正小标宋简体", 22.0), ("仿宋_GB2312", 16.0))
"""Of the title and of the text, in points, as GB/T 9704 asks for."""

Reader = Callable[[Path], str]
Batches = Mapping[str, Sequence[tuple[Path, str]]]
"""What the files of a batch are, and each file with the text that is in it."""


def measure(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """All formats whose peers are installed."""
    yield from word(folder / "docx", quick=quick)
    yield from pdf(folder / "pdf", quick=quick)
    yield from sheet(folder / "xlsx", quick=quick)
    yield from doc(folder / "doc", quick=quick)


def word(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """.docx against python-docx as tutorials use it: paragraphs, then tables."""
    texts = texts_of_both_lengths(quick=quick)

    def peer(path: Path) -> str:
        document = docx.Document(str(path))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])

    batches = _by_shape(as_docx(folder, texts), texts)
    yield from _compared(".docx", "python-docx", 15.0, batches, peer, rounds=_rounds(quick=quick))


def pdf(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """.pdf as LibreOffice exports it against pypdf; nothing without LibreOffice."""
    if shutil.which("soffice") is None:
        return
    texts = texts_of_both_lengths(quick=quick)
    files = converted(as_docx(folder, texts), folder, "pdf", "pdf:writer_pdf_Export")

    def peer(path: Path) -> str:
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)

    batches = _by_shape(files, texts)
    yield from _compared(".pdf", "pypdf", 8.0, batches, peer, rounds=_rounds(quick=quick))


def sheet(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """.xlsx of 300 rows and 8 columns against openpyxl in its reading mode.

    Saved by LibreOffice where there is one: like Excel and WPS it keeps texts apart from the cells, which
    openpyxl does not.
    """
    texts = pieces(QUICK_FILES if quick else FILES, [ROWS * ROW_LETTERS])
    files = as_xlsx(folder / "made", texts)
    maker = "openpyxl"
    if shutil.which("soffice"):
        files, maker = converted(files, folder, "xlsx", "xlsx:Calc MS Excel 2007 XML"), "LibreOffice"

    def peer(path: Path) -> str:
        opened = openpyxl.load_workbook(path, read_only=True, data_only=True)
        rows = (row for one in opened.worksheets for row in one.iter_rows(values_only=True))
        lines = ["\t".join("" if cell is None else str(cell) for cell in row) for row in rows]
        opened.close()
        return "\n".join(lines)

    batches = {f"{ROWS} 行 8 列、{maker} 存的": list(zip(files, texts, strict=True))}
    yield from _compared(".xlsx", "openpyxl", 8.0, batches, peer, rounds=_rounds(quick=quick))


def doc(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """.doc against antiword, which is started for every file as an indexer would; nothing without it."""
    antiword = shutil.which("antiword")
    if antiword is None or shutil.which("soffice") is None:
        return
    texts = texts_of_both_lengths(quick=quick)
    files = converted(as_docx(folder, texts), folder, "doc", "doc:MS Word 97")

    def peer(path: Path) -> str:
        command = [antiword, "-m", "UTF-8.txt", "-w", "0", str(path)]
        return subprocess.run(command, capture_output=True, check=True).stdout.decode()

    batches = _by_shape(files, texts)
    yield from _compared(".doc", "antiword", 4.0, batches, peer, rounds=_rounds(quick=quick))


def ours(path: Path) -> str:
    """What the indexer reads in a file."""
    return "\n".join(passage.text for passage in extract(path, Limits()).passages)


def _compared(
    name: str, rival: str, bound: float, batches: Batches, peer: Reader, *, rounds: int
) -> Iterator[Measurement]:
    """Speed as a ratio of the fastest rounds, and recall on the worst file; readers take turns."""
    times: dict[tuple[Reader, str], float] = {}
    found: dict[Reader, list[str]] = {}
    for _ in range(rounds):
        for reader in (ours, peer):
            found[reader] = []
            for batch, files in batches.items():
                begun = _processor_seconds()
                found[reader].extend([reader(file) for file, _ in files])
                spent = max(_processor_seconds() - begun, 1e-3)
                times[reader, batch] = min(spent, times.get((reader, batch), spent))
    texts = [text for files in batches.values() for _, text in files]
    totals = {reader: sum(times[reader, batch] for batch in batches) for reader in found}
    recalls = {
        reader: [_recall(*pair) for pair in zip(read, texts, strict=True)] for reader, read in found.items()
    }
    figures = {
        "我们 份/秒": round(len(texts) / totals[ours], 1),
        f"{rival} 份/秒": round(len(texts) / totals[peer], 1),
        "我们 中文召回": min(recalls[ours]),
        f"{rival} 中文召回": min(recalls[peer]),
    }
    if len(batches) > 1:
        figures |= {f"{batch} 倍": round(times[peer, batch] / times[ours, batch], 1) for batch in batches}
    corpus = f"{name}：" + "，".join(f"{len(files)} 份{batch}" for batch, files in batches.items())
    yield Measurement(
        f"读 {name}，比 {rival}",
        f"≥ {bound:g} 倍",
        totals[peer] / totals[ours],
        bound,
        corpus=corpus,
        figures=figures,
    )
    worst = min(mine - theirs for mine, theirs in zip(recalls[ours], recalls[peer], strict=True))
    yield Measurement(
        f"读 {name} 的中文召回减去 {rival} 的，最差一份",
        "≥ 0",
        worst,
        0.0,
        unit="",
        corpus=corpus,
        figures=figures,
    )


def texts_of_both_lengths(*, quick: bool) -> list[str]:
    """Notices, and every fourth time something long."""
    return pieces(QUICK_FILES if quick else FILES, [*[SHORT] * (LONG_EVERY - 1), LONG])


def pieces(files: int, lengths: Sequence[int]) -> list[str]:
    """Text in pieces of these lengths by turns."""
    joined = "\n".join(load(quick=True).bodies)
    pieces = []
    at = 0
    for length in islice(cycle(lengths), files):
        at = at if at + length <= len(joined) else 0
        pieces.append(joined[at : at + length])
        at += length
    return pieces


def _by_shape(files: Sequence[Path], texts: Sequence[str]) -> Batches:
    """The files in batches: notices and what is longer, without a table and with one annexed."""
    batches: defaultdict[str, list[tuple[Path, str]]] = defaultdict(list)
    for number, (file, text) in enumerate(zip(files, texts, strict=True)):
        length = f"{SHORT // 1000} 千字" if len(text) <= SHORT else f"{LONG // 10000} 万字"
        batches[length + ("附表" if _has_table(number) else "")].append((file, text))
    return batches


def _has_table(number: int) -> bool:
    """Every second notice, and every second of what is longer."""
    longer = number // LONG_EVERY
    is_long = number % LONG_EVERY == LONG_EVERY - 1
    return (longer if is_long else number - longer) % 2 == 1


def as_docx(folder: Path, texts: Sequence[str]) -> list[Path]:
    """The texts as .docx, a paragraph a line, in the fonts and with the indents of official documents.

    The end of every second text of each length stands in an annexed table.
    """
    folder.mkdir(parents=True)
    files = []
    for number, text in enumerate(texts):
        annexed = int(len(text) * ANNEX_SHARE) if _has_table(number) else 0
        document = docx.Document()
        for at, line in enumerate(text[: len(text) - annexed].splitlines()):
            paragraph = document.add_paragraph()
            font, size = _FONTS[min(at, 1)]
            run = paragraph.add_run(line)
            run.font.name, run.font.size = font, Pt(size)
            run.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), font)
            if at:
                paragraph.paragraph_format.first_line_indent = Pt(2 * size)
                paragraph.paragraph_format.line_spacing = Pt(28)
        if annexed:
            _add_table(document, text[-annexed:])
        files.append(folder / f"{number:03}.docx")
        document.save(str(files[-1]))
    return files


def _add_table(document: Document, text: str) -> None:
    """The text in a table, row by row."""
    cells = [text[at : at + CELL_LETTERS] for at in range(0, len(text), CELL_LETTERS)]
    table = document.add_table(rows=0, cols=COLUMNS, style="Table Grid")
    for at in range(0, len(cells), COLUMNS):
        for cell, words in zip(table.add_row().cells, cells[at : at + COLUMNS], strict=False):
            cell.text = words


def as_xlsx(folder: Path, texts: Sequence[str]) -> list[Path]:
    """The texts as ledgers: numbers, marks, dates, and in every row a stretch of text in three cells."""
    folder.mkdir(parents=True)
    files = []
    for number, text in enumerate(texts):
        workbook = openpyxl.Workbook()
        for row in range(ROWS):
            words = text[row * ROW_LETTERS : (row + 1) * ROW_LETTERS]
            day = date(2026, 1, 1) + timedelta(days=row)
            cells = (row + 1, words[:4], words[4:16], words[16:], "2026年", row * 7, 60 + row % 80 / 2, day)
            workbook.worksheets[0].append(cells)
        files.append(folder / f"{number:03}.xlsx")
        workbook.save(files[-1])
    return files


def converted(sources: Sequence[Path], folder: Path, suffix: str, how: str) -> list[Path]:
    """The files as LibreOffice writes them in another format."""
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", how, "--outdir", str(folder), *map(str, sources)]
    subprocess.run(command, check=True, capture_output=True)
    return [folder / f"{source.stem}.{suffix}" for source in sources]


def _rounds(*, quick: bool) -> int:
    return 1 if quick else ROUNDS


def _recall(found: str, wanted: str) -> float:
    """The share of the wanted Chinese characters that were found, each as often as it is wanted."""
    there, asked = (Counter(_CHINESE.findall(text)) for text in (found, wanted))
    return (there & asked).total() / max(asked.total(), 1)


def _processor_seconds() -> float:
    """Of this process and of the programs it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
