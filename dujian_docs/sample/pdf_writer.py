"""A small PDF writer: Chinese with a real text layer, in a font that PDF readers bring (STSong-Light).

The font is not embedded: code points go in as UCS-2 (UniGB-UCS2-H), which says both what to show and what
the text is. Optionally the file is locked with a password (RC4 40 bit, PDF 1.4, revision 2).
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

PAGE_WIDTH, PAGE_HEIGHT = 595, 842
"""A4 in points."""

_PADDING = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")
_PERMISSIONS = -4 & 0xFFFFFFFF
_HEAD = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
_CATALOG, _TREE, _FONT, _CID_FONT, _FONT_FACTS, _INFO, _LOCK = range(1, 8)
_FIRST_FREE = 8


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text on a page: its left end and base line in points from the lower left, and its size."""

    text: str
    x: float
    y: float
    size: float


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line from one point to another, in points."""

    x1: float
    y1: float
    x2: float
    y2: float


Mark = Run | Rule


def width_of(text: str, size: float) -> float:
    """The width of a text in points: Latin letters and digits take half a square."""
    return sum(0.5 if letter < "\x7f" else 1.0 for letter in text) * size


def pdf_bytes(pages: Sequence[Sequence[Mark]], *, title: str, password: str = "") -> bytes:
    """A PDF of these pages, the same bytes for the same arguments; locked when ``password`` is not empty."""
    identity = hashlib.md5(repr((pages, title, password)).encode(), usedforsecurity=False).digest()
    lock = _Lock.of(password, identity) if password else None
    objects = _objects(pages, title, lock)
    trailer = f"/Root {_CATALOG} 0 R /Info {_INFO} 0 R /ID [<{identity.hex()}> <{identity.hex()}>]"
    if lock:
        objects[_LOCK] = lock.dictionary()
        trailer += f" /Encrypt {_LOCK} 0 R"
    return _file(objects, trailer)


def _objects(pages: Sequence[Sequence[Mark]], title: str, lock: _Lock | None) -> dict[int, bytes]:
    numbers = [_FIRST_FREE + 2 * at for at in range(len(pages))]
    kids = " ".join(f"{number} 0 R" for number in numbers)
    told = b"\xfe\xff" + title.encode("utf-16-be")
    named = (lock.closed(told, _INFO) if lock else told).hex()
    objects = {
        _CATALOG: f"<< /Type /Catalog /Pages {_TREE} 0 R >>".encode(),
        _TREE: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        _FONT: (
            "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
            f"/DescendantFonts [{_CID_FONT} 0 R] >>"
        ).encode(),
        _CID_FONT: (
            "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
            f"/CIDSystemInfo {_system_info(lock)} /FontDescriptor {_FONT_FACTS} 0 R "
            "/DW 1000 /W [1 95 500] >>"
        ).encode(),
        _FONT_FACTS: (
            b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880] "
            b"/ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
        ),
        _INFO: f"<< /Title <{named}> >>".encode(),
    }
    for number, marks in zip(numbers, pages, strict=True):
        body = zlib.compress(_drawing(marks), 9)
        body = lock.closed(body, number + 1) if lock else body
        objects[number] = (
            f"<< /Type /Page /Parent {_TREE} 0 R /MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] "
            f"/Resources << /Font << /F1 {_FONT} 0 R >> >> /Contents {number + 1} 0 R >>"
        ).encode()
        objects[number + 1] = (
            f"<< /Length {len(body)} /Filter /FlateDecode >>\nstream\n".encode() + body + b"\nendstream"
        )
    return objects


def _system_info(lock: _Lock | None) -> str:
    """The font's character collection; its strings are locked like all others."""
    parts = (b"Adobe", b"GB1")
    registry, ordering = ((lock.closed(part, _CID_FONT) if lock else part).hex() for part in parts)
    return f"<< /Registry <{registry}> /Ordering <{ordering}> /Supplement 2 >>"


def _drawing(marks: Sequence[Mark]) -> bytes:
    """The content stream that draws the marks."""
    lines = ["0.6 w"]
    for mark in marks:
        if isinstance(mark, Run):
            code = mark.text.encode("utf-16-be").hex()
            lines.append(f"BT /F1 {mark.size:g} Tf {mark.x:.1f} {mark.y:.1f} Td <{code}> Tj ET")
        else:
            lines.append(f"{mark.x1:.1f} {mark.y1:.1f} m {mark.x2:.1f} {mark.y2:.1f} l S")
    return "\n".join(lines).encode()


def _file(objects: dict[int, bytes], trailer: str) -> bytes:
    """The objects with their cross-reference table."""
    data = bytearray(_HEAD)
    places: dict[int, int] = {}
    for number in sorted(objects):
        places[number] = len(data)
        data += f"{number} 0 obj\n".encode() + objects[number] + b"\nendobj\n"
    start, size = len(data), max(objects) + 1
    data += f"xref\n0 {size}\n0000000000 65535 f \n".encode()
    for number in range(1, size):
        entry = f"{places[number]:010d} 00000 n \n" if number in places else "0000000000 65535 f \n"
        data += entry.encode()
    data += f"trailer\n<< /Size {size} {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(data)


@dataclass(frozen=True, slots=True)
class _Lock:
    """The standard security handler, revision 2: user password and owner password are the same."""

    key: bytes
    owner: bytes
    user: bytes

    @classmethod
    def of(cls, password: str, identity: bytes) -> _Lock:
        """The lock for a password and the file's identity."""
        padded = (password.encode("latin-1") + _PADDING)[:32]
        owner = _rc4(_md5(padded)[:5], padded)
        key = _md5(padded + owner + _PERMISSIONS.to_bytes(4, "little") + identity)[:5]
        return cls(key, owner, _rc4(key, _PADDING))

    def closed(self, data: bytes, number: int) -> bytes:
        """``data`` of the object of that number, encrypted."""
        return _rc4(_md5(self.key + number.to_bytes(3, "little") + b"\0\0")[:10], data)

    def dictionary(self) -> bytes:
        """The file's encryption dictionary."""
        return (
            f"<< /Filter /Standard /V 1 /R 2 /O <{self.owner.hex()}> /U <{self.user.hex()}> "
            f"/P {_PERMISSIONS - 2**32} >>"
        ).encode()


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).digest()


def _rc4(key: bytes, data: bytes) -> bytes:
    """RC4, as the PDF format of 2001 asks for; it protects nothing today."""
    box = list(range(256))
    swap = 0
    for at in range(256):
        swap = (swap + box[at] + key[at % len(key)]) % 256
        box[at], box[swap] = box[swap], box[at]
    out = bytearray()
    first = second = 0
    for byte in data:
        first = (first + 1) % 256
        second = (second + box[first]) % 256
        box[first], box[second] = box[second], box[first]
        out.append(byte ^ box[(box[first] + box[second]) % 256])
    return bytes(out)
