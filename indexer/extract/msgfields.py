"""What an Outlook message tells of itself and of what is attached to it ([MS-OXMSG], [MS-OXPROPS])."""

from __future__ import annotations

import codecs
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial

from indexer.extract.codepages import WESTERN, codec_of, codec_of_language
from indexer.extract.compound import Compound
from indexer.extract.msgbody import text_of_html, text_of_rtf, unpacked_rtf
from indexer.extract.ole import iso_time
from indexer.extract.plain import encoding_of
from indexer.model import Facts

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
_DATA, _MIME, _CONTENT_ID, _HIDDEN = 0x3701, 0x370E, 0x3712, 0x7FFE
_VALUES_HEADER, _INSIDE_HEADER, _ATTACHMENT_HEADER = 32, 24, 8
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]{2,30})", re.I)
_VAGUE = frozenset({"ascii", "latin-1", "iso8859-1", "cp1252"})
"""Codecs that are declared by programs that do not know, or do not care."""
_BLANKS = re.compile(r"[ \t\xa0]*\n\s*")
_CONTROLS = dict.fromkeys(code for code in range(32) if code not in {9, 10}) | {0xFEFF: None}


@dataclass(frozen=True, slots=True)
class Attachment:
    """What is attached: its name and MIME type as far as they are told, and the message when it is one.

    ``is_shown``: the body shows it itself. ``is_here``: its content is in the file, and ``content`` reads it.
    """

    name: str
    kind: str
    is_shown: bool
    is_here: bool
    message: OutlookMessage | None
    content: Callable[[], bytes]


class OutlookMessage:
    """One message in a compound file: the file's own, or one in the storage ``folder``."""

    def __init__(self, compound: Compound, folder: tuple[str, ...]) -> None:
        self._compound = compound
        self._folder = folder

    @cached_property
    def head(self) -> str:
        """Subject, people and date, a line each, as far as they are told."""
        lines = (
            ("主题", self.subject),
            ("发件人", self.sender),
            ("收件人", self.receivers),
            ("抄送", self.copied),
            ("日期", self.date),
        )
        return "\n".join(f"{name}：{' '.join(value.split())}" for name, value in lines if value.strip())

    @cached_property
    def body(self) -> str:
        """The plain body, or the words of the one that is kept."""
        return _tidy(self._text(_BODY)) or _tidy(text_of_html(self._html())) or _tidy(self._rich_words())

    @property
    def facts(self) -> Facts:
        """Subject, sender and date as facts."""
        return Facts(title=self.subject, author=self.sender, created=self.date)

    @property
    def locked(self) -> bool:
        """Whether the body is encrypted, or wrapped into a signature that only mail programs open."""
        return self._text(_CLASS).upper().endswith(".SMIME") and not self.body

    def attachments(self) -> Iterator[Attachment]:
        """What is attached, in the order of its storages."""
        depth = len(self._folder)
        folders = {
            path[depth]: None
            for path in self._compound.paths()
            if path[:depth] == self._folder and len(path) > depth and _ATTACHMENT.fullmatch(path[depth])
        }
        for folder in folders:
            inside = (*self._folder, folder)
            names = (self._text(name, folder) for name in _FILE_NAMES)
            known = self._compound.has(*inside, _MESSAGE, _VALUES)
            values = _values_in(self._compound.stream(*inside, _VALUES)[_ATTACHMENT_HEADER:])
            yield Attachment(
                name=next((name for name in names if name), ""),
                kind=self._text(_MIME, folder).lower(),
                is_shown=bool(self._text(_CONTENT_ID, folder) or values.get(_HIDDEN, b"")[:1].strip(b"\0")),
                is_here=known or self._compound.has(*inside, _stream_name(_DATA, "0102")),
                message=OutlookMessage(self._compound, (*inside, _MESSAGE)) if known else None,
                content=partial(self._stream, _DATA, "0102", folder),
            )

    @cached_property
    def subject(self) -> str:
        """What it is about."""
        return self._text(_SUBJECT)

    @cached_property
    def receivers(self) -> str:
        """Whom it was sent to, as Outlook shows them."""
        return self._text(_TO)

    @cached_property
    def copied(self) -> str:
        """Who got a copy, as Outlook shows them."""
        return self._text(_COPIED)

    @cached_property
    def sender(self) -> str:
        """Who sent it: the name, and the address where there is one."""
        name = self._text(_SENDER) or self._text(_WRITER)
        address = self._text(_SENDER_MAIL) or self._text(_SENDER_ADDRESS)
        return f"{name} <{address}>".strip() if "@" in address and address not in name else name

    @cached_property
    def date(self) -> str:
        """When it was sent, or else delivered, ISO 8601."""
        ticks = (int.from_bytes(self._values.get(name, b""), "little") for name in (_SENT, _DELIVERED))
        return next((date for date in map(iso_time, ticks) if date), "")

    @cached_property
    def _values(self) -> dict[int, bytes]:
        """Property → its 8 bytes, of properties with a fixed length ([MS-OXMSG] 2.4)."""
        listed = self._compound.stream(*self._folder, _VALUES)
        return _values_in(listed[_INSIDE_HEADER if self._folder else _VALUES_HEADER :])

    def _number(self, name: int) -> int:
        return int.from_bytes(self._values.get(name, b"")[:4], "little")

    def _stream(self, name: int, kind: str, *inside: str) -> bytes:
        return self._compound.stream(*self._folder, *inside, _stream_name(name, kind))

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


def _stream_name(name: int, kind: str) -> str:
    """The stream of a property of variable length ([MS-OXMSG] 2.1.3)."""
    return f"__substg1.0_{name:04X}{kind}"


def _values_in(listed: bytes) -> dict[int, bytes]:
    """Property → its 8 bytes, of a list of properties without its header."""
    return dict(struct.iter_unpack("<2xH4x8s", listed[: len(listed) // 16 * 16]))


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
