"""The index against death, full disks and rotten bytes: it recovers by itself and nothing is lost.

Death by signal is in test_kill_faults.py, and with it the controls of the oracle.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import ArchiveIndex, IndexerError
from tests.faults.oracle import Clerk, compared, made_archive

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="信号和挂载只在 POSIX 上有")
ENGINES = [
    "whoosh",
    pytest.param(
        "tantivy",
        marks=pytest.mark.skipif(importlib.util.find_spec("tantivy") is None, reason="没有安装 tantivy"),
    ),
]

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
    return made_archive(tmp_path / "档案")


def opened(root: Path, home: Path, engine: str) -> ArchiveIndex:
    return ArchiveIndex.open(root, home, engine=engine)  # type: ignore[arg-type]  # one of ENGINES


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
        assert not compared(index, clerk)


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
        assert not compared(index, clerk), "the same object goes on once there is room"
    clerk.write("只读时.txt")
    remount("ro")
    with pytest.raises(IndexerError, match="检索库"), opened(root, home, engine) as index:
        index.sync()
    remount("rw")
    with opened(root, home, engine) as index:
        assert index.sync().added == 1
        assert not compared(index, clerk)


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
        assert not compared(index, clerk)
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
        assert not compared(index, clerk)
