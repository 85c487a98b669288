"""The county's figures as records say the same as the figures behind its papers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from dujian_docs import workspace as verbs
from dujian_docs.records.score_models import Score
from dujian_docs.records.statistic_models import Finance, SchoolStatistics, Section
from dujian_docs.sample import sample_records, sample_tree
from dujian_docs.sample.figures import finance, school_codes, school_figures
from dujian_docs.sample.story import Story, _evaluate
from dujian_docs.workspace import Workspace

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def statistics(year: int) -> list[SchoolStatistics]:
    return [
        one
        for one in sample_records()
        if isinstance(one, SchoolStatistics) and one.school_year == f"{year - 1}-{year}"
    ]


def test_sections_add_up_to_the_schools_of_the_papers() -> None:
    for year in (2024, 2025, 2026):
        for code in school_codes():
            rows = [one for one in statistics(year) if one.school == code]
            wanted = school_figures(code, year)
            assert sum(one.pupils or 0 for one in rows) == wanted.pupils
            assert sum(one.teachers or 0 for one in rows) == wanted.teachers
            assert sum(one.classes or 0 for one in rows) == wanted.classes
            assert sum(one.books or 0 for one in rows) == wanted.books


def test_a_through_school_has_three_rows_and_its_teachers_where_they_teach() -> None:
    rows = {one.section: one for one in statistics(2026) if one.school == "S011"}
    assert set(rows) == {Section.PRIMARY, Section.JUNIOR, Section.WHOLE}
    assert rows[Section.WHOLE].teachers is rows[Section.PRIMARY].books is None
    assert rows[Section.WHOLE].books == 17700


def test_finance_is_that_of_the_papers_in_yuan() -> None:
    told = [one for one in sample_records() if isinstance(one, Finance)]
    assert [one.year for one in told] == [2023, 2024, 2025]
    assert told[-1].grants == finance(2025).education * 10_000


def test_every_lowest_indicator_has_points_within_its_own() -> None:
    told = {one.indicator: one.points for one in sample_records() if isinstance(one, Score)}
    leaves = {leaf.code: leaf.points for leaf in sample_tree().leaves()}
    assert set(told) == set(leaves)
    assert all(0 <= told[code] <= most for code, most in leaves.items())


def test_the_demonstration_tells_what_is_over_the_line(tmp_path: Path) -> None:
    verbs.apply_init(verbs.plan_init(tmp_path / "云岭", {}))
    with Workspace.open(tmp_path / "云岭", overrides={}, environment={}, clock=lambda: NOW) as office:
        with office.store.transaction() as writing:
            for record in sample_records():
                writing.put(record, author="李静", at=NOW)
        story = Story()
        _evaluate(office, story)
    assert story.data["verdicts"] == ["达标", "达标", "未达标", "未达标"]
    assert "县级以上骨干教师数 0.6119（上限 0.45），拉开最大的是云岭县第一中学" in story.text
