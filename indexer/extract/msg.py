"""Reads Outlook messages (.msg): who wrote what to whom, the body, names of attachments ([MS-OXMSG])."""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

from indexer.extract.codepages import WESTERN, codec_of, codec_of_language
from indexer.extract.compound import Compound, open_compound
from indexer.extract.endings import encrypted, without_text
from indexer.extract.msgbody import text_of_html, text_of_rtf, unpacked_rtf
from indexer.extract.ole import iso_time
from indexer.extract.plain import encoding_of
from indexer.model import Extraction, Facts, Limits, Passage, State

_HEAD, _ATTACHMENTS, _INSIDE = "邮件头", "附件", "附件邮件"
_VALUES = "__properties_version1.0"
_ATTACHMENT = re.compile(r"__attach_version1\.0_#[0-9A-F]{8}", re.I)
_MESSAGE = "__substg1.0_3701000D"
_CLASS, _SUBJECT, _HEADERS = 0x001A, 0x0037, 0x007D
_SENDER, _SENDER_ADDRESS, _SENDER_MAIL, _WRITER = 0x0C1A, 0x0C1F, 0x5D01, 0x0042
_TO, _COPIED = 0x0E04, 0x0E03
_BODY, _RTF, _HTML = 0x1000, 0x1009, 0x1013
_SENT, _DELIVERED = 0x0039, 0x0E06
_FILE_NAMES = (0x3707, 0x3704, 0x3001)
_CODEPAGE, _MAIL_CODEPAGE, _LANGUAGE = 0x3FFD, 0x3FDE, 0x3FF1
_VALUES_HEADER, _INSIDE_HEADER = 32, 24
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,30})", re.I)
_VAGUE = frozenset({"ascii", "latin-1", "iso8859-1", "cp1252"})
"""Codecs that are declared by programs that do not know, or do not care."""
_BLANKS = re.compile(r"[ \t\xa0]*\n\s*")
_CONTROLS = dict.fromkeys(code for code in range(32) if code not in {9, 10}) | {0xFEFF: None}


def read(path: Path, limits: Limits) -> Extraction:
    """The message's head, body and attachments' names; messages attached to it are read too.

    Raises:
        Unreadable: the file is damaged, or the message says nothing.
    """
    with open_compound(path) as compound:
        message = _Message(compound, ())
        passages = tuple(_passages(message, limits.package_depth))
        facts, locked = message.facts, message.locked
    if locked:
        return encrypted().extraction(passages, facts)
    if not passages:
        return without_text("邮件里没有文字").extraction(facts=facts)
    return Extraction(State.INDEXED, passages, facts=facts)


def _passages(message: _Message, depth: int, label: str = "") -> Iterator[Passage]:
    """What has text, in reading order; ``label`` marks a message inside another one."""
    inside = list(message.attachments())
    names = "\n".join(name for name, _ in inside if name)
    parts = ((label or _HEAD, message.head), (label, message.body), (label or _ATTACHMENTS, names))
    yield from (Passage(text, label=name) for name, text in parts if text)
    for _, attached in inside:
        if attached and depth > 0:
            yield from _passages(attached, depth - 1, _INSIDE)


