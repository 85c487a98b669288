"""Tokens of a normalised text: overlapping bigrams for exactness, words for rank. The only speaker of jieba.

Bigrams cover the whole normalised text, BREAKs included, so that a phrase of bigrams is found exactly where
the text has it, a document number with its brackets too.
"""

from __future__ import annotations

import hashlib
import importlib.util
import logging
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path

from indexer.text import BREAK, normalise_text

TOKENS_VERSION = 1
"""Changes whenever the same normalised text could give other tokens."""

STOPWORDS = frozenset(
    [*"的了和与及或在是为对将由于等中上下其该各并以之也就都而", "及其", "以及", "关于", "进行", "有关"]
)
"""Words that say nothing about what a text is about; left out of ranking queries."""


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Names and terms that count as words, normalised; ``digest`` goes into the index's fingerprint."""

    terms: tuple[str, ...] = ()
    digest: str = ""

    @classmethod
    def load(cls, path: Path | None) -> Lexicon:
        """The terms of a UTF-8 file, one a line, ``#`` for remarks; none when there is no file."""
        if path is None or not path.is_file():
            return cls()
        lines = path.read_text(encoding="utf-8-sig", errors="replace").splitlines()
        found = {normalise_text(line.partition("#")[0]) for line in lines}
        terms = tuple(sorted(term for term in found if term and BREAK not in term))
        return cls(terms, hashlib.sha256("\n".join(terms).encode()).hexdigest()[:16])


def bigrams(normalised: str) -> list[str]:
    """Every pair of neighbouring characters in order, BREAKs included; a single character gives nothing.

    A document is cut as ``bigrams(text + BREAK)``: so each of its characters begins a pair, and a query of
    one character is the prefix of a pair.
    """
    return [normalised[at : at + 2] for at in range(len(normalised) - 1)]


def words(normalised: str, lexicon: Lexicon = Lexicon()) -> list[str]:
    """The words of a normalised text as a search engine wants them: long ones and the short ones inside.

    Terms of the lexicon that occur are added. Pure punctuation is left out.
    """
    found = [word for word in _cutter()(normalised) if word != BREAK]
    found.extend(term for term in lexicon.terms if len(term) > 1 and term in normalised)
    return found


def ranking_words(normalised: str, lexicon: Lexicon = Lexicon()) -> list[str]:
    """The words of a query that help ranking: each once, stopwords dropped unless nothing else is left."""
    found = list(dict.fromkeys(words(normalised, lexicon)))
    return [word for word in found if word not in STOPWORDS] or found


def tokenizer_name() -> str:
    """The tokenizer in use with its version; it goes into the index's fingerprint."""
    name = "rjieba" if importlib.util.find_spec("rjieba") else "jieba"
    return f"{name} {version(name)}"


@cache
def _cutter() -> Callable[[str], Iterable[str]]:
    if importlib.util.find_spec("rjieba"):
        import rjieba

        cut: Callable[[str], Iterable[str]] = rjieba.cut_for_search
        return cut
    import jieba

    # The dictionary cache must not be read from a folder that other users of the machine can write to.
    jieba.setLogLevel(logging.ERROR)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = tempfile.mkdtemp(prefix="indexer-jieba-")
    searched: Callable[[str], Iterable[str]] = tokenizer.lcut_for_search
    return searched
