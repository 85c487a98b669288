"""Reads mail (.eml) and pages saved as one file (.mht): who wrote what to whom, body, what is attached."""

from __future__ import annotations

from collections.abc import Iterator
from email.message import Message
from pathlib import Path

from indexer.extract.attached import SIGNATURES, content_of, files_in
from indexer.extract.endings import corrupt, encrypted, over_limit, without_text
from indexer.extract.mailtext import field, leaves, moment, name_of, parsed, text_of
from indexer.model import Extraction, Facts, Limits, Member, Passage, State

_HEAD, _ATTACHMENTS = "邮件头", "附件"
_PEOPLE = (("主题", "Subject"), ("发件人", "From"), ("收件人", "To"), ("抄送", "Cc"))
_ENVELOPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})


def read(path: Path, limits: Limits) -> Extraction:
    """The message's head, body and attachments' names; what is attached, messages too, are members.

    Raises:
        Unreadable: the message says nothing, or has too many attachments.
    """
    message = parsed(path.read_bytes())
    files = files_in(message)
    passages = tuple(_passages(message, {id(part): name for name, part in files}))
    facts = Facts(
        title=field(message, "Subject"),
        author=field(message, "From"),
        created=moment(message),
        signatures=sum(leaf.get_content_type() in SIGNATURES for leaf in leaves(message)),
    )
    if _is_locked(message):
        return encrypted().extraction(passages, facts)
    if len(files) > limits.zip_members:
        most = f"邮件有 {len(files)} 个附件（最多 {limits.zip_members} 个）"
        return over_limit(most).extraction(passages, facts)
    if not any(passage.label != _HEAD for passage in passages) and not facts.title:
        return without_text("邮件里没有文字").extraction(facts=facts)
    members = (Member(at, name, len(content_of(part))) for at, (name, part) in enumerate(files))
    return Extraction(State.INDEXED, passages, facts=facts, members=tuple(members))


class MailPackage:
    """The files attached to a message, which is taken apart once for all of them."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._files = files_in(parsed(path.read_bytes()))
        self._limits = limits

    def name(self, position: int) -> str:
        """The attached file's name."""
        return self._file(position)[0]

    def unpack(self, position: int, target: Path) -> None:
        """The attached file is in ``target``; raises Unreadable when it is too large or cannot be had."""
        name, part = self._file(position)
        try:
            content = content_of(part)
        except (AttributeError, LookupError, RecursionError, TypeError, ValueError) as fault:
            raise corrupt("邮件里的附件取不出来") from fault
        if len(content) > self._limits.zip_member_bytes:
            raise over_limit(f"附件 {name} 超过 {self._limits.zip_member_bytes // 2**20} MB")
        target.write_bytes(content)

    def close(self) -> None:
        """Lets go of the message."""
        self._files = []

    def _file(self, position: int) -> tuple[str, Message]:
        if position >= len(self._files):
            raise corrupt("邮件里的附件不见了")
        return self._files[position]


def _is_locked(message: Message) -> bool:
    """Whether the body is encrypted (RFC 8551, RFC 1847)."""
    enveloped = "signed" not in str(message.get_param("smime-type", "")).lower()
    return message.get_content_type() == "multipart/encrypted" or (
        message.get_content_type() in _ENVELOPES and enveloped
    )


def _passages(message: Message, names: dict[int, str]) -> Iterator[Passage]:
    """What has text, in reading order; ``names`` of the parts that are files of their own, by identity."""
    parts = leaves(message)
    body = "\n".join(text for part in parts if (text := text_of(part)))
    attached = (names.get(id(part)) or (name_of(part) if text_of(part) else "") for part in parts)
    told = ((_HEAD, _head(message)), ("", body), (_ATTACHMENTS, "\n".join(filter(None, attached))))
    yield from (Passage(text, label=name) for name, text in told if text.strip())


def _head(message: Message) -> str:
    """Subject, people and date, a line each, as far as they are told."""
    lines = [*((name, field(message, key)) for name, key in _PEOPLE), ("日期", moment(message))]
    return "\n".join(f"{name}：{value}" for name, value in lines if value)
