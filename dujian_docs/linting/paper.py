"""A document as it is read for checking: sections, paragraphs in order, and how each looks in the end."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

BLACK = frozenset({"", "auto", "000000"})
_RED = re.compile(r"(?i)(f[0-9a-f]|e[0-9a-f]|d[0-9a-f]|c[0-9a-f])[0-3][0-9a-f][0-3][0-9a-f]")


class Face(Enum):
    """A kind of Chinese type; many fonts are cut in each."""

    FANG = "仿宋"
    KAI = "楷体"
    HEI = "黑体"
    BIAO = "小标宋"
    SONG = "宋体"
    OTHER = "其他"


_CUTS = (
    (Face.FANG, re.compile(r"(?i)仿宋|fang_?song|fandolfang")),
    (Face.KAI, re.compile(r"(?i)楷|kai")),
    (Face.BIAO, re.compile(r"(?i)小标宋|xiaobiao|xbs")),
    (Face.HEI, re.compile(r"(?i)黑体|hei|等线|雅黑|gothic")),
    (Face.SONG, re.compile(r"(?i)宋|song|sun|ming")),
)


def face_of(font: str) -> Face:
    """The kind of type that a font's name tells."""
    return next((face for face, cut in _CUTS if cut.search(font)), Face.OTHER)


@dataclass(frozen=True, slots=True)
class Look:
    """How a run of text looks: font for Chinese, size in half points, colour, and whether it is hidden."""

    font: str = ""
    size: int = 20
    colour: str = ""
    bold: bool = False
    hidden: bool = False

    @property
    def face(self) -> Face:
        """The kind of type."""
        return face_of(self.font)

    @property
    def red(self) -> bool:
        """Whether it is printed red."""
        return bool(_RED.fullmatch(self.colour))


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one look; ``start`` is where it begins in the paragraph."""

    text: str
    look: Look
    start: int


@dataclass(frozen=True, slots=True)
class Setting:
    """How a paragraph stands: lengths in twips, ``*_chars`` in hundredths of a character."""

    align: str = "left"
    first_line: int = 0
    first_chars: int = 0
    left: int = 0
    left_chars: int = 0
    right: int = 0
    right_chars: int = 0
    line: int = 240
    line_rule: str = "auto"
    page_before: bool = False
    ruled: bool = False

    @property
    def centred(self) -> bool:
        """Whether the text stands in the middle."""
        return self.align in {"center", "distribute"}


class Place(Enum):
    """Where a paragraph stands."""

    BODY = "正文"
    TABLE = "表格"
    BOX = "文本框"


@dataclass(frozen=True, slots=True)
class Line:
    """One paragraph; ``index`` counts every paragraph of the file, ``number`` those that say something."""

    index: int
    number: int
    text: str
    runs: tuple[Run, ...]
    setting: Setting
    style: str
    place: Place
    numbered: bool = False
    new_page: bool = False
    ends_section: bool = False
    page: int = 0

    @property
    def said(self) -> str:
        """The text without what stands around it."""
        return self.text.strip()

    @property
    def look(self) -> Look:
        """The look of most of its text."""
        weights: dict[Look, int] = {}
        for run in self.runs:
            weights[run.look] = weights.get(run.look, 0) + len(run.text.strip())
        return max(weights, key=lambda look: weights[look], default=Look())

    @property
    def first_look(self) -> Look:
        """The look of its first character that is no blank."""
        return next((run.look for run in self.runs if run.text.strip()), Look())


@dataclass(frozen=True, slots=True)
class Section:
    """The page of a section in twips, and how its lines are set."""

    width: int
    height: int
    top: int
    right: int
    bottom: int
    left: int
    grid: str
    pitch: int
    different_first: bool
    landscape: bool


@dataclass(frozen=True, slots=True)
class Margin:
    """The text of a header or footer: its lines, and whether it prints the number of the page."""

    kind: str
    for_pages: str
    lines: tuple[Line, ...]
    page_number: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table as texts, row by row; ``number`` is the paragraph that its first cell begins with."""

    rows: tuple[tuple[str, ...], ...]
    number: int


@dataclass(frozen=True, slots=True)
class Traces:
    """What a file should not carry when it goes out."""

    changes: int = 0
    comments: int = 0
    macros: bool = False
    outside: tuple[str, ...] = ()
    author: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole document."""

    lines: tuple[Line, ...]
    sections: tuple[Section, ...]
    margins: tuple[Margin, ...]
    tables: tuple[Table, ...]
    traces: Traces
    odd_even: bool
    drawn: bool
    paged: bool
    """Whether the file itself says where its pages end, as Word and WPS leave it."""

    @property
    def said(self) -> tuple[Line, ...]:
        """The paragraphs that say something."""
        return tuple(line for line in self.lines if line.said)
