"""The clocks of an accountability case (《教育督导问责办法》, in force since 2021-09-01).

The measure counts in days (日); an office whose own rules say working days sets that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dujian_docs.records.accountability_models import AccountabilityCase


@dataclass(frozen=True, slots=True)
class Clock:
    """From one day of a case to another, within so many days; whose it is to act.

    ``ours`` is false when it is for the other side, who may let the day pass: it is told, and never overdue.
    """

    what: str
    start: str
    end: str
    days: int
    ours: bool = True

    def runs_from(self, case: AccountabilityCase) -> date | None:
        """The day from which the clock runs; None when it does not, or what it waits for was done."""
        begun, done = getattr(case, self.start), getattr(case, self.end)
        return begun if isinstance(begun, date) and done is None and case.filed_date is None else None


CLOCKS = (
    Clock("组建调查认定组", "supervision_end", "group_date", 60),
    Clock("被问责方申请复核期满（从决定日期算起）", "decision_date", "review_requested", 30, ours=False),
    Clock("答复复核", "review_requested", "review_answered", 30),
    Clock("被问责方申诉期满", "review_answered", "appealed", 15, ours=False),
    Clock("上级作出申诉决定", "appealed", "appeal_decided", 60),
    Clock("按申诉决定纠正", "appeal_decided", "corrected", 15),
)
