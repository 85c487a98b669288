"""The searchable form: what folds together, what does not, and that every character knows where it stood."""

from __future__ import annotations

import sys
import unicodedata
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.text import BREAK, normalise, normalise_text

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=60)
CLERKS_TEXT = st.text("學校学校会會(（)）xué ā，。〔〕2０２○〇\n\r\t\u3000Ａa①㎡\ufeff" + BREAK, max_size=40)
DAMAGED_TEXT = st.lists(
    st.sampled_from(
        ["向?qū)W", "購?fù)ㄓ眯偷臋n", "學(xué)", "?!半p", "?", "赝▓?bào)", "當(dāng)?shù)", "生"]
    )
).map("".join)
TABLE = files("indexer").joinpath("t2s.txt").read_text(encoding="utf-8").splitlines()


@given(ANY_TEXT | CLERKS_TEXT | DAMAGED_TEXT)
@example("\ud800")
@example("İ①㍿")
def test_the_fast_and_the_exact_way_agree_and_offsets_run_through_the_original(original: str) -> None:
    found = normalise(original)
    assert found.text == normalise_text(original)
    offsets = list(found.offsets)
    assert len(offsets) == len(found.text)
    assert offsets == sorted(offsets)
    assert all(0 <= at < len(original) for at in offsets)


@given(ANY_TEXT | CLERKS_TEXT)
def test_every_character_comes_from_the_one_its_offset_names(original: str) -> None:
    found = normalise(original)
    for char, at in zip(found.text, found.offsets, strict=True):
        came_from = normalise_text(original[at])
        assert (
            char in came_from
            if char != BREAK
            else original[at] == "\n" or not came_from or BREAK in came_from
        )


@given(ANY_TEXT | CLERKS_TEXT | DAMAGED_TEXT)
def test_normalising_twice_changes_nothing(original: str) -> None:
    once = normalise_text(original)
    assert normalise_text(once) == once


def test_every_single_character_of_unicode_is_stable() -> None:
    unstable = []
    for point in range(sys.maxunicode + 1):
        once = normalise_text(chr(point))
        if "".join(normalise_text(char) for char in once) != once.replace(BREAK, ""):
            unstable.append(f"U+{point:04X}")
    assert unstable == []


@given(ANY_TEXT)
def test_breaks_never_stand_together_or_at_an_end_and_any_encoding_can_hold_the_result(original: str) -> None:
    found = normalise_text(original)
    assert BREAK * 2 not in found
    assert not found.startswith(BREAK)
    assert not found.endswith(BREAK)
    found.encode("utf-8")


def test_the_simplified_table_is_one_to_one_and_needs_no_second_pass() -> None:
    folds = {line[0]: line[1] for line in TABLE}
    assert all(len(line) == 2 for line in TABLE)
    assert len(folds) == len(TABLE) > 4000
    assert not folds.keys() & set(folds.values())


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("學校標準化", "学校标准化"),
        ("Ｇｂ／Ｔ　９７０４", "gb/t 9704"),
        ("渝府发〔2012〕79号", "渝府发[2012] 79 号"),
        ("渝府发〔2012〕79号", "渝府发（２０１２）79号"),
        ("二○二二年", "二〇二二年"),
        ("“雙減”", "双减"),
        ("督\u200b导\u00ad\ufeff评 估", "督导评估"),
        ("督导，，。——评估", "督导、评估"),
        ("第一段。\n\n第二段", "第一段；第二段"),
        ("㈠项", "(一)项"),
    ],
)
def test_ways_of_writing_the_same_thing_come_out_alike(written: str, same: str) -> None:
    assert normalise_text(written) == normalise_text(same) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("督导，评估", "督导评估"), ("第一段\n第二段", "第一段第二段"), ("1", "2")]
)
def test_punctuation_and_paragraph_ends_keep_words_apart(one: str, other: str) -> None:
    assert normalise_text(one) != normalise_text(other)


