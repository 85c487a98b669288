"""Reads .pptx, .pptm and .ppsx: every slide's text in the order of the show, with notes and comments."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from lxml import etree

from indexer.extract.drawingml import ChartText, DrawingText, SlideList
from indexer.extract.endings import Unreadable, corrupt, over_limit, without_text
from indexer.extract.links import Link, links_of
from indexer.extract.parts import facts_of, feed_part, open_package
from indexer.extract.xmltree import Target
from indexer.model import Extraction, Limits, Passage, State

_MAIN = "ppt/presentation.xml"
_SLIDE_PART = re.compile(r"ppt/slides/slide(\d+)\.xml")
_NOTES, _COMMENTS, _MASTER = "备注", "批注", "母版"
_BROKEN = (etree.XMLSyntaxError, zipfile.BadZipFile, zlib.error, EOFError)
_PAGES_NAMED = 20


def read(path: Path, limits: Limits) -> Extraction:
    """One passage per slide that has text, and others for its notes and comments; page 1 is the first shown.

    Raises:
        Unreadable: the package is damaged, encrypted, empty or passes a limit.
    """
    with open_package(path, limits) as package:
        slides = _slides(package)
        if len(slides) > limits.pdf_pages:
            raise over_limit(f"共 {len(slides)} 页（最多 {limits.pdf_pages} 页）")
        facts = replace(facts_of(package), page_count=len(slides))
        show = _Show(package)
        passages = tuple(show.passages(slides))
        pictures = any("/media/" in name for name in package.NameToInfo)
    if slides and len(show.broken) == len(slides):
        raise corrupt("每一页的内容都读不出来")
    reason, remedy = _damage(show.broken)
    if not passages:
        ending = without_text("幻灯片里只有图片，没有文字" if pictures else "幻灯片里没有文字")
        return Extraction(
            ending.state, reason=reason or ending.reason, remedy=remedy or ending.remedy, facts=facts
        )
    return Extraction(State.INDEXED, passages, reason, remedy, facts)


def _damage(broken: list[int]) -> tuple[str, str]:
    """Reason and remedy when some slides could not be read; else nothing."""
    if not broken:
        return "", ""
    named = "、".join(str(page) for page in broken[:_PAGES_NAMED])
    more = "等" if len(broken) > _PAGES_NAMED else ""
    return f"第 {named}{more} 页已损坏，读不出来", "用 PowerPoint 或 WPS 打开检查，另存一份后放回原处"


def _slides(package: zipfile.ZipFile) -> list[str]:
    """The slides' parts in the order of the show; in that of their numbers when the show's list is lost."""
    main = next((link.target for link in links_of(package) if link.kind == "officeDocument"), _MAIN)
    targets = {link.name: link.target for link in links_of(package, main) if link.kind == "slide"}
    listed = SlideList()
    if main in package.NameToInfo:
        try:
            feed_part(package, main, listed)
        except _BROKEN:
            listed.names.clear()
    found = list(dict.fromkeys(targets[name] for name in listed.names if name in targets))
    if found or (listed.ended and not listed.names):
        return found
    numbered = {int(part[1]): name for name in package.NameToInfo if (part := _SLIDE_PART.fullmatch(name))}
    if not numbered:
        raise corrupt("里面没有幻灯片部件")
    return [numbered[number] for number in sorted(numbered)]


class _Show:
    """The slides of one package; ``broken`` are pages whose part is damaged, 1-based."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.broken: list[int] = []
        self._package = package
        self._backgrounds: dict[str, None] = {}

    def passages(self, slides: Iterable[str]) -> Iterator[Passage]:
        """The text of every slide and of what hangs on it; last that of the masters, once."""
        for page, slide in enumerate(slides, 1):
            text = DrawingText()
            try:
                feed_part(self._package, slide, text)
            except _BROKEN:
                self.broken.append(page)
            links = links_of(self._package, slide)
            lines = [*text.lines, *self._attached(links)]
            parts = (("", lines), (_NOTES, self._notes(links)), (_COMMENTS, self._comments(links)))
            for label, said in parts:
                if said:
                    yield Passage("\n".join(said), page=page, label=label)
            self._note_backgrounds(links)
        if masters := self._master_lines():
            yield Passage("\n".join(masters), label=_MASTER)

    def _attached(self, links: Iterable[Link]) -> list[str]:
        """The text of diagrams, and of charts as it was last shown."""
        lines: dict[str, None] = {}
        for link in links:
            if link.kind in {"diagramData", "chart"}:
                target = ChartText() if link.kind == "chart" else DrawingText()
                self._feed(link.target, target)
                lines |= dict.fromkeys(target.lines)
        return list(lines)

    def _notes(self, links: Iterable[Link]) -> list[str]:
        return self._lines(link.target for link in links if link.kind == "notesSlide")

    def _comments(self, links: Iterable[Link]) -> list[str]:
        return self._lines(link.target for link in links if link.kind == "comments")

    def _lines(self, parts: Iterable[str]) -> list[str]:
        lines: list[str] = []
        for part in parts:
            text = DrawingText()
            self._feed(part, text)
            lines += text.lines
        return lines

    def _note_backgrounds(self, links: Iterable[Link]) -> None:
        """Remembers the layout of a slide that was read, and the master of that."""
        for link in links:
            if link.kind == "slideLayout" and link.target not in self._backgrounds:
                self._backgrounds[link.target] = None
                masters = (one for one in links_of(self._package, link.target) if one.kind == "slideMaster")
                self._backgrounds |= dict.fromkeys(one.target for one in masters)

    def _master_lines(self) -> list[str]:
        """What layouts and masters in use print on slides; their placeholders are never shown."""
        lines: dict[str, None] = {}
        for part in self._backgrounds:
            text = DrawingText(placeholders=False)
            self._feed(part, text)
            lines |= dict.fromkeys(text.lines)
        return list(lines)

    def _feed(self, part: str, target: Target) -> None:
        """Tells ``target`` a part of lesser weight; what stands before damage in it counts."""
        try:
            feed_part(self._package, part, target)
        except _BROKEN:
            return
        except Unreadable:
            return
