"""An engine under guard: whatever it does wrong leaves as one of our errors, so that it can be dealt with.

A library that meets damaged files, or a full disk, raises whatever comes to hand. Two things are told apart:
the disk refuses (the clerk must act), and the files are bad (the index is rebuilt).
"""

from __future__ import annotations

import contextlib
import errno
import re
from collections.abc import Collection, Iterator

from indexer.engines import Engine, EngineDoc, Ranked, ladder
from indexer.errors import IndexDamaged, IndexerError, disk_words
from indexer.model import Rung
from indexer.query import Query

_REFUSALS = frozenset(
    {
        *(errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOSPC, errno.EFBIG, errno.EIO, errno.EMFILE),
        *(getattr(errno, name) for name in ("EDQUOT", "ENFILE") if hasattr(errno, name)),
        *(32, 33, 112),  # Windows: the file is open elsewhere, is locked, the disk is full
    }
)
_OS_ERROR = re.compile(r"\(os error (\d+)\)")


class GuardedEngine:
    """One engine; its methods raise IndexBusy, IndexDamaged when its files are bad, else IndexerError."""

    def __init__(self, engine: Engine) -> None:
        self.name = engine.name
        self._engine = engine

    def write(self, adds: Collection[EngineDoc], deletes: Collection[str]) -> None:
        """One commit; see ``Engine.write``."""
        with _failures():
            self._engine.write(adds, deletes)

    def count(self) -> int:
        """How many documents there are."""
        with _failures():
            return self._engine.count()

    def ids(self) -> frozenset[str]:
        """The ids of all documents."""
        with _failures():
            return self._engine.ids()

    def ladder(self, query: Query, *, limit: int, within: Collection[str] | None) -> tuple[Ranked, Rung]:
        """The first rung that finds anything; see ``indexer.engines.ladder``."""
        with _failures():
            return ladder(self._engine, query, limit=limit, within=within)

    def frequencies(self, words: Collection[str]) -> dict[str, int]:
        """In how many documents each of these words is."""
        with _failures():
            return self._engine.frequencies(words)

    def release(self) -> None:
        """Other processes may write."""
        with _failures():
            self._engine.release()

    def close(self) -> None:
        """Lets go of the files; whatever goes wrong with them does not matter any more."""
        with contextlib.suppress(IndexerError), _failures():
            self._engine.close()


@contextlib.contextmanager
def _failures() -> Iterator[None]:
    try:
        yield
    except (IndexerError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as fault:  # a panic of Rust stands outside Exception
        told = _OS_ERROR.search(str(fault))
        code = fault.errno if isinstance(fault, OSError) else int(told[1]) if told else None
        if isinstance(fault, MemoryError) or code in _REFUSALS:
            why = disk_words(OSError(code, "")) if code else "内存不够"
            raise IndexerError(
                f"检索库读写失败（{why}）",
                remedy="检查磁盘和内存是否够用、检索库所在文件夹能不能写入，然后再试",
            ) from fault
        raise IndexDamaged("检索库损坏了", remedy="再试一次，会自动重建；档案里的文件不受影响") from fault
