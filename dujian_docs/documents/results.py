"""What scores came to, for the bulletin of results: who passed, the ranking, and where points were lost.

Pure over an evaluation. A unit whose points cannot be added up is named as unsettled and has no rank.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from dujian_docs.documents.fields import Context, Row, Value
from dujian_docs.documents.genres import Phrases
from dujian_docs.documents.itemising import items
from dujian_docs.evaluation import Evaluation, ScoreSheet, UnitScore
from dujian_docs.wording import joined

MOST_WEAK = 5
"""How many indicators are named as weak."""


def results_values(found: Evaluation, phrases: Phrases) -> Context:
    """Counts and names by verdict, ``ranking`` rows, ``weak`` indicators as 条目, why some are unsettled."""
    by_verdict = {
        name: [one for one in found.scores if one.verdict.passed is passed]
        for name, passed in (("passed", True), ("failed", False), ("unsettled", None))
    }
    values: dict[str, Value] = {"unit_count": str(len(found.scores)) if found.scores else ""}
    for name, units in by_verdict.items():
        values[f"{name}_count"] = str(len(units))
        values[f"{name}_names"] = joined(one.unit for one in units)
    values["reasons"] = tuple(
        phrases.text("未定原因", 单位=one.unit, 原因="；".join((*one.faults, *one.verdict.reasons)))
        for one in by_verdict["unsettled"]
    )
    values["ranking"] = _ranking(found.scores)
    values["weak"] = items(_weak(found, phrases))
    return {name: value for name, value in values.items() if value}


def _ranking(scores: Sequence[UnitScore]) -> tuple[Row, ...]:
    told = [(one.sheet.total, one) for one in scores if one.sheet is not None and one.sheet.total is not None]
    told.sort(key=lambda pair: (-pair[0], pair[1].unit))
    rows: list[Row] = []
    for number, (total, one) in enumerate(told, start=1):
        same = number > 1 and total == told[number - 2][0]
        sheet = one.sheet
        rows.append(
            {
                "rank": rows[-1]["rank"] if same else str(number),
                "unit": one.unit,
                "points": _shown(total),
                "bonus": _shown(sheet.bonus) if sheet is not None and sheet.bonus else "",
                "verdict": one.verdict.word,
            }
        )
    return tuple(rows)


def _weak(found: Evaluation, phrases: Phrases) -> list[str]:
    """The lowest indicators with the greatest mean loss, over the units whose points of it are known."""
    parents = {one.parent for one in found.indicators}
    lost: list[tuple[Decimal, str, Mapping[str, str]]] = []
    for one in found.indicators:
        if one.code in parents:
            continue
        full = Decimal(f"{one.points:.15g}")
        got = [sheet.sums[one.code] for sheet in _sheets(found) if one.code in sheet.sums]
        mean = full - sum(got, Decimal(0)) / len(got) if got else Decimal(0)
        if mean > 0:
            parts = {"指标": one.title, "分值": _shown(full), "失分": _shown(round(mean, 2))}
            lost.append((-mean, one.code, parts))
    return [
        phrases.text("薄弱指标", **parts) for _, _, parts in sorted(lost, key=lambda x: x[:2])[:MOST_WEAK]
    ]


def _sheets(found: Evaluation) -> list[ScoreSheet]:
    return [one.sheet for one in found.scores if one.sheet is not None]


def _shown(points: Decimal) -> str:
    return f"{points.normalize():f}"
