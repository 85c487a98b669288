"""What a draft still lacks stands in it as 【待填：缘由】; none with such a mark is issued. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dujian_docs.documents.fields import Context, Field, FieldKind, Value
from dujian_docs.documents.keeping import texts_of
from dujian_docs.errors import InputInvalid

NUMBER_PENDING, DAY_PENDING, PRINT_PENDING = "【待编号】", "【待签发】", "【待印发】"
"""What a draft shows for its number, its 成文日期 and its 印发日期."""
TO_COME = frozenset({NUMBER_PENDING, DAY_PENDING, PRINT_PENDING})
_PENDING = re.compile(r"【待(?:填：([^【】]{1,60})|编号|签发|印发)】")


def placeholder(entry: Field) -> Value:
    """A value that shows that the field is still to be filled in."""
    text = f"【待填：{entry.label}】"
    match entry.kind:
        case FieldKind.TEXT:
            return text
        case FieldKind.FLAG:
            return False
        case FieldKind.LINES:
            return (text,)
        case _:
            told = next(name for name in (*entry.columns[1:], *entry.columns) if name != "number")
            return (dict.fromkeys(entry.columns, "") | {told: text},)


def leftovers(texts: Iterable[str]) -> tuple[str, ...]:
    """Every such mark that stands in the texts, each once, in order."""
    return tuple(dict.fromkeys(found[0] for text in texts for found in _PENDING.finditer(text)))


def pending_in(fields: Sequence[Field], values: Context) -> tuple[Field, ...]:
    """The fields whose values still hold such a mark."""
    return tuple(
        entry for entry in fields if entry.name in values and leftovers(texts_of(values[entry.name]))
    )


def refuse_pending(fields: Sequence[Field], values: Context) -> None:
    """Nothing is left to be filled in.

    Raises:
        InputInvalid: something is; each field with where to fill it in.
    """
    found = pending_in(fields, values)
    if found:
        listed = "；".join(f"“{entry.label}”（{entry.where}）" for entry in found)
        raise InputInvalid(
            f"还有 {len(found)} 项留着“待填”：{listed}",
            remedy="逐项填好再送审、签发：dujian draft edit 稿号 --field 名称=内容",
        )
