"""A closer look at a file, in a worker process: one page as a picture, or all pages for seals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from indexer.extract import extract, ocr
from indexer.extract.endings import corrupt
from indexer.extract.seals import seal_pages
from indexer.extract.sniff import Kind
from indexer.model import Extraction, Facts, Limits, State

Looker = Callable[[int, Path, Limits], Extraction]
"""Looks at a page (1-based; 0: at all for seals); ends with an Extraction or raises Unreadable."""


def look_at_page(page: int, path: Path, limits: Limits) -> Extraction:
    """What is on the page; a bad file gives its state and never an exception."""

    def looked(file: Path, within: Limits) -> Extraction:
        return ocr.look(file, page, within)

    pdf = looked if page else _seals
    return extract(path, limits, dict.fromkeys(Kind, _no_pages) | {Kind.PDF: pdf, Kind.IMAGE: looked})


def _seals(path: Path, limits: Limits) -> Extraction:
    return Extraction(State.EMPTY, facts=Facts(seals=seal_pages(path, limits)))


def _no_pages(_path: Path, _limits: Limits) -> Extraction:
    raise corrupt("不是图片，也不是 PDF")
