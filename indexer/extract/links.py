"""The relationships of an Office Open XML part: which parts belong to it, as what (ECMA-376 part 2, 9.3)."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from posixpath import join, normpath
from typing import NamedTuple

from lxml import etree

from indexer.extract.parts import feed_part


class Link(NamedTuple):
    """A relationship: its ID, the last word of its type, and the part it names."""

    name: str
    kind: str
    target: str


class _Links:
    """Collects the relationships of a part, the outside ones left out."""

    def __init__(self, folder: str) -> None:
        self.found: list[Link] = []
        self._folder = folder

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Keeps one relationship."""
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "").replace("\\", "/")
            inside = target[1:] if target.startswith("/") else normpath(join(self._folder, target))
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found.append(Link(attributes.get("Id", ""), kind, inside))

    def end(self, tag: str) -> None:
        """Nothing ends here."""

    def data(self, text: str) -> None:
        """Relationships hold no text."""


def links_of(package: zipfile.ZipFile, part: str = "") -> list[Link]:
    """The relationships of a part, or of the package, to parts that exist; none when the list is broken."""
    folder, _, name = part.rpartition("/")
    source = join(folder, "_rels", f"{name}.rels")
    if source not in package.NameToInfo:
        return []
    links = _Links(folder)
    try:
        feed_part(package, source, links)
    except etree.XMLSyntaxError:
        return []
    return [link for link in links.found if link.target in package.NameToInfo]
