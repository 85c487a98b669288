"""Members that are inflated at once are what zipfile reads; damage is found as zipfile finds it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from indexer.extract.quickzip import QuickZip

CONTENT = "督导报告".encode() * 50


def packed(
    target: Path, name: str = "a.xml", how: int = zipfile.ZIP_DEFLATED, content: bytes = CONTENT
) -> Path:
    with zipfile.ZipFile(target, "w", how) as package:
        package.writestr(name, content)
    return target


@pytest.mark.parametrize("name", ["a.xml", "上报材料.xml", "?.xml"])
@pytest.mark.parametrize("how", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_LZMA])
@pytest.mark.parametrize("content", [CONTENT, b""], ids=["text", "nothing"])
def test_any_member_reads_as_zipfile_reads_it(tmp_path: Path, name: str, how: int, content: bytes) -> None:
    path = packed(tmp_path / "x.zip", name, how, content)
    with QuickZip(path) as package:
        assert package.read(name) == content
        assert package.read(package.getinfo(name)) == content


def test_an_ordinary_member_goes_the_short_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile.ZipFile, "read", None)
    with QuickZip(packed(tmp_path / "x.zip")) as package:
        assert package.read("a.xml") == CONTENT


def test_a_package_behind_other_bytes_is_read(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.zip")
    path.write_bytes(b"MZ" * 40 + path.read_bytes())
    with QuickZip(path) as package:
        assert package.read("a.xml") == CONTENT


def _flip(data: bytes, at: int) -> bytes:
    return data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]


@pytest.mark.parametrize("at", [0, 30, 40, 60, -57], ids=["mark", "name", "content", "later", "checksum"])
def test_damage_gives_what_zipfile_gives(tmp_path: Path, at: int) -> None:
    path = packed(tmp_path / "x.zip")
    path.write_bytes(_flip(path.read_bytes(), at % path.stat().st_size))
    outcomes = []
    for kind in (zipfile.ZipFile, QuickZip):
        try:
            with kind(path) as package:
                outcomes.append(repr(package.read("a.xml")))
        except Exception as fault:
            outcomes.append(repr(fault))
    assert outcomes[0] == outcomes[1]
    assert outcomes[0] != repr(CONTENT)


def test_a_member_that_promises_less_than_it_holds_is_cut_there(tmp_path: Path) -> None:
    path = packed(tmp_path / "x.zip")
    data = path.read_bytes()
    size = len(CONTENT).to_bytes(4, "little")
    path.write_bytes(data.replace(size, (len(CONTENT) - 1).to_bytes(4, "little")))
    with QuickZip(path) as package, pytest.raises(zipfile.BadZipFile):
        package.read("a.xml")


def test_a_name_that_is_not_there_is_a_key_error(tmp_path: Path) -> None:
    with QuickZip(packed(tmp_path / "x.zip")) as package, pytest.raises(KeyError):
        package.read("b.xml")
