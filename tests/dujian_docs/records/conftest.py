"""A store in a fresh file, an author and a moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dujian_docs.records import Finding, Record, RecordStore, Unit

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
AUTHOR = "张三"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "records.db"


@pytest.fixture
def store(file: Path) -> Iterator[RecordStore]:
    with RecordStore.open(file) as opened:
        yield opened


@pytest.fixture
def put(store: RecordStore) -> Callable[..., None]:
    def put_all(*records: Record) -> None:
        with store.transaction() as transaction:
            for record in records:
                transaction.put(record, author=AUTHOR, at=AT)

    return put_all


@pytest.fixture
def unit() -> Callable[..., Unit]:
    def make(code: str = "S001", name: str = "青溪镇中心小学", **more: object) -> Unit:
        return Unit.model_validate({"code": code, "name": name, "unit_type": "学校", **more})

    return make


@pytest.fixture
def finding() -> Callable[..., Finding]:
    def make(code: str = "W2026-001", unit: str = "S001", **more: object) -> Finding:
        base = {"description": "食堂留样不足", "source": "县", "found_date": "2026-03-05"}
        return Finding.model_validate({"code": code, "unit": unit, **base, **more})

    return make
