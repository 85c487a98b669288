"""What is wrong with a record, in Chinese: one table from pydantic's error types to sentences."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from dujian_docs.errors import InputInvalid
from dujian_docs.records.columns import columns_of
from dujian_docs.records.fields import KEY, is_blank
from dujian_docs.records.kinds import Kind
from dujian_docs.records.models import Record

_TEXT, _WHOLE, _NUMBER = "应为文字，不能是日期或表格对象", "应填整数，不带单位", "应填数字，不带单位"
_FLAG, _LIST, _DAY = "应填“是”或“否”", "应为一组文字", "应填日期，如 2026年3月5日"
SENTENCES: Mapping[str, str] = {
    "missing": "必填，不能空着",
    "extra_forbidden": "没有“{field}”这一项",
    "string_type": _TEXT,
    "string_unicode": "含有无法识别的字符",
    "string_too_short": "必填，不能空着",
    "string_too_long": "不能超过 {max_length} 个字",
    "string_pattern_mismatch": "写法不合要求",
    "enum": "只能填：{choices}",
    "literal_error": "只能填：{choices}",
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_parsing_size": "数字太大",
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "不能小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "不能大于 {le}",
    "bool_type": _FLAG,
    "bool_parsing": _FLAG,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "too_short": "必填，不能空着",
    "too_long": "最多 {max_length} 个",
    "none_required": "应留空",
    "model_type": "应为一条记录",
    "model_attributes_type": "应为一条记录",
    "dict_type": "应为一条记录",
}
"""Every type that the models can give; any other becomes ``OTHER``, so that no English leaks."""
OTHER = "填写的内容不合要求"
_REMEDIES: Mapping[str, str] = {
    "string_type": "把该格设为文本格式后重新填写",
    "enum": "从给出的几项里选一项",
    "literal_error": "从给出的几项里选一项",
    "extra_forbidden": "删去这一项",
    "string_too_long": "精简后重新填写",
}


@dataclass(frozen=True, slots=True)
class FieldFault:
    """One field that is wrong: what stands there, what is wrong with it, and how to mend it."""

    field: str
    title: str
    value: str
    problem: str
    remedy: str


def sentence(error: Mapping[str, Any]) -> str:
    """The Chinese sentence for one entry of ``ValidationError.errors()``."""
    context = dict(error.get("ctx") or {})
    if error["type"] in {"value_error", "assertion_error"}:
        own = str(context.get("error", ""))
        return own if re.search(r"[\u4e00-\u9fff]", own) else OTHER
    context["choices"] = "、".join(re.findall(r"'([^']*)'", str(context.get("expected", ""))))
    context["field"] = ".".join(str(part) for part in error.get("loc", ()))
    if context.get("pattern") == KEY:
        return r"里面不能有 / \ 、 , ; 这些符号"
    template = SENTENCES.get(str(error["type"]), OTHER)
    return template.format_map({name: _plain(value) for name, value in context.items()})


def _remedy(error: Mapping[str, Any], title: str, advice: str) -> str:
    own = getattr((error.get("ctx") or {}).get("error"), "remedy", "") or _REMEDIES.get(error["type"], "")
    if SENTENCES.get(error["type"]) == SENTENCES["missing"]:
        own = f"填写“{title}”"
    if own and advice and advice not in own:
        return f"{own}（{advice}）"
    return own or advice or f"填写“{title}”后重试"


def _plain(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def faults_of(error: ValidationError, model: type[Record]) -> tuple[FieldFault, ...]:
    """What is wrong with each field, in the order of the fields; one fault for a field."""
    columns = {column.name: column for column in columns_of(model)}
    found: dict[str, FieldFault] = {}
    for entry in error.errors(include_url=False):
        name = str(entry["loc"][0]) if entry["loc"] else ""
        column = columns.get(name)
        value = "" if entry["type"] == "missing" else shown(entry.get("input"))
        title, advice = (column.title, column.description) if column else (name, "")
        fault = FieldFault(name, title, value, sentence(dict(entry)), _remedy(dict(entry), title, advice))
        found.setdefault(name, fault)
    order = {name: at for at, name in enumerate(columns)}
    return tuple(sorted(found.values(), key=lambda fault: order.get(fault.field, len(order))))


def shown(value: object, most: int = 40) -> str:
    """A value as a message quotes it: one line, at most ``most`` characters."""
    text = "、".join(str(one) for one in value) if isinstance(value, list | tuple) else str(value)
    text = "" if is_blank(value) and value in (None, (), []) else " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def load(kind: Kind, values: Mapping[str, Any], *, where: str) -> Record:
    """A record of ``kind`` from raw values.

    Raises:
        InputInvalid: names ``where`` and up to five fields with what is wrong.
    """
    try:
        return kind.model.model_validate(dict(values))
    except ValidationError as error:
        raise input_invalid(error, kind, where=where) from error


def input_invalid(error: ValidationError, kind: Kind, *, where: str) -> InputInvalid:
    """The two sentences for a record that breaks its model's rules."""
    faults = faults_of(error, kind.model)
    told = "；".join(
        f"{fault.title}" + (f"“{fault.value}”" if fault.value else "") + fault.problem for fault in faults[:5]
    )
    more = f"；等共 {len(faults)} 处" if len(faults) > 5 else ""
    return InputInvalid(f"{where}填写有误：{told}{more}", remedy=f"{faults[0].title}：{faults[0].remedy}")
