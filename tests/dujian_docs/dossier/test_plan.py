"""What goes into a dossier, where it stands and how it is named."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import PureWindowsPath

from hypothesis import given
from hypothesis import strategies as st

from dujian_docs.dossier import Description, Use, plan_dossier
from dujian_docs.dossier.names import COMPONENT_BYTES, EntryNames, folded
from dujian_docs.filing import CheckResult, ExpectationState
from dujian_docs.records.kinds import Assignment, RequiredFile, Scope
from indexer import Item, State

from .conftest import (
    ACCOUNTS,
    BUDGET,
    GROWTH,
    LEADERS,
    LOCKED,
    MADE_AT,
    ROOT,
    STRAY,
    County,
    filing_tree,
    pdf_of,
)


def test_files_follow_the_numbers_in_the_codes(county: County) -> None:
    assert [file.source for file in county.plan().files] == [LEADERS, BUDGET, ACCOUNTS, GROWTH, LOCKED]


def test_within_an_indicator_required_file_comes_before_year_and_year_before_unit(county: County) -> None:
    years = ("T-1", "T")
    county.tree = filing_tree(
        *(
            RequiredFile(
                filing_list="YL", code=code, indicator="C3", title="名册", scope=Scope.SCHOOL, years=years
            )
            for code in ("C3-10", "C3-02")
        )
    )
    for code in ("C3-10", "C3-02"):
        for year in (2026, 2025):
            for unit in ("白石小学", "青溪中学"):
                name = f"{code}_{year}_{unit}_名册.pdf"
                county.put(f"{ROOT}/A2-B3-C3 控辍保学/{year}/{name}", pdf_of(name))
    uses = [file.uses[0] for file in county.plan().files if "名册" in file.source]
    assert [(use.required_file, use.year, use.unit) for use in uses] == [
        (code, year, unit)
        for code in ("C3-02", "C3-10")
        for year in (2025, 2026)
        for unit in ("S001", "S002")
    ]


def test_a_name_says_indicator_required_file_year_unit_and_title(county: County) -> None:
    paths = [file.path for file in county.plan().files]
    assert paths[0] == ("A1 保障措施/B1 组织领导/C1 组织领导/C1-01_2026_县教育局_关于成立领导小组的通知.docx")
    assert paths[1] == "A1 保障措施/B2 教育投入/C2 经费预算/C2-01_2026_县财政局_预算_b_&.pdf"


def test_what_is_not_evidence_stays_out_and_is_a_gap(county: County) -> None:
    plan = county.plan()
    assert STRAY not in {file.source for file in plan.files}
    (gap,) = plan.gaps
    assert (gap.use.unit_name, gap.state) == ("白石小学", ExpectationState.WRONG_PLACE)
    assert [path for path, _ in gap.candidates] == [STRAY]


def test_a_suggestion_is_no_evidence_until_confirmed(county: County) -> None:
    guess = f"{STRAY.rpartition('/')[0]}/白石小学控辍保学台账.docx"
    (county.root / STRAY).rename(county.root / guess)
    before = county.plan()
    assert before.gaps[0].state is ExpectationState.SUGGESTED
    assert guess not in {file.source for file in before.files}
    item = next(item for item in county.items() if item.path == guess)
    county.assignments = (
        Assignment(
            filing_list="YL", required_file="C3-01", unit="S002", year=2026, sha256=item.sha256, path=guess
        ),
    )
    after = county.plan()
    assert not after.gaps
    stored = next(file for file in after.files if file.source == guess)
    assert stored.path.endswith("/C3-01_2026_白石小学_白石小学控辍保学台账.docx")


def test_one_copy_of_a_file_that_serves_two_expectations(county: County) -> None:
    county.put(GROWTH, (county.root / ACCOUNTS).read_bytes())
    plan = county.plan()
    stored = next(file for file in plan.files if file.source == ACCOUNTS)
    assert GROWTH not in {file.source for file in plan.files}
    assert stored.also_at == (GROWTH,)
    assert [use.year for use in stored.uses] == [2025, 2026]
    box = next(volume for volume in plan.volumes if volume.code == "B2")
    own, again = [line for line in box.lines if line.path == stored.path]
    assert (own.number, own.pointer) == (2, False)
    assert (again.number, again.note, again.pointer) == (3, "与第 2 号同一件", True)


def test_other_indicators_served_point_at_the_one_copy(county: County) -> None:
    plan = county.plan()
    box = next(volume for volume in plan.volumes if volume.code == "B1")
    pointers = [line for line in box.lines if line.pointer]
    assert [line.belongs for line in pointers] == ["C1（兼用）", "C1（兼用）"]
    assert all("C10-01" in line.note for line in pointers)
    assert {line.path for line in pointers} <= {file.path for file in plan.files}


def test_a_file_changed_or_gone_since_the_check_is_named_and_left_out(county: County) -> None:
    result = county.result()
    county.put(ACCOUNTS, pdf_of("改过"))
    (county.root / LEADERS).unlink()
    plan = plan_dossier(county.tree, result, county.items(), title="包", made_at=MADE_AT)
    assert {one.source: one.reason for one in plan.not_included} == {
        ACCOUNTS: "核验以后内容有改动，请重新核验再打包",
        LEADERS: "核验以后已不在档案里",
    }
    assert {file.source for file in plan.files} == {BUDGET, GROWTH, LOCKED}


def test_a_unit_narrows_to_its_own_volumes(county: County) -> None:
    plan = county.plan(unit="S001")
    assert (plan.unit_name, [volume.code for volume in plan.volumes]) == ("青溪中学", ["B3"])
    assert [row.use.unit for row in plan.rows] == ["S001"]


def test_descriptions_fill_the_inner_list(county: County) -> None:
    given_by = {LEADERS: Description(document_number="云教督〔2026〕1号", title="关于成立领导小组的通知")}
    plan = plan_dossier(
        county.tree, county.result(), county.items(), title="包", made_at=MADE_AT, descriptions=given_by
    )
    stored = plan.files[0].description
    assert (stored.document_number, stored.responsible) == ("云教督〔2026〕1号", "县教育局")


def test_a_file_without_a_title_of_its_own_gets_one_in_brackets(county: County) -> None:
    bare = LEADERS.rpartition("/")[0] + "/C1-01_2026_县教育局.docx"
    (county.root / LEADERS).rename(county.root / bare)
    stored = next(file for file in county.plan().files if file.source == bare)
    assert stored.description.title == "[领导小组文件]"


def test_planning_twice_gives_the_same(county: County) -> None:
    assert county.plan() == county.plan()


def test_leaving_a_file_out_renumbers_its_list(county: County) -> None:
    plan = county.plan()
    budget = next(file for file in plan.files if file.source == BUDGET)
    less = plan.without({budget.path: "坏了"})
    box = next(volume for volume in less.volumes if volume.code == "B2")
    assert [line.number for line in box.lines] == [1, 2]
    assert all(line.path != budget.path for line in box.lines)
    assert [(one.source, one.reason) for one in less.not_included] == [(BUDGET, "坏了")]
    assert plan.without({}) is plan


_USE = Use("C3-01", "台账", "C3", "S001", "青溪中学", 2026)
_WILD = st.text(st.characters(exclude_categories=()), max_size=120)


@given(st.lists(st.tuples(_WILD, st.sampled_from(["", ".pdf", ".DOCX", ".报告"])), max_size=12))
def test_names_never_collide_nor_break_any_system(titles: list[tuple[str, str]]) -> None:
    names = EntryNames()
    paths = [names.file("A/B/C", _USE, title, f"x{suffix}") for title, suffix in titles]
    assert len({unicodedata.normalize("NFC", path).casefold() for path in paths}) == len(paths)
    for path in paths:
        name = path.rpartition("/")[2]
        assert len(name.encode()) <= COMPONENT_BYTES
        assert path.count("/") == 3
        assert not set(name) & set('<>:"\\|?*')
        assert not name.endswith((".", " "))
        assert not PureWindowsPath(name).is_reserved()


def test_names_equal_but_for_case_or_composition_are_numbered() -> None:
    names = EntryNames()
    given_names = [names.file("A", _USE, title, "x.pdf") for title in ("Café", "CAFE\u0301", "café")]
    assert [name.rpartition("_")[2] for name in given_names] == ["Café.pdf", "CAFÉ(2).pdf", "café(3).pdf"]
    assert folded(given_names[0]) != folded(given_names[1])


def test_evidence_that_does_not_reach_the_count_is_still_included(county: County) -> None:
    plan = county.plan()
    short = plan_dossier(
        county.tree,
        _with_state(county, ExpectationState.MISSING),
        county.items(),
        title="包",
        made_at=MADE_AT,
    )
    assert [file.path for file in short.files] == [file.path for file in plan.files]
    assert len(short.gaps) == len(plan.rows)


def _with_state(county: County, state: ExpectationState) -> CheckResult:
    result = county.result()
    return replace(result, matches=tuple(replace(match, state=state) for match in result.matches))


def test_an_item_is_asked_for_no_more_than_path_and_hash(county: County) -> None:
    items = [Item(item.path, 0, 0, item.sha256, State.INDEXED) for item in county.items()]
    plan = plan_dossier(county.tree, county.result(), items, title="包", made_at=MADE_AT)
    assert len(plan.files) == 5
