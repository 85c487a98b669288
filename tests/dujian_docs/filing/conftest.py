"""A small sound filing list, its units, and files made by a word."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from dujian_docs.filing import FilingTree, UnitNames, load_filing_list
from dujian_docs.records import Unit, UnitType
from indexer import Item, State

LIST = """\
code: YL2026
title: 云岭县试用建档目录
year: 2026
indicators:
- code: A1
  title: 保障措施
  points: 70
  children:
  - code: B1
    title: 教育投入
    points: 70
    children:
    - code: C1
      title: 领导机构
      points: 30
      required_files:
      - {code: C1-01, title: 领导小组文件, responsible_unit: G001, years: [T], formats: [pdf],
         copy_allowed: false, any_of: [领导小组], also_serves: [C2]}
      - {code: C1-02, title: 会议纪要, responsible_unit: G001, years: [T], min_count: 2, any_of: [会议纪要]}
    - code: C2
      title: 教育经费三个增长
      points: 40
      required_files:
      - {code: C2-01, title: 财政决算报告, responsible_unit: D001, years: [T-2, T-1, T], seal_required: true,
         formats: [pdf, docx], any_of: [财政决算], aliases: [决算说明]}
- code: A2
  title: 公众评价
  points: 30
  children:
  - code: B2
    title: 公开与监督
    points: 30
    children:
    - code: C3
      title: 校园安全
      points: 30
      required_files:
      - {code: C3-01, title: 校园安全责任状, scope: 学校, years: [T], formats: [pdf, jpg], any_of: [安全责任]}
      - {code: C3-02, title: 乡镇目标责任书, scope: 乡镇, years: [T], any_of: [责任书]}
      - {code: C3-03, title: 初中控辍报告, scope: 学校, stages: [初中], years: [T], any_of: [控辍]}
"""

C2 = "迎检档案/A1-B1-C2 教育经费三个增长"


@pytest.fixture
def units() -> tuple[Unit, ...]:
    return (
        Unit(code="G001", name="县政府办公室", unit_type=UnitType.GOVERNMENT),
        Unit(code="D001", name="县财政局", unit_type=UnitType.DEPARTMENT, aliases=("财政局",)),
        Unit(code="T001", name="青溪镇", unit_type=UnitType.TOWNSHIP),
        Unit(code="T002", name="白石镇", unit_type=UnitType.TOWNSHIP),
        Unit(
            code="S001", name="青溪镇中心小学", unit_type=UnitType.SCHOOL, stage="小学", aliases=("中心校",)
        ),
        Unit(
            code="S002", name="白石镇中心小学", unit_type=UnitType.SCHOOL, stage="小学", aliases=("中心校",)
        ),
        Unit(
            code="S010", name="云岭县第一初级中学", unit_type=UnitType.SCHOOL, stage="初中", aliases=("一中",)
        ),
    )


@pytest.fixture
def names(units: tuple[Unit, ...]) -> UnitNames:
    return UnitNames.of(units)


@pytest.fixture
def list_text() -> str:
    return LIST


@pytest.fixture
def tree(tmp_path: Path, units: tuple[Unit, ...]) -> FilingTree:
    source = tmp_path / "目录.yaml"
    source.write_text(LIST, encoding="utf-8")
    return load_filing_list(source, units=units)


@pytest.fixture
def item() -> Callable[..., Item]:
    """Gives a function: a file of the index at a path, with content of its own unless ``body`` is given."""

    def made(path: str, state: State = State.INDEXED, *, body: str = "", size: int = 10) -> Item:
        reason, remedy = ("文件加了打开密码", "去掉密码后重新提供") if state is State.ENCRYPTED else ("", "")
        digest = hashlib.sha256((body or path).encode()).hexdigest()
        return Item(path, size, 0, digest, state, reason, remedy)

    return made
