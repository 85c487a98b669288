"""The verbs over the filing list: bring it in, check the archive against it, confirm, report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dujian_docs import filing
from dujian_docs.errors import InputInvalid, UsageInvalid
from dujian_docs.filing import (
    CheckResult,
    ConfirmPlan,
    FilingListPlan,
    FilingTree,
    apply_confirm,
    apply_filing_list,
    expectations,
    load_filing_list,
    plan_confirm,
    plan_filing_list,
    tree_of,
)
from dujian_docs.readiness import GapReport, gap_report, write_docx, write_xlsx
from dujian_docs.records import Assignment, FilingList
from dujian_docs.workspace.finding import refresh, registered_numbers
from dujian_docs.workspace.place import Report, Workspace, indexer_errors, unit_code
from indexer import MEMBER_MARK


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of which filing list; empty means all, and an empty ``code`` the only list there is."""

    code: str = ""
    units: tuple[str, ...] = ()
    years: tuple[int, ...] = ()
    indicators: tuple[str, ...] = ()


def plan_filing_list_import(office: Workspace, sources: Sequence[Path]) -> FilingListPlan:
    """What importing the filing list in ``sources`` (YAML, or one or more workbooks) would change."""
    return plan_filing_list(load_filing_list(*sources, units=office.units.units), office.store)


def apply_filing_list_import(office: Workspace, plan: FilingListPlan) -> None:
    """The filing list's records are as the plan says."""
    apply_filing_list(plan, office.store, author=office.author, at=office.clock())


def tree(office: Workspace, code: str = "") -> FilingTree:
    """The filing list called ``code``; the setting's, or the only one there is, when empty.

    Raises:
        InputInvalid: there is no filing list yet.
        UsageInvalid: there are several and none is named.
    """
    code = code or office.settings.check.filing_list
    if not code:
        lists = [one.code for one in office.store.all("filing_list") if isinstance(one, FilingList)]
        if not lists:
            raise InputInvalid("还没有建档目录", remedy="用 dujian import 建档目录.yaml（或 Excel）导入一份")
        if len(lists) > 1:
            raise UsageInvalid(
                f"有 {len(lists)} 份建档目录：{'、'.join(lists)}", remedy="用 --list 写明要哪一份"
            )
        code = lists[0]
    return tree_of(office.store, code)


def check(
    office: Workspace,
    wanted: Wanted = Wanted(),
    *,
    suggest_too: bool = True,
    report: Report | None = None,
) -> CheckResult:
    """What the archive holds of the filing list now: the index is brought up to date first.

    The whole list is checked and then narrowed, because only a full check knows which files are foreign.

    Raises:
        UsageInvalid: the list knows no such unit, year or indicator.
        StorageFailed: the archive is away.
    """
    units = office.units
    codes = [unit_code(units, word) for word in wanted.units]
    found = tree(office, wanted.code)
    _refuse_unknown(found, wanted)
    refresh(office, report)
    with indexer_errors():
        items = office.files
        if report:
            report("核验", 0, 0, "")
        result = filing.check(
            found,
            units.units,
            items,
            _assignments(office),
            search=office.index.search if suggest_too else None,
            text_of=office.index.text_of if suggest_too else None,
            issued=registered_numbers(office),
        )
    years = sorted({match.expectation.year for match in result.matches})
    if strange := [year for year in wanted.years if year not in years]:
        raise UsageInvalid(
            f"建档目录里没有 {strange[0]} 年的件", remedy=f"可用的年份：{'、'.join(map(str, years))}"
        )
    return result.narrowed(
        units=codes or None,
        years=wanted.years or None,
        indicators=[code.upper() for code in wanted.indicators] or None,
    )


def _refuse_unknown(found: FilingTree, wanted: Wanted) -> None:
    for code in wanted.indicators:
        if not found.leaf_codes([code.upper()]):
            known = "、".join(node.code for node in found.walk() if node.code.startswith("A"))
            raise UsageInvalid(
                f"建档目录里没有指标 {code}", remedy=f"写 A、B、C 各级的代码，如 C3；一级有 {known}"
            )


def plan_confirmation(
    office: Workspace, *, code: str, required_file: str, unit: str, year: int, path: str, note: str = ""
) -> ConfirmPlan:
    """The assignment that a clerk's word would make; nothing is stored yet."""
    found = tree(office, code)
    refresh(office)
    with indexer_errors():
        items = office.files
    return plan_confirm(
        found,
        expectations(found, office.units.units),
        items,
        _assignments(office),
        key=(required_file.upper(), unit_code(office.units, unit), year),
        path=archive_path(office, path),
        note=note,
    )


def apply_confirmation(office: Workspace, plan: ConfirmPlan) -> None:
    """The assignment is stored, with who said so and when."""
    apply_confirm(plan, office.store, author=office.author, at=office.clock())


def report_of(office: Workspace, result: CheckResult) -> GapReport:
    """The result as a report with rows, counts and next steps."""
    return gap_report(result, as_of=office.clock())


def write_reports(report: GapReport, *, xlsx: Path | None, docx: Path | None) -> tuple[Path, ...]:
    """The report stands in the files asked for; returns where."""
    written = []
    if xlsx:
        written.append(write_xlsx(report, xlsx))
    if docx:
        written.append(write_docx(report, docx))
    return tuple(written)


def archive_path(office: Workspace, path: str) -> str:
    """A path as a clerk types it (absolute, from the workspace, or within the archive) as an archive path.

    Raises:
        InputInvalid: it names a file inside a ZIP.
    """
    given = Path(path.replace("\\", "/"))
    for base in (Path.cwd(), office.root):
        whole = (base / given).resolve()
        if whole.is_relative_to(office.archive.resolve()) and whole.exists():
            return whole.relative_to(office.archive.resolve()).as_posix()
    package, mark, _ = path.partition(MEMBER_MARK)
    if mark:
        raise InputInvalid(
            f"{path} 在压缩包里面，不能算作备好的件",
            remedy=f"把 {package} 解压，把里面的文件放进档案，再 dujian sync",
        )
    return given.as_posix()


def _assignments(office: Workspace) -> tuple[Assignment, ...]:
    return tuple(one for one in office.store.all("assignment") if isinstance(one, Assignment))
