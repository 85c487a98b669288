"""Synonyms: groups as data, and the other ways to write a text that come of them."""

from __future__ import annotations

import pytest

from indexer.synonyms import MOST_VARIANTS, Synonyms
from indexer.text import normalise_text
from indexer.wordlists import general_synonyms


@pytest.mark.parametrize(
    ("lines", "text", "variants"),
    [
        (["台帐=台账"], "安全台帐", {"安全台账"}),
        (["台帐=台账"], "安全台账", {"安全台帐"}),
        (["台帐 ＝ 臺賬"], "台帐", {"台账"}),
        (["甲=乙", "乙=丙"], "甲方", {"乙方", "丙方"}),
        (["帐=账"], "台帐和帐本", {"台账和账本"}),
        (["教体局=教育和体育局"], "县教体局文件", {"县教育和体育局文件"}),
        (["教育=教学", "教育局=教体局"], "教育局", {"教体局"}),
        (["甲=乙", "丙=丁"], "甲丙", {"乙丙", "甲丁", "乙丁"}),
        (["甲=乙"], "没有", set()),
        (["甲", "=", "甲=甲", "甲=，"], "甲", set()),
    ],
)
def test_each_of_a_group_stands_for_each_other_one(lines: list[str], text: str, variants: set[str]) -> None:
    assert set(Synonyms.of(lines).variants(text)) == variants


def test_fewest_changes_come_first_and_there_is_a_most() -> None:
    synonyms = Synonyms.of(f"{one}={one}甲={one}乙" for one in "天地玄黄宇宙洪荒")
    found = synonyms.variants("天地玄黄宇宙洪荒")
    assert len(found) == MOST_VARIANTS
    assert {"天地玄黄宇宙洪荒甲", "天地玄黄宇宙洪荒乙"} <= set(found)


def test_general_ones_come_with_the_package() -> None:
    synonyms = Synonyms.of(general_synonyms())
    assert synonyms.variants("布署") == ("部署",)
    assert synonyms.variants("登陆") == ("登录",)
    assert synonyms.variants("台帐") == ("台账",)


def test_every_general_group_has_two_different_terms() -> None:
    groups = [entry.split("=") for entry in general_synonyms()]
    assert len(groups) > 50
    assert [group for group in groups if len({normalise_text(term) for term in group}) < 2] == []
