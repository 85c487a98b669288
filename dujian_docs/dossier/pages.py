"""The page a package opens with: one HTML file, nothing to install, nothing to fetch."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import PurePosixPath
from urllib.parse import quote

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from dujian_docs.dossier.model import (
    GAP_STATEMENT_NAME,
    MERGED_NAME,
    DossierPlan,
    StoredFile,
    state_label,
)
from dujian_docs.dossier.names import printable
from dujian_docs.dossier.pieces import Placed
from dujian_docs.filing.states import ExpectationState
from dujian_docs.wording import chinese_date

MARKS = {
    ExpectationState.PRESENT: "●",
    ExpectationState.MISSING: "○",
    ExpectationState.WRONG_YEAR: "△",
    ExpectationState.WRONG_PLACE: "◇",
    ExpectationState.UNREADABLE: "×",
    ExpectationState.SUGGESTED: "◐",
}
"""A sign for each state, so that it can be told without colour."""


def index_page(
    plan: DossierPlan,
    placed: Mapping[str, Placed],
    pages: Mapping[str, int],
    *,
    merged_pages: int,
    not_merged: Sequence[tuple[str, str]],
) -> bytes:
    """``index.html``: totals, volumes, every expectation with its files, gaps; all links relative.

    ``placed`` says by path where a file stands in the merged PDF of ``merged_pages`` pages (0 = none).
    """

    def pages_of(file: StoredFile) -> str:
        count = pages.get(file.path) or file.page_count
        said = [f"{count} 页"] if count else []
        place = placed.get(file.path)
        if place is not None:
            said.append(f"合订本第 {place.first_page} 页")
        return f"（{'，'.join(said)}）" if said else ""

    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    template = environment.from_string(_resource("index.html.jinja"))
    present = plan.counts()[ExpectationState.PRESENT]
    page = template.render(
        plan=plan,
        css=Markup(_resource("index.css")),  # noqa: S704 - our own file, nothing of anybody's is in it
        rows=plan.rows,
        gaps=plan.gaps,
        counts=[pair for pair in plan.counts().items() if pair[1] or pair[0] is ExpectationState.PRESENT],
        present=present,
        percent=f"{_percent(present, len(plan.rows))}%",
        size=size_label(plan.size_bytes),
        made_at=f"{chinese_date(plan.made_at.date())} {plan.made_at:%H:%M}",
        stored={file.path: file for file in plan.files},
        merged_pages=merged_pages,
        not_merged=not_merged,
        names={"merged": MERGED_NAME, "gaps": GAP_STATEMENT_NAME},
        marks=MARKS,
        label=state_label,
        link=quote,
        suffix=_suffix,
        pages_of=pages_of,
    )
    return printable(page).encode()


def size_label(size_bytes: int) -> str:
    """A size as people say it."""
    if size_bytes < 1024**2:
        return f"{-(-size_bytes // 1024)} KB"
    return f"{size_bytes / 1024**2:.1f} MB"


def _percent(part: int, whole: int) -> int:
    """Rounded down, so that 100 means all."""
    return part * 100 // whole if whole else 0


def _suffix(path: str) -> str:
    return PurePosixPath(path).suffix


def _resource(name: str) -> str:
    return files("dujian_docs.dossier").joinpath(name).read_text(encoding="utf-8")
