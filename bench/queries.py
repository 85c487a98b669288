"""How long an answer takes in archives of ten and a hundred thousand files, with excerpts, for both engines.

What a clerk waits for is ``ArchiveIndex.search`` with its twenty hits and their excerpts; what the engine
alone takes is a figure beside it. Files are notices of about four hundred characters, put together from
paragraphs of the corpus.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bench import Measurement
from bench.corpus import Corpus, load
from bench.phrase import percentile
from indexer import MARKER_NAME, ArchiveIndex
from indexer.engines import Engine, EngineName, choose, fingerprint_of, ladder
from indexer.query import parse
from indexer.tokens import STOPWORDS, Lexicon, words

SIZES = (10_000, 100_000)
QUICK_SIZES = (200,)
BOUND_MILLISECONDS = 50.0
ENGINES: tuple[EngineName, ...] = ("tantivy", "whoosh")
QUERIES = 60
"""Of each kind."""
ROUNDS = 3
LENGTH = 400
SEED = 7
FOLDERS = ("通知公告", "经费保障", "教师队伍", "学校安全", "督导报告", "问题整改", "均衡发展", "学前教育")
TYPES = ("txt", "csv")
_FIRST_DAY = datetime(2019, 1, 1, tzinfo=UTC).timestamp()
_DAYS = 7 * 365


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of query: its name and the queries as a clerk types them."""

    name: str
    queries: tuple[str, ...]
    filtered: bool = False


def measure(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """For each size a table of both engines; the goal is tantivy's slowest kind of query."""
    corpus = load(quick=quick)
    for size in QUICK_SIZES if quick else SIZES:
        root, home = folder / f"档案{size}", folder / f"检索库{size}"
        kinds = write_archive(root, corpus, size, queries=5 if quick else QUERIES)
        figures: dict[str, float] = {}
        for name in ENGINES:
            figures |= measured(root, home, name, kinds, size)
        yield Measurement(
            "检索连摘录 p95，tantivy 最慢的一类",
            f"≤ {BOUND_MILLISECONDS:g} 毫秒",
            max(figures[f"tantivy {kind.name} p95"] for kind in kinds),
            BOUND_MILLISECONDS,
            at_most=True,
            unit="毫秒",
            corpus=f"{size} 份，{corpus.name}的段落；每类 {len(kinds[0].queries)} 条",
            figures=figures,
        )


def measured(root: Path, home: Path, name: EngineName, kinds: Sequence[Kind], size: int) -> dict[str, float]:
    """Milliseconds with one engine; the second engine takes the texts that the first one's sync has kept."""
    with ArchiveIndex.open(root, home, engine=name) as index:
        index.sync()
        if len(index.items()) != size:
            raise AssertionError(f"{name}: {len(index.items())} of {size}")
        felt = [_times(lambda text: index.search(text).total, one.queries) for one in kinds]
    kind = choose(name)
    engine = kind.open(home / name, fingerprint_of(kind, Lexicon()))
    tenth = frozenset(sorted(engine.ids())[::10])
    alone = [_times(_asking(engine, tenth if one.filtered else None), one.queries) for one in kinds]
    engine.close()
    return {
        f"{name} {one.name} p{percent}{label}": round(percentile(times[at], percent), 2)
        for at, one in enumerate(kinds)
        for label, times in (("", felt), (" 只算引擎", alone))
        for percent in (50, 95)
    }


def write_archive(root: Path, corpus: Corpus, size: int, *, queries: int) -> tuple[Kind, ...]:
    """Files in folders by subject and year, changed on days of seven years; and queries that they answer."""
    chance = random.Random(SEED)
    paragraphs = [line for body in corpus.bodies for line in body.splitlines() if len(line) > 10]
    asked: list[str] = []
    for number in range(size):
        text = notice(chance, paragraphs)
        day = _FIRST_DAY + chance.randrange(_DAYS) * 86400
        year = datetime.fromtimestamp(day, tz=UTC).year
        place = root / chance.choice(FOLDERS) / str(year) / f"{number // 500:03}"
        place.mkdir(parents=True, exist_ok=True)
        file = place / f"第{number}号材料.{chance.choice(TYPES)}"
        file.write_text(text, encoding="utf-8")
        os.utime(file, (day, day))
        if number % max(size // queries, 1) == 0:
            asked.append(text)
    (root / MARKER_NAME).touch()
    return _kinds(chance, asked[:queries])


def notice(chance: random.Random, paragraphs: Sequence[str]) -> str:
    """Paragraphs from anywhere until there is enough."""
    lines: list[str] = []
    while sum(map(len, lines)) < LENGTH:
        lines.append(chance.choice(paragraphs)[:LENGTH])
    return "\n".join(lines)


def _kinds(chance: random.Random, texts: Sequence[str]) -> tuple[Kind, ...]:
    """Phrases cut anywhere, the same with filters, and three words that stand in one file."""
    phrases = [_cut(chance, text) for text in texts]
    filters = (
        "path:{folder}",
        "date:{year}..{next}",
        "ext:{type}",
        "path:{folder}/{year} ext:{type}",
        "path:{folder} date:{year}-03..{year}-09",
    )
    filtered = []
    for at, phrase in enumerate(phrases):
        year = chance.randint(2019, 2024)
        said = filters[at % len(filters)].format(
            folder=chance.choice(FOLDERS), year=year, next=year + 1, type=chance.choice(TYPES)
        )
        filtered.append(f"{phrase} {said}")
    three = [" ".join(chance.sample(found, 3)) for text in texts if len(found := _words(text)) > 2]
    return (
        Kind("短语", tuple(f'"{phrase}"' for phrase in phrases)),
        Kind("带筛选", tuple(filtered), filtered=True),
        Kind("三个词", tuple(three)),
    )


def _cut(chance: random.Random, text: str) -> str:
    """Two to six letters in a row."""
    pieces = [piece for piece in _runs(text) if len(piece) > 1]
    piece = chance.choice(pieces)
    length = min(chance.randint(2, 6), len(piece))
    start = chance.randrange(len(piece) - length + 1)
    return piece[start : start + length]


def _runs(text: str) -> list[str]:
    """The stretches of letters in it."""
    return "".join(char if char.isalpha() else " " for char in text).split()


def _words(text: str) -> list[str]:
    found = {word for run in _runs(text) for word in words(run.lower())}
    return sorted(word for word in found if len(word) > 1 and word not in STOPWORDS)


def _asking(engine: Engine, within: frozenset[str] | None) -> Callable[[str], int]:
    """Asks the engine alone, which knows no filters: those come to it as ids."""

    def ask(text: str) -> int:
        query = parse(text)
        return ladder(engine, query, limit=20, within=within)[0].total

    return ask


def _times(ask: Callable[[str], int], queries: Sequence[str]) -> list[float]:
    """Of each query the fastest round, in milliseconds."""
    best = [float("inf")] * len(queries)
    for _ in range(ROUNDS):
        for at, text in enumerate(queries):
            begun = time.perf_counter()
            ask(text)
            best[at] = min(best[at], (time.perf_counter() - begun) * 1000)
    return best
