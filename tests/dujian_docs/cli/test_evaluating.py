"""``dujian evaluate`` on the invented county: what it says, and what it refuses to say."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dujian_docs.records import RecordStore
from dujian_docs.records.statistic_models import SchoolStatistics
from dujian_docs.sample import sample_records
from dujian_docs.sample.measures import MEASURES, composite, disparity
from tests.conftest import Run

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
CODES = {"area": "rooms", "sports": "grounds", "graduates": "qualified_teachers", "titled": "senior_teachers"}


@pytest.fixture(scope="session")
def _yunling(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Path:
    folder = tmp_path_factory.mktemp("evaluate") / "云岭"
    assert run("init", folder, "--name", "云岭县人民政府教育督导室", "--series", "云教督").status == 0
    with RecordStore.open(folder / ".dujian" / "records.db") as store, store.transaction() as writing:
        for record in sample_records():
            writing.put(record, author="李静", at=NOW)
    return folder


@pytest.fixture
def yunling(_yunling: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with every record of the invented county; it is the current folder."""
    folder = tmp_path / "云岭"
    shutil.copytree(_yunling, folder)
    monkeypatch.chdir(folder)
    return folder


def change(folder: Path, key: str, **values: object) -> None:
    """The school statistics ``key`` have these values."""
    with RecordStore.open(folder / ".dujian" / "records.db") as store, store.transaction() as writing:
        record = writing.get("school_statistics", key)
        assert isinstance(record, SchoolStatistics)
        writing.put(record.model_copy(update=values), author="李静", at=NOW)


def test_it_says_what_is_over_the_line_and_what_would_bring_it_under(yunling: Path, run: Run) -> None:
    done = run("evaluate", "--year", "2026")
    assert done.status == 3, done.said
    text = done.stdout
    assert "评估　2025-2026 学年、2026 年" in text
    assert "（基本均衡·小学，教督〔2012〕3号，综合 ≤ 0.65）达标" in text
    assert "（优质均衡·初中，教督〔2017〕6号，每项 ≤ 0.45）未达标" in text
    assert "云岭县第一中学 2.29（占 60%） 超" in text
    assert "青溪镇初级中学增加 5" in text.replace("\n    ", "")
    assert "A2 25.75 分，未达到 26 分" in text
    assert "（云岭县人民政府，2025 年比 2024 年）达标" in text
    assert "无法判定     受理数为 0" in text


def test_the_coefficients_are_those_of_the_papers_in_the_archive(yunling: Path, run: Run) -> None:
    data = run("evaluate", "--json").data
    basic = {one["section"]: one for one in data["balances"] if one["standard"] == "基本均衡"}
    assert set(basic) == {"小学", "初中"}
    for section, found in basic.items():
        values = {item["code"]: item["value"] for item in found["items"]}
        for measure in MEASURES:
            wanted = disparity(measure, section, 2026).coefficient
            assert values[CODES.get(measure, measure)] == pytest.approx(wanted, abs=0.002)
        assert found["composite_cv"] == pytest.approx(composite(section, 2026), abs=0.002)
    item = basic["小学"]["items"][0]
    assert item["formula"] == "weighted_cv"
    assert {"kind": "school_statistics", "key": "S001/2025-2026/小学", "version": 1} in item["sources"]


def test_a_missing_number_makes_the_figure_open_and_says_where_it_belongs(yunling: Path, run: Run) -> None:
    change(yunling, "S003/2025-2026/小学", books=None)
    done = run("evaluate")
    assert done.status == 3
    assert "（基本均衡·小学，教督〔2012〕3号，综合 ≤ 0.65）无法判定" in done.stdout
    assert "青溪镇石桥小学缺图书册数，在学校统计 S003/2025-2026/小学 里补上" in done.stdout
    assert "（基本均衡·初中，教督〔2012〕3号，综合 ≤ 0.55）达标" in done.stdout
    assert run("evaluate", "--json").data["missing"] == [
        {"school": "青溪镇石桥小学", "titles": ["图书册数"], "record": "S003/2025-2026/小学"}
    ]


