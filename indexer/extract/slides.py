"""The records of a .ppt ([MS-PPT] 2.3): where slides, notes and masters stand, and the text in each.

A presentation is saved by appending; a directory of numbered objects says which of them are the latest.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from indexer.extract.codepages import WESTERN
from indexer.extract.endings import corrupt, encrypted

DOCUMENT, SLIDE, NOTES = 0x03E8, 0x03EE, 0x03F0
_EDIT, _DIRECTORY, _CRYPTION = 0x0FF5, 0x1772, 0x2F14
_LIST, _LISTED = 0x0FF0, 0x03F3
SLIDES, MASTERS, NOTES_PAGES = 0, 1, 2
"""Instances of the lists of a document."""
_TEXT_HEADER, _WIDE_TEXT, _NARROW_TEXT, _OUTLINE = 0x0F9F, 0x0FA0, 0x0FA8, 0x0F9E
_STAND_INS = frozenset({0x0FD8, 0x0FF7, 0x0FF8, 0x0FF9, 0x0FFA, 0x1015})
"""Atoms that say at which place a character stands in for a page number, date, header or footer."""
FOOTING = 0x0FD9
_STRING, _COMMENT = 0x0FBA, 0x2EE0
_TAG_CONTENT, _SHAPE, _PLACEHOLDER = 0x138B, 0xF004, 0x0BC3
NOTES_SLIDE = 0x03F1
_ENCRYPTED_TOKEN = 0xF3D1C4DF
_MOST_EDITS = 10_000


@dataclass(frozen=True, slots=True)
class Record:
    """One record: its content is ``data[start:end]``; a container's content is records."""

    kind: int
    instance: int
    start: int
    end: int
    container: bool


def record_at(data: bytes, at: int, end: int) -> Record | None:
    """The record that begins at ``at``, cut at ``end``; None when there is no room for one."""
    if not 0 <= at <= end - 8:
        return None
    version, kind, length = struct.unpack_from("<HHI", data, at)
    return Record(kind, version >> 4, at + 8, min(at + 8 + length, end), version & 0xF == 0xF)


def children(data: bytes, start: int, end: int) -> Iterator[Record]:
    """The records that follow each other between two places."""
    while record := record_at(data, start, end):
        yield record
        start = record.end


def descendants(data: bytes, start: int, end: int) -> Iterator[Record]:
    """Every record between two places, containers before what is in them."""
    while record := record_at(data, start, end):
        yield record
        if record.kind == _TAG_CONTENT and not record.container:
            yield from _in_tag(data, record)
        start = record.start if record.container else record.end


def _in_tag(data: bytes, tag: Record) -> Iterator[Record]:
    """The records in a program's tag, which is no container and may hold anything; tags in it are left."""
    start = tag.start
    while record := record_at(data, start, tag.end):
        yield record
        start = record.start if record.container else record.end


def number_at(data: bytes, at: int) -> int:
    """The whole number of 4 bytes; 0 past the end."""
    return int.from_bytes(data[at : at + 4], "little")


@dataclass(frozen=True, slots=True)
class Directory:
    """Object number → place in the stream, of the latest save; ``document`` is the number of the whole."""

    places: dict[int, int]
    document: int


def read_directory(data: bytes, current: bytes) -> Directory:
    """The directory of all saves, later ones before earlier ([MS-PPT] 2.1.2); ``current`` is Current User.

    Raises:
        Unreadable: the presentation is encrypted, or the latest save cannot be found.
    """
    if number_at(current, 12) == _ENCRYPTED_TOKEN:
        raise encrypted()
    at, places, document, seen = number_at(current, 16), dict[int, int](), 0, set[int]()
    while len(seen) < _MOST_EDITS and at not in seen:
        seen.add(at)
        edit = record_at(data, at, len(data))
        if edit is None or edit.kind != _EDIT or edit.end - edit.start < 28:
            break
        before, listed, number = struct.unpack_from("<III", data, edit.start + 8)
        document = document or number
        for name, place in _listed(data, listed):
            places.setdefault(name, place)
        if edit.end - edit.start >= 32:
            _refuse_encrypted(data, places.get(number_at(data, edit.start + 28)))
        if not before:
            break
        at = before
    if document not in places:
        raise corrupt("幻灯片目录读不出来")
    return Directory(places, document)


