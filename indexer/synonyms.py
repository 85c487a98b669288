"""Other ways to say a thing, as data: variant and wrong spellings, short names and full ones.

An entry is one group, ``台帐=台账``; each of a group stands for each other one of it. What comes with the
package is general Chinese; the names and terms of an archive come from whoever opens its index.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from indexer.text import BREAK, normalise_text

MOST_VARIANTS = 16
"""How many other ways to say one phrase are asked for, those that change the fewest of its terms first."""


@dataclass(frozen=True)
class Synonyms:
    """For each normalised term the others of its group."""

    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[str]) -> Synonyms:
        """Groups as entries ``甲=乙=丙``; groups that share a term are one."""
        groups: dict[str, dict[str, None]] = {}
        for entry in entries:
            terms = [term for part in re.split("[=＝]", entry) if (term := normalise_text(part))]
            terms = [term for term in terms if BREAK not in term]
            together = dict.fromkeys(one for term in terms for one in groups.get(term, {term: None}))
            groups.update(dict.fromkeys(together, together))
        return cls({term: tuple(one for one in group if one != term) for term, group in groups.items()})

    def variants(self, text: str) -> tuple[str, ...]:
        """The other ways to write a normalised text; a term that stands in it twice changes twice."""
        terms = tuple(dict.fromkeys(self._pattern.findall(text)))
        choices = itertools.product(*((term, *self.others[term]) for term in terms))
        changed = sorted(
            itertools.islice(choices, 1, MOST_VARIANTS**2),
            key=lambda chosen: sum(one != term for one, term in zip(chosen, terms, strict=True)),
        )
        swaps = (dict(zip(terms, chosen, strict=True)) for chosen in changed[:MOST_VARIANTS])
        found = (self._swapped(text, swap) for swap in swaps)
        return tuple(dict.fromkeys(one for one in found if one != text))

    def _swapped(self, text: str, swap: Mapping[str, str]) -> str:
        return self._pattern.sub(lambda term: swap[term[0]], text)

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        terms = sorted((one for one, others in self.others.items() if others), key=len, reverse=True)
        return re.compile("|".join(map(re.escape, terms)) or r"(?!)")
