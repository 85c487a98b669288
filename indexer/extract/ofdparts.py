"""The parts of an OFD package: found by the locations other parts give of them, and heard."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from posixpath import dirname, join, normpath

from lxml import etree

from indexer.extract.ofdpage import PageObjects
from indexer.extract.parts import feed_part

BROKEN: tuple[type[Exception], ...] = (
    etree.XMLSyntaxError,
    zipfile.BadZipFile,
    zipfile.zlib.error,  # type: ignore[attr-defined]
    EOFError,
    NotImplementedError,
)
"""What a damaged part raises when it is read."""
_WANTED = frozenset(
    {
        *("DocBody", "DocRoot", "Title", "Author", "CreationDate", "ModDate", "Signatures", "Version"),
        *("TemplatePage", "Page", "Annotations", "DocumentRes", "PublicRes", "FileLoc"),
        *("Signature", "StampAnnot", "Subject", "Abstract", "Keyword", "CustomData"),
    }
)


@dataclass(slots=True)
class Node:
    """One element of a part that describes others: its name, attributes and own text."""

    tag: str
    attributes: Mapping[str, str]
    text: str = ""


class _Heard:
    """Collects the elements that matter, flat, in document order."""

    def __init__(self) -> None:
        self.found: list[Node] = []
        self._open: list[Node | None] = []

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Keeps an element that is wanted."""
        node = Node(tag, dict(attributes)) if tag in _WANTED else None
        self._open.append(node)
        if node:
            self.found.append(node)

    def end(self, _tag: str) -> None:
        """Its text is complete."""
        if (node := self._open.pop()) is not None:
            node.text = node.text.strip()

    def data(self, text: str) -> None:
        """Text that is directly in a wanted element."""
        if self._open and (node := self._open[-1]) is not None:
            node.text += text


class Parts:
    """The package's parts by the locations that others give of them (7.2: relative, or from the root)."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        self.damaged: set[str] = set()
        self._names = {plain(name): name for name in package.NameToInfo}

    def name(self, location: str, base: str, *fallbacks: str) -> str | None:
        """The part at ``location`` as told in part ``base``; programs forget what it is relative to."""
        told = location.strip().replace("\\", "/")
        if not told:
            return None
        for folder in ("" if told.startswith("/") else dirname(base), *fallbacks, ""):
            if found := self._names.get(plain(join(folder, told.lstrip("/")))):
                return found
        return None

    def nodes(self, name: str | None) -> list[Node]:
        """The wanted elements of a part as far as it can be heard; ``damaged`` knows those cut short."""
        heard = _Heard()
        if name is not None:
            try:
                feed_part(self.package, name, heard)
            except BROKEN:
                self.damaged.add(name)
        return heard.found

    def objects(self, name: str) -> PageObjects:
        """What a part draws.

        Raises:
            etree.XMLSyntaxError: it is not XML; or another fault of ``BROKEN``.
        """
        heard = PageObjects()
        feed_part(self.package, name, heard)
        return heard


def plain(name: str) -> str:
    """A name as it is compared: forward slashes, no dots, no case."""
    return normpath(name.replace("\\", "/")).lstrip("/").casefold()


def bodies_of(nodes: Sequence[Node]) -> list[list[Node]]:
    """The elements of each DocBody of the main part (7.4)."""
    starts = [at for at, node in enumerate(nodes) if node.tag == "DocBody"]
    return [list(nodes[start:end]) for start, end in zip(starts, [*starts[1:], len(nodes)], strict=False)]


def document_root(parts: Parts, body: Sequence[Node]) -> str | None:
    """A document's root part: that of the current version if it names one that exists (19.2)."""
    for node in body:
        if node.tag == "Version" and node.attributes.get("Current", "").lower() in {"true", "1"}:
            version = parts.name(node.attributes.get("BaseLoc", ""), "OFD.xml") or ""
            for inner in parts.nodes(version):
                if inner.tag == "DocRoot" and (root := parts.name(inner.text, version)):
                    return root
    roots = (parts.name(node.text, "OFD.xml") for node in body if node.tag == "DocRoot")
    return next((root for root in roots if root), None)


def annotation_parts(parts: Parts, root: str, nodes: Sequence[Node]) -> dict[str, list[str]]:
    """Page ID → parts with that page's annotations (15.1)."""
    found: dict[str, list[str]] = {}
    for node in nodes:
        listing = parts.name(node.text, root) if node.tag == "Annotations" else None
        page = ""
        for inner in parts.nodes(listing):
            if inner.tag == "Page":
                page = inner.attributes.get("PageID", "")
            elif inner.tag == "FileLoc" and (part := parts.name(inner.text, listing or "", dirname(root))):
                found.setdefault(page, []).append(part)
    return found


def signatures(parts: Parts, root: str, body: Sequence[Node]) -> list[list[str]]:
    """One list per signature or seal (18.1): the IDs of the pages that its stamp is shown on."""
    found: list[list[str]] = []
    for node in body:
        listing = parts.name(node.text, "OFD.xml", dirname(root)) if node.tag == "Signatures" else None
        for entry in parts.nodes(listing):
            if entry.tag == "Signature":
                part = parts.name(entry.attributes.get("BaseLoc", ""), listing or "", dirname(root))
                stamps = [inner for inner in parts.nodes(part) if inner.tag == "StampAnnot"]
                found.append([stamp.attributes.get("PageRef", "") for stamp in stamps])
    return found
