"""What a county's figures came to, for its self-evaluation: coefficients, growths and rates with verdicts.

Pure over an evaluation; what cannot be told is 无法判定 in the tables and named in ``open_points``;
``failures`` are the reasons of what fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dujian_docs.documents.fields import Context, Row, Value
from dujian_docs.documents.genres import Phrases
from dujian_docs.evaluation import Evaluation, SectionBalance, rounded

_DIGITS = 4


def county_values(found: Evaluation, phrases: Phrases) -> Context:
    """``disparities`` and ``measures`` as tables, a sentence for each section, and what is left open."""
    values: dict[str, Value] = {
        "school_year": found.school_year,
        "sections": tuple(
            phrases.text(
                "学段结论",
                学段=one.balance.section,
                学校数=str(len(one.balance.schools)),
                综合=one.balance.composite.shown(_DIGITS),
                限值=rounded(one.balance.standard.limits[one.balance.section], 2),
                标准=one.balance.standard.title,
                结论=one.balance.verdict.word,
            )
            for one in found.sections
        ),
        "disparities": tuple(row for one in found.sections for row in _disparities(one)),
        "measures": tuple(_measures(found)),
        "open_points": _sentences([*found.absent, *_reasons(found, passed=None)]),
        "failures": _sentences(_reasons(found, passed=False)),
    }
    return {name: value for name, value in values.items() if value}


def _reasons(found: Evaluation, *, passed: bool | None) -> list[str]:
    return [why for one in found.verdicts if one.passed is passed for why in one.reasons]


def _sentences(reasons: Iterable[str]) -> tuple[str, ...]:
    return tuple(f"{reason.rstrip('。')}。" for reason in reasons)


def _disparities(section: SectionBalance) -> Iterator[Row]:
    balance = section.balance
    limit = balance.standard.limits[balance.section]
    for item in balance.standard.items:
        made = balance.disparities.get(item.code)
        if made is None:
            continue
        known = made.cv.value is not None
        yield {
            "section": balance.section,
            "item": item.title,
            "mean": f"{rounded(made.mean * item.per, 2)}{item.unit}" if known else "",
            "cv": made.cv.shown(_DIGITS),
            "limit": rounded(limit, 2) if balance.standard.rule == "each" else "",
        }
    yield {
        "section": balance.section,
        "item": "综合差异系数",
        "mean": "",
        "cv": balance.composite.shown(_DIGITS),
        "limit": rounded(limit, 2),
    }


def _measures(found: Evaluation) -> Iterator[Row]:
    for one in found.measures:
        yield {
            "item": one.title,
            "whose": one.whose,
            "value": one.figure.shown(),
            "least": "" if one.least is None else f"{one.least:g}%",
            "verdict": one.verdict.word if one.judged else "",
        }
