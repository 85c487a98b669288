"""Workbooks whose cells lie far apart are read like any other, at the price of their filled cells."""

from __future__ import annotations

import time
import tracemalloc
import zipfile
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path

import openpyxl
import pytest

from indexer.extract import extract, sheet, sparse_sheet
from indexer.extract.cellvalues import EPOCH, EPOCH_1904, moment, place_of, shape_of, unescaped
from indexer.extract.endings import Unreadable
from indexer.model import Limits, Passage, State

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def with_sheet(target: Path, rows: str, *, dimension: str = "A1:XFD1048576") -> Path:
    """A workbook whose first sheet's XML holds just these rows."""
    workbook = openpyxl.Workbook()
    workbook.create_sheet("其他")["B2"] = "旁边的表"
    workbook.worksheets[0].title = "汇总"
    workbook.worksheets[0]["A1"] = datetime(2026, 3, 5)  # cell format 1 is a date
    workbook.save(target)
    with zipfile.ZipFile(target) as package:
        members = {name: package.read(name) for name in package.namelist()}
    members["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{MAIN}"><dimension ref="{dimension}"/><sheetData>{rows}</sheetData></worksheet>'
    ).encode()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return target


FAR = '<c r="XFD1048576" t="inlineStr"><is><t>最后一格</t></is></c>'


def test_two_cells_in_far_corners_are_read(tmp_path: Path) -> None:
    rows = f'<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576">{FAR}</row>'
    tracemalloc.start()
    begun = time.perf_counter()
    found = extract(with_sheet(tmp_path / "远.xlsx", rows), Limits())
    assert time.perf_counter() - begun < 2
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()
    assert found.passages == (Passage("7\n最后一格", label="汇总"), Passage("旁边的表", label="其他"))
    assert (found.state, found.reason) == (State.INDEXED, "")


def test_cells_of_every_type_out_of_order(tmp_path: Path) -> None:
    rows = (
        f'<row r="1048576">{FAR}</row><row r="3"><c r="C3" t="b"><v>1</v></c><c r="A3" t="str"><f>A1</f>'
        '<v>公式_x000D_字</v></c><c r="D3" t="e"><v>#N/A</v></c><c r="B3" s="1"><v>46086</v></c></row>'
        '<row r="1"><c t="inlineStr"><is><r><t>无</t></r><r><t>址</t></r><rPh><t>wu</t></rPh></is></c>'
        '<c><v>12.5</v></c><c s="0"/><c r="E1" t="s"><v>999</v></c><c r="F1"><v>不是数</v></c></row>'
    )
    (first, _) = extract(with_sheet(tmp_path / "远.xlsx", rows), Limits()).passages
    assert first.text == "无址\t12.5\t不是数\n公式\r字\t2026-03-05\tTRUE\n最后一格"


def test_too_many_filled_cells_are_refused_by_name(tmp_path: Path) -> None:
    rows = '<row r="1">' + "<c><v>1</v></c>" * 50 + f'</row><row r="1048576">{FAR}</row>'
    target = with_sheet(tmp_path / "远.xlsx", rows)
    assert extract(target, Limits(sheet_cells=51)).state is State.INDEXED
    refused = extract(target, Limits(sheet_cells=50))
    assert (refused.state, "超过 50 个" in refused.reason) == (State.REFUSED, True)


def test_text_stops_at_the_limit_of_characters(tmp_path: Path) -> None:
    rows = "".join(f'<row r="{at}"><c><v>{at}</v></c></row>' for at in range(1, 5000))
    found = extract(
        with_sheet(tmp_path / "远.xlsx", f'{rows}<row r="1048576">{FAR}</row>'), Limits(text_chars=100)
    )
    assert sum(len(passage.text) for passage in found.passages) == 100
    assert "只收录了前 100 字" in found.reason


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (f'<row r="1"><c r="A1"><v>1</v></c></row><row>{FAR}', "XML"),
        (f'<row r="1"><c r="A1"><v>1</v></c></row><row>{FAR}</row></sheetData></worksheet>', "XML"),
    ],
)
def test_damage_is_damage(tmp_path: Path, rows: str, words: str) -> None:
    found = extract(with_sheet(tmp_path / "坏.xlsx", rows), Limits())
    assert (found.state, words in found.reason) == (State.CORRUPT, True)


