"""How far a sheet's cells reach is seen however its cells are written; calamine must never see far ones."""

from __future__ import annotations

import io
import zipfile
from datetime import date

import pytest

from indexer.extract.sheet import _ANYWHERE, _FILLED, _NAMED, _all_near, _cell, _number, _reach, _text_of

PART = "xl/worksheets/sheet1.xml"


def reach(cells: bytes, *, filled: bool = False) -> int:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr(PART, b"<worksheet><cols/><sheetData>" + cells + b"</sheetData></worksheet>")
    with zipfile.ZipFile(target) as package:
        return _reach(package, PART, _FILLED if filled else _NAMED)


@pytest.mark.parametrize(
    "far",
    [
        b'<c r="XFD1048576"><v>1</v></c>',
        b"<c r='XFD1048576'><v>1</v></c>",
        b'<c\tr="XFD1048576"><v>1</v></c>',
        b'<c\nr = "XFD1048576"><v>1</v></c>',
        b'<c s="1" r="XFD1048576"><v>1</v></c>',
        b'<c r ="XFD1048576" s="1"/>',
        b'<x:c r="XFD1048576"><v>1</v></x:c>',
        b'<x:c\ns="1"\nr="XFD1048576"><v>1</v></x:c>',
    ],
)
def test_a_far_cell_is_seen_however_it_is_written(far: bytes) -> None:
    assert reach(b'<c r="A1"><v>1</v></c>' + far) >= 16384 * 1048576


@pytest.mark.parametrize(
    "nameless",
    [b"<c><v>1</v></c>", b'<c s="1"><v>1</v></c>', b"<x:c><v>1</v></x:c>", b'<c r="&#88;FD1048576"/>'],
)
@pytest.mark.parametrize("others", [b"", b'<c r="A1"><v>1</v></c>'])
def test_a_cell_that_does_not_name_its_place_may_be_anywhere(nameless: bytes, others: bytes) -> None:
    assert reach(others + nameless) == _ANYWHERE
    assert reach(nameless + others) == _ANYWHERE


def test_reach_is_the_rectangle_round_all_cells_and_nothing_for_none() -> None:
    assert reach(b'<c r="B2"><v>1</v></c><c r="AA11" s="3"/>') == 26 * 10
    assert reach(b'<c r="B2"><v>1</v></c><c r="AA11" s="3"/>', filled=True) == 1
    assert reach(b"") == 0


def test_a_cell_across_two_chunks_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.extract.sheet._CHUNK_BYTES", 7)
    assert reach(b'<c r="A1"><v>1</v></c><c r="C3"><v>1</v></c>') == 9


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (3.0, "3"),
        (-0.0, "0"),
        (20260305.0, "20260305"),
        (0.1, "0.1"),
        (9007199254740993.0, "9007199254740992"),
        (1e16, "1e+16"),
        (-12.0, "-12"),
    ],
)
def test_numbers_are_written_short(number: float, written: str) -> None:
    assert _number(number) == written
    assert _cell(number) == written


@pytest.mark.parametrize(
    ("cells", "near"),
    [
        (b'<cols><col min="1"/></cols><c r="A1"/><c r="Z99999" s="3"><v>1</v></c>', True),
        (b'<c r="A1"/><c r="AA1"/>', False),
        (b'<c r="A1"/><c r="A100000"/>', False),
        (b'<c r="A1"/><c s="1" r="A2"/>', False),
        (b'<c r="A1"/><c  r="A2"/>', False),
        (b"<c r='A1'/>", False),
        (b'<c r="A1"/><c><v>1</v></c>', False),
        (b'<c r="A1"/><c/>', False),
        (b'<x:c r="A1"/>', False),
        (b"", True),
    ],
)
def test_only_cells_that_surely_are_near_are_taken_for_near(cells: bytes, near: bool) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("sheet.xml", cells)
    with zipfile.ZipFile(target) as package:
        assert _all_near(package, "sheet.xml") is near


class _Rows:
    """Stands for calamine's sheet."""

    def __init__(self, *rows: list[object]) -> None:
        self._rows = rows

    def iter_rows(self) -> object:
        """As calamine gives them."""
        return iter(self._rows)


def test_a_row_is_a_line_whatever_its_cells_hold() -> None:
    rows = _Rows(
        ["一\n二", 3.0, True, ""], ["甲\t乙", "丙", None], ["", 1, "末"], [-0.0, date(2026, 3, 5), "\0丁"], []
    )
    assert _text_of(rows, 1000) == "一 二\t3\tTRUE\n甲 乙\t丙\n\t1\t末\n0\t2026-03-05\t丁"  # type: ignore[arg-type]
