"""A filing list in the record store."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dujian_docs.errors import InputInvalid, RecordConflict
from dujian_docs.filing import (
    FilingTree,
    apply_confirm,
    apply_filing_list,
    expectations,
    load_filing_list,
    plan_confirm,
    plan_filing_list,
    tree_of,
)
from dujian_docs.records import Assignment, RecordStore, Unit
from indexer import Item, State

AT = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path, units: tuple[Unit, ...]) -> Iterator[RecordStore]:
    with RecordStore.open(tmp_path / "records.db") as store:
        with store.transaction() as writing:
            for unit in units:
                writing.put(unit, author="李文书", at=AT)
        yield store


def stored(tree: FilingTree, store: RecordStore) -> None:
    apply_filing_list(plan_filing_list(tree, store), store, author="李文书", at=AT)


def changed_tree(tmp_path: Path, list_text: str, *changes: tuple[str, str]) -> FilingTree:
    for old, new in changes:
        assert old in list_text
        list_text = list_text.replace(old, new)
    source = tmp_path / "改.yaml"
    source.write_text(list_text, encoding="utf-8")
    return load_filing_list(source)


def test_what_was_stored_is_read_back(tree: FilingTree, store: RecordStore) -> None:
    plan = plan_filing_list(tree, store)
    assert (len(plan.added), plan.changed, plan.removed, plan.unchanged) == (14, (), (), 0)
    assert store.all("indicator") == ()
    stored(tree, store)
    assert tree_of(store, "YL2026") == tree
    again = plan_filing_list(tree, store)
    assert (again.writes, again.unchanged) == (False, 14)


def test_a_new_version_adds_changes_and_removes(
    tree: FilingTree, store: RecordStore, tmp_path: Path, list_text: str
) -> None:
    stored(tree, store)
    last = list_text[list_text.index("      - {code: C3-03") :]
    new = changed_tree(
        tmp_path,
        list_text,
        ("title: 会议纪要", "title: 常务会议纪要"),
        (last, last.replace("C3-03", "C3-04")),
    )
    plan = plan_filing_list(new, store)
    assert [getattr(one, "code", "") for one in (*plan.added, *plan.changed, *plan.removed)] == [
        "C3-04",
        "C1-02",
        "C3-03",
    ]
    apply_filing_list(plan, store, author="王主任", at=AT)
    assert tree_of(store, "YL2026") == new
    assert len(store.history("required_file", "YL2026/C3-03")) == 2


def test_a_whole_branch_can_be_removed(
    tree: FilingTree, store: RecordStore, tmp_path: Path, list_text: str
) -> None:
    stored(tree, store)
    new = changed_tree(tmp_path, list_text[: list_text.index("- code: A2")], ("points: 70", "points: 100"),
                       ("points: 40", "points: 70"))  # fmt: skip
    stored(new, store)
    assert tree_of(store, "YL2026") == new


def test_a_list_that_changed_meanwhile_is_not_overwritten(
    tree: FilingTree, store: RecordStore, tmp_path: Path, list_text: str
) -> None:
    plan = plan_filing_list(tree, store)
    stored(changed_tree(tmp_path, list_text, ("title: 会议纪要", "title: 纪要")), store)
    with pytest.raises(RecordConflict, match="在核对之后又被改动"):
        apply_filing_list(plan, store, author="李文书", at=AT)


def test_an_unknown_responsible_unit_stores_nothing(
    store: RecordStore, tmp_path: Path, list_text: str
) -> None:
    tree = changed_tree(tmp_path, list_text, ("responsible_unit: D001", "responsible_unit: D999"))
    with pytest.raises(RecordConflict, match="D999"):
        stored(tree, store)
    assert store.all("filing_list") == ()


def test_there_is_no_such_list(store: RecordStore) -> None:
    with pytest.raises(InputInvalid, match="没有目录代码为“X”的建档目录"):
        tree_of(store, "X")


def test_a_confirmation_is_stored_once(tree: FilingTree, units: tuple[Unit, ...], store: RecordStore) -> None:
    stored(tree, store)
    item = Item("待归档/扫描.pdf", 9, 0, "a" * 64, State.PENDING_OCR)
    due = expectations(tree, units)
    plan = plan_confirm(tree, due, [item], [], key=("C2-01", "D001", 2024), path=item.path, note="看过原件")
    assert store.all("assignment") == ()
    apply_confirm(plan, store, author="李文书", at=AT)
    (found,) = store.all("assignment")
    assert isinstance(found, Assignment)
    assert (found.required_file, found.sha256, found.note) == ("C2-01", "a" * 64, "看过原件")
    with pytest.raises(RecordConflict, match="已经确认为 C2-01 财政决算报告（县财政局，2024年）"):
        plan_confirm(tree, due, [item], [found], key=("C2-01", "D001", 2024), path=item.path)
    other = plan_confirm(tree, due, [item], [found], key=("C2-01", "D001", 2025), path=item.path)
    assert other.expectation.year == 2025
    without = plan_filing_list(replace(tree, roots=tree.roots), store)
    assert not without.writes


@pytest.mark.parametrize(
    ("key", "path", "words"),
    [
        (("C2-09", "D001", 2024), "a.pdf", "目录里没有应备件 C2-09"),
        (("C2-01", "T001", 2024), "a.pdf", "C2-01 不要求单位 T001 提供"),
        (("C2-01", "D001", 2020), "a.pdf", "C2-01 不要求 2020 年的"),
        (("C2-01", "D001", 2024), "b.pdf", "档案里没有“b.pdf”"),
        (("C2-01", "D001", 2024), "gone.pdf", "档案里没有“gone.pdf”"),
        (("C2-01", "D001", 2024), "locked.pdf", "“locked.pdf”打不开"),
        (("C2-01", "D001", 2024), "empty.pdf", "“empty.pdf”打不开"),
    ],
)
def test_what_cannot_be_confirmed(
    tree: FilingTree, units: tuple[Unit, ...], key: tuple[str, str, int], path: str, words: str
) -> None:
    items = [
        Item("a.pdf", 9, 0, "a" * 64, State.INDEXED),
        Item("gone.pdf", 9, 0, "b" * 64, State.VANISHED),
        Item("locked.pdf", 9, 0, "c" * 64, State.ENCRYPTED, "加了密码", "去掉密码"),
        Item("empty.pdf", 0, 0, "d" * 64, State.EMPTY),
    ]
    with pytest.raises(InputInvalid) as refusal:
        plan_confirm(tree, expectations(tree, units), items, [], key=key, path=path)
    assert words in refusal.value.problem
    assert refusal.value.remedy
