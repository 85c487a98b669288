"""What the papers say: filled in, true to the records, with figures that add up."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml

from dujian_docs.documents import DocumentNumber
from dujian_docs.records import Unit
from dujian_docs.sample import sample_due, sample_tree, sample_units
from dujian_docs.sample.figures import finance, school_codes, school_figures
from dujian_docs.sample.measures import SchoolShare, spread
from dujian_docs.sample.occasions import Grid, Occasion
from dujian_docs.sample.papers import TEXTS, Paper, paper_for
from dujian_docs.sample.records import findings

UNITS = {unit.code: unit for unit in sample_units()}
EVERY = [Occasion(due.code, due.unit, due.year) for due in sample_due()]


def paper(code: str, unit: str, year: int) -> Paper:
    return paper_for(Occasion(code, UNITS[unit], year))


def grid(code: str, unit: str, year: int) -> Grid:
    found = paper(code, unit, year).grid
    assert found is not None
    return found


def test_every_required_file_has_a_text_and_no_text_is_idle() -> None:
    told = yaml.safe_load(TEXTS.read_text(encoding="utf-8"))
    assert set(told) == {file.code for file in sample_tree().required_files()}


def test_every_paper_is_filled_in_and_names_its_unit_and_year() -> None:
    for occasion in EVERY:
        made = paper_for(occasion)
        text = "\n".join(made.lines())
        assert not re.search(r"[{}]|None|nan", text), occasion
        assert made.signature == occasion.unit.name
        assert str(occasion.year) in text, occasion
        assert made.dated is not None
        assert made.dated.weekday() < 5
        assert occasion.year <= made.dated.year <= occasion.year + 1


def test_a_paper_speaks_of_what_it_is_searched_by() -> None:
    for occasion in EVERY:
        required = sample_tree().required_file(occasion.code)
        assert required is not None
        text = re.sub("[“”]", "", "".join(paper_for(occasion).lines()))
        title = required.title
        assert any(word in text for word in (*required.any_of, *required.aliases, title)), occasion.code


def test_the_papers_differ_from_school_to_school() -> None:
    texts = ["".join(paper_for(one).lines()) for one in EVERY]
    assert len(set(texts)) == len(texts)


def test_document_numbers_can_be_read_back() -> None:
    made = paper("C12-01", "D001", 2026)
    assert DocumentNumber.parse(made.number).series == "云教督"


def test_a_log_is_in_order_on_school_days_before_its_signature() -> None:
    made = paper("C15-02", "S004", 2025)
    assert made.grid is not None
    days = [re.findall(r"\d+", str(row[0])) for row in made.grid.rows]
    dates = [tuple(int(part) for part in day) for day in days]
    assert dates == sorted(dates)
    assert not [day for day in dates if day[1] in {7, 8} and day[1:] > (7, 3)]
    assert made.dated is not None
    assert dates[-1] < (made.dated.year, made.dated.month, made.dated.day)


@pytest.mark.parametrize(
    ("code", "year"),
    [
        ("C24-02", 2025),
        ("C11-01", 2026),
        ("C14-01", 2026),
        ("C20-02", 2026),
        ("C9-01", 2025),
        ("C22-02", 2026),
    ],
)
def test_the_last_row_of_a_table_of_schools_is_the_sum(code: str, year: int) -> None:
    rows = grid(code, "D002", year).rows
    assert len(rows) == 13
    for column in zip(*rows, strict=True):
        if all(isinstance(cell, int) for cell in column):
            numbers = [int(cell) for cell in column]
            assert sum(numbers[:-1]) == numbers[-1]


def test_what_a_school_spends_is_what_it_gets() -> None:
    rows = grid("C4-03", "S012", 2025).rows
    amounts = {kind: sum(int(row[2]) for row in rows if row[0] == kind) for kind in ("收入", "支出")}
    assert amounts["收入"] == amounts["支出"] > 0


def test_the_assets_add_up_to_the_figure_that_the_county_uses() -> None:
    for code in school_codes():
        *rows, whole = grid("C19-02", code, 2025).rows
        assert sum(int(row[2]) for row in rows) == whole[2] == school_figures(code, 2025).equipment
        assert all(int(row[2]) > 0 for row in rows)


def test_the_fitness_grades_add_up_to_the_pupils() -> None:
    *rows, whole = grid("C13-02", "S001", 2025).rows
    assert sum(int(row[1]) for row in rows) == whole[1] == school_figures("S001", 2025).pupils


def test_the_staff_list_agrees_with_the_figures() -> None:
    for code in school_codes():
        rows, school = grid("C7-03", code, 2026).rows, school_figures(code, 2026)
        assert len(rows) == len({row[1] for row in rows}) == school.teachers
        assert sum(row[4] == "本科" for row in rows) == school.graduates
        assert sum(row[5] == "一级教师" for row in rows) == school.titled


def test_the_ledger_is_the_records_findings_of_the_year() -> None:
    rows = grid("C15-03", "D001", 2025).rows
    assert [row[0] for row in rows] == [one.code for one in findings() if one.found_date.year == 2025]


def test_education_grows_faster_than_revenue_every_year() -> None:
    for year in (2024, 2025, 2026):
        now, last = finance(year), finance(year - 1)
        assert now.education / last.education > now.revenue / last.revenue
        assert now.per_pupil > last.per_pupil
        assert now.wage > now.servant


def test_a_through_schools_parts_add_up() -> None:
    text = "".join(paper("C17-03", "S011", 2026).paragraphs)
    whole, primary, junior = (
        int(number)
        for number in re.findall(r"用房(\d+)平方米，拆分后小学部(\d+)平方米、初中部(\d+)", text)[0]
    )
    assert primary + junior == whole


def test_disparity_weighs_the_pupils() -> None:
    """The county of five schools whose figures were published: 0.5153, and 0.4888 when not weighted."""
    pupils, books = (45, 37, 89, 76, 55), (279, 137, 935, 160, 402)
    shares = tuple(SchoolShare("", *pair) for pair in zip(pupils, books, strict=True))
    assert spread(shares).coefficient == pytest.approx(0.5153, abs=5e-5)


def test_nobody_moves_to_the_school_they_come_from() -> None:
    rows = grid("C8-02", "D002", 2026).rows
    assert rows
    assert all(row[-1] != row[-2] for row in rows)


def test_an_unknown_required_file_has_no_paper(unit: Unit) -> None:
    with pytest.raises(ValueError, match="C99-01"):
        paper_for(Occasion("C99-01", unit, 2026))


@pytest.fixture
def unit() -> Unit:
    values: dict[str, Any] = {"code": "S099", "name": "某小学", "unit_type": "学校"}
    return Unit(**values)
