"""Scores, vetoes and verdicts at their edges."""

from __future__ import annotations

from decimal import Decimal

import pytest

from dujian_docs.evaluation import (
    Bonus,
    Grade,
    PassRule,
    ScoredIndicator,
    ScoreSheet,
    Veto,
    graded_verdict,
    points_faults,
    score,
    self_rating,
    verdict,
)

TREE = [
    ScoredIndicator(code, parent, Decimal(points))
    for code, parent, points in [
        ("A1", "", 55), ("B1", "A1", 30), ("C1", "B1", 10), ("C2", "B1", 20),
        ("B2", "A1", 25), ("C3", "B2", 25),
        ("A2", "", 30), ("B3", "A2", 30), ("C4", "B3", 30),
        ("A3", "", 15), ("B4", "A3", 15), ("C5", "B4", 15),
    ]
]  # fmt: skip


def sheet(c3: str = "25", c4: str = "30", c5: str = "15", **more: object) -> ScoreSheet:
    scores = {"C1": "10", "C2": "20", "C3": c3, "C4": c4, "C5": c5}
    told = {code: Decimal(value) if value else None for code, value in scores.items()}
    return score(TREE, told, **more)  # type: ignore[arg-type]


def test_points_add_up_to_the_top() -> None:
    found = sheet(c3="24.9", c4="26.1")
    assert found.total == Decimal("96.0")
    assert found.sums["B1"] == 30
    assert found.sums["A1"] == Decimal("54.9")
    assert found.missing == ()


def test_what_is_not_scored_leaves_the_sums_above_it_open() -> None:
    found = sheet(c4="")
    assert found.total is None
    assert found.missing == ("C4",)
    assert "A2" not in found.sums
    assert found.sums["A1"] == 55
    judged = verdict(found)
    assert judged.word == "无法判定"
    assert judged.reasons[0] == "总分不能算出：C4 没有得分"


@pytest.mark.parametrize(
    ("c3", "c4", "passed"),
    [("15.0", "26.0", True), ("14.99", "26.0", False), ("25", "25.9", False), ("25", "26", True)],
)
def test_the_edges_of_the_county_rule(c3: str, c4: str, passed: bool) -> None:
    found = sheet(c3=c3, c4=c4, c5="14")
    assert verdict(found).passed is passed
    assert (found.total == Decimal("85.0")) is (c3 == "15.0")


def test_a_high_score_does_not_help_against_a_low_part_or_a_veto() -> None:
    low = verdict(sheet(c4="25.9"))
    assert low.passed is False
    assert low.reasons == ("A2 25.9 分，未达到 26 分",)
    vetoed = sheet(c5="14", vetoes=[Veto("重大安全事故", "C3", ("迎检档案/事故通报.pdf",))])
    assert verdict(vetoed).passed is False
    assert verdict(vetoed).reasons == ("一票否决：重大安全事故",)
    unfinished = sheet(c4="", vetoes=[Veto("挪用经费", "C3", ("审计报告.pdf",))])
    assert verdict(unfinished).passed is False


def test_whether_bonus_counts_is_the_offices_word() -> None:
    found = sheet(c3="12", c4="26", c5="15", bonuses=[Bonus("示范", Decimal(9))], most_bonus=Decimal(5))
    assert found.total == Decimal(83)
    assert found.bonus == Decimal(5)
    assert verdict(found).passed is False
    assert verdict(found, PassRule(bonus_counts=True)).passed is True


@pytest.mark.parametrize(
    ("scores", "words"),
    [
        ({"C9": Decimal(1)}, "C9 不是末级指标"),
        ({"B1": Decimal(1)}, "B1 不是末级指标"),
        ({"C1": Decimal("10.1")}, "C1 得 10.1 分，应在 0 到 10 之间"),
        ({"C1": Decimal("-0.1")}, "C1 得 -0.1 分"),
    ],
)
def test_a_score_that_cannot_be_is_refused(scores: dict[str, Decimal], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        score(TREE, scores)


def test_a_veto_needs_evidence_and_a_tree_needs_roots() -> None:
    with pytest.raises(ValueError, match="没有佐证"):
        sheet(vetoes=[Veto("挪用经费", "C3", ())])
    with pytest.raises(ValueError, match="C8 没有挂在指标体系里"):
        score([*TREE, ScoredIndicator("C8", "B9", Decimal(1))], {})
    ring = [ScoredIndicator("B1", "C1", Decimal(1)), ScoredIndicator("C1", "B1", Decimal(1))]
    with pytest.raises(ValueError, match="没有挂在"):
        score(ring, {})


def test_points_that_do_not_add_up_are_named() -> None:
    assert points_faults(TREE, Decimal(100)) == ()
    wrong = [one if one.code != "C2" else ScoredIndicator("C2", "B1", Decimal(19)) for one in TREE]
    assert points_faults(wrong, Decimal(101)) == (
        "一级指标分值合计 100，与总分 101 不符",
        "B1 的下级指标分值合计 29，与B1 的分值 30 不符",
    )


@pytest.mark.parametrize(
    ("grades", "passed"),
    [("A" * 16, True), ("A" * 15 + "B", True), ("A" * 14 + "BB", False), ("A" * 15 + "C", False)],
)
def test_sixteen_grades(grades: str, passed: bool) -> None:
    assert graded_verdict({str(n): Grade(grade) for n, grade in enumerate(grades)}).passed is passed


def test_grades_that_are_missing_matter_only_while_it_may_pass() -> None:
    told = {str(n): Grade.A for n in range(15)}
    assert graded_verdict(told).word == "无法判定"
    assert graded_verdict(told | {"15": None}).word == "无法判定"
    assert graded_verdict({"0": Grade.C}).passed is False
    with pytest.raises(ValueError, match="17 grades"):
        graded_verdict({str(n): Grade.A for n in range(17)})


@pytest.mark.parametrize(
    ("percent", "grade"),
    [("100", "优秀"), ("90", "优秀"), ("89.99", "良好"), ("80", "良好"), ("60", "合格"), ("49.99", "不合格")],
)
def test_self_ratings(percent: str, grade: str) -> None:
    assert self_rating(Decimal(percent)).grade == grade


def test_the_band_that_nobody_defined_is_refused_until_the_office_does() -> None:
    for percent in ("50", "55", "59.99"):
        found = self_rating(Decimal(percent))
        assert found.grade == ""
        assert "没有规定" in found.reason
        assert self_rating(Decimal(percent), fails_below=Decimal(60)).grade == "不合格"
    with pytest.raises(ValueError, match="101"):
        self_rating(Decimal(101))
