"""The vectors of ``vectors.toml`` through the library and through ``python -m indexer``."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from indexer import MEMBER_MARK, ArchiveIndex, Limits
from indexer.extract import READERS
from indexer.extract.sniff import Kind, kind_of
from tests.indexer.vector_makers import Vector, make

VECTORS: list[Vector] = tomllib.loads(Path(__file__).with_name("vectors.toml").read_text("utf-8"))["vector"]
LIMITS = Limits(wall_seconds=60.0)
BY_OTHERS = {Kind.WORKS, Kind.OLE}
"""Kinds that no program here writes: their own tests bring bytes of such files."""
every_vector = pytest.mark.parametrize("vector", VECTORS, ids=[vector["file"] for vector in VECTORS])
in_one_place = pytest.mark.xdist_group("vectors")

Told = Mapping[str, Any]
"""What is known of a file: ``state``, ``reason``, ``facts`` and ``passages``, as JSON has them."""


def words(text: str) -> str:
    return "".join(text.split())


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory, need_program: Callable[[str], str]) -> Path:
    folder = tmp_path_factory.mktemp("vectors") / "档案"
    folder.mkdir()
    for vector in VECTORS:
        make(folder, vector, need_program)
    return folder


@pytest.fixture(scope="module")
def by_library(archive: Path) -> Iterator[Callable[[str], Told]]:
    with ArchiveIndex.open(archive, archive.parent / "库", limits=LIMITS) as index:
        index.sync()
        items = {item.path: item for item in index.items()}

        def told(path: str) -> Told:
            item = items[path]
            passages = [
                {"label": one.label, "page": one.page, "text": one.text} for one in index.text_of(path)
            ]
            facts = {name: getattr(item.facts, name) for name in ("title", "author", "page_count")}
            return {"state": item.state, "reason": item.reason, "facts": facts, "passages": passages}

        yield told


@pytest.fixture(scope="module")
def by_command(archive: Path) -> Callable[[str], Told]:
    home = archive.parent / "命令行的库"

    def said(*arguments: str) -> Any:
        command = [sys.executable, "-X", "utf8", "-m", "indexer", *arguments, "--home", str(home), "--json"]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=300, check=True)
        return json.loads(done.stdout)

    assert said("sync", str(archive))["added"] >= len(VECTORS)

    def told(path: str) -> Told:
        found = said("text", str(archive), path)
        told: Told = found["item"] | {"passages": found["passages"]}
        return told

    return told


def check(vector: Vector, told: Callable[[str], Told]) -> None:
    found = told(vector["file"])
    assert found["state"] == vector.get("state", "indexed"), found["reason"]
    assert bool(found["reason"]) is (found["state"] != "indexed")
    passages = [[one["label"], one["page"] or 0, words(one["text"])] for one in found["passages"]]
    assert passages == [[label, page, words(text)] for label, page, text in vector.get("passages", [])]
    for name, value in vector.get("facts", {}).items():
        assert found["facts"][name] == value
    for name, text in vector.get("members", {}).items():
        (one,) = told(f"{vector['file']}{MEMBER_MARK}{name}")["passages"]
        assert words(one["text"]) == words(text)


def test_every_kind_has_a_vector() -> None:
    assert {Kind[vector["kind"]] for vector in VECTORS} == set(READERS) - BY_OTHERS


@in_one_place
@every_vector
def test_a_file_is_what_it_is_by_its_content(vector: Vector, archive: Path, tmp_path: Path) -> None:
    source = archive / vector["file"]
    assert kind_of(source) is Kind[vector["kind"]]
    unnamed = tmp_path / "没有后缀"
    unnamed.write_bytes(source.read_bytes())
    if vector["kind"] != "PLAIN":
        assert kind_of(unnamed) is Kind[vector["kind"]]


@in_one_place
@every_vector
def test_a_vector_through_the_library(vector: Vector, by_library: Callable[[str], Told]) -> None:
    check(vector, by_library)


@in_one_place
@every_vector
def test_a_vector_through_the_command_line(vector: Vector, by_command: Callable[[str], Told]) -> None:
    check(vector, by_command)
