"""Undoing a batch: what was written in one go is put back, by new versions; nothing leaves the history.

A batch is all that one command wrote, told by its author and its time; its number is the place of its first
version in the chain. Where others have built on it since, they are named and nothing is undone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dujian_docs.errors import RecordConflict, UsageInvalid
from dujian_docs.records.chain import Head, Version
from dujian_docs.records.kinds import kind_of
from dujian_docs.records.problems import load
from dujian_docs.records.store import RecordStore
from dujian_docs.records.transaction import Snapshot, Transaction

NAMED = 5
"""How many of the records in the way are named."""
OF_DOCUMENTS = frozenset({"document", "issued_document", "document_copy"})
"""Kinds that tell of documents which left the office."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one command wrote: number, time, author, and how many of each kind it added, changed, deleted."""

    number: int
    at: datetime
    author: str
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class UndoPlan:
    """The versions of a batch that will be undone, the last first."""

    batch: Batch
    versions: tuple[Version, ...]


def batches(store: RecordStore, most: int = 10) -> tuple[Batch, ...]:
    """The batches written last, the latest first."""
    with store.snapshot() as now:
        return tuple(_batch(versions) for versions in now.batches(most))


def plan_undo(store: RecordStore, number: int) -> UndoPlan:
    """What undoing the batch would put back; nothing is written.

    Raises:
        UsageInvalid: no batch has this number.
        RecordConflict: records of the batch were changed since, or are numbers of documents.
    """
    with store.snapshot() as now:
        versions = now.batch(number)
        if not versions or versions[0].seq != number:
            known = "、".join(str(found[0].seq) for found in now.batches(NAMED)) or "还没有"
            raise UsageInvalid(f"没有编号为 {number} 的批次", remedy=f"最近的批次：{known}；不写编号可以列出")
        _refuse_numbers(versions)
        _refuse_changed_since(now, versions)
    return UndoPlan(_batch(versions), tuple(reversed(versions)))


def apply_undo(plan: UndoPlan, store: RecordStore, author: str, at: datetime) -> Head:
    """The records stand as they did before the batch; returns the end of the chain.

    Raises:
        RecordConflict: something was changed since the plan was made, or names a record that would go;
            nothing is undone.
    """
    with store.transaction() as transaction:
        _refuse_changed_since(transaction, plan.versions)
        for version in plan.versions:
            _put_back(transaction, version, author, at)
        return transaction.head()


def _put_back(transaction: Transaction, version: Version, author: str, at: datetime) -> None:
    before = [one for one in transaction.history(version.kind, version.key) if one.version < version.version]
    former = before[-1] if before else None
    if former is not None and not former.deleted:
        kind = kind_of(version.kind)
        where = f"{kind.title} {version.key} 的第 {former.version} 版"
        body = former.body
        for upgrade in kind.upgrades[former.schema - 1 :]:
            body = dict(upgrade(body))
        transaction.put(load(kind, body, where=where), author=author, at=at)
    elif not version.deleted:
        transaction.delete(version.kind, version.key, author=author, at=at)


def _refuse_numbers(versions: Sequence[Version]) -> None:
    """Numbers of documents are never taken back: they may stand on paper. So with what is kept of them."""
    if all(one.kind == "draft" for one in versions):
        raise RecordConflict(
            "公文稿办到哪一步要留痕，不能撤销",
            remedy="用 dujian draft return 退回，或 dujian draft withdraw 撤稿",
        )
    if any(one.kind in OF_DOCUMENTS for one in versions):
        raise RecordConflict(
            "这一批里有发文字号，发文字号不能撤销", remedy="发错的文用作废，字号留在登记簿里"
        )


def _refuse_changed_since(now: Snapshot, versions: Sequence[Version]) -> None:
    last = {(one.kind, one.key): one for one in sorted(versions, key=lambda one: one.version)}
    later = [f"{kind_of(kind).title} {key}" for (kind, key), one in last.items() if not _stands(now, one)]
    if later:
        more = f"等 {len(later)} 条" if len(later) > NAMED else ""
        raise RecordConflict(
            f"这一批之后又改过：{'、'.join(later[:NAMED])}{more}", remedy="先撤销后来的批次，或者直接改正记录"
        )


def _stands(now: Snapshot, one: Version) -> bool:
    """Whether the record is as this version left it, if only because what came after was undone."""
    latest = now.history(one.kind, one.key)[-1]
    return latest.deleted == one.deleted and (one.deleted or latest.body == one.body)


def _batch(versions: Sequence[Version]) -> Batch:
    counts: dict[str, Counter[str]] = {}
    for one in versions:
        done = "删除" if one.deleted else "新增" if one.version == 1 else "变更"
        counts.setdefault(kind_of(one.kind).title, Counter())[done] += 1
    first = versions[0]
    return Batch(first.seq, first.at, first.author, {title: dict(found) for title, found in counts.items()})
