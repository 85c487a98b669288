"""An evaluation as plain values for programs; every figure has its formula and the records behind it."""

from __future__ import annotations

from collections.abc import Sequence

from dujian_docs.evaluation.easing import Overrun
from dujian_docs.evaluation.figures import Figure, Verdict
from dujian_docs.evaluation.outcome import Evaluation, FinanceGrowths, SectionBalance
from dujian_docs.evaluation.scored import UnitScore

Tree = dict[str, object]


def as_json(found: Evaluation) -> Tree:
    """The whole evaluation; ``passed`` is true, false, or null where it cannot be told."""
    return {
        "school_year": found.school_year,
        "year": found.year,
        "clean": found.clean,
        "balances": [_balance(one) for one in found.sections],
        "three_growths": [_growths(one) for one in found.growths],
        "scores": [_score(one) for one in found.scores],
        "rates": [
            {
                "title": one.title,
                "whose": one.whose,
                "least": one.least,
                **_figure(one.figure),
                **_said(one.verdict),
            }
            for one in found.measures
        ],
        "missing": [
            {"school": one.school, "titles": list(one.titles), "record": one.record} for one in found.lacks
        ],
        "absent": list(found.absent),
        "contradictions": list(found.contradictions),
    }


def _figure(figure: Figure) -> Tree:
    sources = sorted({(one.kind, one.key, one.version) for one in figure.sources})
    return {
        "value": figure.value,
        "unit": figure.unit,
        "formula": figure.formula,
        "reason": figure.reason,
        "sources": [{"kind": kind, "key": key, "version": version} for kind, key, version in sources],
    }


def _said(verdict: Verdict) -> Tree:
    return {"passed": verdict.passed, "verdict": verdict.word, "reasons": list(verdict.reasons)}


def _balance(one: SectionBalance) -> Tree:
    found = one.balance
    standard = found.standard
    return {
        "standard": standard.title,
        "basis": standard.basis,
        "section": str(found.section),
        "limit": standard.limits[found.section],
        **_said(found.verdict),
        "composite_cv": found.composite.value,
        "composite_reason": found.composite.reason,
        "items": [
            {
                "code": item.code,
                "title": item.title,
                **_figure(found.disparities[item.code].cv),
                "mean": found.disparities[item.code].mean * item.per if _known(one, item.code) else None,
                "deviation": found.disparities[item.code].deviation * item.per
                if _known(one, item.code)
                else None,
                "pulls": [
                    {"school": pull.school, "value": pull.per_pupil * item.per, "share": pull.share}
                    for pull in found.disparities[item.code].pulls
                ],
            }
            for item in standard.items
        ],
        "overruns": [_overrun(over) for over in one.overruns],
        "shortfalls": [
            {"school": s.school, "item": s.item.code, "value": s.value, "level": s.level, "more": s.more}
            for s in one.shortfalls
        ],
        "schools": [{"school": s.school, **_said(s.verdict)} for s in found.schools],
    }


def _known(one: SectionBalance, code: str) -> bool:
    return one.balance.disparities[code].cv.value is not None


def _overrun(over: Overrun) -> Tree:
    return {
        "item": over.item.code,
        "cv": over.cv,
        "limit": over.limit,
        "ways": [{"school": way.school, "more": way.more, "less": way.less} for way in over.ways],
    }


def _growths(one: FinanceGrowths) -> Tree:
    return {
        "unit": one.unit,
        "year": one.year,
        **_said(one.verdict),
        "growths": [
            {
                "title": growth.title,
                **_said(growth.verdict),
                "rates": {name: _figure(figure) for name, figure in growth.rates.items()},
            }
            for growth in one.growths
        ],
    }


def _score(one: UnitScore) -> Tree:
    sheet = one.sheet
    return {
        "unit": one.unit,
        "year": one.year,
        **_said(one.verdict),
        "total": str(sheet.total) if sheet and sheet.total is not None else None,
        "bonus": str(sheet.bonus) if sheet else None,
        "sums": {code: str(points) for code, points in sheet.sums.items()} if sheet else {},
        "missing": _listed(sheet.missing) if sheet else [],
        "vetoes": [
            {"title": veto.title, "indicator": veto.indicator, "evidence": _listed(veto.evidence)}
            for veto in (sheet.vetoes if sheet else ())
        ],
        "self_rating": {"grade": one.rating.grade, "reason": one.rating.reason} if one.rating else None,
        "graded": _said(one.graded) if one.graded else None,
        "faults": _listed(one.faults),
    }


def _listed(words: Sequence[str]) -> list[str]:
    return list(words)
