"""Where evidence lies in the archive, and the sentences that tell people to put it there."""

from __future__ import annotations

from dujian_docs.filing.results import Expectation
from dujian_docs.filing.tree import FilingTree
from dujian_docs.naming import safe_component

EVIDENCE_FOLDER = "迎检档案"
"""The folder of the archive under which each level-C indicator has its own."""


def folder_of(tree: FilingTree, indicator: str) -> str:
    """An indicator's folder as an archive path: ``迎检档案/A1-B2-C3 教育经费三个增长``."""
    return f"{EVIDENCE_FOLDER}/{safe_component(tree.folder_of(indicator))}"


def place_of(tree: FilingTree, due: Expectation) -> str:
    """The folder in which an expectation's files belong: the indicator's, then the year's."""
    return f"{folder_of(tree, due.required_file.indicator)}/{due.year}"


def name_of(due: Expectation, extension: str = "") -> str:
    """The file name by which an expectation's file is found by rule."""
    formats = due.required_file.formats
    ending = extension or (formats[0] if formats else "pdf")
    return f"{safe_component(due.file_stem)}.{ending.lstrip('.')}"


def hand_in(tree: FilingTree, due: Expectation) -> str:
    """The next step when a file is not there at all."""
    return f"请{due.unit.name}提供，放入“{place_of(tree, due)}”，文件名写成“{name_of(due)}”"
