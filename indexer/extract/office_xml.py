"""Reads XML files: Office documents kept as one XML file as what they are, any other by its words."""

from __future__ import annotations

import io
import re
from html import escape, unescape
from pathlib import Path

from lxml import etree

from indexer.extract.charsets import codec_named, decoded_as
from indexer.extract.endings import corrupt, unsupported, without_text
from indexer.extract.html import text_of
from indexer.extract.odf import read_flat
from indexer.extract.parts import feed
from indexer.extract.sheetxml import SheetXml
from indexer.extract.sniff import Kind
from indexer.extract.wordxml import WordXml
from indexer.model import Extraction, Facts, Limits, Passage, State

_HEAD_BYTES = 1 << 14
_WORD = (
    "http://schemas.microsoft.com/office/word/2003/wordml",
    "http://schemas.microsoft.com/office/2006/xmlPackage",
)
_SHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_FLAT_ODF = "urn:oasis:names:tc:opendocument:xmlns:office"
_ROOT = re.compile(r"(?>(?:<!--.*?-->|<[?!]|[^<]++)*)<([\w.-]+:)?([\w.-]+)([^<>]*)", re.DOTALL)
_DECLARED = re.compile(rb"""<\?xml\b[^<>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""")
_DECLARATION = re.compile(r"\s*<\?xml\b[^<>]*\?>")
_CDATA = re.compile(r"<!\[CDATA\[(.*?)(?:\]\]>|\Z)", re.DOTALL)
_UNSEEN = re.compile(r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<![^<>]*>", re.DOTALL)
_TAG = re.compile(r"</?(?:[^\s<>/:]*:)?([^\s<>/:]+)[^<>]*>")
_VALUE = re.compile(r"""=\s*(?:"([^"<>]*[^\x00-\x7f"<>][^"<>]*)"|'([^'<>]*[^\x00-\x7f'<>][^'<>]*)')""")
_INLINE = frozenset(
    {"r", "t", "span", "b", "i", "u", "em", "strong", "a", "font", "sub", "sup", "文本串", "句"}
)
_MARKUP = re.compile(r"<[a-zA-Z/!][^<>]*>")
_BLANKS = re.compile(r"\s+")
_BREAK = "\x1e"
_WORDS = re.compile(r"[^\W\d_]")


def read(path: Path, limits: Limits) -> Extraction:
    """The document's text.

    Raises:
        Unreadable: an Office document in it is damaged or empty, or the file has no words.
    """
    data = path.read_bytes()
    told = _DECLARED.search(data[:_HEAD_BYTES])
    name = told[1].decode("ascii") if told else ""
    markup = decoded_as(data, name)
    root = _ROOT.match(markup[:_HEAD_BYTES])
    spaces = root[3] if root else ""
    try:
        if _FLAT_ODF in spaces:
            return read_flat(path, limits)
        if any(space in spaces for space in _WORD):
            return _read_word(_source(data, markup, name))
        if _SHEET in spaces and root and root[2] == "Workbook":
            return _read_sheets(_source(data, markup, name))
    except etree.XMLSyntaxError as fault:
        raise corrupt("内部的 XML 不合格式") from fault
    text = words_of(markup)
    if not _WORDS.search(text):
        raise unsupported(Kind.XML.value, "用原来的软件打开，另存为 docx、xlsx 或 pdf")
    return Extraction(State.INDEXED, (Passage(text),))


def _source(data: bytes, markup: str, declared: str) -> io.BytesIO:
    """What the XML parser reads; where it does not know the whole encoding, in UTF-8."""
    if codec_named(declared) in {None, "utf-8"}:
        return io.BytesIO(data)
    return io.BytesIO(_DECLARATION.sub("", markup, count=1).encode())


def _read_word(source: io.BytesIO) -> Extraction:
    """A Word document."""
    story = WordXml()
    feed(source, story)
    return _found(story.passages(), story.facts(), "文件里没有文字")


def _read_sheets(source: io.BytesIO) -> Extraction:
    """A workbook."""
    sheets = SheetXml()
    feed(source, sheets)
    return _found(sheets.passages(), Facts(), "工作簿里没有内容")


def _found(passages: list[Passage], facts: Facts, nothing: str) -> Extraction:
    """How reading ends with these passages."""
    if passages:
        return Extraction(State.INDEXED, tuple(passages), facts=facts)
    return without_text(nothing).extraction(facts=facts)


def _mark_of(tag: re.Match[str]) -> str:
    """What stands for a tag: a line's end, with the values in it that are no plain ASCII; or nothing."""
    if tag[0].isascii():
        return "" if tag[1] in _INLINE else _BREAK
    values = _BREAK.join(value[1] or value[2] for value in _VALUE.finditer(tag[0]))
    return "" if tag[1] in _INLINE and not values else f"{_BREAK}{values}{_BREAK}"


def words_of(markup: str) -> str:
    """The text of any XML, elements as lines; values of attributes where they are no plain ASCII.

    HTML that is kept in it as text is read as such.
    """
    markup = _UNSEEN.sub("", _CDATA.sub(lambda found: escape(found[1], quote=False), markup))
    markup = _TAG.sub(_mark_of, markup)
    lines = []
    for piece in markup.split(_BREAK):
        if not piece or piece.isspace():
            continue
        text = unescape(piece)
        if _MARKUP.search(text):
            lines.append(text_of(text))
        else:
            lines.append(_BLANKS.sub(" ", text).strip())
    return "\n".join(line for line in lines if line)
