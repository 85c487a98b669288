"""The year's summary, rolled up from the work log: numbered through all sections (工作总结). Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from dujian_docs.records.rollup_models import WorkLogEntry


@dataclass(frozen=True, slots=True)
class SummaryItem:
    """One matter of one section in a year: how often, how much of what, at how many units, by whom.

    ``number`` counts through all sections. ``amounts`` are by measure; ``without_amount`` counts the entries
    that say none although others of the same matter do. ``entries`` are the codes it was rolled up from.
    """

    number: int
    section: str
    matter: str
    times: int
    amounts: Mapping[str, float]
    units: tuple[str, ...]
    people: tuple[str, ...]
    entries: tuple[str, ...]
    without_amount: int = 0

    @property
    def sentence(self) -> str:
        """The item as it may stand in the summary."""
        parts = [f"{self.matter} {self.times} 次"]
        parts += [f"共 {amount:g} {measure}".rstrip() for measure, amount in self.amounts.items()]
        if self.units:
            parts.append(f"到 {len(self.units)} 个单位")
        return "，".join(parts)


def year_summary(entries: Sequence[WorkLogEntry], *, year: int) -> tuple[SummaryItem, ...]:
    """The year's entries by section and matter; sections and matters in the order they first came up."""
    held = sorted((one for one in entries if one.day.year == year), key=lambda one: (one.day, one.code))
    sections = {name: at for at, name in enumerate(dict.fromkeys(one.section for one in held))}
    matters = {key: at for at, key in enumerate(dict.fromkeys((one.section, one.matter) for one in held))}
    held.sort(key=lambda one: (sections[one.section], matters[one.section, one.matter]))
    grouped = groupby(held, key=lambda one: (one.section, one.matter))
    return tuple(_item(number, tuple(group)) for number, (_, group) in enumerate(grouped, start=1))


def _item(number: int, entries: Sequence[WorkLogEntry]) -> SummaryItem:
    amounts: dict[str, float] = {}
    for one in entries:
        if one.quantity is not None:
            amounts[one.measure] = amounts.get(one.measure, 0.0) + one.quantity
    return SummaryItem(
        number,
        entries[0].section,
        entries[0].matter,
        len(entries),
        amounts,
        tuple(dict.fromkeys(code for one in entries for code in one.units)),
        tuple(dict.fromkeys(code for one in entries for code in one.people)),
        tuple(one.code for one in entries),
        sum(one.quantity is None for one in entries) if amounts else 0,
    )
