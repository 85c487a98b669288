"""Bringing the index into step with the archive, in short batches. One path for all cases.

First build, catching up and live changes are the same thing. What a crash interrupts is done again: texts are
kept as soon as they are read, then a batch goes into the engine, and only then into the manifest.
"""

from __future__ import annotations

import hashlib
import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from indexer.feeding import write_documents
from indexer.guard import GuardedEngine
from indexer.manifest import UNREAD, Known, Manifest, member_key
from indexer.merging import merged, pages_due
from indexer.model import Extraction, FileStamp, Limits, Progress, ProgressSink, State
from indexer.planning import SyncPlan
from indexer.reading import read_contents
from indexer.scan import stamp_of
from indexer.workers import WorkerPool

BATCH_FILES = 500
TEXTS_AT_ONCE = 50
TRIES = 3
"""How often a file that changes while it is read is read; after that it is left for the next sync."""
RACY_NS = 2 * 10**9
"""A file changed this shortly before it was looked at may change again without its stamp showing it."""
_FUTURE_NS = 86_400 * 10**9
"""No clock is this far ahead: a later time of change was put there, and tells nothing of the file's age."""
_CHUNK = 1024 * 1024
_NO_ACCESS = Extraction(
    State.REFUSED,
    reason="文件打不开（没有读取权限，或正被别的程序占用）",
    remedy="关闭正打开它的程序，或请管理员开放读取权限；下次收录时会再试",
)
_T = TypeVar("_T")
_ToRead = tuple[FileStamp, Known | None]


@dataclass(frozen=True, slots=True)
class Applied:
    """What came of a plan; ``put_off`` are files that kept changing, ``moved`` old ids under new paths."""

    added: int
    changed: int
    unchanged: int
    moved: frozenset[int]
    put_off: tuple[str, ...]


def apply_sync(
    plan: SyncPlan,
    root: Path,
    manifest: Manifest,
    engine: GuardedEngine,
    limits: Limits,
    *,
    scratch: Path,
    looked_at_ns: int,
    progress: ProgressSink | None = None,
) -> Applied:
    """The plan is done: texts read, engine and manifest agree with the archive as it was looked at.

    Args:
        plan: what to do.
        root: the archive.
        manifest: what is known of it.
        engine: what is searched.
        limits: what one file may cost.
        scratch: where files inside packages are unpacked for a while; gone afterwards.
        looked_at_ns: when the look that the plan rests on began, by the clock that stamps files.
        progress: told after every file.
    """
    with WorkerPool(limits, scratch=scratch) as pool:
        work = _Work(root, manifest, engine, pool, limits, plan, looked_at_ns, progress)
        for batch in _batches(plan.read, BATCH_FILES):
            work.do(batch)
    work.finish()
    return Applied(
        added=work.tally["added"],
        changed=work.tally["changed"],
        unchanged=work.tally["unchanged"],
        moved=frozenset(work.moved),
        put_off=tuple(work.put_off),
    )


