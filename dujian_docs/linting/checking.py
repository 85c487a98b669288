"""``lint``: every rule over one document."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from dujian_docs.linting.annex_rules import annex_findings
from dujian_docs.linting.body_rules import body_findings, structure_findings
from dujian_docs.linting.closing_rules import closing_findings, date_findings
from dujian_docs.linting.figure_rules import figure_findings
from dujian_docs.linting.findings import Finding, Level
from dujian_docs.linting.head_rules import head_findings
from dujian_docs.linting.names import Names, name_findings
from dujian_docs.linting.page_rules import page_findings
from dujian_docs.linting.paper import Paper
from dujian_docs.linting.roles import Parts, parts_of
from dujian_docs.linting.text_rules import text_findings
from dujian_docs.linting.title_rules import addressee_findings, title_findings
from dujian_docs.linting.trace_rules import trace_findings
from dujian_docs.linting.words import word_findings


@dataclass(frozen=True, slots=True)
class Report:
    """What was found in one document, in the order of its paragraphs; what holds for all of it first."""

    official: bool
    title: str
    kind: str
    paragraphs: int
    findings: tuple[Finding, ...]

    def count(self, level: Level) -> int:
        """How many findings are of a level."""
        return Counter(one.level for one in self.findings)[level]


def lint(paper: Paper, names: Names | None = None, *, official: bool | None = None) -> Report:
    """Everything wrong with a document.

    Args:
        paper: the document.
        names: the registers to hold names against.
        official: whether it is a 公文; when nothing is said, what it holds decides. Of any other document
            only words, punctuation, numbering and figures are checked.
    """
    parts = parts_of(paper)
    is_official = parts.official if official is None else official
    found = [*_of_text(paper, parts, names or Names())]
    if is_official:
        found += _of_layout(paper, parts)
    order = {line.number: line for line in paper.lines if line.number}
    placed = [
        _on_page(one, order[one.number].page if paper.paged and one.number in order else 0)
        for one in sorted(found, key=lambda one: one.number)
    ]
    return Report(is_official, parts.title, parts.kind, len(parts.lines), tuple(placed))


def _of_text(paper: Paper, parts: Parts, names: Names) -> Iterator[Finding]:
    yield from text_findings(parts)
    yield from word_findings(parts)
    yield from date_findings(parts)
    yield from figure_findings(paper, parts)
    yield from structure_findings(parts)
    yield from name_findings(parts, names)
    yield from trace_findings(paper, parts)


def _of_layout(paper: Paper, parts: Parts) -> Iterator[Finding]:
    yield from page_findings(paper, parts)
    yield from head_findings(paper, parts)
    yield from title_findings(parts)
    yield from addressee_findings(parts)
    yield from body_findings(parts)
    yield from annex_findings(parts)
    yield from closing_findings(parts)


def _on_page(finding: Finding, page: int) -> Finding:
    return replace(finding, page=page) if page else finding
