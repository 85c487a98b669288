"""A folder of mixed files made searchable, against the stack that tutorials put together; both by the clock.

Of a hundred files forty are .docx, twenty-five .pdf, twenty .xlsx and the rest .txt, of the lengths of
notices and reports. The peer reads them one after the other with python-docx, pypdf and openpyxl into Whoosh
with jieba's ChineseAnalyzer; ours is a first sync, which reads in as many processes as there are cores.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import docx
import openpyxl
import pypdf

from bench import Measurement
from bench.build import warm_up
from bench.readers import (
    ROW_LETTERS,
    ROWS,
    as_docx,
    as_xlsx,
    converted,
    pieces,
    texts_of_both_lengths,
)
from indexer import MARKER_NAME, ArchiveIndex
from indexer.engines import EngineName

FILES = 300
QUICK_FILES = 10
ROUNDS = 3
SHARES: Mapping[str, float] = {"docx": 0.4, "pdf": 0.25, "xlsx": 0.2, "txt": 0.15}
BOUND = 8.0


def measure(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """The two sides take turns; of each the fastest round counts. Without LibreOffice nothing is measured."""
    if shutil.which("soffice") is None:
        print("没有安装 LibreOffice，做不出混合的档案")
        return
    root = folder / "档案"
    files = write_archive(root, folder / "工场", QUICK_FILES if quick else FILES)
    warm_up()
    contenders: Mapping[str, Callable[[Path], int]] = {
        "tantivy": lambda home: ours(root, home, "tantivy"),
        "whoosh": lambda home: ours(root, home, "whoosh"),
        "教程的做法": lambda home: plain_stack(files, home),
    }
    seconds = dict.fromkeys(contenders, float("inf"))
    for number in range(1 if quick else ROUNDS):
        for name, build in contenders.items():
            home = folder / f"{name}{number}"
            home.mkdir()
            begun = time.perf_counter()
            count = build(home)
            seconds[name] = min(seconds[name], time.perf_counter() - begun)
            if count != len(files):
                raise AssertionError(f"{name}: {count} of {len(files)}")
    peer = seconds.pop("教程的做法")
    figures = {f"{name} 份/秒": round(len(files) / spent, 1) for name, spent in seconds.items()}
    figures["教程的做法 份/秒"] = round(len(files) / peer, 1)
    figures["whoosh 倍"] = round(peer / seconds["whoosh"], 2)
    yield Measurement(
        "收录混合的档案，比教程的做法",
        f"≥ {BOUND:g} 倍",
        peer / seconds["tantivy"],
        BOUND,
        corpus=f"{len(files)} 份：docx 40%、pdf 25%、xlsx 20%、txt 15%；按墙上时间",
        figures=figures,
    )


def write_archive(root: Path, workshop: Path, count: int) -> list[Path]:
    """The files of the archive, in turn of their kinds."""
    root.mkdir(parents=True)
    workshop.mkdir()
    numbers = {kind: max(1, round(count * share)) for kind, share in SHARES.items()}
    texts = [*texts_of_both_lengths(quick=False)]
    words = [texts[at % len(texts)] for at in range(sum(numbers.values()))]
    made = as_docx(workshop / "docx", words[: numbers["docx"]])
    printed = as_docx(workshop / "pdf", words[numbers["docx"] :][: numbers["pdf"]])
    made += converted(printed, workshop / "pdf", "pdf", "pdf:writer_pdf_Export")
    made += as_xlsx(workshop / "xlsx", pieces(numbers["xlsx"], [ROWS * ROW_LETTERS]))
    files = []
    for at, source in enumerate(made):
        files.append(root / f"第{at}号材料{source.suffix}")
        source.rename(files[-1])
    for at, text in enumerate(words[-numbers["txt"] :]):
        files.append(root / f"第{at}号文本.txt")
        files[-1].write_text(text, encoding="utf-8")
    (root / MARKER_NAME).touch()
    return files


def ours(root: Path, home: Path, engine: EngineName) -> int:
    """How many files are searchable after a first sync."""
    with ArchiveIndex.open(root, home, engine=engine) as index:
        return index.sync().added


def plain_stack(files: Sequence[Path], home: Path) -> int:
    """How many files are searchable by Whoosh, each read by the library of its kind."""
    from jieba.analyse import ChineseAnalyzer
    from whoosh import fields, index

    schema = fields.Schema(
        path=fields.ID(stored=True, unique=True), body=fields.TEXT(stored=True, analyzer=ChineseAnalyzer())
    )
    opened = index.create_in(str(home), schema)
    writer = opened.writer(limitmb=128)
    for file in files:
        writer.add_document(path=file.name, body=_READERS[file.suffix](file))
    writer.commit()
    count = int(opened.doc_count())
    opened.close()
    return count


def _word(path: Path) -> str:
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])


def _pdf(path: Path) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


def _sheet(path: Path) -> str:
    opened = openpyxl.load_workbook(path, read_only=True, data_only=True)
    rows = (row for sheet in opened.worksheets for row in sheet.iter_rows(values_only=True))
    lines = ["\t".join("" if cell is None else str(cell) for cell in row) for row in rows]
    opened.close()
    return "\n".join(lines)


_READERS: Mapping[str, Callable[[Path], str]] = {
    ".docx": _word,
    ".pdf": _pdf,
    ".xlsx": _sheet,
    ".txt": lambda path: path.read_text(encoding="utf-8"),
}
