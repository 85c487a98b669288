"""Finds units in names and texts by code, full name or alias; the longest spelling wins. Pure.

A spelling that two units share says nothing and is dropped, so that 「中心小学」 is never guessed to be one
of three. A code or full name beats an alias. A name with characters that no file may have is also known as a
file name spells it.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dujian_docs.naming import safe_component
from dujian_docs.records.kinds import Unit

_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_SEPARATORS = re.compile(r"[\s_\-‐-―−﹣·•]+")


def folded(text: str) -> str:
    """``text`` in half width, runs of blanks, dashes and underscores as one ``_``, Latin letters small."""
    return small(separated(text))


def small(text: str) -> str:
    """``text`` with Latin letters small; its length stays the same."""
    return text.translate(_LOWER)


def separated(text: str) -> str:
    """As ``folded``, with the letters' case kept."""
    return _SEPARATORS.sub("_", unicodedata.normalize("NFKC", text))


@dataclass(frozen=True, slots=True)
class UnitSpan:
    """Where a unit is named in a folded text: ``text[start:end]``."""

    start: int
    end: int
    code: str


@dataclass(frozen=True, slots=True)
class UnitNames:
    """Every unambiguous spelling of the units.

    ``spellings`` maps folded spellings to unit codes; ``lengths`` gives for a first character the lengths
    of the spellings that begin with it, longest first; ``ambiguous`` are the spellings that were dropped.
    """

    units: tuple[Unit, ...]
    spellings: Mapping[str, str]
    lengths: Mapping[str, tuple[int, ...]]
    ambiguous: tuple[str, ...] = ()

    @classmethod
    def of(cls, units: Iterable[Unit]) -> UnitNames:
        """The spellings of these units: codes first, then full names, then aliases."""
        units = tuple(units)
        known: dict[str, str] = {}
        ambiguous: list[str] = []
        for spelt in (
            [(unit.code, unit.code) for unit in units],
            [(name, unit.code) for unit in units for name in (unit.name, safe_component(unit.name))],
            [(alias, unit.code) for unit in units for alias in unit.aliases],
        ):
            claims: defaultdict[str, set[str]] = defaultdict(set)
            for spelling, code in spelt:
                claims[folded(spelling).strip("_")].add(code)
            for spelling, codes in claims.items():
                if not spelling or spelling in known or spelling in ambiguous:
                    continue
                if len(codes) > 1:
                    ambiguous.append(spelling)
                else:
                    known[spelling] = next(iter(codes))
        lengths: defaultdict[str, set[int]] = defaultdict(set)
        for spelling in known:
            lengths[spelling[0]].add(len(spelling))
        longest_first = {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}
        return cls(units, known, longest_first, tuple(ambiguous))

    def code_of(self, word: str) -> str | None:
        """The unit's code from its code, name or alias; None when no unit, or more than one, is so called."""
        return self.spellings.get(folded(word).strip("_"))

    @property
    def synonyms(self) -> tuple[str, ...]:
        """For every unit with aliases ``name=alias=alias``; what could be another unit is left out."""
        groups = (
            [unit.name, *(alias for alias in unit.aliases if self.code_of(alias) == unit.code)]
            for unit in self.units
        )
        return tuple("=".join(group) for group in groups if len(group) > 1)

    def unit(self, code: str) -> Unit | None:
        """The unit of that code, or None."""
        return next((unit for unit in self.units if unit.code == code), None)

    def at_start(self, text: str) -> UnitSpan | None:
        """The longest spelling at the start of a folded text that ends at a separator or at the end.

        ``青溪镇中学_…`` does not begin with 「青溪镇」: the field says something longer.
        """
        for length in self.lengths.get(text[:1], ()):
            code = self.spellings.get(text[:length])
            if code and length <= len(text) and text[length : length + 1] in {"", "_"}:
                return UnitSpan(0, length, code)
        return None

    def find(self, text: str) -> tuple[UnitSpan, ...]:
        """Every unit named in a folded text, by place; of spellings that overlap only the longest is kept."""
        spans = [
            UnitSpan(start, start + length, code)
            for start, first in enumerate(text)
            for length in self.lengths.get(first, ())
            if start + length <= len(text)
            and (code := self.spellings.get(text[start : start + length]))
            and _stands_alone(text, start, start + length)
        ]
        found: list[UnitSpan] = []
        for span in sorted(spans, key=lambda one: (one.start - one.end, one.start)):
            if all(span.end <= other.start or other.end <= span.start for other in found):
                found.append(span)
        return tuple(sorted(found, key=lambda span: span.start))


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Whether letters or digits do not run on: ``s1`` is not named in ``s12``."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (_runs_on(before, text[start]) or _runs_on(text[end - 1], after))


def _runs_on(left: str, right: str) -> bool:
    return bool(left and right) and left.isascii() and right.isascii() and left.isalnum() and right.isalnum()
