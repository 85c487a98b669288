"""What can be placed only when the texts are known: 标志, title lines, 署名, 附件说明, height of the 版记.

Works on a rendered body, finding each part by the name of its style. It is done after rendering and not
by values in the template, because lengths stand in attributes where a tag would make the template unreadable
for WPS, and because a clerk may have changed the fixed texts.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

from dujian_docs.documents.layout import COLOPHON_SLACK
from dujian_docs.documents.page_numbers import EMU_PER_TWIP
from dujian_docs.documents.signers import fit_signers
from dujian_docs.documents.styles import (
    CHARACTER,
    COLOPHON_LINE,
    JOINT_WIDTH,
    NAMESPACES,
    SMALL_CHARACTER,
    STYLES,
    TEXT_WIDTH,
)
from dujian_docs.wording import numeral, title_lines, width_in_characters

_W, _WP, _A = (f"{{{NAMESPACES[prefix]}}}" for prefix in ("w", "wp", "a"))
MARK_POINTS, MARK_LINE, MARK_BEFORE = 46, 1040, 188
"""The 标志 at its largest; measured to put its ink 35 mm below the top of the text area."""
MARK_LEADING = 59
MARK_WIDTH_POINTS = 438
_RULE = {f"{_W}val": "single", f"{_W}sz": "", f"{_W}space": "0", f"{_W}color": "000000"}
NARROWEST = 60
"""Per cent; a longer 标志 gets smaller instead of narrower."""
SEAL_INSET = 4
PLAIN_INSET = 2
JOINT_MARK_POINTS, JOINT_WIDTH_POINTS = 32, JOINT_WIDTH / 20 - 10
"""The offices of a joint issue at their largest, and the room that their cell has."""
LETTER_MARK_POINTS, LETTER_MARK_WIDTH_POINTS = 36, 470
"""The 标志 of a letter at its largest, and the room it has over the rule of 170 mm."""
FITTED_ALONE = frozenset({"公文标题", "附件标题", "文中标题", "附件说明"})
"""The styles of the paragraphs that ``fit`` places whatever stands beside them."""
FITTED = FITTED_ALONE | frozenset(
    {
        "发文机关标志",
        "联合发文机关",
        "上行文字号",
        "署名",
        "成文日期",
        "一级标题",
        "附件标号",
        "版记抄送",
        "版记印发机关",
    }
)
"""The styles of all paragraphs that ``fit`` may place or number, or that tell it how to."""
_LEVEL1 = re.compile(r"[一二三四五六七八九十]{1,3}、")
_ANNEX_HEAD = re.compile(r"(附件：)?(\d+\.)?")
_AFTER_INDENT = frozenset(
    {"contextualSpacing", "mirrorIndents", "suppressOverlap", "jc", "textDirection", "textAlignment"}
    | {"textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr", "sectPr", "pPrChange"}
)
_AFTER_SIZE = frozenset(
    {"highlight", "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang"}
    | {"eastAsianLayout", "specVanish", "oMath", "rPrChange"}
)
_LATER = {
    "spacing": _AFTER_INDENT | {"ind"},
    "ind": _AFTER_INDENT,
    "w": _AFTER_SIZE | {"kern", "position", "sz", "szCs"},
    "sz": _AFTER_SIZE | {"szCs"},
    "szCs": _AFTER_SIZE,
}
"""The children that the schema wants after each property that is set here."""


def style_names(styles: Any) -> Mapping[str, str]:
    """The name of each style by its identifier; parts are known by names, as editors change identifiers."""
    return {
        style.get(f"{_W}styleId"): name.get(f"{_W}val")
        for style in styles.iter(f"{_W}style")
        if (name := style.find(f"{_W}name")) is not None
    }


def fit(body: Any, names: Mapping[str, str], *, sealed: bool) -> None:
    """The body's parts are placed by their texts.

    Args:
        body: the ``w:body`` of a rendered document; changed in place.
        names: from ``style_names``.
        sealed: whether 署名 leaves room for a seal.
    """
    parts = _by_style(body, names)
    for paragraph in parts["发文机关标志"]:
        _fit_mark(paragraph)
    _fit_joint_marks(parts["联合发文机关"])
    for paragraph in parts["公文标题"] + parts["附件标题"] + parts["文中标题"]:
        _break_lines(paragraph)
    for paragraph in parts["附件说明"]:
        _fit_annex_note(paragraph)
    for paragraph in parts["上行文字号"]:
        fit_signers(paragraph)
    _fit_signatures(parts["署名"], parts["成文日期"], sealed=sealed)
    _number_headings(parts["一级标题"], parts["附件标号"])
    for box in dict.fromkeys(_box_of(one) for one in parts["版记抄送"] + parts["版记印发机关"]):
        if box is not None:
            _fit_colophon(box, ruled=any(_box_of(one) is box for one in parts["版记印发机关"]))


def _by_style(body: Any, names: Mapping[str, str]) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = {name: [] for name in STYLES}
    for style in body.iter(f"{_W}pStyle"):
        properties = style.getparent()
        paragraph = properties.getparent()
        if properties.tag == f"{_W}pPr" and paragraph is not None and paragraph.tag == f"{_W}p":
            found.setdefault(names.get(style.get(f"{_W}val"), ""), []).append(paragraph)
    return found


def _text(paragraph: Any) -> str:
    return "".join(element.text or "" for element in paragraph.iter(f"{_W}t"))


def _fit_mark(paragraph: Any) -> None:
    """The 标志 fills at most the width of the text area, its top edge where the standard wants it."""
    wide = width_in_characters(_text(paragraph)) or 1
    points = min(MARK_POINTS, math.floor(MARK_WIDTH_POINTS / (wide * NARROWEST / 100) * 2) / 2)
    percent = min(100, math.floor(MARK_WIDTH_POINTS / (wide * points) * 100))
    line = round(MARK_LINE * points / MARK_POINTS)
    before = MARK_BEFORE + MARK_LEADING - round(MARK_LEADING * points / MARK_POINTS)
    _set(paragraph, "spacing", before=before, after=0, line=line, lineRule="exact")
    _size_runs(paragraph, points, percent)


def _fit_joint_marks(paragraphs: Sequence[Any]) -> None:
    """The offices of a joint issue are of one size and width, the longest on one line."""
    widest = max((width_in_characters(_text(one)) for one in paragraphs), default=1) or 1
    points = min(JOINT_MARK_POINTS, math.floor(JOINT_WIDTH_POINTS / (widest * NARROWEST / 100) * 2) / 2)
    percent = min(100, math.floor(JOINT_WIDTH_POINTS / (widest * points) * 100))
    for paragraph in paragraphs:
        _size_runs(paragraph, points, percent)


def _size_runs(paragraph: Any, points: float, percent: int) -> None:
    for run in paragraph.iter(f"{_W}r"):
        properties = run.find(f"{_W}rPr")
        if properties is None:
            properties = etree.Element(f"{_W}rPr")
            run.insert(0, properties)
        for name, value in (("w", percent), ("sz", round(points * 2)), ("szCs", round(points * 2))):
            _put(properties, name, val=value)


def _break_lines(paragraph: Any) -> None:
    """A title of one text is broken into lines at word ends."""
    texts = list(paragraph.iter(f"{_W}t"))
    lines = title_lines(_text(paragraph))
    if len(texts) != 1 or len(lines) < 2 or next(paragraph.iter(f"{_W}br"), None) is not None:
        return
    run = texts[0].getparent()
    texts[0].text = lines[0]
    for line in lines[1:]:
        etree.SubElement(run, f"{_W}br")
        etree.SubElement(run, f"{_W}t").text = line


def _fit_annex_note(paragraph: Any) -> None:
    """A wrapped name aligns under its first character; the first line hangs back to two characters.

    ``附件：`` is 3 characters wide, ``1.`` one (number and dot are half each), ``10.`` one and a half.
    """
    found = _ANNEX_HEAD.match(_text(paragraph))
    label, number = (width_in_characters(part or "") for part in found.groups()) if found else (0.0, 0.0)
    _set(paragraph, "ind", left=round((5 + number) * CHARACTER), hanging=round((label + number) * CHARACTER))


def _fit_signatures(names: Sequence[Any], days: Sequence[Any], *, sealed: bool) -> None:
    """Each 署名 goes with the next 成文日期 below it; those of a joint issue share one."""
    dates = {id(one) for one in days}
    waiting: list[Any] = []
    for paragraph in _in_order([*names, *days]):
        waiting.append(paragraph)
        if id(paragraph) in dates:
            *above, day = waiting
            for name in above:
                _fit_signature(name, day, sealed=sealed)
            waiting = []


def _fit_signature(name: Any, day: Any, *, sealed: bool) -> None:
    """署名 and 成文日期 stand as clause 7.3.5 says, with or without a seal."""
    wide, narrow = width_in_characters(_text(name)), width_in_characters(_text(day))
    if sealed:
        day_inset, name_inset = float(SEAL_INSET), SEAL_INSET + (narrow - wide) / 2
        if name_inset < 0:
            day_inset, name_inset = (wide - narrow) / 2, 0.0
    else:
        day_inset, name_inset = wide - narrow, float(PLAIN_INSET)
        if day_inset < PLAIN_INSET:
            day_inset = PLAIN_INSET
            name_inset = max(float(PLAIN_INSET), PLAIN_INSET + 2 + narrow - wide)
    for paragraph, inset in ((name, name_inset), (day, day_inset)):
        _set(paragraph, "ind", rightChars=round(inset * 100), right=round(inset * CHARACTER))


def fit_letter_mark(header: Any, names: Mapping[str, str]) -> None:
    """The 标志 in the header of a letter's first page is no wider than the rule below it."""
    for paragraph in _by_style(header, names)["信函标志"]:
        wide = width_in_characters(_text(paragraph)) or 1
        points = min(
            LETTER_MARK_POINTS, math.floor(LETTER_MARK_WIDTH_POINTS / (wide * NARROWEST / 100) * 2) / 2
        )
        percent = min(100, math.floor(LETTER_MARK_WIDTH_POINTS / (wide * points) * 100))
        _size_runs(paragraph, points, percent)


