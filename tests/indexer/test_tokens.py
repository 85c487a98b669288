"""Tokens: bigrams that lose nothing, words alike from either tokenizer, a lexicon honest about itself."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import tokens
from indexer.text import BREAK, normalise_text
from indexer.tokens import Lexicon, asked_words, bigrams, ranking_words, spaced_bigrams, tokenizer_name, words

NORMALISED = st.text("学校标准化督导2026a" + BREAK, max_size=30).map(normalise_text)


@given(NORMALISED)
def test_bigrams_overlap_and_rebuild_the_text(text: str) -> None:
    pairs = bigrams(text)
    assert len(pairs) == max(len(text) - 1, 0)
    if pairs:
        assert pairs[0] + "".join(pair[1] for pair in pairs[1:]) == text


@given(NORMALISED)
def test_spaced_bigrams_are_the_same_bigrams(text: str) -> None:
    assert spaced_bigrams(text).split() == bigrams(text)


@given(NORMALISED)
def test_every_character_begins_a_bigram_of_a_document(text: str) -> None:
    assert [pair[0] for pair in bigrams(text + BREAK)] == list(text)


def test_words_are_long_and_short_and_no_punctuation() -> None:
    found = words(normalise_text("义务教育优质均衡发展，督导评估。"))
    assert {"义务教育", "义务", "教育", "督导", "评估"} <= set(found)
    assert BREAK not in "".join(found)


def test_no_word_is_longer_than_an_engine_can_keep() -> None:
    found = words("a" * 70_000 + BREAK + "学校")
    assert "学校" in found
    assert max(len(word.encode()) for word in found) <= 255


def test_terms_of_the_lexicon_are_words() -> None:
    lexicon = Lexicon.of(["青溪鎮中心小學", "松坪乡", "教育，督导", ""])
    assert lexicon.terms == ("松坪乡", "青溪镇中心小学")
    text = normalise_text("到青溪镇中心小学督导")
    assert "青溪镇中心小学" not in words(text)
    assert "青溪镇中心小学" in words(text, lexicon)


def test_the_digest_of_a_lexicon_tells_terms_apart_and_not_their_order() -> None:
    digests = [Lexicon.of(entries).digest for entries in (["甲乡", "乙乡"], ["乙乡", "甲乡"], ["甲乡"])]
    assert digests[0] == digests[1] != digests[2]
    assert Lexicon.of(["，"]) == Lexicon.of([]) == Lexicon()


def test_ranking_words_come_once_and_without_stopwords() -> None:
    found = ranking_words(normalise_text("关于学校的督导和学校的评估"))
    assert {"学校", "督导", "评估"} <= set(found)
    assert not {"的", "和", "关于"} & set(found)
    assert len(found) == len(set(found))


def test_stopwords_stay_when_there_is_nothing_else() -> None:
    assert ranking_words("的") == ["的"]


def test_words_that_ask_do_not_rank_unless_there_is_nothing_else() -> None:
    text = normalise_text("责任督学有什么职责")
    assert "什么" in asked_words(text)
    assert "什么" not in ranking_words(text)
    assert "职责" in ranking_words(text)
    assert ranking_words("什么") == ["什么"]


@pytest.fixture
def only_jieba(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The tokenizer is jieba, as where rjieba has no wheel."""
    monkeypatch.setattr(tokens, "_fast_installed", lambda: False)
    tokens._cutter.cache_clear()
    yield
    tokens._cutter.cache_clear()


TEXT = normalise_text(
    "县人民政府教育督导室对全县中小学责任督学挂牌督导工作开展专项督导，２０２６年３月５日通报。"
)


def test_both_tokenizers_cut_normalised_text_alike(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    pytest.importorskip("rjieba")
    assert tokenizer_name().startswith("rjieba ")
    fast = words(TEXT)
    request.getfixturevalue("only_jieba")
    assert tokenizer_name().startswith("jieba ")
    assert words(TEXT, Lexicon(folder=tmp_path)) == fast


@pytest.mark.usefixtures("only_jieba")
def test_jieba_is_silent_and_keeps_its_dictionary_where_it_is_told(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert "督导" in words("教育督导", Lexicon(folder=tmp_path))
    assert [file.name for file in tmp_path.iterdir()] == ["jieba.cache"]
    assert capfd.readouterr() == ("", "")


@pytest.mark.usefixtures("only_jieba")
def test_jieba_leaves_nothing_behind_without_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert "督导" in words("教育督导")
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_loaded_before_the_first_text() -> None:
    program = "import sys, indexer.tokens; print({'jieba', 'rjieba'} & set(sys.modules) or 'none')"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "none"