class _Work:
    """The doing of one plan, batch by batch."""

    def __init__(
        self,
        root: Path,
        manifest: Manifest,
        engine: GuardedEngine,
        pool: WorkerPool,
        limits: Limits,
        plan: SyncPlan,
        looked_at_ns: int,
        progress: ProgressSink | None,
    ) -> None:
        self.tally: Counter[str] = Counter()
        self.moved: set[int] = set()
        self.put_off: list[str] = []
        self._root = root
        self._manifest = manifest
        self._engine = engine
        self._pool = pool
        self._limits = limits
        self._plan = plan
        self._racy_from = looked_at_ns - RACY_NS
        self._progress = progress
        self._done = 0
        self._next_id = manifest.next_id()
        self._homeless: defaultdict[str, list[Known]] = defaultdict(list)
        for known in plan.absent:
            self._homeless[known.sha256].append(known)
        self._homeless.pop(UNREAD, None)

    def do(self, batch: Sequence[_ToRead]) -> None:
        """A batch is read, then in the engine, then in the manifest; what changes meanwhile is tried anew."""
        waiting = list(batch)
        for _ in range(TRIES):
            waiting = self._attempt(waiting)
            if not waiting:
                break
        self.put_off += [stamp.path for stamp, _ in waiting]
        self._done += len(batch)

    def finish(self) -> None:
        """What was not found is marked so, or given up; what came back is no longer missing."""
        gone = self._plan.gone - self.moved
        if gone:
            self._commit([], gone)
        missing = {one: count for one, count in self._plan.missing.items() if one not in self.moved}
        missing |= dict.fromkeys(self._plan.found_again, 0)
        if missing:
            self._manifest.mark_missing(missing)
        if gone or self.tally["changed"]:
            self._manifest.forget_unused()

    def _attempt(self, batch: Sequence[_ToRead]) -> list[_ToRead]:
        """Reads and commits the files that hold still; returns the others with their new stamps."""
        hashed: list[tuple[FileStamp, Known | None, str]] = []
        for stamp, known in batch:
            sha256 = self._hash(stamp)
            if sha256 is not None:
                hashed.append((stamp, known, sha256))
        read = self._read_texts(hashed)
        fresh: list[Known] = []
        touched: list[Known] = []
        again: list[_ToRead] = []
        for stamp, known, sha256 in hashed:
            now = _stamp_now(self._root, stamp.path)
            if now != stamp or sha256 not in read:
                again += [(now, known)] if now else []
            elif known and known.sha256 == sha256 and known.is_read:
                self.tally["unchanged"] += 1
                touched.append(self._as_seen(known.id, stamp, sha256))
            elif not (known and known.sha256 == sha256 == UNREAD and known.stamp == stamp):
                fresh.append(self._place(stamp, known, sha256))
            else:
                self.tally["unchanged"] += 1
        if touched:
            self._manifest.store(touched, ())
        if fresh:
            self._commit(fresh, frozenset())
        return again

    def _place(self, stamp: FileStamp, known: Known | None, sha256: str) -> Known:
        """The file under its id: its own, that of an absent file with the same content, or a new one."""
        if known:
            self.tally["changed"] += 1
            return self._as_seen(known.id, stamp, sha256)
        former = self._homeless[sha256].pop() if self._homeless.get(sha256) else None
        if former:
            self.moved.add(former.id)
            return self._as_seen(former.id, stamp, sha256)
        self.tally["added"] += 1
        self._next_id += 1
        return self._as_seen(self._next_id - 1, stamp, sha256)

    def _as_seen(self, one: int, stamp: FileStamp, sha256: str) -> Known:
        """The entry of the manifest; a stamp too young to be trusted is spoilt, so that it is read again."""
        latest = self._racy_from + _FUTURE_NS
        if sha256 != UNREAD and (
            stamp.ctime_ns >= self._racy_from or self._racy_from <= stamp.mtime_ns <= latest
        ):
            stamp = stamp._replace(ctime_ns=0)
        return Known(one, stamp, sha256)

    def _commit(self, seen: Sequence[Known], gone: frozenset[int]) -> None:
        """Engine first, manifest after: what a crash leaves between the two is done again.

        Files that only the engine has, or only the manifest, make their counts differ, and are then mended.
        """
        former = self._manifest.document_ids([*gone, *(one.id for one in seen)])
        write_documents(self._engine, self._manifest, seen)
        stale = former - {doc for one in seen for doc in self._ids(str(one.id), one.sha256)}
        if stale:
            self._engine.write((), stale)
        self._manifest.store(seen, gone)

    def _ids(self, one: str, sha256: str) -> Iterator[str]:
        """The ids of the documents of one content."""
        yield one
        for member in self._manifest.members(sha256):
            yield from self._ids(f"{one}.{member.position}", member_key(sha256, member.position))

    def _hash(self, stamp: FileStamp) -> str | None:
        """The content hash; UNREAD when the file cannot be opened, None when it is not there any more."""
        digest = hashlib.sha256()
        try:
            with (self._root / stamp.path).open("rb") as stream:
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
        except FileNotFoundError:
            return None
        except OSError:
            return UNREAD
        return digest.hexdigest()

    def _read_texts(self, hashed: Sequence[tuple[FileStamp, Known | None, str]]) -> frozenset[str]:
        """The text of every content is kept, those read before as they were; returns what there now is.

        A text is kept only if its file has not changed since it was hashed.
        """
        before = self._manifest.read_before({sha256 for _, _, sha256 in hashed})
        wanted = {sha256: stamp for stamp, _, sha256 in hashed if sha256 not in before}
        texts: dict[str, Extraction] = {}
        if wanted.pop(UNREAD, None):
            texts[UNREAD] = _NO_ACCESS
        kept = set(before)
        files = {sha256: self._root / stamp.path for sha256, stamp in wanted.items()}
        count = 0
        for read in read_contents(files, self._pool, self._limits, self._manifest.read_before):
            stamp = wanted[read.root]
            if _stamp_now(self._root, stamp.path) == stamp:
                texts[read.key] = self._with_looks(read.key, read.found)
            if len(texts) >= TEXTS_AT_ONCE:
                self._manifest.keep_texts(texts)
                kept |= texts.keys()
                texts = {}
            if read.last:
                count += 1
                self._tell(count, stamp.path)
        if texts:
            self._manifest.keep_texts(texts)
        return frozenset(kept | texts.keys())

    def _with_looks(self, key: str, found: Extraction) -> Extraction:
        """The same with what an earlier look at its pages told."""
        return merged(found, self._manifest.looks.of(key)) if pages_due(found) else found

    def _tell(self, count: int, what: str) -> None:
        if self._progress:
            total = len(self._plan.read)
            self._progress(Progress("读取文字", min(self._done + count, total), total, what))


def _stamp_now(root: Path, path: str) -> FileStamp | None:
    try:
        return stamp_of(path, (root / path).stat(follow_symlinks=False))
    except OSError:
        return None


def _batches(values: Iterable[_T], size: int) -> Iterator[tuple[_T, ...]]:
    rest = iter(values)
    while batch := tuple(itertools.islice(rest, size)):
        yield batch
