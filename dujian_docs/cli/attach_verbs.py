"""attach."""

from __future__ import annotations

from pathlib import Path

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.chinese import FILE
from dujian_docs.cli.console import Outcome, Session, Verb
from dujian_docs.cli.opening import opened
from dujian_docs.readiness.display import shown
from dujian_docs.records import CopyForm


@click.command(cls=Verb)
@click.argument("word", metavar="文号、稿号或来源记录")
@click.argument("file", metavar="文件", type=FILE)
@click.option(
    "--as",
    "form",
    type=click.Choice([one.value for one in CopyForm]),
    default=CopyForm.SEALED.value,
    metavar="形式",
    help="盖章扫描件（不写就是这个）、扫描件、电子件",
)
@click.option("--dry-run", is_flag=True, help="只看会放到哪里，不写入")
@click.option("--yes", is_flag=True, help="不再询问，直接放")
@click.pass_obj
def attach(session: Session, word: str, file: Path, form: str, dry_run: bool, yes: bool) -> Outcome:
    """给发出去的公文附上盖章扫描件：放在公文旁边，名字按规则起，登记为同一份公文的副本；原文件不动。"""
    with opened(session) as office:
        plan = verbs.plan_attach(office, word, file, CopyForm(form))
        text = f"{plan.number} 的{plan.form.value}：{shown(plan.path)}"
        data: dict[str, object] = {
            "document_number": str(plan.number),
            "form": plan.form.value,
            "path": plan.path,
            "sha256": plan.sha256,
            "attached": False,
        }
        if plan.present:
            return Outcome(data | {"attached": True}, f"这个文件已经附过：{shown(plan.path)}")
        asks = session.asks and not yes and not dry_run
        if dry_run or (asks and not click.confirm(f"{text}\n现在放进去吗？", default=True, err=True)):
            return Outcome(data, f"{text}\n（什么都没有写入）")
        done = verbs.apply_attach(office, plan)
    return Outcome(
        data | {"path": done.path, "attached": True}, f"已附上{done.form.value}：{shown(done.path)}"
    )


VERBS = (attach,)
