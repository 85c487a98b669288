"""What mail writes in ways of its own: header fields, encoded words, bodies and names of attachments.

RFC 5322, 2047, 2045; and what programs write instead: bytes without encoding, characters cut between words.
"""

from __future__ import annotations

import binascii
import quopri
import re
from datetime import datetime
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from email.utils import parsedate_to_datetime

from indexer.extract import html
from indexer.extract.charsets import codec_named, decoded_as

_WORD = re.compile(r"=\?([\w.:+-]{1,40})(?:\*[\w-]{0,40})?\?([bBqQ])\?([^?]*)\?=", re.ASCII)
_BOMS = (b"\xef\xbb\xbf", b"\r\n", b"\n")
_FLOWED = re.compile(r"(?<!\n--) \n")
_MOST_DEPTH = 50
"""Parts in parts beyond this are left out."""


class _Lenient(Compat32):
    """Header fields as text, whatever bytes they are; the stock policy loses those without an encoding."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        """The field's value, bytes outside ASCII in the likeliest encoding."""
        return plain_text(value)


def parsed(data: bytes) -> Message:
    """The message in ``data``; never fails, whatever it is."""
    for mark in _BOMS:
        data = data.removeprefix(mark)
    return BytesParser(policy=_Lenient()).parsebytes(data)


def plain_text(value: str) -> str:
    """A field whose bytes outside ASCII were kept as surrogates, as text."""
    if value.isascii():
        return value
    data = value.encode("utf-8", "surrogateescape")
    return decoded_as(data, "")


def field(message: Message, name: str) -> str:
    """All fields of that name in one line, encoded words decoded; empty when there is none."""
    return "，".join(filter(None, (words(str(value)) for value in message.get_all(name, []))))


def words(value: str) -> str:
    """A field's value in one line; characters cut between two encoded words are whole again."""
    pieces: list[str] = []
    run, codec, last = bytearray(), "", 0
    for found in _WORD.finditer(value):
        between = value[last : found.start()]
        if (between.strip() or found[1].lower() != codec) and run:
            pieces.append(decoded_as(bytes(run), codec))
            run.clear()
        if between.strip() or not last:
            pieces.append(between)
        run += _unpacked(found[2], found[3])
        codec, last = found[1].lower(), found.end()
    if run:
        pieces.append(decoded_as(bytes(run), codec))
    pieces.append(value[last:])
    return " ".join("".join(pieces).split())


def _unpacked(way: str, text: str) -> bytes:
    """The bytes of an encoded word (RFC 2047, 4), as far as they can be had."""
    data = text.encode("utf-8", "surrogateescape")
    if way in "qQ":
        return quopri.decodestring(data.replace(b"_", b" "), header=False)
    try:
        return binascii.a2b_base64(data.rstrip(b"=") + b"==")
    except binascii.Error:
        return binascii.a2b_base64(data[: len(data) // 4 * 4])


def moment(message: Message) -> str:
    """When the message was sent, ISO 8601; empty when that is not told or makes no sense."""
    try:
        sent: datetime = parsedate_to_datetime(field(message, "Date"))
    except (TypeError, ValueError, OverflowError, IndexError):
        return ""
    return sent.isoformat()


def leaves(message: Message, depth: int = 0) -> list[Message]:
    """The parts that are shown one after the other: of alternatives the one that says most, letters whole."""
    inside = message.get_payload()
    if not isinstance(inside, list) or message.get_content_type() == "message/rfc822":
        return [message]
    if depth > _MOST_DEPTH:
        return []
    parts = [leaves(part, depth + 1) for part in inside if isinstance(part, Message)]
    if message.get_content_type() != "multipart/alternative" or not parts:
        return [leaf for part in parts for leaf in part]
    best = max(parts, key=lambda part: sum(len("".join(text_of(leaf).split())) for leaf in part))
    others = (leaf for part in parts if part is not best for leaf in part)
    return [*best, *(leaf for leaf in others if not _is_reading(leaf))]


def _is_reading(part: Message) -> bool:
    """Whether a part is to be read in its place, and no file."""
    return part.get_content_maintype() == "text" and part.get_content_disposition() != "attachment"


def text_of(part: Message) -> str:
    """The text of a part that is shown; empty when it is a file, or no text."""
    kind = part.get_content_type()
    if kind not in {"text/plain", "text/html"} or part.get_content_disposition() == "attachment":
        return ""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    declared = _parameter(part, "charset")
    if kind == "text/html":
        return html.text_of(html.decoded(data, declared if codec_named(declared) else ""))
    text = decoded_as(data, declared).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if _parameter(part, "format").lower() == "flowed":
        text = _FLOWED.sub("" if _parameter(part, "delsp").lower() == "yes" else " ", text)
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n")


def name_of(part: Message) -> str:
    """The name under which a part is attached; empty when it has none."""
    for place, name in (("content-disposition", "filename"), ("content-type", "name")):
        value = part.get_param(name, "", header=place)
        if isinstance(value, tuple):  # RFC 2231: the bytes, one character each, and what they are said to be
            text = decoded_as(value[2].encode("latin-1", "replace"), value[0] or "")
        else:
            text = words(plain_text(str(value)))
        if text.strip():
            return " ".join(text.split())
    return ""


def _parameter(part: Message, name: str) -> str:
    """A parameter of the content type; empty when there is none."""
    value = part.get_param(name, "")
    return value[2] if isinstance(value, tuple) else str(value)
