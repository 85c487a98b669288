"""School statistics become what each school holds; what is missing is told with the record to fill in."""

from __future__ import annotations

import pytest

from dujian_docs.evaluation import Lack, Source, SplitRounding
from dujian_docs.evaluation.holdings import contradictions, holdings, lacks, schools_of, unplaced
from dujian_docs.records import Unit, UnitType
from dujian_docs.records.statistic_models import SchoolStatistics, Section

YEAR = "2025-2026"


def unit(code: str, name: str, stage: str) -> Unit:
    return Unit(code=code, name=name, unit_type=UnitType.SCHOOL, stage=stage)


def row(school: str, section: Section, year: str = YEAR, **figures: float) -> SchoolStatistics:
    return SchoolStatistics.model_validate(
        {"school": school, "school_year": year, "section": section, **figures}
    )


THROUGH = unit("S3", "岭上学校", "九年一贯制学校")
PARTS = (
    row("S3", Section.PRIMARY, pupils=166, teachers=12),
    row("S3", Section.JUNIOR, pupils=210, teachers=20),
    row("S3", Section.WHOLE, books=23226, teachers=99),
)


def test_a_through_school_shares_its_books_and_not_its_teachers() -> None:
    schools = schools_of([THROUGH], PARTS, YEAR)
    (exact,) = holdings(schools, Section.PRIMARY, "books")
    assert exact.pupils == 166
    assert exact.amount == pytest.approx(9711.63, abs=0.005)
    (first,) = holdings(schools, Section.PRIMARY, "books", rounding=SplitRounding.PER_PUPIL_FIRST)
    assert first.amount == 9711
    (teachers,) = holdings(schools, Section.JUNIOR, "teachers")
    assert teachers.amount == 20
    untold = (PARTS[0].model_copy(update={"teachers": None}), *PARTS[1:])
    (teachers,) = holdings(schools_of([THROUGH], untold, YEAR), Section.PRIMARY, "teachers")
    assert teachers.amount is None, "those of the whole school are nobody's in particular"
    (none,) = holdings(schools_of([THROUGH], PARTS[1:], YEAR), Section.JUNIOR, "books")
    assert none.amount is None, "how many pupils the primary section has is not known"


def test_a_section_that_counted_for_itself_is_not_split() -> None:
    own = (row("S3", Section.PRIMARY, pupils=100, books=10), *PARTS[1:])
    (held,) = holdings(schools_of([THROUGH], own, YEAR), Section.PRIMARY, "books")
    assert held.amount == 10


def test_a_registered_school_without_statistics_is_missing_and_not_left_out() -> None:
    units = [unit("S1", "柳湾小学", "小学"), unit("S2", "枫林小学", "小学"), unit("S4", "青溪中学", "初中")]
    rows = [
        row("S1", Section.PRIMARY, pupils=10, books=5),
        row("S2", Section.PRIMARY, "2024-2025", pupils=1, books=1),
    ]
    schools = schools_of(units, rows, YEAR)
    held = holdings(schools, Section.PRIMARY, "books", versions={f"S1/{YEAR}/小学": 3})
    assert [(one.school, one.pupils, one.amount) for one in held] == [
        ("柳湾小学", 10, 5),
        ("枫林小学", None, None),
    ]
    assert held[0].sources[1] == Source("school_statistics", f"S1/{YEAR}/小学", "books", 3)
    found = lacks(schools, Section.PRIMARY, ["books", "rooms"])
    assert found == (
        Lack("柳湾小学", ("教学及辅助用房面积（㎡）",), f"S1/{YEAR}/小学"),
        Lack("枫林小学", ("在校生数", "图书册数", "教学及辅助用房面积（㎡）"), f"S2/{YEAR}/小学"),
    )
    assert found[0].words == f"柳湾小学缺教学及辅助用房面积（㎡），在学校统计 S1/{YEAR}/小学 里补上"


def test_a_school_of_one_section_may_write_its_row_for_the_whole_school() -> None:
    schools = schools_of(
        [unit("S1", "柳湾小学", "小学")], [row("S1", Section.WHOLE, pupils=7, teachers=2)], YEAR
    )
    (held,) = holdings(schools, Section.PRIMARY, "teachers")
    assert (held.pupils, held.amount) == (7, 2)
    assert lacks(schools, Section.PRIMARY, ["books"])[0].record == f"S1/{YEAR}/全校"


def test_namesakes_are_told_apart() -> None:
    schools = schools_of([unit("S1", "中心小学", "小学"), unit("S2", "中心小学", "小学")], [], YEAR)
    assert [school.label for school in schools] == ["中心小学（S1）", "中心小学（S2）"]


def test_the_whole_and_its_parts_contradict_each_other() -> None:
    told = (
        row("S3", Section.PRIMARY, pupils=394, rooms=3000),
        row("S3", Section.JUNIOR, pupils=432, rooms=693),
        row("S3", Section.WHOLE, pupils=826, rooms=6193),
    )
    (found,) = contradictions(schools_of([THROUGH], told, YEAR))
    assert found == "岭上学校的教学及辅助用房面积（㎡）：全校 6193，各学段合计 3693，两个数有矛盾"


@pytest.mark.parametrize(
    ("stage", "sections"),
    [
        ("九年一贯制学校", {Section.PRIMARY, Section.JUNIOR}),
        ("十二年一贯制", {Section.PRIMARY, Section.JUNIOR, Section.SENIOR}),
        ("小学、初中", {Section.PRIMARY, Section.JUNIOR}),
        ("完全中学", {Section.JUNIOR, Section.SENIOR}),
        ("乡镇中心小学", {Section.PRIMARY}),
        ("幼儿园", set()),
    ],
)
def test_the_stage_of_the_register_says_which_sections(stage: str, sections: set[Section]) -> None:
    units = [unit("S1", "学校", stage)]
    schools = schools_of(units, [], YEAR)
    assert set(schools[0].sections) == sections
    assert unplaced(units, schools) == ()


def test_a_school_whose_stage_cannot_be_told_is_named() -> None:
    units = [unit("S1", "甲校", ""), unit("S2", "乙校", "义务教育"), unit("S3", "丙校", "")]
    schools = schools_of(units, [row("S3", Section.PRIMARY, pupils=1)], YEAR)
    assert [words[:2] for words in unplaced(units, schools)] == ["甲校", "乙校"]


def test_what_a_share_lacks_is_the_other_section() -> None:
    units = [unit("S5", "完中", "完全中学")]
    whole = row("S5", Section.WHOLE, books=900)
    told = (row("S5", Section.JUNIOR, pupils=10), row("S5", Section.SENIOR), whole)
    schools = schools_of(units, told, YEAR)
    assert holdings(schools, Section.JUNIOR, "books")[0].amount is None
    assert lacks(schools, Section.JUNIOR, ["books"]) == (Lack("完中", ("在校生数",), f"S5/{YEAR}/高中"),)
    apart = (row("S5", Section.PRIMARY, pupils=10), row("S5", Section.SENIOR, pupils=10), whole)
    (found,) = lacks(schools_of([unit("S5", "怪校", "小学、高中")], apart, YEAR), Section.PRIMARY, ["books"])
    assert "没有拆分办法" in found.words
    assert found.record == f"S5/{YEAR}/小学"
