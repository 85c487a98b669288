"""The county's workbooks: they import as they are, and the spoilt one is wrong where it says."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from dujian_docs.records import FilingList, Indicator, RecordStore, RequiredFile, apply_import, plan_import
from dujian_docs.sample import SPOILT_NAME, sample_records, write_workbooks
from dujian_docs.sample.workbooks import BROUGHT, SPOILT_CELLS

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
OF_LIST = (FilingList, Indicator, RequiredFile)


@pytest.fixture
def store(tmp_path: Path) -> RecordStore:
    """A store that holds the filing list, its units, and nothing else."""
    return RecordStore.open(tmp_path / "records.db")


def test_the_workbooks_import_in_the_order_given(tmp_path: Path, store: RecordStore) -> None:
    written = write_workbooks(tmp_path / "录入表")
    assert [path.name for path in written] == [*(f"{title}.xlsx" for title in BROUGHT), SPOILT_NAME]
    with store:
        for path in written[:-1]:
            if path.name == "评估项目.xlsx":
                _store_list(store)
            plan = plan_import(path, store)
            assert plan.wrong == (), path.name
            apply_import(plan, store, author="李静", at=NOW)
        for kind, count in (("unit", 27), ("person", 19), ("inspection", 11), ("finding", 28)):
            assert len(store.all(kind)) == count
        assert set(store.all("finding")) | set(store.all("inspection")) <= set(sample_records())


def test_the_spoilt_workbook_is_wrong_in_each_row_it_names_and_in_no_other(
    tmp_path: Path, store: RecordStore
) -> None:
    with store:
        with store.transaction() as writing:
            for record in sample_records():
                writing.put(record, author="李静", at=NOW)
        plan = plan_import(write_workbooks(tmp_path / "录入表")[-1], store)
        found = {(fault.row, fault.label) for fault in plan.wrong}
        assert {(row, title) for row, title, _ in SPOILT_CELLS} == found
        assert plan.wrong_rows == tuple(row for row, _, _ in SPOILT_CELLS)
        assert len(plan.unchanged) == 28 - len(SPOILT_CELLS)


def test_writing_twice_keeps_the_first(tmp_path: Path) -> None:
    first = write_workbooks(tmp_path)
    before = {path: path.read_bytes() for path in first}
    second = write_workbooks(tmp_path)
    assert not set(first) & set(second)
    assert all(path.read_bytes() == data for path, data in before.items())


def _store_list(store: RecordStore) -> None:
    with store.transaction() as writing:
        for record in sample_records():
            if isinstance(record, OF_LIST):
                writing.put(record, author="李静", at=NOW)
