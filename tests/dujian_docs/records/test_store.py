from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from dujian_docs.errors import InputInvalid, RecordConflict, StorageFailed
from dujian_docs.records import Finding, RecordStore, Transaction, Unit, kind_of

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
Put = Callable[..., None]
MakeUnit = Callable[..., Unit]
MakeFinding = Callable[..., Finding]


def test_a_record_comes_back_as_it_was_put(store: RecordStore, put: Put, unit: MakeUnit) -> None:
    put(unit(aliases="青溪小学、中心校"))
    found = store.get("单位", "S001")
    assert found == unit(aliases=("青溪小学", "中心校"))
    assert store.all("unit") == (found,)
    assert store.get("unit", "S002") is None


def test_every_version_stays_with_author_and_time(store: RecordStore, put: Put, unit: MakeUnit) -> None:
    put(unit())
    put(unit(name="青溪镇第一小学"))
    with store.transaction() as transaction:
        transaction.delete("unit", "S001", author="李四", at=AT)
    history = store.history("unit", "S001")
    assert [(version.version, version.author, version.deleted) for version in history] == [
        (1, "张三", False),
        (2, "张三", False),
        (3, "李四", True),
    ]
    assert [version.body["name"] for version in history] == [
        "青溪镇中心小学",
        "青溪镇第一小学",
        "青溪镇第一小学",
    ]
    assert history[0].at == AT
    assert store.get("unit", "S001") is None
    assert store.all("unit") == ()
    assert store.version_of("unit", "S001") == 3


def test_putting_the_same_again_writes_nothing(store: RecordStore, put: Put, unit: MakeUnit) -> None:
    put(unit())
    before = store.head()
    put(unit())
    assert store.head() == before
    assert store.version_of("unit", "S001") == 1


def test_a_deleted_record_can_be_put_again(store: RecordStore, put: Put, unit: MakeUnit) -> None:
    put(unit())
    with store.transaction() as transaction:
        transaction.delete("unit", "S001", author="张三", at=AT)
    put(unit())
    assert store.get("unit", "S001") == unit()
    assert store.version_of("unit", "S001") == 3


def test_an_error_in_a_transaction_stores_nothing(store: RecordStore, unit: MakeUnit) -> None:
    with pytest.raises(RecordConflict), store.transaction() as transaction:
        _put_then_fail(transaction, unit())
    assert store.get("unit", "S001") is None
    assert store.head().seq == 0


def _put_then_fail(transaction: Transaction, unit: Unit) -> None:
    transaction.put(unit, author="张三", at=AT)
    transaction.delete("unit", "S404", author="张三", at=AT)


def test_a_transaction_sees_its_own_writes_and_others_do_not(store: RecordStore, unit: MakeUnit) -> None:
    with store.transaction() as transaction:
        transaction.put(unit(), author="张三", at=AT)
        assert transaction.get("unit", "S001") == unit()
        assert store.get("unit", "S001") is None


def test_a_missing_link_target_is_refused_by_name(
    store: RecordStore, put: Put, finding: MakeFinding, unit: MakeUnit
) -> None:
    with pytest.raises(RecordConflict) as caught:
        put(finding(unit="S999"))
    for word in ("问题 W2026-001", "责任单位", "S999", "没有这个单位"):
        assert word in caught.value.problem
    put(unit())
    with pytest.raises(RecordConflict, match="组员"):
        put(_inspection(members="P001、P002"))
    assert store.all("finding") == ()


def _inspection(**more: object) -> Any:
    base = {
        "code": "DD2026-03",
        "title": "春季开学专项督导",
        "supervision_type": "督学",
        "mode": "专项督导",
        "organiser": "S001",
    }
    return kind_of("inspection").model.model_validate({**base, **more})


def test_a_record_cannot_name_itself(put: Put, unit: MakeUnit) -> None:
    with pytest.raises(RecordConflict, match="它自己"):
        put(unit(parent="S001"))


def test_links_of_composite_keys_are_checked_within_the_filing_list(put: Put, store: RecordStore) -> None:
    filing_list, indicator, required_file = (
        kind_of(name).model for name in ("filing_list", "indicator", "required_file")
    )
    put(filing_list.model_validate({"code": "YL2026", "title": "目录", "year": 2026}))
    c3 = {"filing_list": "YL2026", "code": "C3", "title": "经费", "points": 3, "parent": "B2"}
    with pytest.raises(RecordConflict, match=r"上级指标.*B2"):
        put(indicator.model_validate(c3))
    a1 = {"filing_list": "YL2026", "code": "A1", "title": "保障", "points": 50}
    put(
        indicator.model_validate(a1),
        indicator.model_validate({**a1, "code": "B2", "parent": "A1"}),
        indicator.model_validate(c3),
    )
    wanted = {"filing_list": "YL2026", "code": "C3-01", "indicator": "C3", "title": "决算报告"}
    with pytest.raises(RecordConflict, match=r"兼用指标.*C9"):
        put(required_file.model_validate({**wanted, "also_serves": "C9"}))
    put(required_file.model_validate(wanted))
    with pytest.raises(RecordConflict, match="应备件 YL2026/C3-01"), store.transaction() as transaction:
        transaction.delete("indicator", "YL2026/C3", author="张三", at=AT)


