"""A unit's records of points, bonus and vetoes as its score sheet, verdict and self-rating. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dujian_docs.evaluation.figures import Verdict
from dujian_docs.evaluation.scoring import Bonus, ScoredIndicator, ScoreSheet, Veto, points_faults, score
from dujian_docs.evaluation.verdicts import Grade, PassRule, SelfRating, graded_verdict, self_rating, verdict
from dujian_docs.records.filing_models import FilingList, Indicator
from dujian_docs.records.score_models import BonusPoints, Score, VetoFinding


@dataclass(frozen=True, slots=True)
class ScoreRules:
    """What the office has settled: a part with a line of its own, whether bonus counts, what fails."""

    part: str = "A2"
    part_points: Decimal = Decimal(26)
    bonus_counts: bool = False
    fails_below: Decimal = Decimal(50)


@dataclass(frozen=True, slots=True)
class UnitScore:
    """What a unit's points in a year come to.

    ``graded`` is the verdict by grades 档次, None where no indicator has one; ``sheet`` is None where the
    points contradict the filing list, and ``faults`` say how.
    """

    unit: str
    year: int
    sheet: ScoreSheet | None
    verdict: Verdict
    rating: SelfRating | None
    graded: Verdict | None
    faults: tuple[str, ...]


def unit_score(
    unit: str,
    listed: FilingList,
    indicators: Sequence[Indicator],
    scores: Iterable[Score],
    *,
    bonuses: Iterable[BonusPoints] = (),
    vetoes: Iterable[VetoFinding] = (),
    rules: ScoreRules = ScoreRules(),
    year: int,
) -> UnitScore:
    """The unit's points of the year under the filing list.

    Args:
        unit: how it is called.
        listed: the filing list, with its pass line.
        indicators: of the filing list.
        scores: of this unit, year and list, as are ``bonuses`` and ``vetoes``.
        bonuses: points beyond the list.
        vetoes: that were found.
        rules: what the office has settled.
        year: calendar year.
    """
    told = tuple(scores)
    tree = tuple(ScoredIndicator(one.code, one.parent, _points(one.points)) for one in indicators)
    parents = {one.parent for one in tree}
    grades = {one.indicator: Grade(one.grade) if one.grade else None for one in told}
    lowest = sum(one.code not in parents for one in tree)
    graded = graded_verdict(grades, lowest) if any(grades.values()) else None
    faults = points_faults(tree, _points(listed.total_points))
    try:
        sheet = score(
            tree,
            {one.indicator: _points(one.points) for one in told},
            bonuses=[Bonus(one.title, _points(one.points)) for one in bonuses],
            most_bonus=_points(listed.bonus_points),
            vetoes=[Veto(one.title, one.indicator, one.evidence) for one in vetoes],
        )
    except ValueError as error:
        return UnitScore(unit, year, None, Verdict(None, (str(error),)), None, graded, (*faults, str(error)))
    rule = PassRule(
        _points(listed.pass_points),
        {rules.part: rules.part_points} if rules.part else {},
        bonus_counts=rules.bonus_counts,
    )
    rating = None
    if sheet.total is not None and sheet.total <= _points(listed.total_points):
        rating = self_rating(100 * sheet.total / _points(listed.total_points), rules.fails_below)
    return UnitScore(unit, year, sheet, verdict(sheet, rule), rating, graded, faults)


def _points(value: float) -> Decimal:
    """The points as they were written, not as the computer holds them."""
    return Decimal(f"{value:.15g}")
