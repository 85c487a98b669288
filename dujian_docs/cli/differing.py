"""A comparison of two texts for a terminal: a sign before each line says it, colour only repeats it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from dujian_docs.documents import Difference, Mark
from dujian_docs.readiness.display import shown

_COLOURS = {Mark.REMOVED: "red", Mark.ADDED: "green"}


def difference_lines(groups: Sequence[Sequence[Difference]]) -> Iterator[str]:
    """The places that differ; taken out with ``-``, put in with ``+``, what differs underlined on a screen.

    Colours are marks that click leaves out where no terminal shows them.
    """
    for number, group in enumerate(groups):
        if number:
            yield "  …"
        for one in group:
            colour = _COLOURS.get(one.mark)
            if colour is None:
                yield f"    {shown(one.text)}"
                continue
            pieces = (
                click.style(shown(piece.text), fg=colour, underline=piece.changed, bold=piece.changed)
                for piece in one.pieces
            )
            yield click.style(f"  {one.mark.value} ", fg=colour, bold=True) + "".join(pieces)


def difference_data(groups: Sequence[Sequence[Difference]]) -> list[list[dict[str, str]]]:
    """The same for programs."""
    return [[{"mark": one.mark.value, "text": one.text} for one in group] for group in groups]
