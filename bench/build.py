"""How long it takes to build an index: tantivy, Whoosh with our tokens, and Whoosh as tutorials use it."""

from __future__ import annotations

import logging
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from bench import Measurement
from bench.corpus import Corpus, load
from indexer.engines import EngineDoc, EngineName, choose, fingerprint_of
from indexer.text import normalise_text
from indexer.tokens import Lexicon, tokenizer_name, words

ROUNDS = 3
PEER = "whoosh + ChineseAnalyzer"


def measure(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """The contenders take turns; of each the fastest round counts, in processor seconds of all its threads.

    Processor time is what other load on the machine disturbs least; it flatters no engine for having threads.
    """
    corpus = load(quick=quick)
    contenders: dict[str, Callable[[Corpus, Path], None]] = {
        "tantivy": partial(build, "tantivy"),
        "whoosh": partial(build, "whoosh"),
        PEER: build_stock,
    }
    times: dict[str, list[float]] = {name: [] for name in contenders}
    sizes: dict[str, float] = {}
    warm_up()
    for number in range(1 if quick else ROUNDS):
        for name, contender in contenders.items():
            home = folder / f"{number}-{name}"
            home.mkdir(parents=True)
            begun = time.process_time()
            contender(corpus, home)
            times[name].append(time.process_time() - begun)
            sizes[name] = size_megabytes(home)
    best = {name: min(seconds) for name, seconds in times.items()}
    figures = {f"{name} 秒": round(seconds, 3) for name, seconds in best.items()}
    figures |= {f"{name} MB": round(megabytes, 2) for name, megabytes in sizes.items()}
    yield Measurement(
        f"建索引，tantivy 比 whoosh，同样的词元（{tokenizer_name()}）",
        "≥ 6 倍",
        best["whoosh"] / best["tantivy"],
        6.0,
        corpus=corpus.name,
        figures=figures,
    )
    yield Measurement(
        f"建索引，我们的 whoosh 比通常用法（{PEER}）",
        "≥ 1.0 倍",
        best[PEER] / best["whoosh"],
        1.0,
        corpus=corpus.name,
        figures=figures,
    )


def build(name: EngineName, corpus: Corpus, home: Path) -> None:
    """An index of the corpus by one of our engines, from the texts as they are written."""
    kind = choose(name)
    engine = kind.open(home, fingerprint_of(kind, Lexicon()))
    engine.write((EngineDoc(str(at), "", normalise_text(body)) for at, body in enumerate(corpus.bodies)), ())
    engine.close()


def build_stock(corpus: Corpus, home: Path) -> None:
    """An index of the corpus by Whoosh with jieba's analyzer, documents stored, as tutorials do it."""
    from jieba.analyse import ChineseAnalyzer
    from whoosh import fields, index

    schema = fields.Schema(
        id=fields.ID(stored=True, unique=True), body=fields.TEXT(stored=True, analyzer=ChineseAnalyzer())
    )
    opened = index.create_in(str(home), schema)
    writer = opened.writer(limitmb=128)
    for at, body in enumerate(corpus.bodies):
        writer.add_document(id=str(at), body=body)
    writer.commit()
    opened.close()


def warm_up() -> None:
    """Dictionaries are loaded, so that no contender pays for them."""
    words("督导")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import jieba
        import jieba.analyse
    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()


def size_megabytes(home: Path) -> float:
    """How much room the files in a folder take."""
    return sum(file.stat().st_size for file in home.rglob("*") if file.is_file()) / 1e6
