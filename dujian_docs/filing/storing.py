"""A filing list and the record store: read as a tree, planned as changes, applied in one transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from dujian_docs.errors import InputInvalid, RecordConflict
from dujian_docs.filing.tree import FilingTree
from dujian_docs.filing.tree_rules import IndicatorRow, RequiredFileRow, build_tree
from dujian_docs.records import FilingList, Indicator, Record, RecordStore, RequiredFile, kind_of

_Model = TypeVar("_Model", bound=Record)


class Records(Protocol):
    """What can be read from: a store, a snapshot of one, or a transaction."""

    def get(self, kind: str, key: str) -> Record | None:
        """The record as it stands, or None."""
        ...

    def all(self, kind: str) -> tuple[Record, ...]:
        """Every record of a kind, by key."""
        ...


def tree_of(store: Records, code: str) -> FilingTree:
    """The filing list of that code as it stands in the store.

    Raises:
        InputInvalid: there is none, or its rows do not make a sound list.
    """
    heading = store.get("filing_list", code)
    if not isinstance(heading, FilingList):
        others = "、".join(one.code for one in store.all("filing_list") if isinstance(one, FilingList))
        there = f"现有的目录代码：{others}" if others else "先用 dujian import 导入建档目录"
        raise InputInvalid(f"没有目录代码为“{code}”的建档目录", remedy=there)
    indicators = [IndicatorRow(one, f"指标 {one.code}") for one in _of_list(store, Indicator, code)]
    files = [RequiredFileRow(one, f"应备件 {one.code}") for one in _of_list(store, RequiredFile, code)]
    return build_tree(heading, indicators, files)


@dataclass(frozen=True, slots=True)
class FilingListPlan:
    """What importing a filing list would do to the store.

    ``added`` and ``changed`` are in the order in which they must be stored, ``removed`` in the order in which
    they must be deleted; ``unchanged`` is a count.
    """

    tree: FilingTree
    added: tuple[Record, ...]
    changed: tuple[Record, ...]
    removed: tuple[Record, ...]
    unchanged: int

    @property
    def code(self) -> str:
        """The filing list's code."""
        return self.tree.code

    @property
    def writes(self) -> bool:
        """Whether applying would change anything."""
        return bool(self.added or self.changed or self.removed)


def plan_filing_list(tree: FilingTree, store: Records) -> FilingListPlan:
    """The difference between a tree and what the store has under its code. Writes nothing."""
    added: list[Record] = []
    changed: list[Record] = []
    wanted = records_of(tree)
    for record in wanted:
        present = store.get(_kind(record), _key(record))
        if present is None:
            added.append(record)
        elif present != record:
            changed.append(record)
    keys = {(_kind(record), _key(record)) for record in wanted}
    below_first = sorted(_of_list(store, Indicator, tree.code), key=_level, reverse=True)
    stored: list[Record] = [*_of_list(store, RequiredFile, tree.code), *below_first]
    removed = [one for one in stored if (_kind(one), _key(one)) not in keys]
    unchanged = len(wanted) - len(added) - len(changed)
    return FilingListPlan(tree, tuple(added), tuple(changed), tuple(removed), unchanged)


def apply_filing_list(plan: FilingListPlan, store: RecordStore, *, author: str, at: datetime) -> None:
    """The store holds the plan's tree under its code, and nothing else under it; all or nothing.

    Raises:
        RecordConflict: the list was changed since the plan was made, a responsible unit does not exist, or
            a row to be removed is still used by an assignment or a campaign.
    """
    with store.transaction() as writing:
        if plan_filing_list(plan.tree, writing) != plan:
            raise RecordConflict(
                f"建档目录 {plan.code} 在核对之后又被改动", remedy="重新导入，看过新的变化再确定"
            )
        for record in (*plan.added, *plan.changed):
            writing.put(record, author=author, at=at)
        for record in plan.removed:
            writing.delete(_kind(record), _key(record), author=author, at=at)


def records_of(tree: FilingTree) -> tuple[Record, ...]:
    """Every record of a tree: the list, its indicators from A down, its required files."""
    nodes = sorted((node.indicator for node in tree.walk()), key=_level)
    return (tree.filing_list, *nodes, *tree.required_files())


def _level(indicator: Indicator) -> str:
    return indicator.code[0]


def _of_list(store: Records, model: type[_Model], code: str) -> tuple[_Model, ...]:
    kind = next(name for name, one in _KIND_NAMES if one is model)
    rows = (one for one in store.all(kind) if isinstance(one, model))
    return tuple(one for one in rows if getattr(one, "filing_list", "") == code)


_KIND_NAMES: tuple[tuple[str, type[Record]], ...] = (
    ("filing_list", FilingList),
    ("indicator", Indicator),
    ("required_file", RequiredFile),
)


def _kind(record: Record) -> str:
    return next(name for name, model in _KIND_NAMES if isinstance(record, model))


def _key(record: Record) -> str:
    return kind_of(_kind(record)).key_of(record)
