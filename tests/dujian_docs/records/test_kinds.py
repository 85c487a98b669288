from __future__ import annotations

import pytest

from dujian_docs.errors import UsageInvalid
from dujian_docs.records import KINDS, Kind, columns_of, kind_of


@pytest.mark.parametrize("word", ["unit", "单位", " 单位 "])
def test_a_kind_is_found_by_identifier_or_title(word: str) -> None:
    assert kind_of(word).name == "unit"


def test_an_unknown_kind_is_refused_with_those_that_exist() -> None:
    with pytest.raises(UsageInvalid, match="没有“督导活功”这种记录") as caught:
        kind_of("督导活功")
    assert "是不是“督导活动”" in caught.value.remedy
    assert "建档目录" in caught.value.remedy


def test_links_point_to_earlier_kinds_or_the_same() -> None:
    seen: set[str] = set()
    for kind in KINDS:
        seen.add(kind.name)
        assert {column.link.kind for column in columns_of(kind.model) if column.link} <= seen


def test_kinds_have_names_of_their_own() -> None:
    words = [word for kind in KINDS for word in (kind.name, kind.title)]
    assert len(words) == len(set(words))
    assert all(isinstance(kind, Kind) and kind.schema == 1 for kind in KINDS)
