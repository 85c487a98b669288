"""The verbs over documents: issue one, read the register, settle what an interruption left."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from dujian_docs.documents import (
    ChasedGap,
    DocumentNumber,
    Genre,
    Issued,
    IssuePlan,
    apply_issue,
    entries,
    genre_of,
    number_of,
    plan_issue,
    settle_leftovers,
)
from dujian_docs.documents.beside import NOTHING, Beside
from dujian_docs.errors import InputInvalid, UsageInvalid
from dujian_docs.readiness import gap_report, gaps_of_unit
from dujian_docs.records import DocumentEntry
from dujian_docs.workspace.checking import Wanted, check
from dujian_docs.workspace.evaluating import Asked as Evaluated
from dujian_docs.workspace.evaluating import evaluate
from dujian_docs.workspace.place import Report, Workspace, unit_code

CHASING_CONTEXT = "gaps"


def plan_issue_of(
    office: Workspace,
    genre: str,
    *,
    record: str = "",
    unit: str = "",
    code: str = "",
    by_hand: Mapping[str, str] | None = None,
    report: Report | None = None,
) -> IssuePlan:
    """A document that is known to come out whole; no number is spent and nothing is written.

    Args:
        office: the workspace.
        genre: the genre's title or another name for it.
        record: what it is made from, ``督导活动/DD2026-03``.
        unit: for a chasing notice, whom it goes to; its gaps are what the archive lacks now.
        code: for a chasing notice, of which filing list.
        by_hand: values typed in, by label.
        report: told how far the check behind a chasing notice is.

    Raises:
        UsageInvalid: no such genre or unit, or the genre wants a record and none is named.
        InputInvalid: something that the document needs is missing; each field with where to fill it in.
    """
    found = genre_of(genre, office.template_roots)
    record, beside = beside_of(office, found, record=record, unit=unit, code=code, report=report)
    return plan_issue(
        found,
        record,
        office.store,
        office=office.office,
        today=office.clock().date(),
        by_hand=by_hand,
        beside=beside,
        author=office.author,
    )


def apply_issue_of(office: Workspace, plan: IssuePlan) -> Issued:
    """The document stands in the archive under its number, and the register says so.

    Raises:
        StorageFailed: the archive is not there, or not the one it should be; no number was spent.
    """
    office.require_archive()
    return apply_issue(
        plan, office.store, archive=office.archive, home=office.home, author=office.author, at=office.clock()
    )


def register(office: Workspace) -> tuple[tuple[DocumentNumber, DocumentEntry], ...]:
    """Every number that was ever taken, in order, with what became of it."""
    return tuple((number_of(entry), entry) for entry in entries(office.store))


def settle(office: Workspace) -> tuple[DocumentEntry, ...]:
    """What interrupted processes left reserved is used or void now; returns those rows.

    Raises:
        StorageFailed: the archive is not there, so that nothing can be said about its files.
    """
    office.require_archive()
    return settle_leftovers(
        office.store, archive=office.archive, home=office.home, author=office.author, at=office.clock()
    )


def genre_called(office: Workspace, word: str) -> Genre:
    """The genre of that title or other name."""
    return genre_of(word, office.template_roots)


def beside_of(
    office: Workspace,
    genre: Genre,
    *,
    record: str,
    unit: str = "",
    code: str = "",
    report: Report | None = None,
) -> tuple[str, Beside]:
    """The record that the document is made from, and what checks and evaluations came to that it tells of.

    Raises:
        UsageInvalid: the genre wants a record and none is named, or there is no such unit.
        InputInvalid: a unit that is to be chased owes nothing.
    """
    if genre.context == CHASING_CONTEXT:
        record, gaps, title = gaps_of(office, unit or record.rpartition("/")[2], code, report)
        return record, Beside(gaps=gaps, filing_list_title=title)
    if genre.record and not record:
        raise UsageInvalid(
            f"没有写“{genre.title}”由哪条记录生成",
            remedy="加 --record 种类/编号，如 --record 督导活动/DD2026-03",
        )
    key = record.rpartition("/")[2]
    match genre.context:
        case "results" | "county":
            return record, Beside(evaluation=evaluate(office, Evaluated(filing_list=key)))
        case "progress":
            result = check(office, Wanted(code=key), report=report)
            told = gap_report(result, as_of=office.clock().date())
            return record, Beside(filing_list_title=told.title, tallies=told.units)
    return record, NOTHING


def gaps_of(
    office: Workspace, unit: str, code: str, report: Report | None
) -> tuple[str, tuple[ChasedGap, ...], str]:
    """The record reference of a unit, what it owes, and the title of the filing list.

    Raises:
        UsageInvalid: no unit is named, or there is none of that name.
        InputInvalid: it owes nothing.
    """
    if not unit:
        raise UsageInvalid("没有写催报哪个单位", remedy="加 --unit 单位代码或名称")
    whom = unit_code(office.units, unit)
    result = check(office, Wanted(code=code), report=report)
    rows = gaps_of_unit(result, whom)
    if not rows:
        raise InputInvalid(f"单位 {whom} 没有缺件，不用催报", remedy="用 dujian check 看哪些单位还有缺件")
    gaps = tuple(
        ChasedGap(row.code, row.title, row.year, row.state.label, row.next_step, PurePosixPath(row.path).name)
        for row in rows
    )
    return f"单位/{whom}", gaps, result.tree.title
