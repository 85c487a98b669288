"""Charts of the coefficients for reports: a bar for each school, a line at the mean, the standard named.

As wide as the text of an A4 page. Where there are more schools than fit, those in the middle are left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dujian_docs.evaluation.balance import BalanceItem
from dujian_docs.evaluation.disparity import Disparity, Pull
from dujian_docs.evaluation.drawing import Box, Drawing, Line, Mark, Words, shortened, svg_bytes
from dujian_docs.evaluation.figures import rounded
from dujian_docs.evaluation.outcome import Evaluation, SectionBalance
from dujian_docs.evaluation.painting import png_bytes
from dujian_docs.naming import safe_component
from dujian_docs.publishing import publish
from dujian_docs.wording import width_in_characters

WIDTH = 440.0
"""Points: 155 mm, the width of the text of an official document."""
MOST_BARS = 30
_EDGE = 6.0
_MOST_NAMES = 190.0
_NAME_SIZE = 8.5
_VALUES = 50.0
_TOP = 66.0
_BOTTOM = 30.0
_BLUE, _DARK, _ORANGE, _RED, _GREY, _PALE = "5B8DB8", "2F5D8A", "E08A3C", "B22222", "666666", "E4E4E4"


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its name, its value as a number and in words, and its colour."""

    name: str
    value: float
    words: str
    colour: str


@dataclass(frozen=True, slots=True)
class Mean:
    """A line across all bars: where, what it is called, its colour; dashed when it is a mark to reach."""

    value: float
    words: str
    colour: str
    dashed: bool


def write_charts(found: Evaluation, folder: Path) -> tuple[Path, ...]:
    """Every chart stands in ``folder`` as SVG and PNG; nothing that was there is overwritten.

    Raises:
        StorageFailed: the disk refused.
    """
    written = []
    for name, drawing in charts(found):
        written.append(publish(svg_bytes(drawing), folder / f"{name}.svg"))
        written.append(publish(png_bytes(drawing), folder / f"{name}.png"))
    return tuple(written)


def charts(found: Evaluation) -> Iterator[tuple[str, Drawing]]:
    """A chart of all coefficients for each section and standard, and one for each item; with file names.

    What cannot be told has no chart.
    """
    for section in found.sections:
        made = section.balance
        head = f"{made.standard.title}_{made.section}"
        if any(one.cv.value is not None for one in made.disparities.values()):
            yield safe_component(f"{head}_0_差异系数"), _coefficients(section, found.school_year)
        for at, item in enumerate(made.standard.items, start=1):
            if made.disparities[item.code].cv.value is not None:
                drawing = _schools(section, item, made.disparities[item.code], found.school_year)
                yield safe_component(f"{head}_{at}_{item.title}"), drawing


def _coefficients(section: SectionBalance, school_year: str) -> Drawing:
    """The coefficient of every item, with the limit."""
    made = section.balance
    limit = made.standard.limits[made.section]
    each = made.standard.rule == "each"
    over = {one.item.code for one in section.overruns} if each else set()
    bars = [
        Bar(item.title, value, rounded(value, 4), _ORANGE if item.code in over else _BLUE)
        for item in made.standard.items
        if (value := made.disparities[item.code].cv.value) is not None
    ]
    marks = [Mean(limit, f"{'每项' if each else '综合'}上限 {limit:g}", _RED, dashed=True)] if each else []
    if made.composite.value is not None:
        marks.append(Mean(made.composite.value, f"综合 {made.composite.shown(4)}", _DARK, dashed=False))
    asked = f"每项 ≤ {limit:g}" if each else f"综合 ≤ {limit:g}"
    return _chart(
        f"校际差异系数（{made.section}，{school_year} 学年）",
        f"{made.standard.title}（{made.standard.basis}）：{asked}，{made.verdict.word}",
        bars,
        marks,
        "橙色：超过上限" if over else "",
    )


