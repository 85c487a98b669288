"""The engines behind one small interface; all are fed ready-made tokens and pass one conformance suite.

No engine's query syntax leaks out: a Query value goes in, ids and scores come out.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import ClassVar, Literal, Protocol, Self

from indexer.errors import IndexBusy, IndexDamaged, IndexerError, IndexOutdated
from indexer.model import Rung
from indexer.nodes import Node, Phrase, wanted
from indexer.query import Query
from indexer.text import BREAK, TEXT_VERSION
from indexer.tokens import TOKENS_VERSION, Lexicon, tokenizer_name

SCHEMA_VERSION = 2
FINGERPRINT_FILE = "fingerprint.json"
TITLE_BONUS = 5.0
"""What a query that stands in the title adds to a score, in the measure of BM25; shared by its phrases."""
EngineName = Literal["auto", "whoosh", "tantivy"]


@dataclass(frozen=True, slots=True)
class EngineDoc:
    """One file as an engine is fed it: ``title`` and ``body`` are normalised texts."""

    id: str
    title: str
    body: str

    @property
    def whole(self) -> str:
        """What is cut into the tokens of the text: title and body, each ended by a BREAK."""
        return f"{self.title}{BREAK}{self.body}{BREAK}" if self.title else self.body + BREAK

    @property
    def heading(self) -> str:
        """What is cut into the tokens of the title; empty without one."""
        return self.title + BREAK if self.title else ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Ids with scores, best first (ties by id), and how many documents answer in all.

    ``by_synonyms`` are those of them that hold other words of the same meaning only; they come last.
    """

    hits: tuple[tuple[str, float], ...]
    total: int
    by_synonyms: int = 0


class Engine(Protocol):
    """An index of EngineDocs in a folder of its own."""

    name: ClassVar[str]

    @classmethod
    def open(cls, home: Path, fingerprint: str, lexicon: Lexicon = ...) -> Self:
        """The index in ``home``, made when the folder is empty.

        Raises:
            IndexOutdated: its fingerprint is another one.
            IndexDamaged: it cannot be opened or does not answer a first query.
        """
        ...

    def write(self, adds: Iterable[EngineDoc], deletes: Collection[str]) -> None:
        """One commit: the documents of ``deletes`` are gone, those of ``adds`` stand instead of older ones.

        Of several with one id the last one counts.

        Raises:
            IndexBusy: another process is writing.
        """
        ...

    def count(self) -> int:
        """How many documents there are."""
        ...

    def ids(self) -> frozenset[str]:
        """The ids of all documents."""
        ...

    def search(
        self, node: Node, ranking: tuple[str, ...], *, limit: int, within: Collection[str] | None
    ) -> Ranked:
        """The documents for which ``node`` holds, of those ``within``; words of ``ranking`` order them."""
        ...

    def frequencies(self, words: Iterable[str]) -> dict[str, int]:
        """In how many documents each of these words is."""
        ...

    def release(self) -> None:
        """Other processes may write; searching goes on, and so does writing when asked again."""
        ...

    def close(self) -> None:
        """Lets go of the files."""
        ...


def choose(name: EngineName = "auto") -> type[Engine]:
    """The engine class of that name; ``auto`` is tantivy where it is installed, else whoosh.

    Raises:
        IndexerError: tantivy is asked for and not installed.
    """
    installed = importlib.util.find_spec("tantivy") is not None
    if name == "tantivy" and not installed:
        raise IndexerError("没有安装 tantivy 引擎", remedy="安装附加组件 fast，或把引擎改为 auto 或 whoosh")
    if name == "whoosh" or not installed:
        from indexer.engines.whoosh import WhooshEngine

        return WhooshEngine
    from indexer.engines.tantivy import TantivyEngine

    return TantivyEngine


def fingerprint_of(engine: type[Engine], lexicon: Lexicon) -> str:
    """What the tokens and the files of an index depend on; another fingerprint means: rebuild."""
    library = {"whoosh": "whoosh-reloaded", "tantivy": "tantivy"}[engine.name]
    return json.dumps(
        {
            "schema": SCHEMA_VERSION,
            "text": TEXT_VERSION,
            "tokens": TOKENS_VERSION,
            "tokenizer": tokenizer_name(),
            "lexicon": lexicon.digest,
            "engine": f"{library} {version(library)}",
        },
        sort_keys=True,
    )


