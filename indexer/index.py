"""The front door: one archive, its manifest and its engine.

What the engine holds is a cache (``indexer.cache``); what the manifest knows was read from the archive.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Collection, Iterable
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from indexer.answering import Answering, Page, Sort
from indexer.cache import EngineCache, disk_errors
from indexer.engines import Engine, EngineName, choose
from indexer.errors import IndexDamaged, IndexerError, ManifestDamaged
from indexer.guard import GuardedEngine
from indexer.heartbeat import forget_beat, heartbeat, write_beat
from indexer.holding import Clock, NamedLock, spoken
from indexer.looking import STAGE, Looking
from indexer.manifest import Manifest
from indexer.model import (
    Duplicate,
    Facets,
    IndexStatus,
    Item,
    Limits,
    LookReport,
    Passage,
    Progress,
    ProgressSink,
    SearchResult,
    State,
    SyncReport,
)
from indexer.mounts import lost_mounts, mounts_below
from indexer.planning import SyncPlan, plan_sync
from indexer.query import Query, parse
from indexer.scan import MARKER_NAME, Look, look
from indexer.sync import apply_sync
from indexer.synonyms import Synonyms
from indexer.tokens import Lexicon
from indexer.watch import watch
from indexer.wordlists import general_synonyms

READERS_VERSION = 3
"""Changes when files that gave no text before might give some now; they are then read again."""

_MANIFEST = "manifest.db"
_T = TypeVar("_T")


class ArchiveIndex:
    """The index of one archive; open it with ``ArchiveIndex.open`` as a context manager.

    ``folders`` is how many folders the last sync saw.
    """

    def __init__(
        self,
        archive: Path,
        home: Path,
        manifest: Manifest,
        engine: type[Engine],
        *,
        lexicon: Lexicon,
        synonyms: Synonyms,
        limits: Limits,
        clock: Clock,
    ) -> None:
        self.archive = archive
        self.folders = 0
        self._home = home
        self._manifest = manifest
        self._lexicon = lexicon
        self._limits = limits
        self._clock = clock
        self._synonyms = synonyms
        self._answering = Answering(manifest)
        self._cache = EngineCache(home, manifest, engine, lexicon, clock=clock)

    @classmethod
    def open(
        cls,
        archive: Path,
        home: Path,
        *,
        engine: EngineName = "auto",
        lexicon: Iterable[str] = (),
        synonyms: Iterable[str] = (),
        limits: Limits = Limits(),  # noqa: B008  frozen
        clock: Clock = time.time,
    ) -> Self:
        """The index of ``archive``, kept in ``home``; made, or mended, when needed.

        Args:
            archive: the folder whose files are indexed; need not be reachable yet.
            home: a folder of the index's own, on a local disk.
            engine: which engine; ``auto`` takes the fastest that is installed.
            lexicon: words that belong together, as ``indexer.entries_of`` reads them from a file.
            synonyms: groups of words that mean the same, ``甲=乙``, besides the general ones.
            limits: what one file may cost.
            clock: seconds since 1970.

        Raises:
            IndexBusy: it must be mended while another process is writing it.
            IndexerError: the engine asked for is not installed, or ``home`` cannot be written.
        """
        kind = choose(engine)
        with disk_errors():
            home.mkdir(parents=True, exist_ok=True)
            manifest = Manifest.open(home / _MANIFEST)
        try:
            with disk_errors():
                opened = cls(
                    archive,
                    home,
                    manifest,
                    kind,
                    lexicon=Lexicon.of(lexicon),
                    synonyms=Synonyms.of([*general_synonyms(), *synonyms]),
                    limits=limits,
                    clock=clock,
                )
        except BaseException:
            manifest.close()
            raise
        return opened

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
        if isinstance(error, ManifestDamaged):
            Manifest.suspect(self._home / _MANIFEST)

    def close(self) -> None:
        """Lets go of all files."""
        self._cache.close()
        self._manifest.close()

    def sync(self, *, progress: ProgressSink | None = None, accept_disappearance: bool = False) -> SyncReport:
        """The index shows the archive as it is now.

        Args:
            progress: told how far it is.
            accept_disappearance: a mass disappearance is meant, and what is missing is given up at once.

        Raises:
            ArchiveUnreachable: the archive's folder is missing or cannot be read.
            MassDisappearance: a large part of the files is gone and that was not accepted.
            IndexBusy: another process is syncing.
            IndexerError: the disk refuses.
        """
        begun = time.monotonic()
        with self._cache.writing():
            try:
                report = self._synced(progress, accept_disappearance=accept_disappearance)
            except IndexDamaged:
                self._cache.rebuild()
                report = self._synced(progress, accept_disappearance=accept_disappearance)
        return replace(report, seconds=time.monotonic() - begun)

    def _synced(self, progress: ProgressSink | None, *, accept_disappearance: bool) -> SyncReport:
        self._settle()
        if progress:
            progress(Progress("核对文件", 0, 0))
        looked_at = self._clock()
        now = look(self.archive, skip=self._home)
        self.folders = now.folders
        mounts = set(mounts_below(self.archive))
        if not accept_disappearance:
            before = json.loads(self._manifest.remembered("mounts") or "[]")
            now.lacks(lost_mounts(self.archive, before))
            mounts.update(before)
        plan = self._planned(now, accept_disappearance=accept_disappearance)
        done = apply_sync(
            plan,
            self.archive,
            self._manifest,
            self._cache.engine,
            self._limits,
            scratch=self._home / "scratch",
            looked_at_ns=int(looked_at * 10**9),
            progress=progress,
        )
        rebuilt, unreadable = self._manifest.remembered("untold"), self._manifest.unreadable()
        self._manifest.remember(last_sync=spoken(looked_at), untold="", mounts=json.dumps(sorted(mounts)))
        return SyncReport(
            added=done.added,
            changed=done.changed,
            moved=len(done.moved),
            missing=sum(1 for one in plan.absent if one.id not in plan.gone | done.moved),
            gone=len(plan.gone - done.moved),
            unchanged=plan.unchanged + done.unchanged,
            rebuilt=rebuilt,
            unreadable=unreadable,
            warnings=(*_warnings(now), *(f"“{path}”一直在改动，下次再收录" for path in done.put_off)),
        )

    def _planned(self, now: Look, *, accept_disappearance: bool) -> SyncPlan:
        """What there is to do; what is known of every file is only asked for when there is something."""
        fingerprint = now.fingerprint()
        if self._manifest.is_settled(fingerprint):
            return SyncPlan.nothing(len(now.paths))
        plan = plan_sync(self._manifest.known(), now.walk(), accept_disappearance=accept_disappearance)
        if plan.is_nothing:
            self._manifest.settle(fingerprint)
        return plan

    def look_closer(
        self,
        *,
        stop: threading.Event,
        progress: ProgressSink | None = None,
        most_pages: int | None = None,
    ) -> LookReport:
        """Pages that are pictures are looked at, newest files first; every page's text is kept at once.

        Others may sync and search meanwhile.

        Args:
            stop: ends it after the page at hand.
            progress: told after every page.
            most_pages: how many looks at the most, at a page or through a file for seals.

        Raises:
            IndexBusy: another process is looking.
            IndexerError: the disk refuses.
        """
        looking = partial(
            Looking,
            self.archive,
            self._manifest,
            self._cache,
            self._limits,
            scratch=self._home / "looking",
            stop=stop,
            progress=progress,
            most_pages=most_pages,
        )
        with NamedLock(self._home / "look.lock", STAGE, clock=self._clock).held(0), disk_errors():
            try:
                return looking().run()
            except IndexDamaged:
                self._cache.rebuild()
                return looking().run()

    def search(
        self,
        query: str,
        *,
        limit: int = 20,
        offset: int = 0,
        under: str | None = None,
        within: Collection[str] | None = None,
        sort: Sort = "rank",
        expand: bool = True,
        token: str = "",
    ) -> SearchResult:
        """The files that answer ``query``, best (or newest, or first by name) first.

        Args:
            query: words, or an explicit query; see ``indexer.query``.
            limit: how many hits at the most.
            offset: how many hits to pass over.
            under: only files in this folder of the archive.
            within: only files at these paths.
            sort: by rank, by date of change (newest first) or by path.
            expand: files that hold only synonyms of the words answer too, after the others.
            token: that of an earlier page of the same search, which this one goes on from; see
                ``indexer.answering`` for what it warrants.

        Raises:
            QueryInvalid: the query cannot be understood.
        """
        asked = self._parsed(query, expand=expand)
        page = Page(limit, offset, under, within, sort, token)
        return self._asking(lambda engine: self._answering.answer(engine, asked, page))

    def facets(
        self,
        query: str,
        *,
        under: str | None = None,
        within: Collection[str] | None = None,
        expand: bool = True,
        depth: int = 1,
    ) -> Facets:
        """How all files that ``search`` finds are spread over folders, types, years and states.

        Args:
            query: as in ``search``.
            under: as in ``search``.
            within: as in ``search``.
            expand: as in ``search``.
            depth: how many folders below ``under`` are told apart.

        Raises:
            QueryInvalid: the query cannot be understood.
        """
        asked = self._parsed(query, expand=expand)
        page = Page(under=under, within=within)
        return self._asking(lambda engine: self._answering.facets(engine, asked, page, depth=depth))

    def similar(self, path: str, *, limit: int = 20) -> SearchResult:
        """The files that speak of what the file at ``path`` speaks of, without itself, the likest first.

        Raises:
            IndexerError: there is no such file.
        """
        from indexer.comparing import like  # late, as in near_duplicates

        def ask(engine: GuardedEngine) -> SearchResult:
            asked = like(self._manifest, engine, self._lexicon, path)
            if asked is None:
                return SearchResult((), 0, "any_word", engine.name)
            return self._answering.answer(engine, asked, Page(limit))

        return self._asking(ask)

    def near_duplicates(self, path: str | None = None) -> tuple[tuple[Duplicate, ...], ...]:
        """Groups of files that say the same or nearly the same, the oldest of each group first.

        With a path there is at most one group: that file, then those like it, the likest first.

        Raises:
            IndexerError: there is no such file.
        """
        # Rensa reserves a GiB of addresses when it is imported, more than a worker may have.
        from indexer.comparing import duplicates

        with disk_errors():
            return duplicates(self._manifest, path)

    def _parsed(self, query: str, *, expand: bool) -> Query:
        return parse(query, self._lexicon, self._synonyms if expand else Synonyms())

    def _asking(self, ask: Callable[[GuardedEngine], _T]) -> _T:
        """What the engine answers; one that turns out to be damaged is made anew and asked again."""
        with disk_errors():
            try:
                return ask(self._cache.engine)
            except IndexDamaged:
                self._cache.rebuild()
                return ask(self._cache.engine)

    def items(self) -> tuple[Item, ...]:
        """Every file with its state, by path; files not found at the last look are VANISHED."""
        with disk_errors():
            return self._manifest.items()

    def text_of(self, path: str) -> tuple[Passage, ...]:
        """The text of the file at ``path``, page by page; empty when there is none."""
        with disk_errors():
            return self._manifest.passages(path)

    def status(self) -> IndexStatus:
        """Counts by state, files without text, what had to be mended, and whether someone watches."""
        items = self.items()
        notes = (self._manifest.remembered("repair"), heartbeat(self._home, self._clock()))
        return IndexStatus(
            engine=self._cache.name,
            counts={state: sum(1 for item in items if item.state is state) for state in State},
            unreadable=self._manifest.unreadable(),
            notes=tuple(note for note in notes if note),
            last_sync=self._manifest.remembered("last_sync"),
            waiting_pages=self._manifest.looks.waiting(),
            vanished=tuple(item for item in items if item.state is State.VANISHED),
        )

    def watch(
        self,
        stop: threading.Event,
        *,
        on_sync: Callable[[SyncReport], None],
        on_trouble: Callable[[IndexerError], None] | None = None,
        polling: bool = False,
        interval: float = 60.0,
    ) -> None:
        """Keeps the index in step until ``stop`` is set; see ``indexer.watch``.

        Without ``on_trouble``, a sync that could not be done is told as a report that holds only its warning.

        Raises:
            IndexBusy: another process watches this archive; says which.
        """
        with NamedLock(self._home / "watch.lock", "监视这个档案文件夹", clock=self._clock).held(0):
            watch(
                self,
                stop,
                on_sync=on_sync,
                on_trouble=on_trouble or (lambda error: on_sync(SyncReport(warnings=(str(error),)))),
                beat=lambda note: write_beat(self._home, self._clock(), interval, note),
                polling=polling,
                interval=interval,
            )
            forget_beat(self._home)

    def _settle(self) -> None:
        """What an interrupted sync left is mended; contents are read again where limits have changed."""
        readers = f"{READERS_VERSION} {sorted(asdict(self._limits).items())}"
        if self._manifest.remembered("readers") != readers:
            self._manifest.forget_failures()
            self._manifest.remember(readers=readers)
        self._cache.mend()


def _warnings(now: Look) -> tuple[str, ...]:
    if now.has_marker:
        return tuple(now.warnings)
    without = (
        f"档案文件夹里没有标志文件 {MARKER_NAME}，找不到的文件不会当成已删除；"
        "确认是这个文件夹后，在里面新建一个空的同名文件"
    )
    return (*now.warnings, without)
