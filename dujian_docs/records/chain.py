"""The hash chain: each version carries the hash of itself and of the one before it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

GENESIS = "0" * 64
"""The hash before the first version."""
_HASHED = ("seq", "at", "kind", "key", "version", "schema", "deleted", "author", "body", "previous_hash")


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many versions there are, and the hash of the last."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a record: what it said, who wrote it and when, and its place in the chain."""

    seq: int
    at: datetime
    kind: str
    key: str
    version: int
    schema: int
    deleted: bool
    author: str
    body: dict[str, Any]
    previous_hash: str
    hash: str

    def row(self) -> dict[str, Any]:
        """The version as the database holds it."""
        return {
            "seq": self.seq,
            "at": self.at.isoformat(),
            "kind": self.kind,
            "key": self.key,
            "version": self.version,
            "schema": self.schema,
            "deleted": self.deleted,
            "author": self.author,
            "body": json.dumps(self.body, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
            "previous_hash": self.previous_hash,
            "hash": self.hash,
        }


def hash_of(row: Mapping[str, Any]) -> str:
    """The SHA-256 of a database row, its own hash left out; each field keeps its bounds."""
    told = json.dumps([row[name] for name in _HASHED], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def chained(version: Version) -> Version:
    """The version with its hash."""
    return replace(version, hash=hash_of(version.row()))


def breaks_of(rows: Iterable[Mapping[str, Any]], *, anchor: Head | None = None) -> Iterator[str]:
    """What in ``rows`` (by seq) is not as it was written, in Chinese."""
    last, anchored = Head(0, GENESIS), anchor is None or anchor == Head(0, GENESIS)
    for row in rows:
        name = f"第 {row['seq']} 条（{row['kind']} {row['key']} 第 {row['version']} 版）"
        if row["seq"] != last.seq + 1:
            yield f"第 {last.seq + 1} 条到第 {row['seq'] - 1} 条缺失，可能被删除"
        if row["previous_hash"] != last.hash:
            yield f"{name}与前一条接不上，前面可能有改动、删除或插入"
        if hash_of(row) != row["hash"]:
            yield f"{name}的内容与写入时不一致，可能被改动"
        last = Head(row["seq"], row["hash"])
        anchored = anchored or last == anchor
    if anchor and not anchored:
        yield f"找不到此前记下的第 {anchor.seq} 条（{anchor.hash[:12]}…），末尾可能被截断或整体改写过"
