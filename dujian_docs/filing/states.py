"""What can be said of an expectation and of a file, and on which ground; the words people read for it.

The exact rules stand in ``matching``; this module only fixes the names, their order and their Chinese.
"""

from __future__ import annotations

from enum import StrEnum


class ExpectationState(StrEnum):
    """The state of one expectation; every expectation is in exactly one."""

    PRESENT = "present"
    MISSING = "missing"
    WRONG_YEAR = "wrong_year"
    WRONG_PLACE = "wrong_place"
    UNREADABLE = "unreadable"
    SUGGESTED = "suggested"

    @property
    def label(self) -> str:
        """The Chinese word shown to people."""
        return _LABELS[self]


_LABELS = {
    ExpectationState.PRESENT: "齐",
    ExpectationState.MISSING: "缺",
    ExpectationState.WRONG_YEAR: "年份不符",
    ExpectationState.WRONG_PLACE: "位置不对",
    ExpectationState.UNREADABLE: "打不开",
    ExpectationState.SUGGESTED: "疑似",
}

FOREIGN_LABEL = "目录外"
"""The word for a file in an indicator's folder that answers no expectation."""

UNFILED_LABEL = "待归档"
"""The word for a file that waits in the inbox folder; also that folder's name."""


class Ground(StrEnum):
    """Why a file is named beside an expectation. Only EXACT and CONFIRMED make it count."""

    EXACT = "exact"
    CONFIRMED = "confirmed"
    UNREADABLE = "unreadable"
    WRONG_PLACE = "wrong_place"
    WRONG_YEAR = "wrong_year"
    WRONG_FORMAT = "wrong_format"
    COPY = "copy"
    NAME = "name"
    TEXT = "text"


STATE_OF_GROUND: dict[Ground, ExpectationState] = {
    Ground.UNREADABLE: ExpectationState.UNREADABLE,
    Ground.WRONG_PLACE: ExpectationState.WRONG_PLACE,
    Ground.WRONG_FORMAT: ExpectationState.SUGGESTED,
    Ground.COPY: ExpectationState.SUGGESTED,
    Ground.WRONG_YEAR: ExpectationState.WRONG_YEAR,
    Ground.NAME: ExpectationState.SUGGESTED,
    Ground.TEXT: ExpectationState.SUGGESTED,
}
"""The state an unsatisfied expectation takes; the first ground in this order that some file has decides."""
