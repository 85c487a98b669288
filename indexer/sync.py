"""Bringing the index into step with the archive: a pure plan, then short batches. One path for all cases.

First build, catching up and live changes are the same thing. What a crash interrupts is done again: texts are
kept as soon as they are read, then a batch goes into the engine, and only then into the manifest.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import TypeVar

from indexer.engines import Engine, EngineDoc
from indexer.errors import MassDisappearance
from indexer.manifest import Known, Manifest
from indexer.model import Extraction, FileStamp, Limits, Progress, ProgressSink
from indexer.scan import Walk
from indexer.text import BREAK, normalise_text
from indexer.workers import WorkerPool

BATCH_FILES = 500
TEXTS_AT_ONCE = 50
MANY_MISSING = 20
MANY_MISSING_SHARE = 0.3
CLEAN_SCANS_TO_GO = 2
_CHUNK = 1024 * 1024
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class SyncPlan:
    """What a look at the archive means for the index.

    ``read`` are files to be hashed, with what was known of them at that path; ``absent`` are files not found,
    of which ``missing`` get a new count and ``gone`` (ids) are given up.
    """

    read: tuple[tuple[FileStamp, Known | None], ...]
    unchanged: int
    absent: tuple[Known, ...]
    missing: Mapping[int, int]
    gone: tuple[int, ...]
    found_again: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a plan."""

    added: int
    changed: int
    moved: int
    put_off: tuple[str, ...]


def plan_sync(before: Mapping[str, Known], now: Walk, *, accept_disappearance: bool = False) -> SyncPlan:
    """What has to be done so that the index shows the archive as ``now``. Pure.

    A file is unchanged when its whole change key is (reliability: size, mtime, ctime and inode). It is given up
    after two clean scans under a root with its marker; after an unclean one nothing is counted.

    Raises:
        MassDisappearance: more than 20 files and 30 % of all vanished since the last look.
    """
    read: list[tuple[FileStamp, Known | None]] = []
    unchanged = 0
    again: list[int] = []
    for stamp in now.stamps:
        known = before.get(stamp.path)
        if known is None or known.stamp != stamp or not known.is_read:
            read.append((stamp, known))
        else:
            unchanged += 1
            if known.missing:
                again.append(known.id)
    here = {stamp.path for stamp in now.stamps}
    absent = tuple(known for path, known in before.items() if path not in here)
    newly = sum(1 for known in absent if not known.missing)
    present = sum(1 for known in before.values() if not known.missing)
    moved_at_most = sum(1 for _, known in read if known is None)
    lost = newly - moved_at_most
    if lost > max(MANY_MISSING, MANY_MISSING_SHARE * present) and not accept_disappearance:
        raise MassDisappearance(
            f"档案里一下子少了 {lost} 个文件（原有 {present} 个），没有更新检索库",
            remedy="先检查共享盘是否连好；确实是自己清理掉的，加 --accept-disappearance 再运行一次",
        )
    if not now.clean:
        return SyncPlan(tuple(read), unchanged, absent, {}, (), tuple(again))
    sure = now.has_marker
    counts = {known.id: known.missing + 1 for known in absent}
    limit = 1 if accept_disappearance else CLEAN_SCANS_TO_GO
    gone = tuple(one for one, count in counts.items() if sure and count >= limit)
    missing = {one: count if sure else 1 for one, count in counts.items() if one not in gone}
    return SyncPlan(tuple(read), unchanged, absent, missing, gone, tuple(again))


def apply_sync(
    plan: SyncPlan, root: Path, manifest: Manifest, engine: Engine, limits: Limits, progress: ProgressSink | None = None
) -> Applied:
    """The plan is done: texts read, engine and manifest agree with the archive as it was looked at."""
    tally: Counter[str] = Counter()
    put_off: list[str] = []
    moved: set[int] = set()
    homeless: dict[str, Known] = {known.sha256: known for known in plan.absent}
    next_id = manifest.next_id()
    done = 0
    with WorkerPool(limits) as pool:
        for batch in _batches(plan.read, BATCH_FILES):
            seen: list[Known] = []
            hashed = list(_hashed(root, batch, put_off))
            _read_texts(root, hashed, manifest, pool, _teller(progress, done, len(plan.read)))
            for stamp, known, sha256 in hashed:
                if _stamp_now(root, stamp) != stamp:
                    put_off.append(stamp.path)
                    continue
                former = homeless.pop(sha256, None) if known is None else None
                if former:
                    moved.add(former.id)
                tally["changed" if known else "moved" if former else "added"] += 1
                same = known or former
                seen.append(Known(same.id if same else next_id, stamp, sha256))
                next_id += 0 if same else 1
            _commit(manifest, engine, seen, ())
            done += len(batch)
    _finish(plan, manifest, engine, moved)
    return Applied(tally["added"], tally["changed"], tally["moved"], tuple(put_off))


