"""The check speaks of the archive as it is now, or not at all; a mistyped filter is never a clean bill."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Run

NOTE = "迎检档案/A1-B1-C1 领导机构/2026/C1-01_2026_县政府办公室_领导小组文件.txt"


def state(run: Run, code: str = "C1-01") -> str:
    rows: list[dict[str, Any]] = run("check", "--all", "--json").data
    (found,) = {str(row["state"]) for row in rows if row["code"] == code}
    return found


def test_a_check_needs_no_sync_before_it(county: Path, run: Run) -> None:
    """Never synced, the index lost, its list of files destroyed, a file just gone: the check is right."""
    assert state(run) == "present"
    shutil.rmtree(".dujian/index")
    assert state(run) == "present"
    for file in Path(".dujian/index").glob("manifest.db*"):
        file.write_bytes(bytes(range(256)) * 12)
    assert state(run) == "present"
    Path("archive", NOTE).unlink()
    assert state(run) == "missing"
    Path("archive", NOTE).write_text("关于成立教育督导工作领导小组的通知", encoding="utf-8")
    assert state(run) == "present"


def test_nobody_is_chased_for_what_is_there(county: Path, run: Run) -> None:
    """Without any index a chasing notice for a unit that owes nothing is refused, and no number is spent."""
    shutil.rmtree(".dujian/index", ignore_errors=True)
    run("issue", "催报通知", "--unit", "县政府办公室", "--yes").refused(4, "没有缺件")
    assert run("register", "--json").data == []


@pytest.mark.parametrize(
    "words",
    [
        ("check",),
        ("bundle", "包.zip", "--no-pdf"),
        ("confirm", "C3-01", "待归档/安全材料.txt", "--unit", "S002", "--year", "2026"),
        ("issue", "催报通知", "--unit", "县财政局", "--yes"),
    ],
    ids=lambda words: words[0],
)
def test_an_archive_that_is_away_is_neither_complete_nor_missing(
    synced: Path, run: Run, words: tuple[str, ...]
) -> None:
    shutil.move("archive", "拔掉的盘")
    run(*words).refused(5, "archive")
    Path("archive").mkdir()
    run(*words).refused(5, ".archive-root")
    assert not Path("包.zip").exists()
    assert run("register", "--json").data == []


@pytest.mark.parametrize(
    ("words", "named"),
    [(("--year", "1999"), ["1999", "2026"]), (("--indicator", "Z9"), ["Z9", "A1"])],
    ids=["year", "indicator"],
)
def test_a_mistyped_filter_is_refused(
    county: Path, run: Run, words: tuple[str, str], named: list[str]
) -> None:
    for verb in (("check",), ("bundle", "包.zip", "--no-pdf")):
        run(*verb, *words).refused(2, *named)


def test_a_part_that_asks_for_nothing_is_not_complete(county: Path, run: Run) -> None:
    done = run("check", "--unit", "T001", "--indicator", "C1")
    assert "没有应备件" in done.stdout
    assert "全部齐备" not in done.stdout


def test_a_search_before_any_sync_says_so(county: Path, run: Run) -> None:
    done = run("search", "领导小组")
    assert "dujian sync" in done.said
    assert run("search", "领导小组", "--json").json["warnings"]
    run("sync")
    assert "dujian sync" not in run("search", "没有这样的词甲乙").said
    assert "第 100 个起没有了" in run("search", "领导小组", "--offset", "99").stdout


def test_a_demonstration_does_not_wipe_the_folder_one_stands_in(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "演示" / "里面").mkdir(parents=True)
    (tmp_path / "演示" / ".dujian-demo").touch()
    (tmp_path / "演示" / "我的.txt").touch()
    monkeypatch.chdir(tmp_path / "演示" / "里面")
    for folder in (".", "..", str(tmp_path / "演示")):
        run("demo", folder).refused(1, "演示")
    assert (tmp_path / "演示" / "我的.txt").exists()
