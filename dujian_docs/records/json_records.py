"""Records as a JSON file: ``{"kind": "unit", "schema": 1, "records": [{…}, …]}``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from dujian_docs.errors import InputInvalid, UsageInvalid
from dujian_docs.records.columns import columns_of
from dujian_docs.records.fields import Shape, is_blank
from dujian_docs.records.kinds import Kind, kind_of
from dujian_docs.records.models import Record

_SHAPE = '文件应形如 {"kind": "unit", "schema": 1, "records": [{…}]}，可先用 dujian export 导出一份作样子'


def json_bytes(kind: Kind, records: Sequence[Record]) -> bytes:
    """The bytes of the JSON file that holds ``records``."""
    held = {
        "kind": kind.name,
        "schema": kind.schema,
        "records": [record.model_dump(mode="json") for record in records],
    }
    return (json.dumps(held, ensure_ascii=False, indent=2) + "\n").encode("utf-8")


def parse_json(
    data: bytes, name: str, *, kinds: Sequence[Kind]
) -> tuple[Kind, tuple[Mapping[str, Any], ...]]:
    """The kind and the raw values of each record; nothing is judged yet.

    Raises:
        InputInvalid: it is not such a file; names the place.
    """
    try:
        held = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except UnicodeDecodeError as error:
        raise InputInvalid(f"文件 {name} 不是 UTF-8 编码", remedy="用记事本另存为 UTF-8 编码") from error
    except json.JSONDecodeError as error:
        raise InputInvalid(
            f"文件 {name} 第 {error.lineno} 行第 {error.colno} 个字符处不是 JSON", remedy=_SHAPE
        ) from error
    except (RecursionError, ValueError) as error:
        raise InputInvalid(f"文件 {name} 里有嵌套过深或不是数字的值", remedy=_SHAPE) from error
    if not isinstance(held, dict) or not isinstance(held.get("records"), list):
        raise InputInvalid(f"文件 {name} 里没有 records 列表", remedy=_SHAPE)
    kind = _kind_in(held, name, kinds)
    rows = held["records"]
    strange = next((at for at, row in enumerate(rows, start=1) if not isinstance(row, dict)), None)
    if strange is not None:
        raise InputInvalid(f"文件 {name} 第 {strange} 条不是一条记录", remedy=_SHAPE)
    return kind, tuple(_without_blanks(kind, row) for row in rows)


def _kind_in(held: Mapping[str, Any], name: str, kinds: Sequence[Kind]) -> Kind:
    try:
        kind = kind_of(str(held.get("kind", "")), kinds)
    except UsageInvalid as error:
        raise InputInvalid(f"文件 {name} 的 kind：{error.problem}", remedy=error.remedy) from error
    schema = held.get("schema", kind.schema)
    if schema != kind.schema or isinstance(schema, bool):
        raise InputInvalid(
            f"文件 {name} 的 schema 是 {schema}，本程序的{kind.title}是 {kind.schema}",
            remedy="用同一版本的程序重新导出",
        )
    return kind


def _without_blanks(kind: Kind, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A blank means nothing there, just as an empty cell does."""
    flags = {column.name for column in columns_of(kind.model) if column.shape is Shape.FLAG}
    return {
        name: value
        for name, value in row.items()
        if not (is_blank(value) and (name not in flags or value in (None, "")))
    }


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(word)
