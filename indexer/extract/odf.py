"""Reads OpenDocument files: .odt, .ods, .odp and their like, packed or as one XML file (ODF 1.3)."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from lxml import etree

from indexer.extract.endings import corrupt, encrypted, without_text
from indexer.extract.odftext import OdfText
from indexer.extract.parts import feed, feed_part, open_package
from indexer.model import Extraction, Facts, Limits, Passage, State

_CONTENT, _STYLES, _META = "content.xml", "styles.xml", "meta.xml"
_MANIFEST, _SIGNATURES = "META-INF/manifest.xml", "META-INF/documentsignatures.xml"
_OBJECT = re.compile(r"[^/]+/content\.xml")
_OBJECT_LABEL = "嵌入对象"


def read(path: Path, limits: Limits) -> Extraction:
    """A letter as one passage, a workbook's sheets or a show's pages as one each; notes and the like apart.

    Raises:
        Unreadable: the package is damaged, encrypted, empty or passes a limit.
    """
    with open_package(path, limits) as package:
        if _CONTENT not in package.NameToInfo:
            raise corrupt("里面没有正文部件")
        facts = _facts(package)
        story = OdfText(limits)
        if _STYLES in package.NameToInfo:
            with suppress(etree.XMLSyntaxError):
                feed_part(package, _STYLES, story)
        feed_part(package, _CONTENT, story)
        passages = [*story.passages(), *_objects(package, limits)]
        pictures = any(name.startswith("Pictures/") for name in package.NameToInfo)
    return _found(passages, replace(facts, page_count=story.pages or None), pictures=pictures)


def read_flat(path: Path, limits: Limits) -> Extraction:
    """A document that is one XML file, read like a packed one.

    Raises:
        Unreadable: there is a document type in it, or no text.
        etree.XMLSyntaxError: it is not XML.
    """
    story, told = OdfText(limits), _Told()
    for target in (told, story):
        with path.open("rb") as stream:
            feed(stream, target)
    return _found(story.passages(), replace(told.facts(), page_count=story.pages or None), pictures=False)


def _found(passages: list[Passage], facts: Facts, *, pictures: bool) -> Extraction:
    """How reading ends with these passages."""
    if passages:
        return Extraction(State.INDEXED, tuple(passages), facts=facts)
    return without_text("文件里只有图片，没有文字" if pictures else "文件里没有文字").extraction(facts=facts)


def _facts(package: zipfile.ZipFile) -> Facts:
    """What the package tells of itself; a broken part tells nothing.

    Raises:
        Unreadable: the manifest says that its parts are encrypted ([ODF] part 2, 4.4).
    """
    told = _Told()
    for name in (_MANIFEST, _SIGNATURES, _META):
        if name in package.NameToInfo:
            if name == _META and told.counts.get("encryption-data"):
                break
            with suppress(etree.XMLSyntaxError):
                feed_part(package, name, told)
    if told.counts.get("encryption-data"):
        raise encrypted()
    return told.facts()


class _Told:
    """Hears manifest, signatures and metadata: texts of metadata, and how often an element occurs."""

    def __init__(self) -> None:
        self.counts: dict[str, int] = {}
        self._texts: dict[str, str] = {}
        self._pieces: list[str] = []
        self._meta = 0

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        """A property begins, or something to be counted."""
        self._meta += tag == "meta"
        if tag in {"encryption-data", "Signature"}:
            self.counts[tag] = self.counts.get(tag, 0) + 1
        self._pieces.clear()

    def end(self, tag: str) -> None:
        """A property is known."""
        self._meta -= tag == "meta"
        if self._meta:
            self._texts.setdefault(tag, "".join(self._pieces).strip())
        self._pieces.clear()

    def data(self, text: str) -> None:
        """Part of a property's text."""
        if self._meta:
            self._pieces.append(text)

    def facts(self) -> Facts:
        """The facts that were told; the count of pages is that of the program which saved it last."""
        told = self._texts
        return Facts(
            title=told.get("title", ""),
            author=told.get("initial-creator") or told.get("creator", ""),
            created=told.get("creation-date", ""),
            modified=told.get("date", ""),
            signatures=self.counts.get("Signature", 0),
        )


def _objects(package: zipfile.ZipFile, limits: Limits) -> list[Passage]:
    """The text of tables and charts that are embedded as documents of their own."""
    lines: dict[str, None] = {}
    for name in package.NameToInfo:
        if _OBJECT.fullmatch(name):
            story = OdfText(limits)
            with suppress(etree.XMLSyntaxError):
                feed_part(package, name, story)
            lines |= dict.fromkeys(passage.text for passage in story.passages())
    return [Passage("\n".join(lines), label=_OBJECT_LABEL)] if lines else []
