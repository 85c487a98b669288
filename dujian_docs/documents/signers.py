"""The signers of an upward document: two to a row, the first of each row below the other (clause 7.2.6).

The 发文字号 stands on the last of the rows. A single signer stays where the style puts him.
"""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from lxml import etree

from dujian_docs.documents.styles import CHARACTER, NAMESPACES, TEXT_WIDTH
from dujian_docs.wording import width_in_characters

_W = f"{{{NAMESPACES['w']}}}"
NAMES_A_ROW = 2
BETWEEN = "　"


def fit_signers(paragraph: Any) -> None:
    """The paragraph of 发文字号 and 签发人 becomes as many rows as its names need."""
    runs = paragraph.findall(f"{_W}r")
    names = [name for name in _text(runs[-1]).split(BETWEEN) if name] if len(runs) == len(_PARTS) else []
    if len(names) < NAMES_A_ROW:
        return
    _, number, _, label, signer = runs
    rows = [names[at : at + NAMES_A_ROW] for at in range(0, len(names), NAMES_A_ROW)]
    widest = max(width_in_characters(name) for name in names)
    second = TEXT_WIDTH - CHARACTER - round(widest * CHARACTER)
    first = second - round((widest + 1) * CHARACTER)
    for run in runs:
        paragraph.remove(run)
    blank = deepcopy(paragraph)
    for place, row in enumerate(rows):
        last = place == len(rows) - 1
        made = paragraph if last else _above(paragraph, blank)
        _set_stops(made, first, second)
        made.append(_tab())
        if last:
            made.append(number)
        made.append(_tab())
        if not place:
            made.append(label)
        made.append(_tab())
        for at, name in enumerate(row):
            if at:
                made.append(_tab())
            written = deepcopy(signer)
            written.find(f"{_W}t").text = name
            made.append(written)


_PARTS = ("tab", "发文字号", "tab", "签发人：", "names")
"""What the runs of such a paragraph hold; one that a clerk has made otherwise is left as it is."""


def _above(paragraph: Any, blank: Any) -> Any:
    """A row of its own before the paragraph, without the red rule."""
    row = deepcopy(blank)
    properties = row.find(f"{_W}pPr")
    rule = etree.Element(f"{_W}pBdr")
    etree.SubElement(rule, f"{_W}bottom", {f"{_W}val": "nil"})
    properties.insert(1, rule)  # after pStyle
    paragraph.addprevious(row)
    return row


def _set_stops(paragraph: Any, first: int, second: int) -> None:
    """The row's stops: of the number, of the end of 签发人：, of its two names; not that of the style."""
    properties = paragraph.find(f"{_W}pPr")
    tabs = etree.Element(f"{_W}tabs")
    stops = (("left", CHARACTER), ("right", first - 1), ("left", first), ("left", second))
    for kind, at in (*stops, ("clear", TEXT_WIDTH - CHARACTER)):
        etree.SubElement(tabs, f"{_W}tab", {f"{_W}val": kind, f"{_W}pos": str(at)})
    after = properties.find(f"{_W}pBdr")
    properties.insert(1 if after is None else 2, tabs)


def _tab() -> Any:
    run = etree.Element(f"{_W}r")
    etree.SubElement(run, f"{_W}tab")
    return run


def _text(run: Any) -> str:
    return "".join(element.text or "" for element in run.iter(f"{_W}t"))
