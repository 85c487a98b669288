"""The values of an archive plan: files to be written, what each is there for, and the truth that follows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from dujian_docs.filing import Expectation, ExpectationKey, ExpectationState
from dujian_docs.sample.files import Make
from dujian_docs.sample.papers import Paper


class Fate(StrEnum):
    """What a check ought to make of a file."""

    PRESENT = "present"
    WRONG_YEAR = "wrong_year"
    WRONG_PLACE = "wrong_place"
    UNREADABLE = "unreadable"
    SUGGESTED = "suggested"
    FOREIGN = "foreign"
    UNFILED = "unfiled"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """A file of the archive: its path, what it says, how it is made, and what it is there for.

    ``answers`` are the expectations it bears on; none for foreign, unfiled and ignored files.
    """

    path: str
    paper: Paper
    make: Make
    fate: Fate
    answers: tuple[ExpectationKey, ...] = ()

    @property
    def in_inbox(self) -> bool:
        """Whether it waits in 「待归档」."""
        return self.path.startswith(f"{INBOX}/")


INBOX = "待归档"

_DECIDES = (Fate.UNREADABLE, Fate.WRONG_PLACE, Fate.WRONG_YEAR, Fate.SUGGESTED)
"""Of the fates of an unmet expectation's files the first of these decides its state."""


@dataclass(frozen=True, slots=True)
class Truth:
    """What a check of the planned archive must find.

    ``states`` has every expectation of the filing list; the tuples hold paths, in order. ``unfiled`` are all
    files of the inbox, those that are suggested or misplaced among them; ``sealed`` are those that cannot
    be opened, wherever they lie.
    """

    states: Mapping[ExpectationKey, ExpectationState]
    foreign: tuple[str, ...]
    unfiled: tuple[str, ...]
    sealed: tuple[str, ...]
    ignored: tuple[str, ...]


def truth_of(plan: Sequence[PlannedFile], due: Sequence[Expectation]) -> Truth:
    """The truth that follows from a plan."""
    fates: defaultdict[ExpectationKey, list[Fate]] = defaultdict(list)
    for file in plan:
        for key in file.answers:
            fates[key].append(file.fate)
    states = {one.key: _state(fates[one.key], one.required_file.min_count) for one in due}
    closed = {Make.CUT_PDF, Make.LOCKED_PDF, Make.LOCKED_DOCX, Make.EMPTY}

    def paths(*wanted: Fate) -> tuple[str, ...]:
        return tuple(sorted(file.path for file in plan if file.fate in wanted))

    return Truth(
        states=MappingProxyType(states),
        foreign=paths(Fate.FOREIGN),
        unfiled=tuple(sorted(file.path for file in plan if file.in_inbox and file.fate is not Fate.IGNORED)),
        sealed=tuple(sorted(file.path for file in plan if file.make in closed)),
        ignored=paths(Fate.IGNORED),
    )


def _state(fates: Sequence[Fate], needed: int) -> ExpectationState:
    if fates.count(Fate.PRESENT) >= needed:
        return ExpectationState.PRESENT
    for fate in _DECIDES:
        if fate in fates:
            return ExpectationState(fate.value)
    return ExpectationState.MISSING
