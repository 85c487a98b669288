"""One clerk's day on the command line, from an empty folder to a dossier that proves itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from tests.conftest import Result, Run

OFFICE = "云岭县人民政府教育督导室"
YEAR = datetime.now(UTC).astimezone().year
LIST = f"""\
code: YL{YEAR}
title: 云岭县试用建档目录
year: {YEAR}
indicators:
- code: A1
  title: 保障措施
  points: 100
  children:
  - code: B1
    title: 教育投入
    points: 100
    children:
    - code: C1
      title: 校园安全
      points: 100
      required_files:
      - {{code: C1-01, title: 财政决算报告, responsible_unit: D001, years: [T], any_of: [财政决算]}}
      - {{code: C1-02, title: 校园安全责任状, scope: 学校, years: [T], any_of: [安全责任状]}}
"""
UNITS = [
    {"单位代码": "G001", "单位名称": OFFICE, "单位类别": "政府"},
    {"单位代码": "D001", "单位名称": "县财政局", "单位类别": "部门", "别名": "财政局"},
    {"单位代码": "S001", "单位名称": "青溪镇中心小学", "单位类别": "学校", "学段": "小学"},
]
WRONG_UNIT = {"单位代码": "S009", "单位名称": "白石镇中心小学", "单位类别": "幼儿园"}
PEOPLE = [
    {"人员编号": "P001", "姓名": "周明远", "所在单位": "G001", "职务": "主任", "联系电话": "0871-6000001"}
]
INSPECTION = {
    "活动编号": "DD1",
    "活动名称": "春季学期开学工作专项督导",
    "督导类型": "督学",
    "督导方式": "专项督导",
    "组织单位": "G001",
    "缘由": "为全面了解开学情况",
    "开始日期": f"{YEAR}-3-9",
    "结束日期": f"{YEAR}-3-11",
    "督导对象": "S001",
    "组长": "P001",
    "督导内容": "开学条件保障情况\n校园安全隐患排查",
    "需备材料": "自查报告",
    "联络员": "P001",
}
FOLDER = "迎检档案/A1-B1-C1 校园安全"
REPORT = f"{FOLDER}/{YEAR}/C1-01_{YEAR}_县财政局_财政决算报告.txt"
NOTE = "待归档/学校交来的.txt"


def fill(form: Path, rows: list[dict[str, str]]) -> None:
    """The rows stand in a form as a clerk types them under its headings."""
    workbook = load_workbook(form)
    sheet = workbook.worksheets[0]
    columns = {str(sheet.cell(1, at).value).rstrip("*＊"): at for at in range(1, sheet.max_column + 1)}
    for at, row in enumerate(rows, start=2):
        for title, value in row.items():
            sheet.cell(at, columns[title], value)
    workbook.save(form)


def list_workbook(yaml_records: Path, target: Path, run: Run) -> None:
    """The filing list of the records as one workbook of three sheets."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for title in ("建档目录", "指标", "应备件"):
        source = load_workbook(run("export", title, yaml_records / f"{title}.xlsx", "--json").data["path"])
        sheet = workbook.create_sheet(title)
        for row in source[title].iter_rows(values_only=True):
            sheet.append(row)
    workbook.save(target)


def put(archive: Path, path: str, text: str) -> None:
    (archive / path).parent.mkdir(parents=True, exist_ok=True)
    (archive / path).write_text(text, encoding="utf-8")


def done(result: Result, status: int = 0) -> Result:
    assert result.status == status, result.said
    return result


