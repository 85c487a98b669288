"""One genre issued for many records: what can be made is planned first, then issued a few at a time.

A batch may be stopped, or its process killed, at any moment: each few documents are issued whole as one
document is, and what already went out is passed over when the same batch is asked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from dujian_docs.documents import register
from dujian_docs.documents.genres import Genre
from dujian_docs.documents.issue_lock import issue_lock
from dujian_docs.documents.issuing import Issued, IssuePlan, issue_together, planned, source_of
from dujian_docs.documents.office import Office
from dujian_docs.documents.reading import Reader
from dujian_docs.errors import DujianError
from dujian_docs.records import DocumentEntry, NumberState, RecordStore

TOGETHER = 20
"""Documents under one lock: a killed process voids no more numbers than these, and others wait a second."""
Told = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document of a batch: the record it is made from, and what was typed for it alone, by label."""

    record: str
    typed: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    """Where it was asked for, as ``名单.xlsx 第 3 行``."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A document that cannot be made, and what to do about it."""

    record: str
    place: str
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class BatchPlan:
    """The documents that will come out whole, those that cannot be made, and those that went out before."""

    genre: Genre
    plans: tuple[IssuePlan, ...]
    refused: tuple[Refused, ...]
    before: tuple[DocumentEntry, ...]


@dataclass(frozen=True, slots=True)
class BatchReport:
    """What went out, in the order of the numbers; ``stopped`` is why the rest did not."""

    issued: tuple[Issued, ...]
    left: int = 0
    stopped: DujianError | None = None
    settled: tuple[DocumentEntry, ...] = ()


def plan_batch(
    genre: Genre,
    wanted: Sequence[Wanted],
    store: RecordStore,
    *,
    office: Office,
    today: date,
    author: str,
    again: bool = False,
    tell: Told | None = None,
) -> BatchPlan:
    """Each document of the batch rendered once from one state of the records; nothing is written.

    Args:
        genre: what kind of document.
        wanted: the records, in the order that the numbers will have.
        store: read only.
        office: from the settings.
        today: 成文日期 of all of them.
        author: who typed what is typed by hand.
        again: issues anew what this year already went out for the same record.
        tell: told (done, all) after each.
    """
    plans: list[IssuePlan] = []
    refused: list[Refused] = []
    before: list[DocumentEntry] = []
    with store.snapshot() as now:
        reader, rows = Reader(now), register.entries(now)
        issued = {
            row.record: row
            for row in rows
            if row.state is NumberState.USED and (row.genre, row.year) == (genre.title, today.year)
        }
        for done, one in enumerate(wanted, start=1):
            try:
                earlier = issued.get(source_of(genre, one.record))
                if earlier is not None and not again:
                    before.append(earlier)
                    continue
                plan = planned(
                    genre,
                    one.record,
                    reader,
                    rows,
                    office=office,
                    today=today,
                    by_hand=one.typed,
                    author=author,
                    ahead=len(plans),
                )
                plans.append(plan)
            except DujianError as error:
                refused.append(Refused(one.record, one.place, error.problem, error.remedy))
            finally:
                if tell:
                    tell(done, len(wanted))
    return BatchPlan(genre, tuple(plans), tuple(refused), tuple(before))


def apply_batch(
    plan: BatchPlan,
    store: RecordStore,
    *,
    archive: Path,
    home: Path,
    author: str,
    clock: Callable[[], datetime],
    tell: Told | None = None,
) -> BatchReport:
    """The documents stand in the archive under numbers in a row, ``TOGETHER`` at a time.

    A disk that is full, or a lock that another process holds too long, ends the batch: what went out is
    told, and asking for the same batch again goes on from there.
    """
    issued: list[Issued] = []
    settled: tuple[DocumentEntry, ...] = ()
    try:
        for start in range(0, len(plan.plans), TOGETHER):
            with issue_lock(home):
                at = clock()
                if not issued:
                    settled = register.settle(store, archive, author=author, at=at)
                group = plan.plans[start : start + TOGETHER]
                issued += issue_together(group, store, archive=archive, author=author, at=at)
            if tell:
                tell(len(issued), len(plan.plans))
    except DujianError as error:
        return BatchReport(tuple(issued), len(plan.plans) - len(issued), error, settled)
    return BatchReport(tuple(issued), 0, None, settled)
