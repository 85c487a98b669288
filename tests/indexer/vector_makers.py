"""How the files of ``vectors.toml`` are made: one function a way of making, each told what the file says."""

from __future__ import annotations

import shutil
import subprocess
import zipfile
from collections.abc import Callable, Mapping
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pptx

from tests.indexer.extract.compounds import write_compound
from tests.indexer.extract.conversions import converted
from tests.indexer.extract.test_msg import attached, message
from tests.indexer.extract.test_ofd import body, document, main, package, page, said
from tests.indexer.extract.test_xls import binary_workbook

Vector = Mapping[str, Any]
Need = Callable[[str], str]


def made_docx(target: Path, vector: Vector, _need: Need) -> None:
    """Paragraphs, a table, and a header and footer of the first section."""
    made = docx.Document()
    for line in vector.get("lines", ()):
        made.add_paragraph(line)
    if rows := vector.get("table", ()):
        table = made.add_table(rows=len(rows), cols=len(rows[0]))
        for at, row in enumerate(rows):
            for cell, words in zip(table.rows[at].cells, row, strict=True):
                cell.text = words
    for place, told in (("header", made.sections[0].header), ("footer", made.sections[0].footer)):
        if vector.get(place):
            told.paragraphs[0].text = vector[place]
    made.core_properties.title = vector.get("title", "")
    made.core_properties.author = vector.get("author", "")
    made.save(str(target))


def made_xlsx(target: Path, vector: Vector, _need: Need) -> None:
    """Sheets of rows, by name."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in vector["sheets"].items():
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
    workbook.save(target)


def made_pptx(target: Path, vector: Vector, _need: Need) -> None:
    """Slides with a title and a line each."""
    show = pptx.Presentation()
    for title, words in vector["slides"]:
        slide = show.slides.add_slide(show.slide_layouts[1])
        slide.shapes.title.text = title
        slide.placeholders[1].text = words
    show.save(str(target))


def made_text(target: Path, vector: Vector, _need: Need) -> None:
    """A text in an encoding."""
    target.write_bytes(vector["content"].encode(vector.get("encoding", "utf-8")))


def made_bytes(target: Path, vector: Vector, _need: Need) -> None:
    """The very bytes, in hexadecimal."""
    target.write_bytes(bytes.fromhex(vector["hex"]))


def made_ofd(target: Path, vector: Vector, _need: Need) -> None:
    """A line of text a page."""
    names = [f"Pages/{at}.xml" for at in range(len(vector["pages"]))]
    pages = {
        f"Doc_0/{name}": page(said(words, 20, 20)) for name, words in zip(names, vector["pages"], strict=True)
    }
    info = f"<ofd:Title>{vector['title']}</ofd:Title>"
    parts = {"OFD.xml": main(body(info=info)), "Doc_0/Document.xml": document(names)}
    package(target, parts | pages)


def made_mail(target: Path, vector: Vector, _need: Need) -> None:
    """A letter with files attached."""
    letter = EmailMessage()
    letter["Subject"], letter["From"], letter["To"] = vector["subject"], "li@example.cn", "ke@example.cn"
    letter.set_content(vector["content"])
    for name, content in vector.get("files", {}).items():
        letter.add_attachment(content.encode(), "text", "plain", filename=name)
    target.write_bytes(letter.as_bytes())


def made_message(target: Path, vector: Vector, _need: Need) -> None:
    """An Outlook message with files attached."""
    streams = message({0x0037: vector["subject"], 0x0C1A: "李静", 0x1000: vector["content"]})
    for at, (name, content) in enumerate(vector.get("files", {}).items()):
        streams |= attached(name, content.encode(), inside=f"__attach_version1.0_#{at:08X}/")
    write_compound(target, streams)


class _OldName(zipfile.ZipInfo):
    """A member whose name is written in GBK without saying so, as programs on Chinese Windows do."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile asks for it by this name
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def made_zip(target: Path, vector: Vector, _need: Need) -> None:
    """Texts under names in GBK."""
    with zipfile.ZipFile(target, "w") as made:
        for name, content in vector["files"].items():
            made.writestr(_OldName(name), content.encode())


def made_seven_zip(target: Path, vector: Vector, need: Need) -> None:
    """Texts, packed by bsdtar."""
    folder = target.with_suffix(".d")
    folder.mkdir()
    for name, content in vector["files"].items():
        (folder / name).write_text(content, encoding="utf-8")
    command = [need("bsdtar"), "--format", "7zip", "-cf", str(target), "-C", str(folder), *vector["files"]]
    subprocess.run(command, check=True, timeout=60)
    shutil.rmtree(folder)


def made_binary_workbook(target: Path, vector: Vector, _need: Need) -> None:
    """Cells, each with its row and column."""
    binary_workbook(target, [tuple(cell) for cell in vector["cells"]])


MAKERS: Mapping[str, Callable[[Path, Vector, Need], None]] = {
    "docx": made_docx,
    "xlsx": made_xlsx,
    "pptx": made_pptx,
    "text": made_text,
    "bytes": made_bytes,
    "ofd": made_ofd,
    "mail": made_mail,
    "message": made_message,
    "zip": made_zip,
    "7z": made_seven_zip,
    "xlsb": made_binary_workbook,
}


def make(folder: Path, vector: Vector, need: Need) -> Path:
    """The vector's file in ``folder``; converted by LibreOffice when it names a filter."""
    target = folder / str(vector["file"])
    if "filter" not in vector:
        MAKERS[vector["made"]](target, vector, need)
        return target
    workshop = folder / "工场"
    workshop.mkdir()
    source = workshop / f"{target.stem}.{vector['made']}"
    MAKERS[vector["made"]](source, vector, need)
    converted(source, vector["filter"], need).rename(target)
    shutil.rmtree(workshop)
    return target
