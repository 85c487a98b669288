"""From an accountability case to the values of its decision: a pure function.

《教育督导问责办法》: a decision holds the object's situation, the facts, the basis, the means and the day it
takes effect; and it says what can be done against it.
"""

from __future__ import annotations

from dataclasses import dataclass

from dujian_docs.documents.fields import Context, Value
from dujian_docs.documents.genres import Phrases
from dujian_docs.documents.itemising import items
from dujian_docs.records import Unit
from dujian_docs.records.accountability_models import AccountabilityCase
from dujian_docs.supervision import require_whole
from dujian_docs.wording import chinese_date, joined, one_line, sentence


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """A case, and the unit that it is about."""

    case: AccountabilityCase
    unit: Unit


def decision_values(facts: DecisionFacts, phrases: Phrases) -> Context:
    """The values of a decision.

    Raises:
        InputInvalid: the case lacks one of the five parts, so that nothing may be issued.
    """
    case = facts.case
    require_whole(case)
    whom = one_line(case.person) or facts.unit.name
    decision = phrases.text("决定", 对象=whom, 方式=joined(case.means))
    if case.aggravations:
        decision += phrases.text("从重", 情形=joined(case.aggravations))
    values: dict[str, Value] = {
        "title": phrases.text("标题", 对象=whom),
        "main_to": facts.unit.name,
        "situation": sentence(one_line(case.situation)),
        "facts": items(case.facts),
        "basis": items(case.basis),
        "decision": decision,
        "remedy": phrases.text("救济"),
    }
    if case.effective_date:
        values["effective"] = phrases.text("生效", 日期=chinese_date(case.effective_date))
    return values
