"""show, put, delete."""

from __future__ import annotations

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.console import Outcome, Session, Verb
from dujian_docs.cli.opening import opened
from dujian_docs.readiness.display import shown
from dujian_docs.records import FieldChange, lines_of

_WRONG = 4
_INTERNAL = click.option("--internal", is_flag=True, help="保密的也给看，只供本室内部用")


@click.command(cls=Verb)
@click.argument("kind", metavar="种类")
@click.argument("key", metavar="[编号]", default="", required=False)
@click.option("--history", is_flag=True, help="每一版是谁什么时候写的，改了什么")
@_INTERNAL
@click.pass_obj
def show(session: Session, kind: str, key: str, history: bool, internal: bool) -> Outcome:
    """看一条记录和它的历史；不写编号就列出这种记录的编号。"""
    if not key:
        return _list(session, kind, internal=internal)
    with opened(session) as office:
        found = verbs.show(office, kind, key, internal=internal)
    told = lines_of(found.record) if found.record else ()
    lines = [f"{found.kind.title} {found.key}{'' if found.record else '（已删除）'}"]
    lines += [f"  {title}：{shown(text)}" for title, text in told]
    if history:
        lines.append("历史")
        lines += [line for one in found.history for line in _version_lines(one)]
    versions = [
        {
            "version": one.version.version,
            "at": one.version.at.isoformat(),
            "author": one.version.author,
            "deleted": one.version.deleted,
            "changes": [_change_data(change) for change in one.changes],
        }
        for one in found.history
    ]
    record = found.record.model_dump(mode="json") if found.record else None
    return Outcome(
        {"kind": found.kind.name, "key": found.key, "record": record, "history": versions}, "\n".join(lines)
    )


def _list(session: Session, kind: str, *, internal: bool) -> Outcome:
    with opened(session) as office:
        found = verbs.listed(office, kind, internal=internal)
    lines = [f"{found.kind.title} {len(found.rows)} 条"]
    lines += [f"  {key}　{shown(label) if label != key else ''}".rstrip() for key, label in found.rows]
    if found.withheld:
        lines.append(f"另有 {found.withheld} 条保密记录没有列出；{verbs.FOR_THE_OFFICE}")
    data = {"kind": found.kind.name, "keys": [key for key, _ in found.rows], "withheld": found.withheld}
    return Outcome(data, "\n".join(lines))


def _version_lines(one: verbs.Change) -> list[str]:
    version = one.version
    first = "删除" if version.deleted else "新增" if version.version == 1 else "变更"
    head = f"  第 {version.version} 版　{version.at.astimezone():%Y-%m-%d %H:%M}　{version.author}　{first}"
    return [head, *(f"    {_change_line(change)}" for change in one.changes)]


def _change_line(change: FieldChange) -> str:
    return f"{change.label}：{shown(change.before) or '（空）'} → {shown(change.after) or '（空）'}"


def _change_data(change: FieldChange) -> dict[str, str]:
    return {"field": change.field, "label": change.label, "before": change.before, "after": change.after}


@click.command(cls=Verb)
@click.argument("kind", metavar="种类")
@click.argument("values", metavar="项目=值…", nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="只看会改什么，不写入")
@click.pass_obj
def put(session: Session, kind: str, values: tuple[str, ...], dry_run: bool) -> Outcome:
    """写一条记录：没有的新增，已有的只改写到的几项；值空着就是清空。

    如 dujian put 问题 问题编号=W2026-001 状态=整改中。
    """
    typed: dict[str, str] = {}
    for one in values:
        title, mark, value = one.partition("=")
        if not mark or not title.strip():
            raise click.BadParameter(f"“{one}”应写成 项目=值", param_hint="项目=值")
        if title.strip() in typed:
            raise click.BadParameter(f"“{title.strip()}”写了两次", param_hint="项目=值")
        typed[title.strip()] = value
    with opened(session) as office:
        plan = verbs.plan_put(office, kind, typed)
        writes = not (plan.wrong or dry_run or plan.unchanged)
        if writes:
            verbs.apply_put(office, plan)
    lines = [f"{one.label}：{one.problem}。{one.remedy}" for one in plan.wrong]
    for planned in (*plan.added, *plan.changed, *plan.unchanged):
        word = "新增" if planned in plan.added else "变更" if planned in plan.changed else "没有变化"
        lines.append(f"{plan.kind.title} {planned.key}：{word}")
        lines += [f"  {_change_line(change)}" for change in planned.changes]
    lines += [] if writes or plan.unchanged else ["（什么都没有写入）"]
    data = {
        "kind": plan.kind.name,
        "keys": [one.key for one in (*plan.added, *plan.changed, *plan.unchanged)],
        "changes": [_change_data(change) for one in plan.changed for change in one.changes],
        "wrong": [{"field": one.label, "problem": one.problem, "remedy": one.remedy} for one in plan.wrong],
        "written": writes,
    }
    return Outcome(data, "\n".join(lines), status=_WRONG if plan.wrong else 0)


@click.command(cls=Verb)
@click.argument("kind", metavar="种类")
@click.argument("key", metavar="编号")
@click.option("--yes", is_flag=True, help="不再询问，直接删除")
@click.pass_obj
def delete(session: Session, kind: str, key: str, yes: bool) -> Outcome:
    """删除一条记录；还有别的记录用着它就不删。历史都保留，可用 dujian undo 撤销。"""
    with opened(session) as office:
        title = verbs.show(office, kind, key, internal=True).kind.title
        asked = f"删除{title} {key} 吗？"
        wanted = yes or not session.asks or click.confirm(asked, default=False, err=True)
        if wanted:
            verbs.delete(office, kind, key)
    text = f"已删除{title} {key}" if wanted else "（什么都没有写入）"
    return Outcome({"kind": title, "key": key, "deleted": wanted}, text)


VERBS = (show, put, delete)