def _schools(section: SectionBalance, item: BalanceItem, one: Disparity, school_year: str) -> Drawing:
    """What every school has of the item, the most first."""
    made = section.balance
    limit = made.standard.limits[made.section]
    level = item.levels.get(made.section)
    pulls = sorted(one.pulls, key=lambda pull: (-pull.per_pupil, pull.school))
    digits = 2 if one.mean * item.per >= 0.5 else 4
    lowest = level if level is not None else -math.inf

    def bar(pull: Pull) -> Bar:
        value = pull.per_pupil * item.per
        colour = _ORANGE if round(value, 9) < lowest else _BLUE
        return Bar(pull.school, value, rounded(value, digits), colour)

    mean = one.mean * item.per
    marks = [Mean(mean, f"县均值 {rounded(mean, digits)}", _DARK, dashed=False)]
    if level is not None:
        marks.append(Mean(level, f"标准 {level:g}", _RED, dashed=True))
    unit = f"，单位：{item.unit}" if item.unit else ""
    cv = f"差异系数 {one.cv.shown(4)}"
    if made.standard.rule == "each":
        sign, word = (
            ("＞", "未达标") if item.code in {o.item.code for o in section.overruns} else ("≤", "达标")
        )
        cv += f" {sign} {limit:g}，{word}"
    return _chart(
        f"{item.title}（{made.section}，{school_year} 学年{unit}）",
        f"{made.standard.title}（{made.standard.basis}）：{cv}",
        [bar(pull) for pull in pulls],
        marks,
        "橙色：低于标准" if any(bar(pull).colour == _ORANGE for pull in pulls) else "",
    )


def _chart(title: str, under: str, bars: Sequence[Bar], lines: Sequence[Mean], note: str) -> Drawing:
    """Bars from left to right, one below the other."""
    half = MOST_BARS // 2
    shown = [*bars[:half], None, *bars[-half:]] if len(bars) > MOST_BARS else [*bars]
    step = max(11.5, min(24.0, 200.0 / len(shown)))
    foot = _TOP + step * len(shown)
    names = min(max(width_in_characters(bar.name) for bar in bars) * _NAME_SIZE + 14, _MOST_NAMES)
    left, right = max(names, 90.0), WIDTH - _VALUES
    most = max([bar.value for bar in bars] + [line.value for line in lines]) or 1.0
    tick = _tick(most)
    scale = (right - left) / (math.ceil(most / tick) * tick)
    marks: list[Mark] = [Words(title, _EDGE, 16, 12, bold=True), Words(under, _EDGE, 33, 9.5, colour=_GREY)]
    for number in range(math.ceil(most / tick) + 1):
        x = left + number * tick * scale
        marks.append(Line(x, _TOP - 2, x, foot, _PALE))
        marks.append(Words(f"{number * tick:g}", x, foot + 11, 8, "middle", _GREY))
    for at, bar in enumerate(shown):
        y = _TOP + at * step
        base = y + step / 2 + 3
        if bar is None:
            marks.append(Words(f"……中间 {len(bars) - 2 * half} 所略", left - 6, base, 8, "end", _GREY))
            continue
        marks.append(Words(shortened(bar.name, (left - 14) / _NAME_SIZE), left - 6, base, _NAME_SIZE, "end"))
        marks.append(Box(left, y + step * 0.16, bar.value * scale, step * 0.68, bar.colour))
    for at, line in enumerate(sorted(lines, key=lambda one: one.value)):
        x = left + line.value * scale
        marks.append(Line(x, _TOP - 2, x, foot, line.colour, 1.1, line.dashed))
        marks.append(_label(line, x, at, len(lines), lines, scale))
    for at, bar in enumerate(shown):
        if bar is not None:
            marks += _value(bar, left + bar.value * scale, _TOP + at * step + step / 2 + 3)
    if note:
        marks.append(Words(note, WIDTH - _EDGE, foot + 24, 8, "end", _ORANGE))
    return Drawing(title, WIDTH, foot + _BOTTOM, tuple(marks))


def _value(bar: Bar, x: float, base: float) -> Iterator[Mark]:
    """The value behind the bar, on white, so that no line runs through it."""
    words = Words(bar.words, x + 3, base, 8)
    yield Box(x + 2, base - 7, words.width + 2, 9, "FFFFFF")
    yield words


def _label(line: Mean, x: float, at: int, count: int, lines: Sequence[Mean], scale: float) -> Words:
    """The line's name above the bars: two names that would touch go to either side of their lines."""
    words = Words(line.words, x, _TOP - 6, 8.5, "middle", line.colour)
    gap = abs(lines[0].value - lines[-1].value) * scale
    room = sum(Words(one.words, 0, 0, 8.5).width for one in lines) / 2 + 6
    if count > 1 and gap < room:
        if at == 0:
            return Words(line.words, x - 2, _TOP - 6, 8.5, "end", line.colour)
        return Words(line.words, x + 2, _TOP - 6, 8.5, "start", line.colour)
    if words.left + words.width > WIDTH - _EDGE:
        return Words(line.words, WIDTH - _EDGE, _TOP - 6, 8.5, "end", line.colour)
    return words


def _tick(most: float) -> float:
    """A round distance of ticks, of which four to eight reach ``most``."""
    raw = most / 5
    power = 10.0 ** math.floor(math.log10(raw))
    return next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= raw * 0.99)
