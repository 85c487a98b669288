"""Papers as bytes: Word, Excel, PDF, text in four encodings, a scan; and files that nobody can open."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from enum import StrEnum
from types import MappingProxyType

from dujian_docs.sample.chance import drawn
from dujian_docs.sample.office_files import docx_bytes, xlsx_bytes
from dujian_docs.sample.papers import Paper
from dujian_docs.sample.pdf_layout import pages_of
from dujian_docs.sample.pdf_writer import pdf_bytes


class Make(StrEnum):
    """How a file is made."""

    DOCX = "docx"
    XLSX = "xlsx"
    PDF = "pdf"
    SCAN = "png"
    UTF8 = "utf-8"
    GBK = "gbk"
    BIG5 = "big5"
    UTF16 = "utf-16"
    CUT_PDF = "cut pdf"
    LOCKED_PDF = "locked pdf"
    LOCKED_DOCX = "locked docx"
    EMPTY = "empty"
    LOCK_FILE = "lock file"

    @property
    def extension(self) -> str:
        """What the file's name ends in."""
        return _EXTENSIONS.get(self, self.value)


_EXTENSIONS = {
    **dict.fromkeys((Make.UTF8, Make.GBK, Make.BIG5, Make.UTF16), "txt"),
    **dict.fromkeys((Make.CUT_PDF, Make.LOCKED_PDF), "pdf"),
    **dict.fromkeys((Make.LOCKED_DOCX, Make.EMPTY, Make.LOCK_FILE), "docx"),
}
PASSWORD = "yunling"  # noqa: S105 - of an invented file that is there to be locked
_SECTOR = 512


def file_bytes(paper: Paper, make: Make) -> bytes:
    """The paper's file; the same bytes for the same paper."""
    return _MAKERS[make](paper)


def _pdf(paper: Paper) -> bytes:
    return pdf_bytes(pages_of(paper), title=paper.heading)


def _locked_pdf(paper: Paper) -> bytes:
    return pdf_bytes(pages_of(paper), title=paper.heading, password=PASSWORD)


def _cut_pdf(paper: Paper) -> bytes:
    """The first third of a PDF, as a transfer that broke off leaves it."""
    data = _pdf(paper)
    return data[: len(data) // 3]


def _text(encoding: str) -> Callable[[Paper], bytes]:
    """Plain text with the line ends of Windows; UTF-16 gets its mark."""
    return lambda paper: ("\r\n".join(paper.lines()) + "\r\n").encode(encoding)


def _locked_docx(_paper: Paper) -> bytes:
    """A compound file whose directory says what an encrypted Word file's says; the rest is noise."""
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    head = bytearray(_SECTOR)
    struct.pack_into("<8s16x5H", head, 0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<IIIIIIII", head, 44, 1, 1, 0, 4096, end, 0, end, 0)
    struct.pack_into("<109I", head, 76, 0, *[free] * 108)
    sectors = struct.pack("<128I", table, end, *range(3, 10), end, *range(11, 18), end, *[free] * 110)
    entries = [
        _entry("Root Entry", 5, child=1, start=end, size=0),
        _entry("EncryptionInfo", 2, right=2, start=2, size=4096),
        _entry("EncryptedPackage", 2, start=10, size=4096),
        _entry("", 0, start=0, size=0),
    ]
    noise = b"".join(drawn(1 << 32, "锁", at).to_bytes(4, "little") for at in range(2 * 4096 // 4))
    return bytes(head) + sectors + b"".join(entries) + noise


def _entry(
    name: str, kind: int, *, start: int, size: int, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF
) -> bytes:
    """One entry of a compound file's directory."""
    spelt = (name + "\0").encode("utf-16-le") if name else b""
    head = spelt.ljust(64, b"\0") + struct.pack("<HBBIII", len(spelt), kind, 1, 0xFFFFFFFF, right, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def _scan(paper: Paper) -> bytes:
    """A grey picture that looks like a scanned page from afar: lines of marks and a ring for a seal."""
    width, height = 496, 702
    rows = []
    for y in range(height):
        row = bytearray(b"\xf4" * width)
        if 60 < y < 620 and y % 26 < 12:
            for x in range(60, 436 - drawn(150, paper.heading, y // 26), 14):
                row[x : x + 11] = b"\x50" * 11 if (x + y) % 3 else b"\x90" * 11
        for x in range(300, 440):
            if 52**2 < (x - 370) ** 2 + (y - 600) ** 2 < 56**2:
                row[x] = 0x70
        rows.append(b"\0" + bytes(row))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    told = b"Title\0" + paper.heading.encode("utf-8")
    parts = [(b"IHDR", head), (b"tEXt", told), (b"IDAT", zlib.compress(b"".join(rows), 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, body) for kind, body in parts)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


_MAKERS: Mapping[Make, Callable[[Paper], bytes]] = MappingProxyType(
    {
        Make.DOCX: docx_bytes,
        Make.XLSX: xlsx_bytes,
        Make.PDF: _pdf,
        Make.SCAN: _scan,
        Make.UTF8: _text("utf-8"),
        Make.GBK: _text("gbk"),
        Make.BIG5: _text("big5"),
        Make.UTF16: _text("utf-16"),
        Make.CUT_PDF: _cut_pdf,
        Make.LOCKED_PDF: _locked_pdf,
        Make.LOCKED_DOCX: _locked_docx,
        Make.EMPTY: lambda _paper: b"",
        Make.LOCK_FILE: lambda _paper: b"\x06admin".ljust(162, b"\0"),
    }
)
