"""Plain text in every encoding, and what only calls itself text."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from indexer.extract import extract
from indexer.extract.plain import encoding_of
from indexer.model import Extraction, Limits, State

LETTER = "安平县人民政府教育督导室关于2026年春季开学专项督导的通知，各中心校：\n请于3月5日前上报。"


def read(folder: Path, data: bytes, limits: Limits = Limits()) -> Extraction:  # noqa: B008
    (folder / "文.txt").write_bytes(data)
    return extract(folder / "文.txt", limits)


def text_of(found: Extraction) -> str:
    assert found.state is State.INDEXED, found.reason
    return found.passages[0].text


@pytest.mark.parametrize(
    "encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("length", [4, 6, 12, 40, None])
def test_every_encoding_at_every_length(tmp_path: Path, encoding: str, length: int | None) -> None:
    assert text_of(read(tmp_path, LETTER[:length].encode(encoding))) == LETTER[:length]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("系和词汇不一", "gbk"),  # nearly valid UTF-8
        ("约30-50", "gbk"),  # valid UTF-8 of an Armenian letter
        ("「唐音」的「", "gbk"),
        ("原姓「完顏」改為「粘」至", "big5"),
        ("／总成绩181.99／落", "utf-16-be"),
        ("氣溫25°C的教室", "big5hkscs"),
        ("香港啲學校喺邊度㗎，佢哋話唔知", "big5hkscs"),
        ("龑翀彧", "gbk"),
        ("䶮㛃𠮷三位老师的姓名", "gb18030"),
        ("café résumé naïve", "utf-8"),
        ("25°C×3", "utf-8"),
        ("№1—《办法》", "gbk"),
    ],
)
def test_short_and_odd_texts(tmp_path: Path, text: str, encoding: str) -> None:
    assert text_of(read(tmp_path, text.encode(encoding))) == text


def test_mixed_line_ends_become_one(tmp_path: Path) -> None:
    data = "学校,人数\r\n一中,30\r二中,40\n三中,50".encode("gbk")
    assert text_of(read(tmp_path, data)).split("\n") == ["学校,人数", "一中,30", "二中,40", "三中,50"]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8"])
def test_null_bytes_before_after_and_between_are_dropped(tmp_path: Path, encoding: str) -> None:
    data = LETTER.encode(encoding)
    assert text_of(read(tmp_path, data + bytes(4096))) == LETTER
    assert text_of(read(tmp_path, bytes(50) + data)) == LETTER
    assert text_of(read(tmp_path, b"\0\0".join(line for line in data.split(b"\n")))) == LETTER.replace(
        "\n", ""
    )


def test_only_null_bytes_are_no_text(tmp_path: Path) -> None:
    found = read(tmp_path, bytes(5000))
    assert (found.state, "不是文字" in found.reason) == (State.REFUSED, True)


@pytest.mark.parametrize("least", [0, 128], ids=["any byte", "high bytes"])
@pytest.mark.parametrize("seed", range(5))
def test_binary_junk_is_refused_and_gives_no_characters(tmp_path: Path, seed: int, least: int) -> None:
    chance = random.Random(seed)
    found = read(tmp_path, bytes(chance.randrange(least, 256) for _ in range(3000)))
    assert (found.state, found.passages) == (State.REFUSED, ())
    assert "不是文字" in found.reason


def test_one_endless_line_is_read_and_cut_where_the_limit_says(tmp_path: Path) -> None:
    data = ("督导评估" * 300_000).encode("gbk")
    assert len(text_of(read(tmp_path, data))) == 1_200_000
    found = read(tmp_path, data, Limits(text_chars=1000))
    assert text_of(found) == "督导评估" * 250
    assert "只收录了前 1000 字" in found.reason


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
def test_a_cut_inside_a_character_changes_nothing_before_it(tmp_path: Path, encoding: str) -> None:
    data = (LETTER * 30).encode(encoding)[:-1]
    assert text_of(read(tmp_path, data)).startswith((LETTER * 30)[:-2])


def test_japanese_bytes_are_not_told_as_western_letters() -> None:
    assert encoding_of("日本語の文章です。これは試験のための文です。".encode("shift_jis")) != "cp1252"
