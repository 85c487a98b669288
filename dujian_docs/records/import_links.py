"""Links between the rows of an import, and from them into the store."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from graphlib import TopologicalSorter

from dujian_docs.records.cells import CellFault
from dujian_docs.records.columns import Target, columns_of, link_kinds, targets
from dujian_docs.records.fields import folded
from dujian_docs.records.import_sources import Source
from dujian_docs.records.kinds import Kind, kind_of
from dujian_docs.records.models import Record
from dujian_docs.records.transaction import Snapshot


@dataclass(frozen=True, slots=True)
class Links:
    """What is known when links are checked: the file, and the records of every kind that it names."""

    source: Source
    stored: Mapping[str, Mapping[str, Record]]

    def faults(self, good: Mapping[int, Record], wrong: Sequence[CellFault] = ()) -> tuple[CellFault, ...]:
        """Every link that leads nowhere, to a wrong row, or in a circle.

        A ``good`` row that becomes wrong makes those wrong that name it; of the other rows, each cell that
        is not yet among the ``wrong`` is looked at for itself.
        """
        found = list(self._dangling_beside(good, wrong))
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
                    yield self._fault(row, target, *_nowhere(title, target.key))
                elif target.kind == kind.name and not target.column.many and _circles(own, kind, after):
                    yield self._fault(row, target, "上下级绕成了圈", "改填真正的上级，或者留空")

    def _dangling_beside(self, good: Mapping[int, Record], wrong: Sequence[CellFault]) -> Iterator[CellFault]:
        kind, rows = self.source.kind, self.source.rows_by_key()
        told = {(fault.row, fault.label) for fault in wrong}
        for row in self.source.rows:
            for column in columns_of(kind.model) if row.number not in good else ():
                link = column.link
                if link is None or (row.number, column.title) in told:
                    continue
                first = "".join(f"{one}/" for one in folded(row.values.get(link.within)))
                for value in folded(row.values.get(column.name)):
                    key = first + value
                    in_file = link.kind == kind.name and key in rows
                    if not in_file and key not in self.stored.get(link.kind, {}):
                        problem, remedy = _nowhere(kind_of(link.kind).title, key)
                        yield self.source.fault(row.number, column.name, value, problem, remedy)

    def _fault(self, row: int, target: Target, problem: str, remedy: str) -> CellFault:
        return self.source.fault(row, target.column.name, target.value, problem, remedy)


def _nowhere(title: str, key: str) -> tuple[str, str]:
    return f"没有{title} {key}", f"先录入这个{title}，或者改正代码"


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
