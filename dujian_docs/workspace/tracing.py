"""The verb that tells of an issued document where every value came from, and what has changed since."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from dujian_docs.documents import (
    DocumentNumber,
    FileState,
    Trace,
    paragraphs_of,
    traced,
)
from dujian_docs.errors import ArchiveConflict, InputInvalid, UsageInvalid, disk_words
from dujian_docs.publishing import confined
from dujian_docs.records import (
    FOR_THE_OFFICE,
    DocumentCopy,
    DocumentEntry,
    Draft,
    IssuedDocument,
    Snapshot,
    is_secret,
)
from dujian_docs.workspace.place import Workspace

_DOCUMENT, _KEPT, _COPY = "document", "issued_document", "document_copy"


@dataclass(frozen=True, slots=True)
class _Found:
    """The key of a document, how it was recognised, and the file that is to be compared, if there is one."""

    key: str
    by: str
    content: bytes | None


def trace(office: Workspace, word: str, *, internal: bool = False) -> Trace:
    """The issued document that ``word`` is: a file, its place in the archive, or a document number.

    It may also be the record that the document was made from; the one issued last is meant then.

    Raises:
        UsageInvalid: there is no such document, or it is confidential and this not for the office.
        InputInvalid: the file is none that was issued here.
    """
    with office.store.snapshot() as now:
        found = _of_file(office, now, word) or _of_number(office, now, word)
        kept = now.get(_KEPT, found.key)
        if not isinstance(kept, IssuedDocument):
            number = DocumentNumber(*_parts(found.key))
            raise InputInvalid(
                f"{number} 没有留底稿，没有来源可查",
                remedy="别处拟好再登记的，和旧版程序签发的，只在登记簿里有：dujian register",
            )
        if is_secret(now, kept.record) and not internal:
            raise UsageInvalid("这份公文由保密记录生成，来源不往外给", remedy=FOR_THE_OFFICE)
        state, paragraphs = _state(kept, found.content)
        return traced(kept, now, state=state, found_by=found.by, paragraphs=paragraphs, internal=internal)


def _state(kept: IssuedDocument, content: bytes | None) -> tuple[FileState, tuple[str, ...] | None]:
    if content is None:
        return FileState.GONE, None
    if hashlib.sha256(content).hexdigest() == kept.sha256:
        return FileState.SAME, None
    try:
        return FileState.EDITED, paragraphs_of(content)
    except InputInvalid:
        return FileState.UNREADABLE, None


def _of_file(office: Workspace, now: Snapshot, word: str) -> _Found | None:
    path = _file(office, word)
    if path is None:
        return None
    content = _read(path)
    sha256 = hashlib.sha256(content).hexdigest()
    for one in now.all(_KEPT, containing=sha256):
        if isinstance(one, IssuedDocument) and one.sha256 == sha256:
            return _Found(_key(one), "文件指纹", content)
    for copy in now.all(_COPY, containing=sha256):
        if isinstance(copy, DocumentCopy) and copy.sha256 == sha256:
            return _Found(_key(copy), f"这是它的{copy.form.value}", _archived(office, now, _key(copy)))
    place = path.resolve()
    for entry in now.all(_DOCUMENT):
        if isinstance(entry, DocumentEntry) and entry.path:
            same = (office.archive / entry.path).resolve() == place
            if same or entry.sha256 == sha256:
                return _Found(_key(entry), "归档位置", content)
    return _by_text(now, path, content)


def _by_text(now: Snapshot, path: Path, content: bytes) -> _Found:
    """The document whose number stands in the file; an edited file that was moved is known by that alone."""
    try:
        numbers = DocumentNumber.find("\n".join(paragraphs_of(content)))
    except InputInvalid:
        numbers = ()
    for number in numbers:
        key = f"{number.series}/{number.year}/{number.serial}"
        if now.get(_KEPT, key) is not None:
            return _Found(key, "文中的发文字号，文件已不在原处也不是原样", content)
    raise InputInvalid(
        f"{path.name} 不是从这里签发的，或者改得认不出来了", remedy="改用发文字号查，如 云教督〔2026〕1号"
    )


def _of_number(office: Workspace, now: Snapshot, word: str) -> _Found:
    gone = next(
        (one for one in now.all(_DOCUMENT) if isinstance(one, DocumentEntry) and one.path == word), None
    )
    if gone is not None:
        return _Found(_key(gone), "归档位置", None)
    draft = now.get("draft", word)
    if isinstance(draft, Draft):
        if not draft.number:
            raise UsageInvalid(f"{draft.code} 还没有印发", remedy="用 dujian draft show 看办到哪一步")
        return _Found(draft.number, "稿号", _archived(office, now, draft.number))
    named = now.all(_KEPT, containing=json.dumps(word, ensure_ascii=False))
    made = [one for one in named if isinstance(one, IssuedDocument) and one.record == word]
    if made:
        key = _key(max(made, key=lambda one: (one.year, one.serial)))
        return _Found(key, "来源记录", _archived(office, now, key))
    try:
        number = DocumentNumber.parse(word)
    except InputInvalid as error:
        raise UsageInvalid(
            f"没有“{word}”这个文件，它也不是发文字号",
            remedy="写文件的位置、发文字号或来源记录，如 云教督〔2026〕1号；dujian register 列出全部",
        ) from error
    key = f"{number.series}/{number.year}/{number.serial}"
    if now.get(_DOCUMENT, key) is None:
        raise UsageInvalid(f"登记簿里没有 {number}", remedy="用 dujian register 看已有的文号")
    return _Found(key, "发文字号", _archived(office, now, key))


def _archived(office: Workspace, now: Snapshot, key: str) -> bytes | None:
    """The document's file as it stands in the archive; None when it is not there."""
    entry = now.get(_DOCUMENT, key)
    path = _confined(office, entry.path) if isinstance(entry, DocumentEntry) and entry.path else None
    return _read(path) if path is not None and path.is_file() else None


def _file(office: Workspace, word: str) -> Path | None:
    """The file of that name: from the current folder, or from the archive's root."""
    try:
        given = Path(word)
        if given.is_file():
            return given
        inside = _confined(office, word)
        return inside if inside is not None and inside.is_file() else None
    except (OSError, ValueError):
        return None


def _confined(office: Workspace, relative: str) -> Path | None:
    try:
        return confined(office.archive, relative)
    except ArchiveConflict:
        return None


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputInvalid(
            f"读不了 {path}：{disk_words(error)}", remedy="检查文件的权限和共享是否连好"
        ) from error


def _key(one: IssuedDocument | DocumentCopy | DocumentEntry) -> str:
    return f"{one.series}/{one.year}/{one.serial}"


def _parts(key: str) -> tuple[str, int, int]:
    series, year, serial = key.split("/")
    return series, int(year), int(serial)
