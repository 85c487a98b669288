"""How long an exact phrase query takes: tantivy and Whoosh, the same tokens, the same queries."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench import Measurement
from bench.build import build
from bench.corpus import load
from indexer.engines import Engine, EngineName, choose, fingerprint_of
from indexer.query import Query, parse
from indexer.tokens import Lexicon

ROUNDS = 5
HITS = 20
ENGINES: tuple[EngineName, ...] = ("whoosh", "tantivy")


def measure(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """The 95th percentile over all queries, of each query the fastest round; both engines must agree."""
    corpus = load(quick=quick)
    queries = [parse(phrase) for phrase in corpus.phrases]
    opened: list[Engine] = []
    for name in ENGINES:
        build(name, corpus, folder / name)
        kind = choose(name)
        opened.append(kind.open(folder / name, fingerprint_of(kind, Lexicon())))
    for query in queries:
        totals = {_search(engine, query) for engine in opened}
        if len(totals) > 1:
            raise AssertionError(f"两个引擎对“{query.text}”的答案不同：{totals}")
    slow, fast = (
        [_milliseconds(engine, query, 1 if quick else ROUNDS) for query in queries] for engine in opened
    )
    for engine in opened:
        engine.close()
    yield Measurement(
        f"短语检索 p95，{len(queries)} 条，whoosh 比 tantivy",
        "≥ 10 倍",
        percentile(slow, 95) / percentile(fast, 95),
        10.0,
        corpus=corpus.name,
        figures={
            "whoosh p50 毫秒": round(percentile(slow, 50), 3),
            "whoosh p95 毫秒": round(percentile(slow, 95), 3),
            "tantivy p50 毫秒": round(percentile(fast, 50), 3),
            "tantivy p95 毫秒": round(percentile(fast, 95), 3),
        },
    )


def percentile(values: Sequence[float], percent: int) -> float:
    """The smallest value that at least ``percent`` of all values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def _search(engine: Engine, query: Query) -> int:
    return engine.search(query.exact, query.ranking, limit=HITS, within=None).total


def _milliseconds(engine: Engine, query: Query, rounds: int) -> float:
    best = float("inf")
    for _ in range(rounds):
        begun = time.perf_counter()
        _search(engine, query)
        best = min(best, time.perf_counter() - begun)
    return best * 1000
