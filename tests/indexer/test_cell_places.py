"""A hit in a workbook says in which cell it stands."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from indexer import MARKER_NAME, ArchiveIndex, Limits, Passage
from indexer.excerpts import excerpts
from indexer.extract import extract
from indexer.extract.cellvalues import cell_name, place_of
from indexer.query import parse
from tests.indexer.extract.conversions import converted

PLACES = st.dictionaries(
    st.tuples(st.integers(1, 60), st.integers(1, 40)), st.booleans(), min_size=1, max_size=12
)


def word(number: int) -> str:
    return "标" + "".join("甲乙丙丁戊己庚辛壬癸"[int(digit)] for digit in f"{number:03}") + "记"


def saved(path: Path, cells: dict[str, str]) -> Path:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "台账"
    for place, value in cells.items():
        sheet[place] = value
    workbook.save(path)
    return path


def told(path: Path, query: str) -> list[tuple[str, str]]:
    found = excerpts(extract(path, Limits()).passages, parse(query))
    return [(one.label, one.cell) for one in found]


@settings(max_examples=30, deadline=None)
@given(places=PLACES)
def test_every_word_is_told_in_its_own_cell(places: dict[tuple[int, int], bool]) -> None:
    cells: dict[str, str] = {
        f"{get_column_letter(column)}{row}": f"前\n后\t{word(at)}" if broken else word(at)
        for at, ((row, column), broken) in enumerate(places.items())
    }
    with tempfile.TemporaryDirectory() as folder:
        path = saved(Path(folder) / "台账.xlsx", cells)
        for at, place in enumerate(cells):
            assert told(path, word(at)) == [("台账", place)]


@pytest.mark.parametrize("name", ["台账.xls", "台账.et"])
def test_older_workbooks_tell_it_too(tmp_path: Path, name: str, need_program: Callable[[str], str]) -> None:
    path = saved(tmp_path / "台账.xlsx", {"C5": "控辍保学", "E8": "劝返"})
    old = converted(path, "xls:MS Excel 97", need_program).rename(tmp_path / name)
    assert told(old, "劝返") == [("台账", "E8")]


@given(row=st.integers(1, 1_048_576), column=st.integers(1, 16_384))
def test_names_of_cells_are_read_back(row: int, column: int) -> None:
    assert place_of(cell_name(row, column), (0, 0)) == (row, column)
    assert cell_name(row, column) == f"{get_column_letter(column)}{row}"


def test_other_texts_tell_no_cell() -> None:
    (found,) = excerpts([Passage("第一行\n控辍\t保学", label="附表")], parse("保学"))
    assert found.cell == ""


def test_the_cell_is_kept_and_told(tmp_path: Path) -> None:
    root = tmp_path / "档案"
    root.mkdir()
    (root / MARKER_NAME).touch()
    saved(root / "台账.xlsx", {"B2": "问题", "D12": "消防通道堵塞"})
    with ArchiveIndex.open(root, tmp_path / "库") as index:
        index.sync()
        (hit,) = index.search("通道堵塞").hits
        assert [(one.label, one.cell) for one in hit.excerpts] == [("台账", "D12")]
        assert index.text_of("台账.xlsx")[0].cell == "B2"
