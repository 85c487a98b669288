"""Evaluation (评估): figures, scores and verdicts, as pure functions that refuse to guess."""

from dujian_docs.evaluation.as_json import as_json
from dujian_docs.evaluation.balance import (
    Balance,
    BalanceItem,
    BalanceStandard,
    SchoolLevels,
    balance,
    standards,
)
from dujian_docs.evaluation.charts import write_charts
from dujian_docs.evaluation.county import CountyRecords, Rules, evaluate
from dujian_docs.evaluation.disparity import (
    Change,
    Disparity,
    Holding,
    Pull,
    changes,
    composite,
    disparity,
)
from dujian_docs.evaluation.easing import Ease, Overrun, Shortfall
from dujian_docs.evaluation.figures import UNDETERMINED, Figure, Source, Verdict, rounded
from dujian_docs.evaluation.growths import FinanceYear, Growth, growths_verdict, three_growths
from dujian_docs.evaluation.holdings import Lack, is_counted, title_of
from dujian_docs.evaluation.measured import Measure, RateRules
from dujian_docs.evaluation.outcome import Evaluation, FinanceGrowths, SectionBalance
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
from dujian_docs.evaluation.scored import ScoreRules, UnitScore
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
from dujian_docs.evaluation.workbook import write_workbook

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
    "CountyRecords",
    "Disparity",
    "Ease",
    "Evaluation",
    "Figure",
    "FinanceGrowths",
    "FinanceYear",
    "Grade",
    "Growth",
    "Holding",
    "Lack",
    "Measure",
    "Overrun",
    "PassRule",
    "Pull",
    "Rate",
    "RateRules",
    "RetentionFormula",
    "Rules",
    "SchoolLevels",
    "ScoreRules",
    "ScoreSheet",
    "ScoredIndicator",
    "SectionBalance",
    "SelfRating",
    "Shortfall",
    "Source",
    "SplitRounding",
    "UnitScore",
    "Verdict",
    "Veto",
    "as_json",
    "balance",
    "changes",
    "composite",
    "disparity",
    "evaluate",
    "graded_verdict",
    "growth",
    "growths_verdict",
    "is_counted",
    "points_faults",
    "rate",
    "retention",
    "rounded",
    "score",
    "self_rating",
    "split",
    "standards",
    "three_growths",
    "title_of",
    "verdict",
    "write_charts",
    "write_workbook",
]
