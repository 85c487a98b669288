"""What a path says by itself."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dujian_docs.filing import Expectation, UnitNames, name_of, read_name
from dujian_docs.filing.names import years_in
from dujian_docs.filing.unit_names import folded
from dujian_docs.records import RequiredFile, Unit, UnitType


@pytest.mark.parametrize(
    ("path", "code", "year", "unit", "title"),
    [
        ("x/C2-01_2024_县财政局_财政决算报告.pdf", "C2-01", 2024, "D001", "财政决算报告"),
        ("Ｃ２－０１＿２０２４＿财政局＿决算.pdf", "C2-01", 2024, "D001", "决算"),
        ("C2-01-2024-D001-决算.pdf", "C2-01", 2024, "D001", "决算"),
        ("C2-01 2024年 d001 决算.PDF", "C2-01", 2024, "D001", "决算"),
        ("c2-01—2024年度—县财政局.pdf", "C2-01", 2024, "D001", ""),
        ("A1-B1-C2_01_2024_县财政局_决算(复印件).pdf", "C2-01", 2024, "D001", "决算"),
        ("C3-01_2026_青溪镇中心小学_责任状.jpg", "C3-01", 2026, "S001", "责任状"),
        ("C3-02_2026_青溪镇_中心小学责任书.pdf", "C3-02", 2026, "T001", "中心小学责任书"),
        ("C12-03_2024_一中_关于2019年青溪镇的报告.pdf", "C12-03", 2024, "S010", "关于2019年青溪镇的报告"),
    ],
)
def test_exact_names(names: UnitNames, path: str, code: str, year: int, unit: str, title: str) -> None:
    facts = read_name(path, names)
    assert (facts.exact, facts.code, facts.year, facts.unit, facts.title) == (True, code, year, unit, title)


@pytest.mark.parametrize(
    "name",
    [
        "C2-01_县财政局_2024_决算.pdf",  # the order is part of the rule
        "C2-01_2024_县财政局决算.pdf",  # the unit must end where its name ends
        "C3-01_2026_青溪镇中学_责任状.pdf",  # not 青溪镇: the field says something longer
        "C3-01_2026_青溪镇中心小学(东校区)_责任状.pdf",
        "C3-01_2026_中心校_责任状.pdf",  # two schools are called so
        "C2-01_2023-2024学年_县财政局_表.pdf",  # a school year is no calendar year
        "C2-01_20240305_县财政局_表.pdf",
        "C2-1_2024_县财政局_表.pdf",
        "C2-011_2024_县财政局_表.pdf",
        "关于C2-01_2024_县财政局_表.pdf",
        "2024_县财政局_决算.pdf",
    ],
)
def test_names_that_are_not_exact(names: UnitNames, name: str) -> None:
    assert not read_name(name, names).exact


def test_folders_say_indicator_year_and_unit(names: UnitNames) -> None:
    facts = read_name("迎检档案/A1-B1-C2 经费/2024年/县财政局/决算.pdf", names)
    assert (facts.folder_indicators, facts.folder_year, facts.folder_units) == (("C2",), 2024, ("D001",))
    assert (facts.indicator, facts.year, facts.unit) == ("C2", 2024, "D001")


def test_the_innermost_folder_wins_and_a_box_holds_several_indicators(names: UnitNames) -> None:
    assert read_name("A1-B1-C2 x/C3 y/a.pdf", names).folder_indicators == ("C3",)
    assert read_name("B1教育投入 (C1、C2、C3)(一)/a.pdf", names).folder_indicators == ("C1", "C2", "C3")


def test_the_file_name_outweighs_the_folder(names: UnitNames) -> None:
    facts = read_name("C2/2024/青溪镇/2025年白石镇责任书.pdf", names)
    assert (facts.year, facts.unit) == (2025, "T002")


def test_two_units_or_years_leave_the_question_open(names: UnitNames) -> None:
    facts = read_name("C2/2024/青溪镇与白石镇2024-2025年对照.pdf", names)
    assert (facts.unit, facts.units, facts.year, facts.years) == (None, ("T001", "T002"), None, (2024, 2025))


def test_the_inbox_and_the_copy_mark(names: UnitNames) -> None:
    facts = read_name("待归档/来件/決算【複印件】.pdf", names)
    assert (facts.in_inbox, facts.is_copy, facts.extension) == (True, True, "pdf")
    assert not read_name("归档/决算.pdf", names).in_inbox


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2024年决算", (2024,)),
        ("二〇二四年", (2024,)),
        ("二○二五年和二OO九年", (2025, 2009)),
        ("一九九八年", (1998,)),
        ("20240305", (2024,)),
        ("2023-2024学年", ()),
        ("2024学年度", ()),
        ("2024—2026年", (2024, 2026)),
        ("电话20241234567", ()),
        ("一二三四年", ()),
        ("13年", ()),
    ],
)
def test_years(text: str, years: tuple[int, ...]) -> None:
    assert years_in(folded(text)) == years


def test_a_code_or_name_beats_an_alias_and_shared_aliases_say_nothing() -> None:
    units = [
        Unit(code="S1", name="中心小学", unit_type=UnitType.SCHOOL),
        Unit(code="S2", name="二小", unit_type=UnitType.SCHOOL, aliases=("中心小学", "实验")),
        Unit(code="S3", name="三小", unit_type=UnitType.SCHOOL, aliases=("中心小学", "实验", "S1")),
        Unit(code="S4", name="同名", unit_type=UnitType.SCHOOL),
        Unit(code="S5", name="同名", unit_type=UnitType.SCHOOL),
        Unit(code="S6", name="六小", unit_type=UnitType.SCHOOL, aliases=("同名",)),
    ]
    names = UnitNames.of(units)
    assert names.code_of("中心小学") == "S1"
    assert names.code_of(" s1 ") == "S1"
    assert names.code_of("实验") is None
    assert names.code_of("同名") is None
    assert names.ambiguous == ("同名", "实验")


def test_a_code_inside_a_longer_one_is_not_named(names: UnitNames) -> None:
    assert read_name("S0012报告.pdf", names).units == ()
    assert read_name("S001报告.pdf", names).units == ("S001",)


UNITS = tuple(
    Unit(code=f"S{at:03}", name=name, unit_type=UnitType.SCHOOL)
    for at, name in enumerate(
        ["青溪镇", "青溪镇中心小学", "青溪镇中心小学东校区", "八一小学", "八一", "县 直-幼儿园"]
    )
)


@given(
    st.integers(1, 99),
    st.integers(0, 99),
    st.integers(1900, 2099),
    st.sampled_from(UNITS),
    st.sampled_from(["_", "-", "－", " ", "　", "__", " - ", "—"]),
    st.text(st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="/\\."), max_size=20),
    st.booleans(),
)
def test_whatever_is_written_by_the_rule_is_read_back(
    indicator: int, serial: int, year: int, unit: Unit, gap: str, title: str, by_code: bool
) -> None:
    who = unit.code if by_code else unit.name
    name = gap.join([f"C{indicator}-{serial:02}", str(year), who, title or "材料"])
    facts = read_name(f"迎检档案/C{indicator} x/{name}.pdf", UNITS)
    assert (facts.exact, facts.code, facts.year) == (True, f"C{indicator}-{serial:02}", year)
    longer = [one.code for one in UNITS if f"{who}{gap}{title}".startswith(one.name)]
    assert facts.unit in {unit.code, *longer}


@given(st.text(max_size=60))
def test_no_path_is_too_strange(path: str) -> None:
    facts = read_name(path, UNITS)
    assert facts.path == path
    assert not facts.exact or (facts.code and facts.year and facts.unit)


AWKWARD = [
    "青溪镇",
    "县教育局/招生办",
    "第 3 小学",
    "八一（2）小学",
    "A-1 基地",
    "白石·小学",
    "学校" * 40,
    "con",
]


@given(st.sampled_from(AWKWARD), st.text(max_size=120), st.integers(1950, 2050))
def test_the_name_that_people_are_told_to_write_is_the_name_that_is_read(
    unit_name: str, title: str, year: int
) -> None:
    units = [Unit(code=f"S{at}", name=name, unit_type=UnitType.SCHOOL) for at, name in enumerate(AWKWARD)]
    unit = next(one for one in units if one.name == unit_name)
    required = RequiredFile.model_construct(
        filing_list="YL", code="C3-01", indicator="C3", title=title, formats=("pdf",)
    )
    name = name_of(Expectation(required, unit, year))
    facts = read_name(f"迎检档案/A1-B1-C3 甲/{name}", units)
    assert (facts.exact, facts.code, facts.unit, facts.year) == (True, "C3-01", unit.code, year)
    assert facts.extension == "pdf"
