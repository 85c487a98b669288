"""``dujian undo``: an import taken back from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run


@pytest.fixture
def office(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "云岭"
    assert run("init", folder, "--name", "云岭县人民政府教育督导室", "--series", "云教督").status == 0
    monkeypatch.chdir(folder)
    rows = [{"code": "S001", "name": "青溪镇中心小学", "unit_type": "学校"}]
    (folder / "单位.json").write_text(
        json.dumps({"kind": "unit", "records": rows}, ensure_ascii=False), encoding="utf-8"
    )
    done = run("import", "单位.json", "--yes")
    assert done.status == 0, done.said
    return folder


def units(run: Run, folder: Path, name: str) -> int:
    return int(json.loads(run("export", "单位", folder / name, "--json").stdout)["data"]["count"])


def test_an_import_is_listed_and_taken_back(office: Path, run: Run) -> None:
    listed = run("undo")
    assert "批次 1" in listed.stdout
    assert "单位新增 1" in listed.stdout
    shown = run("undo", "1", "--dry-run")
    assert "什么都没有写入" in shown.stdout
    assert units(run, office, "一.json") == 1
    done = run("undo", "1", "--yes", "--json")
    assert json.loads(done.stdout)["data"]["undone"] is True
    assert units(run, office, "二.json") == 0
    assert "删除 1" in run("undo").stdout


def test_a_wrong_number_is_told(office: Path, run: Run) -> None:
    done = run("undo", "7")
    assert done.status == 2
    assert "没有编号为 7 的批次" in done.said