def check_fingerprint(home: Path, fingerprint: str) -> bool:
    """Whether ``home`` holds an index already; one with another fingerprint is refused.

    Raises:
        IndexOutdated: it was made by another version, or with another lexicon.
    """
    home.mkdir(parents=True, exist_ok=True)
    file = home / FINGERPRINT_FILE
    if not file.exists():
        if any(home.iterdir()):
            raise IndexOutdated("检索库没有版本标记", remedy="会自动重建，不用处理")
        return False
    if file.read_text(encoding="utf-8", errors="replace") != fingerprint:
        raise IndexOutdated("检索库是别的版本或别的词表做的", remedy="会自动重建，不用处理")
    return True


def write_fingerprint(home: Path, fingerprint: str) -> None:
    """``home`` is marked as an index of this fingerprint."""
    (home / FINGERPRINT_FILE).write_text(fingerprint, encoding="utf-8")


def damaged(reason: str) -> IndexDamaged:
    """What an engine raises when its files cannot be opened or do not answer; ``reason`` is for engineers."""
    error = IndexDamaged("检索库打不开，可能是断电时损坏了", remedy="会自动重建，不用处理")
    error.add_note(reason)
    return error


def busy() -> IndexBusy:
    """What an engine raises when another process is writing."""
    return IndexBusy("另一个程序正在更新检索库", remedy="等它做完再试；关掉多开的监视程序")


def in_titles(node: Node) -> tuple[tuple[Phrase, float], ...]:
    """The wanted phrases of a query, asked of the title, and what each adds to a score."""
    phrases = dict.fromkeys(Phrase(phrase.spellings, title=True) for phrase in wanted(node))
    return tuple((phrase, TITLE_BONUS / len(phrases)) for phrase in phrases)


def _nearest_first(near: Ranked, whole: Ranked, limit: int) -> Ranked:
    """The hits of ``whole``, those that are also ``near`` before the others; each in its own order."""
    first = {one for one, _ in near.hits}
    hits = (*near.hits, *(hit for hit in whole.hits if hit[0] not in first))
    return Ranked(hits[:limit], whole.total, whole.by_synonyms)


class _Climb:
    """One query on its way down the ladder."""

    def __init__(self, engine: Engine, query: Query, limit: int, within: Collection[str] | None) -> None:
        self._engine = engine
        self._query = query
        self._limit = limit
        self._within = within

    def just(self, node: Node, ranking: tuple[str, ...]) -> Ranked:
        """The documents for which the node holds."""
        return self._engine.search(node, ranking, limit=self._limit, within=self._within)

    def rung(self, node: Node, wide: Node | None) -> Ranked:
        """The documents for which the node holds, and after them those for which only ``wide`` does."""
        if wide is None or wide == node or self._query.wide is None:
            return self.just(node, self._query.ranking)
        whole = self.just(wide, self._query.wide.ranking)
        if not whole.total:
            return whole
        near = self.just(node, self._query.ranking)
        return _nearest_first(near, replace(whole, by_synonyms=whole.total - near.total), self._limit)


def ladder(
    engine: Engine, query: Query, *, limit: int, within: Collection[str] | None
) -> tuple[Ranked, Rung]:
    """The first rung that finds anything, and which it was; the last one when none does.

    Words typed apart are looked for apart from the start; files with the exact phrase come first. On every
    rung synonyms count too, behind everything that holds the very words. Filters are not asked here:
    ``within`` is what they let through.
    """
    climb = _Climb(engine, query, limit, within)
    wide = query.wide
    if query.explicit:
        return climb.rung(query.exact, wide.exact if wide else None), "query"
    if query.several:
        whole = climb.rung(query.all_words, wide.all_words if wide else None)
        if whole.total:
            near = climb.just(query.exact, query.ranking)
            return _nearest_first(near, whole, limit), "phrase" if near.total == whole.total else "all_words"
    rungs: tuple[tuple[Rung, Node, Node | None], ...] = (
        ("phrase", query.exact, wide.exact if wide else None),
        ("all_words", query.all_words, wide.all_words if wide else None),
        ("any_word", query.any_word, wide.any_word if wide else None),
    )
    for rung, node, wider in rungs:
        found = climb.rung(node, wider)
        if found.total:
            return found, rung
    return Ranked((), 0), "any_word"
