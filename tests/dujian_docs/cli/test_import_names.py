"""``dujian import``: units named by alias go in as codes; a near miss is marked with who could be meant."""

from __future__ import annotations

import json
from pathlib import Path

import openpyxl
import pytest

from tests.conftest import Run


@pytest.fixture
def office(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "云岭"
    assert run("init", folder, "--name", "云岭县人民政府教育督导室", "--series", "云教督").status == 0
    monkeypatch.chdir(folder)
    bureau = {"code": "D002", "name": "云岭县教育体育局", "unit_type": "部门", "aliases": "教体局"}
    (folder / "单位.json").write_text(
        json.dumps({"kind": "unit", "records": [bureau]}, ensure_ascii=False), encoding="utf-8"
    )
    done = run("import", "单位.json", "--yes")
    assert done.status == 0, done.said
    return folder


def test_an_alias_goes_in_and_a_near_miss_is_marked(office: Path, run: Run) -> None:
    assert run("template", "人员", "人员.xlsx").status == 0
    workbook = openpyxl.load_workbook("人员.xlsx")
    workbook["人员"].append(["P001", "李静", "教体局"])
    workbook["人员"].append(["P002", "王芳", "教育体育局"])
    workbook.save("人员.xlsx")

    done = run("import", "人员.xlsx", "--yes", "--json")
    assert done.status == 4
    data = json.loads(done.stdout)["data"]
    sheet = openpyxl.load_workbook(data["marked_copy"])["人员"]
    assert sheet["C2"].comment is None
    said = sheet["C3"].comment
    assert said is not None
    assert "没有单位 教育体育局" in said.text
    assert "是不是云岭县教育体育局（D002）" in said.text

    assert run("export", "人员", "出.json").status == 0
    held = json.loads((office / "出.json").read_text(encoding="utf-8"))["records"]
    assert [(one["code"], one["unit"]) for one in held] == [("P001", "D002")]
