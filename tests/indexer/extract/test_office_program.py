"""Files of long ago are read through LibreOffice; without it they are refused with a way round."""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.extract import extract, office_program
from indexer.extract.office_program import _mended
from indexer.extract.sniff import Kind, kind_of
from indexer.model import Limits, State
from indexer.workers import WorkerPool

REPORT = "浙江省督导报告：全县义务教育均衡发展，学校达标。"


def record(number: int, data: bytes) -> bytes:
    return struct.pack("<HH", number, len(data)) + data


def old_sheet(version: int, rows: Sequence[Sequence[str | float]]) -> bytes:
    """A worksheet of Excel 2, 3 or 4, texts in GBK."""
    high = {2: 0, 3: 0x200, 4: 0x400}[version]
    begin = struct.pack("<HH", version, 0x10) + bytes(2 if version > 2 else 0)
    out = record(0x09 | high, begin) + record(0x42, struct.pack("<H", 936))
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            text = cell.encode("gbk") if isinstance(cell, str) else None
            number = struct.pack("<d", 0.0 if text is not None else cell)
            place = struct.pack("<HH", at, column) + bytes(3 if version == 2 else 2)
            if text is None:
                out += record(0x03 if version == 2 else 0x203, place + number)
            else:
                length = bytes([len(text)]) if version == 2 else struct.pack("<H", len(text))
                out += record(0x04 if version == 2 else 0x204, place + length + text)
    return out + record(0x0A, b"")


def letter(text: str, encoding: str = "gbk") -> bytes:
    """A document of Windows Write: a header, the text, a page of formatting for runs, one for paragraphs."""
    content = text.replace("\n", "\r\n").encode(encoding)
    end = 128 + len(content)
    pages = (end + 127) // 128
    header = struct.pack("<HHH8xI6H", 0xBE31, 0, 0xAB00, end, pages + 1, *[pages + 2] * 5)
    header = (header.ljust(96, b"\0") + struct.pack("<H", pages + 2)).ljust(128, b"\0")
    formatting = (struct.pack("<IIH", 128, end, 0xFFFF)).ljust(127, b"\0") + b"\1"
    return header + content.ljust((pages - 1) * 128, b"\0") + formatting * 2


def texts(path: Path) -> list[tuple[str, str]]:
    found = extract(path, Limits())
    assert found.state is State.INDEXED, found.reason
    return [(passage.label, passage.text) for passage in found.passages]


@pytest.mark.parametrize("version", [2, 3, 4])
def test_sheets_before_workbooks(tmp_path: Path, version: int, need_program: Callable[[str], str]) -> None:
    need_program("soffice")
    path = tmp_path / "台账.xls"
    path.write_bytes(old_sheet(version, [["学校", "人数"], ["第一中学", 1234.0]]))
    assert kind_of(path) is Kind.AGED
    label = "" if version == 2 else "Sheet1"
    assert texts(path) == [(label, "学校\t人数\n第一中学\t1234")]


@pytest.mark.parametrize("encoding", ["gbk", "big5hkscs"])
def test_letters_of_windows_write(tmp_path: Path, encoding: str, need_program: Callable[[str], str]) -> None:
    need_program("soffice")
    said = REPORT if encoding == "gbk" else "督導報告：全縣義務教育均衡發展，學校情況與說明。"
    path = tmp_path / "报告.wri"
    path.write_bytes(letter(said + "\n", encoding))
    assert kind_of(path) is Kind.AGED
    assert texts(path) == [("", said)]


def test_works(shared: Path, need_program: Callable[[str], str]) -> None:
    need_program("soffice")
    path = shared / "data" / "files" / "tika__testWORKSWordProcessor3.0.wps"
    assert "example document made with Microsoft Works" in texts(path)[0][1]


def test_a_cut_off_letter_is_corrupt(tmp_path: Path, need_program: Callable[[str], str]) -> None:
    need_program("soffice")
    path = tmp_path / "报告.wri"
    path.write_bytes(letter(REPORT)[:128])
    assert extract(path, Limits()).state is State.CORRUPT


def test_nothing_of_the_program_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_program, "program", lambda: "/bin/false")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    path = tmp_path / "报告.wri"
    path.write_bytes(letter(REPORT))
    assert extract(path, Limits()).state is State.CORRUPT
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name != "posix", reason="the stand-in is a shell script")
def test_a_program_that_hangs_ends_with_its_worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started, scratch = tmp_path / "started", tmp_path / "scratch"
    stand_in = tmp_path / "soffice"
    stand_in.write_text(f"#!/bin/sh\necho $$ > '{started}'\nsleep 600\n", "utf-8")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    path = tmp_path / "报告.wri"
    path.write_bytes(letter(REPORT))
    with WorkerPool(replace(Limits(), wall_seconds=8.0), size=1, scratch=scratch) as pool:
        ((_, found),) = pool.extract_all([("", path)])
    assert found.state is State.REFUSED
    assert "8 秒" in found.reason
    assert not scratch.exists()
    deadline = time.monotonic() + 15
    while Path("/proc", started.read_text("ascii").strip()).exists():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_without_libreoffice_there_is_a_way_round(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(office_program, "_WINDOWS_PLACES", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "报告.wri"
    path.write_bytes(letter(REPORT))
    found = extract(path, Limits())
    assert found.state is State.REFUSED
    assert "LibreOffice" in found.remedy
    assert "docx" in found.remedy


@pytest.mark.parametrize(
    ("western", "meant"),
    [
        (REPORT.encode("gbk").decode("cp1252"), REPORT),
        ("L'école à été créée à Paris; où ça ?", "L'école à été créée à Paris; où ça ?"),
        ("plain", "plain"),
        (REPORT, REPORT),
        ("", ""),
    ],
)
def test_chinese_taken_for_western_letters_is_mended(western: str, meant: str) -> None:
    assert _mended(western) == meant
