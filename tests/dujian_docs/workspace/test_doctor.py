"""The health checks: each trouble is made for real, found under its name, and answered with what to do."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import SimpleNamespace

import pytest

from dujian_docs.documents.fonts import FULL_SET
from dujian_docs.workspace import doctor
from tests.conftest import Run

ISSUE = ("issue", "通知", "--record", "督导活动/DD2026-03")


def found(run: Run, name: str) -> tuple[str, str, str]:
    """Level, finding and remedy of the check of that name."""
    (check,) = [check for check in run("doctor", "--json").data if check["name"] == name]
    return check["level"], check["finding"], check["remedy"]


def edit_settings(county: Path, old: str, new: str) -> None:
    file = county / "dujian.toml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def test_a_healthy_workspace(synced: Path, run: Run) -> None:
    """All that belongs to the workspace is well; whatever is not says what to do."""
    checks = run("doctor", "--json").data
    own = ["Python", "机关设置", "档案文件夹", "根目录标志", "工作区位置", "公文模板", "记录库", "检索"]
    assert {check["name"] for check in checks if check["level"] == "正常"} >= set(own)
    assert all(check["remedy"] for check in checks if check["level"] != "正常")
    assert not any(check["remedy"] for check in checks if check["level"] == "正常")
    assert "收录 5 个文件" in found(run, "检索")[1]
    assert found(run, "读不出文字的文件")[:2] == ("提示", "1 个")


def test_an_office_without_a_name(county: Path, run: Run) -> None:
    edit_settings(county, 'name = "云岭县人民政府教育督导室"', 'name = ""')
    level, finding, remedy = found(run, "机关设置")
    assert (level, "机关全称" in finding, "dujian.toml" in remedy) == ("须处理", True, True)
    assert run("doctor").status == 3


def test_an_archive_that_is_away(county: Path, run: Run) -> None:
    shutil.move("archive", "拔掉的盘")
    assert found(run, "档案文件夹")[0] == "须处理"
    assert "共享盘" in found(run, "档案文件夹")[2]
    assert found(run, "根目录标志")[0] == "提示"


def test_an_archive_that_may_not_be_written(county: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    allowed = os.access
    monkeypatch.setattr(os, "access", lambda path, mode: Path(path).name != "archive" and allowed(path, mode))
    assert found(run, "档案文件夹")[0] == "须处理"
    assert "权限" in found(run, "档案文件夹")[1]


def test_a_workspace_on_a_share(county: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "on_network", lambda folder: True)
    level, finding, remedy = found(run, "工作区位置")
    assert (level, "网络盘" in finding, "本机硬盘" in remedy) == ("须处理", True, True)


def test_a_disk_that_is_nearly_full(county: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: SimpleNamespace(free=512 * 1024**2))
    assert found(run, "磁盘空间") == ("须处理", "剩余 0.5 GB", "清理磁盘，至少留出 2 GB")


def test_records_that_someone_changed(county: Path, run: Run) -> None:
    """A version altered behind the program's back breaks the chain."""
    with closing(sqlite3.connect(county / ".dujian" / "records.db")) as database:
        database.execute("DROP TRIGGER versions_keep_update")
        changed = database.execute(
            "UPDATE versions SET body = replace(body, '县财政局', '县税务局') WHERE \"key\" = 'D001'"
        ).rowcount
        database.commit()
    assert changed == 1
    level, finding, remedy = found(run, "记录库")
    assert (level, "留痕链" in finding, "备份" in remedy) == ("须处理", True, True)


def test_records_that_are_no_database(county: Path, run: Run) -> None:
    for file in (county / ".dujian").glob("records.db*"):
        file.unlink()
    (county / ".dujian" / "records.db").write_bytes(b"not a database" * 400)
    level, _, remedy = found(run, "记录库")
    assert (level, bool(remedy)) == ("须处理", True)


def test_a_number_left_reserved(county: Path, run: Run) -> None:
    """After a power cut between reserving and publishing the number is told; settling clears it."""
    cut_off = (
        "import os, sys\nimport dujian_docs.documents.issuing as issuing\nfrom dujian_docs.cli import main\n"
        "issuing.publish = lambda *_: os._exit(9)\nmain()"
    )
    ended = subprocess.run([sys.executable, "-c", cut_off, *ISSUE, "--yes"], capture_output=True, check=False)
    assert ended.returncode == 9, ended.stderr.decode()
    level, finding, remedy = found(run, "公文文号")
    assert (level, "1 个文号" in finding, "dujian register --settle" in remedy) == ("提示", True, True)
    assert run("register", "--settle").status == 0
    assert "公文文号" not in {check["name"] for check in run("doctor", "--json").data}


def test_without_the_fast_engine(county: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    known = importlib.util.find_spec

    def missing(name: str, package: str | None = None) -> ModuleSpec | None:
        return None if name == "rjieba" else known(name, package)

    with monkeypatch.context() as patch:
        patch.setattr(importlib.util, "find_spec", missing)
        checks = {check.name: check for check in [doctor._engine()]}
    assert (checks["快速引擎"].level, "rjieba" in checks["快速引擎"].finding) == (doctor.Level.NOTE, True)
    assert "fast" in checks["快速引擎"].remedy


def test_without_libreoffice(county: Path, run: Run) -> None:
    edit_settings(county, '# soffice = ""', 'soffice = "/没有/soffice"')
    level, finding, remedy = found(run, "LibreOffice")
    assert (level, "合订本" in finding, bool(remedy)) == ("提示", True, True)


def test_without_a_program_for_packages(county: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "package_program", lambda: None)
    level, finding, remedy = found(run, "压缩包")
    assert (level, "7z" in finding, "libarchive-tools" in remedy) == ("提示", True, True)
    monkeypatch.setattr(doctor, "package_program", lambda: "/usr/bin/bsdtar")
    assert found(run, "压缩包")[0] == "正常"


def test_without_fonts(county: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "installed_fonts", lambda: frozenset())
    level, finding, remedy = found(run, "预览字体")
    assert (level, "FandolFang" in finding, "WPS" in remedy) == ("提示", True, True)
    monkeypatch.setattr(doctor, "installed_fonts", lambda: frozenset(FULL_SET))
    assert found(run, "预览字体") == ("正常", "齐全", "")
