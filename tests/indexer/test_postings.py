"""Whoosh's segments filled by whole terms: nothing is lost or out of order, also when memory is short."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from whoosh.filedb.filestore import FileStorage

from indexer.engines import EngineDoc, choose, fingerprint_of, postings
from indexer.engines.postings import Positions, TermPool, TokenField
from indexer.query import parse
from indexer.tokens import Lexicon


@given(st.lists(st.integers(0, 200_000), min_size=1, max_size=20, unique=True).map(sorted))
def test_positions_come_back_whatever_their_size(positions: list[int]) -> None:
    form = Positions()
    packed = form.encode(positions)
    assert form.decode_positions(packed) == positions
    assert form.decode_frequency(packed) == len(positions) == form.decode_weight(packed)


def test_a_position_takes_two_bytes_where_it_fits() -> None:
    assert len(Positions().encode([1, 65_535])) == 4
    assert len(Positions().encode([1, 65_536])) == 9


def test_a_field_gives_each_token_once_with_its_places() -> None:
    found = list(TokenField(positions=True).index(["甲乙", "乙甲", "甲乙"]))
    assert [
        (term.decode(), count, Positions().decode_positions(packed)) for term, count, _, packed in found
    ] == [
        ("甲乙", 2, [0, 2]),
        ("乙甲", 1, [1]),
    ]
    assert list(TokenField(positions=False).index(["甲", "甲"])) == [("甲".encode(), 2, 2.0, b"")]


@pytest.mark.parametrize("most", [1, 3, 1000])
def test_a_pool_gives_terms_in_order_with_documents_in_order(tmp_path: Path, most: int) -> None:
    pool = TermPool(FileStorage(str(tmp_path)), most)
    for number in range(10):
        for field, term in (("w", b"b"), ("g", b"b"), ("g", b"a")):
            pool.add((field, term, number, float(number), b"%d" % number))
    found = [(one.field, one.term, list(one.documents), one.values) for one in pool.iter_postings()]
    numbers, values = list(range(10)), [b"%d" % number for number in range(10)]
    assert found == [("g", b"a", numbers, values), ("g", b"b", numbers, values), ("w", b"b", numbers, values)]
    pool.cleanup()
    assert list(tmp_path.iterdir()) == []


def test_an_index_built_with_little_memory_answers_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postings.TermPool.__init__, "__defaults__", (50,))
    kind = choose("whoosh")
    engine = kind.open(tmp_path, fingerprint_of(kind, Lexicon()))
    engine.write([EngineDoc(str(number), "", f"第{number}号督导通报学校标准化") for number in range(30)], ())
    engine.write([EngineDoc(str(number), "", f"第{number}号评估通报") for number in range(20, 40)], ())
    for text, ids in (("督导通报", range(20)), ("通报", range(40)), ("第7号", [7]), ("评估", range(20, 40))):
        found = engine.search(parse(text).exact, (), limit=100, within=None)
        assert {one for one, _ in found.hits} == {str(number) for number in ids}
    engine.close()
    assert not list(tmp_path.rglob("*.run"))
