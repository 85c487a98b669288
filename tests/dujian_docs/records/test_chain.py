from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from dujian_docs.errors import StorageFailed
from dujian_docs.records import Head, RecordStore, Unit
from dujian_docs.records.chain import chained

Put = Callable[..., None]
MakeUnit = Callable[..., Unit]
REST = "at, kind, key, version, schema, deleted, author, body, previous_hash, hash"


def test_the_table_refuses_changes(store: RecordStore, put: Put, unit: MakeUnit, file: Path) -> None:
    put(unit())
    connection = sqlite3.connect(file)
    for statement in (
        "UPDATE versions SET body = '{}'",
        "DELETE FROM versions",
        "INSERT OR REPLACE INTO versions SELECT * FROM versions",
        "INSERT OR REPLACE INTO versions (seq, " + REST + ") SELECT 2, " + REST + " FROM versions",  # noqa: S608
    ):
        with pytest.raises(sqlite3.IntegrityError, match="只能追加"):
            connection.execute(statement)
    connection.close()
    assert store.verify() == ()


TAMPERING: Mapping[str, str] = {
    "body": "UPDATE versions SET body = replace(body, '小学', '大学') WHERE seq = 3",
    "author": "UPDATE versions SET author = '李四' WHERE seq = 3",
    "time": "UPDATE versions SET at = '2020-01-01T00:00:00+00:00' WHERE seq = 3",
    "deleted": "UPDATE versions SET deleted = 1 WHERE seq = 5",
    "key": "UPDATE versions SET key = 'S777' WHERE seq = 2",
    "hash": "UPDATE versions SET hash = 'ab' WHERE seq = 3",
    "removal": "DELETE FROM versions WHERE seq = 3",
    "removal and renumbering": (
        "DELETE FROM versions WHERE seq = 3; UPDATE versions SET seq = seq - 1 WHERE seq > 3"
    ),
    "removal of the first": "DELETE FROM versions WHERE seq = 1",
    "swap": (
        "UPDATE versions SET seq = 100 WHERE seq = 2; UPDATE versions SET seq = 2 WHERE seq = 3;"
        "UPDATE versions SET seq = 3 WHERE seq = 100"
    ),
    "insertion": (
        "UPDATE versions SET seq = seq + 1000 WHERE seq > 2;"
        "UPDATE versions SET seq = seq - 999 WHERE seq > 1000;"
        "INSERT INTO versions SELECT 3, at, kind, 'S888', 1, schema, 0, author, body, hash, hash"
        " FROM versions WHERE seq = 2"
    ),
}


@pytest.mark.parametrize("statements", TAMPERING.values(), ids=TAMPERING.keys())
def test_verify_finds_tampering(
    store: RecordStore, put: Put, unit: MakeUnit, file: Path, statements: str
) -> None:
    put(*(unit(code=f"S{number:03}") for number in range(1, 7)))
    assert store.verify() == ()
    _tamper(file, statements)
    found = store.verify()
    assert found
    assert all("第" in sentence for sentence in found)


def test_verify_finds_a_row_that_was_changed_and_hashed_anew(
    store: RecordStore, put: Put, unit: MakeUnit, file: Path
) -> None:
    put(*(unit(code=f"S{number:03}") for number in range(1, 4)))
    forged = replace(store.history("unit", "S002")[0], author="李四")
    _tamper(file, f"UPDATE versions SET author = '李四', hash = '{chained(forged).hash}' WHERE seq = 2")  # noqa: S608
    (found,) = store.verify()
    assert "第 3 条" in found
    assert "接不上" in found


def test_a_cut_off_end_is_found_by_a_head_noted_outside(
    store: RecordStore, put: Put, unit: MakeUnit, file: Path
) -> None:
    put(unit(), unit(code="S002"))
    anchor = store.head()
    put(unit(code="S003"))
    assert store.verify(anchor=anchor) == ()
    _tamper(file, "DELETE FROM versions WHERE seq > 1")
    assert store.verify() == ()
    assert "截断" in store.verify(anchor=anchor)[0]
    assert store.verify(anchor=Head(0, "0" * 64)) == ()


def test_missing_triggers_are_reported(store: RecordStore, put: Put, unit: MakeUnit, file: Path) -> None:
    put(unit())
    connection = sqlite3.connect(file)
    connection.execute("DROP TRIGGER versions_keep_update")
    connection.commit()
    connection.close()
    assert store.verify() == ("防止改动的触发器不全，记录库可能被别的工具改过",)


def _tamper(file: Path, statements: str) -> None:
    """Changes the table behind the store's back, the triggers put back as they were."""
    connection = sqlite3.connect(file)
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
    for name, _ in found:
        connection.execute(f"DROP TRIGGER {name}")
    connection.executescript(statements)
    for _, sql in found:
        connection.execute(sql)
    connection.commit()
    connection.close()


def test_a_damaged_body_is_named_not_a_traceback(
    store: RecordStore, put: Put, unit: MakeUnit, file: Path
) -> None:
    put(unit())
    _tamper(file, "UPDATE versions SET body = '{'")
    with pytest.raises(StorageFailed, match="unit S001"):
        store.get("unit", "S001")
    assert store.verify()
