"""How official documents word dates, numerals and lists, and how wide their text is."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise

TITLE_WIDTH = 20
"""Characters of 22 pt on a line of 156 mm."""
_DIGITS = "零一二三四五六七八九"
_CLOSING = "》”』」"
_OPENING = "《“『「"
_SENTENCE_END = "。！？；：…"
_HEADS_NO_LINE = "的、，。；：）》”和与及了之"
_ENDS_NO_LINE = "（《“、和与及第"
_BREAK = re.compile(r"\s*[\t\n\r\v\f\x85\u2028\u2029]\s*")
_KEPT_WHOLE = (
    "教育督导", "督导评估", "督导检查", "专项督导", "综合督导", "经常性督导", "交叉检查", "联合督查",
    "义务教育", "优质均衡", "均衡发展", "学前教育", "普及普惠", "责任督学", "挂牌督导", "迎检档案",
    "佐证材料", "春季学期", "秋季学期", "开学工作", "控辍保学", "教育经费", "校园安全", "立德树人",
    "实施方案", "情况通报", "有关事项", "通知", "通报", "报告", "方案", "工作", "材料", "限期", "报送",
    "安全隐患", "校舍", "整改", "挂牌督办", "督办", "约谈", "问责", "责任书", "中心小学", "初级中学",
    "九年一贯制", "义务教育", "优质均衡", "自评报告", "履行教育职责", "评估", "考核", "反馈", "意见",
    "公示", "公告", "办法",
    "补齐", "开展", "关于", "做好", "中小学", "幼儿园",
)  # fmt: skip
_HALVES = frozenset((word[:at], word[at:]) for word in _KEPT_WHOLE for at in range(1, len(word)))
"""The two parts of each of these words, cut anywhere."""
_HALF_LENGTHS = sorted({(len(left), len(right)) for left, right in _HALVES})


def chinese_date(day: date) -> str:
    """The day as 成文日期 writes it: Arabic digits, full year, no zero padding (2026年1月5日)."""
    return f"{day.year}年{day.month}月{day.day}日"


def chinese_span(start: date, end: date | None) -> str:
    """A stretch of days, naming year and month again only where they change (2026年3月9日至13日)."""
    if end is None or end == start:
        return chinese_date(start)
    if end.year != start.year:
        return f"{chinese_date(start)}至{chinese_date(end)}"
    if end.month != start.month:
        return f"{chinese_date(start)}至{end.month}月{end.day}日"
    return f"{chinese_date(start)}至{end.day}日"


def numeral(number: int) -> str:
    """1–99 as 一 … 九十九, for the levels 一、 and （一）.

    Raises:
        ValueError: outside 1–99.
    """
    if not 1 <= number <= 99:
        raise ValueError(f"{number} is not within 1–99")
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones else "")


def width_in_characters(text: str) -> float:
    """The width in hanzi: 1 for wide, full-width and ambiguous characters, 0.5 for the rest, 0 for marks."""
    return sum(map(_width, text))


@lru_cache(maxsize=65_536)
def _width(char: str) -> float:
    if unicodedata.combining(char):
        return 0.0
    return 1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.5


def joined(items: Iterable[str]) -> str:
    """The items with 、 between them; none between two 书名号 or 引号 (GB/T 15834)."""
    text = ""
    for item in items:
        touching = text[-1:] in _CLOSING and item[:1] in _OPENING
        text += item if not text or touching else f"、{item}"
    return text


def sentence(text: str) -> str:
    """The text with 。 at its end, unless it ends with a mark of its own."""
    stripped = text.strip().rstrip("，、,;；.")
    return stripped if not stripped or stripped[-1] in _SENTENCE_END else stripped + "。"


def one_line(text: str) -> str:
    """The text on one line: a line break between hanzi vanishes, between Latin words it becomes a blank."""
    whole = text.strip()

    def blank_or_nothing(found: re.Match[str]) -> str:
        touching = whole[found.start() - 1] + whole[found.end()]
        return " " if touching.isascii() else ""

    return _BREAK.sub(blank_or_nothing, whole)


@lru_cache(maxsize=1024)
def title_lines(title: str, *, most: int = TITLE_WIDTH) -> tuple[str, ...]:
    """The title cut into lines of at most ``most`` characters, at word ends, never all of one length.

    Words that are known to belong together stay together where that is possible; lines form a trapezium or
    a rhombus (梯形, 菱形). Source: GB/T 9704-2012, 7.3.1.
    """
    total = _set_width(title)
    if total <= most:
        return (title,)
    count = int(-(-total // most))
    while True:
        found = _best_cut(title, count, most)
        if found:
            return found
        count += 1


def _set_width(text: str) -> float:
    """The width with what typesetters put between hanzi and digits or letters, at most a quarter each."""
    meetings = sum(left.isascii() != right.isascii() for left, right in pairwise(text))
    return width_in_characters(text) + meetings / 4


def _best_cut(title: str, count: int, most: int) -> tuple[str, ...]:
    best: tuple[float, tuple[str, ...]] = (float("inf"), ())
    for lines in _cuts(title, count, most):
        best = min(best, (_ugliness(lines), lines))
    return best[1]


def _cuts(title: str, count: int, most: int) -> Iterator[tuple[str, ...]]:
    """Every way of cutting into ``count`` lines none of which is too wide."""
    if count == 1:
        if _set_width(title) <= most:
            yield (title,)
        return
    if count > 4:
        yield from _greedy(title, count, most)
        return
    shortest = len(title) // (count * 2) or 1
    for at in range(shortest, len(title)):
        if _set_width(title[:at]) > most:
            return
        for rest in _cuts(title[at:], count - 1, most):
            yield (title[:at], *rest)


def _greedy(title: str, count: int, most: int) -> Iterator[tuple[str, ...]]:
    lines, line = [], ""
    for char in title:
        if _set_width(line + char) > most:
            lines.append(line)
            line = ""
        line += char
    if len(lines) < count:
        yield (*lines, line)


def _ugliness(lines: Sequence[str]) -> float:
    widths = [width_in_characters(line) for line in lines]
    score = (max(widths) - min(widths)) * 0.6
    score += 3 if len(set(widths)) == 1 else 0
    if len(widths) > 2 and all(inner < min(widths[0], widths[-1]) for inner in widths[1:-1]):
        score += 4  # an hourglass is neither a trapezium nor a rhombus
    return score + sum(_cut_cost(lines[i], lines[i + 1]) for i in range(len(lines) - 1))


def _cut_cost(before: str, after: str) -> float:
    if after[0] in _HEADS_NO_LINE or before[-1] in _ENDS_NO_LINE:
        return 40
    if (before[-1].isascii() and after[0].isascii()) or (before[-1].isdigit() and after[0] in "年月日号%"):
        return 40
    if any((before[-left:], after[:right]) in _HALVES for left, right in _HALF_LENGTHS):
        return 30
    if before.endswith(("的", "关于", "县", "年", "度", "室", "》", "）")) or after.startswith(
        ("关于", "《")
    ):
        return 0
    return 1 if after.startswith(_KEPT_WHOLE) or before.endswith(_KEPT_WHOLE) else 6
