"""Whatever a record may hold, it comes back unchanged from JSON, from a workbook and from the store."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from dujian_docs.errors import RecordConflict
from dujian_docs.records import KINDS, Kind, Record, RecordStore, columns_of, export_records, plan_import
from dujian_docs.records.columns import Column
from dujian_docs.records.fields import Shape
from dujian_docs.records.import_sources import read_source
from dujian_docs.records.json_records import json_bytes, parse_json
from dujian_docs.records.workbook_form import form_bytes
from dujian_docs.records.workbook_rows import rows_of

AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)
NASTY = "=+-@'\"#N/A、，；,;\n\r\t \u00a0\u3000&<>_x000D_１２𠮷𬭚😀é\u200b\u202e学(xué)無０/\\"
texts = st.text(st.one_of(st.sampled_from(NASTY), st.characters(codec="utf-8")), max_size=12)
codes = st.text(st.sampled_from("ABCSWT0123456789-〔〕号２Ａ中"), min_size=1, max_size=8)
STRATEGIES: Mapping[Shape, st.SearchStrategy[Any]] = {
    Shape.TEXT: texts,
    Shape.CODE: codes,
    Shape.DIGITS: st.text("0123456789Xx-０１", max_size=20),
    Shape.YEAR: st.integers(1900, 2099),
    Shape.SCHOOL_YEAR: st.integers(1990, 2090).map(lambda year: f"{year}—{year + 1}学年"),
    Shape.PERCENT: st.floats(0, 100, allow_nan=False),
    Shape.MONEY: st.floats(0, 1e9, allow_nan=False),
    Shape.DAY: st.dates(date(1900, 3, 1), date(2199, 12, 31)),
    Shape.FLAG: st.booleans(),
    Shape.NUMBER: st.one_of(st.integers(0, 10**6), st.floats(0, 1e6, allow_nan=False)),
    Shape.COUNT: st.integers(1, 200),
    Shape.WORDS: st.lists(texts, max_size=4),
    Shape.CODES: st.lists(codes, max_size=4),
    Shape.PARAGRAPHS: st.lists(texts, max_size=4),
}
EXACT: Mapping[tuple[str, str], st.SearchStrategy[Any]] = {
    ("person", "id_number"): st.sampled_from(["", "51010420090101123x", "５10104200901011234"]),
    ("indicator", "code"): st.from_regex(r"A[1-9]", fullmatch=True),
    ("indicator", "parent"): st.just(""),
    ("required_file", "code"): st.just("C12-03"),
    ("required_file", "indicator"): st.just("C12"),
    ("figure", "period"): st.sampled_from(["2026年", "2025—2026学年", "２０２４"]),
    ("basis", "number"): st.sampled_from(["", "国办发()8号", "云教督〔2026〕3号", "黑政教督委〔xx〕xx号"]),
    ("basis", "year"): st.sampled_from(["", "2026年", "20*年", "xx年"]),
    ("assignment", "sha256"): st.from_regex(r"[0-9a-f]{64}", fullmatch=True),
    **{("half_monthly_report", name): st.just(200) for name in ("counties", "schools", "tips")},
    **{
        ("half_monthly_report", f"orgs{way}"): st.just(n)
        for way, n in (("", 400), ("_offline", 150), ("_online", 250))
    },
}


def _field(kind: Kind, column: Column) -> st.SearchStrategy[Any]:
    if (kind.name, column.name) in EXACT:
        return EXACT[kind.name, column.name]
    return st.sampled_from(column.choices) if column.choices else STRATEGIES[column.shape]


def records_of(kind: Kind) -> st.SearchStrategy[Record]:
    """Records of a kind from whatever may be typed; what its model refuses is not a record."""
    columns = columns_of(kind.model)
    needed = {column.name: _field(kind, column) for column in columns if column.required}
    optional = {column.name: _field(kind, column) for column in columns if not column.required}
    typed = st.fixed_dictionaries(needed, optional=optional)
    return (
        typed.map(lambda values: _record(kind, values)).filter(lambda record: record is not None).map(_sure)
    )


def _record(kind: Kind, values: Mapping[str, Any]) -> Record | None:
    """The record, the fields that its model refuses left out when they may be."""
    values = dict(values)
    for _ in range(len(values) + 1):
        try:
            return kind.model.model_validate(values)
        except ValidationError as error:
            for entry in error.errors():
                values.pop(str(entry["loc"][0]), None)
    return None


def _sure(record: Record | None) -> Record:
    assert record is not None
    return record


modest = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
)
KEPT_AS_PRINTED = {"issued_document", "document_copy", "draft"}
"""Kinds of which a cell cannot hold what they are: parts within parts, texts with their blanks."""
every_kind = pytest.mark.parametrize(
    "kind", [kind for kind in KINDS if kind.name not in KEPT_AS_PRINTED], ids=lambda kind: kind.name
)


@every_kind
@modest
@given(data=st.data())
def test_json_gives_the_record_back(kind: Kind, data: st.DataObject) -> None:
    record = data.draw(records_of(kind))
    found, (values,) = parse_json(json_bytes(kind, (record,)), "甲.json", kinds=KINDS)
    assert found is kind
    assert kind.model.model_validate(values) == record


@every_kind
@modest
@given(data=st.data())
def test_a_workbook_gives_the_records_back(kind: Kind, data: st.DataObject) -> None:
    records = data.draw(st.lists(records_of(kind), min_size=1, max_size=3))
    read = rows_of(form_bytes(kind, records, links={}), Path("甲.xlsx"))
    assert [row.faults for row in read.rows] == [()] * len(records)
    assert [kind.model.model_validate(dict(row.values)) for row in read.rows] == records


@every_kind
@modest
@given(data=st.data())
def test_a_record_is_read_as_itself_again(kind: Kind, data: st.DataObject) -> None:
    record = data.draw(records_of(kind))
    assert kind.model.model_validate(record.model_dump()) == record
    assert kind.model.model_validate(record.model_dump(mode="json")) == record


@settings(modest, max_examples=10)
@given(units=st.lists(records_of(KINDS[0]), min_size=1, max_size=5, unique_by=lambda unit: unit.code))  # type: ignore[attr-defined]
@pytest.mark.parametrize("suffix", ["xlsx", "json"])
def test_what_was_exported_is_unchanged_when_imported(suffix: str, units: list[Record]) -> None:
    with tempfile.TemporaryDirectory() as folder, RecordStore.open(Path(folder) / "records.db") as store:
        for unit in units:
            try:
                with store.transaction() as transaction:
                    transaction.put(unit, author="张三", at=AT)
            except RecordConflict:  # a parent that does not exist
                bare = unit.model_copy(update={"parent": None})
                with store.transaction() as transaction:
                    transaction.put(bare, author="张三", at=AT)
        path = export_records("单位", store.all("unit"), Path(folder) / f"单位.{suffix}")
        plan = plan_import(path, store)
        assert (plan.added, plan.changed, plan.wrong) == ((), (), ())
        assert len(plan.unchanged) == len(units)
        assert read_source(path, kinds=KINDS).kind.name == "unit"
