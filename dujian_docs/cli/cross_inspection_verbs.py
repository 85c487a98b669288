"""cross-inspection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.console import Outcome, Session, Verb
from dujian_docs.cli.opening import opened
from dujian_docs.cli.options import OUTPUT, YEAR
from dujian_docs.readiness.display import shown


@click.command("cross-inspection", cls=Verb)
@YEAR
@click.option(
    "--unit",
    "units",
    multiple=True,
    metavar="单位",
    help="参加的单位（代码、名称或别名），可写多次；不写按设置",
)
@click.option(
    "--seed", type=click.IntRange(0), default=0, metavar="号", help="抽签的号；换一个号，同样公平的排法换一种"
)
@OUTPUT
@click.option("--dry-run", is_flag=True, help="只看怎么排，不写入")
@click.option("--yes", is_flag=True, help="不再询问，写成督导批次、督导活动和督导组")
@click.pass_obj
def cross_inspection(
    session: Session,
    year: int | None,
    units: tuple[str, ...],
    seed: int,
    output: Path | None,
    dry_run: bool,
    yes: bool,
) -> Outcome:
    """排一年的交叉检查：不自查，同批不互查，往年查过的尽量不重复；写入后可用 dujian undo 撤销。

    已经排好的批次不动。排不出时说明是哪些单位、哪条规矩、怎么办。
    """
    with opened(session) as office:
        plan = verbs.plan_cross_inspection(office, year=year, units=units, seed=seed)
        lines = [*_lines(plan)]
        wanted = bool(plan.schedule.planned) and not dry_run
        if wanted and not yes:
            question = "\n".join([*lines, "写成记录吗？"])
            wanted = session.asks and click.confirm(question, default=False, err=True)
        stored = verbs.apply_cross_inspection(office, plan) if wanted else 0
    if stored:
        lines.append(f"已写入 {stored} 条记录（督导批次、督导活动、督导组）；dujian undo 可以撤销")
    elif plan.schedule.planned:
        lines.append("（什么都没有写入；要写成记录，加 --yes）")
    written = [verbs.write_cross_inspection(plan, output)] if output else []
    lines += [f"已保存：{path}" for path in written]
    data = _data(plan) | {"stored": stored, "written": [str(path) for path in written]}
    warnings = () if plan.schedule.proven else ("单位多，没能证明这是重复最少的排法",)
    return Outcome(data, "\n".join(lines), warnings=warnings)


def _lines(plan: verbs.CrossPlan) -> Iterator[str]:
    schedule = plan.schedule
    yield f"{schedule.year}年交叉检查：{len(plan.units)} 个单位，{len(schedule.batches)} 批"
    for batch in schedule.batches:
        repeats = sum(pair.times > 0 for pair in batch.pairs)
        told = (
            "已排"
            if batch.held
            else f"新排，其中 {repeats} 对往年查过"
            if repeats
            else "新排，往年都没有查过"
        )
        yield ""
        yield f"{verbs.batch_title(schedule, batch.number)}（{told}）"
        for pair in batch.pairs:
            one, other = (plan.unit_names.get(code, code) for code in (pair.inspecting, pair.inspected))
            before = f"　（以前查过 {verbs.had_before(pair)}）" if pair.times else ""
            yield f"  {shown(pair.team)}　{shown(one)} → {shown(other)}{before}"


def _data(plan: verbs.CrossPlan) -> dict[str, object]:
    return {
        "year": plan.schedule.year,
        "units": [one.code for one in plan.units],
        "proven": plan.schedule.proven,
        "rounds": [
            {
                "number": batch.number,
                "title": verbs.batch_title(plan.schedule, batch.number),
                "held": batch.held,
                "pairs": [
                    {
                        "team": pair.team,
                        "inspecting": pair.inspecting,
                        "inspected": pair.inspected,
                        "times": pair.times,
                        "last_year": pair.last or None,
                    }
                    for pair in batch.pairs
                ],
            }
            for batch in plan.schedule.batches
        ],
    }


VERBS = (cross_inspection,)
