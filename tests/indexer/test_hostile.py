"""Hostile and damaged files end in a named state within their limits, and cost the others nothing."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from indexer import MEMBER_MARK, ArchiveIndex, Item, Limits, State
from indexer.worker import Worker
from tests.indexer.hostile import BODY, HOSTILE, sound

LIMITS = Limits(wall_seconds=6.0, memory_bytes=1 << 30, text_chars=2_000_000)
NEIGHBOURS = 40
CUTS = (0.01, 0.1, 0.5, 0.9, 0.99)
FLIPS = 4


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, float]]:
    """How long every question to a worker took, and which file it was about."""
    found: list[tuple[str, float]] = []
    asked = Worker._asked

    def timed(worker: Worker, child: Any, question: dict[str, Any], most: float) -> Any:
        began = time.monotonic()
        try:
            return asked(worker, child, question, most)
        finally:
            if "path" in question:
                found.append((Path(question["path"]).name, time.monotonic() - began))

    monkeypatch.setattr(Worker, "_asked", timed)
    return found


def synced(archive: Path, home: Path, limits: Limits = LIMITS) -> dict[str, Item]:
    with ArchiveIndex.open(archive, home, limits=limits) as index:
        index.sync()
        assert index.sync().added == 0
        for number in range(NEIGHBOURS):
            assert index.text_of(f"邻居/{number}.txt")[0].text == f"第{number}号{BODY}"
        words = " ".join(passage.text for item in index.items() for passage in index.text_of(item.path))
        assert "root:" not in words
        return {item.path: item for item in index.items()}


def write_neighbours(archive: Path) -> None:
    (archive / "邻居").mkdir(parents=True)
    for number in range(NEIGHBOURS):
        (archive / "邻居" / f"{number}.txt").write_text(f"第{number}号{BODY}", "utf-8")


def check_named(items: dict[str, Item]) -> None:
    """Every file is in a state; one without text says why and what to do."""
    silent = [
        item.path
        for item in items.values()
        if item.state is not State.INDEXED and not (item.reason and item.remedy)
    ]
    assert silent == []
    assert all(item.state is not State.VANISHED for item in items.values())


def test_hostile_files_cost_only_themselves(tmp_path: Path, seconds: list[tuple[str, float]]) -> None:
    archive = tmp_path / "档案"
    write_neighbours(archive)
    for name, made in HOSTILE.items():
        (archive / name).write_bytes(made())
    items = synced(archive, tmp_path / "库")
    check_named(items)
    assert set(HOSTILE) <= set(items)
    late = [(name, spent) for name, spent in seconds if spent > LIMITS.wall_seconds + 1]
    assert late == []
    states = {name: items[name].state for name in HOSTILE}
    assert states["两格巨表.xlsx"] is State.INDEXED
    assert states["巨图.png"] is State.PENDING_OCR  # refused by its size when its turn comes
    refused = {
        "膨胀的正文.docx", "许多空段.docx", "哈哈.docx", "外部实体.docx", "哈哈.ofd", "外部实体.odt",
        "谎报页数.pdf", "十万页.pdf", "许多.zip", "套邮件.eml",
    }  # fmt: skip
    assert {name for name in refused if states[name] is not State.REFUSED} == set()
    assert items[f"零.zip{MEMBER_MARK}零.txt"].state is State.REFUSED
    inside = [path for path in items if path.startswith("套压缩包.zip")]
    assert any("层" in items[path].reason for path in inside)


def test_damaged_files_end_in_a_named_state(tmp_path: Path) -> None:
    (tmp_path / "好").mkdir()
    archive = tmp_path / "档案"
    write_neighbours(archive)
    chance = random.Random(9704)
    for good in sound(tmp_path / "好"):
        content = good.read_bytes()
        (archive / good.name).write_bytes(content)
        for cut in CUTS:
            (archive / f"截到{cut}{good.name}").write_bytes(content[: int(len(content) * cut)])
        for number in range(FLIPS):
            damaged = bytearray(content)
            for _ in range(max(1, len(content) // 200)):
                damaged[chance.randrange(len(damaged))] ^= 1 << chance.randrange(8)
            (archive / f"错{number}{good.name}").write_bytes(damaged)
    items = synced(archive, tmp_path / "库", Limits(wall_seconds=20.0))
    check_named(items)
    for good in (tmp_path / "好").iterdir():
        assert items[good.name].state is State.INDEXED, items[good.name]
    states = Counter(item.state for path, item in items.items() if not path.startswith("邻居/"))
    assert states[State.CORRUPT] > 20
