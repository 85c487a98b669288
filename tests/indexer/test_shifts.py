"""Damage by one byte: read back where it is certain, left alone where it is not."""

from __future__ import annotations

import random
from importlib.resources import files

import pytest

from indexer.shifts import repairs


def read_back(text: str) -> str:
    parts, at = [], 0
    for one in repairs(text):
        parts += [text[at : one.start], *(char for char, _, _ in one.pieces)]
        at = one.end
    return "".join([*parts, text[at:]])


@pytest.mark.parametrize(
    ("damaged", "was"),
    [
        ("面向?qū)W生開放", "面向學生開放"),
        ("老化或?yàn)l臨淘汰", "老化或瀕臨淘汰"),
        ("采購?fù)ㄓ眯偷臋n案", "采購通用型的檔案"),
        ("采購(gòu)?fù)ㄓ眯偷臋n案", "采購(gòu)通用型的檔案"),
        ("初審?fù)ㄟ^。", "初審通過。"),
        ("當(dāng)?shù)赝▓?bào)。", "當(dāng)地通報。"),
        ("向?qū)W生，因?qū)W生", "向學生，因學生"),
    ],
)
def test_a_lost_byte_is_told_by_the_pinyin_after_it(damaged: str, was: str) -> None:
    assert read_back(damaged) == was


@pytest.mark.parametrize(
    "text",
    [
        "是不是?qù)W生",
        "向?qú)W生",
        "向?qu)W生",
        "向?qū)生",
        "向?qū)1生",
        "們?yōu)槟砹?3篇",
        "對嗎?好a",
        "什么是?是A类学校",
        "確定?abc",
        "向?qū)(WW)",
        "?qū)W生",
        "向?",
        "行不行?第一种b方案",
        "學(xué)?!半p減”工作",
    ],
)
def test_what_is_not_certain_stays_as_it_is(text: str) -> None:
    assert read_back(text) == text


def readings() -> dict[str, str]:
    """A reading of each traditional character."""
    lines = files("indexer").joinpath("data/readings.txt").read_text(encoding="utf-8").splitlines()
    return {char: yin for yin, chars in map(str.split, lines) for char in chars if not yin.isascii()}


def test_what_a_converter_out_of_step_makes_of_a_text_comes_back_or_stays() -> None:
    chance, yins = random.Random(5), readings()
    chars = [*yins] + [
        chr(one) for one in range(0x4E00, 0x9FA5) if len(chr(one).encode("gb2312", "ignore")) == 2
    ]
    back = tried = 0
    while tried < 300:
        text = "".join(chance.choices(chars, k=12))
        data = text.encode("gbk")
        at = chance.randrange(1, 13, 2)
        yin = yins.get(data[at : at + 2].decode("gbk", "ignore"))
        made = (data[: at + 1] + b"?X" + data[at + 2 :]).decode("gbk", "replace")
        if yin and "\ufffd" not in made:
            tried += 1
            made = made.replace("?X", f"?{yin})", 1)
            assert read_back(made) in {text, made}
            back += read_back(made) == text
    assert back > tried * 0.8
