"""What a run and a paragraph look like in the end: direct settings over styles over the file's defaults.

ECMA-376 part 1, 17.7.2: defaults, table style (left out here), paragraph style, character style, direct.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dujian_docs.linting.paper import Look, Setting

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_OFF = {"0", "false", "off", "none"}
_MOST_PARENTS = 20
"""Styles based on styles: a circle ends here."""
_THEME_FONTS = {"eastAsia": "等线", "minorEastAsia": "等线", "majorEastAsia": "等线 Light"}

Properties = Mapping[tuple[str, str], str]
"""(element, attribute) → value, without namespaces."""


@dataclass(frozen=True, slots=True)
class Styles:
    """The styles of a file by identifier, its defaults, and the fonts of its theme."""

    parents: Mapping[str, str]
    paragraph: Mapping[str, Properties]
    run: Mapping[str, Properties]
    names: Mapping[str, str]
    default: str
    base_paragraph: Properties
    base_run: Properties
    theme: Mapping[str, str]

    def chain(self, style: str) -> tuple[str, ...]:
        """The style's ancestors and itself, the farthest first."""
        found: list[str] = []
        while style in self.names and style not in found and len(found) < _MOST_PARENTS:
            found.append(style)
            style = self.parents.get(style, "")
        return tuple(reversed(found))

    def looks(self, style: str, character_style: str, direct: Properties) -> Look:
        """How text of these styles with these direct settings looks."""
        held = {**self.base_run}
        for one in (*self.chain(style or self.default), *self.chain(character_style)):
            held.update(self.run.get(one, {}))
        held.update(direct)
        return Look(
            font=self._font(held),
            size=_number(held.get(("sz", "val"), "20")) or 20,
            colour=held.get(("color", "val"), "").lower(),
            bold=_on(held, "b"),
            hidden=_on(held, "vanish"),
        )

    def stands(self, style: str, direct: Properties) -> Setting:
        """How a paragraph of this style with these direct settings stands."""
        held = {**self.base_paragraph}
        for one in self.chain(style or self.default):
            held.update(self.paragraph.get(one, {}))
        held.update(direct)

        def length(name: str, *attributes: str) -> int:
            return next((_number(held[name, one]) for one in attributes if (name, one) in held), 0)

        return Setting(
            align=held.get(("jc", "val"), "left"),
            first_line=length("ind", "firstLine") - length("ind", "hanging"),
            first_chars=length("ind", "firstLineChars") - length("ind", "hangingChars"),
            left=length("ind", "left", "start"),
            left_chars=length("ind", "leftChars", "startChars"),
            right=length("ind", "right", "end"),
            right_chars=length("ind", "rightChars", "endChars"),
            line=length("spacing", "line") or 240,
            line_rule=held.get(("spacing", "lineRule"), "auto"),
            page_before=_on(held, "pageBreakBefore"),
            ruled=any(name == "pBdr" for name, _ in held),
        )

    def _font(self, held: Properties) -> str:
        theme = held.get(("rFonts", "eastAsiaTheme"), "")
        plain = held.get(("rFonts", "eastAsia"), "")
        if theme:
            return self.theme.get(theme) or plain or _THEME_FONTS.get(theme, "")
        return plain


def properties(element: Any) -> Properties:
    """The settings written in one ``pPr`` or ``rPr``; what was there before a tracked change is left out."""
    return {} if element is None else dict(_settings(element))


def styles_of(root: Any | None, theme: Mapping[str, str]) -> Styles:
    """The styles in ``styles.xml``; without that part everything is as the program has it."""
    parents, paragraph, run, names = {}, {}, {}, {}
    default = ""
    base_paragraph: Properties = {}
    base_run: Properties = {}
    if root is not None:
        base_paragraph = properties(root.find(f"{W}docDefaults/{W}pPrDefault/{W}pPr"))
        base_run = properties(root.find(f"{W}docDefaults/{W}rPrDefault/{W}rPr"))
        for style in root.iterfind(f"{W}style"):
            key = style.get(f"{W}styleId", "")
            based = style.find(f"{W}basedOn")
            name = style.find(f"{W}name")
            names[key] = name.get(f"{W}val", key) if name is not None else key
            parents[key] = based.get(f"{W}val", "") if based is not None else ""
            paragraph[key] = properties(style.find(f"{W}pPr"))
            run[key] = properties(style.find(f"{W}rPr"))
            if style.get(f"{W}type") == "paragraph" and style.get(f"{W}default", "0") not in _OFF:
                default = key
    return Styles(parents, paragraph, run, names, default, base_paragraph, base_run, theme)


def _settings(element: Any) -> Iterator[tuple[tuple[str, str], str]]:
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = child.tag.rpartition("}")[2]
        if name in {"rPr", "rPrChange", "pPrChange", "sectPr"}:
            continue
        if name == "pBdr":
            yield ("pBdr", "is"), "1"
            continue
        if not child.attrib:
            yield (name, "val"), "1"
        for attribute, value in child.attrib.items():
            yield (name, attribute.rpartition("}")[2]), value


def _on(held: Properties, name: str) -> bool:
    return (name, "val") in held and held[name, "val"].lower() not in _OFF


def _number(text: str) -> int:
    try:
        return round(float(text))
    except ValueError:
        return 0
