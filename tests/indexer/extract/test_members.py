"""Files inside a ZIP: their names as the maker saw them, each read under limits of its own."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract import extract, zips
from indexer.extract.endings import Unreadable
from indexer.extract.listing import LIST_LABEL, clean
from indexer.extract.members import Unpacker
from indexer.model import Limits, Passage, State


def packed(target: Path, files: dict[str, bytes], *, encoding: str | None = None) -> Path:
    """A ZIP; with ``encoding`` its names are written in it without the UTF-8 flag, as old programs do."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    data = buffer.getvalue()
    if encoding:
        for name in files:
            old, new = name.encode(), name.encode(encoding)
            assert len(new) <= len(old)
            data = renamed(data, old, new)
    target.write_bytes(data)
    return target


def renamed(data: bytes, old: bytes, new: bytes) -> bytes:
    """The package with one name replaced in both headers, the flag taken back, offsets put right."""
    files = []
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for info in package.infolist():
            raw = info.filename.encode() if info.flag_bits & 0x800 else info.filename.encode("cp437")
            files.append((raw, info.flag_bits & 0x800, package.read(info)))
    out, central = io.BytesIO(), io.BytesIO()
    for raw, flag, content in files:
        name = new if raw == old else raw
        flag = 0 if raw == old else flag
        crc, size, at = zlib.crc32(content), len(content), out.tell()
        head = struct.pack("<HHHHHIIIHH", 20, flag, 0, 0, 33, crc, size, size, len(name), 0)
        out.write(b"PK\x03\x04" + head + name + content)
        entry = struct.pack(
            "<HHHHHHIIIHHHHHII", 20, 20, flag, 0, 0, 33, crc, size, size, len(name), 0, 0, 0, 0, 0, at
        )
        central.write(b"PK\x01\x02" + entry + name)
    start, length = out.tell(), central.tell()
    out.write(central.getvalue())
    out.write(b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, len(files), len(files), length, start, 0))
    return out.getvalue()


def listed(path: Path) -> list[str]:
    return [member.name for member in extract(path, Limits()).members]


def content(path: Path, *inside: int, folder: Path) -> bytes:
    with Unpacker(folder, Limits()).member(path, inside) as file:
        return file.read_bytes()


NAMES = {"迎检/安全责任状.txt": b"1", "迎检/食堂/陪餐记录表.docx": b"2", "经费.txt": b"3"}


@pytest.mark.parametrize("encoding", [None, "gb18030", "utf-8"])
def test_names_come_out_as_they_were_written(tmp_path: Path, encoding: str | None) -> None:
    found = extract(packed(tmp_path / "包.zip", NAMES, encoding=encoding), Limits())
    assert [(one.position, one.name, one.size_bytes) for one in found.members] == [
        (at, name, 1) for at, name in enumerate(NAMES)
    ]
    assert found.passages == (Passage("\n".join(NAMES), label=LIST_LABEL),)
    assert found.state is State.INDEXED


def test_big5_names_and_the_unicode_field(tmp_path: Path) -> None:
    names = {"學校標準化建設評估報告.txt": b"1", "經費決算說明與統計資料.txt": b"2"}
    assert listed(packed(tmp_path / "包.zip", names, encoding="big5")) == list(names)
    with zipfile.ZipFile(tmp_path / "域.zip", "w") as package:
        info = zipfile.ZipInfo("a.txt")
        name = "督导通知.txt".encode()
        info.extra = struct.pack("<HHBI", 0x7075, 5 + len(name), 1, 0) + name
        package.writestr(info, b"x")
    assert listed(tmp_path / "域.zip") == ["督导通知.txt"]


def test_folders_and_litter_are_no_members_and_names_lead_nowhere(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "包.zip", "w") as package:
        for name in (
            "空/",
            "__MACOSX/._a.txt",
            ".DS_Store",
            "../../逃.txt",
            "/根.txt",
            "C:\\盘.txt",
            "a.txt",
        ):
            package.writestr(name, b"x")
        with pytest.warns(UserWarning, match="Duplicate"):
            package.writestr("a.txt", b"y")
    found = extract(tmp_path / "包.zip", Limits())
    assert [one.name for one in found.members] == ["逃.txt", "根.txt", "盘.txt", "a.txt", "a(2).txt"]
    assert content(tmp_path / "包.zip", found.members[-1].position, folder=tmp_path) == b"y"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["包.zip"]