def _refuse_encrypted(data: bytes, place: int | None) -> None:
    session = None if place is None else record_at(data, place, len(data))
    if session and session.kind == _CRYPTION:
        raise encrypted()


def _listed(data: bytes, at: int) -> Iterator[tuple[int, int]]:
    """(number, place) of every object of one save ([MS-PPT] 2.3.4)."""
    record = record_at(data, at, len(data))
    if record is None or record.kind != _DIRECTORY:
        return
    at = record.start
    while at + 4 <= record.end:
        head = number_at(data, at)
        first, count = head & 0xFFFFF, min(head >> 20, (record.end - at - 4) // 4)
        yield from enumerate(struct.unpack_from(f"<{count}I", data, at + 4), first)
        at += 4 + 4 * count if count else 4


@dataclass(slots=True)
class Listed:
    """One slide, master or notes page as the document lists it, with the texts kept in the list itself."""

    number: int
    name: int
    outline: list[str] = field(default_factory=list)


def read_list(data: bytes, document: Record, instance: int) -> list[Listed]:
    """What the document's list of that instance names, in order ([MS-PPT] 2.4.14.3)."""
    found: list[Listed] = []
    for one in children(data, document.start, document.end):
        if one.kind != _LIST or one.instance != instance:
            continue
        for record in children(data, one.start, one.end):
            if record.kind == _LISTED:
                found.append(Listed(number_at(data, record.start), number_at(data, record.start + 12)))
            elif found and record.kind == _TEXT_HEADER:
                found[-1].outline.append("")
            elif found and found[-1].outline:
                found[-1].outline[-1] = _extended(found[-1].outline[-1], data, record)
    return found


def _extended(text: str, data: bytes, record: Record) -> str:
    """The text with what an atom adds to it, or takes from it."""
    if record.kind == _WIDE_TEXT:
        return text + data[record.start : record.end].decode("utf-16-le", "replace")
    if record.kind == _NARROW_TEXT:
        return text + data[record.start : record.end].decode(WESTERN, "replace")
    if record.kind in _STAND_INS:
        at = number_at(data, record.start)
        return text[:at] + "\0" + text[at + 1 :] if at < len(text) else text
    return text


@dataclass(slots=True)
class Words:
    """The texts of one slide, master or notes page, in drawing order."""

    texts: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    footers: list[str] = field(default_factory=list)
    slide: int = 0
    scanned: int = 0


def read_words(data: bytes, record: Record, outline: list[str], *, placeholders: bool = True) -> Words:
    """What stands on a page; texts kept in the document's list are put where the page refers to them.

    Without ``placeholders`` the texts of such shapes, which on a master only say what belongs there, are
    left out.
    """
    words = Words(scanned=record.end - record.start)
    left = dict(enumerate(outline))
    container, wanted = record.kind, True
    for one in descendants(data, record.start, record.end):
        if one.container:
            container, wanted = one.kind, wanted or one.kind == _SHAPE
        elif one.kind == _PLACEHOLDER:
            wanted = placeholders
        elif one.kind == NOTES_SLIDE:
            words.slide = number_at(data, one.start)
        elif one.kind == _OUTLINE:
            words.texts.append(left.pop(number_at(data, one.start), ""))
        elif one.kind == _STRING:
            _keep_string(words, container, data, one)
        elif one.kind == _TEXT_HEADER:
            words.texts.append("")
        elif wanted and words.texts:
            words.texts[-1] = _extended(words.texts[-1], data, one)
    words.texts.extend(left.values())
    return words


def _keep_string(words: Words, container: int, data: bytes, record: Record) -> None:
    """A string counts as a comment's words, or as a header or footer."""
    text = data[record.start : record.end].decode("utf-16-le", "replace")
    if container == _COMMENT and record.instance == 1:
        words.comments.append(text)
    elif container == FOOTING and record.instance in {1, 2}:
        words.footers.append(text)