def _number_headings(headings: Sequence[Any], annexes: Sequence[Any]) -> None:
    """Level-one headings are numbered without a gap, anew in each annex, whatever was left out."""
    marks = {id(one) for one in annexes}
    number = 0
    for paragraph in _in_order([*headings, *annexes]):
        if id(paragraph) in marks:
            number = 0
            continue
        first = next(paragraph.iter(f"{_W}t"), None)
        if first is not None and (found := _LEVEL1.match(first.text or "")):
            number += 1
            first.text = f"{numeral(number)}、{(first.text or '')[found.end() :]}"


def _in_order(paragraphs: Sequence[Any]) -> list[Any]:
    if not paragraphs:
        return []
    body = paragraphs[0].getroottree().getroot()
    wanted = {id(one) for one in paragraphs}
    return [one for one in body.iter(f"{_W}p") if id(one) in wanted]


def _box_of(paragraph: Any) -> Any:
    return next(paragraph.iterancestors(f"{_WP}anchor"), None)


def _fit_colophon(box: Any, *, ruled: bool) -> None:
    """The box is as high as its lines; first and last rule thick, those between thin; none in a letter."""
    rows = list(box.iter(f"{_W}tr"))
    lines = 0
    for number, row in enumerate(rows):
        cells = row.findall(f"{_W}tc")
        lines += max(_lines_in(cell) for cell in cells)
        top, bottom = 8 if number == 0 else 6, 8 if number == len(rows) - 1 else 6
        for cell in cells if ruled else ():
            _set_rules(cell, top, bottom)
    height = str((lines * COLOPHON_LINE + COLOPHON_SLACK) * EMU_PER_TWIP)
    box.find(f"{_WP}extent").set("cy", height)
    for extent in box.iter(f"{_A}ext"):
        extent.set("cy", height)


