"""On which page a paragraph stands, told from the text of the printed pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from dujian_docs.linting.checking import Report
from dujian_docs.linting.paper import Paper

_BEGINNING = 14
"""Characters by which a paragraph is known; blanks and the characters that print differently are left out."""
_LEFT_OUT = re.compile(r"[\s\u3000.．·—\-－]+")


def with_pages(report: Report, paper: Paper, printed: Sequence[str]) -> Report:
    """The report with the page of each finding, as the pages were printed."""
    pages = pages_of([line.said for line in paper.said], printed)
    return replace(
        report,
        findings=tuple(
            one if one.page else replace(one, page=pages.get(one.number, 0)) for one in report.findings
        ),
    )


def pages_of(texts: Sequence[str], printed: Sequence[str]) -> Mapping[int, int]:
    """The page of each paragraph, both counted from 1; a paragraph that is not seen is left out.

    Paragraphs come in order, so each is looked for from the page of the one before; what is not found there
    (a text box, a table drawn elsewhere) is looked for on every page.
    """
    pages = [_LEFT_OUT.sub("", text) for text in printed]
    found: dict[int, int] = {}
    page, at = 0, 0
    for number, text in enumerate(texts, start=1):
        wanted = _LEFT_OUT.sub("", text)[:_BEGINNING]
        if not wanted:
            continue
        for candidate in range(page, len(pages)):
            seen = pages[candidate].find(wanted, at if candidate == page else 0)
            if seen >= 0:
                found[number] = candidate + 1
                if len(wanted) >= _BEGINNING or candidate == page:
                    page, at = candidate, seen
                break
    return found
