"""The benchmark of exact search finds all of a small corpus, and sees what is missed or too much."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import exact
from bench.build import build
from bench.corpus import Corpus, made_up
from indexer.engines import choose, fingerprint_of
from indexer.text import BREAK, normalise_text
from indexer.tokens import Lexicon


def test_a_small_run_is_exact_with_both_engines(tmp_path: Path) -> None:
    pytest.importorskip("tantivy")
    found = list(exact.measure(tmp_path, quick=True))
    assert len(found) == 4
    assert [one.value for one in found] == [1.0] * 4
    for one in found:
        assert one.figures["全对的查询"] == one.figures["查询"] > 0


def test_what_is_missed_and_what_is_too_much_counts(tmp_path: Path) -> None:
    corpus = Corpus("两篇", ("学校安全", "安全教育"), ())
    build("whoosh", corpus, tmp_path)
    kind = choose("whoosh")
    engine = kind.open(tmp_path, fingerprint_of(kind, Lexicon()))
    truth = {"安全": frozenset({"0", "2"}), "教育": frozenset({"1"})}
    judged = exact.judged(engine, "短语", truth, corpus)
    engine.close()
    assert judged.figures["召回"] == pytest.approx(2 / 3, abs=1e-4)
    assert judged.figures["准确"] == pytest.approx(2 / 3, abs=1e-4)
    assert judged.figures["全对的查询"] == 1
    assert not judged.met


def test_a_number_is_true_in_any_bracket_and_near_misses_are_not() -> None:
    texts = [
        normalise_text(text) + BREAK
        for text in (
            "云教督〔2026〕3号",
            "云教督（2026） 03 号",
            "云教督2026第3号",
            "云教督〔2026〕31号",
            "云教督发〔2026〕3号",
        )
    ]
    assert exact.holding_number(texts, "云教督", "2026", 3) == {"0", "1"}


def test_made_up_numbers_stand_in_the_texts_and_are_found_there() -> None:
    corpus = exact.with_numbers(made_up(30))
    numbers = exact.numbers_of(corpus)
    assert len(numbers) > exact.MADE_UP / 2
    texts = [normalise_text(body) + BREAK for body in corpus.bodies]
    assert all(exact.holding_number(texts, *number) for number in numbers)