def test_a_clerks_day(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """From an empty folder: forms, records, list, notice, search, check, confirm, chase, dossier."""
    office = tmp_path / "督导室"
    done(run("init", office, "--name", OFFICE, "--series", "云教督"))
    monkeypatch.chdir(office)
    monkeypatch.setenv("DUJIAN_OFFICE_CONTACT", "值班室")
    monkeypatch.setenv("DUJIAN_OFFICE_PHONE", "0871-6123456")
    archive = office / "archive"

    records(run)
    filing_list(run, office)
    number = notice(run, archive)
    put(archive, NOTE, f"青溪镇中心小学{YEAR}年校园安全责任状\n落实一岗双责。")
    done(run("sync"))
    found_by_title_and_number(run, number)
    checked_and_confirmed(run)
    chased(run, archive)
    dossier(run, office)

    put(archive, REPORT, f"县财政局{YEAR}年度财政决算报告")
    done(run("sync"))
    assert "齐" in done(run("check", "--all")).stdout
    assert run("check", "--json").data == []
    run("issue", "催报通知", "--unit", "财政局").refused(4, "没有缺件")
    sealed = done(run("bundle", "齐.zip", "--no-pdf", "--json")).data
    assert (sealed["files"], sealed["gaps"]) == (2, 0)
    done(run("verify", "齐.zip", "--seal", sealed["seal"]))


def records(run: Run) -> None:
    """Three kinds come in through their forms; a wrong row stays out and is marked in a copy."""
    for title in ("单位", "人员", "督导活动"):
        done(run("template", title, f"{title}.xlsx"))
    units = Path("单位.xlsx")
    fill(units, [*UNITS, WRONG_UNIT])
    before = units.read_bytes()
    tried = done(run("import", units, "--dry-run"), 4)
    assert "新增 3" in tried.stdout
    assert "单位类别" in tried.stdout
    assert run("export", "单位", "空.json", "--json").data["count"] == 0, "a dry run stores nothing"
    assert not list(Path().glob("*校验结果*")), "nor does it write a copy"
    brought = done(run("import", units, "--json"), 4).data
    assert (brought["added"], brought["imported"], len(brought["wrong"])) == (3, True, 1)
    assert brought["wrong"][0]["field"] == "单位类别"
    cell = load_workbook(brought["marked_copy"])["单位"][brought["wrong"][0]["cell"]]
    assert cell.comment is not None
    assert "幼儿园" in cell.comment.text
    assert cell.fill.fgColor.rgb not in {None, "00000000"}
    assert units.read_bytes() == before, "the clerk's own workbook is untouched"
    fill(Path("人员.xlsx"), PEOPLE)
    fill(Path("督导活动.xlsx"), [INSPECTION])
    done(run("import", "人员.xlsx", "督导活动.xlsx"))
    assert done(run("import", "人员.xlsx", "--json")).data["unchanged"] == 1


def filing_list(run: Run, office: Path) -> None:
    """The list comes in from YAML, and the same list from a workbook changes nothing."""
    (office / "目录.yaml").write_text(LIST, encoding="utf-8")
    assert done(run("import", "目录.yaml", "--dry-run", "--json")).data["imported"] is False
    assert done(run("import", "目录.yaml", "--json")).data["added"] == 6
    list_workbook(office, office / "目录.xlsx", run)
    again = done(run("import", "目录.xlsx", "--json")).data
    assert (again["added"], again["changed"], again["unchanged"], again["removed"]) == (0, 0, 6, 0)


def notice(run: Run, archive: Path) -> str:
    """The notice has the year's first number, stands in its folder, and is in the register."""
    tried = done(run("issue", "通知", "--record", "督导活动/DD1", "--dry-run", "--json")).data
    assert tried["issued"] is False
    assert done(run("register", "--json")).data == [], "a dry run spends no number"
    issued = done(run("issue", "通知", "--record", "督导活动/DD1", "--json")).data
    assert issued["document_number"] == f"云教督〔{YEAR}〕1号"
    assert issued["path"].startswith(f"发文/{YEAR}/云教督〔{YEAR}〕1号_")
    assert (archive / issued["path"]).is_file()
    (row,) = done(run("register", "--json")).data
    assert (row["document_number"], row["state"], row["path"]) == (
        issued["document_number"],
        "已用",
        issued["path"],
    )
    return str(issued["document_number"])


def found_by_title_and_number(run: Run, number: str) -> None:
    """The notice is found by its title, and by its number in any bracket or none."""
    spellings = (
        number,
        *(f"云教督{left}{YEAR}{right}1号" for left, right in ("[]", "()", "（）", "【】", "［］", "〔〕")),
        f"云教督{YEAR} 1号",
    )
    for query in ("春季学期开学工作专项督导", *spellings):
        hits = done(run("search", query, "--json")).data["hits"]
        assert number in [hit["document_number"] for hit in hits], query


def checked_and_confirmed(run: Run) -> None:
    """One file is missing, one is suggested with its passage; the clerk's word makes the second one count."""
    states = {gap["code"]: gap for gap in done(run("check", "--json"), 3).data if gap["code"]}
    assert {code: gap["state"] for code, gap in states.items()} == {"C1-01": "missing", "C1-02": "suggested"}
    assert "安全责任状" in states["C1-02"]["passage"]
    words = ("confirm", "C1-02", states["C1-02"]["path"], "--unit", "S001", "--year", YEAR)
    done(run(*words, "--dry-run"))
    assert len([gap for gap in run("check", "--json").data if gap["code"]]) == 2
    done(run(*words))
    (gap,) = [gap for gap in done(run("check", "--json"), 3).data if gap["code"]]
    assert gap["code"] == "C1-01"


def chased(run: Run, archive: Path) -> None:
    """The chasing notice for the unit that owes has the next number and says what is missing."""
    issued = done(run("issue", "催报通知", "--unit", "财政局", "--json")).data
    assert issued["document_number"] == f"云教督〔{YEAR}〕2号"
    done(run("sync"))
    hits = done(run("search", "财政决算报告", "--folder", "发文", "--json")).data["hits"]
    assert [hit["path"] for hit in hits] == [issued["path"]]
    assert (archive / issued["path"]).is_file()


def dossier(run: Run, office: Path) -> None:
    """The package is intact as written, and a changed byte of one file is found and named."""
    made = done(run("bundle", "迎检包.zip", "--no-pdf", "--json"), 3).data
    assert (made["files"], made["gaps"]) == (1, 1)
    assert "完好" in done(run("verify", "迎检包.zip", "--seal", made["seal"])).stdout
    with zipfile.ZipFile(office / "迎检包.zip") as package:
        held = {info.filename: package.read(info) for info in package.infolist()}
    victim = next(name for name in held if name.endswith(".txt"))
    with zipfile.ZipFile(office / "改过.zip", "w") as package:
        for name, content in held.items():
            package.writestr(name, content + b"!" if name == victim else content)
    assert Path(victim).name in done(run("verify", "改过.zip"), 3).stdout


def test_the_installed_program_speaks_utf8_and_leaves_with_its_status(tmp_path: Path) -> None:
    """Through a real process: init, doctor, a refusal, and the JSON on stdout alone."""

    def dujian(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "dujian_docs", *words],
            cwd=tmp_path,
            capture_output=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONIOENCODING": "utf-8", "LANG": "C.UTF-8"},
            check=False,
        )

    assert dujian("init", "室", "--name", OFFICE, "--series", "云教督").returncode == 0
    done = dujian("-w", "室", "sync", "--json")
    assert (done.returncode, json.loads(done.stdout)["ok"], done.stderr) == (0, True, "")
    shutil.rmtree(tmp_path / "室" / "archive")
    done = dujian("-w", "室", "sync")
    assert (done.returncode, done.stdout) == (5, "")
    assert "怎么办：" in done.stderr
    assert "Traceback" not in done.stderr
