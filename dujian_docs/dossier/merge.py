"""One PDF out of many, with an outline and page numbers; a bad PDF costs a placeholder page, never the run.

The only module that speaks pypdf. Each piece is first copied alone into a clean file: whatever goes wrong
with it goes wrong there, before it can touch the volume.
"""

from __future__ import annotations

import contextlib
import io
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, IndirectObject, NameObject

from dujian_docs.dossier.model import ProgressSink, silent
from dujian_docs.dossier.pieces import MergeLimits, Piece, Placed
from dujian_docs.dossier.sheet import Line, sheet
from dujian_docs.dossier.stamp import STAMP_FONT, page_number


@dataclass(slots=True)
class _Volume:
    writer: PdfWriter = field(default_factory=PdfWriter)
    headings: dict[tuple[str, ...], IndirectObject] = field(default_factory=dict)
    first_pages: dict[str, int] = field(default_factory=dict)

    @property
    def page_count(self) -> int:
        return len(self.writer.pages)


def merge(
    pieces: Sequence[Piece],
    target: Path,
    *,
    title: str,
    made_at: datetime,
    limits: MergeLimits | None = None,
    progress: ProgressSink | None = None,
) -> tuple[Placed, ...]:
    """``target`` holds the pieces in order, each beginning on a page of its own, numbered from 1.

    One ``Placed`` for each piece that is not ``same_as`` another. Equal inputs give equal bytes.
    """
    volume, placed = _Volume(), []
    with _quiet():
        for number, piece in enumerate(pieces, start=1):
            (progress or silent)("合订", number, len(pieces), piece.title)
            if not piece.same_as:
                placed.append(_add(volume, piece, limits or MergeLimits()))
    for piece in pieces:
        _outline(volume, piece)
    volume.writer.page_mode = "/UseOutlines"
    day = made_at.strftime("D:%Y%m%d%H%M%S")
    volume.writer.metadata = {
        "/Title": title,
        "/Producer": "dujian-docs",
        "/CreationDate": day,
        "/ModDate": day,
    }
    with target.open("wb") as file:
        volume.writer.write(file)
    return tuple(placed)


def joined(pdfs: Sequence[Path], *, both_sides: bool) -> bytes:
    """Our own PDFs one after the other, as they are; with ``both_sides`` each begins on an odd page."""
    writer = PdfWriter()
    with _quiet():
        for pdf in pdfs:
            if both_sides and len(writer.pages) % 2:
                writer.add_blank_page()
            writer.append(pdf, import_outline=False)
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def count_pages(pdf: Path) -> int | None:
    """The number of pages of a PDF; None when it cannot be told."""
    try:
        with _quiet(), pdf.open("rb") as file:
            return len(PdfReader(file).pages)
    except Exception:  # noqa: BLE001 - as in _clean
        return None


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Remarks of pypdf on bad files are not shown; what matters of them is in ``Placed.reason``."""
    talker = logging.getLogger("pypdf")
    before = talker.level
    talker.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        talker.setLevel(before)


def _add(volume: _Volume, piece: Piece, limits: MergeLimits) -> Placed:
    first = volume.page_count
    content, reason = _clean(piece, first, limits)
    if content is None:
        content = _copied(PdfReader(io.BytesIO(_placeholder(piece, reason))), first)
    volume.writer.append(io.BytesIO(content), import_outline=False)
    volume.first_pages[piece.key] = first
    return Placed(piece.key, first + 1, volume.page_count - first, reason)


def _clean(piece: Piece, first: int, limits: MergeLimits) -> tuple[bytes | None, str]:
    """The piece's pages alone in a fresh PDF that has been appended once on trial, or the reason why not."""
    if piece.pdf is None:
        return None, piece.reason
    try:
        if piece.pdf.stat().st_size > limits.piece_bytes:
            return None, f"文件超过 {limits.piece_bytes // 1024**2} MB，没有合入"
        with piece.pdf.open("rb") as file:
            reader = PdfReader(file)
            reason = _refusal(reader, first, limits)
            if reason:
                return None, reason
            content = _copied(reader, first)
        _try(content, len(reader.pages))
    except Exception as error:  # noqa: BLE001 - of 6,752 errors seen on mutated PDFs none was a PyPdfError
        logging.getLogger(__name__).info("not merged: %s (%r)", piece.key, error)
        return None, "PDF 已损坏，不能合入"
    return content, ""


