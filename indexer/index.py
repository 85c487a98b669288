"""The front door: one archive, its manifest and its engine.

The engine is a cache. One that is damaged or outdated is noticed when it is opened, set aside and rebuilt from
the kept texts, without reading the archive again.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict
from datetime import datetime
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Literal, Self

from filelock import FileLock, Timeout

from indexer.engines import Engine, EngineName, Ranked, choose, fingerprint_of, ladder
from indexer.errors import IndexBusy, IndexDamaged, IndexOutdated
from indexer.excerpts import excerpts
from indexer.manifest import Manifest
from indexer.model import (
    Hit,
    IndexStatus,
    Item,
    Limits,
    Passage,
    Progress,
    ProgressSink,
    SearchResult,
    State,
    SyncReport,
)
from indexer.query import Query, parse
from indexer.scan import walk
from indexer.sync import BATCH_FILES, apply_sync, documents, plan_sync, reconcile
from indexer.tokens import Lexicon

READERS_VERSION = 1
"""Changes when files that gave no text before might give some now; they are then read again."""
WAIT_SECONDS = 10.0
EXCERPTS_AHEAD = 3
Sort = Literal["rank", "date", "name"]


class ArchiveIndex:
    """The index of one archive; open it with ``ArchiveIndex.open`` as a context manager."""

    def __init__(
        self, archive: Path, home: Path, manifest: Manifest, engine: type[Engine], lexicon: Lexicon, limits: Limits
    ) -> None:
        self.archive = archive
        self._home = home
        self._manifest = manifest
        self._kind = engine
        self._lexicon = lexicon
        self._limits = limits
        self._lock = FileLock(home / "sync.lock", thread_local=False)
        self._engine = self._open_engine()

    @classmethod
    def open(
        cls,
        archive: Path,
        home: Path,
        *,
        engine: EngineName = "auto",
        lexicon: Path | None = None,
        limits: Limits = Limits(),  # noqa: B008  frozen
    ) -> Self:
        """The index of ``archive``, kept in ``home``; made, or mended, when needed.

        Raises:
            IndexBusy: it must be mended while another process is writing it.
            IndexerError: the engine asked for is not installed.
        """
        kind = choose(engine)
        home.mkdir(parents=True, exist_ok=True)
        manifest = Manifest.open(home / "manifest.db")
        try:
            return cls(archive, home, manifest, kind, Lexicon.load(lexicon), limits)
        except BaseException:
            manifest.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of all files."""
        self._engine.close()
        self._manifest.close()

    def sync(self, *, progress: ProgressSink | None = None, accept_disappearance: bool = False) -> SyncReport:
        """The index shows the archive as it is now.

        Raises:
            ArchiveUnreachable: the archive's folder is missing or cannot be read.
            MassDisappearance: a large part of the files is gone and that was not accepted.
            IndexBusy: another process is syncing.
        """
        begun = time.monotonic()
        with self._alone():
            self._settle()
            if progress:
                progress(Progress("核对文件", 0, 0))
            now = walk(self.archive)
            plan = plan_sync(self._manifest.known(), now, accept_disappearance=accept_disappearance)
            done = apply_sync(plan, self.archive, self._manifest, self._engine, self._limits, progress)
            self._manifest.remember(last_sync=datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S"))
        warnings = [*now.warnings, *(f"“{path}”正在改动或打不开，下次再收录" for path in done.put_off)]
        if plan.absent and not now.has_marker:
            warnings.append("档案根目录没有标志文件，找不到的文件不会当成已删除")
        return SyncReport(
            added=done.added,
            changed=done.changed,
            moved=done.moved,
            missing=max(len(plan.missing) - done.moved, 0),
            gone=len(plan.gone),
            unchanged=plan.unchanged,
            rebuilt=self._manifest.fact("rebuilt"),
            unreadable=self._unreadable(),
            warnings=tuple(warnings),
            seconds=time.monotonic() - begun,
        )

    def search(
        self,
        query: str,
        *,
        limit: int = 20,
        offset: int = 0,
        under: str | None = None,
        within: Collection[str] | None = None,
        sort: Sort = "rank",
    ) -> SearchResult:
        """The files that answer ``query``, best (or newest, or first by name) first.

        Args:
            query: words, or an explicit query; see ``indexer.query``.
            limit: how many hits at the most.
            offset: how many hits to pass over.
            under: only files in this folder of the archive.
            within: only files at these paths.
            sort: by rank, by date of change (newest first) or by path.

        Raises:
            QueryInvalid: the query cannot be understood.
        """
        asked = parse(query, self._lexicon)
        ids = self._ids_within(asked, under, within)
        wanted = offset + limit if sort == "rank" else 10**6
        ranked, rung = ladder(self._engine, asked, limit=wanted, within=ids)
        page = self._sorted(ranked, sort)[offset : offset + limit]
        items = {item.path: item for item in self._manifest.items_at([path for _, _, path in page])}
        hits = tuple(
            Hit(
                path,
                score,
                items[path].title or PurePosixPath(path).stem,
                excerpts(self._manifest.passages(path), asked, most=EXCERPTS_AHEAD),
                rung,
            )
            for _, score, path in page
            if path in items
        )
        return SearchResult(hits, ranked.total, rung, self._kind.name)

    def items(self) -> tuple[Item, ...]:
        """Every file with its state, by path; files not found at the last look are VANISHED."""
        return self._manifest.items()

    def text_of(self, path: str) -> tuple[Passage, ...]:
        """The text of the file at ``path``, page by page; empty when there is none."""
        return self._manifest.passages(path)

    def status(self) -> IndexStatus:
        """Counts by state, files without text, and what had to be mended."""
        items = self._manifest.items()
        counts = {state: sum(1 for item in items if item.state is state) for state in State}
        rebuilt = self._manifest.fact("rebuilt")
        return IndexStatus(
            engine=self._kind.name,
            counts=counts,
            unreadable=tuple(item for item in items if item.state not in {State.INDEXED, State.VANISHED}),
            notes=(rebuilt,) if rebuilt else (),
            last_sync=self._manifest.fact("last_sync"),
        )

    def watch(
        self,
        stop: threading.Event,
        *,
        on_sync: Callable[[SyncReport], None],
        polling: bool = False,
        interval: float = 60.0,
    ) -> None:
        """Keeps the index in step until ``stop`` is set; see ``indexer.watch``."""
        from indexer.watch import watch

        watch(self, stop, on_sync=on_sync, polling=polling, interval=interval)

    def _unreadable(self) -> tuple[Item, ...]:
        return tuple(item for item in self._manifest.items() if item.state not in {State.INDEXED, State.VANISHED})

    def _ids_within(self, asked: Query, under: str | None, within: Collection[str] | None) -> frozenset[str] | None:
        """The ids that may answer; None when all may."""
        if under is None and within is None and not asked.folders and not self._manifest.has_missing():
            return None
        folder = under.strip("/").replace("\\", "/") + "/" if under else ""
        paths = None if within is None else frozenset(within)
        return frozenset(
            str(one)
            for path, one in self._manifest.ids().items()
            if path.startswith(folder)
            and (paths is None or path in paths)
            and all(part.lower() in path.lower() for part in asked.folders)
        )

    def _sorted(self, ranked: Ranked, sort: Sort) -> list[tuple[str, float, str]]:
        """(id, score, path) in the order asked for; a file that has just vanished is passed over."""
        found = self._manifest.paths_of(one for one, _ in ranked.hits)
        rows = [(one, score, *found[one]) for one, score in ranked.hits if one in found]
        if sort == "date":
            rows.sort(key=lambda row: (-row[3], row[2]))
        elif sort == "name":
            rows.sort(key=lambda row: row[2])
        return [row[:3] for row in rows]

    @contextlib.contextmanager
    def _alone(self) -> Iterator[None]:
        try:
            self._lock.acquire(timeout=WAIT_SECONDS)
        except Timeout as error:
            raise IndexBusy("另一个程序正在更新检索库", remedy="等它做完再试；关掉多开的监视程序") from error
        try:
            yield
        finally:
            self._lock.release()

    def _settle(self) -> None:
        """What an interrupted sync left is mended; contents are read again where limits have changed."""
        readers = f"{READERS_VERSION} {sorted(asdict(self._limits).items())}"
        if self._manifest.fact("readers") != readers:
            self._manifest.forget_failures()
            self._manifest.remember(readers=readers)
        if self._manifest.fact("unsettled") or self._engine.count() != self._manifest.count():
            mended = reconcile(self._manifest, self._engine)
            self._manifest.remember(unsettled="")
            if mended:
                self._manifest.remember(rebuilt=f"上次收录中断，补上了 {mended} 个文件")

    def _open_engine(self) -> Engine:
        folder = self._home / self._kind.name
        fingerprint = fingerprint_of(self._kind, self._lexicon)
        try:
            return self._kind.open(folder, fingerprint, self._lexicon)
        except IndexDamaged as error:
            why = "版本或词表变了" if isinstance(error, IndexOutdated) else "检索库打不开，可能断电时损坏了"
            with self._alone():
                return self._rebuilt(folder, fingerprint, why)

    def _rebuilt(self, folder: Path, fingerprint: str, why: str) -> Engine:
        """A new engine from the kept texts, made beside the old one and put into its place when whole."""
        beside = folder.with_name(folder.name + ".new")
        shutil.rmtree(beside, ignore_errors=True)
        engine = self._kind.open(beside, fingerprint, self._lexicon)
        files = [one for one in self._manifest.known().values() if one.is_read]
        for start in range(0, len(files), BATCH_FILES):
            engine.write(documents(self._manifest, files[start : start + BATCH_FILES]), ())
        engine.close()
        aside = folder.with_name(folder.name + ".damaged")
        shutil.rmtree(aside, ignore_errors=True)
        folder.replace(aside)
        beside.replace(folder)
        self._manifest.remember(rebuilt=f"{why}，已用留存的文字重建（{len(files)} 个文件）")
        return self._kind.open(folder, fingerprint, self._lexicon)