def test_deleting_a_unit_that_findings_name_is_refused_saying_which(
    store: RecordStore, put: Put, unit: MakeUnit, finding: MakeFinding
) -> None:
    put(unit(), unit(code="S0012"), *(finding(code=f"W{number}") for number in range(1, 8)))
    put(finding(code="W9", unit="S0012"))
    with pytest.raises(RecordConflict) as caught, store.transaction() as transaction:
        transaction.delete("unit", "S001", author="张三", at=AT)
    assert caught.value.problem.count("问题 W") == 5
    assert "问题 W1（食堂留样不足）" in caught.value.problem
    assert "等共 7 条" in caught.value.problem
    assert "W9" not in caught.value.problem
    assert store.get("unit", "S001") is not None


def test_what_nobody_names_can_be_deleted(
    store: RecordStore, put: Put, unit: MakeUnit, finding: MakeFinding
) -> None:
    put(unit("T001"), unit("S001", parent="T001"), unit("S002"), finding(code="S001", unit="S002"))
    with store.transaction() as transaction:
        assert [key for _, key, _ in transaction.referrers("单位", "T001")] == ["S001"]
        transaction.delete("unit", "S001", author="张三", at=AT)
    assert store.get("unit", "S001") is None
    assert store.get("finding", "S001") is not None


def test_deleting_what_is_not_there_is_refused(store: RecordStore) -> None:
    with pytest.raises(RecordConflict, match="没有单位 S404"), store.transaction() as transaction:
        transaction.delete("unit", "S404", author="张三", at=AT)


def test_an_overtaken_change_is_refused(store: RecordStore, put: Put, unit: MakeUnit) -> None:
    put(unit())
    put(unit(name="新名"))
    with pytest.raises(RecordConflict, match=r"第 2 版.*第 1 版"), store.transaction() as transaction:
        transaction.put(unit(name="别的"), author="李四", at=AT, expected=1)


def test_a_record_copied_past_its_rules_is_refused(store: RecordStore, unit: MakeUnit) -> None:
    broken = unit().model_copy(update={"name": "", "unit_type": "医院"})
    with (
        pytest.raises(InputInvalid, match=r"单位名称必填.*单位类别“医院”只能填：政府、"),
        store.transaction() as transaction,
    ):
        transaction.put(broken, author="张三", at=AT)


@pytest.mark.parametrize("author", ["", "  "])
def test_a_change_without_an_author_is_refused(store: RecordStore, unit: MakeUnit, author: str) -> None:
    with pytest.raises(InputInvalid, match="经办人"), store.transaction() as transaction:
        transaction.put(unit(), author=author, at=AT)


def test_what_is_no_records_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "text.db").write_text("这不是数据库" * 200, encoding="utf-8")
    with pytest.raises(StorageFailed, match="不是记录库或已经损坏"):
        RecordStore.open(tmp_path / "text.db")
    other = sqlite3.connect(tmp_path / "other.db")
    other.execute("CREATE TABLE t (x)")
    other.commit()
    other.close()
    with pytest.raises(StorageFailed, match="不是本系统的记录库"):
        RecordStore.open(tmp_path / "other.db")
    with pytest.raises(StorageFailed, match="没有文件夹"):
        RecordStore.open(tmp_path / "none" / "records.db")


def test_a_file_of_a_newer_program_is_refused(file: Path) -> None:
    RecordStore.open(file).close()
    connection = sqlite3.connect(file)
    connection.execute("UPDATE about SET database_version = 99")
    connection.commit()
    connection.close()
    with pytest.raises(StorageFailed, match="99"):
        RecordStore.open(file)


def test_the_file_is_in_wal_and_synced_in_full(store: RecordStore, file: Path) -> None:
    with store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


def test_a_lookup_uses_the_index(store: RecordStore, file: Path) -> None:
    connection = sqlite3.connect(file)
    for query in (
        "SELECT * FROM current_records WHERE kind = 'unit' ORDER BY key",
        "SELECT * FROM versions WHERE kind = 'unit' AND key = 'S1' ORDER BY version DESC LIMIT 1",
    ):
        plan = " ".join(row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}"))
        assert "SCAN" not in plan
        assert "SEARCH" in plan
    connection.close()
