"""A filing list from YAML: nested indicators, English keys or the Chinese column titles.

::

    code: YL2026              # 目录代码
    title: 云岭县……建档目录   # 目录名称
    year: 2026                # 评估年度, T
    total_points: 100         # optional, as are bonus_points, pass_points, note
    indicators:               # 指标
    - code: A1
      title: 保障措施
      points: 55
      children:               # 下级指标
      - code: B1
        ...
        children:
        - code: C1
          title: 领导机构
          points: 3
          scoring: ……         # optional
          required_files:     # 应备件
          - code: C1-01
            title: ……
            responsible_unit: D001     # code; a name or alias too when the units are known
            scope: 县级                # 县级, 乡镇, 学校; also county, township, school
            years: [T-2, T-1, T]
            # optional: stages, copy_allowed, seal_required, min_count, formats, any_of, aliases,
            # also_serves, note

Fields are those of ``records.FilingList``, ``Indicator`` and ``RequiredFile``. Also read: ``id`` for code,
``unit`` for responsible_unit, ``seal`` for seal_required, ``origin: copy|original`` for copy_allowed,
``match: {any_of, aliases}``, ``town`` for township. Keys of ``PASSED_OVER`` belong to other uses of such a
file and are passed over; any other unknown key is a fault. Anchors and aliases are refused, and so are keys
that occur twice, since the earlier value would be lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from yaml.events import Event
from yaml.nodes import MappingNode, Node, ScalarNode

from dujian_docs.errors import InputInvalid
from dujian_docs.filing.rows import RawList, RawRow
from dujian_docs.records.columns import columns_of
from dujian_docs.records.kinds import FilingList, Indicator, Record, RequiredFile

MOST_BYTES = 2 * 1024**2
"""The largest YAML file that is read; a list of 500 required files takes a tenth."""

PASSED_OVER = frozenset({
    "base_date_rule", "bonus", "box_rules", "defaults", "file_naming", "genre", "pass_rule", "path", "schema",
    "stages", "timetable", "valid_for", "vetoes", "years_window",
})  # fmt: skip

_LINE = "\0line"
_MOST_LEVELS = 20
_WORDS = {"county": "县级", "township": "乡镇", "town": "乡镇", "school": "学校"}
_OTHER_KEYS = {"id": "code", "unit": "responsible_unit", "seal": "seal_required", "evaluation_year": "year"}
_CHILDREN, _FILES, _INDICATORS = (
    ("children", "下级指标"),
    ("required_files", "应备件"),
    ("indicators", "指标"),
)


def raw_of_yaml(path: Path) -> RawList:
    """The rows in a YAML file, each with its line.

    Raises:
        InputInvalid: it cannot be read, is too large, is no YAML (the line is named), or is no mapping.
    """
    document = _parsed(_text(path), path.name)
    if not isinstance(document, dict):
        raise InputInvalid(
            f"“{path.name}”不是建档目录：最外层应是“键: 值”",
            remedy="开头写 code、title、year，再写 indicators，可参照示例目录",
        )
    faults: list[str] = []
    heading = _row(document, FilingList, faults, besides=_INDICATORS + _FILES)
    indicators: list[RawRow] = []
    files: list[RawRow] = []
    _walk(_entries(document, _INDICATORS, faults), "", indicators, files, faults)
    files.extend(_row(entry, RequiredFile, faults) for entry in _entries(document, _FILES, faults))
    return RawList(heading, tuple(indicators), tuple(files), tuple(faults))


def _walk(
    entries: Iterator[dict[str, Any]],
    parent: str,
    indicators: list[RawRow],
    files: list[RawRow],
    faults: list[str],
) -> None:
    for entry in entries:
        row = _row(entry, Indicator, faults, besides=_CHILDREN + _FILES)
        code = str(row.values.get("code", "")).strip()
        indicators.append(RawRow({"parent": parent, **row.values}, row.where))
        for one in _entries(entry, _FILES, faults):
            file = _row(one, RequiredFile, faults)
            files.append(RawRow({"indicator": code, **file.values}, file.where))
        _walk(_entries(entry, _CHILDREN, faults), code, indicators, files, faults)


def _entries(entry: dict[str, Any], keys: tuple[str, ...], faults: list[str]) -> Iterator[dict[str, Any]]:
    """The mappings listed under any of ``keys``; anything else there is a fault."""
    for key in keys:
        listed = entry.get(key)
        if listed is not None and not isinstance(listed, list):
            faults.append(f"第 {entry[_LINE]} 行：“{key}”下面应是一列条目，每条以“- ”开头")
            continue
        for one in listed or ():
            if isinstance(one, dict):
                yield one
            else:
                faults.append(f"第 {entry[_LINE]} 行：“{key}”里的“{one}”不是一条记录")


def _row(
    entry: dict[str, Any], model: type[Record], faults: list[str], *, besides: tuple[str, ...] = ()
) -> RawRow:
    """The entry's fields by their names; unknown keys are faults."""
    known = {column.title: column.name for column in columns_of(model)}
    fields = set(known.values())
    where = f"第 {entry[_LINE]} 行"
    values: dict[str, Any] = {}
    for key, value in _flattened(entry):
        name = known.get(key, _OTHER_KEYS.get(key, key))
        if name in fields and value is not None:
            values[name] = _WORDS.get(value, value) if name == "scope" and isinstance(value, str) else value
        elif name not in fields and key not in PASSED_OVER and key not in besides:
            faults.append(f"{where}：不认识“{key}”这一项")
    return RawRow(values, where)


