"""Sealed, scanned and electronic copies of an issued document: beside it in the archive, named by rule.

``云教督〔2026〕1号_关于….docx`` is joined by ``云教督〔2026〕1号_关于…_盖章扫描件.pdf``. The file that was
handed in stays where it is and as it is.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from dujian_docs.documents.numbers import DocumentNumber
from dujian_docs.documents.register import number_of
from dujian_docs.errors import InputInvalid, RecordConflict, disk_words
from dujian_docs.naming import safe_component
from dujian_docs.publishing import confined, namesakes, publish
from dujian_docs.records import CopyForm, DocumentCopy, DocumentEntry, NumberState, RecordStore, Snapshot

KIND = "document_copy"
MOST_BYTES = 300_000_000
"""A scan of a hundred pages in colour has about a tenth of it."""
_STARTS: Mapping[str, tuple[bytes, ...]] = {
    ".pdf": (b"%PDF-",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".tif": (b"II*\x00", b"MM\x00*"),
    ".tiff": (b"II*\x00", b"MM\x00*"),
    ".ofd": (b"PK\x03\x04",),
}
_ELECTRONIC: Mapping[str, tuple[bytes, ...]] = {
    ".docx": (b"PK\x03\x04",),
    ".doc": (b"\xd0\xcf\x11\xe0",),
    ".wps": (b"\xd0\xcf\x11\xe0", b"PK\x03\x04"),
}
"""How files of each kind begin: a scan whose name says one thing and its content another is not taken."""


@dataclass(frozen=True, slots=True)
class CopyPlan:
    """A copy that can join its document: from where, to which place of the archive.

    ``present`` when this very file has joined it before, at ``path``.
    """

    number: DocumentNumber
    form: CopyForm
    source: Path
    path: str
    sha256: str
    content: bytes
    present: bool = False


def copies_of(now: Snapshot, entry: DocumentEntry) -> tuple[DocumentCopy, ...]:
    """The copies of a document, by their places."""
    key = (entry.series, entry.year, entry.serial)
    found = [
        one
        for one in now.all(KIND, containing=entry.series)
        if isinstance(one, DocumentCopy) and (one.series, one.year, one.serial) == key
    ]
    return tuple(sorted(found, key=lambda one: one.path))


def plan_copy(now: Snapshot, entry: DocumentEntry, source: Path, form: CopyForm) -> CopyPlan:
    """What joining the file to the document would do; nothing is written.

    Raises:
        RecordConflict: the number is not in use, or its document has no place in the archive.
        InputInvalid: the file cannot be read, is far too large, or is no file of the kind its name says.
    """
    number = number_of(entry)
    if entry.state is not NumberState.USED or not entry.path:
        raise RecordConflict(
            f"{number} 现在是“{entry.state.value}”，没有归档的公文可以附上副本",
            remedy="先签发，或用 dujian number use 落实到档案里的文件",
        )
    content = _read(source, form)
    sha256 = hashlib.sha256(content).hexdigest()
    for one in copies_of(now, entry):
        if one.sha256 == sha256:
            return CopyPlan(number, one.form, source, one.path, sha256, content, present=True)
    beside = PurePosixPath(entry.path)
    name = safe_component(f"{beside.stem}_{form.value}{source.suffix.lower()}")
    return CopyPlan(number, form, source, str(beside.with_name(name)), sha256, content)


def apply_copy(
    plan: CopyPlan, store: RecordStore, *, archive: Path, author: str, at: datetime
) -> DocumentCopy:
    """The copy stands in the archive and is known as its document's; doing it again changes nothing.

    The caller holds the issue lock.

    Raises:
        StorageFailed: the disk refused; nothing is recorded.
        ArchiveConflict: the place leads out of the archive, or too many copies have its name.
    """
    target = confined(archive, plan.path)
    placed = _there_already(target, plan.sha256) or (
        target if plan.present else publish(plan.content, target)
    )
    copy = DocumentCopy(
        series=plan.number.series,
        year=plan.number.year,
        serial=plan.number.serial,
        sha256=plan.sha256,
        form=plan.form,
        path=placed.relative_to(archive.resolve()).as_posix(),
    )
    with store.transaction() as now:
        now.put(copy, author=author, at=at)
    return copy


def _there_already(target: Path, sha256: str) -> Path | None:
    """Where the file stands, put there just before a power cut perhaps."""
    for path in namesakes(target):
        if not path.is_file():
            return None
        if hashlib.sha256(path.read_bytes()).hexdigest() == sha256:
            return path
    return None


def _read(source: Path, form: CopyForm) -> bytes:
    suffix = source.suffix.lower()
    kinds = {**_STARTS, **(_ELECTRONIC if form is CopyForm.ELECTRONIC else {})}
    if suffix not in kinds:
        listed = "、".join(kind.removeprefix(".") for kind in kinds)
        raise InputInvalid(f"{source.name} 不能作{form.value}", remedy=f"可用的有：{listed}")
    try:
        size = source.stat().st_size
        if size > MOST_BYTES:
            raise InputInvalid(
                f"{source.name} 有 {size // 1_000_000} 兆，太大了",
                remedy=f"降低扫描的分辨率（300 点即可），到 {MOST_BYTES // 1_000_000} 兆以下",
            )
        content = source.read_bytes()
    except OSError as error:
        raise InputInvalid(f"读不了 {source}：{disk_words(error)}", remedy="核对文件的位置和权限") from error
    if not content.startswith(kinds[suffix]):
        raise InputInvalid(
            f"{source.name} 的内容不是 {suffix.removeprefix('.')}，可能是坏文件或改过扩展名",
            remedy="重新扫描或另存，打得开再附上",
        )
    return content
