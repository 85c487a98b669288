"""The index against death, full disks and rotten bytes: it recovers by itself and nothing is lost.

The oracle walks the archive on its own. Each campaign prints its seed and has a control that must fail.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import MARKER_NAME, ArchiveIndex, IndexerError, State

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="信号和挂载只在 POSIX 上有")
ENGINES = [
    "whoosh",
    pytest.param(
        "tantivy",
        marks=pytest.mark.skipif(importlib.util.find_spec("tantivy") is None, reason="没有安装 tantivy"),
    ),
]

SYNC_FOR_EVER = """
import sys
from pathlib import Path
import indexer.sync as sync
from indexer import ArchiveIndex
sync.BATCH_FILES, sync.TEXTS_AT_ONCE = 8, 4
with ArchiveIndex.open(Path(sys.argv[1]), Path(sys.argv[2]), engine=sys.argv[3]) as index:
    while True:
        index.sync(accept_disappearance=True)
"""
SYNC_ONCE_WITH_SMALL_FILES = """
import resource, sys
from pathlib import Path
from indexer import ArchiveIndex, IndexerError
most = int(sys.argv[4])
resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
try:
    with ArchiveIndex.open(Path(sys.argv[1]), Path(sys.argv[2]), engine=sys.argv[3]) as index:
        index.sync()
except IndexerError as error:
    sys.exit(f"{error.problem}|{error.remedy}")
"""


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "档案"
    folder.mkdir()
    (folder / MARKER_NAME).touch()
    return folder


def opened(root: Path, home: Path, engine: str) -> ArchiveIndex:
    return ArchiveIndex.open(root, home, engine=engine)  # type: ignore[arg-type]  # one of ENGINES


def token(number: int) -> str:
    """A word that stands in one version of one file only; digits alone would be found inside longer ones."""
    return "标" + "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in f"{number:06}") + "记"


class Clerk:
    """Works on an archive at random, and knows what each file holds."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.random = random.Random(seed)
        self.files: dict[str, str] = {}
        self.number = 0

    def write(self, name: str) -> None:
        self.number += 1
        self.files[name] = token(self.number)
        file = self.root / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"督导材料 {token(self.number)} 正文。" * 20, encoding="utf-8")

    def work(self, acts: int) -> None:
        for _ in range(acts):
            act = self.random.choice(["new", "new", "edit", "rename", "delete"])
            if act == "new" or len(self.files) < 5:
                self.write(f"文件夹{self.random.randrange(5)}/材料{self.number}.txt")
                continue
            name = self.random.choice(sorted(self.files))
            if act == "edit":
                self.write(name)
            elif act == "rename":
                target = f"改名{self.number}-{self.random.randrange(10**6)}.txt"
                (self.root / name).rename(self.root / target)
                self.files[target] = self.files.pop(name)
            else:
                (self.root / name).unlink()
                del self.files[name]


def disagreements(index: ArchiveIndex, clerk: Clerk) -> list[str]:
    """Where the index and the archive say different things; by the clerk's own book and own hashing."""
    wrong = []
    listed = {item.path: item for item in index.items()}
    if listed.keys() != clerk.files.keys():
        wrong.append(f"listed {sorted(listed.keys() ^ clerk.files.keys())}")
    for path, word in clerk.files.items():
        item = listed.get(path)
        if item is None or item.state is not State.INDEXED:
            wrong.append(f"{path} is {item}")
        elif item.sha256 != hashlib.sha256((clerk.root / path).read_bytes()).hexdigest():
            wrong.append(f"{path} has an old hash")
        found = [hit.path for hit in index.search(f'"{word}"').hits]
        if found != [path]:
            wrong.append(f"{word} of {path} found in {found}")
    total = index.search("督导材料", limit=1).total
    if total != len(clerk.files):
        wrong.append(f"{total} of {len(clerk.files)} found")
    return wrong


def processes_with(mark: str) -> list[str]:
    found = []
    for environment in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark.encode() in environment.read_bytes():
                found.append(environment.parent.name)
        except OSError:
            continue
    return found


def test_a_sync_killed_again_and_again_recovers_and_loses_nothing(
    root: Path, tmp_path: Path, engine: str, *, torture: bool
) -> None:
    seed = 20261122
    clerk = Clerk(root, seed)
    clerk.work(60)
    home, mark = tmp_path / "库", f"INDEX_FAULT_MARK={tmp_path.name}-{os.getpid()}"
    environment = os.environ | dict([mark.split("=")])
    kills = 50 if torture else 5
    for kill in range(kills):
        victim = subprocess.Popen(
            [sys.executable, "-c", SYNC_FOR_EVER, str(root), str(home), engine], env=environment
        )
        time.sleep(clerk.random.uniform(0.15, 1.6))
        clerk.work(8)
        time.sleep(clerk.random.uniform(0.0, 0.4))
        assert victim.poll() is None, f"seed {seed}, kill {kill}: the sync ended by itself"
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        if kill % 5 == 4:
            with opened(root, home, engine) as index:
                index.search("督导材料")
    end = time.monotonic() + 10
    while processes_with(mark) and time.monotonic() < end:
        time.sleep(0.1)
    assert processes_with(mark) == [], "a worker outlived its parent"

    with opened(root, home, engine) as index:
        for _ in range(3):
            index.sync(accept_disappearance=True)
        assert disagreements(index, clerk) == [], f"seed {seed}"
        assert index.sync().added == 0
    control = Clerk(root, seed)
    control.files = {**clerk.files, next(iter(clerk.files)): token(999_999)}
    with opened(root, home, engine) as index:
        assert len(disagreements(index, control)) == 1, "the oracle notices a single wrong word"