@pytest.mark.parametrize(
    ("noisy", "clean"),
    [
        ("學(xué)校標(biāo)準(zhǔn)化", "学校标准化"),
        ("會(huì )議", "会议"),
        ("會 (huì)議", "会议"),
        ("督導（dǎo）評估", "督导评估"),
        ("綠(lǜ)色", "绿色"),
        ("學(Xué)校", "学校"),
    ],
)
def test_pinyin_put_after_a_character_is_taken_out(noisy: str, clean: str) -> None:
    assert normalise_text(noisy) == clean


@pytest.mark.parametrize("kept", ["附件(pdf)", "甲(a)乙", "名单(xls)", "(xué)", "abc(xué)", "学校(市级)"])
def test_brackets_that_are_not_pinyin_stay(kept: str) -> None:
    inside = kept[kept.index("(") + 1 : kept.index(")")]
    assert inside in normalise_text(kept)


def test_offsets_lead_back_over_pinyin_and_wide_characters() -> None:
    original = "　第１條：學(xué)校(xiào)標(biāo)準(zhǔn)化。"
    found = normalise(original)
    at = found.text.index("学校标准化")
    start, end = found.span(at, at + 5)
    assert original[start:end] == "學(xué)校(xiào)標(biāo)準(zhǔn)化"


def readme_rules(text: str) -> str:
    """The normalisation rules of the development data, written down a second time; no fold of script."""
    out = []
    for char in text:
        if not (ord(char) < 0x3400 or 0xFE00 <= ord(char) < 0x10000):
            out.append(char)
            continue
        for one in unicodedata.normalize("NFKC", char).lower():
            category = unicodedata.category(one)
            if one == "\n" or not (category[0] in "LNM" or category in {"Zs", "Zl", "Zp", "Cc", "Cf"}):
                out.append(BREAK)
            elif category[0] in "LNM":
                out.append(one)
    return BREAK.join(part for part in "".join(out).split(BREAK) if part)


@given(st.text(st.characters(exclude_characters="(（○", codec="utf-8"), max_size=60))
def test_the_rules_are_those_of_the_development_data_plus_the_simplified_fold(text: str) -> None:
    folds = {ord(line[0]): line[1] for line in TABLE}
    assert normalise_text(text) == readme_rules(text).translate(folds)


@pytest.mark.parametrize("term", ["督导评估", "學校標準化", "均衡发展"])
def test_the_noisy_seeds_hold_the_clean_terms(shared: Path, term: str) -> None:
    texts = [file.read_text(encoding="utf-8") for file in sorted((shared / "seeds").glob("*.txt"))]
    assert any(term not in text and normalise_text(term) in normalise_text(text) for text in texts)


@pytest.mark.parametrize(
    "term", ["向学生开放", "因学生拥挤", "濒临淘汰", "采购通用型的档案", "初审通过", "当地通报"]
)
def test_the_damaged_seed_holds_what_it_once_said(shared: Path, term: str) -> None:
    texts = [file.read_text(encoding="utf-8") for file in sorted((shared / "seeds").glob("*.txt"))]
    assert sum(term in normalise_text(text) for text in texts) == 1
    assert not any(term in text for text in texts)


def test_a_mark_over_repaired_characters_covers_all_that_stands_for_them() -> None:
    original = "面向?qū)W生開放，采購?fù)ㄓ眯偷臋n案，會(huì)議"
    found = normalise(original)
    for term, written in [
        ("学", "?qū)W"),
        ("学生", "?qū)W生"),
        ("向学", "向?qū)W"),
        ("通用", "?fù)ㄓ眯"),
        ("档案", "n案"),
        ("通用型的档", "?fù)ㄓ眯偷臋n"),
        ("会议", "會(huì)議"),
    ]:
        at = found.text.index(term)
        assert original[slice(*found.span(at, at + len(term)))] == written
