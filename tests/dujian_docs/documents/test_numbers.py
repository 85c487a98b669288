"""发文字号: every spelling read, one spelling written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dujian_docs.documents.numbers import DocumentNumber
from dujian_docs.errors import InputInvalid


@pytest.mark.parametrize(
    "typed",
    [
        "云教督〔2026〕1号",
        "云教督[2026]1号",
        "云教督（2026）1号",
        "云教督(2026)001号",
        "云教督【2026】1",
        "云教督［２０２６］０１号",
        "云教督 〔2026〕 1 号",
        "云教督20261号",
        "云教督〔20261号",
        "云教督2026-1",
        "云教督2026年第1号",
        " 云教督〔2026〕第1号 ",
    ],
)
def test_typed_spellings(typed: str) -> None:
    assert DocumentNumber.parse(typed) == DocumentNumber("云教督", 2026, 1)


@pytest.mark.parametrize(
    "typed",
    ["", "云教督", "〔2026〕1号", "云教督〔1826〕1号", "云教督〔2026〕0号", "云教督〔2026〕1号等", "2026"],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(InputInvalid, match="不是发文字号"):
        DocumentNumber.parse(typed)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("根据国教督办函〔2019〕30号和云教督[2026]2号", ["国教督办函〔2019〕30号", "云教督〔2026〕2号"]),
        ("《关于印发方案的通知》（教督函〔2018〕06号）", ["教督函〔2018〕6号"]),
        ("鲁政教督函(2015)6号、鲁政教督函(2015)6号", ["鲁政教督函〔2015〕6号"]),
        ("见晋教督20187号，粤教督函〔20141号", ["晋教督〔2018〕7号", "粤教督函〔2014〕1号"]),
        ("云教督〔2026〕\n3号", ["云教督〔2026〕3号"]),
        ("学校20187号，2026年3月1号，2026年1号楼", []),
        ("第〔2026〕届", []),
    ],
)
def test_running_text(text: str, expected: list[str]) -> None:
    assert [str(number) for number in DocumentNumber.find(text)] == expected


SERIES = st.text(alphabet="云岭教督委函办发晋苏粤", min_size=1, max_size=6)


@given(SERIES, st.integers(1900, 2099), st.integers(1, 99999))
def test_what_is_written_is_read_back(series: str, year: int, serial: int) -> None:
    number = DocumentNumber(series, year, serial)
    assert DocumentNumber.parse(str(number)) == number
    assert DocumentNumber.find(f"按照{number}要求") == (number,)


def test_numbers_sort_by_series_year_and_serial() -> None:
    assert sorted(
        [DocumentNumber("云", 2026, 10), DocumentNumber("云", 2026, 9), DocumentNumber("云", 2025, 99)]
    ) == [
        DocumentNumber("云", 2025, 99),
        DocumentNumber("云", 2026, 9),
        DocumentNumber("云", 2026, 10),
    ]
