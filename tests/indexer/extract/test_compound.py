"""Compound files: streams of every size in every kind of container, and no loop or count that is believed."""

from __future__ import annotations

import random
import struct
import time
from pathlib import Path

import pytest

from indexer.extract.compound import open_compound
from indexer.extract.endings import Unreadable
from indexer.model import State
from tests.indexer.extract.compounds import write_compound

CHANCE = random.Random(7)
STREAMS = {
    "无": b"",
    "小": CHANCE.randbytes(1),
    "Storage/内": CHANCE.randbytes(64),
    "Storage/深/处": CHANCE.randbytes(4_095),
    "大": CHANCE.randbytes(4_096),
    "更大": CHANCE.randbytes(100_000),
}


@pytest.mark.parametrize("shift", [9, 12])
def test_streams_come_out_as_they_went_in(tmp_path: Path, shift: int) -> None:
    with open_compound(write_compound(tmp_path / "文件", STREAMS, sector_shift=shift)) as found:
        assert {"/".join(path): found.stream(*path) for path in found.paths()} == STREAMS
        assert found.stream("storage", "内") == STREAMS["Storage/内"]
        assert found.has("Storage", "深")
        assert not found.has("内")
        assert found.stream("Storage", "深") == found.stream("没有") == b""


def test_a_file_too_large_for_its_header_is_read_whole(tmp_path: Path) -> None:
    streams = {"前": CHANCE.randbytes(16_500_000), "后": CHANCE.randbytes(5_000)}
    with open_compound(write_compound(tmp_path / "大", streams)) as found:
        assert found.stream("后") == streams["后"]
        assert found.stream("前") == streams["前"]


def changed(target: Path, place: int, value: int) -> Path:
    data = bytearray(target.read_bytes())
    struct.pack_into("<I", data, place, value)
    target.write_bytes(data)
    return target


@pytest.mark.parametrize(
    ("place", "value"), [(48, 0xFFFFFFFE), (48, 1 << 20), (76, 0xFFFFFFFF), (30, 0xFFFF)]
)
def test_a_container_without_a_directory_is_corrupt(tmp_path: Path, place: int, value: int) -> None:
    target = changed(write_compound(tmp_path / "坏", STREAMS), place, value)
    with pytest.raises(Unreadable) as ending, open_compound(target) as found:
        found.paths()
    assert ending.value.state is State.CORRUPT


def test_a_stream_longer_than_its_file_is_corrupt(tmp_path: Path) -> None:
    target = write_compound(tmp_path / "坏", {"长": bytes(5_000), "短": bytes(10)})
    data = target.read_bytes()
    at = data.index("长".encode("utf-16-le") + bytes(60))
    with open_compound(changed(target, at + 120, 1 << 30)) as found:
        assert found.stream("短") == bytes(10)
        with pytest.raises(Unreadable):
            found.stream("长")


def test_loops_end(tmp_path: Path) -> None:
    target = write_compound(tmp_path / "圈", {"长": bytes(50_000), "短": b"x"})
    data = bytearray(target.read_bytes())
    table = 512 + int.from_bytes(data[76:80], "little") * 512
    for place in range(table, table + 400, 4):  # every sector leads to itself
        struct.pack_into("<I", data, place, (place - table) // 4)
    struct.pack_into("<II", data, 68, 3, 0xFFFFFFFF)  # and so does the list of tables
    target.write_bytes(data)
    began = time.monotonic()
    with open_compound(target) as found:
        assert len(found.stream("长")) == 50_000
        assert found.stream("短") == b"x"
    assert time.monotonic() - began < 1


def test_streams_that_the_tree_lost_are_found(tmp_path: Path) -> None:
    target = write_compound(tmp_path / "断", {"甲": b"1", "乙": b"2"})
    root = target.read_bytes().index("Root".encode("utf-16-le"))
    with open_compound(changed(target, root + 76, 0xFFFFFFFF)) as found:
        assert (found.stream("甲"), found.stream("乙")) == (b"1", b"2")
