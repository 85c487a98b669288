"""Reads plain text in any encoding a Chinese office meets: UTF-8, UTF-16, GBK (as GB18030) and Big5."""

from __future__ import annotations

import codecs
from collections import Counter
from functools import cache
from pathlib import Path

from indexer.extract.endings import Unreadable, without_text
from indexer.model import Extraction, Limits, Passage, State

_SAMPLE_BYTES = 1 << 16
_WIDEST_BYTES = 4
"""No character takes more in any of the encodings."""
_BOMS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r\f\x1a\x1b\x08") + b"\x7f"
_CONTROL_SHARE = 0.02
_FREQUENT = frozenset(
    "的一是不了在有人我他这中大来上国和到说们为子时道出要于就下得可你年生会自着去之过家学对也能"
    "第二三四五六七八九十百千万元月日号县市省区镇乡村校教育师长局部委府办公室工作报告通知方案计划总结"
    "经费督导检查评估整改问题意见情况关于印发实施管理制度安全建设发展标准义务均衡财政统计表件名单位"
    "這來國說們為時東車長門問間開關體學對過還會後個實現應當點種發經頭面麼電無業務機構資產據報導辦"
    "縣鄉鎮師處費檢評題況於總結劃書記標準設備員額數據辦證類條項質義"
)
"""Characters that a short text can hardly do without, simplified and traditional."""
_PUNCTUATION = frozenset(
    "，。、；：？！“”‘’（）《》〈〉【】〔〕「」『』—…·　／％＋－＝～°℃×±①②③④⑤→■□●○√０１２３４５６７８９"
)
_LIVING = frozenset(chr(code) for code in range(0xA0, 0x180))
"""Latin letters with marks, and signs such as ° and ×: what UTF-8 writes in two bytes in a text of ours."""


def read(path: Path, limits: Limits) -> Extraction:
    """The whole text as one passage, line feeds unified.

    Raises:
        Unreadable: the file is not text, or blank.
    """
    with path.open("rb") as stream:
        data = stream.read((limits.text_chars + 1) * _WIDEST_BYTES)
    text = decoded(data)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if not text.strip():
        raise without_text("文件里只有空白")
    return Extraction(State.INDEXED, (Passage(text[: limits.text_chars + 1]),))


def decoded(data: bytes) -> str:
    """The text of ``data`` in the likeliest encoding.

    Raises:
        Unreadable: it looks like no text at all.
    """
    encoding = encoding_of(data)
    if encoding is None and b"\0" in data:
        data = data.replace(b"\0", b"")
        encoding = encoding_of(data) if data else None
    if encoding is None:
        raise Unreadable(
            State.REFUSED, "暂不支持这种格式（不是文字文件）", "用能打开它的软件另存为 docx、xlsx、pdf 或 txt"
        )
    return data.decode(encoding, "replace").removeprefix("\ufeff")


def encoding_of(data: bytes) -> str | None:
    """The codec that reads ``data`` best; None when it is not text."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return encoding
    sample = data[:_SAMPLE_BYTES]
    junk = _is_junk(sample)
    if not junk and _is_utf8(data, sample):
        return "utf-8"
    scores = {name: _score(sample, name) for name in ("utf-16-le", "utf-16-be", "gb18030", "big5hkscs")}
    if junk:
        del scores["gb18030"], scores["big5hkscs"]
    best = max(scores, key=lambda name: scores[name])
    latin = _ascii_share(sample) > _LATIN_ASCII
    if scores[best] > (_LIKELY if junk or latin else _POSSIBLE):
        return best
    return "cp1252" if latin and not junk else None


_LIKELY = 0.35
_POSSIBLE = 0.1
"""Enough where the bytes can be no Western text."""
_LATIN_ASCII = 0.6


def _ascii_share(sample: bytes) -> float:
    """The share of bytes below 128."""
    return len(sample.decode("ascii", "ignore")) / len(sample) if sample else 1.0


def _is_utf8(data: bytes, sample: bytes) -> bool:
    """Whether it is UTF-8, a few damaged places and a cut end allowed.

    Short texts in GBK can be valid UTF-8 by chance, of letters that nobody here writes.
    """
    try:
        wide = {letter for letter in set(data.decode("utf-8")) if letter > "\x7f"}
        return not wide or wide <= _LIVING or max(wide) >= "\u0800" or _score(sample, "gb18030") < _LIKELY
    except UnicodeDecodeError:
        text = sample.decode("utf-8", "replace")
        wrong = text.count("\ufffd")
        good = sum(letter >= "\u0800" or letter in _LIVING for letter in text) - wrong
        return good > 20 * max(wrong - 1, 0) and good > 3


def _is_junk(sample: bytes) -> bool:
    """Whether control bytes are too many for a text of single bytes."""
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls > _CONTROL_SHARE * len(sample)


def _score(sample: bytes, encoding: str) -> float:
    """How much the sample looks like Chinese or plain text in ``encoding``: at most 1; below 0 is absurd."""
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    text = decoder.decode(sample, final=False)
    if not text:
        return -1.0
    total, weighed = 0.0, 0
    for letter, count in Counter(text).items():
        if (weight := _weight(letter)) is not None:
            total, weighed = total + weight * count, weighed + count
    return total / weighed if weighed else 0.0


def _weight(letter: str) -> float | None:
    """What one character says for its encoding; None when it says nothing."""
    if letter < "\x80":
        return None if letter in "\t\n\r" else 0.4 if " " <= letter < "\x7f" else -2.0
    if letter in _FREQUENT:
        return 1.0
    if letter in _PUNCTUATION:
        return 0.9
    common, known = _levels()
    if letter in common:
        return 0.7
    if letter in known:
        return 0.2
    return -0.5 if "\u3400" <= letter <= "\u9fff" else -1.0


@cache
def _levels() -> tuple[frozenset[str], frozenset[str]]:
    """The characters of everyday writing (first levels of GB 2312 and Big5), and those of both whole sets."""
    rows = range(0xB0, 0xF8)
    gb = {row: _row(row, range(0xA1, 0xFF), "gb2312") for row in rows}
    trails = (*range(0x40, 0x7F), *range(0xA1, 0xFF))
    big5 = {row: _row(row, trails, "big5") for row in range(0xA4, 0xFA)}
    first = "".join(gb[row] for row in range(0xB0, 0xD8)) + "".join(big5[row] for row in range(0xA4, 0xC7))
    return frozenset(first), frozenset("".join((*gb.values(), *big5.values())))


def _row(lead: int, trails: range | tuple[int, ...], encoding: str) -> str:
    """The characters of one lead byte."""
    return "".join(bytes((lead, trail)).decode(encoding, "ignore") for trail in trails)
