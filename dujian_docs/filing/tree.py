"""A filing list (建档目录) as a frozen tree: A → B → C indicators, each C with its required files.

A tree exists only when it is sound; ``tree_rules`` says what sound means. Order is the order of the codes'
numbers (C2 before C10), which is the order of the list on paper.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from dujian_docs.records.kinds import FilingList, Indicator, RequiredFile

LEVELS = "ABC"
"""The letters of the three levels, outermost first."""

_YEAR_RULE = re.compile(r"T(?:-([1-9]))?")


def code_order(code: str) -> tuple[object, ...]:
    """A sorting key that counts the numbers within a code: C2 comes before C10, C2-09 before C2-10."""
    parts = re.split(r"(\d+)", code)
    return tuple(int(part) if part.isdigit() else part for part in parts)


def years_before(rule: str) -> int | None:
    """How many years before T a rule such as ``T``, ``T-1`` or ``ｔ－２`` means; None when it is no rule."""
    text = unicodedata.normalize("NFKC", rule).strip().upper()
    found = _YEAR_RULE.fullmatch(re.sub(r"\s*[-‐-―−]\s*", "-", text))
    return int(found[1] or 0) if found else None


@dataclass(frozen=True, slots=True)
class IndicatorNode:
    """An indicator with what hangs under it: children at levels A and B, required files at level C."""

    indicator: Indicator
    children: tuple[IndicatorNode, ...] = ()
    required_files: tuple[RequiredFile, ...] = ()

    @property
    def code(self) -> str:
        """The indicator's code, such as ``B3``."""
        return self.indicator.code

    @property
    def title(self) -> str:
        """The indicator's title."""
        return self.indicator.title

    @property
    def points(self) -> float:
        """The indicator's points (分值)."""
        return self.indicator.points

    def walk(self) -> Iterator[IndicatorNode]:
        """This node and all below it, in the order of the list."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class FilingTree:
    """A sound filing list; ``roots`` are its level-A indicators."""

    filing_list: FilingList
    roots: tuple[IndicatorNode, ...]

    @property
    def code(self) -> str:
        """The filing list's code."""
        return self.filing_list.code

    @property
    def title(self) -> str:
        """The filing list's title."""
        return self.filing_list.title

    @property
    def year(self) -> int:
        """The evaluation year, T."""
        return self.filing_list.year

    def walk(self) -> Iterator[IndicatorNode]:
        """Every indicator, each before those below it."""
        for root in self.roots:
            yield from root.walk()

    def leaves(self) -> tuple[IndicatorNode, ...]:
        """The level-C indicators."""
        return tuple(node for node in self.walk() if node.code.startswith("C"))

    def required_files(self) -> tuple[RequiredFile, ...]:
        """Every required file, in the order of the list."""
        return tuple(file for leaf in self.leaves() for file in leaf.required_files)

    def required_file(self, code: str) -> RequiredFile | None:
        """The required file of that code, or None."""
        return next((file for file in self.required_files() if file.code == code), None)

    def node(self, code: str) -> IndicatorNode | None:
        """The indicator of that code at any level, or None."""
        return next((node for node in self.walk() if node.code == code), None)

    def chain(self, code: str) -> tuple[IndicatorNode, ...]:
        """The indicators from level A down to the one of that code; empty when there is none."""
        for root in self.roots:
            if found := _chain(root, code):
                return found
        return ()

    def path_of(self, code: str) -> str:
        """The indicator's full code, such as ``A1-B2-C3``; empty when there is no such indicator."""
        return "-".join(node.code for node in self.chain(code))

    def folder_of(self, code: str) -> str:
        """The name of a level-C indicator's folder in the archive, such as ``A1-B2-C3 教育经费三个增长``."""
        chain = self.chain(code)
        return f"{self.path_of(code)} {chain[-1].title}" if chain else ""

    def leaf_codes(self, codes: Collection[str]) -> frozenset[str]:
        """The level-C codes under any of these codes of any level; unknown codes add nothing."""
        return frozenset(
            below.code
            for node in self.walk()
            if node.code in codes
            for below in node.walk()
            if below.code.startswith("C")
        )

    def years_of(self, required_file: RequiredFile) -> tuple[int, ...]:
        """The calendar years a required file is due for, oldest first."""
        back = {years_before(rule) for rule in required_file.years}
        return tuple(sorted(self.year - years for years in back if years is not None))


def _chain(node: IndicatorNode, code: str) -> tuple[IndicatorNode, ...]:
    if node.code == code:
        return (node,)
    for child in node.children:
        if below := _chain(child, code):
            return (node, *below)
    return ()
