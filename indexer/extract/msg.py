"""Reads Outlook messages (.msg): who wrote what to whom, the body, and what is attached ([MS-OXMSG])."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from indexer.extract.attached import file_name, is_decoration
from indexer.extract.compound import Compound, open_compound
from indexer.extract.endings import corrupt, encrypted, over_limit, without_text
from indexer.extract.listing import each_once
from indexer.extract.msgfields import Attachment, OutlookMessage
from indexer.extract.msgmail import as_mail
from indexer.model import Extraction, Limits, Member, Passage, State

_HEAD, _ATTACHMENTS = "邮件头", "附件"
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp")


def read(path: Path, limits: Limits) -> Extraction:
    """The message's head, body and attachments' names; what is attached, messages too, are members.

    Raises:
        Unreadable: the file is damaged, the message says nothing or has too many attachments.
    """
    with open_compound(path) as compound:
        message = OutlookMessage(compound, ())
        files = _files_in(message)
        passages = tuple(_passages(message, [name for name, _ in files]))
        facts, locked = message.facts, message.locked
        members = tuple(Member(at, name, _size(one)) for at, (name, one) in enumerate(files) if one.is_here)
    if locked:
        return encrypted().extraction(passages, facts)
    if len(members) > limits.zip_members:
        most = f"邮件有 {len(members)} 个附件（最多 {limits.zip_members} 个）"
        return over_limit(most).extraction(passages, facts)
    if not passages:
        return without_text("邮件里没有文字").extraction(facts=facts)
    return Extraction(State.INDEXED, passages, facts=facts, members=members)


class MessagePackage:
    """The files attached to an Outlook message; attached messages are given as mail."""

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        self._file = path.open("rb")
        try:
            self._files = _files_in(OutlookMessage(Compound(self._file, path.stat().st_size), ()))
        except BaseException:
            self._file.close()
            raise

    def name(self, position: int) -> str:
        """The attached file's name."""
        return self._attached(position)[0]

    def unpack(self, position: int, target: Path) -> None:
        """The attached file is in ``target``; raises Unreadable when it is too large or damaged."""
        name, one = self._attached(position)
        content = as_mail(one.message, self._limits.package_depth) if one.message else one.content()
        if len(content) > self._limits.zip_member_bytes:
            raise over_limit(f"附件 {name} 超过 {self._limits.zip_member_bytes // 2**20} MB")
        target.write_bytes(content)

    def close(self) -> None:
        """Lets go of the file."""
        self._file.close()

    def _attached(self, position: int) -> tuple[str, Attachment]:
        if position >= len(self._files):
            raise corrupt("邮件里的附件不见了")
        return self._files[position]


def _files_in(message: OutlookMessage) -> list[tuple[str, Attachment]]:
    """(name, attachment), each name once; small pictures that the body shows are left out."""
    found = [one for one in message.attachments() if not _is_decoration(one)]
    return list(zip(each_once(_name(one) for one in found), found, strict=True))


def _is_decoration(one: Attachment) -> bool:
    is_picture = one.kind.startswith("image/") or one.name.lower().endswith(_PICTURES)
    return is_picture and one.is_shown and is_decoration(len(one.content()))


def _name(one: Attachment) -> str:
    """The name it was sent under; of a message its subject."""
    if one.message:
        return f"{file_name(one.name or one.message.subject or '邮件').removesuffix('.msg')}.eml"
    return file_name(one.name or "附件")


def _size(one: Attachment) -> int:
    """The bytes of the attached file; of a message those of its body, which is all that is quickly known."""
    return len(one.message.body.encode()) if one.message else len(one.content())


def _passages(message: OutlookMessage, names: list[str]) -> Iterator[Passage]:
    """What has text, in reading order."""
    parts = ((_HEAD, message.head), ("", message.body), (_ATTACHMENTS, "\n".join(names)))
    yield from (Passage(text, label=name) for name, text in parts if text)
