"""rollup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from pathlib import Path

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.console import GAPS_REMAIN, Outcome, Session, Verb
from dujian_docs.cli.opening import opened
from dujian_docs.cli.options import OUTPUT, day_option
from dujian_docs.readiness.display import shown
from dujian_docs.supervision import Item, Line

_QUARTER = re.compile(r"^(20\d\d)-([1-4])$")


def _quarter(_: click.Context, __: click.Parameter, value: str) -> tuple[int, int] | None:
    found = _QUARTER.match(value)
    if value and not found:
        raise click.BadParameter("写成 2026-1、2026-2 这样，1 到 4 季度")
    return (int(found[1]), int(found[2])) if found else None


@click.command(cls=Verb)
@click.option(
    "--quarter",
    metavar="季度",
    default="",
    callback=_quarter,
    help="哪一季度，如 2026-1；不写就是最近填报过的",
)
@click.option("--half-month", **day_option("汇总半月报：写该半月里的一天，如 2026-03-15"))
@click.option(
    "--from",
    "reporters",
    metavar="类别",
    type=click.Choice([one.value for one in verbs.UnitType]),
    help=f"哪类单位都该填报（{'、'.join(one.value for one in verbs.UnitType)}）；不写就是填报过的那几类",
)
@OUTPUT
@click.pass_obj
def rollup(
    session: Session,
    quarter: tuple[int, int] | None,
    half_month: date | None,
    reporters: str | None,
    output: Path | None,
) -> Outcome:
    """汇总季度调度或半月报：谁没有报、完成多少、比上期变了多少、哪些靠后；有没报的，退出码为 3。"""
    if quarter and half_month:
        raise click.UsageError("--quarter 和 --half-month 只能写一个")
    kind = verbs.UnitType(reporters) if reporters else None
    with opened(session) as office:
        if half_month:
            found = verbs.half_monthly(office, end=half_month, reporters=kind)
        else:
            found = verbs.quarterly(office, quarter=quarter, reporters=kind)
    written = [verbs.write_rollup(found, output)] if output else []
    lines = [*_rollup_lines(found), *(f"已保存：{path}" for path in written)]
    data = _rollup_data(found) | {"written": [str(path) for path in written]}
    return Outcome(data, "\n".join(lines), status=GAPS_REMAIN if found.report.missing else 0)


def _rollup_lines(found: verbs.NamedRollup) -> Iterator[str]:
    report = found.report
    against = f"，与{report.former}比" if report.former else "，没有上期可比"
    yield f"{report.period}：已报 {len(report.reported)} 个单位，未报 {len(report.missing)} 个{against}"
    if report.missing:
        yield f"  未报：{'、'.join(shown(found.name(code)) for code in report.missing)}"
    for aspect, items in groupby(report.items, key=lambda item: item.aspect):
        yield ""
        if aspect:
            yield aspect
        for item in items:
            yield f"  {shown(item.title)}：{_told(item, item.total)}"
            if item.last:
                behind = (f"{shown(found.name(line.unit))} {_share(line)}" for line in item.last)
                yield f"    靠后：{'、'.join(behind)}"


def _told(item: Item, line: Line) -> str:
    """How much it is, of how much, and how it has changed."""
    part = "没有报全" if line.part is None else f"{line.part:g}"
    if not item.shared:
        return part + ("" if line.change is None else f"（比上期 {line.change:+g}）")
    base = "没有报全" if line.base is None else f"{line.base:g}"
    change = "" if line.change is None else f"，比上期 {line.change:+.2f} 个百分点"
    return f"{part}/{base}，{_share(line)}{change}"


def _share(line: Line) -> str:
    reason = f"（{line.share.reason}）" if line.share.reason else ""
    return f"{line.share.shown()}{reason}"


def _rollup_data(found: verbs.NamedRollup) -> dict[str, object]:
    report = found.report
    return {
        "period": report.period,
        "former": report.former,
        "reported": list(report.reported),
        "missing": list(report.missing),
        "items": [
            {
                "aspect": item.aspect,
                "title": item.title,
                "total": _line_data(item.total),
                "last": [line.unit for line in item.last],
                "lines": [_line_data(line) for line in item.lines],
            }
            for item in report.items
        ],
    }


def _line_data(line: Line) -> dict[str, object]:
    return {
        "unit": line.unit,
        "part": line.part,
        "base": line.base,
        "share": line.share.value,
        "reason": line.share.reason,
        "change": line.change,
    }


VERBS = (rollup,)
