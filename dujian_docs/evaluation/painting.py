"""A drawing as PNG: drawn as a page of PDF, painted by pdfium, packed by zlib.

The only module of dujian_docs that speaks pypdfium2. The page asks for a Song type without bringing it, so
that the machine's own Chinese font is taken.
"""

from __future__ import annotations

import struct
import zlib

import pypdfium2

from dujian_docs.evaluation.drawing import Box, Drawing, Line, Mark

DOTS_PER_INCH = 300
_BOLD, _REGULAR = 120, 70
"""Stem widths by which a font of that weight is chosen."""


def png_bytes(drawing: Drawing) -> bytes:
    """The drawing as a PNG of 300 dots to the inch, which Word shows in the drawing's own size."""
    document = pypdfium2.PdfDocument(_pdf(drawing))
    try:
        page = document[0]
        bitmap = page.render(scale=DOTS_PER_INCH / 72, rev_byteorder=True)
        width, height, stride = bitmap.width, bitmap.height, bitmap.stride
        data = bytes(bitmap.buffer)
        channels = bitmap.n_channels
        bitmap.close()
        page.close()
    finally:
        document.close()
    rows = (data[at * stride : at * stride + width * channels] for at in range(height))
    return _png(b"".join(b"\0" + row for row in rows), width, height, channels)


def _png(rows: bytes, width: int, height: int, channels: int) -> bytes:
    kind = {1: 0, 3: 2, 4: 6}[channels]  # grey, colour, colour with transparency
    per_metre = round(DOTS_PER_INCH / 0.0254)
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)),
        (b"pHYs", struct.pack(">IIB", per_metre, per_metre, 1)),
        (b"IDAT", zlib.compress(rows, 6)),
        (b"IEND", b""),
    )
    packed = (
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def _pdf(drawing: Drawing) -> bytes:
    body = "\n".join(_operators(mark, drawing.height) for mark in drawing.marks).encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {drawing.width:g} {drawing.height:g}] "
        "/Resources << /Font << /F0 5 0 R /F1 8 0 R >> >> /Contents 4 0 R >>".encode(),
        f"<< /Length {len(body)} >>\nstream\n".encode() + body + b"\nendstream",
        *_font(5, _REGULAR),
        *_font(8, _BOLD),
    ]
    data = bytearray(b"%PDF-1.4\n")
    places = []
    for number, one in enumerate(objects, start=1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + one + b"\nendobj\n"
    start = len(data)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    data += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(data)


def _font(number: int, stem: int) -> tuple[bytes, bytes, bytes]:
    """The three objects of a Song type of that weight; Latin letters take half a square."""
    return (
        f"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        f"/DescendantFonts [{number + 1} 0 R] >>".encode(),
        f"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
        f"/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
        f"/FontDescriptor {number + 2} 0 R /DW 1000 /W [1 95 500] >>".encode(),
        f"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
        f"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV {stem} >>".encode(),
    )


def _operators(mark: Mark, height: float) -> str:
    """What draws the mark on a page that counts from the lower left corner."""
    if isinstance(mark, Box):
        place = f"{mark.x:.2f} {height - mark.y - mark.height:.2f} {mark.width:.2f} {mark.height:.2f}"
        return f"{_colour(mark.colour)} rg {place} re f"
    if isinstance(mark, Line):
        dashes = "[4 3] 0 d" if mark.dashed else "[] 0 d"
        ends = f"{mark.x1:.2f} {height - mark.y1:.2f} m {mark.x2:.2f} {height - mark.y2:.2f} l S"
        return f"{_colour(mark.colour)} RG {mark.width:g} w {dashes} {ends}"
    code = mark.text.encode("utf-16-be").hex()
    place = f"{mark.left:.2f} {height - mark.y:.2f} Td"
    return f"{_colour(mark.colour)} rg BT /F{int(mark.bold)} {mark.size:g} Tf {place} <{code}> Tj ET"


def _colour(digits: str) -> str:
    return " ".join(f"{int(digits[at : at + 2], 16) / 255:.3f}" for at in (0, 2, 4))
