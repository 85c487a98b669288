"""What older and newer programs wrote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dujian_docs.errors import InputInvalid
from dujian_docs.records import KINDS, RecordStore, Unit

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
MakeUnit = Callable[..., Unit]


def test_a_record_of_an_older_model_still_loads(file: Path, unit: MakeUnit) -> None:
    with RecordStore.open(file) as store, store.transaction() as transaction:
        transaction.put(unit(stage="小学"), author="张三", at=AT)
        transaction.put(unit(code="S002"), author="张三", at=AT)
    renamed = replace(KINDS[0], upgrades=(lambda body: {**body, "address": f"{body['stage']}旧址"},))
    with RecordStore.open(file, kinds=(renamed,)) as store:
        found = store.get("unit", "S001")
        assert isinstance(found, Unit)
        assert found.address == "小学旧址"
        with store.transaction() as transaction:
            assert transaction.put(found, author="张三", at=AT).schema == 2
        assert store.get("unit", "S001") == found
        assert store.verify() == ()


def test_what_an_older_model_wrote_is_deleted_as_it_was_written(file: Path, unit: MakeUnit) -> None:
    with RecordStore.open(file) as store, store.transaction() as transaction:
        transaction.put(unit(), author="张三", at=AT)
    newer = replace(KINDS[0], upgrades=(dict,))
    with RecordStore.open(file, kinds=(newer,)) as store:
        with store.transaction() as transaction:
            assert transaction.delete("单位", "S001", author="李四", at=AT).schema == 1
        assert [version.schema for version in store.history("unit", "S001")] == [1, 1]


@pytest.mark.parametrize("name", ["甲 乙?.db", "100%23.db", "a#b&c.db"])
def test_any_file_name_will_do(tmp_path: Path, unit: MakeUnit, name: str) -> None:
    with RecordStore.open(tmp_path / name) as store, store.transaction() as transaction:
        transaction.put(unit(), author="张三", at=AT)
    assert (tmp_path / name).is_file()
    with RecordStore.open(tmp_path / name) as store:
        assert store.get("unit", "S001") == unit()


def test_an_older_body_that_no_longer_loads_is_named(file: Path, unit: MakeUnit) -> None:
    with RecordStore.open(file) as store, store.transaction() as transaction:
        transaction.put(unit(), author="张三", at=AT)
    broken = replace(KINDS[0], upgrades=(lambda body: {"code": body["code"], "colour": "红"},))
    with RecordStore.open(file, kinds=(broken,)) as store:
        with pytest.raises(InputInvalid, match=r"单位 S001（第 1 版）.*单位名称必填"):
            store.get("unit", "S001")
        with pytest.raises(InputInvalid, match="单位 S001"):
            store.all("unit")


def test_a_body_of_a_newer_program_is_named(file: Path, unit: MakeUnit) -> None:
    newer = replace(KINDS[0], upgrades=(dict,))
    with RecordStore.open(file, kinds=(newer,)) as store, store.transaction() as transaction:
        transaction.put(unit(), author="张三", at=AT)
    with RecordStore.open(file) as store, pytest.raises(InputInvalid, match=r"单位 S001.*更新版本"):
        store.get("unit", "S001")