def test_a_school_that_takes_everything_fails_the_basic_standard(yunling: Path, run: Run) -> None:
    change(yunling, "S010/2025-2026/小学", rooms=90_000, books=300_000, computers=9_000, equipment=90_000_000)
    found = next(one for one in run("evaluate", "--json").data["balances"] if one["section"] == "小学")
    assert (found["standard"], found["passed"]) == ("基本均衡", False)
    assert found["composite_cv"] > 0.65
    assert [item["pulls"][0]["school"] for item in found["items"] if item["code"] == "books"] == [
        "松坪乡云台小学"
    ]


def test_an_earlier_school_year_and_the_campaign(yunling: Path, run: Run) -> None:
    data = run("evaluate", "--school-year", "2023—2024", "--campaign", "JH2026", "--json").data
    assert (data["school_year"], data["year"]) == ("2023-2024", 2026)
    assert run("evaluate", "--year", "2024", "--json").data["three_growths"][0]["year"] == 2024
    assert run("evaluate", "--year", "2023", "--json").data["three_growths"][0]["passed"] is None


def test_what_is_not_there_is_refused_by_name(yunling: Path, run: Run) -> None:
    run("evaluate", "--school-year", "2019-2020").refused(2, "2019-2020", "2025-2026")
    run("evaluate", "--school-year", "2025").refused(2, "2025", "2025-2026")
    run("evaluate", "--campaign", "JH1999").refused(2, "JH1999", "JH2026")
    run("evaluate", "--list", "没有").refused(2, "没有", "YL2026")


def test_without_records_nothing_is_judged(tmp_path: Path, run: Run) -> None:
    assert run("init", tmp_path / "空").status == 0
    done = run("-w", tmp_path / "空", "evaluate")
    assert done.status == 3
    for words in ("没有学校统计", "没有教育经费", "没有得分", "无法判定"):
        assert words in done.stdout


def test_settings_decide_the_formula(yunling: Path, run: Run) -> None:
    rates = run("--set", "evaluation.retention_formula=乙", "evaluate", "--json").data["rates"]
    assert {one["formula"] for one in rates if "巩固率" in one["title"]} == {"retention_b"}
    scored = run("--set", "evaluation.part_points=25", "evaluate", "--json").data["scores"]
    assert scored[0]["passed"] is True


def test_the_workbook_is_saved_beside_an_older_one(yunling: Path, run: Run) -> None:
    assert run("evaluate", "--output", "计算表.xlsx").status == 3
    done = run("evaluate", "--output", "计算表.xlsx")
    assert "已保存：计算表(2).xlsx" in done.stdout
    assert run("evaluate", "--output", "别的.xlsx", "--json").data["written"] == ["别的.xlsx"]
    run("evaluate", "--output", "计算表.docx").refused(2, ".xlsx")
    assert {path.name for path in yunling.glob("*.xlsx")} == {"计算表.xlsx", "计算表(2).xlsx", "别的.xlsx"}


def test_charts_are_saved_in_a_folder(yunling: Path, run: Run) -> None:
    done = run("evaluate", "--charts", "图")
    files = {path.name for path in (yunling / "图").iterdir()}
    assert f"已保存：图 里 {len(files)} 个图文件" in done.stdout
    assert {"优质均衡_初中_2_每百名学生拥有县级以上骨干教师数.svg", "基本均衡_小学_0_差异系数.png"} <= files


def test_deleted_statistics_are_no_school_year(yunling: Path, run: Run) -> None:
    with RecordStore.open(yunling / ".dujian" / "records.db") as store, store.transaction() as writing:
        for record in writing.all("school_statistics", containing="2025-2026"):
            assert isinstance(record, SchoolStatistics)
            key = f"{record.school}/{record.school_year}/{record.section}"
            writing.delete("school_statistics", key, author="李静", at=NOW)
    assert run("evaluate", "--json").data["school_year"] == "2024-2025"
    run("evaluate", "--school-year", "2025-2026").refused(2, "2025-2026", "2024-2025")
