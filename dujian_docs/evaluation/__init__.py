"""Evaluation (评估): figures, scores and verdicts, as pure functions that refuse to guess."""

from dujian_docs.evaluation.balance import (
    Balance,
    BalanceItem,
    BalanceStandard,
    SchoolLevels,
    balance,
    standards,
)
from dujian_docs.evaluation.disparity import (
    Change,
    Disparity,
    Holding,
    Pull,
    changes,
    composite,
    disparity,
)
from dujian_docs.evaluation.figures import UNDETERMINED, Figure, Source, Verdict, rounded
from dujian_docs.evaluation.growths import FinanceYear, Growth, growths_verdict, three_growths
from dujian_docs.evaluation.rates import (
    CLOSURE,
    COMPLETION,
    COVERAGE,
    ON_TIME,
    REACHED,
    RECTIFICATION,
    Rate,
    growth,
    rate,
)
from dujian_docs.evaluation.retention import Cohort, RetentionFormula, retention
from dujian_docs.evaluation.scoring import Bonus, ScoredIndicator, ScoreSheet, Veto, points_faults, score
from dujian_docs.evaluation.through_schools import SplitRounding, split
from dujian_docs.evaluation.verdicts import (
    Grade,
    PassRule,
    SelfRating,
    graded_verdict,
    self_rating,
    verdict,
)

__all__ = [
    "CLOSURE",
    "COMPLETION",
    "COVERAGE",
    "ON_TIME",
    "REACHED",
    "RECTIFICATION",
    "UNDETERMINED",
    "Balance",
    "BalanceItem",
    "BalanceStandard",
    "Bonus",
    "Change",
    "Cohort",
    "Disparity",
    "Figure",
    "FinanceYear",
    "Grade",
    "Growth",
    "Holding",
    "PassRule",
    "Pull",
    "Rate",
    "RetentionFormula",
    "SchoolLevels",
    "ScoreSheet",
    "ScoredIndicator",
    "SelfRating",
    "Source",
    "SplitRounding",
    "Verdict",
    "Veto",
    "balance",
    "changes",
    "composite",
    "disparity",
    "graded_verdict",
    "growth",
    "growths_verdict",
    "points_faults",
    "rate",
    "retention",
    "rounded",
    "score",
    "self_rating",
    "split",
    "standards",
    "three_growths",
    "verdict",
]
