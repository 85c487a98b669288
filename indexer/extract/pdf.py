"""Reads the text layer of a PDF through pdfium, page by page; scans are told apart from empty files."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pypdfium2
import pypdfium2.raw as pdfium

from indexer.extract.endings import SCANS_UNREAD, awaiting_ocr, corrupt, encrypted, over_limit, without_text
from indexer.model import Extraction, Facts, Limits, Passage, State

_PAGE_CHARS = 200_000
_SCAN_CHARS = 20
"""A page with fewer characters whose picture covers it is a scan, stamped page numbers and all."""
_SCAN_COVER = 0.5
_DOTS_PER_INCH = 200
_IMAGES_LOOKED_AT = 50
_SENTENCE_ENDS = frozenset("。！？；：…”』」）.!?;:")
_FULL_LINE = 0.85
"""A line this close to the page's longest one ran to the margin: the next line continues it."""
_NARROWEST = 16
"""Width in half characters below which lines are labels, not a paragraph's lines."""
_LINE_END = re.compile(r"\r\n|[\r\n\x0b\x0c\u2028\u2029]")
_HYPHENS = re.compile("[\ufffe\u0002]\\s*")
_DATE = re.compile(
    r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:([Z+-])(?:(\d\d)'?(\d\d)?)?)?", re.ASCII
)
_NOT_TEXT = re.compile("[\x00\ufeff\uffff]")


def read(path: Path, limits: Limits) -> Extraction:
    """One passage per page that has text.

    Raises:
        Unreadable: the file is damaged, needs a password, is a scan, is empty or passes a limit.
    """
    document = _open(path)
    try:
        pages = len(document)
        if pages > limits.pdf_pages:
            raise over_limit(f"共 {pages} 页（最多 {limits.pdf_pages} 页）")
        facts = _facts(document)
        passages, scanned, broken = _read_pages(document, pages, limits.text_chars)
    finally:
        document.close()
    return _judge(passages, broken, replace(facts, scans=tuple(scanned)))


def _open(path: Path) -> pypdfium2.PdfDocument:
    """The opened document; an empty password is tried by pdfium itself."""
    try:
        name = str(path)
        odd = any("\ud800" <= letter <= "\udfff" for letter in name)
        return pypdfium2.PdfDocument(path.read_bytes() if odd else name)
    except pypdfium2.PdfiumError as fault:
        if fault.err_code in {pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY}:
            raise encrypted() from fault
        raise corrupt("PDF 结构不完整，可能没有传完") from fault


def rendered(path: Path, number: int, most_pixels: int) -> tuple[bytes, int, int, int]:
    """A page (1-based) as a picture: three bytes a pixel (blue, green, red), width, height, bytes a row.

    At ``_DOTS_PER_INCH``, or less when it would have more than ``most_pixels``.

    Raises:
        Unreadable: the file needs a password, or the page cannot be drawn.
    """
    document = _open(path)
    try:
        page = document[number - 1]
        points = max(page.get_width() * page.get_height(), 1.0)
        scale = min(_DOTS_PER_INCH / 72, (most_pixels / points) ** 0.5)
        bitmap = page.render(scale=scale, rev_byteorder=False, prefer_bgrx=False)
        return bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride
    except (pypdfium2.PdfiumError, IndexError) as fault:
        raise corrupt(f"第 {number} 页画不出来") from fault
    finally:
        document.close()


def _facts(document: pypdfium2.PdfDocument) -> Facts:
    """What the document tells of itself; signatures are counted, not verified."""
    told = {
        name: document.get_metadata_value(name).strip("\x00 ")
        for name in ("Title", "Author", "CreationDate", "ModDate")
    }
    return Facts(
        page_count=len(document),
        title=told["Title"],
        author=told["Author"],
        created=_iso(told["CreationDate"]),
        modified=_iso(told["ModDate"]),
        signatures=max(pdfium.FPDF_GetSignatureCount(document), 0),
        drawable=True,
        protected=pdfium.FPDF_GetSecurityHandlerRevision(document) >= 0,
    )


def _iso(date: str) -> str:
    """A PDF date (ISO 32000-1, 7.9.4) as ISO 8601, as far as it goes; empty when it is none."""
    found = _DATE.match(date)
    if not found:
        return ""
    year, month, day, hour, minute, second, zone, zone_hour, zone_minute = found.groups()
    clock = f"T{hour}:{minute or '00'}:{second or '00'}" if hour else ""
    offset = "Z" if zone == "Z" else f"{zone}{zone_hour}:{zone_minute or '00'}" if zone_hour else ""
    return "-".join(part for part in (year, month, day) if part) + clock + (offset if clock else "")


def _read_pages(
    document: pypdfium2.PdfDocument, pages: int, most: int
) -> tuple[list[Passage], list[int], list[int]]:
    """The passages, the pages that are pictures only, and the pages that pdfium cannot load; 1-based."""
    passages: list[Passage] = []
    scanned: list[int] = []
    broken: list[int] = []
    for number in range(1, pages + 1):
        try:
            page = document[number - 1]
        except pypdfium2.PdfiumError:
            broken.append(number)
            continue
        try:
            text = joined_lines(_page_text(page))
            if len("".join(text.split())) < _SCAN_CHARS and _is_picture(page, any_size=not text):
                scanned.append(number)
        finally:
            page.close()
        if text:
            passages.append(Passage(text, page=number))
            most -= len(text)
        if most < 0:
            break
    return passages, scanned, broken


def _judge(passages: list[Passage], broken: list[int], facts: Facts) -> Extraction:
    """The ending that fits what the pages gave."""
    if broken and len(broken) == facts.page_count:
        raise corrupt("没有一页能打开")
    written = {passage.page for passage in passages} - set(facts.scans)
    if not written and facts.scans:
        return awaiting_ocr("全是扫描图片，没有可检索的文字").extraction(tuple(passages), facts)
    if not passages:
        return without_text("PDF 里没有文字，也没有图片").extraction(facts=facts)
    notes = [_pages_note(facts.scans, SCANS_UNREAD), _pages_note(broken, "打不开")]
    reason = "；".join(note for note in notes if note)
    return Extraction(State.INDEXED, tuple(passages), reason, facts=facts)


def _pages_note(numbers: Sequence[int], what: str) -> str:
    """Says of some pages what is the matter; empty for none."""
    if not numbers:
        return ""
    listed = "、".join(str(number) for number in islice(numbers, 10))
    return f"第 {listed} 页{'等' if len(numbers) > 10 else ''}{what}"


def _page_text(page: pypdfium2.PdfPage) -> str:
    """The page's text in pdfium's order, at most ``_PAGE_CHARS``."""
    try:
        textpage = page.get_textpage()
    except pypdfium2.PdfiumError:
        return ""
    try:
        count = textpage.count_chars()
        if count <= 0:
            return ""
        return _NOT_TEXT.sub("", textpage.get_text_range(0, min(count, _PAGE_CHARS)))
    finally:
        textpage.close()


def _is_picture(page: pypdfium2.PdfPage, *, any_size: bool) -> bool:
    """Whether a picture covers the page; with ``any_size`` whether it holds one at all."""
    area = max(page.get_width() * page.get_height(), 1.0)
    images = page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3)
    for image in islice(images, _IMAGES_LOOKED_AT):
        if any_size:
            return True
        left, bottom, right, top = image.get_bounds()
        if (right - left) * (top - bottom) >= _SCAN_COVER * area:
            return True
    return False


