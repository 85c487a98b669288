"""batch."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.chinese import FILE
from dujian_docs.cli.console import GAPS_REMAIN, Outcome, Session, Verb
from dujian_docs.cli.opening import now, opened
from dujian_docs.cli.options import typed_fields
from dujian_docs.documents.batching import BatchPlan, BatchReport
from dujian_docs.readiness.display import shown

_FIRST = 5
"""Documents that are named before the batch is confirmed."""


@click.command(cls=Verb)
@click.argument("genre", metavar="文种")
@click.option("--record", "records", multiple=True, metavar="编号或名称", help="给这条记录生成，可写多次")
@click.option("--table", type=FILE, help="名单（.xlsx）：一列写由哪条记录生成，别的列是各份手填的内容")
@click.option(
    "--where", "conditions", multiple=True, metavar="列=内容", help="给符合的生成，如 单位类别=学校"
)
@click.option("--all", "every", is_flag=True, help="给这种记录的每一条生成")
@click.option("--field", "fields", multiple=True, metavar="名称=内容", help="每份都一样的手填内容，可写多次")
@click.option("--again", is_flag=True, help="今年已经发过的也再发一份；不写就跳过，中断后重新运行即可接着做")
@click.option("--dry-run", is_flag=True, help="只看哪些能生成、哪些不能，不占号")
@click.option("--preview", type=FILE, help="把第一份存成样张看版面，不占号")
@click.option("--zip", "package", type=FILE, help="签发后把全部公文打成一个 .zip")
@click.option("--pdf", type=FILE, help="签发后按文号顺序合成一个可打印的 .pdf")
@click.option("--one-side", is_flag=True, help="单面打印：合成的 .pdf 不补空白页")
@click.option("--internal", is_flag=True, help="--all 和 --where 把保密的记录也算上，只供本室内部用")
@click.option("--yes", is_flag=True, help="不再询问，直接签发")
@click.pass_obj
def batch(
    session: Session,
    genre: str,
    records: tuple[str, ...],
    table: Path | None,
    conditions: tuple[str, ...],
    every: bool,
    fields: tuple[str, ...],
    again: bool,
    dry_run: bool,
    preview: Path | None,
    package: Path | None,
    pdf: Path | None,
    one_side: bool,
    internal: bool,
    yes: bool,
) -> Outcome:
    """一个文种成批生成，一条记录一份，如给 200 所学校各发整改通知书。

    先逐份核对，列出不能生成的和原因，再连续编号、归档、登记。有没做成的，退出码为 3。
    """
    where = typed_fields(conditions) if conditions or every else None
    with opened(session) as office, session.progress() as progress:
        plan = verbs.plan_batch_of(
            office,
            genre,
            records=records,
            table=table,
            where=where,
            by_hand=typed_fields(fields),
            again=again,
            internal=internal,
            tell=lambda done, total: progress("核对", done, total),
        )
        text = "\n".join(_plan_lines(plan))
        if preview is not None:
            sample = verbs.write_preview(plan, preview, at=now().replace(tzinfo=None))
            return Outcome(_data(plan, None), f"{text}\n样张：{sample}（没有占号）", status=_status(plan))
        if dry_run or not plan.plans:
            return Outcome(_data(plan, None), f"{text}\n（没有占号）", status=_status(plan))
        asks = session.asks and not yes
        if asks and not click.confirm(f"{text}\n现在签发吗？", default=True, err=True):
            return Outcome(_data(plan, None), "没有签发，没有占号。")
        done = verbs.apply_batch_of(office, plan, tell=lambda count, total: progress("签发", count, total))
        told = [text, *_report_lines(done)]
        warnings: tuple[str, ...] = ()
        if package is not None and done.issued:
            told.append(f"已打包：{verbs.write_zip(office, done.issued, package)}")
        if pdf is not None and done.issued:
            made, warnings = verbs.write_print(
                office,
                done.issued,
                pdf,
                both_sides=not one_side,
                tell=lambda count, total: progress("转 PDF", count, total),
            )
            told.append(f"可打印：{made}")
    status = GAPS_REMAIN if plan.refused or done.stopped or warnings else 0
    return Outcome(_data(plan, done), "\n".join(told), status=status, warnings=warnings)


def _status(plan: BatchPlan) -> int:
    return GAPS_REMAIN if plan.refused else 0


def _plan_lines(plan: BatchPlan) -> Iterator[str]:
    yield f"{plan.genre.title}：能生成 {len(plan.plans)} 份，不能生成 {len(plan.refused)} 份"
    for one in plan.plans[:_FIRST]:
        yield f"  {one.number}　{shown(one.title)}　{shown(one.record)}"
    if len(plan.plans) > _FIRST:
        yield f"  ……到 {plan.plans[-1].number}　{shown(plan.plans[-1].title)}"
    if plan.before:
        yield f"今年已经发过、这次跳过的 {len(plan.before)} 份（要再发加 --again）"
    for refused in plan.refused:
        yield f"  不能生成：{shown(refused.place or refused.record)}　{shown(refused.problem)}"
        yield f"      怎么办：{shown(refused.remedy)}"


def _report_lines(done: BatchReport) -> Iterator[str]:
    if done.issued:
        yield f"已签发 {len(done.issued)} 份：{done.issued[0].number} 到 {done.issued[-1].number}"
    if done.stopped is not None:
        yield f"做到一半停下了，还有 {done.left} 份没有签发：{done.stopped.problem}。"
        yield f"怎么办：{done.stopped.remedy}；再运行一次这条命令就接着做，已经发的不会重发。"
    for entry in done.settled:
        yield f"上次中断留下的 {entry.series}〔{entry.year}〕{entry.serial}号 已记为{entry.state.value}"


def _data(plan: BatchPlan, done: BatchReport | None) -> dict[str, object]:
    return {
        "genre": plan.genre.title,
        "planned": [
            {"record": one.record, "document_number": str(one.number), "title": one.title}
            for one in plan.plans
        ],
        "refused": [
            {"record": one.record, "place": one.place, "problem": one.problem, "remedy": one.remedy}
            for one in plan.refused
        ],
        "issued_before": [f"{one.series}〔{one.year}〕{one.serial}号" for one in plan.before],
        "issued": [
            {"document_number": str(one.number), "path": one.path, "sha256": one.sha256}
            for one in (done.issued if done else ())
        ],
        "left": done.left if done else len(plan.plans),
        "stopped": done.stopped.problem if done and done.stopped else "",
    }


VERBS = (batch,)
