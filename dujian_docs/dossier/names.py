"""Names inside a package: readable, unique on every system, short enough to unpack anywhere."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from dujian_docs.dossier.model import INNER_LIST_NAME, Use
from dujian_docs.filing.names import NameFacts
from dujian_docs.filing.tree import IndicatorNode
from dujian_docs.filing.unit_names import separated
from dujian_docs.naming import safe_component

FOLDER_CHARS = 20
TITLE_CHARS = 50
COMPONENT_BYTES = 200
_NUMBER_BYTES = 8
"""Room kept for ``(2)`` and the like."""
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


@dataclass(slots=True)
class EntryNames:
    """Gives names and remembers them, so that none is given twice whatever the case or composition."""

    taken: set[str] = field(default_factory=set)

    def folder(self, node: IndicatorNode) -> str:
        """The folder of an indicator, such as ``B2 教育投入``; its code keeps it apart from the others."""
        return safe_component(f"{node.code} {node.title[:FOLDER_CHARS]}", max_bytes=COMPONENT_BYTES)

    def file(self, folder: str, use: Use, title: str, source: str) -> str:
        """A new path ``<folder>/<required file>_<year>_<unit>_<title>.<ext>``, numbered when taken."""
        suffix = PurePosixPath(source).suffix
        stem = f"{use.required_file}_{use.year}_{use.unit_name[:FOLDER_CHARS]}"
        stem += f"_{(title or use.required_title)[:TITLE_CHARS].strip()}"
        name = PurePosixPath(safe_component(stem + suffix, max_bytes=COMPONENT_BYTES - _NUMBER_BYTES))
        number = 1
        while True:
            counted = name.name if number == 1 else f"{name.stem}({number}){name.suffix}"
            path = f"{folder}/{counted}"
            if (key := folded(path)) not in self.taken and counted != INNER_LIST_NAME:
                self.taken.add(key)
                return path
            number += 1


def folded(path: str) -> str:
    """What a system that knows neither case nor composition takes the path for."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def own_title(source: str, facts: NameFacts) -> str:
    """The file's own title as its clerk typed it: of an exact name the part after the unit, else the stem."""
    path = PurePosixPath(source)
    stem = unicodedata.normalize("NFC", path.name.removesuffix(path.suffix))
    if not facts.exact:
        return stem
    for start in range(len(stem)):
        if separated(stem[start:]) == facts.title:
            return stem[start:]
    return facts.title


def printable(text: str) -> str:
    """Text that every document can hold: what is not a character becomes ``\ufffd``."""
    return _UNPRINTABLE.sub("\ufffd", text)
