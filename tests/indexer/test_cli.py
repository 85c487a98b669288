"""``python -m indexer``: every verb, in words and as JSON, and its two sentences when something is wrong."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import docx
import pytest

from indexer import MARKER_NAME


def run(*words: str | Path, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "indexer", *map(str, words)],
        capture_output=True,
        check=False,
        encoding="utf-8",
        env=os.environ | {"PYTHONIOENCODING": "utf-8"} | (env or {}),
        timeout=300,
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
    assert re.search(r"\n已损坏 1 个：.+。.+\n   二\.pdf\n", synced)

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


NOTICE = (
    "云岭县教育督导室关于开展责任督学挂牌督导工作的通知。各乡镇中心学校要在三月底前报送督导记录和整改台账，"
    "逾期未报的由督导室催报；责任督学每月到校一次，听课、查看食堂、走访师生，发现问题当场反馈。"
)


@pytest.fixture
def notices(root: Path) -> Path:
    for year in (2023, 2024):
        (root / str(year)).mkdir()
        (root / str(year) / "通知.txt").write_text(NOTICE, encoding="utf-8")
    (root / "2024" / "改稿.txt").write_text(NOTICE.replace("三月底", "四月底"), encoding="utf-8")
    (root / "2024" / "台帐.txt").write_text(
        "整改台帐：青石镇中心小学，消防通道堵塞，已整改。", encoding="utf-8"
    )
    said("init", root)
    said("sync", root)
    return root


def test_duplicates_and_what_is_like_a_file(notices: Path) -> None:
    first, *others = said("duplicates", notices).splitlines()
    assert first == "1. 2023/通知.txt"
    assert "   完全相同：2024/通知.txt" in others
    assert any(re.fullmatch(r"   \d\d% 相同：2024/改稿\.txt", line) for line in others)
    mine = said("duplicates", notices, "2024/通知.txt").splitlines()
    assert mine[0] == "1. 2024/通知.txt"
    assert mine[1] == "   完全相同：2023/通知.txt"
    assert said("duplicates", notices, notices / "2024" / "通知.txt").splitlines() == mine, "a whole path too"
    assert said("duplicates", notices, "2024/台帐.txt") == "没有重复的文件\n"
    assert "2024/改稿.txt" in said("similar", notices, "2024/通知.txt")
    done = run("similar", notices, "没有.txt")
    assert (done.returncode, "没有收录“没有.txt”" in done.stderr) == (1, True)


def test_duplicates_as_json(notices: Path) -> None:
    (group,) = json.loads(said("duplicates", notices, "--json"))
    assert group[0] == {"path": "2023/通知.txt", "likeness": 1.0, "identical": True}
    assert {one["path"] for one in group} == {"2023/通知.txt", "2024/通知.txt", "2024/改稿.txt"}


def test_synonyms_are_named_and_can_be_left_out(notices: Path, tmp_path: Path) -> None:
    found = said("search", notices, "台账")
    assert "也找了：台帐" in found
    assert "2024/台帐.txt（同义）" in found
    assert "台帐.txt" not in said("search", notices, "台账", "--no-synonyms")
    own = tmp_path / "同义.txt"
    own.write_text("灭火器=消防通道\n", encoding="utf-8")
    assert "台帐.txt" in said("search", notices, "灭火器", "--synonyms", own)


def test_counts_by_folder_type_year_and_state(notices: Path) -> None:
    spread = said("search", notices, "整改", "--facets")
    assert spread.startswith("共 4 个文件\n")
    assert "文件夹：2024 3、2023 1" in spread
    assert "类型：txt 4" in spread
    assert told("search", notices, "整改", "--facets")["total"] == 4


def test_the_next_page_goes_on_where_the_first_ended(notices: Path) -> None:
    first = told("search", notices, "督导", "--limit", "2", "--sort", "name")
    token = first["token"]
    (notices / "2023" / "新增.txt").write_text(NOTICE, encoding="utf-8")
    said("sync", notices)
    more = ("--limit", "2", "--sort", "name", "--offset", "2", "--token", token)
    second = told("search", notices, "督导", *more)
    paths = [hit["path"] for page in (first, second) for hit in page["hits"]]
    assert paths == ["2023/通知.txt", "2024/改稿.txt", "2024/通知.txt", "一.txt"]
    assert said("search", notices, "督导", *more).splitlines()[1].startswith("3. ")


def test_what_is_wrong_is_two_chinese_sentences_and_status_one(root: Path, tmp_path: Path) -> None:
    said("sync", root)
    for words in (("search", root, '"责任'), ("sync", tmp_path / "没有")):
        done = run(*words)
        assert done.returncode == 1
        assert done.stdout == ""
        problem, remedy = done.stderr.splitlines()
        assert problem
        assert remedy.startswith("怎么办：")


@pytest.mark.parametrize(
    "words",
    [("search", "督导"), ("status",), ("duplicates",), ("similar", "一.txt"), ("text", "一.txt"), ("look",)],
)
def test_an_archive_that_was_never_indexed_is_told_and_gets_no_index(
    root: Path, words: tuple[str, ...]
) -> None:
    for folder, problem in ((root, "还没有收录"), (root.with_name("当案"), "没有")):
        done = run(words[0], folder, *words[1:])
        assert (done.returncode, done.stdout) == (1, "")
        assert problem in done.stderr
        assert "怎么办：" in done.stderr
    assert list(root.parent.iterdir()) == [root]


def test_the_status_names_a_file_that_was_not_found(root: Path) -> None:
    said("sync", root)
    (root / "一.txt").unlink()
    said("sync", root)
    assert re.search(r"\n找不到了 1 个：.+。.+\n   一\.txt\n", said("status", root))
    assert [one["path"] for one in told("status", root)["vanished"]] == ["一.txt"]


@pytest.mark.parametrize("verb", ["sync", "watch"])
def test_a_folder_that_never_was_gets_no_index(root: Path, verb: str) -> None:
    done = run(verb, root.with_name("当案"))
    assert done.returncode == 1
    assert "当案" in done.stderr
    assert list(root.parent.iterdir()) == [root]


def test_a_text_comes_with_what_the_file_tells_of_itself(root: Path) -> None:
    document = docx.Document()
    document.core_properties.title, document.core_properties.author = "开学督导", "李静"
    document.add_paragraph("请各校自查")
    document.save(str(root / "通知.docx"))
    said("sync", root)
    first, *rest = said("text", root, "通知.docx").splitlines()
    assert first.startswith("题名 开学督导；作者 李静；建立 2")
    assert rest == ["【正文】", "请各校自查"]
    assert said("text", root, "一.txt").startswith("【正文】\n")


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
    for verb in ("init", "sync", "look", "search", "similar", "duplicates", "status", "watch"):
        assert verb in text
    assert "收录新增和变动的文件" in text
