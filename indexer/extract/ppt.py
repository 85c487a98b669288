"""Reads .ppt and Kingsoft .dps: every slide's text, with notes, comments, footers and masters ([MS-PPT])."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from indexer.extract.compound import Compound, open_compound
from indexer.extract.endings import Unreadable, corrupt, over_limit, without_text
from indexer.extract.ole import facts_of
from indexer.extract.slides import (
    DOCUMENT,
    FOOTING,
    MASTERS,
    NOTES,
    NOTES_PAGES,
    SLIDE,
    SLIDES,
    Directory,
    Listed,
    Record,
    Words,
    children,
    read_directory,
    read_list,
    read_words,
    record_at,
)
from indexer.model import Extraction, Limits, Passage, State

_STREAM = "PowerPoint Document"
_DUAL = "PP97_DUALSTORAGE"
"""Holds the newer one of two presentations saved into one file."""
_NOTES, _COMMENTS, _FOOTERS, _MASTER = "备注", "批注", "页脚", "母版"
_OVERLAP = 8
"""Pages may overlap in a damaged file; reading them may cost this many times the file."""
_CLEAN = dict.fromkeys(range(32)) | {0x09: "\t", 0x0A: "\n", 0x0B: "\n", 0x0C: "\n", 0x0D: "\n"}


def read(path: Path, limits: Limits) -> Extraction:
    """One passage per slide that has text, and others for its notes and comments.

    Raises:
        Unreadable: the presentation is damaged, encrypted, empty or passes a limit.
    """
    with open_compound(path) as compound:
        facts = facts_of(compound)
        data, current = _streams(compound)
    reason = ""
    try:
        show = _Show(data, read_directory(data, current), limits)
    except Unreadable as ending:
        if ending.state is State.ENCRYPTED:
            return ending.extraction(facts=facts)
        passages, pages = _salvaged(data, limits), None
        if not passages:
            raise
        reason = "幻灯片目录已损坏，只收录了读得到的文字，页码不详"
    else:
        passages, pages = tuple(show.passages()), show.count
    facts = replace(facts, page_count=pages)
    if not passages:
        return without_text("幻灯片里没有文字").extraction(facts=facts)
    remedy = "用 PowerPoint 或 WPS 打开检查，另存一份后放回原处" if reason else ""
    return Extraction(State.INDEXED, passages, reason, remedy, facts)


def _streams(compound: Compound) -> tuple[bytes, bytes]:
    """The presentation and what says where its latest save is."""
    folder = (_DUAL,) if compound.has(_DUAL, _STREAM) else ()
    return compound.stream(*folder, _STREAM), compound.stream(*folder, "Current User")


class _Show:
    """A presentation whose directory could be read."""

    def __init__(self, data: bytes, directory: Directory, limits: Limits) -> None:
        self._data = data
        self._places = directory.places
        self._limits = limits
        self._scanned = 0
        document = self._record(directory.document)
        if document is None or document.kind != DOCUMENT:
            raise corrupt("幻灯片目录读不出来")
        self._document = document
        self._slides = read_list(data, document, SLIDES)
        self.count = len(self._slides)
        if self.count > limits.pdf_pages:
            raise over_limit(f"共 {self.count} 页（最多 {limits.pdf_pages} 页）")

    def passages(self) -> Iterator[Passage]:
        """Slides with their notes and comments, then what stands on many of them."""
        notes = {words.slide: words for _, words in self._pages(NOTES_PAGES)}
        footers = self._footers()
        for page, (slide, words) in enumerate(self._pages(SLIDES), 1):
            yield from _passages((("", words.texts), (_COMMENTS, words.comments)), page)
            if slide.name in notes:
                yield from _passages(((_NOTES, notes[slide.name].texts),), page)
            footers.extend(words.footers)
        masters = [text for _, words in self._pages(MASTERS) for text in words.texts]
        yield from _passages(((_FOOTERS, footers), (_MASTER, masters)), None)

    def _pages(self, instance: int) -> Iterator[tuple[Listed, Words]]:
        """The pages of a list and what stands on them; the texts alone where the page itself is lost."""
        listed = self._slides if instance == SLIDES else read_list(self._data, self._document, instance)
        for one in listed:
            record = self._record(one.number) or Record(0, 0, 0, 0, container=True)
            words = read_words(self._data, record, one.outline, placeholders=instance != MASTERS)
            self._scanned += words.scanned
            if self._scanned > _OVERLAP * len(self._data):
                raise corrupt("幻灯片互相重叠")
            yield one, words

    def _footers(self) -> list[str]:
        """The headers and footers said once for all slides."""
        return [
            text
            for one in children(self._data, self._document.start, self._document.end)
            if one.kind == FOOTING
            for text in read_words(self._data, one, []).footers
        ]

    def _record(self, number: int) -> Record | None:
        place = self._places.get(number)
        return None if place is None else record_at(self._data, place, len(self._data))


def _passages(parts: Iterable[tuple[str, list[str]]], page: int | None) -> Iterator[Passage]:
    """A passage for every part that has text; no line twice where no page says which is meant."""
    for label, texts in parts:
        lines = [line.rstrip() for text in texts for line in text.translate(_CLEAN).split("\n")]
        kept = [line for line in lines if line.strip()]
        if kept:
            yield Passage("\n".join(kept if page else dict.fromkeys(kept)), page, label)


def _salvaged(data: bytes, limits: Limits) -> tuple[Passage, ...]:
    """The texts of whatever slides and notes follow each other in the stream, old versions among them."""
    texts: dict[str, list[str]] = {"": [], _NOTES: []}
    most = limits.text_chars
    for record in children(data, 0, len(data)):
        if most < 0:
            break
        if record.kind in {DOCUMENT, SLIDE, NOTES} and record.container:
            outline = [
                text
                for one in (read_list(data, record, SLIDES) if record.kind == DOCUMENT else ())
                for text in one.outline
            ]
            found = outline if record.kind == DOCUMENT else read_words(data, record, []).texts
            texts[_NOTES if record.kind == NOTES else ""].extend(found)
            most -= sum(len(text) for text in found)
    return tuple(_passages(texts.items(), None))
