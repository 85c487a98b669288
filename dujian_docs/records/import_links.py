"""Links between the rows of an import, and from them into the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter

from dujian_docs.records.cells import CellFault
from dujian_docs.records.columns import Target, link_kinds, targets
from dujian_docs.records.import_sources import Source
from dujian_docs.records.kinds import Kind, kind_of
from dujian_docs.records.models import Record
from dujian_docs.records.transaction import Snapshot


@dataclass(frozen=True, slots=True)
class Links:
    """What is known when links are checked: the file, and the records of every kind that it names."""

    source: Source
    stored: Mapping[str, Mapping[str, Record]]

    def faults(self, good: Mapping[int, Record]) -> tuple[CellFault, ...]:
        """Every link of the ``good`` rows that leads nowhere, to a wrong row, or in a circle.

        A row that becomes wrong makes those wrong that name it.
        """
        found: list[CellFault] = []
        left = dict(good)
        while True:
            broken = tuple(self._broken(left))
            if not broken:
                return tuple(found)
            found.extend(broken)
            for fault in broken:
                left.pop(fault.row, None)

    def _broken(self, good: Mapping[int, Record]) -> Iterator[CellFault]:
        kind, rows = self.source.kind, self.source.rows_by_key()
        in_file = {kind.key_of(record): record for record in good.values()}
        after = {**self.stored.get(kind.name, {}), **in_file}
        for row, record in good.items():
            own = kind.key_of(record)
            for target in targets(record):
                known = after if target.kind == kind.name else self.stored.get(target.kind, {})
                title = kind_of(target.kind).title
                if target.key not in known and target.kind == kind.name and target.key in rows:
                    place = self.source.place(rows[target.key])
                    problem, remedy = f"{place}的{title} {target.key} 有错", f"先改好{place}"
                    yield self._fault(row, target, problem, remedy)
                elif target.key not in known:
                    yield self._fault(
                        row, target, f"没有{title} {target.key}", f"先录入这个{title}，或者改正代码"
                    )
                elif target.kind == kind.name and not target.column.many and _circles(own, kind, after):
                    yield self._fault(row, target, "上下级绕成了圈", "改填真正的上级，或者留空")

    def _fault(self, row: int, target: Target, problem: str, remedy: str) -> CellFault:
        return self.source.fault(row, target.column.name, target.value, problem, remedy)


def stored_targets(source: Source, now: Snapshot) -> Mapping[str, Mapping[str, Record]]:
    """The records of the file's kind and of every kind that its rows may name, by kind and key."""
    names = dict.fromkeys((source.kind.name, *link_kinds(source.kind)))
    return {name: {kind_of(name).key_of(record): record for record in now.all(name)} for name in names}


def _circles(key: str, kind: Kind, after: Mapping[str, Record]) -> bool:
    seen = {key}
    while above := next(
        (one.key for one in targets(after[key]) if one.kind == kind.name and not one.column.many), ""
    ):
        if above in seen:
            return True
        if above not in after:
            return False
        seen.add(above)
        key = above
    return False


def in_link_order(kind: Kind, records: Mapping[str, Record]) -> tuple[str, ...]:
    """The keys of ``records`` in an order in which none names a later one."""
    named = {
        key: [one.key for one in targets(record) if one.kind == kind.name and one.key in records]
        for key, record in records.items()
    }
    return tuple(TopologicalSorter(named).static_order())
