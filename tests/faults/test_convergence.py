"""Whatever clerks do and wherever a sync breaks off, two quiet syncs show the archive as it is.

A state machine against a model in memory: real files, real manifest, real engine; only the worker processes
are left out, since every step would start some. The same machine with a change key that ignores ctime and
inode must fail: that is the control.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import os
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from indexer import (
    MARKER_NAME,
    MEMBER_MARK,
    ArchiveIndex,
    ArchiveUnreachable,
    Limits,
    MassDisappearance,
    State,
)
from indexer.engines import EngineName
from indexer.extract import extract
from indexer.extract.endings import Unreadable
from indexer.extract.members import Unpacker
from indexer.model import Extraction
from indexer.worker import Task

ENGINE: EngineName = "whoosh" if importlib.util.find_spec("tantivy") is None else "tantivy"
NAMES = st.sampled_from(["一.txt", "二.txt", "三.zip", "子/四.txt", "子/五.zip", "子/深/六.txt", "另/七.txt"])
FOLDERS = st.sampled_from(["子", "子/深", "另"])
CUTS = st.sampled_from(["keep_texts", "store", "write", "mark_missing"])


class PowerCut(BaseException):
    """Ends a sync where it stands."""


class InThisProcess:
    """Reads as the workers do, without processes."""

    def __init__(self, limits: Limits, scratch: Path, **_: Any) -> None:
        self._limits = limits
        self._scratch = scratch
        scratch.mkdir(exist_ok=True)

    def __enter__(self) -> InThisProcess:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._scratch)

    def extract_all(self, tasks: Iterable[Task]) -> Iterator[tuple[str, Extraction]]:
        source = iter(tasks)
        while task := next(source, None):
            yield task.key, self._read(task)

    def _read(self, task: Task) -> Extraction:
        if not task.inside:
            return extract(task.path, self._limits)
        try:
            with Unpacker(self._scratch, self._limits).member(task.path, task.inside) as file:
                return extract(file, self._limits)
        except Unreadable as ending:
            return ending.extraction()


def word(number: int) -> str:
    """A word of one version of one file."""
    return "标" + "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in f"{number:05}") + "记"


def remove(folder: Path) -> None:
    """The folder is gone, though threads of a writer that was cut off may still be putting files into it."""
    last = time.monotonic() + 15
    while folder.exists():
        try:
            shutil.rmtree(folder)
        except OSError:
            if time.monotonic() > last:
                raise


class Archive(RuleBasedStateMachine):
    """The archive of ``truth``: for every file its words, those of a ZIP in its members' order."""

    blind: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self.home = Path(tempfile.mkdtemp(prefix="converge-"))
        self.root = self.home / "档案"
        self.root.mkdir()
        (self.root / MARKER_NAME).touch()
        self.truth: dict[str, tuple[str, ...]] = {}
        self.number = 0
        self.away: dict[str, tuple[str, ...]] = {}
        self.patches = contextlib.ExitStack()
        self.patches.enter_context(patch("indexer.sync.WorkerPool", InThisProcess))
        if self.blind:
            self._blind()
        self.index = self._opened()

    def _blind(self) -> None:
        """The control: the index sees only size and mtime, and trusts stamps however young."""

        def poor(found: os.stat_result) -> tuple[int, int, int, int]:
            return (found.st_size, found.st_mtime_ns, 0, 0)

        self.patches.enter_context(patch("indexer.scan._numbers", poor))
        self.patches.enter_context(patch("indexer.sync.RACY_NS", -(10**18)))

    def _opened(self) -> ArchiveIndex:
        return ArchiveIndex.open(self.root, self.home / "库", engine=ENGINE)

    def teardown(self) -> None:
        self.index.close()
        self.patches.close()
        remove(self.home)

    def _content(self, name: str, size: int = 2) -> bytes:
        """New content for a file; its words are the truth."""
        words = []
        for _ in range(size if name.endswith(".zip") else 1):
            self.number += 1
            words.append(word(self.number))
        self.truth[name] = tuple(words)
        if not name.endswith(".zip"):
            return f"督导材料 {words[0]}".encode()
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as package:
            for at, one in enumerate(words):
                package.writestr(f"{at}.txt", f"督导材料 {one}")
        return buffer.getvalue()

    def _here(self, names: Iterable[str]) -> list[str]:
        return sorted(name for name in names if name in self.truth)

    @initialize(names=st.lists(NAMES, min_size=3, unique=True))
    def begin(self, names: list[str]) -> None:
        for name in names:
            self.write(name, size=2)
        self.index.sync()

    @rule(name=NAMES, size=st.integers(1, 3))
    def write(self, name: str, size: int) -> None:
        file = self.root / name
        if not self.root.exists() or any(parent in self.away for parent in (name.split("/")[0],)):
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(self._content(name, size))

    @rule(data=st.data())
    def write_over_keeping_size_and_time(self, data: st.DataObject) -> None:
        """As copy tools do; only ctime tells."""
        if name := self._any(data):
            file = self.root / name
            before, size = file.stat(), len(self.truth[name])
            file.write_bytes(self._content(name, size))
            assert file.stat().st_size == before.st_size
            os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))

    @rule(data=st.data(), onto=NAMES)
    def rename(self, data: st.DataObject, onto: str) -> None:
        """To a name of the same sort, over what stands there."""
        name = self._any(data)
        if name and name != onto and name[-4:] == onto[-4:]:
            (self.root / onto).parent.mkdir(parents=True, exist_ok=True)
            (self.root / name).replace(self.root / onto)
            self.truth[onto] = self.truth.pop(name)

    @rule(data=st.data())
    def save_as_editors_do(self, data: st.DataObject) -> None:
        """The old aside, the new in its place, the old away; for a moment there is no file."""
        if name := self._any(data):
            file = self.root / name
            fresh = file.with_name(f"~WRD{self.number}.tmp")
            fresh.write_bytes(self._content(name))
            file.rename(file.with_name(f"~WRL{self.number}.tmp"))
            fresh.rename(file)
            file.with_name(f"~WRL{self.number - len(self.truth[name])}.tmp").unlink(missing_ok=True)
            for left in file.parent.glob("~WRL*"):
                left.unlink()

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        if name := self._any(data):
            (self.root / name).unlink()
            del self.truth[name]

    @rule(data=st.data())
    def touch(self, data: st.DataObject) -> None:
        if name := self._any(data):
            (self.root / name).touch()

    @rule(folder=FOLDERS)
    def move_a_folder_out(self, folder: str) -> None:
        if (self.root / folder).is_dir() and not (self.home / "外").exists():
            (self.root / folder).rename(self.home / "外")
            names = [name for name in self.truth if name.startswith(f"{folder}/")]
            self.away = {name: self.truth.pop(name) for name in names}
            self.outside = folder

    @precondition(lambda self: (self.home / "外").exists())
    @rule()
    def move_it_back(self) -> None:
        target = self.root / self.outside
        if target.exists():
            shutil.rmtree(target)
            for name in [name for name in self.truth if name.startswith(f"{self.outside}/")]:
                del self.truth[name]
        target.parent.mkdir(parents=True, exist_ok=True)
        (self.home / "外").rename(target)
        self.truth |= self.away
        self.away = {}

    @rule()
    def look_while_the_share_is_away(self) -> None:
        """Nothing is concluded from it."""
        before = {item.path: item.state for item in self.index.items()}
        self.root.rename(self.home / "拔掉")
        with pytest.raises(ArchiveUnreachable):
            self.index.sync()
        self.root.mkdir()  # an empty mount point
        with contextlib.suppress(MassDisappearance):
            self.index.sync()
            self.index.sync()
        self.root.rmdir()
        (self.home / "拔掉").rename(self.root)
        assert {item.path for item in self.index.items()} == before.keys(), "nothing was given up"

    @rule()
    def sync(self) -> None:
        self.index.sync()

    @rule(at=CUTS, calls=st.integers(1, 3), kept=st.booleans())
    def power_cut_in_a_sync(self, at: str, calls: int, *, kept: bool) -> None:
        """Before or just after the ``calls``-th call that writes; then the index is opened anew."""
        place = f"indexer.guard.GuardedEngine.{at}" if at == "write" else f"indexer.manifest.Manifest.{at}"
        owner, _, name = place.rpartition(".")
        module, _, kind = owner.rpartition(".")
        real = getattr(getattr(importlib.import_module(module), kind), name)
        left = [calls]

        def cut(this: Any, *given: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0 and not kept:
                raise PowerCut
            found = real(this, *given, **named)
            if left[0] == 0:
                raise PowerCut
            return found

        with patch(place, cut), contextlib.suppress(PowerCut):
            self.index.sync()
        self.index.close()
        self.index = self._opened()

    @rule()
    def compare(self) -> None:
        """After two quiet syncs: the same files, the same words, and a fresh index says the same."""
        self.index.sync()
        self.index.sync()
        self._agrees(self.index)
        assert self.index.sync().added == 0

    @rule()
    def compare_with_a_fresh_index(self) -> None:
        self.index.sync()
        self.index.sync()
        with ArchiveIndex.open(self.root, self.home / "新库", engine=ENGINE) as fresh:
            fresh.sync()
            self._agrees(fresh)
            shown, again = ({item.path: item.sha256 for item in one.items()} for one in (self.index, fresh))
            assert shown == again
        shutil.rmtree(self.home / "新库")

    def _agrees(self, index: ArchiveIndex) -> None:
        documents = dict.fromkeys(self.truth, "")
        for name, words in self.truth.items():
            if name.endswith(".zip"):
                documents |= {f"{name}{MEMBER_MARK}{at}.txt": one for at, one in enumerate(words)}
            else:
                documents[name] = words[0]
        items = {item.path: item.state for item in index.items()}
        assert items == dict.fromkeys(documents, State.INDEXED)
        for path, one in documents.items():
            if one:
                assert [hit.path for hit in index.search(f'"{one}"').hits] == [path]
        texts = sum(bool(one) for one in documents.values())
        assert index.search("督导材料", limit=1).total == texts, "and nothing that is no more"

    def _any(self, data: st.DataObject) -> str | None:
        names = self._here(self.truth)
        return data.draw(st.sampled_from(names)) if names else None


class Blind(Archive):
    """The control."""

    blind = True


def test_any_work_and_any_breaks_converge(*, torture: bool) -> None:
    run_state_machine_as_test(
        Archive,
        settings=settings(
            max_examples=300 if torture else 25,
            stateful_step_count=30 if torture else 14,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            derandomize=not torture,
            database=None,
        ),
    )


def test_an_index_blind_to_ctime_is_found_out() -> None:
    """The machine has teeth: without ctime and inode a kept size and time hide a change."""
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            Blind,
            settings=settings(
                max_examples=60,
                stateful_step_count=12,
                deadline=None,
                suppress_health_check=list(HealthCheck),
                derandomize=True,
                database=None,
                phases=[Phase.generate],
                report_multiple_bugs=False,
            ),
        )
