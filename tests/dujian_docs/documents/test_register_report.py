"""What the register says of itself: gaps, doubles, open numbers, the next one."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dujian_docs.documents import register_report
from dujian_docs.records import DocumentEntry, NumberState

USED, VOID, HELD, RESERVED = NumberState.USED, NumberState.VOID, NumberState.HELD, NumberState.RESERVED


def entry(serial: int, state: NumberState = USED, *, series: str = "云教督", **more: str) -> DocumentEntry:
    return DocumentEntry(series=series, year=2026, serial=serial, state=state, genre="通知", **more)


def test_gaps_open_numbers_and_the_next_one() -> None:
    rows = [entry(1), entry(2, VOID), entry(4), entry(7, HELD), entry(3, series="云教督函")]
    first, letters = register_report(rows).series
    assert (first.used, [one.serial for one in first.void]) == (2, [2])
    assert [one.serial for one in first.gaps] == [3, 5, 6]
    assert [str(one) for one in first.open] == ["云教督〔2026〕7号"]
    assert str(first.next) == "云教督〔2026〕8号"
    assert (letters.series, letters.gaps, letters.next.serial) == ("云教督函", (), 4)
    assert not register_report(rows).whole
    assert register_report([entry(3), entry(4)]).whole
    assert register_report([]).series == ()


def test_one_document_under_two_numbers_is_told() -> None:
    rows = [
        entry(1, path="发文/a.docx", sha256="1"),
        entry(2, path="发文/b.docx", sha256="1"),
        entry(3, path="发文/a.docx", sha256="2"),
        entry(4, VOID, path="发文/a.docx", sha256="1"),
        entry(5),
        entry(6),
    ]
    told = [
        ([one.serial for one in double.numbers], double.reason) for double in register_report(rows).doubles
    ]
    assert told == [([1, 2], "内容相同"), ([1, 3], "归档位置相同")]


@given(st.sets(st.integers(1, 60), min_size=1))
def test_every_number_up_to_the_last_is_there_or_a_gap(serials: set[int]) -> None:
    rows = [entry(serial) for serial in serials]
    (told,) = register_report(rows).series
    gaps = {one.serial for one in told.gaps}
    assert gaps.isdisjoint(serials)
    assert gaps | serials == set(range(min(serials), max(serials) + 1))
    assert told.next.serial == max(serials) + 1
    assert register_report(rows[::-1]) == register_report(rows)
