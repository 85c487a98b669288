"""The engine as what it is, a cache: opened, compared with the manifest, mended, rebuilt from the kept texts.

Only one process writes at a time; any number may search meanwhile.
"""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from indexer.engines import Engine, fingerprint_of
from indexer.errors import IndexBusy, IndexDamaged, IndexerError, IndexOutdated, disk_words
from indexer.feeding import reconcile, write_documents
from indexer.guard import GuardedEngine
from indexer.holding import Clock, NamedLock, spoken
from indexer.manifest import Manifest
from indexer.schema import manifest_errors
from indexer.tokens import Lexicon

WAIT_SECONDS = 10.0


class EngineCache:
    """The engine of one index: opened, made or mended when it is constructed."""

    def __init__(
        self, home: Path, manifest: Manifest, kind: type[Engine], lexicon: Lexicon, *, clock: Clock
    ) -> None:
        self.name = kind.name
        self._folder = home / kind.name
        self._manifest = manifest
        self._kind = kind
        self._lexicon = lexicon
        self._fingerprint = fingerprint_of(kind, lexicon)
        self._clock = clock
        self._lock = NamedLock(home / "sync.lock", "更新检索库", clock=clock)
        if manifest.mended:
            self._note(manifest.mended)
        self.engine = self._opened_or_rebuilt()
        self._mend_if_idle()

    def close(self) -> None:
        """Lets go of the engine's files."""
        self.engine.close()

    @contextlib.contextmanager
    def writing(self, *, wait: float = WAIT_SECONDS) -> Iterator[None]:
        """No other process writes the index meanwhile; after a refusal of the disk the engine is opened anew.

        Raises:
            IndexBusy: another process writes, and did so for ``wait`` seconds.
            IndexerError: the disk refuses.
        """
        with self._lock.held(wait):
            try:
                with disk_errors():
                    yield
            except (IndexBusy, IndexDamaged):
                raise
            except IndexerError:
                self.engine.close()
                self.engine = self._open(self._folder)
                raise
            finally:
                self.engine.release()

    def mend(self) -> None:
        """The engine holds just the files of the manifest. Only inside ``writing``."""
        if self._agrees():
            return
        mended = reconcile(self._manifest, self.engine)
        self._note(f"检索库与收录清单有出入（上次收录可能中断），已补正 {mended} 个文件")

    def rebuild(self) -> None:
        """The engine is made anew from the kept texts, because its files turned out to be bad in use.

        Raises:
            IndexBusy: another process writes.
        """
        with self._lock.held(WAIT_SECONDS), disk_errors():
            self.engine.close()
            self.engine = self._rebuilt("检索库在使用中发现损坏")

    def _mend_if_idle(self) -> None:
        """An engine that lacks files, or holds too many, is mended, unless another process is at work."""
        if not self._agrees():
            with contextlib.suppress(IndexBusy), self.writing(wait=0):
                self.mend()

    def _agrees(self) -> bool:
        return self.engine.count() == self._manifest.count()

    def _opened_or_rebuilt(self) -> GuardedEngine:
        if self._folder.is_dir():
            with contextlib.suppress(IndexDamaged):
                return self._open(self._folder)
        with self._lock.held(WAIT_SECONDS):
            try:  # another process may have made or mended it while this one waited
                return self._open(self._folder)
            except IndexOutdated:
                return self._rebuilt("检索库是别的版本或别的词表做的")
            except IndexDamaged:
                return self._rebuilt("检索库打不开，可能断电时损坏了")

    def _rebuilt(self, why: str) -> GuardedEngine:
        """A new engine from the kept texts, made beside the old one and put into its place when whole."""
        beside, aside = (self._folder.with_name(self.name + end) for end in (".new", ".damaged"))
        for left in (beside, aside):
            shutil.rmtree(left, ignore_errors=True)
        engine = self._open(beside)
        files = tuple(self._manifest.known().values())
        write_documents(engine, self._manifest, files)
        engine.close()
        self._folder.replace(aside)
        beside.replace(self._folder)
        self._note(f"{why}，已用留存的文字重建（{len(files)} 个文件）")
        return self._open(self._folder)

    def _open(self, folder: Path) -> GuardedEngine:
        return GuardedEngine(self._kind.open(folder, self._fingerprint, self._lexicon))

    def _note(self, what: str) -> None:
        """A repair is remembered: for the next report, beside those not told yet, and for the status."""
        told = "；".join(filter(None, (self._manifest.remembered("untold"), what)))
        self._manifest.remember(untold=told, repair=f"{spoken(self._clock())} {told}")


@contextlib.contextmanager
def disk_errors() -> Iterator[None]:
    """A refusal of the disk leaves as an IndexerError."""
    try:
        with manifest_errors():
            yield
    except OSError as error:
        raise IndexerError(
            f"检索库读写失败（{disk_words(error)}）",
            remedy="检查磁盘是否已满、检索库所在文件夹能不能写入，然后再试",
        ) from error