class _Message:
    """One message in a compound file: the file's own, or one in the storage ``folder``."""

    def __init__(self, compound: Compound, folder: tuple[str, ...]) -> None:
        self._compound = compound
        self._folder = folder

    @cached_property
    def head(self) -> str:
        """Subject, people and date, a line each, as far as they are told."""
        lines = (
            ("主题", self._text(_SUBJECT)),
            ("发件人", self._sender),
            ("收件人", self._text(_TO)),
            ("抄送", self._text(_COPIED)),
            ("日期", self._date),
        )
        return "\n".join(f"{name}：{' '.join(value.split())}" for name, value in lines if value.strip())

    @cached_property
    def body(self) -> str:
        """The plain body, or the words of the one that is kept."""
        return _tidy(self._text(_BODY)) or _tidy(text_of_html(self._html())) or _tidy(self._rich_words())

    @property
    def facts(self) -> Facts:
        """Subject, sender and date as facts."""
        return Facts(title=self._text(_SUBJECT), author=self._sender, created=self._date)

    @property
    def locked(self) -> bool:
        """Whether the body is encrypted, or wrapped into a signature that only mail programs open."""
        return self._text(_CLASS).upper().endswith(".SMIME") and not self.body

    def attachments(self) -> Iterator[tuple[str, _Message | None]]:
        """(name, the message when the attachment is one) of every attachment."""
        depth = len(self._folder)
        folders = {
            path[depth]: None
            for path in self._compound.paths()
            if path[:depth] == self._folder and len(path) > depth and _ATTACHMENT.fullmatch(path[depth])
        }
        for folder in folders:
            inside = (*self._folder, folder)
            names = (self._text(name, folder) for name in _FILE_NAMES)
            message = _Message(self._compound, (*inside, _MESSAGE))
            known = self._compound.has(*inside, _MESSAGE, _VALUES)
            yield next((name for name in names if name), ""), message if known else None

    @cached_property
    def _sender(self) -> str:
        name = self._text(_SENDER) or self._text(_WRITER)
        address = self._text(_SENDER_MAIL) or self._text(_SENDER_ADDRESS)
        return f"{name} <{address}>".strip() if "@" in address and address not in name else name

    @cached_property
    def _date(self) -> str:
        ticks = (int.from_bytes(self._values.get(name, b""), "little") for name in (_SENT, _DELIVERED))
        return next((date for date in map(iso_time, ticks) if date), "")

    @cached_property
    def _values(self) -> dict[int, bytes]:
        """Property → its 8 bytes, of properties with a fixed length ([MS-OXMSG] 2.4)."""
        listed = self._compound.stream(*self._folder, _VALUES)
        listed = listed[_INSIDE_HEADER if self._folder else _VALUES_HEADER :]
        whole = listed[: len(listed) // 16 * 16]
        return dict(struct.iter_unpack("<2xH4x8s", whole))

    def _number(self, name: int) -> int:
        return int.from_bytes(self._values.get(name, b"")[:4], "little")

    def _stream(self, name: int, kind: str, *inside: str) -> bytes:
        return self._compound.stream(*self._folder, *inside, f"__substg1.0_{name:04X}{kind}")

    def _text(self, name: int, *inside: str) -> str:
        """A string property, in Unicode or else in the message's codepage; empty when there is none."""
        wide = self._stream(name, "001F", *inside)
        narrow = b"" if wide else self._stream(name, "001E", *inside)
        text = wide.decode("utf-16-le", "replace") if wide else narrow.decode(self._codec, "replace")
        return text.replace("\0", "").strip()

    @cached_property
    def _codec(self) -> str:
        """What reads the message's 8-bit strings: as declared, else as its headers, language or text say."""
        headers = self._stream(_HEADERS, "001E") or self._stream(_HEADERS, "001F").replace(b"\0", b"")
        named = _CHARSET.search(headers)
        declared = (
            codec_of(self._number(_CODEPAGE)),
            codec_of(self._number(_MAIL_CODEPAGE)),
            _known(named[1].decode("ascii")) if named else None,
            codec_of_language(self._number(_LANGUAGE)),
        )
        sample = self._stream(_SUBJECT, "001E") + b"\n" + self._stream(_BODY, "001E")
        clear = next((codec for codec in declared if codec and codec not in _VAGUE), None)
        return clear or encoding_of(sample) or WESTERN

    def _rich_words(self) -> str:
        return text_of_rtf(unpacked_rtf(self._stream(_RTF, "0102")))

    def _html(self) -> str:
        """The body in HTML, which is kept as bytes of the codepage of mail more often than as a string."""
        data = self._stream(_HTML, "0102")
        if not data:
            return self._text(_HTML)
        named = _CHARSET.search(data[:4096])
        codec = codec_of(self._number(_MAIL_CODEPAGE)) or (
            _known(named[1].decode("ascii")) if named else None
        )
        return data.decode(codec or encoding_of(data) or WESTERN, "replace")


def _tidy(text: str) -> str:
    """The text without blank lines and control characters."""
    return _BLANKS.sub("\n", text.replace("\r", "\n").translate(_CONTROLS)).strip()


def _known(charset: str) -> str | None:
    """The Python codec of a character set's name, the wider one for Chinese; None when there is none."""
    try:
        name = codecs.lookup(charset).name
    except LookupError:
        return None
    return {"gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs"}.get(name, name)
