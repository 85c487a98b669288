"""What an inspection came to, for its bulletin: faults that units share, faults of one, and how far they are.

Pure. A fault is shared when two units or more have it in the same words, or under the same indicator.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from dujian_docs.documents.fields import Context, Row
from dujian_docs.documents.genres import Phrases
from dujian_docs.documents.itemising import items
from dujian_docs.records import Finding, FindingStatus
from dujian_docs.wording import joined, one_line


@dataclass(frozen=True, slots=True)
class OutcomeFacts:
    """The findings of an inspection, the names of units by code, and the codes of those inspected."""

    findings: Sequence[Finding]
    units: Mapping[str, str]
    inspected: Sequence[str]


def outcome_values(facts: OutcomeFacts, phrases: Phrases) -> Context:
    """``common`` and ``single`` faults as 条目, and ``ranking``: a row for each unit that was inspected.

    Units stand by the share of their findings that is closed, then by fewer findings; equals share a rank.
    """
    groups = _groups(facts.findings)
    common = [group for group in groups if len({one.unit for one in group}) > 1]
    single = [one for group in groups if group not in common for one in group]
    return {
        "common": items([_shared(group, facts.units, phrases) for group in common]),
        "single": items(
            [phrases.text("个性问题", 单位=facts.units[one.unit], 问题=_told(one)) for one in single]
        ),
        "ranking": _ranking(facts),
    }


def _told(finding: Finding) -> str:
    return one_line(finding.description).rstrip("。；，、")


def _groups(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Findings of the same words, or of the same indicator, together; in the order of the first of each."""
    groups: dict[str, list[Finding]] = {}
    for one in sorted(findings, key=lambda finding: finding.code):
        groups.setdefault(one.indicator or _told(one), []).append(one)
    return list(groups.values())


def _shared(group: Sequence[Finding], units: Mapping[str, str], phrases: Phrases) -> str:
    told = list(dict.fromkeys(_told(one) for one in group))
    whose = list(dict.fromkeys(units[one.unit] for one in group))
    return phrases.text("共性问题", 问题="；".join(told), 单位=joined(whose), 单位数=str(len(whose)))


def _ranking(facts: OutcomeFacts) -> tuple[Row, ...]:
    measured = []
    for code in dict.fromkeys([*facts.inspected, *(one.unit for one in facts.findings)]):
        own = [one for one in facts.findings if one.unit == code]
        closed = sum(one.status is FindingStatus.CLOSED for one in own)
        share = Fraction(closed, len(own)) if own else Fraction(1)
        measured.append((-share, len(own), facts.units[code], closed))
    measured.sort()
    rows: list[Row] = []
    for number, (share, found, name, closed) in enumerate(measured, start=1):
        same = number > 1 and (share, found) == measured[number - 2][:2]
        rows.append(
            {
                "rank": rows[-1]["rank"] if same else str(number),
                "unit": name,
                "found": str(found),
                "closed": str(closed),
                "rate": f"{float(-share) * 100:.1f}".removesuffix(".0") + "%" if found else "—",
            }
        )
    return tuple(rows)
