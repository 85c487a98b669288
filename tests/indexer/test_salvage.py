"""A damaged manifest: what is whole in it goes on being used, what is not is read again."""

from __future__ import annotations

import sqlite3
import zipfile
from pathlib import Path

import pytest

from indexer import MARKER_NAME, ArchiveIndex, IndexerError
from indexer.errors import ManifestDamaged
from indexer.manifest import Manifest
from indexer.model import Extraction, Facts, Passage, State
from indexer.reading import read_contents

PAGE = 4096


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    root = tmp_path / "档案"
    root.mkdir()
    (root / MARKER_NAME).touch()
    for number in range(300):
        (root / f"{number}.txt").write_text(f"第{number}号" + "均衡发展" * 300, encoding="utf-8")
    with zipfile.ZipFile(root / "包.zip", "w") as package:
        package.writestr("内.txt", "包里的台账")
    return root


def opened(root: Path) -> ArchiveIndex:
    return ArchiveIndex.open(root, root.parent / "库")


@pytest.fixture
def damaged(archive: Path) -> Path:
    """The manifest of an archive, with a page in twenty of those that hold texts overwritten."""
    with opened(archive) as index:
        index.sync()
    file = archive.parent / "库" / "manifest.db"
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        rows = connection.execute("SELECT pageno FROM dbstat WHERE name = 'texts' AND pagetype = 'leaf'")
        pages = sorted(row[0] for row in rows)
    connection.close()
    data = bytearray(file.read_bytes())
    for page in pages[::20]:
        data[(page - 1) * PAGE : page * PAGE] = b"\xff" * PAGE
    file.write_bytes(data)
    return file


def read_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Says what is read from then on."""
    read: list[str] = []
    real = read_contents

    def told(files: dict[str, Path], *rest: object) -> object:
        read.extend(path.name for path in files.values())
        return real(files, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr("indexer.sync.read_contents", told)
    return read


def test_damage_met_in_use_is_mended_by_the_next_sync(
    archive: Path, damaged: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(ManifestDamaged, match="损坏") as caught, opened(archive) as index:
        index.status()
    assert "再收录一次" in caught.value.remedy
    read = read_again(monkeypatch)
    with opened(archive) as index:
        report = index.sync()
        assert index.search("第7号").total == 1
        assert index.search("包里的台账").hits[0].path == "包.zip!/内.txt"
        assert index.search("均衡发展").total == 300
    assert "另存为" in report.rebuilt
    assert "救回" in report.rebuilt
    assert 0 < len(read) < 100
    assert damaged.with_name("manifest.db.damaged").exists()
    with opened(archive) as index:
        assert index.sync().rebuilt == ""


def test_without_damage_nothing_is_set_aside(archive: Path) -> None:
    with opened(archive) as index:
        index.sync()
    with pytest.raises(IndexerError), opened(archive) as index:
        index.similar("没有这份.txt")
    with opened(archive) as index:
        assert index.sync().unchanged == 301
    assert not (archive.parent / "库" / "manifest.db.damaged").exists()


def kept(file: Path, texts: dict[str, Extraction]) -> None:
    manifest = Manifest.open(file)
    manifest.keep_texts(texts)
    for content in texts:
        manifest.looks.keep(content, 1, Extraction(State.INDEXED, (Passage("认出来的", 1),)))
    manifest.close()


def salvaged(file: Path) -> Manifest:
    Manifest.suspect(file)
    return Manifest.open(file)


WHOLE = Extraction(State.INDEXED, (Passage("督导", 2, "页眉"),), facts=Facts(title="台账", scans=(1,)))


def test_texts_and_looks_come_back_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "manifest.db"
    kept(file, {"a" * 64: WHOLE, "0" * 64: WHOLE})
    manifest = salvaged(file)
    assert manifest.extraction("a" * 64) == WHOLE
    assert manifest.extraction("0" * 64) == WHOLE
    assert manifest.looks.of("a" * 64)[1].passages == (Passage("认出来的", 1),)
    assert "救回 2 份" in manifest.mended
    manifest.close()
    assert Manifest.open(file).mended == ""


@pytest.mark.parametrize(
    "rot",
    [
        "UPDATE texts SET passages = X'0102'",
        "UPDATE texts SET state = 'indexec'",
        "UPDATE texts SET facts = '{\"pages\": '",
        "UPDATE texts SET facts = CAST(X'ff' AS TEXT)",
        "UPDATE texts SET sha256 = 'short'",
        "DROP TABLE members",
        "PRAGMA user_version = 3",
    ],
)
def test_what_is_not_whole_is_read_again(tmp_path: Path, rot: str) -> None:
    file = tmp_path / "manifest.db"
    kept(file, {"a" * 64: WHOLE})
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(rot)
    connection.close()
    manifest = salvaged(file)
    assert manifest.extraction("a" * 64) is None
    assert "重新读取全部" in manifest.mended
    manifest.close()


def test_a_package_whose_member_is_lost_is_read_again(archive: Path) -> None:
    with opened(archive) as index:
        index.sync()
    file = archive.parent / "库" / "manifest.db"
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("DELETE FROM texts WHERE sha256 IN (SELECT sha256 FROM members)")
    packages = [row[0] for row in connection.execute("SELECT package FROM members")]
    connection.close()
    assert len(packages) == 1
    manifest = salvaged(file)
    assert manifest.extraction(packages[0]) is None
    assert manifest.members(packages[0]) == ()
    manifest.close()
