"""署名, dates and 版记 (D, G, R)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from dujian_docs.linting.findings import Edit, Finding
from dujian_docs.linting.paper import Face
from dujian_docs.linting.roles import DATE, HAN_DATE, Parts, Role, printed_day

_DAY = re.compile(r"(?<!\d)(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
_WEEK = re.compile(r"(?<!\d)(\d{4})年(\d{1,2})月(\d{1,2})日[（(]?(?:星期|周)(?P<week>[一二三四五六日天])")
_WEEKDAYS = "一二三四五六日"


def date_findings(parts: Parts) -> Iterator[Finding]:
    """Days that do not exist, days of the week that do not fit, and how 成文日期 is written."""
    for line in parts.lines:
        for found in _DAY.finditer(line.text):
            if _day(found["year"], found["month"], found["day"]) is None:
                yield Finding("D01", line.number, found[0], f"没有“{found[0]}”这一天", "核对日期")
        for found in _WEEK.finditer(line.text):
            day = _day(found[1], found[2], found[3])
            said = found["week"].replace("天", "日")
            if day is not None and _WEEKDAYS[day.weekday()] != said:
                yield Finding(
                    "D04", line.number, found[0], f"这一天是星期{_WEEKDAYS[day.weekday()]}", "核对日期和星期"
                )
    for line in parts.of(Role.DATE):
        if HAN_DATE.match(line.said):
            yield Finding(
                "D02", line.number, line.said, "成文日期用了汉字数字", "改成 2026年1月5日 这样的写法"
            )
        dated = DATE.match(line.text)
        if dated and any(dated[one].startswith("0") for one in ("month", "day")):
            right = f"{dated['year']}年{int(dated['month'])}月{int(dated['day'])}日"
            yield Finding(
                "D02", line.number, line.said, "月、日前面补了 0", f"改成 {right}",
                edits=(Edit(line.index, dated.start("year"), len(line.text.rstrip()), right),),
            )  # fmt: skip


def closing_findings(parts: Parts) -> Iterator[Finding]:
    """成文日期 missing, its place, and what is wrong in the 版记."""
    dates = parts.of(Role.DATE)
    signs = parts.of(Role.SIGN)
    if parts.of(Role.MAIN_TO) and not dates:
        yield Finding("G01", 0, parts.title[:30], "没有成文日期", "在署名下一行写成文日期")
    if signs and dates and dates[-1].setting.align == "right" and not dates[-1].setting.right_chars:
        inset = dates[-1].setting.right
        if inset < 280:
            yield Finding(
                "G02",
                dates[-1].number,
                dates[-1].said,
                "成文日期右边没有空字",
                "盖章的右空四字，不盖章的右空二字",
            )
    yield from _colophon(parts)


def _colophon(parts: Parts) -> Iterator[Finding]:
    for line in parts.of(Role.CC):
        if line.said.startswith("抄送") and not line.said.endswith("。"):
            yield Finding(
                "R01", line.number, line.said[:30], "抄送机关末尾没有句号", "末尾加“。”",
                edits=(Edit(line.index, len(line.text.rstrip()), len(line.text.rstrip()), "。"),),
            )  # fmt: skip
    for line in parts.of(Role.CC, Role.PRINTED):
        if parts.official and (line.look.size != 28 or line.look.face is not Face.FANG):
            used = f"{line.look.size / 2:g} 磅{line.look.font or '默认字体'}"
            yield Finding("R02", line.number, line.said[:30], f"版记用了 {used}", "改成 4 号（14 磅）仿宋")
    written = next((found for line in parts.of(Role.DATE) if (found := DATE.match(line.said))), None)
    for line in parts.of(Role.PRINTED):
        printed = DATE.match(printed_day(line))
        if printed and written:
            before, after = (_day(one["year"], one["month"], one["day"]) for one in (written, printed))
            if before and after and after < before:
                yield Finding(
                    "D03", line.number, printed_day(line), "印发日期早于成文日期", "印发日期是送印那一天"
                )


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
