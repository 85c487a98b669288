"""The relationships of an Office Open XML part: which parts belong to it, as what (ECMA-376 part 2, 9.3)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from posixpath import join, normpath
from typing import NamedTuple

from lxml import etree

from indexer.extract.parts import feed_part, feed_xml
from indexer.extract.xmltree import MOST_BYTES

_PLAIN = re.compile(r"\w[\w-]*(?:/\w[\w-]*)*\.\w+", re.ASCII)
"""A target that names its part as it is."""


class Link(NamedTuple):
    """A relationship: its ID, the last word of its type, and the part it names."""

    name: str
    kind: str
    target: str


class _Links:
    """Collects the relationships of a part, the outside ones left out."""

    def __init__(self, folder: str) -> None:
        self.found: list[Link] = []
        self._front = f"{folder}/" if folder else ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Keeps one relationship."""
        if tag == "Relationship" and attributes.get("TargetMode") != "External":
            target = attributes.get("Target", "")
            inside = self._front + target if _PLAIN.fullmatch(target) else self._resolved(target)
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found.append(Link(attributes.get("Id", ""), kind, inside))

    def _resolved(self, target: str) -> str:
        """The name of the part that is meant."""
        target = target.replace("\\", "/")
        return target[1:] if target.startswith("/") else normpath(self._front + target)

    def end(self, tag: str) -> None:
        """Nothing ends here."""

    def data(self, text: str) -> None:
        """Relationships hold no text."""


def links_of(package: zipfile.ZipFile, part: str = "", kinds: Sequence[str] = ()) -> list[Link]:
    """The relationships of a part, or of the package, to parts that exist; none when the list is broken.

    Who names ``kinds`` asks for those only; a list that holds none of them is not looked at closer.
    """
    folder, _, name = part.rpartition("/")
    source = join(folder, "_rels", f"{name}.rels")
    if source not in package.NameToInfo:
        return []
    links = _Links(folder)
    try:
        if package.getinfo(source).file_size > MOST_BYTES:
            feed_part(package, source, links)
        elif _may_hold(xml := package.read(source), kinds):
            feed_xml(xml, links, only="Relationship")
    except etree.XMLSyntaxError:
        return []
    return [link for link in links.found if link.target in package.NameToInfo]


def _may_hold(xml: bytes, kinds: Sequence[str]) -> bool:
    """Whether a relationship of one of the kinds can be in the list, or of any when none is named."""
    hidden = not kinds or b"&" in xml or b"\0" in xml
    return hidden or any(f"/{kind}".encode() in xml for kind in kinds)