def _flattened(entry: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in entry.items():
        if key == _LINE:
            continue
        if key == "match" and isinstance(value, dict):
            yield from _flattened(value)
        elif key == "origin":
            yield "copy_allowed", value != "original"
        else:
            yield str(key), value


def _text(path: Path) -> str:
    """The file's text, in UTF-8 or, from older editors, GB 18030."""
    try:
        data = path.read_bytes() if path.stat().st_size <= MOST_BYTES else None
    except OSError as error:
        raise InputInvalid(
            f"读不出“{path}”", remedy="核对文件名和位置，确认文件没有被别的程序占用"
        ) from error
    if data is None:
        raise InputInvalid(
            f"“{path.name}”超过 {MOST_BYTES // 1024**2} MB，不像建档目录", remedy="核对选的是不是目录文件"
        )
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputInvalid(f"“{path.name}”不是文本文件", remedy="用记事本另存为 UTF-8 编码后重新导入")


def _refusal(problem: str, mark: Any) -> yaml.MarkedYAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=mark)


class _Loader(yaml.SafeLoader):
    """Safe, and without anchors, doubled keys or bottomless nesting; a mapping remembers its line."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        event: Event = self.peek_event()  # type: ignore[no-untyped-call]
        if getattr(event, "anchor", None):
            raise _refusal("不能用 & 和 * 引用，请把内容写全", event.start_mark)
        self.levels = getattr(self, "levels", 0) + 1
        if self.levels > _MOST_LEVELS:
            raise _refusal("嵌套太深", event.start_mark)
        node = super().compose_node(parent, index)
        self.levels -= 1
        return node

    def construct_mapping(self, node: MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002
        keys: set[str] = set()
        for key in (pair[0] for pair in node.value):
            if not isinstance(key, ScalarNode):
                raise _refusal("键应是一个词", key.start_mark)
            if key.value in keys:
                raise _refusal(f"“{key.value}”写了两次", key.start_mark)
            keys.add(key.value)
        return {**super().construct_mapping(node, deep=deep), _LINE: node.start_mark.line + 1}


def _parsed(text: str, name: str) -> Any:
    try:
        return yaml.load(text, _Loader)  # noqa: S506  _Loader is a SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f"第 {mark.line + 1} 行" if mark else ""
        problem = error.problem or ""
        said = problem if not problem.isascii() else "写法不对"
        raise InputInvalid(
            f"“{name}”{line}{said}", remedy="核对该行及上一行的缩进、冒号后的空格和引号，改正后重新导入"
        ) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputInvalid(
            f"“{name}”不是可读的 YAML 文件",
            remedy="用记事本打开，删去看不见的控制字符，另存为 UTF-8 后重新导入",
        ) from error
