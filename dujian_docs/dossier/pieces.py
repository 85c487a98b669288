"""What goes into a bound volume and what became of it; knows no PDF library."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MergeLimits:
    """What one piece and the whole may cost; a piece beyond them becomes a placeholder page."""

    piece_pages: int = 2_000
    piece_bytes: int = 300 * 1024**2
    total_pages: int = 20_000


@dataclass(frozen=True, slots=True)
class Piece:
    """One item of the volume: the outline headings it stands under, its title, and its PDF.

    Without ``pdf``, ``reason`` says why, in Chinese; ``key`` is handed back. ``where`` is printed on a
    placeholder page. ``same_as`` is the key of another piece: then only the outline points there again.
    """

    key: str
    headings: tuple[str, ...]
    title: str
    pdf: Path | None = None
    reason: str = ""
    where: str = ""
    same_as: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a piece stands: its first page in the volume (1-based) and its number of pages.

    ``reason`` is empty when the piece itself is there, else says why a placeholder page is.
    """

    key: str
    first_page: int
    page_count: int
    reason: str = ""
