"""What a genre's template may name: its declared fields, and the values that fill them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from dujian_docs.errors import InputInvalid

Row = Mapping[str, str]
Value = str | bool | Sequence[str] | Sequence[Row]
Context = Mapping[str, Value]

MOST_TEXT = 20_000
MOST_ROWS = 2_000
MOST_TOTAL = 2_000_000
"""Characters of all values together; the largest real 通报 has about a hundredth of it."""

_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
_TEMPLATE_MARKS = re.compile(r"\{[{%#_]|[}%#_]\}|｛｛|｝｝")


class FieldKind(StrEnum):
    """What a template may do with a field: print it, ask it, or loop over it."""

    TEXT = "文字"
    FLAG = "是否"
    LINES = "列表"
    ROWS = "表格"
    ITEMS = "条目"


class Source(StrEnum):
    """Where a field's value comes from."""

    RECORD = "记录"
    SETTINGS = "设置"
    PHRASE = "用语"
    COMPUTED = "计算"
    BY_HAND = "手填"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value, or a part of it, comes from.

    ``place`` is a record (``问责案件/WZ2026-01``), a file, or a person; ``part`` the column, the setting or
    the phrase in it; ``version`` the record's, 0 where there are no versions.
    """

    source: Source
    place: str
    part: str = ""
    version: int = 0


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a genre: its name in the template, its Chinese label, and where a clerk fills it in."""

    name: str
    label: str
    kind: FieldKind
    source: Source
    where: str
    required: bool = False
    columns: tuple[str, ...] = ()

    @property
    def empty(self) -> Value:
        """The value that stands for nothing."""
        if self.kind is FieldKind.FLAG:
            return False
        return "" if self.kind is FieldKind.TEXT else ()


def checked(fields: Sequence[Field], values: Context) -> Context:
    """Every field with a value that is fit to be printed; absent optional ones get their empty value.

    Raises:
        InputInvalid: required values are missing (each with its label and where to fill it in), a text has
            control characters or template marks, or there is too much of it.
        KeyError, TypeError: the program handed over an undeclared field or a value of the wrong type.
    """
    declared = {field.name: field for field in fields}
    unknown = sorted(set(values) - set(declared))
    if unknown:
        raise KeyError(f"undeclared fields: {', '.join(unknown)}")
    missing = [field for field in fields if field.required and not values.get(field.name)]
    if missing:
        raise lacking(missing)
    whole: dict[str, Value] = {name: values.get(name, field.empty) for name, field in declared.items()}
    total = sum(_checked_size(field, whole[field.name]) for field in fields)
    if total > MOST_TOTAL:
        raise InputInvalid("内容太长，超过一份公文的上限", remedy="核对来源记录，把长材料改作单独附件")
    return whole


def lacking(missing: Sequence[Field]) -> InputInvalid:
    """The error that names each missing field by its label and where to fill it in."""
    listed = "；".join(f"“{field.label}”（{field.where}）" for field in missing)
    return InputInvalid(
        f"还缺 {len(missing)} 项：{listed}", remedy="按括号里的位置逐项补填后再签发，本次没有占用文号"
    )


def _checked_size(field: Field, value: Value) -> int:
    texts = _texts(field, value)
    whole = " ".join(texts)
    suspect = _FORBIDDEN.search(whole) or _TEMPLATE_MARKS.search(whole) or len(whole) > MOST_TEXT
    for text in texts if suspect else ():
        found = _FORBIDDEN.search(text)
        if found:
            raise InputInvalid(
                f"“{field.label}”里有看不见的控制字符（U+{ord(found[0]):04X}）",
                remedy=f"到{field.where}删去后重填",
            )
        mark = _TEMPLATE_MARKS.search(text)
        if mark:
            raise InputInvalid(f"“{field.label}”里有模板记号“{mark[0]}”", remedy=f"到{field.where}删去后重填")
        if len(text) > MOST_TEXT:
            raise InputInvalid(f"“{field.label}”超过 {MOST_TEXT} 个字", remedy=f"到{field.where}缩短后重填")
    if len(texts) > MOST_ROWS * max(1, len(field.columns)):
        raise InputInvalid(f"“{field.label}”超过 {MOST_ROWS} 行", remedy="分成几份公文签发")
    return sum(map(len, texts))


def _texts(field: Field, value: Value) -> tuple[str, ...]:
    """Every text in a value, once its type is found right."""
    match field.kind, value:
        case FieldKind.TEXT, str():
            return (value,)
        case FieldKind.FLAG, bool():
            return ()
        case FieldKind.LINES, tuple() | list():
            texts = tuple(value)
        case FieldKind.ROWS, tuple() | list():
            columns = set(field.columns)
            rows = [row for row in value if isinstance(row, Mapping) and row.keys() == columns]
            if len(rows) != len(value):
                raise TypeError(f"rows of {field.name} must have exactly the columns {field.columns}")
            texts = tuple(text for row in rows for text in row.values())
        case _:
            raise TypeError(f"{field.name} holds a {type(value).__name__}, which is no {field.kind.name}")
    if not all(isinstance(text, str) for text in texts):
        raise TypeError(f"{field.name} must hold texts only")
    return tuple(text for text in texts if isinstance(text, str))
