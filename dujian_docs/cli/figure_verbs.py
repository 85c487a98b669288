"""figures."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.console import GAPS_REMAIN, Outcome, Session, Verb
from dujian_docs.cli.opening import opened
from dujian_docs.cli.options import OUTPUT
from dujian_docs.readiness.display import shown
from dujian_docs.supervision import FigureKind


@click.command(cls=Verb)
@click.option("--unit", default="", help="只看这个单位的（代码、名称或别名）")
@OUTPUT
@click.pass_obj
def figures(session: Session, unit: str, output: Path | None) -> Outcome:
    """核对数据：合计不符、前后矛盾、缺学校、相邻学年变化过大；有合计不符或矛盾的，退出码为 3。"""
    with opened(session) as office:
        found = verbs.figures(office, unit=unit)
    written = [verbs.write_figures(found, output)] if output else []
    counts = "、".join(f"{kind.value} {found.count(kind)}" for kind in FigureKind)
    lines = [f"数据核对：{counts}"]
    for kind, ones in groupby(found.findings, key=lambda one: one.kind):
        lines += ["", kind.value]
        lines += [
            f"  {shown(found.unit_names.get(one.unit, one.unit))}（{one.period}）{shown(one.problem)}"
            for one in ones
        ]
    lines += [f"已保存：{path}" for path in written]
    data = {
        "counts": {kind.name.lower(): found.count(kind) for kind in FigureKind},
        "findings": [
            {
                "kind": one.kind.name.lower(),
                "unit": one.unit,
                "period": one.period,
                "problem": one.problem,
                "sources": list(one.sources),
            }
            for one in found.findings
        ],
        "written": [str(path) for path in written],
    }
    wrong = any(one.certain for one in found.findings)
    return Outcome(data, "\n".join(lines), status=GAPS_REMAIN if wrong else 0)


VERBS = (figures,)
