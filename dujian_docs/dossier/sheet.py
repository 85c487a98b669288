"""Plain A4 pages of Chinese text as PDF bytes, written by hand: no LibreOffice, no font file.

The text is set in STSong-Light with the encoding UniGB-UTF16-H, one of the fonts every PDF viewer must
substitute when it is not embedded (ISO 32000-1, 9.7.5.2), so the bytes stay small and the text stays
searchable. Equal input gives equal bytes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

A4_POINTS = (595, 842)
MARGIN_POINTS = 64
_LEADING = 1.7
_FIRST_PAGE = 6
"""The object number of the first page; catalogue, page tree and the three font objects come before it."""
_TYPE0 = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UTF16-H"
    b" /Encoding /UniGB-UTF16-H /DescendantFonts [4 0 R] >>"
)
_CID_FONT = (
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /DW 1000 /W [1 95 500]"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>"
    b" /FontDescriptor 5 0 R >>"
)
_DESCRIPTOR = (
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
    b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
)
_FONT = (_TYPE0, _CID_FONT, _DESCRIPTOR)


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph of a sheet, broken to the page's width; ``size`` is in points."""

    text: str
    size: int = 12
    centred: bool = False


def sheet(lines: Sequence[Line]) -> bytes:
    """A PDF of as many A4 pages as ``lines`` need, at least one."""
    return _file([_content(page) for page in _pages(_broken(lines))])


def _width(text: str, size: float) -> float:
    """The width in points: half an em for ASCII, one em for everything else."""
    return sum(0.5 if ord(char) < 0x80 else 1.0 for char in text) * size


def _broken(lines: Sequence[Line]) -> list[Line]:
    room = A4_POINTS[0] - 2 * MARGIN_POINTS
    result: list[Line] = []
    for line in lines:
        piece = ""
        for char in _printable(line.text):
            if _width(piece + char, line.size) > room:
                result.append(Line(piece, line.size, line.centred))
                piece = ""
            piece += char
        result.append(Line(piece, line.size, line.centred))
    return result


def _printable(text: str) -> str:
    """Text without control, format and half surrogate characters, which no font can show."""
    return "".join(" " if unicodedata.category(char) in {"Cc", "Cf", "Cs"} else char for char in text)


def _pages(lines: Sequence[Line]) -> list[list[tuple[Line, float]]]:
    """Each line with its baseline, in points above the foot of its page."""
    pages: list[list[tuple[Line, float]]] = [[]]
    top = A4_POINTS[1] - MARGIN_POINTS
    baseline = float(top)
    for line in lines:
        baseline -= line.size * _LEADING
        if baseline < MARGIN_POINTS:
            pages.append([])
            baseline = top - line.size * _LEADING
        pages[-1].append((line, baseline))
    return pages


def _content(page: Sequence[tuple[Line, float]]) -> bytes:
    parts: list[str] = []
    for line, baseline in page:
        left = (A4_POINTS[0] - _width(line.text, line.size)) / 2 if line.centred else MARGIN_POINTS
        shown = line.text.encode("utf-16-be").hex().upper()
        parts.append(f"BT /F1 {line.size} Tf 1 0 0 1 {left:.2f} {baseline:.2f} Tm <{shown}> Tj ET")
    return "\n".join(parts).encode("ascii")


def _file(contents: Sequence[bytes]) -> bytes:
    """The PDF file: catalogue, page tree, font, then a page and its content for each of ``contents``."""
    kids = " ".join(f"{_FIRST_PAGE + 2 * number} 0 R" for number in range(len(contents)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /Lang (zh-CN) >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(contents)} >>".encode("ascii"),
        *_FONT,
    ]
    for number, content in enumerate(contents):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {A4_POINTS[0]} {A4_POINTS[1]}]"
            f" /Resources << /Font << /F1 3 0 R >> >> /Contents {_FIRST_PAGE + 2 * number + 1} 0 R >>".encode(
                "ascii"
            )
        )
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content))
    return _with_xref(objects)


def _with_xref(objects: Sequence[bytes]) -> bytes:
    out = bytearray(b"%PDF-1.5\n%\xe4\xb8\xad\xe6\n")
    places: list[int] = []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)
    return bytes(out)
