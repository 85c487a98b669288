"""What the disk does to the store becomes a problem and a remedy, and leaves the old state."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dujian_docs.errors import StorageFailed
from dujian_docs.records import RecordStore, Unit, database

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
Put = Callable[..., None]
MakeUnit = Callable[..., Unit]


def test_a_full_disk_leaves_the_old_state(store: RecordStore, put: Put, unit: MakeUnit) -> None:
    put(unit())
    with store._engine.connect() as connection:  # the pool gives the same connection again
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFailed, match="磁盘已满") as caught:
        put(*(unit(f"X{number}", address="长" * 5000) for number in range(20)))
    assert "清理磁盘" in caught.value.remedy
    assert [one.code for one in store.all("unit") if isinstance(one, Unit)] == ["S001"]
    assert store.verify() == ()


def test_a_store_that_another_holds_says_so(
    monkeypatch: pytest.MonkeyPatch, file: Path, unit: MakeUnit
) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    with RecordStore.open(file) as store:
        other = sqlite3.connect(file)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageFailed, match="正被别的程序占用"), store.transaction() as transaction:
            transaction.put(unit(), author="张三", at=AT)
        other.rollback()
        other.close()
        assert store.all("unit") == ()


def test_a_reader_is_not_held_up_by_a_writer(
    store: RecordStore, put: Put, unit: MakeUnit, file: Path
) -> None:
    put(unit())
    other = sqlite3.connect(file)
    other.execute("BEGIN IMMEDIATE")
    assert store.get("unit", "S001") == unit()
    other.rollback()
    other.close()


def test_a_snapshot_does_not_see_later_writes(
    store: RecordStore, put: Put, unit: MakeUnit, file: Path
) -> None:
    put(unit())
    with store.snapshot() as before, RecordStore.open(file) as other:
        assert before.version_of("unit", "S001") == 1
        with other.transaction() as transaction:
            transaction.put(unit(name="新名"), author="李四", at=AT)
        assert before.version_of("unit", "S001") == 1
    assert store.version_of("unit", "S001") == 2


def test_damage_is_named(store: RecordStore, put: Put, unit: MakeUnit, file: Path) -> None:
    put(*(unit(f"S{number}", address="路" * 300) for number in range(200)))
    store.close()
    data = bytearray(file.read_bytes())
    data[4096:] = bytes(len(data) - 4096)
    file.write_bytes(data)
    with pytest.raises(StorageFailed, match="损坏") as caught, RecordStore.open(file) as opened:
        opened.all("unit")
    assert "备份" in caught.value.remedy
