"""Undoing a batch puts records back as they were, by new versions, or says what stands in the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dujian_docs.errors import RecordConflict, UsageInvalid
from dujian_docs.records import (
    DocumentEntry,
    NumberState,
    Record,
    RecordStore,
    Unit,
    UnitType,
    apply_undo,
    batches,
    plan_undo,
)

AT = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)
Write = Callable[..., int]


def school(code: str, name: str = "青溪镇中心小学", parent: str | None = None) -> Unit:
    return Unit(code=code, name=name, unit_type=UnitType.SCHOOL, parent=parent)


class Desk:
    """Writes batch after batch, a minute apart."""

    def __init__(self, store: RecordStore) -> None:
        self.store = store
        self.now = AT

    def write(self, *records: Record, delete: tuple[str, ...] = ()) -> int:
        """The number of the batch."""
        self.now += timedelta(minutes=1)
        with self.store.transaction() as writing:
            first = writing.head().seq + 1
            for code in delete:
                writing.delete("unit", code, author="李静", at=self.now)
            for record in records:
                writing.put(record, author="李静", at=self.now)
        return first

    def undo(self, number: int) -> int:
        """The number of the batch that undid it."""
        self.now += timedelta(minutes=1)
        before = self.store.head().seq
        apply_undo(plan_undo(self.store, number), self.store, "王敏", self.now)
        return before + 1

    def state(self) -> dict[str, Record]:
        return {one.code: one for one in self.store.all("unit") if isinstance(one, Unit)}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(RecordStore.open(tmp_path / "records.db"))


def test_added_and_changed_records_are_put_back_and_the_history_stays(desk: Desk) -> None:
    desk.write(school("S1", "旧名"))
    before = desk.state()
    number = desk.write(school("S1", "新名"), school("S2"))
    undoing = desk.undo(number)
    assert desk.state() == before
    assert [one.deleted for one in desk.store.history("unit", "S2")] == [False, True]
    assert [one.author for one in desk.store.history("unit", "S1")] == ["李静", "李静", "王敏"]
    assert desk.store.verify() == ()
    desk.undo(undoing)
    assert {code: one.name for code, one in desk.state().items()} == {"S1": "新名", "S2": "青溪镇中心小学"}  # type: ignore[attr-defined]


def test_deleted_records_come_back(desk: Desk) -> None:
    desk.write(school("S1"))
    before = desk.state()
    desk.undo(desk.write(delete=("S1",)))
    assert desk.state() == before


def test_records_that_name_each_other_go_together(desk: Desk) -> None:
    number = desk.write(school("S1"), school("S2", parent="S1"), school("S3", parent="S2"))
    desk.undo(number)
    assert desk.state() == {}


def test_what_was_changed_since_is_named_and_nothing_is_undone(desk: Desk) -> None:
    number = desk.write(school("S1"), school("S2"))
    desk.write(school("S1", "又改了"))
    before, head = desk.state(), desk.store.head()
    with pytest.raises(RecordConflict, match="单位 S1") as caught:
        desk.undo(number)
    assert "先撤销后来的批次" in caught.value.remedy
    assert (desk.state(), desk.store.head()) == (before, head)


def test_what_others_name_does_not_go(desk: Desk) -> None:
    number = desk.write(school("S1"))
    desk.write(school("S2", parent="S1"))
    head = desk.store.head()
    with pytest.raises(RecordConflict, match="还用着它"):
        desk.undo(number)
    assert desk.store.head() == head


def test_a_change_between_plan_and_undoing_is_noticed(desk: Desk) -> None:
    plan = plan_undo(desk.store, desk.write(school("S1")))
    desk.write(school("S1", "又改了"))
    with pytest.raises(RecordConflict, match="又改过"):
        apply_undo(plan, desk.store, "王敏", desk.now)


def test_numbers_of_documents_are_never_taken_back(desk: Desk) -> None:
    entry = DocumentEntry(series="云教督", year=2026, serial=1, state=NumberState.RESERVED, genre="通知")
    number = desk.write(entry)
    with pytest.raises(RecordConflict, match="发文字号不能撤销"):
        plan_undo(desk.store, number)


@pytest.mark.parametrize("number", [2, 99])
def test_a_number_that_begins_no_batch_is_refused(desk: Desk, number: int) -> None:
    desk.write(school("S1"), school("S2"))
    with pytest.raises(UsageInvalid, match=f"没有编号为 {number}") as caught:
        plan_undo(desk.store, number)
    assert "最近的批次：1" in caught.value.remedy


def test_batches_are_listed_the_latest_first_with_what_they_did(desk: Desk) -> None:
    desk.write(school("S1"))
    desk.write(school("S1", "新名"), school("S2"))
    desk.write(delete=("S2",))
    told = [(one.number, one.author, dict(one.counts)) for one in batches(desk.store)]
    assert told == [
        (4, "李静", {"单位": {"删除": 1}}),
        (2, "李静", {"单位": {"变更": 1, "新增": 1}}),
        (1, "李静", {"单位": {"新增": 1}}),
    ]
    assert [one.number for one in batches(desk.store, 1)] == [4]


@settings(max_examples=25, deadline=None)
@given(
    work=st.lists(
        st.dictionaries(st.sampled_from(["S1", "S2", "S3"]), st.sampled_from(["甲", "乙", None]), min_size=1),
        min_size=1,
        max_size=6,
    )
)
def test_undone_from_the_last_to_the_first_every_earlier_state_returns(
    work: list[dict[str, str | None]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    desk = Desk(RecordStore.open(tmp_path_factory.mktemp("undo") / "records.db"))
    states, numbers = [desk.state()], []
    for one in work:
        there = desk.state()
        gone = tuple(code for code, name in one.items() if name is None and code in there)
        kept = [school(code, name) for code, name in one.items() if name is not None]
        head = desk.store.head()
        number = desk.write(*kept, delete=gone)
        if desk.store.head() != head:
            numbers.append(number)
            states.append(desk.state())
    for number in reversed(numbers):
        states.pop()
        desk.undo(number)
        assert desk.state() == states[-1]
    assert desk.store.verify() == ()
