"""Old and binary workbooks: cells whatever the file is called, comments, reach, locks and damage."""

from __future__ import annotations

import shutil
import struct
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from indexer.extract import extract
from indexer.extract.xls import _Records
from indexer.model import Limits, Passage, State
from indexer.workers import WorkerPool
from tests.indexer.extract.compounds import write_compound
from tests.indexer.extract.conversions import converted


def record(kind: int, content: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(content)) + content


def written(folder: Path) -> Path:
    made = openpyxl.Workbook()
    first, second = made.worksheets[0], made.create_sheet("远处")
    first.title = "教师"
    for row in (("姓名", "编号"), ("李静", 1024), (None, 0.5)):
        first.append(row)
    first["A2"].comment = Comment("编制待核实", "周明远")
    second["C9"] = "合计"
    made.properties.creator, made.properties.title = "周明远", "教师表"
    made.save(folder / "表.xlsx")
    return folder / "表.xlsx"


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory, need_program: Callable[[str], str]) -> Path:
    return converted(written(tmp_path_factory.mktemp("旧表")), "xls", need_program)


@pytest.mark.parametrize("name", ["表.xls", "表.et", "表.xlsx", "表.doc", "表"])
def test_an_old_workbook_is_read_whatever_it_is_called(old: Path, tmp_path: Path, name: str) -> None:
    found = extract(Path(shutil.copy(old, tmp_path / name)), Limits())
    assert found.passages[:2] == (
        Passage("姓名\t编号\n李静\t1024\n\t0.5", label="教师", cell="A1"),
        Passage("合计", label="远处", cell="C9"),
    )
    assert [(one.label, "编制待核实" in one.text) for one in found.passages[2:]] == [("批注", True)]
    assert (found.facts.author, found.facts.title) == ("周明远", "教师表")


def test_a_new_workbook_named_xls_is_read(tmp_path: Path) -> None:
    found = extract(written(tmp_path).rename(tmp_path / "表.xls"), Limits())
    assert found.passages[0] == Passage("姓名\t编号\n李静\t1024\n\t0.5", label="教师", cell="A1")


def test_a_sheet_that_reaches_too_far_is_refused(old: Path) -> None:
    found = extract(old, Limits(sheet_cells=1))
    assert (found.state, found.passages) == (State.REFUSED, ())
    assert "4 个单元格" in found.reason


def test_reach_counts_the_rectangles_of_all_sheets() -> None:
    cell = record(0x203, struct.pack("<HHHd", 9, 3, 0, 1.0))
    many = record(0xBD, struct.pack("<HH", 0, 5) + bytes(6 * 3) + struct.pack("<H", 7))
    sheet = record(0x809, bytes(16)) + cell + many + record(0x0A)
    assert _Records(sheet * 2).reach == 2 * 10 * 5
    assert _Records(record(0x201, struct.pack("<HHH", 65535, 255, 0)) + record(0x0A)).reach == 0


def test_texts_of_shapes_are_read_across_records() -> None:
    note = record(0x5D, bytes(4) + b"\x19\0" + bytes(12))
    head = record(0x1B6, bytes(10) + struct.pack("<HH", 5, 0) + bytes(4))
    text = record(0x3C, b"\1" + "核实".encode("utf-16-le")) + record(0x3C, b"\0abc")
    after = record(0x3C, b"\0" + bytes(15))
    box = (
        record(0x5D, bytes(4) + b"\6\0" + bytes(12))
        + head
        + record(0x3C, b"\1" + "框里的字了".encode("utf-16-le"))
    )
    assert _Records(note + head + text + after + box).passages() == [
        Passage("核实abc", label="批注"),
        Passage("框里的字了", label="文本框"),
    ]


def test_a_locked_workbook_says_so(tmp_path: Path) -> None:
    stream = record(0x809, struct.pack("<HH", 0x600, 5) + bytes(12)) + record(0x2F, b"\1\0" + bytes(52))
    found = extract(write_compound(tmp_path / "锁.xls", {"Workbook": stream}), Limits())
    assert (found.state, found.passages) == (State.ENCRYPTED, ())


def binary(kind: int, content: bytes = b"") -> bytes:
    """A record of .xlsb; numbers of seven bits a byte."""
    marks = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return marks + bytes([len(content) & 0x7F | 0x80, len(content) >> 7]) + content


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def binary_workbook(target: Path, cells: list[tuple[int, int, str]]) -> Path:
    rows = b"".join(
        binary(0, struct.pack("<II", row, 0) + bytes(9))
        + binary(6, struct.pack("<II", column, 0) + wide(text))
        for row, column, text in cells
    )
    last = max((row for row, _, _ in cells), default=0), max((column for _, column, _ in cells), default=0)
    size = binary(148, struct.pack("<IIII", 0, last[0], 0, last[1]))
    sheet = binary(129) + size + binary(145) + rows + binary(146) + binary(130)
    book = binary(131) + binary(143) + binary(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("教师"))
    kinds = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    link = f'<Relationship Id="rId1" Type="{kinds}/worksheet" Target="worksheets/sheet1.bin"/>'
    space = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(target, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr(
            "xl/_rels/workbook.bin.rels", f'<Relationships xmlns="{space}">{link}</Relationships>'
        )
        package.writestr("xl/workbook.bin", book + binary(144) + binary(132))
        package.writestr("xl/worksheets/sheet1.bin", sheet)
    return target


def test_a_binary_workbook_is_read(tmp_path: Path) -> None:
    path = binary_workbook(tmp_path / "表.xlsb", [(0, 0, "姓名"), (0, 1, "编号"), (2, 1, "李静")])
    assert extract(path, Limits()).passages == (Passage("姓名\t编号\n\n\t李静", label="教师", cell="A1"),)
    assert extract(path.rename(tmp_path / "表.xls"), Limits()).state is State.INDEXED


def test_a_binary_workbook_that_reaches_too_far_is_refused(tmp_path: Path) -> None:
    path = binary_workbook(tmp_path / "表.xlsb", [(0, 0, "甲"), (1_048_575, 16_383, "乙")])
    found = extract(path, Limits())
    assert (found.state, found.passages) == (State.REFUSED, ())
    assert "单元格" in found.reason
    assert extract(binary_workbook(path, []), Limits()).state is State.EMPTY


@pytest.fixture(scope="module")
def pool() -> Iterator[WorkerPool]:
    with WorkerPool(Limits(), size=1) as one:
        yield one


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), max_size=12), st.booleans())
def test_damage_ends_in_a_state(
    pool: WorkerPool, old: Path, tmp_path: Path, flips: list[tuple[int, int]], old_kind: bool
) -> None:
    """In a worker, as files are read: a flipped length may ask for more memory than there is."""
    binary_workbook(tmp_path / "表.xlsb", [(0, 0, "姓名"), (2, 1, "李静")])
    data = bytearray(old.read_bytes() if old_kind else (tmp_path / "表.xlsb").read_bytes())
    for at, byte in flips:
        data[at % len(data)] = byte
    (tmp_path / "坏.xls").write_bytes(data)
    ((_, found),) = pool.extract_all([("", tmp_path / "坏.xls")])
    assert found.passages or (found.reason and found.remedy)


@given(st.binary(max_size=200))
def test_any_records_are_walked_to_the_end(data: bytes) -> None:
    assert _Records(data).reach >= 0
