"""Two texts, paragraph by paragraph: what was taken out, put in, and what stands around it. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

LONGEST_PAIR = 3_000
"""Characters; longer paragraphs are told whole, as comparing them letter by letter takes too long."""


class Mark(StrEnum):
    """What became of a paragraph; the sign is printed before it."""

    SAME = " "
    REMOVED = "-"
    ADDED = "+"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph, and whether it is what differs."""

    text: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """A paragraph of a comparison; ``pieces`` part what differs from what does not."""

    mark: Mark
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The whole paragraph."""
        return "".join(piece.text for piece in self.pieces)


def differences(
    before: Sequence[str], after: Sequence[str], *, around: int = 1
) -> tuple[tuple[Difference, ...], ...]:
    """The places where the texts differ, in order, each with ``around`` paragraphs before and behind it.

    Empty when the texts are the same.
    """
    matcher = difflib.SequenceMatcher(None, before, after)
    return tuple(
        tuple(one for step in group for one in _of_step(step, before, after))
        for group in matcher.get_grouped_opcodes(around)
    )


def count(groups: Sequence[Sequence[Difference]]) -> int:
    """How many places differ: runs of removed and added paragraphs."""
    places = 0
    for group in groups:
        inside = False
        for one in group:
            places += one.mark is not Mark.SAME and not inside
            inside = one.mark is not Mark.SAME
    return places


def _of_step(
    step: tuple[str, int, int, int, int], before: Sequence[str], after: Sequence[str]
) -> Sequence[Difference]:
    word, i, j, k, m = step
    if word == "equal":
        return [Difference(Mark.SAME, (Piece(text),)) for text in before[i:j]]
    old, new = before[i:j], after[k:m]
    if len(old) == len(new):
        return [one for pair in zip(old, new, strict=True) for one in _pair(*pair)]
    return [
        *(Difference(Mark.REMOVED, (Piece(text, changed=True),)) for text in old),
        *(Difference(Mark.ADDED, (Piece(text, changed=True),)) for text in new),
    ]


def _pair(old: str, new: str) -> tuple[Difference, Difference]:
    """The old paragraph and the new, parted where they differ."""
    if max(len(old), len(new)) > LONGEST_PAIR:
        return (
            Difference(Mark.REMOVED, (Piece(old, changed=True),)),
            Difference(Mark.ADDED, (Piece(new, changed=True),)),
        )
    steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    was = tuple(Piece(old[i:j], changed=word != "equal") for word, i, j, _, _ in steps if i < j)
    now = tuple(Piece(new[k:m], changed=word != "equal") for word, _, _, k, m in steps if k < m)
    return Difference(Mark.REMOVED, was), Difference(Mark.ADDED, now)