def test_a_disk_that_takes_no_more_is_said_and_survived(
    root: Path, tmp_path: Path, engine: str, *, torture: bool
) -> None:
    clerk = Clerk(root, 7)
    for number in range(60):
        clerk.write(f"{number}.txt")
    home = tmp_path / "库"
    sizes = [int(500 * 1.35**step) for step in range(25)] if torture else [0, 4_000, 30_000, 100_000]
    refused = 0
    # Measuring coverage would need a file of its own, which the limit does not let the child write.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    for most in sizes:
        done = subprocess.run(
            [sys.executable, "-c", SYNC_ONCE_WITH_SMALL_FILES, str(root), str(home), engine, str(most)],
            env=environment,
            capture_output=True,
            check=False,
            encoding="utf-8",
        )
        if done.returncode:
            refused += 1
            assert "Traceback" not in done.stderr, f"{most} bytes: {done.stderr}"
            problem, remedy = done.stderr.strip().split("|")
            assert problem.startswith("检索库")
            assert "磁盘" in remedy
    assert refused, "some limit has to bite"

    with opened(root, home, engine) as index:
        index.sync()
        assert disagreements(index, clerk) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "小盘"
    folder.mkdir()
    mounted = shutil.which("mount") and subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if not mounted or mounted.returncode:
        pytest.skip("不能挂载小磁盘（需要管理员权限）")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.filterwarnings(
    "ignore::pytest.PytestUnraisableExceptionWarning"
)  # Whoosh forgets files it half wrote
def test_a_full_disk_in_the_middle_and_a_read_only_one(root: Path, small_disk: Path, engine: str) -> None:
    clerk = Clerk(root, 11)
    for number in range(120):
        clerk.write(f"{number}.txt")
        noise = "".join(chr(clerk.random.randrange(0x4E00, 0x4E40)) for _ in range(6000))
        (root / f"{number}.txt").write_text(
            f"督导材料 {clerk.files[f'{number}.txt']} {noise}", encoding="utf-8"
        )
    home = small_disk / "库"

    def remount(options: str) -> None:
        subprocess.run(["mount", "-o", f"remount,{options}", str(small_disk)], check=True)

    with opened(root, home, engine) as index:
        for _ in range(2):
            with pytest.raises(IndexerError, match=r"检索库(读写失败|写不进去)"):
                index.sync()
        remount("size=200m")
        index.sync()
        assert disagreements(index, clerk) == [], "the same object goes on once there is room"
    clerk.write("只读时.txt")
    remount("ro")
    with pytest.raises(IndexerError, match="检索库"), opened(root, home, engine) as index:
        index.sync()
    remount("rw")
    with opened(root, home, engine) as index:
        assert index.sync().added == 1
        assert disagreements(index, clerk) == []


def test_rotten_bytes_never_crash_and_never_hide_a_file_for_good(
    root: Path, tmp_path: Path, engine: str, *, torture: bool
) -> None:
    """A flip may change an answer unnoticed (no engine sums up all it stores); a rebuild always rights it."""
    clerk = Clerk(root, 13)
    for number in range(40):
        clerk.write(f"{number}.txt")
    home, kept = tmp_path / "库", tmp_path / "好"
    with opened(root, home, engine) as index:
        index.sync()
    shutil.copytree(home, kept)
    noticed = 0
    for flip in range(50 if torture else 8):
        shutil.rmtree(home)
        shutil.copytree(kept, home)
        files = sorted(file for file in home.rglob("*") if file.is_file() and file.stat().st_size)
        file = clerk.random.choice(files)
        data = bytearray(file.read_bytes())
        for _ in range(1 + flip % 3 * 20):
            data[clerk.random.randrange(len(data))] ^= 1 << clerk.random.randrange(8)
        file.write_bytes(data)
        try:
            with opened(root, home, engine) as index:
                index.search("督导材料")
                report = index.sync()
                noticed += bool(report.rebuilt)
        except IndexerError:  # any other exception fails the test
            noticed += 1
    shutil.rmtree(home)
    with opened(root, home, engine) as index:
        index.sync()
        assert disagreements(index, clerk) == []
    assert noticed or not torture


@pytest.mark.parametrize("first", ["search", "sync"])
def test_an_index_that_rots_while_it_is_open_is_rebuilt_in_use(
    root: Path, tmp_path: Path, engine: str, first: str
) -> None:
    clerk = Clerk(root, 17)
    for number in range(20):
        clerk.write(f"{number}.txt")
    home = tmp_path / "库"
    with opened(root, home, engine) as index:
        index.sync()
        for file in (home / engine).rglob("*"):
            if file.is_file() and "fingerprint" not in file.name and "lock" not in file.name.lower():
                file.unlink()
        if first == "search":
            assert index.search("督导材料").total == 20
        clerk.write("又一份.txt")
        assert "重建" in index.sync().rebuilt
        assert disagreements(index, clerk) == []
