"""Tells what a file is by its content; the extension only breaks ties. Reads a few kilobytes."""

from __future__ import annotations

import codecs
import re
import struct
import zipfile
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from indexer.extract.endings import corrupt, encrypted
from indexer.extract.zipnames import names_in


class Kind(StrEnum):
    """What a file is; the values are the names clerks know."""

    NOTHING = "空文件"
    DOCX = "Word 文档（docx）"
    XLSX = "Excel 工作簿（xlsx）"
    PDF = "PDF"
    PLAIN = "文本"
    PPTX = "演示文稿（pptx）"
    XLSB = "二进制工作簿（xlsb）"
    DOC = "旧版 Word 或 WPS 文档（doc、wps）"
    XLS = "旧版 Excel 或 WPS 表格（xls、et）"
    PPT = "旧版演示文稿（ppt、dps）"
    WORKS = "微软 Works 文档"
    AGED = "早期办公软件的文件（Write、Excel 2 至 4）"
    MESSAGE = "Outlook 邮件（msg）"
    OLE = "旧版 Office 格式"
    OFD = "OFD 版式文件"
    ODF = "OpenDocument 文件（odt、ods、odp）"
    RTF = "RTF 文档"
    HTML = "网页"
    XML = "XML 文件"
    MAIL = "邮件（eml、mht）"
    IMAGE = "图片"
    ZIP = "ZIP 压缩包"
    RAR = "RAR 压缩包"
    SEVEN_ZIP = "7z 压缩包"
    MEDIA = "音频或视频"
    PROGRAM = "程序"
    DATABASE = "数据库文件"


_HEAD_BYTES = 4096
_OLE_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGICS: tuple[tuple[bytes, Kind], ...] = (
    (b"{\\rtf", Kind.RTF),
    (b"\x89PNG\r\n\x1a\n", Kind.IMAGE),
    (b"\xff\xd8\xff", Kind.IMAGE),
    (b"GIF87a", Kind.IMAGE),
    (b"GIF89a", Kind.IMAGE),
    (b"II*\0", Kind.IMAGE),
    (b"MM\0*", Kind.IMAGE),
    (b"II+\0", Kind.IMAGE),
    (b"Rar!\x1a\x07", Kind.RAR),
    (b"7z\xbc\xaf\x27\x1c", Kind.SEVEN_ZIP),
    (b"ID3", Kind.MEDIA),
    (b"OggS", Kind.MEDIA),
    (b"\x1aE\xdf\xa3", Kind.MEDIA),
    (b"\x7fELF", Kind.PROGRAM),
    (b"MZ\x90\0", Kind.PROGRAM),
    (b"SQLite format 3\0", Kind.DATABASE),
    (b"\x31\xbe\0\0\0\xab", Kind.AGED),
    (b"\x32\xbe\0\0\0\xab", Kind.AGED),
    (b"\x09\x00\x04\x00", Kind.AGED),
    (b"\x09\x02\x06\x00", Kind.AGED),
    (b"\x09\x04\x06\x00", Kind.AGED),
)
_ODF_TYPE = b"application/vnd.oasis.opendocument"
_HTML_START = re.compile(
    rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body|title|meta|style|script|link|table|div|center|font"
    rb"|span|br|p|h[1-6])\b[^<]*>",
    re.IGNORECASE | re.DOTALL,
)
"""Also what systems hand out as a workbook: a bare table."""
_XML_ROOT = re.compile(rb"(?>(?:<!--.*?-->|<[?!]|[^<]++)*)<([\w.:-]+)", re.DOTALL)
_MAIL_START = re.compile(rb"(?:From |[A-Za-z][A-Za-z0-9-]*:)")
_MAIL_FIELDS = re.compile(
    rb"^(Return-Path|Received|From|To|Cc|Subject|MIME-Version|Message-ID|Date|Content-Type|Content-Location"
    rb"|Snapshot-Content-Location|Content-Transfer-Encoding|Delivered-To|DKIM-Signature|X-[A-Za-z0-9-]+):",
    re.IGNORECASE | re.MULTILINE,
)
_MAIL_MACHINERY = frozenset({b"return-path", b"received", b"mime-version", b"message-id"})
"""Fields that no person types; a letter copied into a text file has none of them."""
_WEB_ARCHIVE = frozenset({b"mime-version", b"content-type"})
"""Fields that Word and Excel write before a page saved as one file."""
_OLE_STREAMS: tuple[tuple[str, Kind, frozenset[str]], ...] = (
    ("WordDocument", Kind.DOC, frozenset({".doc", ".dot", ".wps", ".wpt"})),
    ("PowerPoint Document", Kind.PPT, frozenset({".ppt", ".pps", ".dps"})),
    ("Workbook", Kind.XLS, frozenset({".xls", ".xlt", ".et"})),
    ("Book", Kind.XLS, frozenset({".xls", ".xlt", ".et"})),
    ("MatOST", Kind.WORKS, frozenset({".wps"})),
    ("__properties_version1.0", Kind.MESSAGE, frozenset({".msg"})),
)


