"""How fast each format is read, and how much of the Chinese in it, against the reader an office would use.

Processor time, our own and that of programs started; every peer reads the same files in the same run.
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import docx
import openpyxl
import pypdf

from bench import Measurement
from bench.corpus import load
from indexer.extract import extract
from indexer.model import Limits

ROUNDS = 5
FILES = 60
QUICK_FILES = 4
LETTERS = 1_000
"""Characters of a notice, roughly."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")

Reader = Callable[[Path], str]


def measure(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """All formats whose peers are installed."""
    yield from word(folder / "docx", quick=quick)
    yield from pdf(folder / "pdf", quick=quick)
    yield from sheet(folder / "xlsx", quick=quick)
    yield from doc(folder / "doc", quick=quick)


def word(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """.docx against python-docx as tutorials use it: paragraphs, then tables."""
    texts = _texts(QUICK_FILES if quick else FILES)

    def peer(path: Path) -> str:
        document = docx.Document(str(path))
        cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
        return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])

    yield from _compared(
        ".docx", "python-docx", 15.0, _as_docx(folder, texts), texts, peer, rounds=_rounds(quick=quick)
    )


def pdf(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """.pdf as LibreOffice exports it against pypdf; nothing without LibreOffice."""
    soffice = shutil.which("soffice")
    if soffice is None:
        return
    texts = _texts(QUICK_FILES if quick else FILES)
    files = _converted(soffice, folder, texts, "pdf", "pdf:writer_pdf_Export")

    def peer(path: Path) -> str:
        return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)

    yield from _compared(".pdf", "pypdf", 8.0, files, texts, peer, rounds=_rounds(quick=quick))


def sheet(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """.xlsx of 300 rows against openpyxl in its reading mode."""
    texts = _texts(QUICK_FILES if quick else FILES)
    files = []
    folder.mkdir(parents=True)
    for number, text in enumerate(texts):
        workbook = openpyxl.Workbook()
        rows = max(1, len(text) // 300)
        for at in range(0, len(text), rows):
            workbook.worksheets[0].append([at, text[at : at + rows], "县教育局", at / 7, "2026年"])
        files.append(folder / f"{number:03}.xlsx")
        workbook.save(files[-1])

    def peer(path: Path) -> str:
        opened = openpyxl.load_workbook(path, read_only=True, data_only=True)
        rows = (row for one in opened.worksheets for row in one.iter_rows(values_only=True))
        lines = ["\t".join("" if cell is None else str(cell) for cell in row) for row in rows]
        opened.close()
        return "\n".join(lines)

    yield from _compared(".xlsx", "openpyxl", 8.0, files, texts, peer, rounds=_rounds(quick=quick))


def doc(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """.doc against antiword, which is started for every file as an indexer would; nothing without it."""
    antiword, soffice = shutil.which("antiword"), shutil.which("soffice")
    if antiword is None or soffice is None:
        return
    texts = _texts(QUICK_FILES if quick else FILES)
    files = _converted(soffice, folder, texts, "doc", "doc:MS Word 97")

    def peer(path: Path) -> str:
        command = [antiword, "-m", "UTF-8.txt", "-w", "0", str(path)]
        return subprocess.run(command, capture_output=True, check=True).stdout.decode()

    yield from _compared(".doc", "antiword", 4.0, files, texts, peer, rounds=_rounds(quick=quick))


def ours(path: Path) -> str:
    """What the indexer reads in a file."""
    return "\n".join(passage.text for passage in extract(path, Limits()).passages)


def _compared(
    name: str,
    rival: str,
    bound: float,
    files: Sequence[Path],
    texts: Sequence[str],
    peer: Reader,
    *,
    rounds: int,
) -> Iterator[Measurement]:
    """Speed as a ratio of the fastest rounds, and recall on the worst file; readers take turns."""
    times: dict[Reader, list[float]] = {ours: [], peer: []}
    found: dict[Reader, list[str]] = {}
    for _ in range(rounds):
        for reader in times:
            begun = _processor_seconds()
            found[reader] = [reader(file) for file in files]
            times[reader].append(max(_processor_seconds() - begun, 1e-3))
    speeds = {reader: len(files) / min(seconds) for reader, seconds in times.items()}
    recalls = {
        reader: [_recall(*pair) for pair in zip(read, texts, strict=True)] for reader, read in found.items()
    }
    figures = {
        "我们 份/秒": round(speeds[ours], 1),
        f"{rival} 份/秒": round(speeds[peer], 1),
        "我们 中文召回": min(recalls[ours]),
        f"{rival} 中文召回": min(recalls[peer]),
    }
    corpus = f"{len(files)} 份公文长短的 {name}"
    yield Measurement(
        f"读 {name}，比 {rival}",
        f"≥ {bound:g} 倍",
        speeds[ours] / speeds[peer],
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


def _texts(files: int) -> list[str]:
    """As many texts of a notice's length, each a few paragraphs."""
    joined = "\n".join(load(quick=True).bodies)
    while len(joined) < files * LETTERS:
        joined += "\n" + joined
    return [joined[at * LETTERS : (at + 1) * LETTERS] for at in range(files)]


def _as_docx(folder: Path, texts: Sequence[str]) -> list[Path]:
    """The texts as .docx, a paragraph a line."""
    folder.mkdir(parents=True)
    files = []
    for number, text in enumerate(texts):
        document = docx.Document()
        for line in text.splitlines():
            document.add_paragraph(line)
        files.append(folder / f"{number:03}.docx")
        document.save(str(files[-1]))
    return files


def _converted(soffice: str, folder: Path, texts: Sequence[str], suffix: str, how: str) -> list[Path]:
    """The texts as LibreOffice writes them from .docx."""
    sources = _as_docx(folder, texts)
    command = [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", how, "--outdir", str(folder), *map(str, sources)]
    subprocess.run(command, check=True, capture_output=True)
    return [source.with_suffix(f".{suffix}") for source in sources]


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
