"""template, import, export, undo."""

from __future__ import annotations

from pathlib import Path

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.chinese import FILE
from dujian_docs.cli.console import Outcome, Session, Verb
from dujian_docs.cli.opening import opened
from dujian_docs.records import KINDS, Batch, ImportPlan

WRONG_INPUT = 4


@click.command(
    cls=Verb,
    help="生成一种记录的空白 Excel 表（带下拉和填写说明）。\n\n"
    f"种类：{'、'.join(kind.title for kind in KINDS if kind.entered)}。",
)
@click.argument("kind", metavar="种类")
@click.argument("target", metavar="文件.xlsx", type=FILE)
@click.option("--internal", is_flag=True, help="下拉里也列出四不两直等保密的编号，只供本室内部用")
@click.pass_obj
def template(session: Session, kind: str, target: Path, internal: bool) -> Outcome:
    """An empty form for a kind of record."""
    with opened(session) as office:
        written = verbs.write_template(office, kind, target, internal=internal)
    return Outcome(
        {"path": str(written)},
        f"空白表已生成：{written}\n下一步：用 WPS 填好，再用 dujian import {written} 导入",
    )


@click.command("import", cls=Verb)
@click.argument("sources", metavar="文件…", nargs=-1, required=True, type=FILE)
@click.option("--dry-run", is_flag=True, help="只看会发生什么，不导入")
@click.option("--yes", is_flag=True, help="不再询问，直接导入对的行")
@click.pass_obj
def import_(session: Session, sources: tuple[Path, ...], dry_run: bool, yes: bool) -> Outcome:
    """导入记录（.xlsx 或 .json）或建档目录（.yaml）。先显示新增、变更、不变、有错，再导入对的行。

    有错的格子会在另存的副本里标红并写明怎么改，原表不动。建档目录的 Excel 分成几个文件时，写在一起导入。
    """
    with opened(session) as office:
        if verbs.is_filing_list(*sources):
            return _import_filing_list(session, office, sources, dry_run=dry_run)
        outcomes = [_import_one(session, office, one, dry_run=dry_run, yes=yes) for one in sources]
    if len(outcomes) == 1:
        return outcomes[0]
    return Outcome(
        [one.data for one in outcomes],
        "\n".join(one.text for one in outcomes),
        max(one.status for one in outcomes),
    )


def _import_one(
    session: Session, office: verbs.Workspace, source: Path, *, dry_run: bool, yes: bool
) -> Outcome:
    plan = verbs.plan_import_of(office, source)
    lines = [_summary(plan)]
    marked: Path | None = None
    if (plan.wrong or plan.hints) and source.suffix.lower() != ".json" and not dry_run:
        marked = verbs.mark_wrong_cells(office, plan, source)
        what = "有错的格子已在副本里标红" if plan.wrong else "要核对的格子已在副本里标出"
        lines.append(f"{what}：{marked}\n下一步：在副本里改好，再导入副本")
    writes = bool(plan.added or plan.changed) and not dry_run
    if writes and session.asks and not yes:
        writes = click.confirm(f"{lines[0]}\n现在导入对的行吗？", default=True, err=True)
    if writes:
        verbs.apply_import_of(office, plan)
        lines.append(f"已导入：新增 {len(plan.added)}、变更 {len(plan.changed)}")
    else:
        lines.append("（什么都没有写入）")
    return Outcome(
        _data(plan, marked, imported=writes), "\n".join(lines), status=WRONG_INPUT if plan.wrong else 0
    )


def _import_filing_list(
    session: Session, office: verbs.Workspace, sources: tuple[Path, ...], *, dry_run: bool
) -> Outcome:
    plan = verbs.plan_filing_list_import(office, sources)
    if not dry_run:
        verbs.apply_filing_list_import(office, plan)
    counts = {
        "added": len(plan.added),
        "changed": len(plan.changed),
        "unchanged": plan.unchanged,
        "removed": len(plan.removed),
    }
    text = "建档目录 {}：新增 {}、变更 {}、不变 {}、删去 {}".format(plan.code, *counts.values())
    text += "\n（只是预演，什么都没有写入）" if dry_run else "\n已导入"
    return Outcome({"filing_list": plan.code, **counts, "imported": not dry_run}, text)


