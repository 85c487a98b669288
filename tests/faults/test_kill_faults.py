"""Syncs and watches against death, storms, overflowing queues and shares that go.

Nothing is lost, doubled or stale. Each campaign prints its seed when it fails, and counts for the table at
the end. That the oracle can say no is shown at the end of this file, by syncs that were broken on purpose.
"""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from indexer import ArchiveIndex
from indexer.engines import EngineName
from indexer.sync import _Work
from tests.faults.conftest import Counted
from tests.faults.oracle import EVERYWHERE, Clerk, Findings, broken_promises, compared, made_archive, token

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="信号只在 POSIX 上有"),
    pytest.mark.xdist_group("watch"),
]
HAS_TANTIVY = importlib.util.find_spec("tantivy") is not None
ENGINES = [
    "whoosh",
    pytest.param("tantivy", marks=pytest.mark.skipif(not HAS_TANTIVY, reason="没有 tantivy")),
]
FAST: EngineName = "tantivy" if HAS_TANTIVY else "whoosh"
PATIENCE_SECONDS = 240.0
SEED = 20261122

# Both tell after every sync when it began and what is indexed, and only then go on.
CHILD = """
import json, os, sys, threading, time
from pathlib import Path
import indexer.sync as sync
import indexer.watch as front
from indexer import ArchiveIndex, IndexerError
front.POLLING_SECONDS = 1.0
root, home, engine, how, told = (*map(Path, sys.argv[1:3]), *sys.argv[3:5], Path(sys.argv[5]))
interval = float(sys.argv[6])
sync.BATCH_FILES, sync.TEXTS_AT_ONCE = 8, 4
begun = time.time()
def tell(report):
    global begun
    items = {item.path: item.sha256 for item in index.items() if item.state == "indexed"}
    fresh = told.with_suffix(".new")
    fresh.write_text(json.dumps({"begun": begun, "items": items, "gone": report.gone}), encoding="utf-8")
    fresh.replace(told)
    begun = time.time()
def trouble(error):
    global begun
    begun = time.time()
    told.with_suffix(".trouble").write_text(str(error), encoding="utf-8")
with ArchiveIndex.open(root, home, engine=engine) as index:
    if how == "watch":
        index.watch(threading.Event(), on_sync=tell, on_trouble=trouble, interval=interval)
    while True:
        begun = time.time()
        tell(index.sync(accept_disappearance=True))
"""


class Victim:
    """A process that syncs for ever, or watches, and what it told last."""

    def __init__(
        self,
        root: Path,
        home: Path,
        how: str,
        *,
        engine: str = FAST,
        interval: float = 2.0,
        through: tuple[str, ...] = (),
    ) -> None:
        self.told = home.with_name("告知.json")
        self.trouble = self.told.with_suffix(".trouble")
        self._argv = [
            *through,
            *(sys.executable, "-c", CHILD, str(root), str(home), engine, how, str(self.told), str(interval)),
        ]
        self._mark = f"{home}-{os.getpid()}"
        self.process = self.begin()

    def begin(self) -> subprocess.Popen[bytes]:
        self.process = subprocess.Popen(self._argv, env=os.environ | {"INDEX_FAULT_MARK": self._mark})
        return self.process

    def send(self, what: signal.Signals) -> None:
        assert self.process.poll() is None, f"seed {SEED}: it ended by itself"
        self.process.send_signal(what)

    def kill(self) -> None:
        self.send(signal.SIGKILL)
        self.process.wait()

    def last(self) -> tuple[float, dict[str, str]]:
        """When the last sync that was told began, and the hashes by path."""
        if not self.told.exists():
            return 0.0, {}
        told = json.loads(self.told.read_text(encoding="utf-8"))
        return told["begun"], told["items"]

    def knows(self, clerk: Clerk) -> bool:
        return self.last()[1].keys() == clerk.files.keys()

    def left(self) -> list[str]:
        """The processes it left behind."""
        found = []
        for environment in Path("/proc").glob("[0-9]*/environ"):
            try:
                if self._mark.encode() in environment.read_bytes():
                    found.append(environment.parent.name)
            except OSError:
                continue
        return found


@contextmanager
def victim(root: Path, home: Path, how: str, **named: Any) -> Iterator[Victim]:
    one = Victim(root, home, how, **named)
    try:
        yield one
    finally:
        one.process.kill()
        one.process.wait()


