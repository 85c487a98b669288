"""The register: the next number, one way only, and what dead processes left."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dujian_docs.documents import register
from dujian_docs.documents.numbers import DocumentNumber
from dujian_docs.errors import RecordConflict, StorageFailed
from dujian_docs.records import DocumentEntry, IssuedDocument, NumberState, RecordStore

AT = datetime(2026, 3, 2, tzinfo=UTC)


def entry(
    number: DocumentNumber, *, state: NumberState = NumberState.RESERVED, path: str = ""
) -> DocumentEntry:
    where = path or f"发文/{number.year}/{number}.docx"
    return DocumentEntry(
        series=number.series,
        year=number.year,
        serial=number.serial,
        state=state,
        genre="通知",
        title="试",
        path=where,
    )


def note(store: RecordStore, row: DocumentEntry, sha256: str) -> None:
    kept = IssuedDocument(
        series=row.series,
        year=row.year,
        serial=row.serial,
        genre=row.genre,
        title=row.title,
        doc_date=AT.date(),
        path=row.path,
        sha256=sha256,
    )
    register.note_contents(store, [(row, kept)], author="甲", at=AT)


def reserve(store: RecordStore, *, series: str = "云教督", year: int = 2026, first: int = 1) -> DocumentEntry:
    (row,) = register.reserve(
        store, [entry], series=series, year=year, first_serial=first, author="甲", at=AT
    )
    return row


def test_numbers_count_on_per_series_and_year_whatever_became_of_them(store: RecordStore) -> None:
    first, second = reserve(store), reserve(store)
    register.mark_void(store, first, reason="试印", author="甲", at=AT)
    register.mark_used(store, second, path="发文/a.docx", author="甲", at=AT)
    assert [register.number_of(row).serial for row in (first, second, reserve(store))] == [1, 2, 3]
    assert reserve(store, series="云教督函").serial == 1
    assert reserve(store, year=2027).serial == 1


def test_an_office_may_continue_its_paper_register(store: RecordStore) -> None:
    assert [reserve(store, first=18).serial for _ in range(3)] == [18, 19, 20]
    assert reserve(store, first=5).serial == 21


def test_a_number_goes_one_way_only(store: RecordStore) -> None:
    used, void = reserve(store), reserve(store)
    register.mark_used(store, used, path="发文/a.docx", author="甲", at=AT)
    register.mark_void(store, void, reason="误", author="甲", at=AT)
    for row in (used, void):
        with pytest.raises(RecordConflict, match="不能再改"):
            register.mark_used(store, row, path="发文/b.docx", author="甲", at=AT)
        with pytest.raises(RecordConflict, match="不能再改"):
            register.mark_void(store, row, reason="再废", author="甲", at=AT)
        with pytest.raises(RecordConflict, match="不能再改"):
            note(store, row, "0" * 64)
    with pytest.raises(RecordConflict, match="不存在"):
        register.mark_void(store, entry(DocumentNumber("云", 2026, 9)), reason="误", author="甲", at=AT)


def test_voiding_needs_a_reason_and_reserving_a_reserved_row(store: RecordStore) -> None:
    with pytest.raises(RecordConflict, match="没有写原因"):
        register.mark_void(store, reserve(store), reason="  ", author="甲", at=AT)
    with pytest.raises(RecordConflict, match="必须先预留"):
        register.reserve(
            store,
            [lambda number: entry(number, state=NumberState.USED)],
            series="云",
            year=2026,
            first_serial=1,
            author="甲",
            at=AT,
        )


@pytest.mark.parametrize("name", ["通知.docx", "通知(2).docx"])
def test_a_leftover_whose_file_is_there_is_used(store: RecordStore, tmp_path: Path, name: str) -> None:
    archive = tmp_path / "archive"
    (row,) = register.reserve(
        store,
        [lambda number: entry(number, path="发文/通知.docx")],
        series="云",
        year=2026,
        first_serial=1,
        author="甲",
        at=AT,
    )
    (archive / "发文").mkdir()
    (archive / "发文" / "通知.docx").write_bytes("别人的".encode())
    (archive / "发文" / ".~dujian-x").write_bytes(b"half")
    (archive / "发文" / name).write_bytes(b"content")
    note(store, row, hashlib.sha256(b"content").hexdigest())
    (settled,) = register.settle(store, archive, author="甲", at=AT)
    assert (settled.state, settled.path) == (NumberState.USED, f"发文/{name}")
    assert not list(archive.rglob(".~dujian-*"))
    assert register.settle(store, archive, author="甲", at=AT) == ()


@pytest.mark.parametrize("content", [None, b"other"])
def test_a_leftover_without_its_file_is_void(
    store: RecordStore, tmp_path: Path, content: bytes | None
) -> None:
    archive = tmp_path / "archive"
    row = reserve(store)
    note(store, row, hashlib.sha256(b"content").hexdigest())
    if content is not None:
        (archive / row.path).parent.mkdir(parents=True)
        (archive / row.path).write_bytes(content)
    (settled,) = register.settle(store, archive, author="甲", at=AT)
    assert (settled.state, settled.void_reason) == (NumberState.VOID, "生成中断")
    assert content is None or (archive / row.path).read_bytes() == content
    assert reserve(store).serial == 2


def test_nothing_is_settled_while_the_archive_is_away(store: RecordStore, tmp_path: Path) -> None:
    reserve(store)
    with pytest.raises(StorageFailed, match="打不开"):
        register.settle(store, tmp_path / "没接上的共享", author="甲", at=AT)
    assert [row.state for row in register.entries(store)] == [NumberState.RESERVED]


def test_a_path_that_leads_out_is_never_looked_at(store: RecordStore, tmp_path: Path) -> None:
    (tmp_path / "外.docx").write_bytes(b"content")
    (row,) = register.reserve(
        store,
        [lambda number: entry(number, path="../外.docx")],
        series="云",
        year=2026,
        first_serial=1,
        author="甲",
        at=AT,
    )
    note(store, row, hashlib.sha256(b"content").hexdigest())
    (settled,) = register.settle(store, tmp_path / "archive", author="甲", at=AT)
    assert settled.state is NumberState.VOID
