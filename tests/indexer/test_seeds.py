"""The four development seeds in an archive: whatever script and noise, a query finds the right files."""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import MARKER_NAME, ArchiveIndex, normalise_text

HOLDERS = {
    "督导评估": {"000", "002", "003"},
    "學校標準化": {"002", "003"},
    "双减": {"000", "001"},
    "均衡发展": {"002"},
    "均衡开展": {"003"},
    "责任督学挂牌": {"002"},
    "年7月30日": {"003"},
}
"""Read by a person in the texts, the traditional ones with pinyin in brackets included."""


@pytest.fixture(scope="module", params=["whoosh", "tantivy"])
def index(
    request: pytest.FixtureRequest, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ArchiveIndex]:
    if importlib.util.find_spec(request.param) is None:
        pytest.skip(f"没有安装 {request.param}")
    root = tmp_path_factory.mktemp("档案")
    (root / MARKER_NAME).touch()
    for file in (shared / "seeds").glob("*.txt"):
        shutil.copy(file, root)
    with ArchiveIndex.open(root, tmp_path_factory.mktemp("库"), engine=request.param) as opened:
        assert opened.sync().added == 4
        yield opened


@pytest.mark.parametrize("query", HOLDERS)
def test_just_the_files_that_hold_it_are_found(index: ArchiveIndex, query: str) -> None:
    result = index.search(query)
    assert {hit.path[:3] for hit in result.hits} == HOLDERS[query]
    assert result.total == len(HOLDERS[query])
    assert result.rung == "phrase"


def test_two_words_are_found_together_and_apart(index: ArchiveIndex) -> None:
    """002 says 责任督学挂牌 in one; 000 has both words, each in its own sentence."""
    plain = index.search("责任督学 挂牌")
    assert [hit.path[:3] for hit in plain.hits] == ["002", "000"]
    assert (plain.total, plain.rung) == (2, "all_words")
    assert {hit.path[:3] for hit in index.search("责任督学 AND 挂牌").hits} == {"000", "002"}


@pytest.mark.parametrize("query", HOLDERS)
def test_excerpts_show_the_original_with_the_find_marked(index: ArchiveIndex, query: str) -> None:
    for hit in index.search(query).hits:
        original = "\n".join(passage.text for passage in index.text_of(hit.path)).replace("\n", " ")
        assert hit.excerpts
        for excerpt in hit.excerpts:
            assert excerpt.text.strip("…") in original
            assert excerpt.marks
            for start, end in excerpt.marks:
                assert normalise_text(excerpt.text[start:end]) == normalise_text(query)
    traditional = [hit for hit in index.search("督导评估").hits if hit.path[:3] in {"000", "002"}]
    shown = "".join(one.text[a:b] for hit in traditional for one in hit.excerpts for a, b in one.marks)
    assert "督導(dǎo)評" in shown
