"""The benchmark of ranking reports each way of ordering, and counts ranks as it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import ranking
from bench.build import build
from bench.corpus import Corpus
from indexer.engines import Engine, Ranked, choose, fingerprint_of
from indexer.query import Query
from indexer.tokens import Lexicon


def test_a_small_run_gives_every_order_with_both_engines(tmp_path: Path) -> None:
    pytest.importorskip("tantivy")
    found = list(ranking.measure(tmp_path, quick=True))
    assert [one.name.rpartition("，")[2] for one in found] == ["tantivy", "whoosh"]
    for one in found:
        assert set(one.figures) == set(ranking.ORDERS)
        assert all(0 < figure <= 1 for figure in one.figures.values())


def test_the_mean_is_of_one_by_the_rank(tmp_path: Path) -> None:
    build("whoosh", Corpus("一篇", ("学校",), ()), tmp_path)
    kind = choose("whoosh")
    engine = kind.open(tmp_path, fingerprint_of(kind, Lexicon()))

    def fixed(_engine: Engine, _query: Query) -> Ranked:
        return Ranked((("4", 3.0), ("7", 2.0)), 2)

    asked = [("“学校”在哪里", 4), ("谁是校长", 7), ("几点上课", 9)]
    assert ranking.mean_reciprocal_rank(engine, fixed, asked) == pytest.approx((1 + 0.5) / 3)
    engine.close()


def test_the_halves_share_no_passage_and_lose_no_question() -> None:
    asked = [(f"问{number}", number // 3) for number in range(60)]
    tuning, tested = ranking.halves(asked)
    assert {passage for _, passage in tuning}.isdisjoint(passage for _, passage in tested)
    assert sorted(tuning + tested) == sorted(asked)
    assert len(tuning) == len(tested)
