"""A hundred thousand small files: building, being killed while building, a sync with nothing changed, memory.

Runs in child processes, whose peaks of memory are their own; the peer of the quiet sync is a bare walk.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import Measurement
from bench.incremental import ENGINES, write_archive

FILES = 100_000
KILLED_AFTER = 0.5
"""The share of the files after which the first build is killed."""
_CHILD = """
import json, resource, statistics, sys, time
from pathlib import Path
from bench.incremental import walked
from indexer import ArchiveIndex
root, home, engine, rounds = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
told = {}
def heard(progress):
    if progress.stage == "读取文字":
        print(progress.done, flush=True)
with ArchiveIndex.open(root, home, engine=engine) as index:
    begun = time.perf_counter()
    report = index.sync(progress=heard if sys.argv[5] == "tell" else None)
    told["sync"] = time.perf_counter() - begun
    told["added"] = report.added
    bare, quiet = [], []
    for _ in range(rounds):
        begun = time.perf_counter()
        walked(root)
        between = time.perf_counter()
        if index.sync().unchanged != report.added + report.unchanged:
            raise AssertionError("nothing had changed")
        quiet.append(time.perf_counter() - between)
        bare.append(between - begun)
    if rounds:
        told["bare"], told["quiet"] = statistics.median(bare), statistics.median(quiet)
    told["items"] = len(index.items())
told["rss"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps(told), flush=True)
"""


def measure(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """For each engine: what a killed build has to do again, a quiet sync, and the peak of memory."""
    files = 400 if quick else FILES
    root = folder / "档案"
    write_archive(root, files)
    for engine in ENGINES:
        home = folder / engine
        before = killed(root, home, engine, int(files * KILLED_AFTER))
        time.sleep(2.5)  # younger stamps are not trusted
        built = child(root, home, engine, 0)
        quiet = child(root, home, engine, 3)
        if built["items"] != files:
            raise AssertionError(f"{engine}: {built['items']} of {files}")
        corpus = f"{files} 个 txt，{engine}"
        yield Measurement(
            "杀掉后再收录，重新读的文件占已读的比例",
            "≤ 5 %",
            1 - (files - built["added"]) / before,
            0.05,
            at_most=True,
            unit="",
            corpus=corpus,
            figures={
                "杀掉前已读": before,
                "再收录新增": built["added"],
                "再收录 秒": round(built["sync"], 1),
            },
        )
        yield Measurement(
            "没有改动时同步",
            "≤ 1.5 × 裸遍历",
            quiet["quiet"] / quiet["bare"],
            1.5,
            at_most=True,
            corpus=corpus,
            figures={"裸遍历 秒": round(quiet["bare"], 3), "空同步 秒": round(quiet["quiet"], 3)},
        )
        yield Measurement(
            "内存峰值（主进程）",
            "≤ 400 MB",
            max(built["rss"], quiet["rss"]),
            400,
            at_most=True,
            unit="MB",
            corpus=corpus,
            figures={"收录 MB": round(built["rss"]), "空同步 MB": round(quiet["rss"])},
        )


def child(root: Path, home: Path, engine: str, rounds: int) -> dict[str, Any]:
    """What a process of its own measured: a sync, and ``rounds`` quiet ones."""
    done = subprocess.run(
        [sys.executable, "-c", _CHILD, str(root), str(home), engine, str(rounds), "hush"],
        stdout=subprocess.PIPE,
        check=True,
    )
    return dict(json.loads(done.stdout))


def killed(root: Path, home: Path, engine: str, after: int) -> int:
    """A build is killed once it has read ``after`` files; how many it had read."""
    with subprocess.Popen(
        [sys.executable, "-c", _CHILD, str(root), str(home), engine, "0", "tell"], stdout=subprocess.PIPE
    ) as building:
        assert building.stdout is not None  # noqa: S101  asked for above
        read = 0
        for line in building.stdout:
            read = int(line) if line.strip().isdigit() else read
            if read >= after:
                building.send_signal(signal.SIGKILL)
                break
    return read
