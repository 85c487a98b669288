"""Drawing code for a page number, whatever way the page is turned. Pure; knows no PDF library."""

from __future__ import annotations

STAMP_FONT = "/DujianStamp"
"""The name under which a page's resources must hold Helvetica."""
POINTS = 10
INSET = 48
"""How far the number stands from the outer edge, in points."""
RISE = 26
"""How far it stands from the lower edge, in points."""
_DIGIT_EM = 0.556
"""The width of a Helvetica digit."""


def page_number(number: int, edges: tuple[float, float, float, float], rotation: int) -> bytes:
    """A content stream that closes the page's own (opened with ``q``) and draws ``number``.

    As the reader sees the page the number is at the lower outer corner: odd ones right, even ones left.
    ``edges`` are left, bottom, right and top of the visible box; ``rotation`` is clockwise, in degrees.
    """
    left, bottom, right, top = edges
    turn = rotation % 360
    seen_width = right - left if turn in {0, 180} else top - bottom
    text = str(number)
    along = seen_width - INSET - _DIGIT_EM * POINTS * len(text) if number % 2 else float(INSET)
    upright = (1, 0, 0, 1, left + along, bottom + RISE)
    matrix = {
        90: (0, 1, -1, 0, right - RISE, bottom + along),
        180: (-1, 0, 0, -1, right - along, top - RISE),
        270: (0, -1, 1, 0, left + RISE, top - along),
    }.get(turn, upright)
    place = " ".join(f"{value:.2f}" for value in matrix)
    return f"\nQ\nq BT {STAMP_FONT} {POINTS} Tf 0 g {place} Tm ({text}) Tj ET Q\n".encode("ascii")
