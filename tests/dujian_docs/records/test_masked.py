"""Years and document numbers with a part left out are held as they are, never filled in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from dujian_docs.records.masked import MaskedNumber, MaskedYear, is_whole, pattern_of

YEAR, NUMBER = TypeAdapter[str](MaskedYear), TypeAdapter[str](MaskedNumber)


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("2026", "2026"),
        ("２０２６年", "2026"),
        (2026.0, "2026"),
        ("20*年", "20××"),
        ("20**", "20××"),
        ("20XX", "20××"),
        ("201x年", "201×"),
        ("xx年", "××××"),
        ("**年", "××××"),
        ("____年", "××××"),
        ("年", "××××"),
        ("", ""),
        ("无", ""),
    ],
)
def test_years(typed: object, held: str) -> None:
    assert YEAR.validate_python(typed) == held
    assert YEAR.validate_python(held) == held
    assert is_whole(held) is (held == "2026")


@pytest.mark.parametrize("typed", ["26", "202年", "20260", "2026-2027", "3026", "某年", True, ["2026"]])
def test_what_is_no_year(typed: object) -> None:
    with pytest.raises(ValidationError):
        YEAR.validate_python(typed)


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("国办发()8号", "国办发〔××××〕8号"),
        ("国办发〔2004〕8号", "国办发〔2004〕8号"),
        ("国办发（2004）08号", "国办发〔2004〕8号"),
        ("黑政教督委〔xx〕xx号", "黑政教督委〔××××〕×号"),
        ("晋教督20187号", "晋教督〔2018〕7号"),
        ("粤教督函〔20141号", "粤教督函〔2014〕1号"),
        ("湘政教督通[2009] 78号", "湘政教督通〔2009〕78号"),
        ("云教督【20**】第3号", "云教督〔20××〕3号"),
        ("", ""),
    ],
)
def test_numbers(typed: str, held: str) -> None:
    assert NUMBER.validate_python(typed) == held
    assert NUMBER.validate_python(held) == held


@pytest.mark.parametrize(
    "typed", ["政教督〔2023〕", "8号", "国办发8", "国办发〔2004〕号", "关于开展督导的通知"]
)
def test_what_is_no_number(typed: str) -> None:
    with pytest.raises(ValidationError):
        NUMBER.validate_python(typed)


def test_a_number_is_found_in_any_spelling() -> None:
    whole = pattern_of("国办发〔2004〕8号")
    for text in ("依据国办发〔2004〕8号文件", "国办发(2004)08号", "国办发2004第8号", "见国办发 [2004] 8号"):
        assert whole.search(text), text
    for text in ("国办发〔2005〕8号", "国办发〔2004〕18号", "教办发〔2004〕8号"):
        assert not whole.search(text), text
    masked = pattern_of("国办发〔××××〕8号")
    assert masked.search("国办发()8号")
    assert masked.search("国办发〔2004〕8号")
    assert not masked.search("国办发〔2004〕9号")


@given(
    st.text("国办发教督委函", min_size=1, max_size=8),
    st.integers(1949, 2099),
    st.integers(1, 9999),
    st.sampled_from(["〔{}〕", "[{}]", "（{}）", "【{}】", "〔{}"]),
)
def test_every_spelling_comes_to_the_same(series: str, year: int, serial: int, brackets: str) -> None:
    held = NUMBER.validate_python(f"{series}{brackets.format(year)}{serial:03}号")
    assert held == f"{series}〔{year}〕{serial}号"
    assert pattern_of(held).search(f"按{series}{brackets.format(year)}{serial}号")
