"""Writes a package: private copies → PDFs → lists and page → zip → read back and proved → published."""

from __future__ import annotations

import hashlib
import mmap
import os
import tempfile
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, cast

from dujian_docs.dossier.contents import about_file, about_package
from dujian_docs.dossier.lists import gap_statement
from dujian_docs.dossier.manifest import (
    CHECKSUMS_NAME,
    MANIFEST_NAME,
    Sealed,
    checksum_bytes,
    manifest_bytes,
)
from dujian_docs.dossier.model import (
    GAP_STATEMENT_NAME,
    INDEX_NAME,
    MERGED_NAME,
    DossierPlan,
    NotIncluded,
    ProgressSink,
    silent,
)
from dujian_docs.dossier.pages import index_page
from dujian_docs.dossier.staging import CHUNK_BYTES, Staged, ToPdf, stage
from dujian_docs.dossier.verify import verify_package
from dujian_docs.dossier.volume import Bound, bind
from dujian_docs.errors import StorageFailed
from dujian_docs.publishing import TEMPORARY_PREFIX, clear_leftovers, publish, storage_failure

_DEFLATED_SUFFIXES = {".html", ".json"}
"""Members we make ourselves and that gain by it; a clerk's files are stored as they are."""


@dataclass(frozen=True, slots=True)
class DossierReport:
    """What was written: where, its hash, and everything the clerk must know about what is not in it.

    ``seal`` is the sha256 of the package's checksum list: kept elsewhere, it proves later that even the
    lists were not exchanged. ``not_merged`` are (path in the package, reason).
    """

    path: Path
    sha256: str
    seal: str
    size_bytes: int
    files: int
    gaps: int
    merged_pages: int
    not_included: tuple[NotIncluded, ...]
    not_merged: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class _Member:
    """One member of the zip: made bytes or a file, and what the manifest says of it."""

    path: str
    about: Mapping[str, Any]
    content: bytes | Path


def write_dossier(
    plan: DossierPlan,
    archive_root: Path,
    target: Path,
    *,
    to_pdf: ToPdf | None = None,
    pdf_cache: Path | None = None,
    work: Path | None = None,
    progress: ProgressSink | None = None,
) -> DossierReport:
    """A package stands whole at the report's path: ``target``, or ``名称(2).zip`` when that is taken.

    The archive is only read. A file that is gone, changed since the check or unreadable is left out and
    reported. Without ``to_pdf`` only PDFs are merged. ``pdf_cache`` keeps conversions by content;
    ``work`` is where temporary files go (about twice the package's size).

    Raises:
        StorageFailed: the disk refused, or what was written does not read back as it was meant.
    """
    tell = progress or silent
    for place in (target.parent, *([work] if work else [])):
        clear_leftovers(place, now=time.time())
    try:
        with tempfile.TemporaryDirectory(prefix=TEMPORARY_PREFIX, dir=work) as folder:
            staged = stage(plan, archive_root, Path(folder), tell)
            bound = bind(staged, Path(folder), to_pdf=to_pdf, cache=pdf_cache, progress=tell)
            temporary = Path(folder) / "package.zip"
            seal = _write_zip(temporary, staged, bound, tell)
            _prove(temporary, seal, tell)
            return _report(staged.plan, bound, temporary, _published(temporary, target), seal)
    except OSError as error:
        raise storage_failure(error, target) from error


def _report(plan: DossierPlan, bound: Bound, temporary: Path, path: Path, seal: str) -> DossierReport:
    with temporary.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return DossierReport(
        path=path,
        sha256=digest,
        seal=seal,
        size_bytes=temporary.stat().st_size,
        files=len(plan.files),
        gaps=len(plan.gaps),
        merged_pages=bound.page_count,
        not_included=plan.not_included,
        not_merged=bound.not_merged,
    )


def _members(staged: Staged, bound: Bound) -> Iterator[_Member]:
    """Everything but the two lists that seal it, in the order of the zip."""
    plan = staged.plan
    page = index_page(
        plan, bound.placed, bound.pages, merged_pages=bound.page_count, not_merged=bound.not_merged
    )
    yield _Member(INDEX_NAME, {"kind": "index"}, page)
    yield _Member(GAP_STATEMENT_NAME, {"kind": "gap_statement"}, gap_statement(plan, bound.not_merged))
    if bound.pdf is not None:
        yield _Member(MERGED_NAME, {"kind": "merged", "pages": bound.page_count}, bound.pdf)
    for volume in plan.volumes:
        about = {"kind": "inner_list", "indicator": volume.code}
        yield _Member(volume.list_path, about, bound.lists[volume.code])
    for file in plan.files:
        about = about_file(file, bound.placed.get(file.path))
        yield _Member(file.path, about, staged.copies[file.sha256])


def _write_zip(target: Path, staged: Staged, bound: Bound, progress: ProgressSink) -> str:
    """The package is at ``target``, flushed; returns its seal. Every member bears the plan's time."""
    made_at = staged.plan.made_at
    stamp = (max(made_at.year, 1980), *made_at.timetuple()[1:6])
    members = list(_members(staged, bound))
    sealed: list[Sealed] = []
    with target.open("xb") as file:
        with zipfile.ZipFile(file, "w") as package:
            for number, member in enumerate(members, start=1):
                progress("打包", number, len(members), member.path)
                sealed.append(_add(package, member, stamp))
                if isinstance(member.content, Path):
                    member.content.unlink()  # our own copy, not needed again
            entries = [
                {"path": one.path, "size": one.size_bytes, "sha256": one.sha256, **member.about}
                for one, member in zip(sealed, members, strict=True)
            ]
            listing = _Member(MANIFEST_NAME, {}, manifest_bytes(about_package(staged.plan), entries))
            sealed.append(_add(package, listing, stamp))
            sums = _Member(CHECKSUMS_NAME, {}, checksum_bytes(sealed))
            seal = _add(package, sums, stamp).sha256
        file.flush()
        os.fsync(file.fileno())
    return seal


def _add(package: zipfile.ZipFile, member: _Member, stamp: tuple[int, ...]) -> Sealed:
    entry = zipfile.ZipInfo(member.path, cast("tuple[int, int, int, int, int, int]", stamp))
    entry.create_system, entry.external_attr = 3, 0o644 << 16
    deflated = PurePosixPath(member.path).suffix in _DEFLATED_SUFFIXES and isinstance(member.content, bytes)
    entry.compress_type = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
    digest, size = hashlib.sha256(), 0
    large = isinstance(member.content, Path) and member.content.stat().st_size >= 2**31 - 1
    with package.open(entry, "w", force_zip64=large) as target:
        for chunk in _chunks(member.content):
            digest.update(chunk)
            size += len(chunk)
            target.write(chunk)
    return Sealed(member.path, size, digest.hexdigest())


def _chunks(content: bytes | Path) -> Iterator[bytes]:
    if isinstance(content, bytes):
        yield content
        return
    with content.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _prove(package: Path, seal: str, progress: ProgressSink) -> None:
    """Every member reads back from the zip as its manifest says.

    Raises:
        StorageFailed: one does not; the package is not published.
    """
    found = verify_package(package, seal=seal, progress=progress).findings
    if found:
        raise StorageFailed(
            f"写出的迎检包读回来与清单不符：{found[0].message}", remedy="检查磁盘是否正常，然后重新打包"
        )


def _published(temporary: Path, target: Path) -> Path:
    """The proved package under its final name; it is mapped, not read into memory."""
    with temporary.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return publish(cast("bytes", content), target)
