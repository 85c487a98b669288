"""Reads mail (.eml) and pages saved as one file (.mht): who wrote what to whom, body, attachments' names."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from pathlib import Path

from indexer.extract.endings import encrypted, without_text
from indexer.extract.mailtext import field, leaves, moment, name_of, parsed, text_of
from indexer.model import Extraction, Facts, Limits, Passage, State

_HEAD, _ATTACHMENTS, _INSIDE = "邮件头", "附件", "附件邮件"
_PEOPLE = (("主题", "Subject"), ("发件人", "From"), ("收件人", "To"), ("抄送", "Cc"))
_SIGNATURES = frozenset(
    {"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"}
)
_ENVELOPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})


def read(path: Path, limits: Limits) -> Extraction:
    """The message's head, body and attachments' names; messages attached to it are read too.

    Raises:
        Unreadable: the message says nothing.
    """
    message = parsed(path.read_bytes())
    passages = tuple(_passages(message, limits.package_depth))
    facts = Facts(
        title=field(message, "Subject"),
        author=field(message, "From"),
        created=moment(message),
        signatures=sum(leaf.get_content_type() in _SIGNATURES for leaf in leaves(message)),
    )
    if _is_locked(message):
        return encrypted().extraction(passages, facts)
    if not any(passage.label != _HEAD for passage in passages) and not facts.title:
        return without_text("邮件里没有文字").extraction(facts=facts)
    return Extraction(State.INDEXED, passages, facts=facts)


def _is_locked(message: Message) -> bool:
    """Whether the body is encrypted (RFC 8551, RFC 1847)."""
    enveloped = "signed" not in str(message.get_param("smime-type", "")).lower()
    return message.get_content_type() == "multipart/encrypted" or (
        message.get_content_type() in _ENVELOPES and enveloped
    )


def _passages(message: Message, depth: int, label: str = "") -> Iterator[Passage]:
    """What has text, in reading order; ``label`` marks a message inside another one."""
    parts = leaves(message)
    body = "\n".join(text for part in parts if (text := text_of(part)))
    names = "\n".join(name for part in parts if (name := name_of(part)))
    told = ((label or _HEAD, _head(message)), (label, body), (label or _ATTACHMENTS, names))
    yield from (Passage(text, label=name) for name, text in told if text.strip())
    for part in parts:
        inside = part.get_payload()
        if depth > 0 and part.get_content_type() == "message/rfc822" and isinstance(inside, list):
            for one in inside:
                if isinstance(one, Message):
                    yield from _passages(one, depth - 1, _INSIDE)


def _head(message: Message) -> str:
    """Subject, people and date, a line each, as far as they are told."""
    lines = [*((name, field(message, key)) for name, key in _PEOPLE), ("日期", moment(message))]
    return "\n".join(f"{name}：{value}" for name, value in lines if value)
