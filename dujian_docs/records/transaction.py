"""Reading from one state of the store, and writing to it under the lock."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from dujian_docs.errors import InputInvalid, RecordConflict, StorageFailed
from dujian_docs.records.chain import GENESIS, Head, Version, chained
from dujian_docs.records.columns import columns_of, targets
from dujian_docs.records.database import Rows
from dujian_docs.records.kinds import Kind, kind_of
from dujian_docs.records.models import Record
from dujian_docs.records.problems import input_invalid, load, shown

REFERRERS_NAMED = 5


class Snapshot:
    """Reads from one consistent state of the store."""

    def __init__(self, rows: Rows, kinds: Sequence[Kind]) -> None:
        self._rows = rows
        self._kinds = kinds

    def get(self, kind: str, key: str) -> Record | None:
        """The record as it stands, or None when there is none or it was deleted."""
        found = self._latest(kind, key)
        return None if found is None or found.deleted else self._loaded(found)

    def all(self, kind: str, *, containing: str = "") -> tuple[Record, ...]:
        """Every record of a kind as it stands, by key; only those with ``containing`` somewhere in them."""
        rows = self._rows.current(self._kind(kind).name, containing=containing)
        return tuple(self._loaded(_version(row)) for row in rows)

    def version_of(self, kind: str, key: str) -> int:
        """The number of the latest version, a deletion included; 0 when there never was one."""
        found = self._latest(kind, key)
        return found.version if found else 0

    def version_numbers(self, kind: str) -> Mapping[str, int]:
        """The number of the latest version of every key of a kind, deletions included."""
        return self._rows.numbers(self._kind(kind).name)

    def history(self, kind: str, key: str) -> tuple[Version, ...]:
        """Every version of a record, the oldest first."""
        return tuple(_version(row) for row in self._rows.history(self._kind(kind).name, key))

    def batch(self, number: int) -> tuple[Version, ...]:
        """Every version that was written in one go with the one at this place of the chain; in order."""
        return tuple(_version(row) for row in self._rows.batch(number))

    def batches(self, most: int) -> tuple[tuple[Version, ...], ...]:
        """The batches written last, the latest first."""
        return tuple(self.batch(number) for number in self._rows.batches(most))

    def head(self) -> Head:
        """The end of the chain; print it outside the store, so that a cut-off end can be noticed."""
        last = self._rows.last()
        return Head(last["seq"], last["hash"]) if last else Head(0, GENESIS)

    def _kind(self, word: str) -> Kind:
        return kind_of(word, self._kinds)

    def _latest(self, kind: str, key: str) -> Version | None:
        row = self._rows.latest(self._kind(kind).name, key)
        return _version(row) if row else None

    def _loaded(self, version: Version) -> Record:
        kind = self._kind(version.kind)
        where = f"记录库里的{kind.title} {version.key}（第 {version.version} 版）"
        if version.schema > kind.schema:
            raise InputInvalid(f"{where}是更新版本的程序写的", remedy="请升级本程序后再打开")
        body = version.body
        for upgrade in kind.upgrades[version.schema - 1 :]:
            body = dict(upgrade(body))
        return load(kind, body, where=where)


class Transaction(Snapshot):
    """Reads and writes under the write lock; all of it is stored, or none.

    Nobody else can write meanwhile, so what was looked up once is remembered.
    """

    def __init__(self, rows: Rows, kinds: Sequence[Kind]) -> None:
        super().__init__(rows, kinds)
        self._seen: dict[tuple[str, str], Version | None] = {}
        self._head: Head | None = None

    def head(self) -> Head:
        """The end of the chain as it stands in this transaction."""
        self._head = self._head or super().head()
        return self._head

    def _latest(self, kind: str, key: str) -> Version | None:
        place = (self._kind(kind).name, key)
        if place not in self._seen:
            self._seen[place] = super()._latest(*place)
        return self._seen[place]

    def put(self, record: Record, *, author: str, at: datetime, expected: int | None = None) -> Version:
        """Stores the record as a new version; when nothing changed, the present version is returned.

        Args:
            record: its kind follows from its class.
            author: who says so.
            at: when, with a time zone.
            expected: the version the author had before them; 0 for none.

        Raises:
            InputInvalid: the record breaks a rule of its model.
            RecordConflict: it names a record that does not exist, or was overtaken since ``expected``.
        """
        kind = self._kind_of(record)
        try:
            record = kind.model.model_validate(record.model_dump(warnings=False))
        except ValidationError as error:
            raise input_invalid(error, kind, where=kind.title) from error
        key = kind.key_of(record)
        latest = self._latest(kind.name, key)
        self._refuse_overtaken(kind, key, latest, expected)
        self._refuse_dangling(kind, key, record)
        body = record.model_dump(mode="json")
        if latest and not latest.deleted and latest.body == body and latest.schema == kind.schema:
            return latest
        version = Version(
            seq=0,
            at=at,
            kind=kind.name,
            key=key,
            version=latest.version + 1 if latest else 1,
            schema=kind.schema,
            deleted=False,
            author=author,
            body=body,
            previous_hash="",
            hash="",
        )
        return self._append(version, author=author, at=at)

    def delete(self, kind: str, key: str, *, author: str, at: datetime) -> Version:
        """Marks the record as deleted; its versions stay in the history.

        Raises:
            RecordConflict: there is no such record, or others name it; says which.
        """
        found, latest = self._kind(kind), self._latest(kind, key)
        if latest is None or latest.deleted:
            raise RecordConflict(f"没有{found.title} {key}，无法删除", remedy="核对代码，看是不是已经删除")
        self._refuse_referred(found, key)
        gone = replace(latest, version=latest.version + 1, deleted=True)
        return self._append(gone, author=author, at=at)

    def referrers(self, kind: str, key: str) -> tuple[tuple[Kind, str, Record], ...]:
        """Every record as it stands that names ``kind``/``key``: its kind, key and value."""
        kind = self._kind(kind).name
        found: list[tuple[Kind, str, Record]] = []
        for other in self._kinds:
            links = [column.link for column in columns_of(other.model) if column.link]
            if not any(link.kind == kind for link in links):
                continue
            last = json.dumps(key.rpartition("/")[2], ensure_ascii=False)
            for row in self._rows.current(other.name, containing=last):
                record = self._loaded(_version(row))
                if any(target.kind == kind and target.key == key for target in targets(record)):
                    found.append((other, row["key"], record))
        return tuple(found)

    def _kind_of(self, record: Record) -> Kind:
        for kind in self._kinds:
            if kind.model is type(record):
                return kind
        raise TypeError(f"{type(record).__name__} is not the model of a kind of this store")

    def _append(self, version: Version, *, author: str, at: datetime) -> Version:
        """Writes the version at the end of the chain, with its place, author and time."""
        if not author.strip():
            raise InputInvalid("没有写明经办人，无法留痕", remedy="在 dujian.toml 的 [user] name 里填写姓名")
        if at.tzinfo is None:
            raise ValueError("at needs a time zone")
        head = self.head()
        placed = replace(version, seq=head.seq + 1, at=at, author=author.strip(), previous_hash=head.hash)
        version = chained(placed)
        self._rows.append(version.row())
        self._seen[version.kind, version.key] = version
        self._head = Head(version.seq, version.hash)
        return version

    def _refuse_overtaken(self, kind: Kind, key: str, latest: Version | None, expected: int | None) -> None:
        present = latest.version if latest else 0
        if expected is not None and expected != present:
            by = f"{latest.author}在 {latest.at:%Y-%m-%d %H:%M} " if latest else ""
            raise RecordConflict(
                f"{kind.title} {key} 在此期间已被改动：{by}写了第 {present} 版，这里依据的是第 {expected} 版",
                remedy="重新读取最新内容，核对后再改",
            )

    def _refuse_dangling(self, kind: Kind, key: str, record: Record) -> None:
        for target in targets(record):
            if target.kind == kind.name and not target.column.many and self._leads_to(kind, target.key, key):
                raise RecordConflict(
                    f"{kind.title} {key} 的“{target.column.title}”填了“{target.value}”，绕回了它自己",
                    remedy=f"改填真正的{target.column.title}，或者留空",
                )
            latest = self._latest(target.kind, target.key)
            if latest is None or latest.deleted:
                title = self._kind(target.kind).title
                raise RecordConflict(
                    f"{kind.title} {key} 的“{target.column.title}”填了“{target.value}”，但没有这个{title}",
                    remedy=f"先录入{title} {target.key}，或者改正“{target.column.title}”",
                )

    def _leads_to(self, kind: Kind, start: str, end: str) -> bool:
        """Whether going up from ``start`` along the links within a kind comes to ``end``."""
        seen: set[str] = set()
        while start and start != end and start not in seen:
            seen.add(start)
            record = self.get(kind.name, start)
            above = targets(record) if record else ()
            start = next((one.key for one in above if one.kind == kind.name and not one.column.many), "")
        return start == end

    def _refuse_referred(self, kind: Kind, key: str) -> None:
        found = self.referrers(kind.name, key)
        if found:
            named = "、".join(
                f"{other.title} {other_key}（{label_of(record)}）"
                for other, other_key, record in found[:REFERRERS_NAMED]
            )
            rest = f"等共 {len(found)} 条" if len(found) > REFERRERS_NAMED else ""
            raise RecordConflict(
                f"不能删除{kind.title} {key}：{named}{rest}还用着它", remedy="先修改或删除这些记录"
            )


def label_of(record: Record) -> str:
    """What a person calls the record: its title, name or description, in at most 20 characters."""
    for name in ("title", "name", "description", "path"):
        if text := getattr(record, name, ""):
            return shown(text, 20)
    return shown(getattr(record, "code", ""))


def _version(row: Mapping[str, Any]) -> Version:
    try:
        return Version(**{**row, "at": datetime.fromisoformat(row["at"]), "body": json.loads(row["body"])})
    except ValueError as error:
        raise StorageFailed(
            f"记录库第 {row['seq']} 条（{row['kind']} {row['key']}）已经损坏",
            remedy="从备份恢复 records.db，或运行 dujian verify 查明范围",
        ) from error
