"""Raw rows of a filing list, whatever file they come from, made into a sound tree or one list of faults."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import ValidationError

from dujian_docs.filing.tree import FilingTree
from dujian_docs.filing.tree_rules import IndicatorRow, RequiredFileRow, build_tree, refuse, tree_faults
from dujian_docs.filing.unit_names import UnitNames
from dujian_docs.records.kinds import FilingList, Indicator, Record, RequiredFile, Unit
from dujian_docs.records.problems import faults_of

_Model = TypeVar("_Model", bound=Record)

IMPORT_REMEDY = "按上面所列逐处改正后重新导入，改正前什么都没有保存"


@dataclass(frozen=True, slots=True)
class RawRow:
    """Values by field name as they were written, and where (「第 31 行」, 「“指标”表第 5 行」).

    ``unread`` are the titles of fields that the reader already called wrong.
    """

    values: Mapping[str, Any]
    where: str
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RawList:
    """A filing list as it was written; ``faults`` are what the reader could not make rows of."""

    heading: RawRow
    indicators: tuple[RawRow, ...]
    required_files: tuple[RawRow, ...]
    faults: tuple[str, ...] = ()


def tree_from(raw: RawList, units: Iterable[Unit] = ()) -> FilingTree:
    """The tree that the rows describe; with ``units``, responsible units may be given by name or alias.

    Raises:
        InputInvalid: with every fault, of fields and of the whole, each with its place.
    """
    faults = list(raw.faults)
    heading = _read(FilingList, raw.heading, faults)
    code = heading.code if heading else _code_meant(raw)
    names = UnitNames.of(units)
    indicators = [
        IndicatorRow(
            _read(Indicator, _of_list(row, code), faults) or _salvaged_indicator(row, code), row.where
        )
        for row in raw.indicators
    ]
    files = []
    for row in raw.required_files:
        known = _with_unit_code(_of_list(row, code), names, faults)
        record = _read(RequiredFile, known, faults) or _salvaged_file(known, code)
        files.append(RequiredFileRow(record, row.where))
    checked = heading or FilingList.model_construct(code=code, title="", year=0, total_points=math.nan)
    faults.extend(tree_faults(checked, indicators, files))
    refuse(str(raw.heading.values.get("title") or code), faults, remedy=IMPORT_REMEDY)
    return build_tree(checked, indicators, files)


def _code_meant(raw: RawList) -> str:
    """The code under which the rows are checked when the heading is wrong: its own, the rows', or ``?``."""
    told = [row.values.get(name) for name, row in (("code", raw.heading), *_first_row(raw))]
    return next((str(one).strip() for one in told if one), "?")


def _first_row(raw: RawList) -> tuple[tuple[str, RawRow], ...]:
    return tuple(("filing_list", row) for row in raw.indicators[:1])


def _of_list(row: RawRow, code: str) -> RawRow:
    """The row, naming its filing list when it did not."""
    return RawRow({"filing_list": code, **row.values}, row.where, row.unread)


def _read(model: type[_Model], row: RawRow, faults: list[str]) -> _Model | None:
    """The record a row describes; None when a field is wrong, which is then added to ``faults``."""
    try:
        return model.model_validate(dict(row.values))
    except ValidationError as error:
        code = str(row.values.get("code", "")).strip()
        for fault in faults_of(error, model):
            if fault.title in row.unread:
                continue
            value = f"“{fault.value}”" if fault.value else ""
            faults.append(f"{row.where}：{f'{code} 的' if code else ''}“{fault.title}”{value}{fault.problem}")
        return None


def _salvaged_indicator(row: RawRow, filing_list: str) -> Indicator:
    """A stand-in for a wrong row, so that the rows which name it are not called wrong too."""
    points = row.values.get("points")
    number = isinstance(points, int | float) and not isinstance(points, bool)
    return Indicator.model_construct(
        filing_list=filing_list,
        code=str(row.values.get("code") or "?").strip(),
        title="",
        parent=str(row.values.get("parent") or "").strip(),
        points=float(points) if number and points is not None else math.nan,
        scoring="",
    )


def _salvaged_file(row: RawRow, filing_list: str) -> RequiredFile:
    return RequiredFile.model_construct(
        filing_list=filing_list,
        code=str(row.values.get("code") or "?").strip(),
        indicator=str(row.values.get("indicator") or "").strip(),
        title="",
        years=(),
        also_serves=(),
    )


def _with_unit_code(row: RawRow, names: UnitNames, faults: list[str]) -> RawRow:
    """The row with its responsible unit's code; 「各……」 in a row of townships or schools means each."""
    word = row.values.get("responsible_unit")
    if not isinstance(word, str) or not word.strip():
        return row
    everyone = word.strip().startswith(("各", "每")) and row.values.get("scope") not in (None, "", "县级")
    code = None if everyone else names.code_of(word)
    if names.units and code is None and not everyone:
        faults.append(
            f"{row.where}：{row.values.get('code', '')} 的责任单位“{word}”不在单位表里，或有同名单位"
        )
    if everyone or code:
        return RawRow({**row.values, "responsible_unit": code}, row.where, row.unread)
    return row


def combined(parts: Sequence[RawList]) -> RawList:
    """Several files read as one list; the first heading that says something stands."""
    headings = [part.heading for part in parts if part.heading.values]
    return RawList(
        headings[0] if headings else RawRow({}, "建档目录"),
        tuple(row for part in parts for row in part.indicators),
        tuple(row for part in parts for row in part.required_files),
        tuple(fault for part in parts for fault in part.faults)
        + (("有不止一个目录标题（目录代码、名称、年度）",) if len(headings) > 1 else ()),
    )
