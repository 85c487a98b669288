"""A filing list from files: YAML, or workbooks with the sheets 「建档目录」「指标」「应备件」."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dujian_docs.errors import InputInvalid
from dujian_docs.filing.rows import RawList, RawRow, combined, tree_from
from dujian_docs.filing.tree import FilingTree
from dujian_docs.filing.yaml_source import raw_of_yaml
from dujian_docs.records.kinds import Kind, Unit, kind_of
from dujian_docs.records.workbook_file import WorkbookLimits, open_workbook, read_bytes
from dujian_docs.records.workbook_rows import rows_of

KINDS_OF_LIST = ("filing_list", "indicator", "required_file")
"""The kinds of record that make a filing list; each is a sheet of that Chinese name."""


def load_filing_list(*paths: Path, units: Iterable[Unit] = ()) -> FilingTree:
    """The filing list in these files; several files (one workbook per kind) are read as one list.

    Args:
        paths: ``.yaml``/``.yml`` or ``.xlsx`` files.
        units: with them, a responsible unit may be written by its name or alias.

    Raises:
        InputInvalid: a file cannot be read, or the list is not sound; all faults are named at once.
    """
    return tree_from(combined([_raw(path) for path in paths]), units)


def is_filing_list(*paths: Path) -> bool:
    """Whether these files are one filing list, rather than workbooks of single kinds of record.

    YAML is; workbooks are when together they have more than one of a filing list's sheets.
    """
    if any(path.suffix.lower() in {".yaml", ".yml"} for path in paths):
        return True
    workbooks = [path for path in paths if path.suffix.lower() in {".xlsx", ".xlsm"}]
    titles = [title for path in workbooks for title in _sheet_titles(path)]
    return sum(kind_of(word).title in titles for word in KINDS_OF_LIST) > 1


def _sheet_titles(path: Path) -> frozenset[str]:
    limits = WorkbookLimits()
    book = open_workbook(read_bytes(path, limits=limits), path.name, limits=limits)
    return frozenset(title.strip() for title in book.sheetnames)


def _raw(path: Path) -> RawList:
    suffix = path.suffix.lower()
    if suffix in {".yaml", ".yml"}:
        return raw_of_yaml(path)
    if suffix in {".xlsx", ".xlsm"}:
        return raw_of_workbook(path)
    raise InputInvalid(
        f"“{path.name}”不是建档目录文件", remedy="建档目录用 .yaml 或 .xlsx 文件；.xls 请另存为 .xlsx"
    )


def raw_of_workbook(path: Path) -> RawList:
    """The rows of a workbook's sheets of the kinds of a filing list, each with its sheet and row.

    Raises:
        InputInvalid: it is no workbook, has none of the sheets, or a sheet's columns are not the form's.
    """
    data = read_bytes(path, limits=WorkbookLimits())
    titles = _sheet_titles(path)
    kinds = [kind_of(word) for word in KINDS_OF_LIST]
    present = [kind for kind in kinds if kind.title in titles]
    if not present:
        raise InputInvalid(
            f"“{path.name}”里没有建档目录的表",
            remedy="建三个表，名称是“建档目录”“指标”“应备件”，列名照 dujian template 生成的空表",
        )
    faults: list[str] = []
    rows = {kind.name: _sheet_rows(data, path, kind, faults) for kind in present}
    headings = rows.get("filing_list", ())
    if len(headings) > 1:
        faults.append("“建档目录”表不止一行，一次只导入一个目录")
    return RawList(
        headings[0] if headings else RawRow({}, "“建档目录”表"),
        rows.get("indicator", ()),
        rows.get("required_file", ()),
        tuple(faults),
    )


def _sheet_rows(data: bytes, path: Path, kind: Kind, faults: list[str]) -> tuple[RawRow, ...]:
    found = rows_of(data, path, kinds=(kind,))
    for row in found.rows:
        faults.extend(f"“{found.sheet}”表 {one.address}（{one.label}）：{one.problem}" for one in row.faults)
    return tuple(
        RawRow(
            row.values,
            f"“{found.sheet}”表第 {row.number} 行",
            frozenset(fault.label for fault in row.faults),
        )
        for row in found.rows
    )
