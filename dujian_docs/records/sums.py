"""Figures that must be the sum of others, as declared in ``sums.toml``. Pure but for reading that file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache
from importlib.resources import files
from typing import Any

from dujian_docs.records.kinds import kind_of
from dujian_docs.records.models import Record


@dataclass(frozen=True, slots=True)
class SumRule:
    """``whole`` must be the sum: of fields of one record, or of the same field in other rows.

    With ``select`` the rows that agree in ``by`` belong together; the one whose ``select`` is ``whole`` must
    have in each of ``fields`` what the others have together. Without, the field ``whole`` is the sum of
    ``parts``.
    """

    name: str
    kind: str
    whole: str
    parts: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    select: str = ""


@dataclass(frozen=True, slots=True)
class WrongSum:
    """A sum that does not come out: which record, which field, what it says, what its parts come to."""

    rule: SumRule
    record: Record
    field: str
    told: float
    parts: tuple[float, ...]

    @property
    def problem(self) -> str:
        """The sum in one sentence."""
        title = type(self.record).model_fields[self.field].title or self.field
        added = "+".join(f"{one:g}" for one in self.parts)
        total = sum(self.parts)
        return f"{title}{self.told:g}，{added}={total:g}，差 {self.told - total:+g}（{self.rule.name}）"


@cache
def sum_rules() -> tuple[SumRule, ...]:
    """The declared rules."""
    told = tomllib.loads(files("dujian_docs.records").joinpath("sums.toml").read_text("utf-8"))
    return tuple(_rule(one) for one in told["sums"])


def _rule(told: Mapping[str, Any]) -> SumRule:
    several = {name: tuple(told.get(name, ())) for name in ("parts", "fields", "by")}
    return SumRule(told["name"], told["kind"], told["whole"], select=told.get("select", ""), **several)


def wrong_sums(records: Iterable[Record], rules: Sequence[SumRule] | None = None) -> tuple[WrongSum, ...]:
    """Every declared sum among the records that does not come out; of unknown parts nothing is said."""
    held = tuple(records)
    chosen = sum_rules() if rules is None else rules
    return tuple(wrong for rule in chosen for wrong in _of_rule(rule, held))


def _of_rule(rule: SumRule, records: Sequence[Record]) -> Iterator[WrongSum]:
    model = kind_of(rule.kind).model
    mine = [one for one in records if isinstance(one, model)]
    if not rule.select:
        for one in mine:
            yield from _wrong(rule, one, rule.whole, [getattr(one, part) for part in rule.parts])
        return
    groups: dict[tuple[object, ...], list[Record]] = {}
    for one in mine:
        groups.setdefault(tuple(getattr(one, name) for name in rule.by), []).append(one)
    for rows in groups.values():
        wholes = [one for one in rows if str(getattr(one, rule.select)) == rule.whole]
        others = sorted((one for one in rows if one not in wholes), key=lambda one: _place(one, rule.select))
        if wholes and len(others) > 1:
            for field in rule.fields:
                yield from _wrong(rule, wholes[0], field, [getattr(one, field) for one in others])


def _place(record: Record, field: str) -> int:
    """Where the record's choice stands among all choices of the field."""
    value = getattr(record, field)
    return list(type(value)).index(value) if isinstance(value, Enum) else 0


def _wrong(rule: SumRule, record: Record, field: str, parts: Sequence[float | None]) -> Iterator[WrongSum]:
    told = getattr(record, field)
    known = tuple(one for one in parts if one is not None)
    if told is None or len(known) != len(parts):
        return
    if abs(told - sum(known)) > 1e-6 * max(1.0, abs(told)):
        yield WrongSum(rule, record, field, told, known)


def keyed(wrong: WrongSum) -> str:
    """The key of the record whose sum is wrong."""
    return kind_of(wrong.rule.kind).key_of(wrong.record)