def documents(manifest: Manifest, files: Iterable[Known]) -> Iterator[EngineDoc]:
    """The files as the engine is fed them, from the kept texts; a file without text is found by its name."""
    for one in files:
        found = manifest.extraction(one.sha256)
        body = BREAK.join(normalise_text(passage.text) for passage in found.passages) if found else ""
        yield EngineDoc(str(one.id), normalise_text(PurePosixPath(one.stamp.path).stem), body)


def reconcile(manifest: Manifest, engine: Engine) -> int:
    """The engine holds just the files of the manifest; returns how many documents had to be mended."""
    known = {str(one.id): one for one in manifest.known().values() if one.is_read}
    held = engine.ids()
    lacking = [one for key, one in known.items() if key not in held]
    extra = held - known.keys()
    for batch in _batches(lacking, BATCH_FILES):
        engine.write(documents(manifest, batch), ())
    if extra:
        engine.write((), extra)
    return len(lacking) + len(extra)


def _finish(plan: SyncPlan, manifest: Manifest, engine: Engine, moved: set[int]) -> None:
    gone = [one for one in plan.gone if one not in moved]
    if gone:
        _commit(manifest, engine, (), gone)
    missing = {one: count for one, count in plan.missing.items() if one not in moved}
    missing |= dict.fromkeys(plan.found_again, 0)
    if missing:
        manifest.mark_missing(missing)


def _commit(manifest: Manifest, engine: Engine, seen: Sequence[Known], gone: Sequence[int]) -> None:
    """Engine first, manifest after: a crash between the two is noticed by the mark and mended."""
    if not seen and not gone:
        return
    manifest.remember(unsettled="1")
    engine.write(documents(manifest, seen), [str(one) for one in gone])
    manifest.store(seen, gone)
    manifest.remember(unsettled="")


def _hashed(
    root: Path, batch: Sequence[tuple[FileStamp, Known | None]], put_off: list[str]
) -> Iterator[tuple[FileStamp, Known | None, str]]:
    for stamp, known in batch:
        try:
            yield stamp, known, _sha256(root / stamp.path)
        except OSError:
            put_off.append(stamp.path)


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _read_texts(
    root: Path,
    hashed: Sequence[tuple[FileStamp, Known | None, str]],
    manifest: Manifest,
    pool: WorkerPool,
    tell: Callable[[int, str], None],
) -> None:
    """The text of every content of the batch is kept; contents read before are not read again."""
    before = manifest.read_before(sha256 for _, _, sha256 in hashed)
    wanted = {sha256: stamp.path for stamp, _, sha256 in hashed if sha256 not in before}
    texts: dict[str, Extraction] = {}
    results = pool.extract_all((sha256, root / path) for sha256, path in wanted.items())
    for count, (sha256, found) in enumerate(results, start=len(hashed) - len(wanted) + 1):
        texts[sha256] = found
        tell(count, wanted[sha256])
        if len(texts) >= TEXTS_AT_ONCE:
            manifest.keep_texts(texts)
            texts = {}
    if texts:
        manifest.keep_texts(texts)


def _teller(progress: ProgressSink | None, done: int, total: int) -> Callable[[int, str], None]:
    def tell(count: int, what: str) -> None:
        if progress:
            progress(Progress("读取文字", done + count, total, what))

    return tell


def _stamp_now(root: Path, stamp: FileStamp) -> FileStamp | None:
    try:
        found = (root / stamp.path).stat(follow_symlinks=False)
    except OSError:
        return None
    return replace(
        stamp, size_bytes=found.st_size, mtime_ns=found.st_mtime_ns, ctime_ns=found.st_ctime_ns, inode=found.st_ino
    )


def _batches(values: Iterable[_T], size: int) -> Iterator[tuple[_T, ...]]:
    rest = iter(values)
    while batch := tuple(itertools.islice(rest, size)):
        yield batch
