"""The values a check gives: expectations, the files beside them with reasons, and the whole result.

All frozen. Everything later (gap report, chasing notice, dossier) reads these and nothing else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace

from dujian_docs.filing.states import ExpectationState, Ground
from dujian_docs.filing.tree import FilingTree
from dujian_docs.records.kinds import RequiredFile, Unit
from indexer import Excerpt, Item

ExpectationKey = tuple[str, str, int]
"""(required file code, unit code, calendar year): what an assignment and a match are keyed by."""

_LONGEST_NAME_BYTES = 120


@dataclass(frozen=True, slots=True)
class Expectation:
    """One file that ought to be there: a required file of one unit for one calendar year."""

    required_file: RequiredFile
    unit: Unit
    year: int

    @property
    def key(self) -> ExpectationKey:
        """What identifies it within its filing list."""
        return (self.required_file.code, self.unit.code, self.year)

    @property
    def code(self) -> str:
        """The required file's code, such as ``C3-01``."""
        return self.required_file.code

    @property
    def title(self) -> str:
        """The required file's title."""
        return self.required_file.title

    @property
    def label(self) -> str:
        """One Chinese phrase that names it fully."""
        return f"{self.code} {self.title}（{self.unit.name}，{self.year}年）"

    @property
    def file_stem(self) -> str:
        """The file name, without extension, under which the file would be found by rule.

        A very long unit name gives way to the unit's code, so that it is never cut where names are cut.
        """
        unit = self.unit.name if len(self.unit.name.encode()) <= _LONGEST_NAME_BYTES else self.unit.code
        return f"{self.code}_{self.year}_{unit}_{self.title}"


@dataclass(frozen=True, slots=True)
class MatchedFile:
    """A file named beside an expectation, and why.

    ``reason`` is a Chinese sentence about the file, without its path and without a full stop;
    ``remark`` says what a person must still look at (人工核对), empty when nothing;
    ``excerpt`` is the passage that speaks for a suggestion by text.
    """

    item: Item
    ground: Ground
    reason: str
    remark: str = ""
    excerpt: Excerpt | None = None

    @property
    def counts(self) -> bool:
        """Whether the file is evidence; a suggestion never is."""
        return self.ground in (Ground.EXACT, Ground.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Match:
    """One expectation, its state, and every file that bears on it, evidence first, then by path.

    ``reason`` and ``next_step`` are Chinese sentences; ``next_step`` is empty when nothing is to be done.
    """

    expectation: Expectation
    state: ExpectationState
    reason: str
    next_step: str
    files: tuple[MatchedFile, ...] = ()

    @property
    def evidence(self) -> tuple[MatchedFile, ...]:
        """The files that count, by path."""
        return tuple(file for file in self.files if file.counts)

    @property
    def is_gap(self) -> bool:
        """Whether something is still to be done before this expectation is met."""
        return self.state is not ExpectationState.PRESENT

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a person must still look at, each once: remarks on the files and the seal, if one is due."""
        found = [file.remark for file in self.evidence if file.remark]
        if self.state is ExpectationState.PRESENT and self.expectation.required_file.seal_required:
            found.append("须盖章，程序不能判定，请人工核对")
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class StrayFile:
    """A file that answers no expectation: foreign (in an indicator's folder) or unfiled (in the inbox)."""

    item: Item
    reason: str
    indicator: str = ""


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What the archive holds of a filing list.

    ``matches`` are in the order of the expectations; ``foreign`` and ``unfiled`` by path; ``notes`` are
    Chinese sentences on things outside the list that a clerk should know (an assignment whose file is gone).
    """

    tree: FilingTree
    matches: tuple[Match, ...]
    foreign: tuple[StrayFile, ...] = ()
    unfiled: tuple[StrayFile, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every expectation is met; foreign and unfiled files do not matter here."""
        return not any(match.is_gap for match in self.matches)

    @property
    def gaps(self) -> tuple[Match, ...]:
        """The expectations that are not met, in order."""
        return tuple(match for match in self.matches if match.is_gap)

    def counts(self) -> dict[ExpectationState, int]:
        """How many expectations are in each state; every state is a key."""
        found = Counter(match.state for match in self.matches)
        return {state: found[state] for state in ExpectationState}

    def match_of(self, key: ExpectationKey) -> Match | None:
        """The match of one expectation, or None when it is not expected."""
        return next((match for match in self.matches if match.expectation.key == key), None)

    def serving(self, indicator: str) -> tuple[Match, ...]:
        """Met expectations of other indicators whose files also serve (兼用) this level-C indicator."""
        return tuple(
            match
            for match in self.matches
            if not match.is_gap and indicator in match.expectation.required_file.also_serves
        )

    def narrowed(
        self,
        *,
        units: Collection[str] | None = None,
        years: Collection[int] | None = None,
        indicators: Collection[str] | None = None,
    ) -> CheckResult:
        """The part that concerns these unit codes, years and indicators (A, B or C codes); None = all.

        Narrowing is done after the check, because whether a file is foreign depends on the whole list.
        Foreign files are narrowed by indicator only; unfiled files and notes stay.
        """
        wanted = None if indicators is None else self.tree.leaf_codes(indicators)
        matches = tuple(
            match
            for match in self.matches
            if (units is None or match.expectation.unit.code in units)
            and (years is None or match.expectation.year in years)
            and (wanted is None or match.expectation.required_file.indicator in wanted)
        )
        foreign = tuple(one for one in self.foreign if wanted is None or one.indicator in wanted)
        return replace(self, matches=matches, foreign=foreign)