def _summary(plan: ImportPlan) -> str:
    head = (
        f"{plan.kind.title}：新增 {len(plan.added)}、变更 {len(plan.changed)}、"
        f"不变 {len(plan.unchanged)}、有错 {len(plan.wrong)}"
    )
    faults = [
        f"  {fault.sheet}!{fault.address}（{fault.label}）：{fault.problem}。{fault.remedy}"
        for fault in plan.wrong[:20]
    ]
    if len(plan.wrong) > len(faults):
        faults.append(f"  ……另有 {len(plan.wrong) - len(faults)} 处，见标注副本")
    faults += [
        f"  提示 {one.sheet}!{one.address}（{one.label}）：{one.problem}。{one.remedy}" for one in plan.hints
    ]
    return "\n".join([head, *faults])


def _data(plan: ImportPlan, marked: Path | None, *, imported: bool) -> dict[str, object]:
    return {
        "kind": plan.kind.name,
        "added": len(plan.added),
        "changed": len(plan.changed),
        "unchanged": len(plan.unchanged),
        "wrong": [
            {
                "sheet": fault.sheet,
                "cell": fault.address,
                "field": fault.label,
                "problem": fault.problem,
                "remedy": fault.remedy,
            }
            for fault in plan.wrong
        ],
        "hints": [
            {"sheet": one.sheet, "cell": one.address, "problem": one.problem, "remedy": one.remedy}
            for one in plan.hints
        ],
        "marked_copy": str(marked) if marked else None,
        "imported": imported,
    }


@click.command(cls=Verb)
@click.argument("kind", metavar="种类")
@click.argument("target", metavar="文件", type=FILE)
@click.option("--internal", is_flag=True, help="举报、问责和四不两直也导出，只供本室内部用")
@click.pass_obj
def export(session: Session, kind: str, target: Path, internal: bool) -> Outcome:
    """把一种记录全部导出为 .xlsx 或 .json；保密的不导出，除非加 --internal。"""
    with opened(session) as office:
        done = verbs.export_of(office, kind, target, internal=internal)
    text = f"已导出 {done.count} 条：{done.path}"
    if done.withheld:
        text += f"\n另有 {done.withheld} 条保密记录没有导出；{verbs.FOR_THE_OFFICE}"
    return Outcome({"path": str(done.path), "count": done.count, "withheld": done.withheld}, text)


@click.command(cls=Verb)
@click.argument("number", metavar="[批次编号]", type=click.IntRange(1), required=False)
@click.option("--dry-run", is_flag=True, help="只看会撤销什么，不撤销")
@click.option("--yes", is_flag=True, help="不再询问，直接撤销")
@click.pass_obj
def undo(session: Session, number: int | None, dry_run: bool, yes: bool) -> Outcome:
    """撤销一批记录的写入（如一次导入）；不写编号就列出最近的批次。历史版本都保留，撤销本身也可以再撤销。"""
    with opened(session) as office:
        if number is None:
            found = verbs.batches_of(office)
            lines = [_batch_line(one) for one in found] or ["还没有写入过记录"]
            return Outcome({"batches": [_batch_data(one) for one in found]}, "\n".join(lines))
        plan = verbs.plan_undo_of(office, number)
        line = _batch_line(plan.batch)
        wanted = not dry_run and (
            yes or not session.asks or click.confirm(f"{line}\n撤销这一批吗？", default=False, err=True)
        )
        if wanted:
            verbs.apply_undo_of(office, plan)
    data = {"batch": _batch_data(plan.batch), "undone": wanted}
    told = "已撤销：记录恢复到这一批之前的样子" if wanted else "（什么都没有写入）"
    return Outcome(data, f"{line}\n{told}")


def _batch_line(batch: Batch) -> str:
    counts = "；".join(
        f"{title}{'、'.join(f'{done} {count}' for done, count in found.items())}"
        for title, found in batch.counts.items()
    )
    return f"批次 {batch.number}　{batch.at.astimezone():%Y-%m-%d %H:%M}　{batch.author}　{counts}"


def _batch_data(batch: Batch) -> dict[str, object]:
    counts = {title: dict(found) for title, found in batch.counts.items()}
    return {"number": batch.number, "at": batch.at.isoformat(), "author": batch.author, "counts": counts}


VERBS = (template, import_, export, undo)
