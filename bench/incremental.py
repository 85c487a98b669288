"""How long it takes until a change is searchable, and what a sync costs when nothing changed.

The peer of the second is a bare walk (os.scandir and stat of every file), in turns in the same run.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

from bench import Measurement
from indexer import MARKER_NAME, ArchiveIndex
from indexer.engines import EngineName

FILES = 5_000
ROUNDS = 9
SEED = 7
ENGINES: tuple[EngineName, ...] = ("whoosh", "tantivy")
_WORDS = (
    "督导",
    "评估",
    "教育",
    "经费",
    "均衡发展",
    "问题整改",
    "责任督学",
    "通知",
    "2025年",
    "乡镇",
    "师资",
)


def measure(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """For each engine: one changed file, and nothing changed."""
    files = 50 if quick else FILES
    root = folder / "档案"
    write_archive(root, files)
    for engine in ENGINES:
        with ArchiveIndex.open(root, folder / engine, engine=engine) as index:
            begun = time.perf_counter()
            index.sync()
            first = time.perf_counter() - begun
            time.sleep(2.5)  # stamps younger than two seconds are not trusted yet
            index.sync()
            yield _one_changed(index, engine, files, first)
            time.sleep(2.5)
            index.sync()
            yield _nothing_changed(index, engine, files)


def write_archive(root: Path, files: int) -> None:
    """An archive of small text files in folders of a hundred, the same every time."""
    chooser = random.Random(SEED)
    for number in range(files):
        file = root / f"{number // 100:03}" / f"材料{number:05}.txt"
        file.parent.mkdir(parents=True, exist_ok=True)
        text = "".join(chooser.choice(_WORDS) for _ in range(150))
        file.write_text(f"第{number}号材料。{text}", encoding="utf-8")
    (root / MARKER_NAME).touch()


def walked(root: Path) -> int:
    """The peer: every file's stat, and nothing kept; returns how many there are."""
    count = 0
    folders = [str(root)]
    while folders:
        with os.scandir(folders.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    folders.append(entry.path)
                else:
                    entry.stat(follow_symlinks=False)
                    count += 1
    return count


def _one_changed(index: ArchiveIndex, engine: str, files: int, first: float) -> Measurement:
    seconds: list[float] = []
    for turn in range(ROUNDS):
        word = f"新写的标记{turn}号"
        file = (
            index.archive
            / f"{turn % max(files // 100, 1):03}"
            / f"材料{turn % max(files // 100, 1) * 100:05}.txt"
        )
        file.write_text(f"{word}，督导。", encoding="utf-8")
        begun = time.perf_counter()
        index.sync()
        found = index.search(f'"{word}"').total
        seconds.append(time.perf_counter() - begun)
        if found != 1:
            raise AssertionError(f"改动没有检索到：{word} 命中 {found} 个文件")
    return Measurement(
        f"改动一个文件到可检索，{engine}",
        "最慢 ≤ 1 秒",
        max(seconds),
        1.0,
        at_most=True,
        unit="秒",
        corpus=f"{files} 个 txt",
        figures={"中位 秒": round(statistics.median(seconds), 3), "首次收录 秒": round(first, 2)},
    )


def _nothing_changed(index: ArchiveIndex, engine: str, files: int) -> Measurement:
    bare: list[float] = []
    synced: list[float] = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        walked(index.archive)
        between = time.perf_counter()
        report = index.sync()
        synced.append(time.perf_counter() - between)
        bare.append(between - begun)
        if report.unchanged != files:
            raise AssertionError(f"没有改动却收录了：{report}")
    walk = statistics.median(bare)
    return Measurement(
        f"没有改动时同步，{engine}",
        "≤ 1.5 × 裸遍历 + 0.3 秒",
        statistics.median(synced),
        1.5 * walk + 0.3,
        at_most=True,
        unit="秒",
        corpus=f"{files} 个 txt",
        figures={"裸遍历 秒": round(walk, 4), "最慢 秒": round(max(synced), 3)},
    )
