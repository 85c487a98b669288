"""Shares and growth: 办结率, 整改率, 完成率, 覆盖率 and their like. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from dujian_docs.evaluation.figures import Figure, Number, Source, unknown


@dataclass(frozen=True, slots=True)
class Rate:
    """A share: what is counted (``part``) of what there is (``base``).

    ``whole``: the part cannot be more than the base; a completed target may be overfulfilled.
    """

    formula: str
    title: str
    part: str
    base: str
    whole: bool = True


CLOSURE = Rate("closure_rate", "办结率", "办结数", "受理数")
ON_TIME = Rate("on_time_rate", "按期办结率", "期限内办结数", "应办结数")
RECTIFICATION = Rate("rectification_rate", "整改率", "销号数", "问题数")
ADOPTION = Rate("adoption_rate", "落实率", "落实数", "建议数")
COVERAGE = Rate("coverage", "覆盖率", "已查数", "应查数")
COMPLETION = Rate("completion", "完成率", "完成数", "目标数", whole=False)
REACHED = Rate("reached_share", "占比", "达标数", "基数")


def rate(kind: Rate, part: Number | None, base: Number | None, sources: tuple[Source, ...] = ()) -> Figure:
    """The share in per cent."""
    reason = _fault(kind, part, base)
    if part is None or base is None or reason:
        return unknown(reason, "%", kind.formula, sources)
    return Figure(100 * part / base, "%", kind.formula, sources=sources)


def growth(title: str, this: Number | None, last: Number | None, sources: tuple[Source, ...] = ()) -> Figure:
    """How much ``this`` year is above ``last`` year, in per cent of last year."""
    years = (("本年", this), ("上年", last))
    missing = [year for year, value in years if value is None]
    if this is None or last is None:
        return unknown(f"缺{'、'.join(missing)}{title}", "%", "growth", sources)
    if this < 0 or last <= 0:
        wrong = "上年" if last <= 0 else "本年"
        return unknown(f"{wrong}{title}不是正数", "%", "growth", sources)
    return Figure(100 * (this - last) / last, "%", "growth", sources=sources)


def _fault(kind: Rate, part: Number | None, base: Number | None) -> str:
    """Why there is no such share; empty when there is one."""
    missing = [name for name, value in ((kind.part, part), (kind.base, base)) if value is None]
    if part is None or base is None:
        return f"缺{'、'.join(missing)}"
    if part < 0 or base < 0:
        return f"{kind.part if part < 0 else kind.base}是负数"
    if base == 0:
        return f"{kind.base}为 0"
    if kind.whole and part > base:
        return f"{kind.part}（{part:g}）多于{kind.base}（{base:g}），两个数有矛盾"
    return ""
