"""Reads RTF: the text with headers, notes and comments apart, in whatever character sets its fonts name."""

from __future__ import annotations

import re
from pathlib import Path

from indexer.extract.endings import without_text
from indexer.extract.plain import encoding_of
from indexer.extract.rtftext import IN_CELL, PROPERTY, RtfText
from indexer.extract.rtfwords import COMMENT, ENDNOTE, FOOTER, FOOTNOTE, HEADER
from indexer.model import Extraction, Facts, Limits, Passage, State

_ORDER = ("", HEADER, FOOTER, FOOTNOTE, ENDNOTE, COMMENT)
_SYMBOL_FONT = re.compile("[\uf000-\uf0ff]")
"""Places of symbol fonts, which stand for bullets."""
_CELL_LINES = re.compile(f" *{IN_CELL}+")
_ENOUGH_BYTES = 8
_CHINESE = frozenset({"gb18030", "big5hkscs"})


def read(path: Path, limits: Limits) -> Extraction:
    """The document's text; the body's passage has no label.

    Raises:
        Unreadable: there is no text in it.
    """
    data = path.read_bytes()
    story = RtfText(limits.text_chars)
    story.hear(data)
    if codec := _meant(story.undeclared):
        story = RtfText(limits.text_chars, codec)
        story.hear(data)
    texts = {label: _neat("".join(story.texts.get(label, ()))) for label in _ORDER}
    for label in (HEADER, FOOTER):  # those of first, left and right pages often say the same
        texts[label] = "\n".join(dict.fromkeys(texts[label].split("\n")))
    passages = [Passage(text, label=label) for label, text in texts.items() if text]
    facts = _facts(story)
    if not passages:
        nothing = "文件里只有图片，没有文字" if story.pictures else "文件里没有文字"
        return without_text(nothing).extraction(facts=facts)
    return Extraction(State.INDEXED, tuple(passages), facts=facts)


def _meant(undeclared: list[bytes]) -> str | None:
    """The codec of Chinese text whose character set the document names wrongly; None when there is none."""
    data = b"\n".join(undeclared)
    if len(data) < _ENOUGH_BYTES:
        return None
    found = encoding_of(data)
    return found if found in _CHINESE else None


def _neat(text: str) -> str:
    """The text with its surrogates joined, cells in one line each, without blank lines."""
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _SYMBOL_FONT.sub("", text).replace("\0", "")
    lines = (_CELL_LINES.sub(" ", line).rstrip().strip(" ") for line in text.split("\n"))
    return "\n".join(line.replace(" \t", "\t") for line in lines if line.strip())


def _facts(story: RtfText) -> Facts:
    """What the document tells of itself."""
    title, author = (
        " ".join(_neat("".join(story.texts.get(f"{PROPERTY}{name}", ()))).split())
        for name in ("title", "author")
    )
    return Facts(
        title=title,
        author=author,
        created=_moment(story.told.get("created", "")),
        modified=_moment(story.told.get("modified", "")),
    )


def _moment(clock: str) -> str:
    """Year, month, day, hour and minute as ISO 8601; empty when the day is not told."""
    numbers = [int(number) for number in clock.split()]
    if len(numbers) < 5 or not all(numbers[:3]):
        return ""
    year, month, day, hour, minute = numbers
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:00"
