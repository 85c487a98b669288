"""A tiny county in a workspace: six units, one inspection, a filing list of 2/2/3, a handful of files.

What the filing list expects in 2026 (T), and what the archive holds of it:

======  ==========================  ============================================================
C1-01   领导小组文件, 县政府办      齐: named by the rule
C2-01   财政决算报告, 县财政局      2025 齐; 2026 缺
C3-01   校园安全责任状, two schools  青溪镇 齐; 白石镇 疑似: an unnamed file in the inbox says so
C3-02   乡镇目标责任书, one town     打不开: a broken PDF under the right name
======  ==========================  ============================================================
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import docx
import pytest

from tests.conftest import Run

OFFICE = "云岭县人民政府教育督导室"
LIST = """\
code: YL2026
title: 云岭县试用建档目录
year: 2026
indicators:
- code: A1
  title: 保障措施
  points: 60
  children:
  - code: B1
    title: 教育投入
    points: 60
    children:
    - code: C1
      title: 领导机构
      points: 20
      required_files:
      - {code: C1-01, title: 领导小组文件, responsible_unit: G001, years: [T], any_of: [领导小组]}
    - code: C2
      title: 教育经费
      points: 40
      required_files:
      - {code: C2-01, title: 财政决算报告, responsible_unit: D001, years: [T-1, T], any_of: [财政决算]}
- code: A2
  title: 公众评价
  points: 40
  children:
  - code: B2
    title: 公开与监督
    points: 40
    children:
    - code: C3
      title: 校园安全
      points: 40
      required_files:
      - {code: C3-01, title: 校园安全责任状, scope: 学校, years: [T], any_of: [安全责任状]}
      - {code: C3-02, title: 乡镇目标责任书, scope: 乡镇, years: [T], any_of: [目标责任书]}
"""
UNITS = [
    {"code": "G001", "name": "县政府办公室", "unit_type": "政府"},
    {"code": "G002", "name": OFFICE, "unit_type": "政府"},
    {"code": "D001", "name": "县财政局", "unit_type": "部门", "aliases": ["财政局"]},
    {"code": "T001", "name": "青溪镇", "unit_type": "乡镇"},
    {"code": "S001", "name": "青溪镇中心小学", "unit_type": "学校", "stage": "小学"},
    {"code": "S002", "name": "白石镇中心小学", "unit_type": "学校", "stage": "小学"},
]
PEOPLE = [
    {"code": "P001", "name": "周明远", "unit": "G002", "post": "主任", "phone": "0871-6000001"},
    {"code": "P002", "name": "李静", "unit": "G002", "post": "专职督学", "phone": "0871-6000002"},
]
INSPECTION = {
    "code": "DD2026-03",
    "title": "2026年春季学期开学工作专项督导",
    "supervision_type": "督学",
    "mode": "专项督导",
    "organiser": "G002",
    "purpose": "为全面了解春季学期开学情况",
    "start_date": "2026-03-09",
    "end_date": "2026-03-11",
    "units": ["S001", "S002"],
    "leader": "P001",
    "members": ["P002"],
    "contents": ["开学条件保障情况", "校园安全隐患排查"],
    "materials": ["自查报告", "隐患台账"],
    "contact": "P002",
}
C1, C2, C3 = "A1-B1-C1 领导机构", "A1-B1-C2 教育经费", "A2-B2-C3 校园安全"
SUGGESTED = "待归档/安全材料.txt"
BROKEN = f"迎检档案/{C3}/2026/C3-02_2026_青溪镇_目标责任书.pdf"


def write_archive(archive: Path) -> None:
    """The handful of files stands in ``archive``."""
    texts = {
        f"迎检档案/{C1}/2026/C1-01_2026_县政府办公室_领导小组文件.txt": (
            "关于成立教育督导工作领导小组的通知\n各乡镇人民政府："
        ),
        f"迎检档案/{C3}/2026/C3-01_2026_青溪镇中心小学_校园安全责任状.txt": (
            "青溪镇中心小学校园安全责任状\n严格落实门卫值守。"
        ),
        SUGGESTED: "白石镇中心小学2026年校园安全责任状\n落实一岗双责。",
    }
    for path, text in texts.items():
        (archive / path).parent.mkdir(parents=True, exist_ok=True)
        (archive / path).write_bytes(text.encode("gb18030"))
    report = docx.Document()
    report.add_paragraph("县财政局2025年度财政决算报告")
    report.add_paragraph("一般公共预算教育支出比上年增长。")
    (archive / f"迎检档案/{C2}/2025").mkdir(parents=True)
    report.save(str(archive / f"迎检档案/{C2}/2025/C2-01_2025_县财政局_财政决算报告.docx"))
    (archive / BROKEN).write_bytes(b"%PDF-1.4\n" + bytes(200))


@pytest.fixture(scope="session")
def _county(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    """The workspace, made and indexed once; tests get copies."""
    folder = tmp_path_factory.mktemp("county") / "云岭"
    made = run("init", folder, "--name", OFFICE, "--series", "云教督")
    assert made.status == 0, made.said
    settings = folder / "dujian.toml"
    text = settings.read_text(encoding="utf-8")
    for line in ('contact = "值班室"', 'phone = "0871-6123456"'):
        name = line.partition(" = ")[0]
        assert f'# {name} = ""' in text
        text = text.replace(f'# {name} = ""', line)
    settings.write_text(text, encoding="utf-8")
    inputs = folder / "录入"
    inputs.mkdir()
    for title, kind, rows in (
        ("单位", "unit", UNITS),
        ("人员", "person", PEOPLE),
        ("督导活动", "inspection", [INSPECTION]),
    ):
        file = inputs / f"{title}.json"
        file.write_text(json.dumps({"kind": kind, "records": rows}, ensure_ascii=False), encoding="utf-8")
        done = run("-w", folder, "import", file)
        assert done.status == 0, done.said
    (inputs / "目录.yaml").write_text(LIST, encoding="utf-8")
    done = run("-w", folder, "import", inputs / "目录.yaml")
    assert done.status == 0, done.said
    write_archive(folder / "archive")
    return folder


@pytest.fixture
def county(_county: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace of the tiny county, not yet indexed; it is the current folder."""
    folder = tmp_path / "云岭"
    shutil.copytree(_county, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def synced(county: Path, run: Run) -> Path:
    """The tiny county with its archive indexed."""
    done = run("sync")
    assert done.status == 0, done.said
    return county
