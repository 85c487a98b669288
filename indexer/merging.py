"""What a closer look at a file's pages adds to what was read from it. Pure.

A look at a page tells its text and its seals; page 0 stands for a look through the whole file for seals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import chain

from indexer.extract.endings import SCANS_UNREAD
from indexer.model import RECOGNISED, Extraction, State

WHOLE = 0
"""Stands for the whole file where pages are numbered from 1."""
_SEEN = frozenset({State.INDEXED, State.EMPTY})


def pages_due(found: Extraction) -> tuple[int, ...]:
    """The pages to be looked at; ``WHOLE`` first where nobody has looked for seals.

    A look at a scan tells its seals as well, so the whole is looked through only for other pages' sake.
    """
    facts = found.facts
    if not facts.drawable:
        return ()
    unlooked = facts.seals is None and len(facts.scans) < (facts.page_count or 0)
    scans = [page for page in facts.scans if page not in facts.recognised]
    return (*((WHOLE,) if unlooked else ()), *scans)


def merged(found: Extraction, looks: Mapping[int, Extraction]) -> Extraction:
    """The same with what the looks told; unchanged as to text while a page has not been looked at."""
    pages = [page for page in pages_due(found) if page != WHOLE]
    if pages and all(page in looks for page in pages):
        found = _with_text(found, {page: looks[page] for page in pages})
    if found.facts.seals is not None:
        return found
    if WHOLE in looks:
        return _with_seals(found, looks[WHOLE].facts.seals)
    if found.facts.recognised and len(found.facts.recognised) == found.facts.page_count:
        told = [looks[page].facts.seals for page in found.facts.recognised if page in looks]
        seals = tuple(sorted(set(chain.from_iterable(one or () for one in told))))
        return _with_seals(found, seals if seals or None not in told else None)
    return found


def _with_seals(found: Extraction, seals: tuple[int, ...] | None) -> Extraction:
    return replace(found, facts=replace(found.facts, seals=seals))


def _with_text(found: Extraction, looks: Mapping[int, Extraction]) -> Extraction:
    """The text layer and the recognised text, page by page, and how much of it was recognised."""
    passages = sorted(
        (*found.passages, *chain.from_iterable(look.passages for look in looks.values())),
        key=lambda passage: passage.page or 0,
    )
    failed = {page: look for page, look in looks.items() if look.state not in _SEEN}
    facts = replace(found.facts, recognised=tuple(sorted({*found.facts.recognised, *looks})))
    kept = [] if found.state is State.PENDING_OCR else found.reason.split("；")
    notes = [note for note in kept if note and not note.endswith(SCANS_UNREAD)]
    read = sum(1 for look in looks.values() if any(one.label == RECOGNISED for one in look.passages))
    if read:
        notes.append(f"{read} 页的文字由 OCR 识别，可能有错字，以原件为准")
    if failed:
        first = min(failed)
        notes.append(f"{len(failed)} 页识别不了（第 {first} 页：{failed[first].reason}）")
    if passages:
        return replace(
            found,
            state=State.INDEXED,
            passages=tuple(passages),
            reason="；".join(notes),
            remedy="",
            facts=facts,
        )
    if failed:
        ending = failed[min(failed)]
        return replace(found, state=ending.state, reason="；".join(notes), remedy=ending.remedy, facts=facts)
    return replace(
        found,
        state=State.EMPTY,
        reason="图片里没有识别出文字",
        remedy="打开看一看；有字而太淡、太小的，重新扫描得清楚些",
        facts=facts,
    )