def _lines_in(cell: Any) -> int:
    """How many lines a cell takes; rather one too many, as the box's text stands at its bottom."""
    stated = cell.find(f"{_W}tcPr/{_W}tcW")
    width = int(stated.get(f"{_W}w", TEXT_WIDTH)) if stated is not None else TEXT_WIDTH
    total = 0
    for paragraph in cell.findall(f"{_W}p"):
        text = _text(paragraph)
        inset = SMALL_CHARACTER * (2 if text.startswith("抄送：") else 1)
        hanging = 3 if text.startswith("抄送：") else 0
        room = math.floor((width - inset) / SMALL_CHARACTER - hanging - 0.5)
        total += max(1, math.ceil((width_in_characters(text) - hanging) / max(room, 1)))
    return total


def _set_rules(cell: Any, top: int, bottom: int) -> None:
    properties = cell.find(f"{_W}tcPr")
    if properties is None:
        properties = etree.Element(f"{_W}tcPr")
        cell.insert(0, properties)
    for old in properties.findall(f"{_W}tcBorders"):
        properties.remove(old)
    borders = etree.Element(f"{_W}tcBorders")
    for side, eighths in (("top", top), ("bottom", bottom)):
        etree.SubElement(borders, f"{_W}{side}", {**_RULE, f"{_W}sz": str(eighths)})
    before = [child for child in properties if _local(child) in {"cnfStyle", "tcW", "gridSpan", "vMerge"}]
    properties.insert(len(before), borders)


def _set(paragraph: Any, name: str, **values: object) -> None:
    """The paragraph's own ``w:name`` has exactly these attributes."""
    _put(paragraph.find(f"{_W}pPr"), name, **values)


def _put(properties: Any, name: str, **values: object) -> None:
    """``properties`` holds one ``w:name``, with these attributes, where the schema's order wants it."""
    for old in properties.findall(f"{_W}{name}"):
        properties.remove(old)
    element = etree.Element(f"{_W}{name}")
    for key, value in values.items():
        element.set(f"{_W}{key}", str(value))
    later = _LATER[name]
    before = [child for child in properties if _local(child) not in later]
    properties.insert(len(before), element)


def _local(element: Any) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]
