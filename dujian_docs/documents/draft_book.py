"""The drafts of the office: found by their code or record, stored, and issued once and no more.

The functions that write expect the caller to hold the issue lock, so that of two clerks who move the same
draft the second is told, and a draft that was issued just before a power cut is not issued again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from dujian_docs.documents.life import is_done
from dujian_docs.errors import InputInvalid, UsageInvalid
from dujian_docs.records import (
    DocumentEntry,
    Draft,
    IssuedDocument,
    NumberState,
    RecordStore,
    Snapshot,
    Version,
)

KIND = "draft"
_CODE = re.compile(r"稿(\d{4})-(\d{3,})")
_NAMED = 8


def drafts(now: Snapshot) -> tuple[Draft, ...]:
    """Every draft, by its code."""
    return tuple(one for one in now.all(KIND) if isinstance(one, Draft))


def next_code(now: Snapshot, year: int) -> str:
    """The code after the highest of the year."""
    found = (_CODE.fullmatch(one.code) for one in drafts(now))
    taken = [int(one[2]) for one in found if one and int(one[1]) == year]
    return f"稿{year}-{max(taken, default=0) + 1:03}"


def draft_called(now: Snapshot, word: str) -> tuple[Draft, int]:
    """The draft of that code, or the one open draft that is made from that record; and its version.

    Raises:
        UsageInvalid: there is none, or several are made from the record.
    """
    every = drafts(now)
    wanted = word.strip()
    found = [one for one in every if one.code == wanted]
    found = found or [one for one in every if one.record == wanted and not is_done(one)]
    if len(found) == 1:
        return found[0], now.version_of(KIND, found[0].code)
    if found:
        listed = "、".join(f"{one.code}（{one.genre}，{one.status}）" for one in found)
        raise UsageInvalid(f"由 {wanted} 拟的稿有 {len(found)} 份", remedy=f"写明稿号：{listed}")
    last = "、".join(one.code for one in every[-_NAMED:])
    raise UsageInvalid(
        f"没有“{wanted}”这份稿", remedy=f"最近的稿有：{last or '还没有'}；dujian draft list 列出全部"
    )


def issued_of(now: Snapshot, code: str) -> DocumentEntry | None:
    """The row of the register under which the draft was issued; None as long as it was not."""
    for kept in now.all("issued_document", containing=code):
        if isinstance(kept, IssuedDocument) and kept.draft == code:
            entry = now.get("document", f"{kept.series}/{kept.year}/{kept.serial}")
            if isinstance(entry, DocumentEntry) and entry.state is NumberState.USED:
                return entry
    return None


def draft_of(now: Snapshot, entry: DocumentEntry) -> Draft | None:
    """The draft that was issued under this number."""
    key = key_of(entry)
    return next((one for one in drafts(now) if one.number == key), None)


def key_of(entry: DocumentEntry) -> str:
    """The key of a row of the register."""
    return f"{entry.series}/{entry.year}/{entry.serial}"


def keep(store: RecordStore, draft: Draft, version: int, *, author: str, at: datetime) -> Version:
    """The draft stands so, if it still was at ``version``.

    Raises:
        RecordConflict: another clerk was faster; says who and when.
    """
    with store.transaction() as now:
        return now.put(draft, author=author, at=at, expected=version)


def text_at(history: Sequence[Version], number: int) -> tuple[str, ...]:
    """The text of the draft at one of its versions.

    Raises:
        InputInvalid: it has no such version.
    """
    for one in history:
        if one.version == number:
            return tuple(one.body["paragraphs"])
    raise InputInvalid(f"没有第 {number} 版", remedy=f"写 1 到 {len(history)} 之间的数")
