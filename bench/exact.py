"""Whether a search finds just the documents that hold what was typed, and every one of them; both engines.

The truth for phrases is a plain look for the normalised phrase in each normalised text. For document numbers
it is a pattern of its own, which lets brackets, blanks and noughts before the serial be as they like; each
number is typed with every bracket and with none.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from bench import Measurement
from bench.build import build
from bench.corpus import Corpus, load
from indexer.engines import Engine, EngineName, choose, fingerprint_of
from indexer.query import parse
from indexer.text import BREAK, normalise_text
from indexer.tokens import Lexicon

ENGINES: tuple[EngineName, ...] = ("tantivy", "whoosh")
NUMBERS = 60
"""So many document numbers are asked for at the most, each as it is typed in every way."""
MADE_UP = 40
BRACKETS = ("〔{}〕", "[{}]", "（{}）", "({})", "【{}】", "﹝{}﹞", "[ {} ] ", "{}", " {} ", "{}年")
SEED = 7
_NUMBER = re.compile(
    r"(?P<head>[\u3400-\u9fff]{2,8})\s?[〔\[(（【]\s?(?P<year>(?:19|20)\d\d)\s?[〕\])）】]\s?第?(?P<serial>\d{1,4})\s?号"
)


def measure(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """Recall and precision over all pairs of query and document: the lower of both, of each engine."""
    corpus = with_numbers(load(quick=quick))
    texts = [normalise_text(body) + BREAK for body in corpus.bodies]
    phrases = {phrase: holding(texts, phrase) for phrase in corpus.phrases}
    numbers = {
        typed: holding_number(texts, *number) for number in numbers_of(corpus) for typed in typings(*number)
    }
    for name in ENGINES:
        build(name, corpus, folder / name)
        kind = choose(name)
        engine = kind.open(folder / name, fingerprint_of(kind, Lexicon()))
        for what, truth in (("短语", phrases), ("文号，各种括号和不带括号", numbers)):
            yield judged(engine, what, truth, corpus)
        engine.close()


def judged(engine: Engine, what: str, truth: Mapping[str, frozenset[str]], corpus: Corpus) -> Measurement:
    """What an engine answers to all queries against what is true."""
    hit = missed = wrong = perfect = 0
    for text, wanted in truth.items():
        ranked = engine.search(parse(text).exact, (), limit=len(corpus.bodies), within=None)
        found = {one for one, _ in ranked.hits}
        hit += len(found & wanted)
        missed += len(wanted - found)
        wrong += len(found - wanted)
        perfect += found == wanted
    recall, precision = hit / max(hit + missed, 1), hit / max(hit + wrong, 1)
    return Measurement(
        f"精确检索的召回和准确，{what}，{engine.name}",
        "= 1.000",
        min(recall, precision),
        1.0,
        unit="",
        corpus=f"{corpus.name}，{len(truth)} 条",
        figures={
            "召回": round(recall, 5),
            "准确": round(precision, 5),
            "查询": len(truth),
            "全对的查询": perfect,
            "查询与文档的对": hit + missed,
        },
    )


def with_numbers(corpus: Corpus) -> Corpus:
    """The corpus, and at the ends of some texts document numbers in many brackets, and near misses."""
    chance = random.Random(SEED)
    bodies = list(corpus.bodies)
    for serial in range(1, MADE_UP + 1):
        head, year = chance.choice(("云教督", "长政办发", "教基", "国办函")), chance.randint(1998, 2026)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(bodies))
            bracket = chance.choice(BRACKETS[:6])
            said = f"{head}{bracket.format(year)}{chance.choice(('', '0'))}{serial}号"
            near = f"{head}{bracket.format(year)}{serial}1号、{head}发〔{year}〕{serial}号"
            bodies[at] += f"\n根据《通知》（{said}）办理。"
            bodies[chance.randrange(len(bodies))] += f"\n见{near}。"
    return Corpus(corpus.name, tuple(bodies), corpus.phrases)


def numbers_of(corpus: Corpus) -> list[tuple[str, str, int]]:
    """Document numbers that stand in the texts: issuer, year and serial."""
    found = dict.fromkeys(
        (number["head"], number["year"], int(number["serial"]))
        for body in corpus.bodies
        for number in _NUMBER.finditer(body)
    )
    chosen = list(found)
    random.Random(SEED).shuffle(chosen)
    return chosen[:NUMBERS]


def holding(texts: Sequence[str], phrase: str) -> frozenset[str]:
    """The ids of the texts in which the phrase stands."""
    wanted = normalise_text(phrase)
    return frozenset(str(at) for at, text in enumerate(texts) if wanted in text)


def holding_number(texts: Sequence[str], head: str, year: str, serial: int) -> frozenset[str]:
    """The ids of the texts in which the document number stands, in brackets or bare."""
    pattern = re.compile(f"{normalise_text(head)}{BREAK}?{year}{BREAK}?0*{serial}号")
    return frozenset(str(at) for at, text in enumerate(texts) if pattern.search(text))


def typings(head: str, year: str, serial: int) -> list[str]:
    """The number in every bracket and in none."""
    return [f"{head}{bracket.format(year)}{serial}号" for bracket in BRACKETS]
