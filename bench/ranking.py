"""How high the passage that answers a question stands: by bigrams, by words, and by both; both engines.

MRR@10: the mean of one by the rank of the right passage, nothing beyond the tenth. One half of the questions
is for tuning the product; what is reported, and judged, is the other half. The single fields are asked as
engines do it that have one: with every bigram, or every word, of the question. What the stopword list alone
does for words is a figure beside them.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench import Measurement
from bench.build import build
from bench.corpus import SHARED, Corpus, made_up
from indexer.engines import Engine, EngineName, Ranked, choose, fingerprint_of, ladder
from indexer.nodes import EVERYTHING, Or, Phrase
from indexer.query import Query, parse
from indexer.text import BREAK, normalise_text
from indexer.tokens import Lexicon, bigrams, words

ENGINES: tuple[EngineName, ...] = ("tantivy", "whoosh")
GAIN = 0.005
DEPTH = 10
SEED = 7
QUICK_QUESTIONS = 20
MADE_UP_PASSAGES = 200
_QUOTES = re.compile('["“”〝〞]')
Order = Callable[[Engine, Query], Ranked]


@dataclass(frozen=True, slots=True)
class Questions:
    """Passages, and questions each with the number of the passage that answers it."""

    name: str
    passages: tuple[str, ...]
    asked: tuple[tuple[str, int], ...]


def measure(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """For each engine: what both fields together gain over the better of them."""
    questions = load_questions(quick=quick)
    tested = halves(questions.asked)[1]
    for name in ENGINES:
        build(name, Corpus(questions.name, questions.passages, ()), folder / name)
        kind = choose(name)
        engine = kind.open(folder / name, fingerprint_of(kind, Lexicon()))
        scores = {order: mean_reciprocal_rank(engine, ask, tested) for order, ask in ORDERS.items()}
        engine.close()
        single = max(scores["只用二元组"], scores["只用词"])
        yield Measurement(
            f"问句找段落 MRR@{DEPTH}，两者合用比较好的一种多，{name}",
            f"≥ {GAIN:g}",
            scores["两者合用"] - single,
            GAIN,
            unit="",
            corpus=f"{questions.name}，检验的一半 {len(tested)} 问",
            figures={order: round(score, 4) for order, score in scores.items()},
        )


def _bigrams(engine: Engine, query: Query) -> Ranked:
    pairs = dict.fromkeys(pair for pair in bigrams(normalise_text(query.text)) if BREAK not in pair)
    node = Or(tuple(Phrase((pair,)) for pair in pairs))
    return engine.search(node, (), limit=DEPTH, within=None)


def _words(engine: Engine, query: Query) -> Ranked:
    asked = tuple(dict.fromkeys(words(normalise_text(query.text))))
    return engine.search(EVERYTHING, asked, limit=DEPTH, within=None)


def _telling_words(engine: Engine, query: Query) -> Ranked:
    return engine.search(EVERYTHING, query.ranking, limit=DEPTH, within=None)


def _both(engine: Engine, query: Query) -> Ranked:
    return engine.search(query.any_word, query.ranking, limit=DEPTH, within=None)


def _climbed(engine: Engine, query: Query) -> Ranked:
    return ladder(engine, query, limit=DEPTH, within=None)[0]


ORDERS: dict[str, Order] = {
    "只用二元组": _bigrams,
    "只用词": _words,
    "只用词，去停用词": _telling_words,
    "两者合用": _both,
    "检索时的各级": _climbed,
}


def mean_reciprocal_rank(engine: Engine, order: Order, asked: Sequence[tuple[str, int]]) -> float:
    """Over all questions; quotes are left out of them, since to the query language they mean something."""
    total = 0.0
    for text, wanted in asked:
        found = [one for one, _ in order(engine, parse(_QUOTES.sub("", text))).hits]
        total += 1 / (found.index(str(wanted)) + 1) if str(wanted) in found else 0
    return total / len(asked)


def halves(asked: Sequence[tuple[str, int]]) -> tuple[list[tuple[str, int]], list[tuple[str, int]]]:
    """The questions to tune with and those to test with: of each passage all are in one half."""
    passages = sorted({passage for _, passage in asked})
    random.Random(SEED).shuffle(passages)
    tuning = set(passages[: len(passages) // 2])
    return [one for one in asked if one[1] in tuning], [one for one in asked if one[1] not in tuning]


def load_questions(*, quick: bool) -> Questions:
    """The material beside the project when it is there, else questions made of words that stand in a text."""
    file = SHARED / "cmrc.json.gz"
    if file.is_file():
        data = json.loads(gzip.decompress(file.read_bytes()))
        numbers = {one["id"]: at for at, one in enumerate(data["passages"])}
        bodies = tuple(str(one["body"]) for one in data["passages"])
        rows = ((str(one["q"]), numbers[one["pid"]]) for one in data["questions"])
        asked = tuple(row for row in rows if normalise_text(row[0]))
        chosen = random.Random(SEED).sample(asked, QUICK_QUESTIONS) if quick else asked
        return Questions(f"cmrc（{len(bodies)} 段）", bodies, tuple(chosen))
    corpus = made_up(MADE_UP_PASSAGES)
    chance = random.Random(SEED)
    return Questions(
        f"编造的文本（{MADE_UP_PASSAGES} 段）",
        corpus.bodies,
        tuple((_question(chance, body), at) for at, body in enumerate(corpus.bodies)),
    )


def _question(chance: random.Random, body: str) -> str:
    """Pieces of a text in any order, between words that ask."""
    starts = [chance.randrange(len(body) - 6) for _ in range(3)]
    return "请问" + "的".join(body[start : start + 5].strip("。\n") for start in starts) + "是什么"
