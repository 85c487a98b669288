"""The benchmark of queries gives one table of both engines, and asks for what stands in the files."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bench import queries
from bench.corpus import made_up


def test_a_small_run_gives_a_table_of_both_engines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("tantivy")
    monkeypatch.setattr(queries, "QUICK_SIZES", (30,))
    (one,) = queries.measure(tmp_path, quick=True)
    names = [f"{engine} {kind} p95" for engine in queries.ENGINES for kind in ("短语", "带筛选", "三个词")]
    assert set(names) <= set(one.figures)
    assert one.value == max(one.figures[name] for name in names[:3]) > 0
    assert all(figure > 0 for figure in one.figures.values())


def test_phrases_and_words_stand_in_one_file_and_are_the_same_every_time(tmp_path: Path) -> None:
    corpus = made_up(20)
    first, second = (queries.write_archive(tmp_path / at, corpus, 20, queries=5) for at in "ab")
    assert first == second
    texts = [file.read_text(encoding="utf-8") for file in (tmp_path / "a").rglob("第*")]
    assert len(texts) == 20
    phrases, filtered, three = first
    assert all(any(one.strip('"') in text for text in texts) for one in phrases.queries)
    assert all(any(all(w in text for w in one.split()) for text in texts) for one in three.queries)
    assert all(":" in one for one in filtered.queries)


def test_a_file_is_as_long_as_a_notice() -> None:
    text = queries.notice(random.Random(1), ["督导" * 30])
    assert queries.LENGTH <= len(text) < 2 * queries.LENGTH
