"""Which parts of a message are files of their own, under which names, and with what content (RFC 2183, 2392).

A picture that the body itself shows is one only when it is large: a scan or a screenshot of a letter may be
all that a mail says, while logos, lines and smileys come again with every mail.
"""

from __future__ import annotations

import mimetypes
from email.message import Message

from indexer.extract.listing import clean, each_once
from indexer.extract.mailtext import field, leaves, name_of

SIGNATURES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
_BODIES = frozenset({"text/plain", "text/html"})
_MESSAGE = "message/rfc822"
_TYPES = mimetypes.MimeTypes(filenames=())
"""The endings that Python knows, whatever the machine thinks."""
_DECORATION_BYTES = 20 * 1024
ENVELOPE = b"Return-Path: <>\r\nX-Attached-As: message/rfc822\r\n"
"""Makes known for mail what was cut out of mail, however few fields it has."""


def is_decoration(size_bytes: int) -> bool:
    """Whether a picture that the body shows is too small to say anything."""
    return size_bytes < _DECORATION_BYTES


def files_in(message: Message) -> list[tuple[str, Message]]:
    """(name, part) of all files that are attached to the message itself, each name once."""
    parts = [part for part in leaves(message) if _is_file(part)]
    return list(zip(each_once(_name(part) for part in parts), parts, strict=True))


def content_of(part: Message) -> bytes:
    """The bytes of an attached file."""
    inside = part.get_payload()
    if isinstance(inside, list):
        return b"".join(ENVELOPE + one.as_bytes() for one in inside[:1] if isinstance(one, Message))
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def file_name(name: str) -> str:
    """A name without a way in it; what looks like one is a date or a number, as in 3/15通知.doc."""
    return clean(name).replace("/", "_")


def _is_file(part: Message) -> bool:
    kind, way = part.get_content_type(), part.get_content_disposition()
    if kind in SIGNATURES:
        return False
    if kind == _MESSAGE or way == "attachment":
        return True
    if kind in _BODIES:
        return False
    placed = "Content-Location" in part
    if part.get_content_maintype() == "image":
        shown = placed or way == "inline" or "Content-ID" in part
        return not (shown and is_decoration(len(content_of(part))))
    return not placed and bool(name_of(part) or part.get_content_maintype() == "application")


def _name(part: Message) -> str:
    """The name it was sent under; a message's is its subject when it has no other."""
    name, inside = name_of(part), part.get_payload()
    if isinstance(inside, list):
        subject = next((field(one, "Subject") for one in inside if isinstance(one, Message)), "")
        name = file_name(name or subject or "邮件")
        return name if name.lower().endswith(".eml") else f"{name}.eml"
    return file_name(name or f"附件{_TYPES.guess_extension(part.get_content_type()) or ''}")
