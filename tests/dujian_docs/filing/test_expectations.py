"""What ought to be there."""

from __future__ import annotations

import pytest

from dujian_docs.errors import InputInvalid
from dujian_docs.filing import FilingTree, expectations
from dujian_docs.records import Unit, UnitType


def test_files_times_units_times_years_in_the_order_of_the_list(
    tree: FilingTree, units: tuple[Unit, ...]
) -> None:
    due = expectations(tree, units)
    assert [one.key for one in due] == [
        ("C1-01", "G001", 2026),
        ("C1-02", "G001", 2026),
        ("C2-01", "D001", 2024),
        ("C2-01", "D001", 2025),
        ("C2-01", "D001", 2026),
        ("C3-01", "S001", 2026),
        ("C3-01", "S002", 2026),
        ("C3-01", "S010", 2026),
        ("C3-02", "T001", 2026),
        ("C3-02", "T002", 2026),
        ("C3-03", "S010", 2026),
    ]


def test_years_can_be_picked(tree: FilingTree, units: tuple[Unit, ...]) -> None:
    assert {one.year for one in expectations(tree, units, [2024, 2025])} == {2024, 2025}


def test_a_school_of_several_stages_is_asked_for_each(tree: FilingTree, units: tuple[Unit, ...]) -> None:
    both = Unit(code="S011", name="白石九年制学校", unit_type=UnitType.SCHOOL, stage="小学、初中")
    found = [one.unit.code for one in expectations(tree, (*units, both)) if one.code == "C3-03"]
    assert found == ["S010", "S011"]


def test_a_file_that_concerns_nobody_stops_the_check(tree: FilingTree, units: tuple[Unit, ...]) -> None:
    without = [unit for unit in units if unit.code not in {"D001", "T001", "T002", "S010"}]
    with pytest.raises(InputInvalid) as refusal:
        expectations(tree, without)
    for words in (
        "C2-01 财政决算报告：责任单位“D001”不在单位表里",
        "C3-02 乡镇目标责任书：要求每个乡镇都有，单位表里却没有乡镇",
        "C3-03 初中控辍报告：要求学段为“初中”的学校都有",
    ):
        assert words in refusal.value.problem


def test_a_county_file_without_a_responsible_unit_is_named(tree: FilingTree, units: tuple[Unit, ...]) -> None:
    first = tree.roots[0].children[0].children[0].required_files[0]
    bare = first.model_copy(update={"responsible_unit": None})
    leaf = tree.roots[0].children[0].children[0]
    object.__setattr__(leaf, "required_files", (bare,))
    with pytest.raises(InputInvalid, match="C1-01 领导小组文件：是县级件，却没有填责任单位"):
        expectations(tree, units)
