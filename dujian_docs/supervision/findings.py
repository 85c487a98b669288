"""Findings from found to closed, and back when they relapse: contradictions, and what came twice. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from types import MappingProxyType

from dujian_docs.records.models import Finding, FindingSource, FindingStatus, Person
from dujian_docs.records.supervision_models import (
    ListedCase,
    ListedState,
    LookBack,
    LookBackResult,
    RectificationStep,
)

MOVES: Mapping[FindingStatus, frozenset[FindingStatus]] = MappingProxyType(
    {
        FindingStatus.OPEN: frozenset({FindingStatus.RECTIFYING, FindingStatus.AWAITING_CHECK}),
        FindingStatus.RECTIFYING: frozenset({FindingStatus.AWAITING_CHECK}),
        FindingStatus.AWAITING_CHECK: frozenset({FindingStatus.RECTIFYING, FindingStatus.CLOSED}),
        FindingStatus.CLOSED: frozenset({FindingStatus.RELAPSED}),
        FindingStatus.RELAPSED: frozenset({FindingStatus.RECTIFYING, FindingStatus.AWAITING_CHECK}),
    }
)
"""Where a finding may go from where it is; what is closed was checked before."""
CHECKERS = ("督学", "督导")
"""What a role holds whose people may check and close: inspectors, and the office's own."""
FROM_ABOVE = frozenset({FindingSource.NATION, FindingSource.PROVINCE, FindingSource.CITY})
"""Sources whose findings are closed on the word of those above, which has to be on file."""


@dataclass(frozen=True, slots=True)
class Fault:
    """Something in the ledger that cannot be so, or that was not for that person to do; and the remedy."""

    code: str
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Repeated:
    """The same thing found again and again, oldest first; a listed case is suggested."""

    unit: str
    codes: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """The records that make up the ledger."""

    findings: Sequence[Finding]
    steps: Sequence[RectificationStep] = ()
    look_backs: Sequence[LookBack] = ()
    listed_cases: Sequence[ListedCase] = ()
    people: Sequence[Person] = ()


def faults(ledger: Ledger) -> tuple[Fault, ...]:
    """Everything in the ledger that contradicts itself, finding by finding."""
    begun = {step.finding for step in ledger.steps}
    relapsed = {one.finding for one in ledger.look_backs if one.result is LookBackResult.RELAPSED}
    again = {one.repeats for one in ledger.findings if one.repeats}
    people = {one.code: one for one in ledger.people}
    by_code = {one.code: one for one in ledger.findings}
    found: list[Fault] = []
    for one in ledger.findings:
        told = [*_of_closing(one, people), *_of_dates(one, begun), *_of_repeating(one, by_code)]
        if one.status is FindingStatus.CLOSED and one.code in relapsed:
            told.append(("回头看的结果是反弹，状态还是销号", "把状态改为“反弹”，重新整改"))
        if one.status is FindingStatus.RELAPSED and one.code not in relapsed | again and not one.repeats:
            told.append(("状态是反弹，没有回头看或再次发现的记录", "补记回头看，或者改正状态"))
        found += [Fault(one.code, problem, remedy) for problem, remedy in told]
    return tuple(found)


def _of_closing(one: Finding, people: Mapping[str, Person]) -> Iterator[tuple[str, str]]:
    """Who may close: the office, never the unit itself; what came from above, on the word of those above."""
    if one.status is not FindingStatus.CLOSED:
        return
    checker = people.get(one.checker or "")
    if one.checker is None or one.check_date is None:
        yield "已销号，没有写核查人和核查日期", "补填；没有核查过的改回“待核”"
    elif checker and checker.unit == one.unit:
        yield f"核查人{checker.name}是责任单位自己的人", "由督学或督导室的人核查后再销号"
    elif checker and not any(word in role for role in checker.roles for word in CHECKERS):
        yield f"核查人{checker.name}的角色不是督学，也不在督导室", "换人核查，或者补正人员表里的角色"
    if one.source in FROM_ABOVE and not one.evidence:
        yield f"{one.source.value}级督导发现的问题，销号没有佐证", "在“佐证”里写明上级同意销号的文件"


def _of_dates(one: Finding, begun: set[str]) -> Iterator[tuple[str, str]]:
    if one.deadline is None:
        yield "没有整改时限", "填写整改时限，到期才能提醒"
    if one.status is FindingStatus.OPEN and one.code in begun:
        yield "已有整改进展，状态还是未启动", "把状态改为“整改中”"
    if one.status is not FindingStatus.OPEN and not one.measure:
        yield f"状态是{one.status.value}，没有整改措施", "填写整改措施"


def _of_repeating(one: Finding, by_code: Mapping[str, Finding]) -> Iterator[tuple[str, str]]:
    former = by_code.get(one.repeats or "")
    if former and former.unit != one.unit:
        yield f"再次发现填的 {former.code} 是别的单位的问题", "填同一单位以前的问题编号"
    elif former and former.found_date > one.found_date:
        yield f"再次发现填的 {former.code} 比它发现得晚", "核对两个发现日期"


def jumps(code: str, statuses: Iterable[FindingStatus]) -> tuple[Fault, ...]:
    """The moves between the versions of a finding that leave a step out."""
    return tuple(
        Fault(code, f"从{before.value}直接变成{after.value}", "核对中间的步骤；确实漏记的补上说明")
        for before, after in pairwise(statuses)
        if before is not after and after not in MOVES[before]
    )


def repeated(ledger: Ledger) -> tuple[Repeated, ...]:
    """Things found twice or more that no case has been listed for; those found most often first."""
    by_code = {one.code: one for one in ledger.findings}
    listed = {
        code for case in ledger.listed_cases if case.state is ListedState.LISTED for code in case.findings
    }
    followed = {one.repeats for one in ledger.findings if one.repeats}
    found: list[Repeated] = []
    for last in ledger.findings:
        if last.code in followed or last.status is FindingStatus.CLOSED:
            continue
        chain = _chain(last, by_code)
        if len(chain) > 1 and listed.isdisjoint(one.code for one in chain):
            days = "、".join(f"{one.found_date:%Y-%m-%d}" for one in chain)
            reason = f"同一问题发现 {len(chain)} 次（{days}），最近一次：{last.description}"
            found.append(Repeated(last.unit, tuple(one.code for one in chain), reason))
    return tuple(sorted(found, key=lambda one: (-len(one.codes), one.codes)))


def _chain(last: Finding, by_code: Mapping[str, Finding]) -> tuple[Finding, ...]:
    """The findings that a finding repeats, and itself, oldest first."""
    chain = [last]
    while (former := by_code.get(chain[-1].repeats or "")) and former not in chain:
        chain.append(former)
    return tuple(reversed(chain))


def look_backs_wanted(ledger: Ledger, *, days: int) -> tuple[LookBack, ...]:
    """A look-back for every closed finding that has none since it was checked, so many days after that."""
    held = {(one.finding, one.due_date) for one in ledger.look_backs}
    wanted: list[LookBack] = []
    for one in ledger.findings:
        if one.status is not FindingStatus.CLOSED or one.check_date is None:
            continue
        if not any(code == one.code and due > one.check_date for code, due in held):
            wanted.append(LookBack(finding=one.code, due_date=one.check_date + timedelta(days=days)))
    return tuple(wanted)