@given(st.text(max_size=40))
def test_a_cleaned_name_never_leads_out(name: str) -> None:
    cleaned = clean(name)
    assert cleaned
    assert not cleaned.startswith("/")
    assert ".." not in cleaned.split("/")
    assert "\\" not in cleaned


def test_members_of_members_are_reached_and_nothing_is_left(tmp_path: Path) -> None:
    inner = packed(tmp_path / "内.zip", {"甲.txt": b"deep", "乙.txt": b"deeper"}).read_bytes()
    outer = packed(tmp_path / "外.zip", {"说明.txt": b"top", "附件/内.zip": inner})
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    unpacker = Unpacker(scratch, Limits())
    for inside, text in (((0,), b"top"), ((1, 0), b"deep"), ((1, 1), b"deeper"), ((1,), inner)):
        with unpacker.member(outer, inside) as file:
            assert file.read_bytes() == text
            assert file.suffix == (".zip" if inside == (1,) else ".txt")
    assert len(list(scratch.iterdir())) == 1, "only the inner package is kept for the next"


@pytest.mark.parametrize(
    ("limits", "words"),
    [(Limits(zip_members=2), "最多 2 个"), (Limits(zip_total_bytes=2), "解开后超过")],
)
def test_a_package_too_large_is_refused_whole(tmp_path: Path, limits: Limits, words: str) -> None:
    found = extract(packed(tmp_path / "包.zip", NAMES), limits)
    assert (found.state, words in found.reason) == (State.REFUSED, True)


def test_a_member_too_large_is_refused_alone(tmp_path: Path) -> None:
    package = packed(tmp_path / "包.zip", {"大.txt": bytes(3_000_000), "小.txt": b"x"})
    assert len(listed(package)) == 2
    with pytest.raises(Unreadable) as refused:
        content(package, 0, folder=tmp_path)
    assert (refused.value.state, "压缩比" in refused.value.reason) == (State.REFUSED, True)
    assert content(package, 1, folder=tmp_path) == b"x"


def test_encrypted_members_are_told_and_the_others_read(tmp_path: Path) -> None:
    data = bytearray(packed(tmp_path / "包.zip", {"密.txt": b"x", "明.txt": b"y"}).read_bytes())
    for mark, flag_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flag_at] |= 1
    (tmp_path / "包.zip").write_bytes(data)
    assert listed(tmp_path / "包.zip") == ["密.txt", "明.txt"]
    with pytest.raises(Unreadable) as locked:
        content(tmp_path / "包.zip", 0, folder=tmp_path)
    assert locked.value.state is State.ENCRYPTED
    assert content(tmp_path / "包.zip", 1, folder=tmp_path) == b"y"


def test_a_wholly_encrypted_package_still_tells_its_names(tmp_path: Path) -> None:
    data = bytearray(packed(tmp_path / "包.zip", {"密.txt": b"x"}).read_bytes())
    for mark, flag_at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + flag_at] |= 1
    (tmp_path / "包.zip").write_bytes(data)
    found = extract(tmp_path / "包.zip", Limits())
    assert (found.state, found.passages[0].text, found.members) == (State.ENCRYPTED, "密.txt", ())


@given(st.data())
def test_damage_never_ends_in_anything_unnamed(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("damage")
    whole = bytearray(packed(folder / "包.zip", NAMES).read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    (folder / "坏.zip").write_bytes(whole)
    endings: list[Unreadable] = []
    try:
        for member in zips.read(folder / "坏.zip", Limits()).members:
            content(folder / "坏.zip", member.position, folder=folder)
    except Unreadable as ending:
        endings.append(ending)
    assert all(ending.reason and ending.remedy for ending in endings)
