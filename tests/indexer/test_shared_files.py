"""Real files of many formats, damaged and hostile ones among them: each ends in a named state of its own."""

from __future__ import annotations

import csv
import os
import re
import time
from pathlib import Path

import pytest

from indexer.model import Extraction, Limits, State
from indexer.workers import WorkerPool

WALL_SECONDS = 5.0
READ = {"docx", "docm", "doc", "xlsx", "xlsm", "ppt", "msg", "pdf", "pptx", "pptm", "odt", "ods", "odp"}
READ |= {"rtf", "html", "htm", "eml", "mhtml", "xls", "xlsb"}
ADDED_AS = {"txt", "csv"}
WITH_SCRIPTS = {"html", "htm"}
"""Formats whose count of Chinese takes in what no reader is shown."""


@pytest.fixture(scope="module")
def listed(shared: Path) -> list[dict[str, str]]:
    with (shared / "data" / "files" / "INDEX.tsv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


@pytest.fixture(scope="module")
def found(shared: Path, listed: list[dict[str, str]]) -> dict[str, Extraction]:
    folder = shared / "data" / "files"
    began = time.monotonic()
    with WorkerPool(Limits(wall_seconds=WALL_SECONDS)) as pool:
        results = dict(pool.extract_all((row["name"], folder / row["name"]) for row in listed))
    assert time.monotonic() - began < 80
    return results


def chinese(extraction: Extraction) -> int:
    return sum(len(re.findall(r"[\u4e00-\u9fff]", passage.text)) for passage in extraction.passages)


@pytest.mark.xdist_group("shared files")
def test_every_file_ends_in_a_named_state(listed: list[dict[str, str]], found: dict[str, Extraction]) -> None:
    assert len(found) == len(listed) == 336
    silent = [
        name
        for name, one in found.items()
        if not (one.passages if one.state is State.INDEXED else one.reason and one.remedy)
    ]
    assert silent == []


@pytest.mark.xdist_group("shared files")
def test_sound_files_of_the_formats_that_are_read_are_not_called_damaged(
    listed: list[dict[str, str]], found: dict[str, Extraction]
) -> None:
    wrong = [
        (row["name"], found[row["name"]].reason)
        for row in listed
        if row["kind"] == "ok"
        and row["ext"] in READ
        and found[row["name"]].state in {State.CORRUPT, State.ENCRYPTED}
    ]
    assert wrong == []


@pytest.mark.xdist_group("shared files")
def test_encrypted_office_files_and_pdfs_are_told_apart(
    listed: list[dict[str, str]], found: dict[str, Extraction]
) -> None:
    states = {
        row["name"]: found[row["name"]].state
        for row in listed
        if row["kind"] == "encrypted" and row["ext"] in {"docx", "xlsx", "pptx"}
    }
    assert states
    assert set(states.values()) == {State.ENCRYPTED}


@pytest.mark.xdist_group("shared files")
def test_the_chinese_of_sound_files_is_found(
    listed: list[dict[str, str]], found: dict[str, Extraction]
) -> None:
    known = {
        row["name"]: int(row["cjk_chars"])
        for row in listed
        if row["kind"] == "ok"
        and row["ext"] in (READ | ADDED_AS) - WITH_SCRIPTS
        and int(row["cjk_chars"] or 0) >= 10
    }
    read = {name: chinese(found[name]) for name in known if found[name].state is State.INDEXED}
    assert len(read) >= 20
    short = {name: (count, known[name]) for name, count in read.items() if count < 0.95 * known[name]}
    assert short == {}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="要读 /proc")
@pytest.mark.xdist_group("shared files")
def test_no_worker_is_left_over(found: dict[str, Extraction]) -> None:
    assert found
    left = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
                line = (entry / "cmdline").read_text("utf-8")
            except OSError:
                continue
            if parent == os.getpid() and "indexer.workers" in line:
                left.append(entry.name)
    assert left == []
