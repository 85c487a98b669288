"""A clerk's word that a file is what the list asks for: planned, checked, then stored as an assignment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dujian_docs.errors import InputInvalid, RecordConflict
from dujian_docs.filing.results import Expectation, ExpectationKey
from dujian_docs.filing.tree import FilingTree
from dujian_docs.records import Assignment, RecordStore
from indexer import Item, State


@dataclass(frozen=True, slots=True)
class ConfirmPlan:
    """What confirming would store: the assignment, and the expectation it speaks of."""

    assignment: Assignment
    expectation: Expectation


def plan_confirm(
    tree: FilingTree,
    due: Sequence[Expectation],
    items: Iterable[Item],
    assignments: Iterable[Assignment],
    *,
    key: ExpectationKey,
    path: str,
    note: str = "",
) -> ConfirmPlan:
    """The assignment that says that the file at ``path`` is what ``key`` expects. Pure.

    Raises:
        InputInvalid: there is no such expectation, the file is not in the archive, or it cannot be opened
            (empty, corrupt, encrypted), so that nobody can have seen what it is.
        RecordConflict: the same content is already confirmed for this expectation.
    """
    expectation = _expectation(tree, due, key)
    item = _item(items, path)
    code, unit, year = key
    for one in assignments:
        same = one.filing_list == tree.code and (one.required_file, one.unit, one.year) == key
        if same and one.sha256 == item.sha256:
            raise RecordConflict(
                f"“{path}”已经确认为 {expectation.label}", remedy="不必再确认，重新核验即可看到"
            )
    assignment = Assignment(
        filing_list=tree.code,
        required_file=code,
        unit=unit,
        year=year,
        sha256=item.sha256,
        path=item.path,
        note=note,
    )
    return ConfirmPlan(assignment, expectation)


def apply_confirm(plan: ConfirmPlan, store: RecordStore, *, author: str, at: datetime) -> None:
    """The assignment is stored, with who said so and when.

    Raises:
        RecordConflict: the required file or the unit has been deleted since.
    """
    with store.transaction() as writing:
        writing.put(plan.assignment, author=author, at=at)


def _expectation(tree: FilingTree, due: Sequence[Expectation], key: ExpectationKey) -> Expectation:
    found = next((one for one in due if one.key == key), None)
    if found:
        return found
    code, unit, year = key
    of_code = [one for one in due if one.code == code]
    of_unit = [one for one in of_code if one.unit.code == unit]
    if not of_code:
        problem, remedy = f"目录里没有应备件 {code}", f"应备件编号形如 C3-01，见建档目录“{tree.title}”"
    elif not of_unit:
        units = "、".join(dict.fromkeys(f"{one.unit.code} {one.unit.name}" for one in of_code[:5]))
        problem, remedy = f"{code} 不要求单位 {unit} 提供", f"要求提供的单位有：{units}"
    else:
        years = "、".join(str(one.year) for one in of_unit)
        problem, remedy = f"{code} 不要求 {year} 年的", f"要求的年份有：{years}"
    raise InputInvalid(problem, remedy=f"{remedy}；核对后重新确认")


def _item(items: Iterable[Item], path: str) -> Item:
    item = next((one for one in items if one.path == path), None)
    if item is None or item.state is State.VANISHED:
        raise InputInvalid(
            f"档案里没有“{path}”", remedy="位置从档案目录写起；刚放进去的文件先同步（dujian sync）再确认"
        )
    if item.size_bytes == 0 or item.state in {State.CORRUPT, State.ENCRYPTED}:
        reason = item.reason or "读不出内容"
        raise InputInvalid(
            f"“{path}”打不开（{reason}），不能确认", remedy=item.remedy or "请提供单位重新提供能打开的文件"
        )
    return item
