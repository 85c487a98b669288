"""Tokens of a normalised text: overlapping bigrams for exactness, words for rank. The only speaker of jieba.

Bigrams cover the whole normalised text, BREAKs included, so that a phrase of bigrams is found exactly where
the text has it, a document number with its brackets too.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import tempfile
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path

from indexer.text import BREAK, normalise_text

TOKENS_VERSION = 1
"""Changes whenever the same normalised text could give other tokens."""

STOPWORDS = frozenset(
    [*"的了和与及或在是为对将由于等中上下其该各并以之也就都而", "及其", "以及", "关于", "进行", "有关"]
)
"""Words that say nothing about what a text is about; left out of queries by words."""
QUESTION_WORDS = frozenset(
    [
        *(
            "什么",
            "哪些",
            "哪个",
            "哪里",
            "哪儿",
            "哪年",
            "哪一年",
            "哪位",
            "多少",
            "几个",
            "第几",
            "谁",
            "哪",
            "几",
            "何",
        ),
        *("如何", "怎样", "怎么", "为什么", "为何", "何时", "何地", "请问", "是否", "吗", "呢", "么"),
    ]
)
"""Words that ask: what answers seldom holds them; left out of rank and of what any of suffices."""
MOST_WORD_CHARS = 60
"""Longer runs, of letters and digits, are no words; engines limit the length of a term in bytes."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Names and terms that count as words, normalised; ``digest`` goes into the index's fingerprint.

    ``folder`` is a private place where jieba may keep its compiled dictionary; None keeps nothing.
    """

    terms: tuple[str, ...] = ()
    digest: str = ""
    folder: Path | None = field(default=None, compare=False)

    @classmethod
    def of(cls, entries: Iterable[str], *, folder: Path | None = None) -> Lexicon:
        """These names and terms, in any order and spelling; what has punctuation in it is none."""
        found = {normalise_text(entry) for entry in entries}
        terms = tuple(sorted(term for term in found if term and BREAK not in term))
        digest = hashlib.sha256("\n".join(terms).encode()).hexdigest()[:16] if terms else ""
        return cls(terms, digest, folder)


def bigrams(normalised: str) -> list[str]:
    """Every pair of neighbouring characters in order, BREAKs included; a single character gives nothing.

    A document is cut as ``bigrams(text + BREAK)``: so each of its characters begins a pair, and a query of
    one character is the prefix of a pair.
    """
    return [normalised[at : at + 2] for at in range(len(normalised) - 1)]


def spaced_bigrams(normalised: str) -> str:
    """The bigrams joined by blanks, as from ``bigrams`` and faster; the text has no blanks itself."""
    pairs = len(normalised) - 1
    if pairs < 1:
        return ""
    characters = [" "] * (3 * pairs - 1)
    characters[0::3] = normalised[:-1]
    characters[1::3] = normalised[1:]
    return "".join(characters)


def words(normalised: str, lexicon: Lexicon = Lexicon()) -> list[str]:
    """The words of a normalised text as a search engine wants them: long ones and the short ones inside.

    Terms of the lexicon that occur are added. Pure punctuation is left out.
    """
    cut = _cutter(lexicon.folder)
    found = [word for word in cut(normalised) if word != BREAK and len(word) <= MOST_WORD_CHARS]
    found.extend(term for term in lexicon.terms if len(term) > 1 and term in normalised)
    return found


def asked_words(normalised: str, lexicon: Lexicon = Lexicon()) -> list[str]:
    """The words of a query: each once, stopwords dropped unless nothing else is left."""
    found = list(dict.fromkeys(words(normalised, lexicon)))
    return [word for word in found if word not in STOPWORDS] or found


def ranking_words(normalised: str, lexicon: Lexicon = Lexicon()) -> list[str]:
    """The words of a query that help ranking: words that ask are dropped too, unless nothing else is left."""
    found = asked_words(normalised, lexicon)
    return [word for word in found if word not in QUESTION_WORDS] or found


def tokenizer_name() -> str:
    """The tokenizer in use with its version; it goes into the index's fingerprint."""
    name = "rjieba" if _fast_installed() else "jieba"
    return f"{name} {version(name)}"


def _fast_installed() -> bool:
    return importlib.util.find_spec("rjieba") is not None


@cache
def _cutter(folder: Path | None) -> Callable[[str], Iterable[str]]:
    if _fast_installed():
        import rjieba

        cut: Callable[[str], Iterable[str]] = rjieba.cut_for_search
        return cut
    with warnings.catch_warnings():  # it is no longer kept up: old escapes, pkg_resources
        warnings.simplefilter("ignore")
        import jieba

    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    # The compiled dictionary is unmarshalled: never from a folder that other users can write to.
    with tempfile.TemporaryDirectory(prefix="indexer-") as passing:
        tokenizer.tmp_dir = str(folder or passing)
        tokenizer.initialize()
    searched: Callable[[str], Iterable[str]] = tokenizer.lcut_for_search
    return searched
