"""The archive's verbs: filters of a search, live watching, and files that break or vanish before a check."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import pytest

from dujian_docs.workspace import Workspace, watch
from indexer import SyncReport
from tests.conftest import Run
from tests.dujian_docs.conftest import BROKEN, SUGGESTED


def paths(run: Run, *words: str) -> list[str]:
    return sorted(hit["path"] for hit in run("search", *words, "--json").data["hits"])


def test_filters_narrow_a_search(synced: Path, run: Run) -> None:
    """Folder, unit (by code, name or alias), year and indicator each leave what belongs to them."""
    pledge = "迎检档案/A2-B2-C3 校园安全/2026/C3-01_2026_青溪镇中心小学_校园安全责任状.txt"
    budget = "迎检档案/A1-B1-C2 教育经费/2025/C2-01_2025_县财政局_财政决算报告.docx"
    assert paths(run, "校园安全责任状") == sorted([pledge, SUGGESTED])
    assert paths(run, "校园安全责任状", "--folder", "待归档") == [SUGGESTED]
    assert paths(run, "校园安全责任状", "--unit", "S001") == [pledge]
    assert paths(run, "校园安全责任状", "--indicator", "C3") == [pledge]
    assert paths(run, "校园安全责任状", "--indicator", "c2") == []
    for unit in ("D001", "县财政局", "财政局"):
        assert paths(run, "决算", "--unit", unit) == [budget]
    assert paths(run, "决算", "--year", "2025") == [budget]
    assert paths(run, "决算", "--year", "2024") == []
    run("search", "决算", "--unit", "县气象局").refused(2, "县气象局")


def test_a_notice_that_chases_a_file_is_not_that_file(synced: Path, run: Run) -> None:
    """The office's own chasing notice names all that is missing; after it nothing is less missing."""

    def states() -> dict[tuple[str, str, int], str]:
        rows = run("check", "--all", "--json").data
        return {(row["code"], row["unit"], row["year"]): row["state"] for row in rows if row["code"]}

    before = states()
    assert before["C2-01", "D001", 2026] == "missing"
    assert run("issue", "催报通知", "--unit", "县财政局", "--yes").status == 0
    assert run("sync").status == 0
    assert paths(run, "财政决算报告", "--folder", "发文"), "the notice names it"
    assert states() == before


def test_a_file_inside_a_zip_is_found_and_is_no_evidence(county: Path, run: Run) -> None:
    """It is searched like any other; the ZIP is suggested, and confirming what is in it says what to do."""
    package = county / "archive" / "待归档" / "上报.zip"
    with zipfile.ZipFile(package, "w") as made:
        made.writestr("C1-01_2026_县政府办公室_领导小组文件.txt", "关于调整教育督导工作领导小组的通知")
    (gone,) = Path("archive/迎检档案/A1-B1-C1 领导机构/2026").iterdir()
    gone.unlink()
    assert run("sync").status == 0
    inside = "待归档/上报.zip!/C1-01_2026_县政府办公室_领导小组文件.txt"
    assert paths(run, "调整教育督导工作") == [inside]
    rows = run("check", "--all", "--json").data
    (row,) = [row for row in rows if row["code"] == "C1-01"]
    assert (row["state"], row["path"]) == ("suggested", "待归档/上报.zip"), "its list of names says so"
    assert inside not in str(rows)
    done = run("confirm", "C1-01", inside, "--unit", "G001", "--year", "2026")
    done.refused(4, "压缩包", "解压")


def test_the_check_tells_broken_and_vanished_files(synced: Path, run: Run) -> None:
    """A broken file under the right name is unreadable, not missing; one that is gone is missing again."""

    def state(code: str, unit: str) -> str:
        rows = run("check", "--all", "--json").data
        (row,) = [row for row in rows if row["code"] == code and row["unit"] == unit]
        return str(row["state"])

    assert state("C3-02", "T001") == "unreadable"
    assert state("C1-01", "G001") == "present"
    Path("archive", BROKEN).unlink()
    (gone,) = Path("archive/迎检档案/A1-B1-C1 领导机构/2026").iterdir()
    gone.unlink()
    assert run("sync", "--accept-disappearance").status == 0
    assert state("C3-02", "T001") == "missing"
    assert state("C1-01", "G001") == "missing"


def test_watching_a_workspace(county: Path, run: Run) -> None:
    """A file dropped in is searchable without a word; a share that goes away is told, and taken up again."""
    stop, woken = threading.Event(), threading.Condition()
    reports: list[SyncReport] = []

    def told(report: SyncReport) -> None:
        with woken:
            reports.append(report)
            woken.notify_all()

    def until(what: str, holds: object) -> None:
        assert callable(holds)
        with woken:
            assert woken.wait_for(lambda: any(holds(report) for report in reports), timeout=60), what

    def watching() -> None:
        with open_workspace(county, **{"index.rescan_seconds": "5"}) as office:
            watch(office, stop, told)

    thread = threading.Thread(target=watching)
    thread.start()
    try:
        until("first look", lambda report: report.added == 5)
        (county / "archive" / "待归档" / "新到.txt").write_text("食堂陪餐记录", encoding="utf-8")
        until("a new file", lambda report: report.added == 1)
        assert paths(run, "陪餐记录") == ["待归档/新到.txt"]
        shutil.move(county / "archive", county / "拔掉的盘")
        until("away", lambda report: any("读不到" in one for one in report.warnings))
        shutil.move(county / "拔掉的盘", county / "archive")
        reports.clear()
        until("back", lambda report: report.unchanged == 6)
    finally:
        stop.set()
        thread.join(timeout=60)
    assert not thread.is_alive()


def open_workspace(folder: Path, **overrides: str) -> Workspace:
    from datetime import datetime

    return Workspace.open(folder, overrides=overrides, environment={}, clock=lambda: datetime(2026, 11, 2, 9))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows 不能给子进程发这种信号")
def test_the_watch_verb_ends_on_ctrl_c(synced: Path) -> None:
    """``dujian watch`` says what it watches, and ends with status 0 when told to."""
    watching = subprocess.Popen(
        [sys.executable, "-m", "dujian_docs", "watch"],
        cwd=synced,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    assert watching.stderr is not None
    assert "正在监视" in watching.stderr.readline().decode()
    watching.send_signal(signal.SIGINT)
    out, _ = watching.communicate(timeout=60)
    assert (watching.returncode, "已停止监视" in out.decode()) == (0, True)
