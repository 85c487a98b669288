"""Marks on a drawing, in points from the upper left corner, and a drawing as SVG. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape, quoteattr

from dujian_docs.wording import width_in_characters

_FONTS = "宋体, SimSun, 'Songti SC', 'Noto Serif CJK SC', 'Source Han Serif SC', serif"


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; colours are six hexadecimal digits."""

    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line, dashed or not."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    width: float = 0.6
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """A line of text: ``x`` is where it starts, its middle, or where it ends; ``y`` its base line."""

    text: str
    x: float
    y: float
    size: float = 9.0
    anchor: Literal["start", "middle", "end"] = "start"
    colour: str = "222222"
    bold: bool = False

    @property
    def width(self) -> float:
        """How wide the text is."""
        return width_in_characters(self.text) * self.size

    @property
    def left(self) -> float:
        """Where it starts."""
        return self.x - {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * self.width


Mark = Box | Line | Words


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks on a white ground, the first undermost; ``title`` says what it shows."""

    title: str
    width: float
    height: float
    marks: tuple[Mark, ...]


def shortened(text: str, characters: float) -> str:
    """The text, cut with ``…`` where it is wider than so many characters."""
    if width_in_characters(text) <= characters:
        return text
    kept = text
    while kept and width_in_characters(kept) > characters - 1:
        kept = kept[:-1]
    return f"{kept}…"


def svg_bytes(drawing: Drawing) -> bytes:
    """The drawing as an SVG file that any browser, WPS and Word can show."""
    size = f'width="{drawing.width:g}pt" height="{drawing.height:g}pt"'
    box = f'viewBox="0 0 {drawing.width:g} {drawing.height:g}"'
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} font-family={quoteattr(_FONTS)}>',
        f"<title>{escape(drawing.title)}</title>",
        '<rect width="100%" height="100%" fill="#ffffff"/>',
        *(_element(mark) for mark in drawing.marks),
        "</svg>",
        "",
    ]
    return "\n".join(lines).encode()


def _element(mark: Mark) -> str:
    if isinstance(mark, Box):
        place = f'x="{mark.x:.2f}" y="{mark.y:.2f}" width="{mark.width:.2f}" height="{mark.height:.2f}"'
        return f'<rect {place} fill="#{mark.colour}"/>'
    if isinstance(mark, Line):
        place = f'x1="{mark.x1:.2f}" y1="{mark.y1:.2f}" x2="{mark.x2:.2f}" y2="{mark.y2:.2f}"'
        dashes = ' stroke-dasharray="4 3"' if mark.dashed else ""
        return f'<line {place} stroke="#{mark.colour}" stroke-width="{mark.width:g}"{dashes}/>'
    weight = ' font-weight="bold"' if mark.bold else ""
    place = f'x="{mark.x:.2f}" y="{mark.y:.2f}" font-size="{mark.size:g}" text-anchor="{mark.anchor}"'
    return f'<text {place} fill="#{mark.colour}"{weight}>{escape(mark.text)}</text>'
