"""Reads web pages, and the HTML that Word, Excel and mail programs write: visible text, blocks as lines.

The markup is cut at its tags and never becomes a tree, so depth costs nothing and nothing is quadratic.
"""

from __future__ import annotations

import re
from html import unescape
from itertools import zip_longest
from pathlib import Path

from indexer.extract.charsets import decoded_as
from indexer.extract.endings import without_text
from indexer.model import Extraction, Facts, Limits, Passage, State

TITLE_LABEL = "标题"
_HEAD_BYTES = 1 << 14
_SAMPLE_BYTES = 1 << 18
_CHARSET = re.compile(
    rb"""<meta\b[^<>]{0,500}?charset\s*=\s*["']?\s*([\w.:-]{2,40})|<\?xml\b[^<>]{0,200}?encoding\s*=\s*["']([\w.:-]{2,40})""",
    re.IGNORECASE,
)
_MARKUP = re.compile(rb"<[^<>]*>")
_QUOTED = r""""[^"]{0,2000}"|'[^']{0,2000}'"""
_TAG = re.compile(rf"<(/?[a-zA-Z][^\s/<>]*)(?:(?>(?:[^<>\"']++|{_QUOTED})*)>|[^<>]*>)")
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<[!?][^<>]*>"
    r"|<(script|style|template|title|rt|rp)\b[^<>]*>.*?(?:</\1\b[^<>]*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_TITLE, _TITLE_END = re.compile(r"<title\b[^<>]*>", re.IGNORECASE), re.compile(r"</title\b", re.IGNORECASE)
_PREFORMATTED = re.compile(r"<(pre|textarea|xmp)\b[^<>]*>.*?(?:</\1\b|\Z)", re.IGNORECASE | re.DOTALL)
_WRAPPED = re.compile(r"(?<=[\u2e80-\u9fff\uff00-\uffef])[ \t]*[\r\n]\s*(?=[\u2e80-\u9fff\uff00-\uffef])")
"""A line end between Chinese characters, which browsers do not show as a blank."""
_BLANKS = re.compile(r"[ \t\r\n\f]+")
_ROWS = frozenset({"tr", "/tr", "table", "/table"})
_CELLS = frozenset({"td", "th"})
_INNER = "\x1e"
"""Stands for the end of a block inside a table cell."""
_LONG_CELL = 200
"""A cell of more characters lays out a page and holds no entry of a table."""
_BLOCKS = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "dir",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "frame",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "legend",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "select",
    "summary",
    "table",
    "textarea",
    "tr",
    "ul",
    "xmp",
]
_MARKS = (
    {"br": "\n", "td": "\t", "th": "\t"}
    | dict.fromkeys(_BLOCKS, "\n")
    | {f"/{name}": "\n" for name in _BLOCKS}
)


def read(path: Path, limits: Limits) -> Extraction:
    """The page's visible text as one passage, and its title as another.

    Raises:
        Unreadable: nothing is left when the markup is gone.
    """
    with path.open("rb") as stream:
        markup = decoded(stream.read())
    title, text = title_of(markup), text_of(markup)
    facts = Facts(title=title)
    if not text and not title:
        return without_text("网页里没有文字").extraction(facts=facts)
    passages = [Passage(text)] if text else []
    if title and not text.startswith(title):
        passages.append(Passage(title, label=TITLE_LABEL))
    return Extraction(State.INDEXED, tuple(passages), facts=facts)


def decoded(data: bytes, declared: str = "") -> str:
    """The markup in the encoding that it, or what carried it, declares; else in the likeliest."""
    told = _CHARSET.search(data[:_HEAD_BYTES])
    name = next((found for found in told.groups() if found), b"").decode("ascii", "replace") if told else ""
    sample = _MARKUP.sub(b"\n", data[:_SAMPLE_BYTES])
    return decoded_as(data, declared or name, sample)


def title_of(markup: str) -> str:
    """The page's title in one line; empty when it has none."""
    begin = _TITLE.search(markup)
    end = begin and _TITLE_END.search(markup, begin.end())
    return " ".join(unescape(markup[begin.end() : end.start()]).split()) if begin and end else ""


def text_of(markup: str) -> str:
    """The visible text: blocks and table rows as lines, cells separated by tabs; without the title."""
    markup = _UNSEEN.sub("", markup)
    if _PREFORMATTED.search(markup):
        markup = _PREFORMATTED.sub(lambda found: found[0].replace("\n", "<br>"), markup)
    markup = _BLANKS.sub(" ", _WRAPPED.sub("", markup))
    cut = _TAG.split(markup)
    pieces: list[str] = []
    in_cell = False
    for text, tag in zip_longest(cut[::2], cut[1::2], fillvalue=""):
        pieces.append(text)
        name = tag.lower()
        mark = _MARKS.get(name)
        if mark is None:
            continue
        if name in _CELLS:
            in_cell = True
        elif name in _ROWS:
            in_cell = False
        pieces.append(_INNER if in_cell and mark == "\n" else mark)
    return _lines("".join(pieces))


def _lines(text: str) -> str:
    """The text with its marks made good: no blank lines, no stray blanks."""
    if _INNER in text:
        text = "\n".join("\t".join(map(_cell, line.split("\t"))) for line in text.split("\n"))
    text = unescape(text).replace("\xa0", " ") if "&" in text or "\xa0" in text else text
    lines = (_neat(line) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def _cell(cell: str) -> str:
    """A cell of a table in one line; one that lays out a page keeps its lines."""
    if _INNER not in cell:
        return cell
    return (
        " ".join(cell.replace(_INNER, " ").split()) if len(cell) <= _LONG_CELL else cell.replace(_INNER, "\n")
    )


def _neat(line: str) -> str:
    """Blanks around cells dropped; the tab before a row's first cell too."""
    if "\t" not in line:
        return line.strip(" ")
    return "\t".join([cell.strip(" ") for cell in line.split("\t")]).removeprefix("\t").rstrip()
