"""issue."""

from __future__ import annotations

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.console import Outcome, Session, Verb
from dujian_docs.cli.opening import opened
from dujian_docs.cli.options import typed_fields


@click.command(cls=Verb)
@click.argument("genre", metavar="文种")
@click.option("--record", default="", metavar="种类/编号", help="由哪条记录生成，如 督导活动/DD2026-03")
@click.option("--unit", default="", help="催报通知用：催哪个单位（代码、名称或别名）")
@click.option("--list", "code", default="", help="催报通知用：哪份建档目录；只有一份时不用写")
@click.option("--field", "fields", multiple=True, metavar="名称=内容", help="手填的内容，可写多次")
@click.option("--dry-run", is_flag=True, help="只看会印出什么，不占号")
@click.option("--yes", is_flag=True, help="不再询问，直接签发")
@click.pass_obj
def issue(
    session: Session,
    genre: str,
    record: str,
    unit: str,
    code: str,
    fields: tuple[str, ...],
    dry_run: bool,
    yes: bool,
) -> Outcome:
    """生成一份公文：核对、占号、排版、归档、登记。缺内容时不占号，并说明到哪里补。"""
    with opened(session) as office, session.progress() as progress:
        plan = verbs.plan_issue_of(
            office, genre, record=record, unit=unit, code=code, by_hand=typed_fields(fields), report=progress
        )
        shown = "\n".join(f"  {label}：{text}" for label, text in plan.rows() if text)
        data: dict[str, object] = {
            "genre": plan.genre.title,
            "record": plan.record,
            "document_number": str(plan.number),
            "title": plan.title,
            "path": plan.path,
        }
        if dry_run:
            return Outcome(
                {**data, "issued": False}, f"将生成：\n{shown}\n（只是预演，没有占号）", warnings=plan.notes
            )
        asks = session.asks and not yes
        if asks and not click.confirm(f"将生成：\n{shown}\n现在签发吗？", default=True, err=True):
            return Outcome({**data, "issued": False}, "没有签发，没有占号。")
        done = verbs.apply_issue_of(office, plan)
    text = f"已签发 {done.number}《{plan.title}》\n归档位置：{done.path}"
    for entry in done.settled:
        text += f"\n上次中断留下的 {entry.series}〔{entry.year}〕{entry.serial}号 已记为{entry.state.value}"
    data |= {"document_number": str(done.number), "path": done.path, "sha256": done.sha256, "issued": True}
    return Outcome(data, text, warnings=plan.notes)


VERBS = (issue,)
