"""``dujian number`` and ``dujian register --check``: numbers by hand, and an old register taken over."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook
from openpyxl.workbook import Workbook

from tests.conftest import Run

INSPECTION = ("--record", "督导活动/DD2026-03")


@pytest.fixture
def year(county: Path, run: Run) -> str:
    """The year of the numbers that are given today."""
    return str(run("number", "next", "--json").data["document_number"]).partition("〔")[2][:4]


def test_a_number_is_held_used_and_void(county: Path, run: Run, year: str) -> None:
    assert run("number", "next").stdout == f"下一个号：云教督〔{year}〕1号\n"
    assert f"已占用 云教督〔{year}〕1号" in run("number", "hold", "函", "关于商请支持的函").stdout
    assert f"云教督〔{year}〕2号" in run("number", "hold", "函", "关于另一件事的函").stdout
    assert run("issue", "通知", *INSPECTION, "--json").data["document_number"] == f"云教督〔{year}〕3号"
    file = county / "archive" / "发文" / "函.docx"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(b"1")
    done = run("number", "use", f"云教督({year})01号", "发文/函.docx", "--date", f"{year}.3.5")
    assert f"云教督〔{year}〕1号 已用：发文/函.docx" in done.stdout
    assert run("number", "void", f"云教督〔{year}〕2号", "--reason", "不发了").status == 0
    listed = run("register").stdout
    assert "作废　关于另一件事的函（不发了）" in listed
    run("number", "void", f"云教督〔{year}〕1号", "--reason", "迟了").refused(1, "现在是“已用”")
    run("number", "use", f"云教督〔{year}〕2号", "发文/函.docx").refused(1, "现在是“作废”")
    checked = run("register", "--check", "--output", "登记.xlsx")
    assert checked.status == 0
    assert f"云教督〔{year}〕：已用 2、作废 1，下一个号 云教督〔{year}〕4号" in checked.stdout
    rows = list(load_workbook(county / "登记.xlsx").worksheets[0].iter_rows(min_row=2, values_only=True))
    assert [row[1] for row in rows] == ["已用", "作废", "已用"]
    assert str(rows[0][4]).startswith(f"{year}-03-05")


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("use", "云教督〔2018〕9号", "发文/函.docx"), 4, "档案里没有"),
        (("use", "云教督〔2018〕9号", "../外面.docx"), 4, "不在档案文件夹里"),
        (("use", "不是文号", "发文/函.docx"), 4, "不是发文字号"),
        (("void", "云教督〔2018〕9号", "--reason", "误"), 2, "登记簿里没有"),
        (("void", "云教督〔2018〕9号"), 2, "--reason"),
        (("import", "没有.xlsx"), 4, "没有文件"),
    ],
)
def test_what_cannot_be_done(county: Path, run: Run, words: tuple[str, ...], status: int, told: str) -> None:
    run("number", *words).refused(status, told)


def test_an_unsettled_number_stays_held_when_an_interruption_is_settled(
    county: Path, run: Run, year: str
) -> None:
    run("number", "hold", "函", "关于商请支持的函")
    assert run("register", "--settle").status == 0
    assert f"还没有落实：云教督〔{year}〕1号" in run("register", "--check").stdout


def test_an_old_register_is_taken_over_and_continued(county: Path, run: Run, year: str) -> None:
    workbook = Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in (
        ("文号", "标题"),
        (f"云教督{year}1号", "关于甲的通知"),
        (f"云教督[{year}]003号", "关于乙的通报"),
        ("看不清", "丙"),
    ):
        sheet.append(row)
    workbook.save("登记簿.xlsx")
    tried = run("number", "import", "登记簿.xlsx", "--dry-run")
    assert tried.status == 4
    assert f"云教督{year}1号 → 云教督〔{year}〕1号" in tried.stdout
    assert "（什么都没有写入）" in tried.stdout
    done = run("number", "import", "登记簿.xlsx", "--json").data
    assert (done["imported"], len(done["repaired"]), len(done["refused"])) == (2, 2, 1)
    checked = run("register", "--check")
    assert checked.status == 3
    assert f"缺号：云教督〔{year}〕2号" in checked.stdout
    assert run("number", "next", "--json").data["document_number"] == f"云教督〔{year}〕4号"
    assert run("number", "import", "登记簿.xlsx", "--json").data["imported"] == 0


def test_numbers_held_at_once_by_several_are_all_different(county: Path, run: Run) -> None:
    words = [sys.executable, "-m", "dujian_docs", "number", "hold", "函"]
    running = [
        subprocess.Popen([*words, f"第{at}件"], cwd=county, stdout=subprocess.DEVNULL) for at in range(8)
    ]
    assert {one.wait(timeout=300) for one in running} == {0}
    (series,) = run("register", "--check", "--json").data["series"]
    assert (len(series["open"]), series["gaps"]) == (8, [])


def test_a_file_that_was_changed_after_it_was_issued_is_noticed(county: Path, run: Run) -> None:
    issued = run("issue", "通知", *INSPECTION, "--json").data
    path = county / "archive" / issued["path"]
    assert run("register", "--check").status == 0
    whole = path.read_bytes()
    path.write_bytes(whole + b" ")
    done = run("register", "--check")
    assert done.status == 3
    assert f"{issued['document_number']} 的文件登记以后改过：{issued['path']}" in done.stdout
    path.unlink()
    (one,) = run("register", "--check", "--json").data["changed_files"]
    assert one["state"] == "不在登记的位置"
    path.write_bytes(whole)
    (county / "archive").rename(county / "别处")
    told = run("register", "--check")
    assert told.status == 0
    assert "没有核对文件" in told.stdout
