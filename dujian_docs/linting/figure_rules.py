"""Figures that do not add up, in the text and in tables (N)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from itertools import pairwise

from dujian_docs.linting.findings import Finding
from dujian_docs.linting.paper import Paper, Table
from dujian_docs.linting.roles import Parts

_UNIT = r"(?P<unit>个|所|项|人|名|件|次|条|份|处|户|亿元|万元|元)"
_WHOLE = re.compile(
    rf"(?:共|总计|合计|共计|共有)[^，。；、\d]{{0,8}}(?P<sum>\d+(?:\.\d+)?)\s*{_UNIT}[^，。；]{{0,8}}"
    r"[，,：:（(]\s*(?:其中|分别)(?P<rest>[^。；]*)"
)
_SHARE = re.compile(r"占(?:总数|比|全[县市区校])?[^\d，。；]{0,4}(?P<percent>\d+(?:\.\d+)?)\s*[%％]")
_COUNT = re.compile(r"(?<![\d.—～-])(?P<count>\d+(?:\.\d+)?)\s*(?P<unit>个|所|项|人|名|件|次|条|份|处|户)")
_TOTAL = re.compile(r"^(合\s*计|总\s*计|小\s*计)$")
_TOLERANCE = Decimal("0.06")
"""Percentage points: what rounding to one place may leave."""


def figure_findings(paper: Paper, parts: Parts) -> Iterator[Finding]:
    """Totals and percentages that the figures beside them do not bear out."""
    for line in parts.lines:
        for sentence in re.split(r"[。；]", line.text):
            yield from _sums(sentence, line.number)
            yield from _shares(sentence, line.number)
    for table in paper.tables:
        yield from _totals(table)


def _sums(sentence: str, number: int) -> Iterator[Finding]:
    """共 12 个，其中 A 5 个、B 6 个: the parts of the same unit, when nothing says that they overlap."""
    found = _WHOLE.search(sentence)
    if found is None or re.search(r"含|包括|重复|兼|约|余|多|以上|以下|左右|均为|占", found["rest"]):
        return
    parts = [Decimal(one["count"]) for one in _COUNT.finditer(found["rest"]) if one["unit"] == found["unit"]]
    whole = Decimal(found["sum"])
    if len(parts) >= 2 and sum(parts) != whole and sum(parts) > whole / 2:
        yield Finding(
            "N01", number, found[0][:40],
            f"总数是 {whole}，各分项之和是 {sum(parts)}", "核对总数和各分项",
        )  # fmt: skip


def _shares(sentence: str, number: int) -> Iterator[Finding]:
    """A 个中 B 个，占 C%: told when no two counts of the sentence make the percentage."""
    shares = list(_SHARE.finditer(sentence))
    counts = [Decimal(one["count"]) for one in _COUNT.finditer(sentence)]
    if len(shares) != 1 or len(counts) != 2 or not all(counts):
        return
    percent = Decimal(shares[0]["percent"])
    small, large = sorted(counts)
    places = -int(percent.as_tuple().exponent)
    if abs(small / large * 100 - percent) > _TOLERANCE * 10 ** (1 - min(places, 1)):
        right = round(small / large * 100, max(places, 1))
        yield Finding(
            "N02", number, sentence.strip()[:40],
            f"{small}÷{large} 是 {right}%，写的是 {percent}%", "核对数字和百分比",
        )  # fmt: skip


def _totals(table: Table) -> Iterator[Finding]:
    """The row 合计 against the rows above it, column by column where every cell is a number."""
    widths = {len(row) for row in table.rows}
    if len(table.rows) < 3 or len(widths) != 1:
        return
    starts = [at for at, row in enumerate(table.rows) if any(_TOTAL.match(cell) for cell in row[:2])]
    if len(starts) != 1 or starts[0] != len(table.rows) - 1:
        return
    total = table.rows[starts[0]]
    head = table.rows[0]
    for column in range(1, len(total)):
        cells = [_figure(row[column]) for row in table.rows[1 : starts[0]]]
        wanted = _figure(total[column])
        if wanted is None or len(cells) < 2 or any(one is None for one in cells) or _ratio(head[column]):
            continue
        if _counted(cells):
            continue
        made = sum((one for one in cells if one is not None), Decimal(0))
        if made != wanted:
            yield Finding(
                "N03", table.number, f"表中“{head[column]}”一列",
                f"合计写的是 {wanted}，各行之和是 {made}", "核对合计和各行",
            )  # fmt: skip


def _figure(text: str) -> Decimal | None:
    try:
        found = Decimal(text.replace(",", "").replace("，", ""))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _counted(cells: list[Decimal | None]) -> bool:
    """Whether a column is 序号: 1, 2, 3 …"""
    return all(after == before + 1 for before, after in pairwise(one or Decimal(0) for one in cells)) and (
        cells[0] == 1
    )


def _ratio(head: str) -> bool:
    return bool(re.search(r"率|%|％|比例|占比|平均|人均|生均|系数|序号|名次|排名|时间|年份", head))