def joined_lines(text: str) -> str:
    """The page's lines, those that ran to the margin joined with the next, so no word stays broken."""
    lines = [line.strip() for line in _LINE_END.split(_HYPHENS.sub("", text))]
    lines = [line for line in lines if line]
    widths = [_width(line) for line in lines]
    longest = max(widths, default=0)
    return "".join(_with_ends(lines, widths, longest))


def _with_ends(lines: list[str], widths: list[int], longest: int) -> Iterator[str]:
    """Each line and what separates it from the next: nothing, a blank or a line feed."""
    for at, line in enumerate(lines):
        yield line
        if at + 1 == len(lines):
            return
        full = widths[at] >= max(_FULL_LINE * longest, _NARROWEST)
        if len(line) == len(lines[at + 1]) == 1 and line > "\u3000" < lines[at + 1]:
            continue  # written downwards, one character a line
        if not full or line[-1] in _SENTENCE_ENDS:
            yield "\n"
        elif line[-1].isascii() and lines[at + 1][0].isascii():
            yield " "


class _Widths(dict[str, int]):
    """Character → its width in half characters, worked out once each."""

    def __missing__(self, letter: str) -> int:
        width = self[letter] = 2 if unicodedata.east_asian_width(letter) in "WF" else 1
        return width


_WIDTHS = _Widths()


def _width(line: str) -> int:
    """The width in half characters."""
    return sum(map(_WIDTHS.__getitem__, line))
