"""``python -m indexer``: every verb, in words and as JSON, and its two sentences when something is wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from indexer import MARKER_NAME


def run(*words: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "indexer", *map(str, words)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"} | (env or {}),
    )


def said(*words: str | Path) -> str:
    done = run(*words)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def told(*words: str | Path) -> dict[str, Any]:
    value = json.loads(said(*words, "--json"))
    assert isinstance(value, dict)
    return value


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "档案"
    folder.mkdir()
    (folder / "一.txt").write_text("2024年責任督學掛牌督導", encoding="utf-8")
    (folder / "二.pdf").write_bytes(b"%PDF-1.4 broken")
    return folder


def test_the_verbs_in_a_row(root: Path, tmp_path: Path) -> None:
    assert MARKER_NAME in said("sync", root), "without its marker the archive is warned of"
    assert "已标记" in said("init", root)
    assert (root / MARKER_NAME).exists()
    assert (tmp_path / ".档案-index").is_dir()

    synced = said("sync", root)
    assert synced.startswith("新增 0、不变 2\n")
    assert "已损坏：二.pdf（" in synced

    found = said("search", root, "责任督学")
    assert found == "共 1 个文件（原词）\n1. 一.txt\n   2024年【責任督學】掛牌督導\n"
    assert said("search", root, "没有的词").startswith("共 0 个文件")

    status = said("status", root)
    assert "已收录 1\n" in status
    assert "已损坏 1\n" in status
    assert "上次收录 20" in status


def test_the_same_as_json(root: Path) -> None:
    said("init", root)
    report = told("sync", root)
    assert (report["added"], report["warnings"]) == (2, [])
    assert report["unreadable"][0]["path"] == "二.pdf"
    result = told("search", root, "责任督学", "--sort", "name", "--limit", "1", "--under", ".")
    assert (result["total"], result["rung"]) == (1, "phrase")
    excerpt = result["hits"][0]["excerpts"][0]
    start, end = excerpt["marks"][0]
    assert excerpt["text"][start:end] == "責任督學"
    assert told("status", root)["counts"]["indexed"] == 1


def test_what_is_wrong_is_two_chinese_sentences_and_status_one(root: Path, tmp_path: Path) -> None:
    said("sync", root)
    for words in (("search", root, '"责任'), ("sync", tmp_path / "没有")):
        done = run(*words)
        assert done.returncode == 1
        assert done.stdout == ""
        problem, remedy = done.stderr.splitlines()
        assert problem
        assert remedy.startswith("怎么办：")


def test_a_console_of_another_code_page_is_no_reason_to_fail(root: Path) -> None:
    (root / "三.txt").write_text("督导 \U0002005d 評", encoding="utf-8")
    said("sync", root)
    done = subprocess.run(
        [sys.executable, "-m", "indexer", "search", str(root), "督导"],
        capture_output=True,
        check=False,
        env=os.environ | {"PYTHONIOENCODING": "gbk"},
    )
    assert done.returncode == 0, done.stderr
    assert "三.txt" in done.stdout.decode("gbk")


def test_a_great_clean_up_has_to_be_meant(root: Path) -> None:
    said("init", root)
    for number in range(25):
        (root / f"{number}.txt").write_text("督导", encoding="utf-8")
    said("sync", root)
    for number in range(25):
        (root / f"{number}.txt").unlink()
    assert "--accept-disappearance" in run("sync", root).stderr
    assert told("sync", root, "--accept-disappearance")["gone"] == 25


@pytest.mark.skipif(sys.platform == "win32", reason="Windows 不能给子进程发这种信号")
@pytest.mark.parametrize("by", [signal.SIGINT, signal.SIGTERM])
def test_watch_stops_when_told_and_leaves_no_process(root: Path, by: signal.Signals) -> None:
    said("init", root)
    command = [sys.executable, "-u", "-m", "indexer", "watch", str(root), "--interval", "1"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, encoding="utf-8", start_new_session=True
    ) as watching:
        assert watching.stdout is not None
        assert watching.stdout.readline() == "新增 2、不变 0\n"
        watching.send_signal(by)
        rest = watching.stdout.read()
        assert watching.wait(10) == 0
    assert rest.endswith("已停止监视\n")
    with pytest.raises(ProcessLookupError):
        os.killpg(watching.pid, 0)


def test_help_is_chinese_and_lists_every_verb() -> None:
    text = said("--help")
    for verb in ("init", "sync", "search", "status", "watch"):
        assert verb in text
    assert "收录新增和变动的文件" in text
