"""What is inside a package is found, counted, moved and forgotten with it, whatever interrupts."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import ArchiveIndex, Limits, State
from indexer.engines import EngineName
from indexer.manifest import Manifest
from indexer.scan import MARKER_NAME


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "档案"
    folder.mkdir()
    (folder / MARKER_NAME).touch()
    return folder


@pytest.fixture(params=["whoosh", "tantivy"])
def index(root: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[ArchiveIndex]:
    if request.param == "tantivy":
        pytest.importorskip("tantivy")
    with ArchiveIndex.open(root, tmp_path / "index", engine=request.param) as opened:
        yield opened


def pack(target: Path, **files: str | bytes) -> Path:
    """A ZIP of texts; names have a ``_`` for the dot."""
    with zipfile.ZipFile(target, "w") as package:
        for name, content in files.items():
            package.writestr(name.replace("_", "."), content)
    return target


def found(index: ArchiveIndex, words: str) -> list[str]:
    return sorted(hit.path for hit in index.search(f'"{words}"').hits)


def test_members_are_items_of_their_own(index: ArchiveIndex, root: Path) -> None:
    inner = pack(root / "内.zip", 丙_txt="门卫值守").read_bytes()
    pack(root / "外.zip", 甲_txt="食堂陪餐", 乙_txt="消防演练", 附件_zip=inner, 坏_docx=b"PK\x03\x04 broken")
    (root / "内.zip").unlink()
    report = index.sync()
    assert (report.added, [item.path for item in report.unreadable]) == (1, ["外.zip!/坏.docx"])
    assert found(index, "食堂陪餐") == ["外.zip!/甲.txt"]
    assert found(index, "门卫值守") == ["外.zip!/附件.zip!/丙.txt"]
    assert {item.path: (item.state, item.package) for item in index.items()} == {
        "外.zip": (State.INDEXED, ""),
        "外.zip!/甲.txt": (State.INDEXED, "外.zip"),
        "外.zip!/乙.txt": (State.INDEXED, "外.zip"),
        "外.zip!/附件.zip": (State.INDEXED, "外.zip"),
        "外.zip!/附件.zip!/丙.txt": (State.INDEXED, "外.zip"),
        "外.zip!/坏.docx": (State.CORRUPT, "外.zip"),
    }
    assert index.text_of("外.zip!/甲.txt")[0].text == "食堂陪餐"
    assert [hit.path for hit in index.search("食堂陪餐", under="别处").hits] == []


def test_members_change_move_and_go_with_their_package(index: ArchiveIndex, root: Path) -> None:
    pack(root / "包.zip", 甲_txt="食堂陪餐", 乙_txt="消防演练")
    index.sync()
    pack(root / "包.zip", 甲_txt="校车检查")
    assert index.sync().changed == 1
    assert (found(index, "食堂陪餐"), found(index, "消防演练")) == ([], [])
    assert found(index, "校车检查") == ["包.zip!/甲.txt"]
    (root / "包.zip").rename(root / "改名.zip")
    assert index.sync().moved == 1
    assert found(index, "校车检查") == ["改名.zip!/甲.txt"]
    (root / "改名.zip").unlink()
    index.sync()
    assert found(index, "校车检查") == []
    index.sync()
    assert index.items() == ()
    assert index.status().notes == (), "nothing had to be mended"


def test_a_rebuilt_engine_has_the_members_again(index: ArchiveIndex, root: Path, tmp_path: Path) -> None:
    pack(root / "包.zip", 甲_txt="食堂陪餐")
    index.sync()
    index.close()
    (mark,) = (tmp_path / "index").glob("*/fingerprint.json")
    mark.write_text("{}", encoding="utf-8")
    name: EngineName = "whoosh" if mark.parent.name == "whoosh" else "tantivy"
    with ArchiveIndex.open(root, tmp_path / "index", engine=name) as again:
        assert found(again, "食堂陪餐") == ["包.zip!/甲.txt"]
        assert "重建" in again.status().notes[0]
        assert again.sync().unchanged == 1


def test_what_was_read_before_an_interruption_is_not_read_again(
    index: ArchiveIndex, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Members come into the manifest before their package, so it is taken up where it stopped."""
    pack(root / "包.zip", **{f"第{number}份_txt": f"内容{number}" for number in range(6)})
    kept: list[int] = []
    keep = Manifest.keep_texts

    class PowerCut(BaseException):
        pass

    def cut(self: Manifest, texts: dict[str, object]) -> None:
        kept.append(len(texts))
        if len(kept) == 3:
            raise PowerCut
        keep(self, texts)  # type: ignore[arg-type]

    monkeypatch.setattr("indexer.sync.TEXTS_AT_ONCE", 2)
    monkeypatch.setattr(Manifest, "keep_texts", cut)
    with pytest.raises(PowerCut):
        index.sync()
    assert index.items() == ()
    kept.clear()
    kept += [0, 0, 0]
    assert index.sync().added == 1
    assert sum(kept[3:]) == 3, "two of the members, and the package"
    assert len(index.items()) == 7


def test_a_package_too_deep_is_told(root: Path, tmp_path: Path) -> None:
    pack(root / "包.zip", 甲_txt="最里")
    for _ in range(2):
        inner = (root / "包.zip").read_bytes()
        pack(root / "包.zip", 内_zip=inner)
    with ArchiveIndex.open(root, tmp_path / "i", limits=Limits(package_depth=2)) as index:
        report = index.sync()
        assert [(item.path, item.state) for item in report.unreadable] == [
            ("包.zip!/内.zip!/内.zip", State.REFUSED)
        ]
        assert "2 层" in report.unreadable[0].reason
    with ArchiveIndex.open(root, tmp_path / "i", limits=Limits(package_depth=3)) as index:
        index.sync()
        assert found(index, "最里") == ["包.zip!/内.zip!/内.zip!/甲.txt"]


def test_too_many_files_in_nested_packages_are_refused(root: Path, tmp_path: Path) -> None:
    inner = pack(root / "内.zip", **{f"{at}_txt": "字" for at in range(8)}).read_bytes()
    pack(root / "外.zip", 一_zip=inner, 二_zip=inner)
    (root / "内.zip").unlink()
    with ArchiveIndex.open(root, tmp_path / "i", limits=Limits(zip_members=10)) as index:
        report = index.sync()
        (refused,) = report.unreadable
        assert refused.path in {"外.zip!/一.zip", "外.zip!/二.zip"}, "whichever was read last"
        assert "超过 10 个" in refused.reason
