"""An evaluation as text for a terminal: tables of Chinese columns, and what speaks for each verdict."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from dujian_docs.evaluation import (
    UNDETERMINED,
    Ease,
    Evaluation,
    FinanceGrowths,
    Measure,
    Overrun,
    SectionBalance,
    UnitScore,
    is_counted,
    rounded,
)
from dujian_docs.readiness.display import columns, fitted, shown, wrapped
from dujian_docs.wording import numeral

_WAYS_SHOWN = 3
_SCHOOLS_SHOWN = 5
_TITLE_WIDTH = 40


def as_text(found: Evaluation, width: int) -> str:
    """The evaluation in lines of at most ``width`` columns where they can be wrapped."""
    parts = (
        ("校际差异系数", [line for one in found.sections for line in (*_balance(one, width), "")]),
        ("教育经费三个增长", [line for one in found.growths for line in _growths(one, width)]),
        ("指标得分", [line for one in found.scores for line in _score(one, found, width)]),
        ("比率", list(_measures(found.measures, width))),
        ("缺的数据", list(_missing(found, width))),
        ("矛盾的数据", [line for words in found.contradictions for line in _item(words, width)]),
    )
    told = [(title, lines) for title, lines in parts if lines]
    school_year = f"{found.school_year} 学年、" if found.school_year else ""
    lines = [f"评估　{school_year}{found.year} 年"]
    for number, (title, body) in enumerate(told, start=1):
        while body and not body[-1]:
            body.pop()
        lines += ["", f"{numeral(number)}、{title}", *body]
    return "\n".join([*lines, "", _conclusion(found)])


def _conclusion(found: Evaluation) -> str:
    passed = [one.passed for one in found.verdicts]
    bad, open_ = passed.count(False), passed.count(None)
    faults = len(found.contradictions) + sum(len(one.faults) for one in found.scores)
    if found.clean:
        return f"共 {len(passed)} 项结论，全部达标。"
    counts = f"达标 {passed.count(True)} 项，未达标 {bad} 项，{UNDETERMINED} {open_} 项"
    end = f"，数据有矛盾 {faults} 处" if faults else ""
    return f"共 {len(passed)} 项结论：{counts}{end}。"


def _item(words: str, width: int) -> Iterator[str]:
    """A sentence with a mark before it, the next lines in line with the first."""
    for at, line in enumerate(wrapped(shown(words), width - 4)):
        yield f"  {'·' if at == 0 else ' '} {line}"


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    """The first cell to the left, the others to the right, but the last, which is as long as it is."""
    first, *middle, last = cells
    told = [fitted(first, widths[0])]
    told += [
        " " * max(0, width - columns(cell)) + cell for cell, width in zip(middle, widths[1:], strict=True)
    ]
    return "  " + " ".join([*told, last]).rstrip()


def _balance(one: SectionBalance, width: int) -> Iterator[str]:
    found = one.balance
    limit = found.standard.limits[found.section]
    each = found.standard.rule == "each"
    asked = f"每项 ≤ {limit:g}" if each else f"综合 ≤ {limit:g}"
    yield f"（{found.standard.title}·{found.section}，{found.standard.basis}，{asked}）{found.verdict.word}"
    widths = (_TITLE_WIDTH, 10, 10)
    yield _row(("指标", "县均值", "差异系数", " 拉开差距最大的学校"), widths)
    for item in found.standard.items:
        made = found.disparities[item.code]
        if made.cv.value is None:
            yield _row((item.title, "", UNDETERMINED, f" {made.cv.reason}"), widths)
            continue
        mark = " 超" if item.code in {over.item.code for over in one.overruns if each} else ""
        top = made.pulls[0]
        pulled = f" {top.school} {_each(top.per_pupil * item.per)}（占 {top.share:.0%}）{mark}"
        yield _row((item.title, _each(made.mean * item.per), made.cv.shown(4), pulled), widths)
    yield _row(("综合差异系数", "", found.composite.shown(4), ""), widths)
    for over in one.overruns:
        yield from _overrun(over, width, alone=each)
    yield from _schools(one, width)


def _each(value: float) -> str:
    """So many for each pupil; more digits where it is only a part of one."""
    return rounded(value, 2 if value >= 0.5 else 4)


def _overrun(over: Overrun, width: int, *, alone: bool) -> Iterator[str]:
    head = f"{over.item.title} {rounded(over.cv, 4)}，要降到 {rounded(over.limit, 4)}"
    head += "" if alone else "（其余各项不变时，综合才达标）"
    if not over.ways:
        yield from _item(f"{head}：只改一所学校降不下来", width)
        return
    ways = "；".join(_way(way, over) for way in over.ways[:_WAYS_SHOWN])
    yield from _item(f"{head}，只改一所学校的话：{ways}", width)


def _way(way: Ease, over: Overrun) -> str:
    unit = over.item.unit or "人"
    told = [
        f"{word} {_amount(value, over.item.code)} {unit}"
        for word, value in (("增加", way.more), ("减少", way.less))
        if value is not None
    ]
    return f"{way.school}{'或'.join(told)}"


def _amount(value: float, field: str) -> str:
    return rounded(value, 0) if is_counted(field) else rounded(value, 2)


def _schools(one: SectionBalance, width: int) -> Iterator[str]:
    """The schools that do not reach the standard, and what each lacks."""
    failed = [school for school in one.balance.schools if school.verdict.passed is False]
    if not one.balance.schools:
        return
    wanted = one.balance.standard.items_to_reach
    reached = sum(school.verdict.passed is True for school in one.balance.schools)
    yield from _item(
        f"每校至少 {wanted} 项达到标准、其余不低于 {one.balance.standard.least_share:.0%}："
        f"{len(one.balance.schools)} 所中达标 {reached} 所",
        width,
    )
    for school in failed[:_SCHOOLS_SHOWN]:
        lacking = [
            f"{s.item.title}差 {_amount(s.more, s.item.code)} {s.item.unit or '人'}"
            for s in one.shortfalls
            if s.school == school.school
        ]
        yield from _item(f"{school.school}：{'；'.join(lacking)}", width)
    if len(failed) > _SCHOOLS_SHOWN:
        yield f"    ……另有 {len(failed) - _SCHOOLS_SHOWN} 所，用 --json 或 --output 看全部"


def _growths(one: FinanceGrowths, width: int) -> Iterator[str]:
    yield f"（{one.unit}，{one.year} 年比 {one.year - 1} 年）{one.verdict.word}"
    for growth in one.growths:
        rates = "，".join(f"{name} {figure.shown()}" for name, figure in growth.rates.items())
        yield from _item(f"{growth.verdict.word}　{growth.title}：{rates}", width)
        if growth.verdict.passed is None:
            yield from _item("；".join(growth.verdict.reasons), width)


def _score(one: UnitScore, found: Evaluation, width: int) -> Iterator[str]:
    yield f"（{found.list_title}，{one.unit}，{one.year} 年）{one.verdict.word}"
    if one.sheet is not None:
        for top in (node for node in found.indicators if not node.parent):
            below = (node for node in found.indicators if node.parent == top.code)
            for node, indent in ((top, ""), *((node, "  ") for node in below)):
                got = _points(one.sheet.sums.get(node.code))
                yield _row(
                    (f"{indent}{node.code} {node.title}", got, f"/ {node.points:g}"), (_TITLE_WIDTH, 10)
                )
        total_words = _points(one.sheet.total)
        bonus = f"，奖励加分 {_points(one.sheet.bonus)}" if one.sheet.bonus else ""
        rating = f"；自评等次：{one.rating.grade or one.rating.reason}" if one.rating else ""
        yield from _item(f"总分 {total_words}{bonus}{rating}", width)
        if one.sheet.missing:
            yield from _item(f"没有得分的末级指标：{'、'.join(one.sheet.missing)}", width)
        for veto in one.sheet.vetoes:
            yield from _item(f"一票否决：{veto.title}（佐证：{'；'.join(veto.evidence)}）", width)
    for reason in one.verdict.reasons:
        yield from _item(reason, width)
    for fault in one.faults:
        yield from _item(f"数据有矛盾：{fault}", width)
    if one.graded:
        yield from _item(f"按档次：{one.graded.word}，{'；'.join(one.graded.reasons)}", width)


def _points(value: Decimal | None) -> str:
    if value is None:
        return UNDETERMINED
    return f"{value:f}".rstrip("0") if value % 1 else f"{value:.0f}"


def _measures(measures: Sequence[Measure], width: int) -> Iterator[str]:
    """The county's rates, and of the schools those that do not reach their mark."""
    for one in measures:
        if one.whose != "全县" and one.least is not None and one.verdict.passed:
            continue
        mark = f"≥ {one.least:g}%" if one.least is not None else ""
        reason = f"  {one.figure.reason}" if one.figure.value is None else ""
        word = "未达标" if one.verdict.passed is False else ""
        yield from wrapped(
            _row(
                (f"{one.whose} {one.title}", one.figure.shown(), f" {mark} {word}{reason}"),
                (_TITLE_WIDTH, 10),
            ),
            width,
        )


def _missing(found: Evaluation, width: int) -> Iterator[str]:
    for words in found.absent:
        yield from _item(words, width)
    for lack in found.lacks:
        yield from _item(lack.words, width)
