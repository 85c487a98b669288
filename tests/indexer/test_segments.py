"""A Whoosh segment read in place says what the copied one said, and nothing that lies beyond a part."""

from __future__ import annotations

import io
import mmap
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines import EngineDoc, choose, fingerprint_of
from indexer.engines.segments import _Part
from indexer.query import parse
from indexer.tokens import Lexicon

BEFORE, CONTENT, AFTER = b"before\n", b"one\ntwo\nthree", b"\nafter"


def part(folder: Path) -> tuple[_Part, mmap.mmap]:
    target = folder / "segment"
    target.write_bytes(BEFORE + CONTENT + AFTER)
    with target.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return _Part(mapped, len(BEFORE), len(CONTENT), "part"), mapped


STEPS = st.one_of(
    st.tuples(st.just("read"), st.integers(-1, 20)),
    st.tuples(st.just("readline"), st.just(0)),
    st.tuples(st.just("set"), st.integers(0, len(CONTENT))),
    st.tuples(st.just("end"), st.integers(-len(CONTENT), 0)),
    st.tuples(st.just("get"), st.integers(0, 20)),
)


@given(st.lists(STEPS, max_size=12))
def test_a_part_reads_like_a_file_of_its_own(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, int]]
) -> None:
    mine, mapped = part(tmp_path_factory.mktemp("part"))
    peer = io.BytesIO(CONTENT)
    for verb, number in steps:
        match verb:
            case "read":
                assert mine.read(number) == peer.read(number)
            case "readline":
                assert mine.readline() == peer.readline()
            case "get":
                assert mine.get(number, 5) == CONTENT[number : number + 5]
            case _:
                whence = os.SEEK_SET if verb == "set" else os.SEEK_END
                mine.seek(number, whence)
                peer.seek(number, whence)
        assert mine.tell() == peer.tell()
    mapped.close()


def test_the_index_opens_its_segments_in_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = choose("whoosh")
    fingerprint = fingerprint_of(kind, Lexicon())
    engine = kind.open(tmp_path, fingerprint)
    engine.write([EngineDoc(f"{n}", "", f"第{n}号督导通知") for n in range(50)], ())
    engine.close()
    opened = []
    in_place = _Part.__init__

    def told(one: _Part, *arguments: Any) -> None:
        opened.append(arguments[-1])
        in_place(one, *arguments)

    monkeypatch.setattr(_Part, "__init__", told)
    again = kind.open(tmp_path, fingerprint)
    found = again.search(parse("第7号").exact, (), limit=100, within=None)
    again.close()
    assert [one for one, _ in found.hits] == ["7"]
    assert opened
