"""Files made to harm whoever reads them, written by code; each with what a reader may end with."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
import openpyxl

WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LAUGHS = '<!DOCTYPE d [<!ENTITY a "哈哈哈哈哈哈哈哈哈哈">' + "".join(
    f'<!ENTITY {one} "{f"&{before};" * 10}">' for before, one in zip("abcdefgh", "bcdefghi", strict=True)
)
BILLION = LAUGHS + "]>"
OUTSIDE = '<!DOCTYPE d [<!ENTITY i SYSTEM "file:///etc/passwd">]>'


def _zip(parts: Mapping[str, bytes | str], *, packed: bool = True) -> bytes:
    held = io.BytesIO()
    way = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(held, "w", way, compresslevel=1) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return held.getvalue()


def _docx(document: bytes, *, packed: bool = True) -> bytes:
    return _zip({"[Content_Types].xml": "<Types/>", "word/document.xml": document}, packed=packed)


def _word(body: str, doctype: str = "") -> bytes:
    return f'<?xml version="1.0"?>{doctype}<w:document {WORD}><w:body>{body}</w:body></w:document>'.encode()


def two_cells() -> bytes:
    """A sheet whose two cells are as far from each other as can be."""
    workbook = openpyxl.Workbook()
    sheet = workbook.worksheets[0]
    sheet["A1"], sheet["XFD1048576"] = "督导", "通知"
    held = io.BytesIO()
    workbook.save(held)
    return held.getvalue()


def _pdf(objects: Mapping[int, bytes], trailer: bytes = b"<</Root 1 0 R>>") -> bytes:
    body = b"".join(b"%d 0 obj%s endobj\n" % (number, content) for number, content in objects.items())
    return b"%PDF-1.5\n" + body + b"trailer" + trailer


def _stream(content: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(content)
    return b"<<%s/Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (entries, len(packed), packed)


COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1")
CATALOG = b"<</Type/Catalog/Pages 2 0 R>>"


def many_pages(count: int) -> bytes:
    """A document of that many real pages."""
    kids = b" ".join(b"%d 0 R" % number for number in range(3, count + 3))
    pages = dict.fromkeys(range(3, count + 3), b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>")
    return _pdf({1: CATALOG, 2: b"<</Type/Pages/Count %d/Kids[%s]>>" % (count, kids)} | pages)


def _png(width: int, height: int) -> bytes:
    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1 << 20))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def _nested_zip(depth: int) -> bytes:
    inner = "最里面的通知".encode()
    for level in range(depth):
        inner = _zip({"通知.txt" if not level else f"{level}.zip": inner})
    return inner


def _nested_mail(depth: int) -> bytes:
    mail = "Subject: =?utf-8?b?6YCa55+l?=\r\nFrom: a@b.c\r\nTo: d@e.f\r\n\r\nbody"
    for _ in range(depth):
        mail = f"From: a@b.c\r\nTo: d@e.f\r\nMIME-Version: 1.0\r\nContent-Type: message/rfc822\r\n\r\n{mail}"
    return mail.encode()


HOSTILE: Mapping[str, Callable[[], bytes]] = {
    "两格巨表.xlsx": two_cells,
    "膨胀的正文.docx": lambda: _docx(_word("<w:p>" + " " * 210_000_000 + "</w:p>")),
    "许多空段.docx": lambda: _docx(_word("<w:p/>" * 3_000_000)),
    "哈哈.docx": lambda: _docx(_word("<w:p><w:r><w:t>&i;</w:t></w:r></w:p>", BILLION)),
    "外部实体.docx": lambda: _docx(_word("<w:p><w:r><w:t>&i;</w:t></w:r></w:p>", OUTSIDE)),
    "很深.docx": lambda: _docx(_word("<w:sdt>" * 200_000), packed=False),
    "深表格.docx": lambda: _docx(
        _word("<w:tbl><w:tr><w:tc>" * 30_000 + "</w:tc></w:tr></w:tbl>" * 30_000), packed=False
    ),
    "哈哈.ofd": lambda: _zip({"OFD.xml": f'<?xml version="1.0"?>{BILLION}<OFD>&i;</OFD>'}),
    "外部实体.odt": lambda: _zip(
        {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": f"{OUTSIDE}<a>&i;</a>"}
    ),
    "哈哈.xml": lambda: f'<?xml version="1.0"?>{BILLION}<a>&i;</a>'.encode(),
    "外部实体.html": lambda: f"{OUTSIDE}<html><body>督导&i;</body></html>".encode(),
    "很深.html": lambda: b"<html><body>" + b"<div>" * 300_000 + "督导".encode(),
    "尖括号.html": lambda: b"<html><body>" + b"<" * 3_000_000,
    "很深.rtf": lambda: b"{\\rtf1\\ansicpg936 " + b"{" * 2_000_000 + b"}" * 2_000_000 + b"}",
    "转义.rtf": lambda: b"{\\rtf1\\ansicpg936 " + b"\\'b6" * 2_000_001 + b"}",
    "绕圈的页.pdf": lambda: _pdf({1: CATALOG, 2: b"<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]/Parent 2 0 R>>"}),
    "绕圈的目录.pdf": lambda: _pdf(
        {
            1: b"<</Type/Catalog/Pages 2 0 R/Outlines 5 0 R>>",
            2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>",
            4: _stream(b"BT ET"),
            5: b"<</First 6 0 R/Last 6 0 R>>",
            6: b"<</Title(a)/Parent 6 0 R/Next 6 0 R/First 6 0 R>>",
        }
    ),
    "绕圈的对象.pdf": lambda: _pdf(
        {1: CATALOG, 2: b"2 0 R", 3: _stream(b"1 0 2 0", b"/Type/ObjStm/N 2/First 8/Extends 3 0 R")}
    ),
    "谎报页数.pdf": lambda: _pdf({1: CATALOG, 2: b"<</Type/Pages/Count 100000/Kids[]>>"}),
    "十万页.pdf": lambda: many_pages(100_000),
    "很深.pdf": lambda: _pdf({1: CATALOG, 2: b"<</Kids" + b"[" * 500_000 + b">>"}),
    "绕回的前表.pdf": lambda: b"%PDF-1.4\n1 0 obj<<>>endobj\nxref\n0 1\n0000000000 65535 f \n"
    b"trailer<</Root 1 0 R/Size 1/Prev 29>>\nstartxref\n29\n%%EOF",
    "巨图.png": lambda: _png(60_000, 60_000),
    "谎报大小.png": lambda: _png(2**31 - 1, 2**31 - 1),
    "一行.csv": lambda: "督导,".encode() * 8_000_000,
    "括号.txt": lambda: ("（" * 3_000_000 + "學(" * 500_000).encode(),
    "邮件头.eml": lambda: b"From: a@b.c\r\nTo: " + b"<" * 5_000_000 + b"\r\n\r\nx",
    "套邮件.eml": lambda: _nested_mail(400),
    "边界.eml": lambda: b"From: a@b.c\r\nTo: d@e.f\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n\r\n" * 200_000,
    "套压缩包.zip": lambda: _nested_zip(8),
    "零.zip": lambda: _zip({"零.txt": bytes(210_000_000)}),
    "许多.zip": lambda: _zip({f"{number}.txt": "" for number in range(12_000)}),
    "空.docx": lambda: b"",
    "只有头.doc": lambda: COMPOUND + bytes(504),
    "绕圈.doc": lambda: COMPOUND + bytes(16) + b"\x3e\0\x03\0\xfe\xff\x09\0\x06\0" + bytes(10)
    + struct.pack("<9I", 1, 1, 0, 4096, 0, 0, 0, 0, 0) + struct.pack("<109I", *[0] * 109) + bytes(4096),
}  # fmt: skip
"""Name → what makes the file."""

BODY = "云岭县人民政府教育督导室关于开展春季学期开学工作专项督导的通知"


def sound(folder: Path) -> list[Path]:
    """One good file of each format that can be written without a program, to be damaged."""
    document = docx.Document()
    document.add_paragraph(BODY)
    document.save(str(folder / "文.docx"))
    workbook = openpyxl.Workbook()
    workbook.worksheets[0].append([BODY, 12])
    workbook.save(folder / "表.xlsx")
    content = b"BT /F1 9 Tf 9 9 Td (Supervision notice) Tj ET"
    (folder / "页.pdf").write_bytes(
        _pdf(
            {
                1: CATALOG,
                2: b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
                3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
                b"/Resources<</Font<</F1 5 0 R>>>>>>",
                4: _stream(content),
                5: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
            }
        )
    )
    (folder / "件.eml").write_bytes(
        f"From: a@b.c\r\nTo: d@e.f\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{BODY}".encode()
    )
    (folder / "页.html").write_text(f"<html><body><p>{BODY}</p></body></html>", "utf-8")
    (folder / "文.rtf").write_bytes(
        b"{\\rtf1\\ansi\\ansicpg936 " + "".join(f"\\u{ord(char)}?" for char in BODY).encode() + b"}"
    )
    (folder / "包.zip").write_bytes(_zip({"通知.txt": BODY, "文.docx": (folder / "文.docx").read_bytes()}))
    (folder / "文.txt").write_bytes(BODY.encode("gbk"))
    (folder / "文.odt").write_bytes(
        _zip(
            {
                "mimetype": "application/vnd.oasis.opendocument.text",
                "content.xml": '<?xml version="1.0"?><office:document-content '
                'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
                'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text>'
                f"<text:p>{BODY}</text:p></office:text></office:body></office:document-content>",
            }
        )
    )
    return sorted(folder.iterdir())
