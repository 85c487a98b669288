"""The gap report (缺件清单): the result of a check as flat rows, counted by state, indicator and unit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from dujian_docs.filing.results import CheckResult, Match, StrayFile
from dujian_docs.filing.states import FOREIGN_LABEL, UNFILED_LABEL, ExpectationState


@dataclass(frozen=True, slots=True)
class GapRow:
    """One expectation as a person reads it; ``unit`` is the unit's code, ``indicator`` is like ``A1-B2-C3``.

    ``path`` is the file that decided the state, empty when there is none; ``paths`` are all the files named
    beside the expectation; ``passage`` is the text that speaks for a suggestion; ``remark`` says what a
    person must still look at.
    """

    code: str
    title: str
    indicator: str
    indicator_title: str
    unit: str
    unit_name: str
    year: int
    state: ExpectationState
    reason: str
    next_step: str
    path: str = ""
    paths: tuple[str, ...] = ()
    passage: str = ""
    remark: str = ""

    @property
    def is_gap(self) -> bool:
        """Whether something is still to be done."""
        return self.state is not ExpectationState.PRESENT


@dataclass(frozen=True, slots=True)
class StrayRow:
    """A file that answers nothing: ``state`` is ``foreign`` (目录外) or ``unfiled`` (待归档)."""

    state: str
    path: str
    indicator: str
    reason: str
    next_step: str

    @property
    def label(self) -> str:
        """The Chinese word for the state."""
        return FOREIGN_LABEL if self.state == "foreign" else UNFILED_LABEL


@dataclass(frozen=True, slots=True)
class Tally:
    """How many expectations of one indicator or unit are in each state; every state is a key."""

    code: str
    title: str
    counts: Mapping[ExpectationState, int]

    @property
    def due(self) -> int:
        """How many are expected."""
        return sum(self.counts.values())

    @property
    def present(self) -> int:
        """How many are met."""
        return self.counts[ExpectationState.PRESENT]

    @property
    def gaps(self) -> int:
        """How many are not met."""
        return self.due - self.present


@dataclass(frozen=True, slots=True)
class GapReport:
    """What a check found, on a day or at a moment.

    ``rows`` are all expectations in the order of the list; ``indicators`` are the tallies of levels A, B and
    C in that order, without those of which nothing is expected; ``units`` are by code.
    """

    title: str
    code: str
    as_of: date
    rows: tuple[GapRow, ...]
    strays: tuple[StrayRow, ...]
    notes: tuple[str, ...]
    total: Tally
    indicators: tuple[Tally, ...]
    units: tuple[Tally, ...]

    @property
    def gaps(self) -> tuple[GapRow, ...]:
        """The expectations that are not met, in order."""
        return tuple(row for row in self.rows if row.is_gap)

    @property
    def complete(self) -> bool:
        """Whether nothing is left to be done."""
        return self.total.gaps == 0


def gap_report(result: CheckResult, *, as_of: date) -> GapReport:
    """The report of a check; ``as_of`` is the day, or the moment, to which it is true."""
    rows = tuple(_row(result, match) for match in result.matches)
    names = {row.unit: row.unit_name for row in rows}
    indicators = (
        _tally(node.code, node.title, (row for row in rows if node.code in row.indicator.split("-")))
        for node in result.tree.walk()
    )
    strays = [_stray("foreign", one) for one in result.foreign] + [
        _stray("unfiled", one) for one in result.unfiled
    ]
    return GapReport(
        title=result.tree.title,
        code=result.tree.code,
        as_of=as_of,
        rows=rows,
        strays=tuple(strays),
        notes=result.notes,
        total=_tally("", "合计", rows),
        indicators=tuple(tally for tally in indicators if tally.due),
        units=tuple(
            _tally(code, names[code], (row for row in rows if row.unit == code)) for code in sorted(names)
        ),
    )


def gaps_of_unit(result: CheckResult, unit: str) -> tuple[GapRow, ...]:
    """What one unit (by code) still owes, in the order of the list: the rows of its 催报通知."""
    return tuple(_row(result, match) for match in result.gaps if match.expectation.unit.code == unit)


def as_json(report: GapReport, *, every: bool = False) -> list[dict[str, object]]:
    """The gaps (``every``: all expectations), then foreign and unfiled files, as plain values for JSON.

    Each has code, title, unit, unit_name, year, state, reason, next_step, path, passage and remark; a file
    that answers nothing has an empty code, title and unit and no year.
    """
    rows: list[dict[str, object]] = [
        {
            "code": row.code,
            "title": row.title,
            "indicator": row.indicator,
            "unit": row.unit,
            "unit_name": row.unit_name,
            "year": row.year,
            "state": row.state.value,
            "reason": row.reason,
            "next_step": row.next_step,
            "path": row.path,
            "passage": row.passage,
            "remark": row.remark,
        }
        for row in (report.rows if every else report.gaps)
    ]
    for one in report.strays:
        blank: dict[str, object] = dict.fromkeys(
            ("code", "title", "unit", "unit_name", "passage", "remark"), ""
        )
        blank |= {"indicator": one.indicator, "year": None, "state": one.state, "reason": one.reason}
        rows.append(blank | {"next_step": one.next_step, "path": one.path})
    return rows


def _row(result: CheckResult, match: Match) -> GapRow:
    due = match.expectation
    code = due.required_file.indicator
    node = result.tree.node(code)
    first = match.files[0] if match.files else None
    deciding = next((file for file in match.files if not file.counts), first) if match.is_gap else first
    return GapRow(
        code=due.code,
        title=due.title,
        indicator=result.tree.path_of(code),
        indicator_title=node.title if node else "",
        unit=due.unit.code,
        unit_name=due.unit.name,
        year=due.year,
        state=match.state,
        reason=match.reason,
        next_step=match.next_step,
        path=deciding.item.path if deciding else "",
        paths=tuple(file.item.path for file in match.files),
        passage=deciding.excerpt.text if deciding and deciding.excerpt else "",
        remark="；".join(match.remarks),
    )


def _stray(state: str, one: StrayFile) -> StrayRow:
    if state == "foreign":
        step = "核对：属于应备件的按规则改名，放错的移走，与迎检无关的移出指标文件夹"
    else:
        step = "核对是哪一件：按规则改名后放入该指标的文件夹，或直接确认"
    return StrayRow(state, one.item.path, one.indicator, one.reason, step)


def _tally(code: str, title: str, rows: Iterable[GapRow]) -> Tally:
    found = Counter(row.state for row in rows)
    return Tally(code, title, {state: found[state] for state in ExpectationState})
