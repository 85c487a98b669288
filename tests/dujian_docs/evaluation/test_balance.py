"""基本均衡 looks at the composite alone, 优质均衡 at every coefficient and every school."""

from __future__ import annotations

import pytest

from dujian_docs.evaluation import BalanceStandard, Holding, balance, standards

BASIC, QUALITY = standards()["basic"], standards()["quality"]


def holdings(
    standard: BalanceStandard, *schools: tuple[str, int, float], **others: list[Holding]
) -> dict[str, list[Holding]]:
    """Every school has each thing at its factor of the level (of 1 where there is none)."""
    made = {}
    for item in standard.items:
        level = item.levels.get("小学", 1.0) / item.per
        made[item.code] = [Holding(name, pupils, pupils * level * factor) for name, pupils, factor in schools]
    return made | others


def test_the_standards_are_those_that_were_issued() -> None:
    assert len(BASIC.items) == 8
    assert len(QUALITY.items) == 7
    assert BASIC.limits == {"小学": 0.65, "初中": 0.55}
    assert QUALITY.limits == {"小学": 0.50, "初中": 0.45}
    assert [item.levels["小学"] for item in QUALITY.items] == [4.2, 1, 0.9, 4.5, 7.5, 2000, 2.3]
    assert [item.levels["初中"] for item in QUALITY.items] == [5.3, 1, 0.9, 5.8, 10.2, 2500, 2.4]


def test_one_wide_item_fails_quality_and_not_basic() -> None:
    wide = [Holding("甲", 100, 10), Holding("乙", 100, 400)]
    basic = balance(BASIC, "小学", holdings(BASIC, ("甲", 100, 1), ("乙", 100, 1.1), grounds=wide))
    assert basic.disparities["grounds"].cv.value == pytest.approx(0.951, abs=0.001)
    assert basic.verdict.passed is True
    assert basic.schools == ()
    far = [Holding("甲", 100, 1000), Holding("乙", 100, 4000)]
    quality = balance(QUALITY, "小学", holdings(QUALITY, ("甲", 100, 1.2), ("乙", 100, 1.3), grounds=far))
    assert quality.composite.value is not None
    assert quality.composite.value < 0.5
    assert quality.verdict.passed is False
    assert quality.verdict.reasons == ("生均体育运动场馆面积 0.6000 > 0.5",)


def test_every_school_reaches_six_levels_and_nearly_the_seventh() -> None:
    def judged(grounds: float) -> tuple[bool | None, tuple[str, ...]]:
        one = [Holding("甲", 100, 100 * grounds), Holding("乙", 100, 800)]
        found = balance(QUALITY, "小学", holdings(QUALITY, ("甲", 100, 1), ("乙", 100, 1.2), grounds=one))
        return found.verdict.passed, found.verdict.reasons

    assert judged(7.5)[0] is True
    assert judged(7.5 * 0.85)[0] is True
    passed, (reason,) = judged(7.5 * 0.84)
    assert passed is False
    assert "甲：生均体育运动场馆面积 6.30（标准 7.5），不到标准的 85%" in reason
    two_short = holdings(QUALITY, ("甲", 100, 1), ("乙", 100, 1.2)) | {
        code: [Holding("甲", 1000, 900 * level), Holding("乙", 1000, 1200 * level)]
        for code, level in (("grounds", 7.5), ("rooms", 4.5))
    }
    found = balance(QUALITY, "小学", two_short)
    assert found.verdict.passed is False
    assert "甲：只有 5 项达到标准" in found.verdict.reasons[0]


def test_what_lies_on_the_limit_passes() -> None:
    on = [Holding("甲", 1, 1), Holding("乙", 1, 3)]
    found = balance(QUALITY, "小学", holdings(QUALITY, ("甲", 1, 1), ("乙", 1, 1), equipment=on))
    assert found.disparities["equipment"].cv.value == 0.5
    assert "生均教学仪器设备值 0.5000 ≤ 0.5" not in found.verdict.reasons
    assert not any("设备值 0.5" in reason for reason in found.verdict.reasons)


def test_missing_data_leave_the_verdict_open_unless_it_is_lost_already() -> None:
    gap = [Holding("甲", 100, None), Holding("乙", 100, 1)]
    found = balance(BASIC, "初中", holdings(BASIC, ("甲", 100, 1), ("乙", 100, 1), books=gap))
    assert found.verdict.word == "无法判定"
    assert found.verdict.reasons == ("综合差异系数：甲 缺数量",)
    lost = [Holding("甲", 100, 1000), Holding("乙", 100, 9000)]
    failed = holdings(QUALITY, ("甲", 100, 1), ("乙", 100, 1), rooms=gap, grounds=lost)
    assert balance(QUALITY, "小学", failed).verdict.passed is False
    with pytest.raises(KeyError):
        balance(BASIC, "高中", {})
