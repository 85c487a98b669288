"""The three growths 三个增长 that the law asks of education spending. Pure.

Grants grow faster than regular revenue; spending per pupil grows year by year; teachers' pay and public funds
per pupil grow year by year (《教育法》, 《义务教育法》).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from dujian_docs.evaluation.figures import Figure, Source, Verdict, rounded
from dujian_docs.evaluation.rates import growth


@dataclass(frozen=True, slots=True)
class FinanceYear:
    """A calendar year's spending in yuan; None is what is not known. Maps go from a section to an amount."""

    year: int
    grants: float | None
    recurrent_revenue: float | None
    teacher_pay: float | None
    spending_per_pupil: Mapping[str, float | None] = field(default_factory=dict)
    public_funds_per_pupil: Mapping[str, float | None] = field(default_factory=dict)
    sources: tuple[Source, ...] = ()


@dataclass(frozen=True, slots=True)
class Growth:
    """One of the growths: its growth rates by name, and whether it is there."""

    title: str
    rates: Mapping[str, Figure]
    verdict: Verdict


def three_growths(this: FinanceYear, last: FinanceYear) -> tuple[Growth, ...]:
    """The growths of ``this`` year over the ``last``.

    Raises:
        ValueError: the years do not follow each other.
    """
    if this.year != last.year + 1:
        raise ValueError(f"{this.year} does not follow {last.year}")
    sources = (*last.sources, *this.sources)

    def grown(title: str, now: float | None, before: float | None) -> Figure:
        return growth(title, now, before, sources)

    grants = grown("财政教育拨款", this.grants, last.grants)
    revenue = grown("财政经常性收入", this.recurrent_revenue, last.recurrent_revenue)
    pay = {"教师工资": grown("教师工资", this.teacher_pay, last.teacher_pay)}
    funds = {
        name: grown(name, *pair)
        for name, pair in _by_section(
            "生均公用经费", this.public_funds_per_pupil, last.public_funds_per_pupil
        )
    }
    spending = {
        name: grown(name, *pair)
        for name, pair in _by_section("生均教育费用", this.spending_per_pupil, last.spending_per_pupil)
    }
    return (
        Growth(
            "财政教育拨款的增长高于财政经常性收入的增长",
            {"财政教育拨款": grants, "财政经常性收入": revenue},
            _faster(grants, revenue),
        ),
        Growth("按在校学生人数平均的教育费用逐步增长", spending, _all_grow(spending)),
        Growth("教师工资和学生人均公用经费逐步增长", pay | funds, _all_grow(pay | funds)),
    )


def growths_verdict(growths: tuple[Growth, ...]) -> Verdict:
    """Whether all three are there."""
    return Verdict.of(one.verdict for one in growths)


def _by_section(
    title: str, this: Mapping[str, float | None], last: Mapping[str, float | None]
) -> Iterator[tuple[str, tuple[float | None, float | None]]]:
    """The amounts of both years by section; the bare title with nothing when no section is told."""
    sections = dict.fromkeys([*last, *this])
    if not sections:
        yield title, (None, None)
    for section in sections:
        yield f"{section}{title}", (this.get(section), last.get(section))


def _faster(grants: Figure, revenue: Figure) -> Verdict:
    if grants.value is None or revenue.value is None:
        return Verdict(None, (grants.reason or revenue.reason,))
    passed = grants.value > revenue.value
    words = f"财政教育拨款增长 {rounded(grants.value, 2)}%，财政经常性收入增长 {rounded(revenue.value, 2)}%"
    return Verdict(passed, (words,))


def _all_grow(rates: Mapping[str, Figure]) -> Verdict:
    return Verdict.of(
        Verdict(None, (rate.reason,))
        if rate.value is None
        else Verdict(rate.value > 0, (f"{name}增长 {rounded(rate.value, 2)}%",))
        for name, rate in rates.items()
    )