def _refusal(reader: PdfReader, first: int, limits: MergeLimits) -> str:
    if reader.is_encrypted and not reader.decrypt(""):
        return "PDF 有打开密码，不能合入"
    count = len(reader.pages)
    if count == 0:
        return "PDF 里没有页面"
    if count > limits.piece_pages:
        return f"有 {count} 页，超过 {limits.piece_pages} 页，没有合入"
    if first + count > limits.total_pages:
        return f"合订本已超过 {limits.total_pages} 页，请分册打印"
    return ""


def _copied(reader: PdfReader, first: int) -> bytes:
    """A PDF of the pages alone, disarmed and numbered from ``first + 1``."""
    writer, out = PdfWriter(), io.BytesIO()
    writer.append(reader, import_outline=False)
    for page in writer.pages:
        _disarm(page)
    _stamp_all(writer, first)
    writer.write(out)
    return out.getvalue()


def _try(content: bytes, pages: int) -> None:
    """Nothing when the content can be appended and written whole.

    Raises:
        ValueError: pages were lost; other exceptions are those of pypdf.
    """
    trial = PdfWriter()
    trial.append(io.BytesIO(content), import_outline=False)
    trial.write(io.BytesIO())
    if len(trial.pages) != pages:
        raise ValueError("pages lost")


def _disarm(page: PageObject) -> None:
    """The page starts nothing by itself: no page actions, no annotation that runs a script or a program."""
    page.pop("/AA", None)
    marks = page.get("/Annots")
    if marks is None:
        return
    kept = [mark for mark in marks.get_object() if not _acts(mark.get_object())]
    page[NameObject("/Annots")] = ArrayObject(kept)


def _acts(mark: DictionaryObject) -> bool:
    action = mark.get("/A")
    kind = action.get_object().get("/S") if action is not None else None
    return "/AA" in mark or kind in {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR"}


def _placeholder(piece: Piece, reason: str) -> bytes:
    lines = [Line("此件未合入合订本", 22, centred=True), Line("", 12), Line(piece.title, 16), Line("", 8)]
    lines += [Line(f"原因：{reason}"), Line(""), Line(f"原件在迎检包内：{piece.where or piece.key}")]
    return sheet(lines)


def _outline(volume: _Volume, piece: Piece) -> None:
    """The outline has the piece under its headings, each heading pointing at its first piece."""
    page = volume.first_pages[piece.same_as or piece.key]
    parent: IndirectObject | None = None
    for depth in range(1, len(piece.headings) + 1):
        path = piece.headings[:depth]
        if path not in volume.headings:
            volume.headings[path] = volume.writer.add_outline_item(
                title=path[-1], page_number=page, parent=parent, is_open=depth < 2
            )
        parent = volume.headings[path]
    volume.writer.add_outline_item(title=piece.title, page_number=page, parent=parent)


def _stamp_all(writer: PdfWriter, first: int) -> None:
    """Every page carries its number at the outer lower corner, in content of its own around the old one."""
    font = writer._add_object(  # noqa: SLF001 - pypdf has no public way to share one object among pages
        DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
    )
    for number, page in enumerate(writer.pages, start=first + 1):
        resources = DictionaryObject(page.get("/Resources", DictionaryObject()).get_object())
        fonts = DictionaryObject(resources.get("/Font", DictionaryObject()).get_object())
        fonts[NameObject(STAMP_FONT)] = font
        resources[NameObject("/Font")] = fonts
        page[NameObject("/Resources")] = resources
        parts = [
            _stream(writer, b"q\n"),
            *_contents(page),
            _stream(writer, page_number(number, _edges(page), page.rotation)),
        ]
        page[NameObject("/Contents")] = ArrayObject(parts)


def _edges(page: PageObject) -> tuple[float, float, float, float]:
    box = page.cropbox
    return (float(box.left), float(box.bottom), float(box.right), float(box.top))


def _contents(page: PageObject) -> Iterator[IndirectObject]:
    """The page's own content streams, by reference."""
    held = page.raw_get("/Contents") if "/Contents" in page else None
    whole = held.get_object() if held is not None else None
    if isinstance(whole, ArrayObject):
        yield from (part for part in whole if isinstance(part, IndirectObject))
    elif isinstance(held, IndirectObject) and whole is not None:
        yield held


def _stream(writer: PdfWriter, content: bytes) -> IndirectObject:
    stream = DecodedStreamObject()
    stream.set_data(content)
    return writer._add_object(stream)  # noqa: SLF001 - as above
