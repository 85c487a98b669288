"""A closer look at pages, when there is time: what stands in pictures, page by page, resumed where it ended.

Every page's look is kept at once. When a file's last page has been looked at, its text and its document are
written, in short batches, so that whoever syncs never waits long; what could not be is so the next time.
"""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import replace
from pathlib import Path, PurePosixPath

from indexer.cache import EngineCache
from indexer.engines import EngineDoc
from indexer.errors import IndexBusy
from indexer.extract.ocr import installed
from indexer.looks import Place
from indexer.manifest import Manifest
from indexer.merging import WHOLE, merged, pages_due
from indexer.model import Extraction, FileStamp, Limits, LookReport, Progress, ProgressSink, State
from indexer.scan import stamp_of
from indexer.text import BREAK, normalise_text
from indexer.worker import Task
from indexer.workers import PROGRAM, WorkerPool

STAGE = "识别图片里的字"
WRITE_SECONDS = 10.0
"""How long finished files wait for each other to be written together."""
BUSY_SECONDS = 2.0
"""How long to wait for whoever writes the index; what waits longer is written another time."""
_CHUNK = 1 << 20


class Looking:
    """One session of looking closer; nothing is looked at before ``run``."""

    def __init__(
        self,
        root: Path,
        manifest: Manifest,
        cache: EngineCache,
        limits: Limits,
        *,
        scratch: Path,
        stop: threading.Event,
        progress: ProgressSink | None = None,
        most_pages: int | None = None,
    ) -> None:
        self._root = root
        self._manifest = manifest
        self._cache = cache
        self._limits = replace(limits, wall_seconds=limits.ocr_seconds, memory_bytes=limits.ocr_memory_bytes)
        self._scratch = scratch
        self._stop = stop
        self._progress = progress
        self._most = most_pages
        self._able = installed()
        self._looks = 0
        self._pages = 0
        self._files = 0
        self._notes: dict[str, None] = {}
        self._unsure: list[str] = []
        self._total = 0
        self._done: list[str] = []
        self._written = time.monotonic()
        self._sure: tuple[str, FileStamp] | None = None

    def run(self) -> LookReport:
        """Pages are looked at until none is left, ``most_pages`` are done or ``stop`` is set.

        Raises:
            IndexerError: the disk refuses, or no worker can be started.
        """
        begun = time.monotonic()
        self._total = self._manifest.looks.waiting()
        with WorkerPool(self._limits, size=1, program=PROGRAM, scratch=self._scratch) as pool:
            due = self._manifest.looks.due()
            for content, places in self._manifest.looks.places(due, missing=False).items() if due else ():
                if self._is_over():
                    break
                self._look_at(pool, content, places)
                if time.monotonic() - self._written > WRITE_SECONDS:
                    self._write()
        self._write()
        waiting = self._manifest.looks.waiting()
        if self._unsure:
            others = f"等 {len(self._unsure)} 个文件" if len(self._unsure) > 1 else ""
            self._note(f"“{self._unsure[0]}”{others}打不开或正在改动，下次再识别")
        if waiting and not self._able and not self._notes:
            self._note(f"{waiting} 页图片里的字检索不到：没有安装 ocr 附加组件；装上后再识别")
        return LookReport(self._pages, self._files, waiting, tuple(self._notes), time.monotonic() - begun)

    def _is_over(self) -> bool:
        return self._stop.is_set() or (self._most is not None and self._looks >= self._most)

    def _note(self, what: str) -> None:
        self._notes[what] = None

    def _look_at(self, pool: WorkerPool, content: str, places: list[Place]) -> None:
        """The pages of a content that are due, each kept as soon as it has been looked at."""
        found = self._manifest.extraction(content)
        if found is None:
            return
        seen = self._manifest.looks.pages_of(content)
        wanted = [page for page in pages_due(found) if page not in seen]
        for page in wanted if self._able else wanted[: wanted.count(WHOLE)]:
            if self._is_over() or not self._look(pool, content, places[0], page):
                return
        looks = self._manifest.looks.of(content)
        if looks.keys() >= set(pages_due(found)) or merged(found, looks) != found:
            self._done.append(content)

    def _look(self, pool: WorkerPool, content: str, place: Place, page: int) -> bool:
        """One page; false when the file is not what it was, so that nothing can be said of it."""
        file = self._root / place.file
        if not self._is_sure(place):
            self._unsure.append(place.path)
            return False
        _, seen = next(pool.extract_all([Task(content, file, place.inside, page)]))
        if not self._is_sure(place):
            self._unsure.append(place.path)
            return False
        if seen.state is State.PENDING_OCR:
            self._able = False
            self._note(f"{seen.reason}；{seen.remedy}")
            return False
        self._manifest.looks.keep(content, page, seen)
        self._looks += 1
        if page != WHOLE:
            self._pages += 1
        if self._progress:
            self._progress(Progress(STAGE, self._pages, max(self._total, self._pages), place.path))
        return True

    def _is_sure(self, place: Place) -> bool:
        """Whether the file still has the content that is known; hashed once while its stamp stays."""
        try:
            stamp = stamp_of(place.file, (self._root / place.file).stat(follow_symlinks=False))
            if self._sure == (place.sha256, stamp):
                return True
            with (self._root / place.file).open("rb") as stream:
                digest = hashlib.sha256()
                while chunk := stream.read(_CHUNK):
                    digest.update(chunk)
        except OSError:
            return False
        if digest.hexdigest() != place.sha256:
            return False
        self._sure = (place.sha256, stamp)
        return True

    def _write(self) -> None:
        """Texts and documents of what has been looked at are written; engine first, manifest after."""
        self._written = time.monotonic()
        if not self._done:
            return
        try:
            with self._cache.writing(wait=BUSY_SECONDS):
                texts = self._texts()
                places = self._manifest.looks.places(texts, missing=True)
                docs = [
                    EngineDoc(place.id, normalise_text(PurePosixPath(place.path).stem), _body(texts[content]))
                    for content, found in places.items()
                    for place in found
                ]
                if docs:
                    self._cache.engine.write(docs, ())
                self._manifest.keep_texts(texts)
        except IndexBusy as busy:
            self._note(f"识别出的文字已留存，下次写进检索库（{busy.problem}）")
            return
        self._files += len(texts)
        self._done = []

    def _texts(self) -> dict[str, Extraction]:
        """What is now known of the contents that have been looked at."""
        texts = {}
        for content in self._done:
            found = self._manifest.extraction(content)
            if found is not None:
                texts[content] = merged(found, self._manifest.looks.of(content))
        return texts


def _body(found: Extraction) -> str:
    return BREAK.join(normalise_text(passage.text) for passage in found.passages)