def wait_for(fact: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while not fact():
        assert time.monotonic() < end, f"seed {SEED}: waited in vain for {what}"
        time.sleep(0.05)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return made_archive(tmp_path / "档案")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "库"


class Judge:
    """Adds up what an oracle found, counts it for the table, and fails the test."""

    def __init__(self, counted: Counted) -> None:
        self._counted = counted
        self._found = Findings()

    def heard(self, found: Findings) -> None:
        self._found.lost += found.lost
        self._found.duplicated += found.duplicated
        self._found.stale += found.stale

    def decides(self, *, kills: int, files: int) -> None:
        found = self._found
        wrong = {name: len(getattr(found, name)) for name in ("lost", "duplicated", "stale")}
        self._counted(kills=kills, files=files, **wrong)
        assert not found, f"seed {SEED}: {found}"


@pytest.fixture
def judge(counted: Counted) -> Judge:
    return Judge(counted)


def converged(root: Path, home: Path, clerk: Clerk, engine: EngineName) -> Findings:
    """What is still wrong after the next start and the syncs that a disappearance takes."""
    clerk.rest()
    with ArchiveIndex.open(root, home, engine=engine) as index:
        for _ in range(3):
            index.sync(accept_disappearance=True)
        found = compared(index, clerk)
        assert index.sync().added == 0
    return found


@pytest.mark.parametrize("how", ["sync", "watch"])
@pytest.mark.parametrize("engine", ENGINES)
def test_killed_again_and_again(
    root: Path, home: Path, judge: Judge, engine: EngineName, how: str, *, torture: bool
) -> None:
    """What was told as indexed is found after every kill; the next start converges."""
    clerk = Clerk(root, SEED)
    clerk.work(60)
    kills = 60 if torture else 3
    with victim(root, home, how, engine=engine) as it:
        for kill in range(kills):
            if kill:
                it.begin()
            if kill % 3 == 0:
                begun = it.last()[0]
                wait_for(lambda: it.last()[0] > begun, "a sync")  # noqa: B023  called at once
            for _ in range(clerk.random.randrange(1, 8)):
                clerk.work(4)
                time.sleep(clerk.random.uniform(0.0, 0.25))
            it.kill()
            since, told = it.last()
            with ArchiveIndex.open(root, home, engine=engine) as index:
                judge.heard(broken_promises(index, clerk, told, since))
        wait_for(lambda: not it.left(), "the workers of the dead to end")
    judge.heard(converged(root, home, clerk, engine))
    judge.decides(kills=kills, files=clerk.number)


def test_a_storm_of_events(root: Path, home: Path, judge: Judge, *, torture: bool) -> None:
    """Files come in new folders faster than anything is read; no full look is due for an hour."""
    clerk = Clerk(root, SEED)
    with victim(root, home, "watch", interval=3600) as it:
        wait_for(it.told.exists, "the first sync")
        for storm in range(3 if torture else 1):
            for number in range(2000 if torture else 150):
                clerk.write(f"风暴{storm}-{number % 50}/{number}.txt")
            wait_for(lambda: it.knows(clerk), "all files")
        it.kill()
    with ArchiveIndex.open(root, home, engine=FAST) as index:
        judge.heard(compared(index, clerk))
    judge.decides(kills=1, files=clerk.number)


FEW_WATCHES = 'echo 20 > /proc/sys/user/max_inotify_watches && exec "$0" "$@"'
IN_A_SPACE_OF_ITS_OWN = ("unshare", "--user", "--map-root-user", "sh", "-c", FEW_WATCHES)


@pytest.mark.skipif(sys.platform != "linux", reason="inotify 只在 Linux 上有")
def test_watches_that_run_out(
    root: Path, home: Path, judge: Judge, need_program: Callable[[str], str], *, torture: bool
) -> None:
    """Twenty watches and more folders: looking round finds the rest, and the status says so."""
    need_program("unshare")
    if subprocess.run([*IN_A_SPACE_OF_ITS_OWN, "true"], capture_output=True, check=False).returncode:
        pytest.skip("不能给自己另设监视名额")
    clerk = Clerk(root, SEED)
    for number in range(500 if torture else 50):
        clerk.write(f"夹{number}/一.txt")
    with victim(root, home, "watch", interval=3600, through=IN_A_SPACE_OF_ITS_OWN) as it:
        wait_for(lambda: it.knows(clerk), "the files that were there")
        for number in range(500 if torture else 50):
            clerk.write(f"夹{number}/二.txt")
        wait_for(lambda: it.knows(clerk), "what came where nobody listens")
        with ArchiveIndex.open(root, home, engine=FAST) as index:
            assert "监视名额（fs.inotify.max_user_watches）不够" in index.status().notes[-1]
    judge.heard(converged(root, home, clerk, FAST))
    judge.decides(kills=1, files=clerk.number)


@pytest.mark.skipif(sys.platform != "linux", reason="inotify 只在 Linux 上有")
def test_a_queue_that_overflows(root: Path, home: Path, judge: Judge, *, torture: bool) -> None:
    """The watcher stands still while more happens than the system keeps; what came last is found too."""
    clerk = Clerk(root, SEED)
    clerk.work(20)
    room = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text(encoding="ascii"))
    filler = [root / "填.part", root / "满.part"]
    filler[0].touch()
    rounds = 8 if torture else 1
    with victim(root, home, "watch", interval=4) as it:
        wait_for(it.told.exists, "the first sync")
        for _ in range(rounds):
            it.send(signal.SIGSTOP)
            for _ in range(room // 4 + 10):  # two events for every rename
                filler[0].rename(filler[1])
                filler[1].rename(filler[0])
            clerk.work(30)
            clerk.rest()
            it.send(signal.SIGCONT)
            wait_for(lambda: it.knows(clerk), "what the lost events were about")
    judge.heard(converged(root, home, clerk, FAST))
    judge.decides(kills=0, files=clerk.number)


def test_a_share_that_goes_and_returns(root: Path, home: Path, judge: Judge, *, torture: bool) -> None:
    """An empty mount point is no deletion: nothing is given up, and all is there when the share is back."""
    clerk = Clerk(root, SEED)
    for number in range(30):
        clerk.write(f"{number}.txt")
    kept, rounds, wrong = dict(clerk.files), 10 if torture else 1, Findings()
    with victim(root, home, "watch", interval=1) as it:
        for turn in range(rounds):
            wait_for(lambda: it.knows(clerk), "all files")
            it.trouble.unlink(missing_ok=True)
            root.rename(root.with_name("断开"))
            root.mkdir()
            wait_for(it.trouble.exists, "the question")
            if turn % 2:
                it.kill()
                it.begin()
            root.rmdir()
            root.with_name("断开").rename(root)
            with ArchiveIndex.open(root, home, engine=FAST) as index:
                here = {item.path for item in index.items()}
                wrong.lost += sorted(kept.keys() - here)
            clerk.write(f"断开以后{turn}.txt")
        wait_for(lambda: it.knows(clerk), "all files after the last return")
    judge.heard(wrong)
    judge.heard(converged(root, home, clerk, FAST))
    judge.decides(kills=rounds // 2, files=clerk.number)


Break = Callable[[pytest.MonkeyPatch], None]


def forgets_a_text(broken: pytest.MonkeyPatch) -> None:
    """What is written to the engine has no body."""
    broken.setattr("indexer.feeding.normalise_text", lambda text: "" if EVERYWHERE in text else text)


def keeps_the_old(broken: pytest.MonkeyPatch) -> None:
    """Nothing that has been seen once is looked at again."""
    broken.setattr("indexer.scan._numbers", lambda _: (1, 1, 1, 1))


def never_gives_up(broken: pytest.MonkeyPatch) -> None:
    """A file that moved stays where it was, too."""
    broken.setattr("indexer.planning.CLEAN_SCANS_TO_GO", 99)
    broken.setattr("indexer.manifest.Manifest.mark_missing", lambda *_: None)
    broken.setattr(_Work, "_place", _as_new)


def _as_new(work: Any, stamp: Any, known: Any, sha256: str) -> Any:
    work._next_id += 1
    return work._as_seen(known.id if known else work._next_id - 1, stamp, sha256)


@pytest.mark.parametrize(
    ("how", "finds"), [(forgets_a_text, "lost"), (keeps_the_old, "stale"), (never_gives_up, "duplicated")]
)
def test_a_sync_broken_on_purpose_is_found_out(
    root: Path, home: Path, how: Break, finds: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = Clerk(root, SEED)
    with ArchiveIndex.open(root, home, engine=FAST) as index:
        for name in ("一.txt", "二.txt", "三.txt"):
            clerk.write(name)
        with monkeypatch.context() as broken:
            how(broken)
            index.sync()
            clerk.write("二.txt")
            clerk._rename("三.txt")
            for _ in range(3):
                index.sync()
            assert getattr(compared(index, clerk), finds)


@pytest.mark.parametrize("order", ["engine first", "manifest first"])
def test_a_manifest_that_runs_ahead_of_the_engine_is_found_out(
    root: Path, home: Path, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut off between the two, only one order can be taken up again: the other looks finished and is not."""
    clerk = Clerk(root, SEED)
    commit = _Work._commit

    def manifest_first(work: Any, seen: Any, gone: Any) -> None:
        work._manifest.store(seen, gone)
        commit(work, seen, gone)

    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    with ArchiveIndex.open(root, home, engine=FAST) as index:
        clerk.write("一.txt")
        os.utime(root / "一.txt", (0, 0))
        index.sync()
        clerk.write("一.txt")
        with monkeypatch.context() as broken:
            broken.setattr("indexer.sync.RACY_NS", -(10**18))
            if order == "manifest first":
                broken.setattr(_Work, "_commit", manifest_first)
            broken.setattr("indexer.guard.GuardedEngine.write", cut_off)
            with pytest.raises(KeyboardInterrupt):
                index.sync()
    with ArchiveIndex.open(root, home, engine=FAST) as index:
        index.sync()
        assert bool(compared(index, clerk).lost) is (order == "manifest first")


def test_the_oracle_notices_a_single_wrong_word_and_a_single_broken_promise(root: Path, home: Path) -> None:
    clerk = Clerk(root, SEED)
    clerk.work(20)
    clerk.rest()
    with ArchiveIndex.open(root, home, engine=FAST) as index:
        index.sync()
        told = {item.path: item.sha256 for item in index.items()}
        assert not compared(index, clerk)
        assert not broken_promises(index, clerk, told, time.time())
        name = min(clerk.files)
        assert len(broken_promises(index, clerk, told | {name: "another"}, time.time()).stale) == 1
        clerk.files[name] = token(999_999)
        assert len(compared(index, clerk).lost) == 1
        assert len(broken_promises(index, clerk, told, time.time()).lost) == 1
        assert not broken_promises(index, clerk, told, 0.0), "what was disturbed since is promised by nobody"
