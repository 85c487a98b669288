"""What an evaluation came to: balances, growths, scores, rates, and all that is missing or contradictory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dujian_docs.evaluation.balance import Balance
from dujian_docs.evaluation.disparity import Holding
from dujian_docs.evaluation.easing import Overrun, Shortfall
from dujian_docs.evaluation.figures import Verdict
from dujian_docs.evaluation.growths import FinanceYear, Growth
from dujian_docs.evaluation.holdings import Lack
from dujian_docs.evaluation.measured import Measure
from dujian_docs.evaluation.scored import UnitScore
from dujian_docs.records.filing_models import Indicator


@dataclass(frozen=True, slots=True)
class SectionBalance:
    """A section against a standard: what was counted, what came out, what is over and what is missing."""

    balance: Balance
    holdings: Mapping[str, tuple[Holding, ...]]
    overruns: tuple[Overrun, ...]
    shortfalls: tuple[Shortfall, ...]
    lacks: tuple[Lack, ...]


@dataclass(frozen=True, slots=True)
class FinanceGrowths:
    """The three growths of a unit's finance from the ``last`` year to ``this``."""

    unit: str
    this: FinanceYear
    last: FinanceYear
    growths: tuple[Growth, ...]
    verdict: Verdict

    @property
    def year(self) -> int:
        """The calendar year that is judged."""
        return self.this.year


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All that came out for a school year (empty: no statistics) and a calendar year."""

    school_year: str
    year: int
    list_title: str
    indicators: tuple[Indicator, ...]
    sections: tuple[SectionBalance, ...]
    growths: tuple[FinanceGrowths, ...]
    scores: tuple[UnitScore, ...]
    measures: tuple[Measure, ...]
    contradictions: tuple[str, ...]
    unplaced: tuple[str, ...]
    codes: Mapping[str, str]

    @property
    def lacks(self) -> tuple[Lack, ...]:
        """Every number that is missing, once."""
        seen: dict[str, dict[str, None]] = {}
        schools: dict[str, str] = {}
        for one in (lack for section in self.sections for lack in section.lacks):
            schools[one.record] = one.school
            seen.setdefault(one.record, {}).update(dict.fromkeys(one.titles))
        return tuple(Lack(schools[record], tuple(titles), record) for record, titles in seen.items())

    @property
    def absent(self) -> tuple[str, ...]:
        """Records without which a part could not be evaluated at all, and where they belong."""
        found = []
        if not self.sections:
            found.append("没有学校统计，差异系数和巩固率无法判定；用 dujian template 学校统计 出表填报后导入")
        if not self.growths:
            found.append("没有教育经费，三个增长无法判定；用 dujian template 教育经费 出表填报后导入")
        if not self.scores:
            found.append("没有得分，评估结论无法判定；用 dujian template 得分 出表填报后导入")
        return (*found, *self.unplaced)

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdict of every part."""
        return (
            *(one.balance.verdict for one in self.sections),
            *(one.verdict for one in self.growths),
            *(one.verdict for one in self.scores),
            *(one.graded for one in self.scores if one.graded),
            *(one.verdict for one in self.measures if one.judged),
        )

    @property
    def clean(self) -> bool:
        """Whether every part is there and passes, and no records contradict each other."""
        faults = [*self.absent, *self.contradictions, *(fault for one in self.scores for fault in one.faults)]
        return not faults and all(one.passed for one in self.verdicts)
