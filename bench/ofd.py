"""How many good OFD files are read: those beside the project, and some written in the ways makers differ.

A good file is read when it gives its text, or, known to hold no Chinese, ends as empty or as pictures.
"""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import Measurement
from bench.corpus import SHARED, load
from indexer import extract_file
from indexer.model import Extraction, Limits, State

FILES = 40
QUICK_FILES = 4
LINES_OF_A_PAGE = 20
LETTERS_OF_A_LINE = 35
LEAST_RECALL = 0.8
"""The share of the Chinese that was counted in a file beside the project; the count is approximate."""
_NAMESPACE = "http://www.ofdspec.org/2016"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_SIZE = 4


def measure(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """The share that is read, of the files beside the project where there are any, and of the made ones."""
    good = listed(SHARED.parent / "files")
    if good:
        yield _judged("读 ofd，现成的好文件", good[:QUICK_FILES] if quick else good)
    yield _judged("读 ofd，编造的文件", made(folder, QUICK_FILES if quick else FILES))


def listed(folder: Path) -> list[tuple[Path, int]]:
    """The good files that an index beside them names, each with how many Chinese characters it holds."""
    index = folder / "INDEX.tsv"
    if not index.is_file():
        return []
    with index.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines, delimiter="\t") if row["ext"] == "ofd"]
    return [(folder / row["name"], int(row["cjk_chars"] or 0)) for row in rows if row["kind"] == "ok"]


def made(folder: Path, files: int) -> list[tuple[Path, int]]:
    """Packages with or without a prefix for names, with paths from the root or not, deflated or stored."""
    folder.mkdir(parents=True, exist_ok=True)
    joined = "".join(load(quick=True).bodies).replace("\n", "").replace("<", "").replace("&", "")
    length = LINES_OF_A_PAGE * LETTERS_OF_A_LINE
    found = []
    for number in range(files):
        start = number * 50
        text = joined[start : start + length * (1 + number % 3)]
        pages = [text[at : at + length] for at in range(0, len(text), length)]
        file = folder / f"{number:03}.ofd"
        write(file, pages, prefix="ofd:" if number % 2 else "", root="/" if number % 3 else "")
        found.append((file, len(_CHINESE.findall(text))))
    return found


def write(file: Path, pages: Sequence[str], *, prefix: str, root: str) -> None:
    """One package with a page for each text, every line an object of its own."""
    space = f'xmlns{":" if prefix else ""}{prefix.rstrip(":")}="{_NAMESPACE}"'
    names = [f"Pages/Page_{at}/Content.xml" for at in range(len(pages))]
    listed_pages = "".join(
        f'<{prefix}Page ID="{at + 10}" BaseLoc="{name}"/>' for at, name in enumerate(names)
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED if prefix else zipfile.ZIP_STORED) as package:
        package.writestr(
            "OFD.xml",
            f'<{prefix}OFD {space} DocType="OFD" Version="1.1"><{prefix}DocBody><{prefix}DocInfo/>'
            f"<{prefix}DocRoot>{root}Doc_0/Document.xml</{prefix}DocRoot></{prefix}DocBody></{prefix}OFD>",
        )
        package.writestr(
            "Doc_0/Document.xml",
            f"<{prefix}Document {space}><{prefix}CommonData/><{prefix}Pages>{listed_pages}</{prefix}Pages>"
            f"</{prefix}Document>",
        )
        for name, text in zip(names, pages, strict=True):
            package.writestr(f"Doc_0/{name}", _page(text, prefix, space))


def _page(text: str, prefix: str, space: str) -> str:
    lines = [text[at : at + LETTERS_OF_A_LINE] for at in range(0, len(text), LETTERS_OF_A_LINE)]
    objects = "".join(
        f'<{prefix}TextObject ID="{at + 100}" Boundary="20 {20 + 10 * at} 170 6" Font="1" Size="{_SIZE}">'
        f'<{prefix}TextCode X="0" Y="{_SIZE}" DeltaX="g {max(len(line) - 1, 1)} {_SIZE}">{line}'
        f"</{prefix}TextCode></{prefix}TextObject>"
        for at, line in enumerate(lines)
    )
    return (
        f'<{prefix}Page {space}><{prefix}Content><{prefix}Layer ID="2">{objects}</{prefix}Layer>'
        f"</{prefix}Content></{prefix}Page>"
    )


def is_read(found: Extraction, chinese: int) -> bool:
    """Whether what a file gave is what a good file with that much Chinese gives."""
    if found.state not in {State.INDEXED, State.EMPTY, State.PENDING_OCR}:
        return False
    read = sum(len(_CHINESE.findall(passage.text)) for passage in found.passages)
    return read >= LEAST_RECALL * chinese


def _judged(name: str, files: Sequence[tuple[Path, int]]) -> Measurement:
    results = [(extract_file(file, Limits()), chinese) for file, chinese in files]
    read = sum(is_read(*result) for result in results)
    return Measurement(
        name,
        "≥ 99 %",
        100 * read / len(files),
        99.0,
        unit="%",
        corpus=f"{len(files)} 份",
        figures={
            "读出": read,
            "没读出": len(files) - read,
            "文字": sum(len(passage.text) for found, _ in results for passage in found.passages),
        },
    )
