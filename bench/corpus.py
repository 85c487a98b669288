"""What the benchmarks read: the material beside the project, or text made up with a fixed seed."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data" / "text"
DOCUMENTS = 3_000
QUICK_DOCUMENTS = 50
_LETTERS = 2_500
_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents as they are written, and phrases that stand in them; ``name`` says where both come from."""

    name: str
    bodies: tuple[str, ...]
    phrases: tuple[str, ...]


def load(*, quick: bool) -> Corpus:
    """The material beside the project when it is there, else made-up text of the same size."""
    most = QUICK_DOCUMENTS if quick else DOCUMENTS
    if not (SHARED / "laws_3000.jsonl.gz").is_file():
        return made_up(most)
    with gzip.open(SHARED / "laws_3000.jsonl.gz", "rt", encoding="utf-8") as lines:
        bodies = tuple(str(json.loads(line)["body"]) for _, line in zip(range(most), lines, strict=False))
    queries = json.loads((SHARED / "exact_queries.json").read_text(encoding="utf-8"))["queries"]
    return Corpus(f"laws_3000（{len(bodies)} 篇）", bodies, tuple(str(one["query"]) for one in queries))


def made_up(documents: int, *, seed: int = 7) -> Corpus:
    """Text of words with the frequencies of a language: few words very often, many of them rarely."""
    chance = random.Random(seed)
    letters = [chr(0x4E00 + number * 8) for number in range(_LETTERS)]
    words = ["".join(chance.choices(letters, k=chance.choice((1, 2, 2, 2, 3, 4)))) for _ in range(_WORDS)]
    weights = [1 / (rank + 5) for rank in range(_WORDS)]
    bodies = tuple(_body(chance, words, weights) for _ in range(documents))
    phrases = tuple(_phrase(chance, bodies) for _ in range(300))
    return Corpus(f"编造的文本（{documents} 篇）", bodies, phrases)


def _body(chance: random.Random, words: Sequence[str], weights: Sequence[float]) -> str:
    paragraphs = ("".join(chance.choices(words, weights, k=60)) for _ in range(chance.randint(5, 18)))
    return "。\n".join(paragraphs)


def _phrase(chance: random.Random, bodies: Sequence[str]) -> str:
    body = chance.choice(bodies)
    start = chance.randrange(len(body) - 6)
    return body[start : start + chance.randint(2, 6)].strip("。\n") or body[:2]
