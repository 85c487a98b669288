"""One record at a time, as it is typed: the rules, names and messages of an import."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, get_type_hints

from pydantic import TypeAdapter, ValidationError

from dujian_docs.errors import UsageInvalid
from dujian_docs.records.cells import cell_value, plain
from dujian_docs.records.chain import Version
from dujian_docs.records.columns import Column, columns_of
from dujian_docs.records.fields import is_blank
from dujian_docs.records.import_links import stored_targets
from dujian_docs.records.import_names import with_codes
from dujian_docs.records.import_sources import Source
from dujian_docs.records.importing import FieldChange, ImportPlan, changes_between, plan_of
from dujian_docs.records.kinds import Kind
from dujian_docs.records.models import Record
from dujian_docs.records.problems import load
from dujian_docs.records.store import RecordStore
from dujian_docs.records.transaction import Snapshot
from dujian_docs.records.workbook_cells import Row

TYPED = "命令行"
"""Where a typed record comes from, as messages say it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One version of a record: who wrote it when, and what it changed; nothing but its end when deleted."""

    version: Version
    changes: tuple[FieldChange, ...]


def plan_single(kind: Kind, typed: Mapping[str, str], store: RecordStore) -> ImportPlan:
    """What writing these values, by title or name of their fields, would do; others stay as they stand.

    An empty value clears its field.

    Raises:
        UsageInvalid: records of this kind are not entered by hand, a field is not one of the kind's, or one
            that the record is known by is missing.
    """
    refuse_written_by_verbs(kind)
    values = {_column(kind, word).name: text for word, text in typed.items()}
    source = Source(Path(TYPED), "", kind, TYPED, (Row(1, values),), {})
    with store.snapshot() as now:
        (row,) = with_codes(source, stored_targets(source, now)).rows
        present = now.get(kind.name, _key(kind, row.values))
    body = present.model_dump(mode="json") if present else {}
    merged = {**body, **row.values}
    kept = {name: value for name, value in merged.items() if not is_blank(value)}
    return plan_of(replace(source, rows=(Row(1, kept, row.faults),)), store)


def refuse_written_by_verbs(kind: Kind) -> None:
    """Records of the kind are entered by people.

    Raises:
        UsageInvalid: they are written by verbs alone.
    """
    if not kind.entered:
        raise UsageInvalid(f"{kind.title}不能直接改", remedy="这类记录由 dujian 的命令在办理时登记")


def history_of(now: Snapshot, kind: Kind, key: str) -> tuple[Change, ...]:
    """Every version of a record with what it changed, the oldest first."""
    told: list[Change] = []
    before: Record | None = None
    for version in now.history(kind.name, key):
        after = None if version.deleted else _loaded(kind, version)
        told.append(Change(version, _between(before, after)))
        before = after
    return tuple(told)


def changes_of(kind: Kind, before: Version, after: Version) -> tuple[FieldChange, ...]:
    """What differs between two versions of a record, field by field; nothing where one is a deletion."""
    return _between(*(None if one.deleted else _loaded(kind, one) for one in (before, after)))


def lines_of(record: Record) -> tuple[tuple[str, str], ...]:
    """Title and value of every field that says something."""
    told = ((one.title, plain(cell_value(record, one))) for one in columns_of(type(record)))
    return tuple((title, text) for title, text in told if text)


def _between(before: Record | None, after: Record | None) -> tuple[FieldChange, ...]:
    if before is None or after is None:
        return ()
    return changes_between(before, after)


def _loaded(kind: Kind, version: Version) -> Record:
    body: Mapping[str, Any] = version.body
    for upgrade in kind.upgrades[version.schema - 1 :]:
        body = dict(upgrade(body))
    return load(kind, body, where=f"{kind.title} {version.key} 的第 {version.version} 版")


def _column(kind: Kind, word: str) -> Column:
    columns = {name: one for one in columns_of(kind.model) for name in (one.name, one.title)}
    found = columns.get(word.strip())
    if found is None:
        near = difflib.get_close_matches(word, columns, n=1, cutoff=0.5)
        hint = f"是不是“{columns[near[0]].title}”？" if near else ""
        titles = "、".join(one.title for one in columns_of(kind.model))
        raise UsageInvalid(f"{kind.title}没有“{word}”这一项", remedy=f"{hint}可写的有：{titles}")
    return found


def _key(kind: Kind, values: Mapping[str, Any]) -> str:
    """The key that the values name, each read as its field reads it."""
    hints = get_type_hints(kind.model, include_extras=True)
    parts: list[str] = []
    for name in kind.key_fields:
        if is_blank(values.get(name)):
            title = kind.model.model_fields[name].title or name
            raise UsageInvalid(f"没有写{title}，不知道是哪一条{kind.title}", remedy=f"加上 {title}=……")
        try:
            parts.append(str(TypeAdapter[Any](hints[name]).validate_python(values[name])))
        except ValidationError:
            parts.append(str(values[name]))  # no record is known so; the plan tells what is wrong
    return "/".join(parts)
