"""RAR and 7z through bsdtar: names, contents, encryption; without the program a remedy."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from indexer import ArchiveIndex
from indexer.extract import bsdtar, extract
from indexer.extract.endings import Unreadable
from indexer.extract.listing import LIST_LABEL
from indexer.extract.members import Unpacker
from indexer.model import Limits, Member, Passage, State
from indexer.scan import MARKER_NAME

FILES = {"安全 [1].txt": "门卫值守".encode(), "食堂/陪餐*.txt": "陪餐记录".encode("gb18030"), "空.txt": b""}


@pytest.fixture
def packed(tmp_path: Path, need_program: Callable[[str], str]) -> Path:
    """A 7z made by bsdtar itself, of files whose names hold blanks, brackets and stars."""
    source = tmp_path / "源"
    for name, content in FILES.items():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(content)
    target = tmp_path / "包.7z"
    program = need_program("bsdtar")
    subprocess.run([program, "--format=7zip", "-cf", str(target), *sorted(FILES)], cwd=source, check=True)
    return target


def test_names_and_contents(packed: Path, tmp_path: Path) -> None:
    found = extract(packed, Limits())
    assert found.state is State.INDEXED
    assert {(one.name, one.size_bytes) for one in found.members} == {
        (name, len(content)) for name, content in FILES.items()
    }
    assert found.passages == (Passage("\n".join(one.name for one in found.members), label=LIST_LABEL),)
    unpacker = Unpacker(tmp_path, Limits())
    for one in found.members:
        with unpacker.member(packed, (one.position,)) as file:
            assert (file.read_bytes(), file.suffix) == (FILES[one.name], ".txt")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["包.7z", "源"]


def test_members_of_a_7z_are_searched(packed: Path, tmp_path: Path) -> None:
    root = tmp_path / "档案"
    root.mkdir()
    (root / MARKER_NAME).touch()
    packed.rename(root / "包.7z")
    with ArchiveIndex.open(root, tmp_path / "库") as index:
        index.sync()
        assert [hit.path for hit in index.search("陪餐记录").hits] == ["包.7z!/食堂/陪餐*.txt"]


@pytest.mark.parametrize(
    ("limits", "words"),
    [(Limits(zip_members=2), "最多 2 个"), (Limits(zip_total_bytes=3), "解开后超过")],
)
def test_a_package_too_large_is_refused(packed: Path, limits: Limits, words: str) -> None:
    found = extract(packed, limits)
    assert (found.state, words in found.reason) == (State.REFUSED, True)


def test_a_member_too_large_is_refused_alone(packed: Path, tmp_path: Path) -> None:
    large = next(one for one in extract(packed, Limits()).members if one.name.startswith("安全"))
    with (
        pytest.raises(Unreadable) as refused,
        Unpacker(tmp_path, Limits(zip_member_bytes=4)).member(packed, (large.position,)),
    ):
        pytest.fail("it was unpacked")
    assert refused.value.state is State.REFUSED


@pytest.mark.parametrize("keep", [8, 40, -20])
def test_damage_is_told(packed: Path, keep: int) -> None:
    packed.write_bytes(packed.read_bytes()[:keep])
    found = extract(packed, Limits())
    assert (found.state, bool(found.remedy)) == (State.CORRUPT, True)


def test_real_packages(shared: Path, need_program: Callable[[str], str], tmp_path: Path) -> None:
    need_program("bsdtar")
    folder = shared / "data" / "files"
    good = extract(folder / "sharepoint-to-text__test_archive.7z", Limits())
    assert Member(1, "data/plain.txt", 12) in good.members
    assert extract(folder / "tika__test-documents-enc.rar", Limits()).state is State.ENCRYPTED
    locked = extract(folder / "tika__test7Z_protected_passTika.7z", Limits())
    if locked.state is not State.ENCRYPTED:  # its list is not enciphered, its contents are
        (one,) = locked.members
        with (
            pytest.raises(Unreadable) as refused,
            Unpacker(tmp_path, Limits()).member(
                folder / "tika__test7Z_protected_passTika.7z", (one.position,)
            ),
        ):
            pytest.fail("it was unpacked")
        assert refused.value.state is State.ENCRYPTED


def test_without_the_program_the_remedy_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bsdtar, "program", lambda: None)
    (tmp_path / "包.7z").write_bytes(b"7z\xbc\xaf\x27\x1c" + bytes(60))
    found = extract(tmp_path / "包.7z", Limits())
    assert (found.state, "libarchive-tools" in found.remedy) == (State.REFUSED, True)
