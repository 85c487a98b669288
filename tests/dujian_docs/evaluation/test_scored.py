"""Points, bonus and vetoes in the records come to a verdict; records that contradict the list are named."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from dujian_docs.evaluation import ScoreRules, UnitScore
from dujian_docs.evaluation.scored import unit_score
from dujian_docs.records import FilingList, Indicator
from dujian_docs.records.score_models import BonusPoints, Level, Score, VetoFinding

LIST = FilingList(code="YL", title="目录", year=2026, bonus_points=5)
TREE = tuple(
    Indicator(filing_list="YL", code=code, title=code, parent=parent, points=points)
    for code, parent, points in (
        ("A1", "", 70), ("B1", "A1", 70), ("C1", "B1", 70),
        ("A2", "", 30), ("B2", "A2", 30), ("C2", "B2", 30),
    )
)  # fmt: skip


USUAL = ScoreRules()


def scored(
    *points: tuple[str, float], bonus: float = 0, veto: bool = False, rules: ScoreRules = USUAL
) -> UnitScore:
    common: dict[str, Any] = {"filing_list": "YL", "unit": "G1", "year": 2026}
    return unit_score(
        "县政府",
        LIST,
        TREE,
        [Score(**common, indicator=code, points=got) for code, got in points],
        bonuses=[BonusPoints(**common, title="示范", points=bonus)] if bonus else [],
        vetoes=[VetoFinding(**common, title="挤占经费", evidence=("审计报告",))] if veto else [],
        rules=rules,
        year=2026,
    )


@pytest.mark.parametrize(
    ("first", "second", "passed"),
    [(58.99, 26, False), (59, 26, True), (70, 25.9, False), (59.0, 26.0, True)],
)
def test_85_points_and_26_of_the_second_part(first: float, second: float, passed: bool) -> None:
    found = scored(("C1", first), ("C2", second))
    assert found.verdict.passed is passed
    assert found.sheet is not None
    assert found.sheet.total == Decimal(str(first)) + Decimal(str(second))


def test_bonus_counts_only_when_the_office_says_so_and_never_beyond_the_list() -> None:
    assert scored(("C1", 54), ("C2", 29), bonus=9).verdict.passed is False
    counted = scored(("C1", 54), ("C2", 29), bonus=9, rules=ScoreRules(bonus_counts=True))
    assert counted.verdict.passed is True
    assert counted.sheet is not None
    assert counted.sheet.bonus == 5


def test_a_veto_undoes_all_and_a_missing_score_leaves_it_open() -> None:
    assert scored(("C1", 70), ("C2", 30), veto=True).verdict.reasons == ("一票否决：挤占经费",)
    open_ = scored(("C1", 70))
    assert open_.verdict.passed is None
    assert "C2 没有得分" in open_.verdict.reasons[0]
    assert open_.rating is None


def test_a_rating_in_the_undefined_band_is_refused_until_the_office_decides() -> None:
    found = scored(("C1", 40), ("C2", 15)).rating
    assert found is not None
    assert (found.grade, "50 到 60" in found.reason) == ("", True)
    settled = scored(("C1", 40), ("C2", 15), rules=ScoreRules(fails_below=Decimal(60))).rating
    assert settled is not None
    assert settled.grade == "不合格"


def test_points_that_contradict_the_list_are_a_fault_and_no_crash() -> None:
    found = scored(("C1", 71), ("C2", 30))
    assert found.verdict.passed is None
    assert found.faults == ("C1 得 71 分，应在 0 到 70 之间",)
    short = unit_score("县", LIST, TREE[:3], [], year=2026)
    assert short.faults == ("一级指标分值合计 70，与总分 100 不符",)


@pytest.mark.parametrize(
    ("grades", "passed"),
    [
        ("A" * 16, True),
        ("A" * 15 + "B", True),
        ("A" * 14 + "BB", False),
        ("A" * 15 + "C", False),
        ("A" * 15, None),
    ],
)
def test_sixteen_grades(grades: str, passed: bool | None) -> None:
    tree = [Indicator(filing_list="YL", code="A1", title="一", points=0)]
    tree += [Indicator(filing_list="YL", code="B1", title="一", parent="A1", points=0)]
    tree += [
        Indicator(filing_list="YL", code=f"C{n}", title="项", parent="B1", points=0) for n in range(1, 17)
    ]
    told = [
        Score(filing_list="YL", unit="G1", year=2026, indicator=f"C{n}", points=0, grade=Level(grade))
        for n, grade in enumerate(grades, start=1)
    ]
    found = unit_score("县", LIST, tree, told, year=2026)
    assert found.graded is not None
    assert found.graded.passed is passed
