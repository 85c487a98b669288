"""The manifest: what is written down stays, what is damaged is set aside, what is merely locked is not."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.errors import IndexerError
from indexer.manifest import UNREAD, Known, Manifest, member_key
from indexer.model import Extraction, Facts, FileStamp, Member, Passage, State
from indexer.schema import MIGRATIONS, manifest_errors

TEXT = Extraction(
    State.INDEXED,
    (Passage("第一页", 1), Passage("表", label="教师")),
    reason="第 3 页是扫描",
    facts=Facts(2, "标题", "李静", "2026-03-05", "2026-03-06T08:00:00+08:00", (3,), (2,), 1, protected=True),
)


def stamp(path: str, size: int = 1) -> FileStamp:
    return FileStamp(path, size, 2, 3, 4)


@pytest.fixture
def manifest(tmp_path: Path) -> Iterator[Manifest]:
    opened = Manifest.open(tmp_path / "m.db")
    yield opened
    opened.close()


def test_files_and_texts_come_back_as_they_were(manifest: Manifest) -> None:
    manifest.keep_texts({"x": TEXT})
    manifest.store([Known(7, stamp("甲/a.docx"), "x")], ())

    assert manifest.known() == {"甲/a.docx": Known(7, stamp("甲/a.docx"), "x")}
    assert manifest.extraction("x") == TEXT
    assert manifest.passages("甲/a.docx") == TEXT.passages
    item = manifest.items()[0]
    assert (item.path, item.state, item.reason, item.facts) == (
        "甲/a.docx", State.INDEXED, "第 3 页是扫描", TEXT.facts,
    )  # fmt: skip
    assert manifest.items_at(["甲/a.docx"]) == (item,)
    assert manifest.items_at(["甲"]) == ()


def test_sketches_live_and_go_with_the_texts_they_are_of(manifest: Manifest) -> None:
    manifest.keep_texts({"x": TEXT, "y": TEXT})
    manifest.store([Known(1, stamp("a"), "x"), Known(2, stamp("b"), "y")], ())
    due = dict(manifest.sketches.due("1"))
    assert set(due) == {"x", "y"}

    manifest.sketches.keep("1", [(name, size, name.encode()) for name, size in due.items()])
    assert manifest.sketches.all("1") == {"x": b"x", "y": b"y"}
    assert manifest.sketches.due("1") == ()
    assert manifest.sketches.all("2") == {}, "of another version"
    assert dict(manifest.sketches.due("2")) == due

    manifest.keep_texts({"x": replace(TEXT, passages=(Passage("补识别的页" * 20, 3),))})
    assert manifest.sketches.all("1") == {"y": b"y"}, "the text has changed since"
    assert [name for name, _ in manifest.sketches.due("1")] == ["x"]

    manifest.store((), [2])
    manifest.forget_unused()
    assert manifest.sketches.all("1") == {}


def test_what_is_settled_ends_with_the_first_change(manifest: Manifest) -> None:
    broken = Extraction(State.CORRUPT, reason="坏了", remedy="换一份")
    manifest.keep_texts({"x": TEXT, "y": broken})
    manifest.store([Known(1, stamp("a"), "x"), Known(2, stamp("b"), "y")], ())
    changes = [
        lambda: manifest.store([Known(3, stamp("c"), "x")], ()),
        lambda: manifest.store((), [3]),
        lambda: manifest.mark_missing({1: 1}),
        lambda: manifest.keep_texts({"z": TEXT}),
        manifest.forget_unused,
        manifest.forget_failures,
    ]
    for change in changes:
        manifest.settle("这样")
        manifest.remember(last_sync="刚才")
        assert manifest.is_settled("这样")
        assert not manifest.is_settled("那样")
        change()
        assert not manifest.is_settled("这样")


@pytest.mark.parametrize("settled", ["", "这样"])
def test_what_has_no_text_is_listed_whether_settled_or_not(manifest: Manifest, settled: str) -> None:
    broken = Extraction(State.CORRUPT, reason="坏了", remedy="换一份")
    package = replace(TEXT, members=(Member(0, "里面.docx", 5), Member(1, "好的.txt", 5)))
    inside = {member_key("p", 0): broken, member_key("p", 1): TEXT}
    manifest.keep_texts({"x": TEXT, "y": broken, "p": package, **inside})
    files = [Known(1, stamp("a"), "x"), Known(2, stamp("b"), "y"), Known(3, stamp("c.zip"), "p")]
    manifest.store([*files, Known(4, stamp("不见了"), "y", missing=1)], ())
    manifest.settle(settled)
    assert [one.path for one in manifest.unreadable()] == ["b", "c.zip!/里面.docx"]
    assert manifest.count() == 6


def test_ids_are_never_used_again(manifest: Manifest) -> None:
    assert manifest.next_id() == 1
    manifest.store([Known(1, stamp("a"), "x"), Known(2, stamp("b"), "x")], ())
    manifest.store((), [1, 2])
    assert manifest.count() == 0
    assert manifest.next_id() == 3


def test_names_may_be_swapped_in_one_batch(manifest: Manifest) -> None:
    manifest.store([Known(1, stamp("a"), "x"), Known(2, stamp("b"), "y")], ())
    manifest.store([Known(1, stamp("b"), "x"), Known(2, stamp("a"), "y")], ())
    assert {path: known.id for path, known in manifest.known().items()} == {"b": 1, "a": 2}


def test_the_missing_are_listed_as_vanished_and_have_no_id_to_be_found_by(manifest: Manifest) -> None:
    manifest.keep_texts({"x": TEXT})
    manifest.store([Known(1, stamp("a"), "x"), Known(2, stamp("b"), "x")], ())
    manifest.mark_missing({1: 1})

    assert [item.state for item in manifest.items()] == [State.VANISHED, State.INDEXED]
    assert manifest.items()[0].remedy
    assert manifest.has_missing()
    assert manifest.ids() == {"b": "2"}
    assert manifest.paths_of(["1", "2"]) == {"2": ("b", 2)}


def test_a_file_whose_text_was_forgotten_is_listed_with_what_to_do(manifest: Manifest) -> None:
    manifest.keep_texts(
        {"x": Extraction(State.CORRUPT, reason="坏", remedy="换"), "y": TEXT, "z": Extraction(State.INDEXED)}
    )
    manifest.store([Known(1, stamp("a"), "x"), Known(2, stamp("b"), "z")], ())
    manifest.forget_failures()

    assert [(item.path, item.state) for item in manifest.items()] == [
        ("a", State.REFUSED),
        ("b", State.INDEXED),
    ]
    assert manifest.items()[0].remedy
    assert not manifest.known()["a"].is_read
    assert manifest.known()["b"].is_read
    assert manifest.extraction("y") is None, "a text that was not read in full is read again"


def test_a_file_that_could_not_be_opened_always_counts_as_unread(manifest: Manifest) -> None:
    manifest.keep_texts({UNREAD: Extraction(State.REFUSED, reason="打不开", remedy="关掉")})
    manifest.store([Known(1, stamp("a"), UNREAD)], ())
    assert not manifest.known()["a"].is_read
    assert manifest.items()[0].reason == "打不开"


def test_texts_that_no_file_has_are_dropped(manifest: Manifest) -> None:
    manifest.keep_texts({"x": TEXT, "y": TEXT})
    manifest.store([Known(1, stamp("a"), "x")], ())
    manifest.forget_unused()
    assert manifest.read_before(["x", "y"]) == {"x"}


def test_text_with_lone_surrogates_is_kept_readable(manifest: Manifest) -> None:
    manifest.keep_texts(
        {"x": Extraction(State.INDEXED, (Passage("督\ud800导"),), facts=Facts(title="\udfff"))}
    )
    kept = manifest.extraction("x")
    assert kept is not None
    assert (kept.passages[0].text, kept.facts.title) == ("督?导", "?")


def test_a_reader_is_not_disturbed_by_a_writer(tmp_path: Path) -> None:
    writer, reader = Manifest.open(tmp_path / "m.db"), Manifest.open(tmp_path / "m.db")
    with writer._writing():
        writer._db.execute("INSERT INTO facts VALUES ('a', 'b')")
        assert reader.remembered("a") == ""
    assert reader.remembered("a") == "b"
    writer.close()
    reader.close()


@pytest.mark.parametrize("damage", ["no database", "torn page"])
def test_a_damaged_manifest_is_set_aside_and_said(tmp_path: Path, damage: str) -> None:
    file = tmp_path / "m.db"
    first = Manifest.open(file)
    first.store([Known(number, stamp(f"{number}" * 40), "x" * 64) for number in range(1, 2000)], ())
    first.close()
    data = bytearray(file.read_bytes())
    data = bytearray(b"junk" * 1000) if damage == "no database" else data[:100] + b"\xff" * 8000 + data[8100:]
    file.write_bytes(data)

    again = Manifest.open(file)

    assert again.known() == {}
    assert "损坏" in again.mended
    assert (tmp_path / "m.db.damaged").exists()
    again.close()


@pytest.mark.parametrize(
    "rot", ["SET passages = X'0102'", "SET state = 'indexec'", "SET facts = CAST(X'ff' AS TEXT)"]
)
def test_rotten_rows_are_two_sentences(manifest: Manifest, rot: str) -> None:
    manifest.keep_texts({"x": TEXT})
    manifest.store([Known(1, stamp("a"), "x")], ())
    manifest._db.execute(f"UPDATE texts {rot}")
    with pytest.raises(IndexerError, match="损坏") as caught, manifest_errors():
        (manifest.extraction("x"), manifest.items())
    assert "收录一次" in caught.value.remedy


def test_a_manifest_of_a_newer_program_is_set_aside(tmp_path: Path) -> None:
    file = tmp_path / "m.db"
    Manifest.open(file).close()
    connection = sqlite3.connect(file)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()

    again = Manifest.open(file)

    assert "更新版本" in again.mended
    assert again.count() == 0
    again.close()


def test_a_locked_manifest_is_not_taken_for_a_damaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "m.db"
    first = Manifest.open(file)
    first.store([Known(1, stamp("a"), "x")], ())
    first._db.execute("PRAGMA locking_mode = EXCLUSIVE")
    first._db.execute("BEGIN EXCLUSIVE")
    first._db.execute("INSERT INTO facts VALUES ('a', 'b')")
    connect = sqlite3.connect
    monkeypatch.setattr(
        sqlite3, "connect", lambda *args, **named: connect(*args, **{**named, "timeout": 0.1})
    )

    with pytest.raises(IndexerError, match="写不进去"):
        Manifest.open(file)

    first._db.execute("ROLLBACK")
    first.close()
    again = Manifest.open(file)
    assert again.count() == 1
    assert again.mended == ""
    again.close()


def test_two_processes_may_make_it_at_once(tmp_path: Path) -> None:
    made: list[Manifest] = []
    threads = [
        threading.Thread(target=lambda: made.append(Manifest.open(tmp_path / "m.db"))) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.mended for one in made] == [""] * 8
    for one in made:
        one.close()


def test_a_failed_transaction_leaves_nothing(manifest: Manifest) -> None:
    manifest.store([Known(1, stamp("a"), "x")], ())
    with pytest.raises(sqlite3.IntegrityError):
        manifest.store([Known(2, stamp("b"), "x"), Known(3, stamp("a"), "x")], ())
    assert set(manifest.known()) == {"a"}
    manifest.remember(still="works")
    assert manifest.remembered("still") == "works"