def kind_of(path: Path) -> Kind:
    """What the file is, judged by its bytes.

    Raises:
        Unreadable: it is an encrypted Office file, or a broken container.
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
        if not head:
            return Kind.NOTHING
        if head.startswith(_OLE_MAGIC):
            return _ole_kind(_ole_names(stream, head), path.suffix.lower())
        if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
            return _zip_kind(stream, path.suffix.lower())
    return _magic_kind(head) or _markup_kind(head) or Kind.PLAIN


def _magic_kind(head: bytes) -> Kind | None:
    """By signature, or None."""
    for magic, kind in _MAGICS:
        if head.startswith(magic):
            return kind
    if b"%PDF-" in head[:1024]:
        return Kind.PDF
    if (
        head.startswith(b"BM")
        and len(head) > 18
        and head[6:10] == b"\0\0\0\0"
        and head[14] in {12, 40, 108, 124}
    ):
        return Kind.IMAGE
    if head.startswith(b"RIFF"):
        return Kind.IMAGE if head[8:12] == b"WEBP" else Kind.MEDIA
    if head[4:8] == b"ftyp":
        return Kind.IMAGE if head[8:12] in {b"heic", b"heix", b"mif1", b"avif"} else Kind.MEDIA
    return None


def _markup_kind(head: bytes) -> Kind | None:
    """Text formats whose raw text would be mostly markup, or None."""
    start = head.removeprefix(b"\xef\xbb\xbf")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        start = head.decode("utf-16", "ignore").encode("utf-8", "ignore")
    if _HTML_START.match(start):
        return Kind.HTML
    if start.lstrip().startswith(b"<?xml"):
        root = _XML_ROOT.match(start)
        return Kind.HTML if root and root[1].lower() == b"html" else Kind.XML
    fields = {found.lower() for found in _MAIL_FIELDS.findall(start)}
    enough = len(fields) >= 3 or fields >= _WEB_ARCHIVE
    if enough and fields & _MAIL_MACHINERY and _MAIL_START.match(start):
        return Kind.MAIL
    return None


def _zip_kind(stream: BinaryIO, suffix: str) -> Kind:
    """By the names of the members."""
    try:
        names = {name.lstrip("/").replace("\\", "/").lower() for name in names_in(stream)}
        odf = "mimetype" in names and _is_odf(stream)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as fault:
        raise corrupt("压缩结构不完整，可能没有传完") from fault
    if odf:
        return Kind.ODF
    if names & {"ofd.xml", "encryptions.xml"}:
        return Kind.OFD
    if "[content_types].xml" in names or any(name.endswith("_rels/.rels") for name in names):
        return _office_kind(names, suffix)
    return Kind.ZIP


def _office_kind(names: set[str], suffix: str) -> Kind:
    """Which Office Open XML package holds these parts."""
    if "xl/workbook.bin" in names:
        return Kind.XLSB
    for folder, kind in (("word/", Kind.DOCX), ("xl/", Kind.XLSX), ("ppt/", Kind.PPTX)):
        if any(name.startswith(folder) for name in names):
            return kind
    by_suffix = {".docx": Kind.DOCX, ".docm": Kind.DOCX, ".xlsx": Kind.XLSX, ".xlsm": Kind.XLSX}
    return by_suffix.get(suffix, Kind.ZIP)


def _is_odf(stream: BinaryIO) -> bool:
    """Whether the package's ``mimetype`` names an OpenDocument type."""
    with zipfile.ZipFile(stream) as package:
        info = package.NameToInfo.get("mimetype")
        if info is None or info.file_size > 200 or info.flag_bits & 1:
            return False
        return package.read(info).startswith(_ODF_TYPE)


def _ole_kind(names: frozenset[str], suffix: str) -> Kind:
    """By the names of the streams; the extension decides between an owner and what it embeds."""
    if not names:
        raise corrupt("内部结构不完整，可能没有传完")
    if "EncryptedPackage" in names:
        raise encrypted()
    present = [(kind, suffixes) for name, kind, suffixes in _OLE_STREAMS if name in names]
    for kind, suffixes in present:
        if suffix in suffixes:
            return kind
    return present[0][0] if present else Kind.OLE


def _ole_names(stream: BinaryIO, head: bytes) -> frozenset[str]:
    """The entry names of a compound file's directory, as far as it can be followed."""
    if len(head) < 512:
        raise corrupt("文件头不完整，可能没有传完")
    size = 4096 if head[30:32] == b"\x0c\0" else 512
    fat_sectors = struct.unpack_from("<109I", head, 76)
    names: set[str] = set()
    seen: set[int] = set()
    sector = int.from_bytes(head[48:52], "little")
    while sector < 0xFFFFFFFA and sector not in seen and len(seen) < 4096:
        seen.add(sector)
        data = _sector(stream, sector, size)
        for at in range(0, len(data) - 127, 128):
            length = int.from_bytes(data[at + 64 : at + 66], "little")
            if 2 < length <= 64:
                names.add(data[at : at + length - 2].decode("utf-16-le", "replace"))
        table, place = divmod(sector, size // 4)
        if table >= len(fat_sectors) or fat_sectors[table] >= 0xFFFFFFFA:
            break
        sector = int.from_bytes(
            _sector(stream, fat_sectors[table], size)[place * 4 : place * 4 + 4], "little"
        )
    return frozenset(names)


def _sector(stream: BinaryIO, number: int, size: int) -> bytes:
    """One sector; shorter, or empty, past the end of the file."""
    stream.seek((number + 1) * size)
    return stream.read(size)
