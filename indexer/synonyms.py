"""Other ways to say a thing, as data: variant and wrong spellings, short names and full ones.

A file holds one group a line, ``台帐=台账``; each of a group stands for each other one of it. What
comes with the package is general Chinese; names and terms of an archive come in a file of its own.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from importlib.resources import files
from pathlib import Path

from indexer.text import BREAK, normalise_text

MOST_VARIANTS = 16
"""How many other ways to say one phrase are asked for, those that change the fewest of its terms first."""


@dataclass(frozen=True)
class Synonyms:
    """For each normalised term the others of its group."""

    others: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | None = None) -> Synonyms:
        """The general ones, and those of a UTF-8 file where it is there."""
        texts = [files("indexer").joinpath("data/variants.txt").read_text(encoding="utf-8")]
        if path is not None and path.is_file():
            texts.append(path.read_text(encoding="utf-8-sig", errors="replace"))
        return cls.of(line.partition("#")[0] for text in texts for line in text.splitlines())

    @classmethod
    def of(cls, lines: Iterable[str]) -> Synonyms:
        """Groups as lines; groups that share a term are one."""
        groups: dict[str, dict[str, None]] = {}
        for line in lines:
            terms = [term for part in re.split("[=＝]", line) if (term := normalise_text(part))]
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
