"""Roll-ups (调度): who has not reported, what share is done, the change since the last period. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from dujian_docs.evaluation.figures import Figure, unknown
from dujian_docs.evaluation.rates import COMPLETION, Rate, rate
from dujian_docs.records.models import Unit, UnitType
from dujian_docs.records.rollup_models import Rollup

_ALIKE = frozenset({UnitType.TOWNSHIP, UnitType.SCHOOL, UnitType.TRAINING_ORG})
LAST = 10
"""How many of those furthest behind are named (后 10 位)."""


@dataclass(frozen=True, slots=True)
class Line:
    """What one unit reported for one item; ``unit`` is empty in the line of all together.

    ``change`` since the period before is in percentage points, of an item without shares in its own unit;
    None when one of the two is not known.
    """

    unit: str
    part: float | None
    base: float | None
    share: Figure
    change: float | None = None
    problems: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a roll-up: those furthest behind first, those without a share at the end, and the sum.

    ``shared``: there are shares of a base; ``ranked``: and the more the better.
    """

    title: str
    lines: tuple[Line, ...]
    total: Line
    shared: bool = True
    ranked: bool = True
    aspect: str = ""

    @property
    def last(self) -> tuple[Line, ...]:
        """The ten furthest behind, with all that stand equal to the tenth; nobody when all stand equal."""
        known = [line for line in self.lines if line.share.value is not None]
        shares = [line.share.value or 0.0 for line in known]
        if not self.ranked or not shares or shares[0] == shares[-1]:
            return ()
        limit = shares[min(LAST, len(shares)) - 1]
        return tuple(
            line for line, share in zip(known, shares, strict=True) if share <= limit and share < shares[-1]
        )


@dataclass(frozen=True, slots=True)
class RollupReport:
    """A period's roll-up; ``missing`` units have not reported, ``former`` is the period compared."""

    period: str
    former: str
    items: tuple[Item, ...]
    reported: tuple[str, ...]
    missing: tuple[str, ...]


Pair = tuple[float | None, float | None]
"""Part and base."""
Values = Mapping[str, Pair]
"""Part and base by unit."""


def item_of(title: str, values: Values, former: Values, kind: Rate | None) -> Item:
    """The item for every unit and for all together, and how each has changed; as shares when it has a base.

    All together are compared by those who reported both times.
    """
    lines = (_line(unit, kind, values[unit], former.get(unit)) for unit in sorted(values))
    ordered = sorted(lines, key=lambda line: (line.share.value is None, line.share.value or 0.0, line.unit))
    both = values.keys() & former.keys()
    total = _line("", kind, _sum(values.values()), None)
    compared = _line("", kind, _sum(values[one] for one in both), _sum(former[one] for one in both))
    return Item(title, tuple(ordered), replace(total, change=compared.change), shared=kind is not None)


def _line(unit: str, kind: Rate | None, now: Pair, former: Pair | None) -> Line:
    if kind is None:
        counted = None if former is None else _difference(now[0], former[0])
        return Line(unit, now[0], None, unknown("只报个数", "%", "count"), counted)
    share = rate(kind, *now)
    return Line(unit, *now, share, _difference(share.value, rate(kind, *former).value) if former else None)


def _difference(now: float | None, former: float | None) -> float | None:
    return None if now is None or former is None else now - former


def _sum(pairs: Iterable[Pair]) -> Pair:
    """Part and base of all together; None when there is nobody, or when somebody's number is missing."""
    rows = tuple(pairs)
    parts, bases = [one for one, _ in rows], [one for _, one in rows]
    return _added(parts), _added(bases)


def _added(numbers: Sequence[float | None]) -> float | None:
    known = [one for one in numbers if one is not None]
    return sum(known) if known and len(known) == len(numbers) else None


def expected(reporters: Iterable[str], units: Sequence[Unit], *, kind: UnitType | None) -> tuple[str, ...]:
    """Who has to report: the units of that kind; without one, those who ever did and all of their like.

    Alike are townships, schools of one stage (学段), and training organisations; of governments and
    departments each stands for itself.
    """
    if kind:
        return tuple(one.code for one in units if one.unit_type is kind)
    ever = set(reporters)
    likes = {_like(one) for one in units if one.code in ever}
    return tuple(one.code for one in units if _like(one) in likes)


def _like(unit: Unit) -> tuple[str, str]:
    """What two units have in common that report alike."""
    return (unit.unit_type, unit.stage if unit.unit_type in _ALIKE else unit.code)


def quarterly(
    rollups: Sequence[Rollup], units: Sequence[Unit], *, year: int, quarter: int, kind: UnitType | None = None
) -> RollupReport:
    """The quarter's targets and results by indicator, against the quarter before."""
    before = (year, quarter - 1) if quarter > 1 else (year - 1, 4)
    now = [one for one in rollups if (one.year, one.quarter) == (year, quarter)]
    former = [one for one in rollups if (one.year, one.quarter) == before]
    reported = {one.unit for one in now}
    wanted = expected((one.unit for one in rollups), units, kind=kind)
    return RollupReport(
        f"{year}年第{quarter}季度",
        f"{before[0]}年第{before[1]}季度" if former else "",
        tuple(_quarter_item(indicator, now, former) for indicator in _indicators(now)),
        tuple(sorted(reported)),
        tuple(code for code in wanted if code not in reported),
    )


def _indicators(rollups: Sequence[Rollup]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.indicator for one in rollups))


def _quarter_item(indicator: str, now: Sequence[Rollup], former: Sequence[Rollup]) -> Item:
    told = {one.unit: one for one in now if one.indicator == indicator}
    values = {unit: (one.done, one.target) for unit, one in told.items()}
    before = {one.unit: (one.done, one.target) for one in former if one.indicator == indicator}
    item = item_of(indicator, values, before, COMPLETION)
    said = ((line, told[line.unit]) for line in item.lines)
    return replace(
        item, lines=tuple(replace(line, problems=one.problems, cases=one.cases) for line, one in said)
    )