def test_a_workbook_without_sheets_is_damage(tmp_path: Path) -> None:
    target = with_sheet(tmp_path / "空.xlsx", "")
    with zipfile.ZipFile(target) as package:
        members = {name: package.read(name) for name in package.namelist() if name != "xl/workbook.xml"}
    with zipfile.ZipFile(target, "w") as package:
        for name, content in members.items():
            package.writestr(name, content)
    with pytest.raises(Unreadable, match="没有登记工作表"):
        list(sparse_sheet.passages_of(target, Limits(), str))


FORMATS = (
    *("General", "0", "0.00%", "#,##0.00", "mm-dd-yy", "d-mmm-yy", "h:mm:ss", "m/d/yy h:mm", "[h]:mm:ss"),
    *('yyyy"年"m"月"d"日"', '"共"0"天"', "[Red]0.0", '[$-804]yyyy"年"', "0.00E+00", "@", "[mm]:ss", "mmss.0"),
    *("0_);[Red]\\(0\\)", "[DBNum1][$-804]General", 'G/通用格式"元"', "\\d0", '上午/下午h"时"mm"分"'),
)


def test_both_readers_show_numbers_and_times_the_same(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    page = workbook.worksheets[0]
    for row, code in enumerate(FORMATS, 1):
        for column, value in enumerate(
            (1, 0.25, 0, 45000, 45000.5, 45000.123456, 59, 60, 61, 1.5, 20260305), 1
        ):
            page.cell(row, column, value).number_format = code
    page["A60"], page["B60"], page["C60"] = "甲\n乙", True, timedelta(hours=30)
    workbook.save(tmp_path / "表.xlsx")
    usual = sheet.read(tmp_path / "表.xlsx", Limits()).passages
    own = tuple(sparse_sheet.passages_of(tmp_path / "表.xlsx", Limits(), sheet._cell))
    assert [line.split("\t") for line in own[0].text.split("\n")] == [
        [cell for cell in line.split("\t") if cell] for line in usual[0].text.split("\n") if line
    ]


def test_both_readers_read_real_workbooks_the_same(shared: Path) -> None:
    compared, different = 0, []
    for path in sorted((shared / "data" / "files").glob("*.xls[xm]")):
        try:
            usual = sheet.read(path, Limits()).passages
        except Unreadable:
            continue
        own = tuple(sparse_sheet.passages_of(path, Limits(), sheet._cell))
        side = {"批注", "文本框"}
        if [filled(one) for one in usual if one.label not in side] != [filled(one) for one in own]:
            different.append(path.name)
        compared += 1
    assert compared >= 20
    assert different == []


def filled(passage: Passage) -> tuple[str, list[str]]:
    return passage.label, [cell for cell in passage.text.replace("\n", "\t").split("\t") if cell.strip()]


@pytest.mark.parametrize(
    ("number", "code", "shape"),
    [
        ("14", None, "date"),
        ("46", None, "duration"),
        ("9", None, ""),
        ("99999999999", None, ""),
        ("170", "[h]:mm", "duration"),
        ("170", '"day"0', ""),
        ("170", "[Red]0;yyyy", ""),
        ("14", "0.00", ""),
    ],
)
def test_a_number_format_tells_what_it_shows(number: str, code: str | None, shape: str) -> None:
    assert shape_of(number, code) == shape


@pytest.mark.parametrize(
    ("number", "shape", "epoch", "value"),
    [
        (46086.0, "date", EPOCH, date(2026, 3, 5)),
        (44624.0, "date", EPOCH_1904, date(2026, 3, 5)),
        (0.75, "date", EPOCH, clock(18)),
        (1.5, "duration", EPOCH, timedelta(hours=36)),
        (-3.0, "date", EPOCH, -3.0),
        (1e300, "date", EPOCH, 1e300),
    ],
)
def test_a_serial_number_is_the_time_it_stands_for(
    number: float, shape: str, epoch: datetime, value: object
) -> None:
    assert moment(number, shape, epoch) == value


def test_places_and_escapes() -> None:
    assert [place_of(told, (0, 0)) for told in ("A1", "XFD1048576", "ZZZ1", "A", "1", "", "甲1")] == [
        (1, 1),
        (1_048_576, 16_384),
        (1, 16_384),
        *[(0, 0)] * 4,
    ]
    assert unescaped("甲_x0041__x005F_x0042_") == "甲A_x0042_"
