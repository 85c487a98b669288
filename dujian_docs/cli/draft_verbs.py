"""draft new, list, show, edit, diff, print, move, return, withdraw."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.chinese import FILE
from dujian_docs.cli.console import Outcome, Session, Verb
from dujian_docs.cli.differing import difference_data, difference_lines
from dujian_docs.cli.opening import opened
from dujian_docs.cli.options import typed_fields
from dujian_docs.readiness.display import shown
from dujian_docs.records import Draft

_INTERNAL = click.option("--internal", is_flag=True, help="由保密记录拟的也给看，只供本室内部用")
_FIELD = click.option("--field", "fields", multiple=True, metavar="名称=内容", help="手填的内容，可写多次")
_BY = click.option("--by", default="", metavar="姓名", help="谁审的、谁签的；不写就是经办人自己")
_DRAFT = click.argument("word", metavar="稿号")


@click.group(options_metavar="[选项]", subcommand_metavar="命令 [参数]…")
def draft() -> None:
    """公文稿：拟稿、送审、签发、印发、归档，每一步谁办的、什么时候、改了什么；直接签发用 dujian issue。

    稿号也可以写成它的来源记录，如 督导活动/DD2026-03。
    """


@draft.command("new", cls=Verb)
@click.argument("genre", metavar="[文种]", default="", required=False)
@click.option("--record", default="", metavar="种类/编号", help="由哪条记录拟，如 督导活动/DD2026-03")
@click.option("--unit", default="", help="催报通知用：催哪个单位（代码、名称或别名）")
@click.option("--list", "code", default="", help="催报通知用：哪份建档目录；只有一份时不用写")
@click.option("--again", default="", metavar="文号", help="照着一份发出去的公文再拟一份，手填的内容带过来")
@_FIELD
@click.pass_obj
def new(
    session: Session, genre: str, record: str, unit: str, code: str, again: str, fields: tuple[str, ...]
) -> Outcome:
    """拟一份稿，不占号；还缺的内容在稿里印成【待填：…】，送审前填好。"""
    if not genre and not again:
        raise click.BadParameter("写文种，或用 --again 写照着哪份公文拟", param_hint="文种")
    with opened(session) as office, session.progress() as progress:
        view = verbs.new_draft(
            office,
            genre,
            record=record,
            unit=unit,
            code=code,
            again=again,
            by_hand=typed_fields(fields),
            report=progress,
        )
    return Outcome(_data(view.draft), f"已拟 {_title(view.draft)}\n" + "\n".join(_pending_lines(view)))


@draft.command("list", cls=Verb)
@click.option("--all", "every", is_flag=True, help="办结的、撤掉的也列出来")
@_INTERNAL
@click.pass_obj
def list_(session: Session, every: bool, internal: bool) -> Outcome:
    """还没有办结的稿，各到哪一步。"""
    with opened(session) as office:
        found, withheld = verbs.list_drafts(office, every=every, internal=internal)
    lines = [f"{_title(one)}　{one.status}" for one in found] or ["没有正在办的稿。"]
    if withheld:
        lines.append(f"另有 {withheld} 份由保密记录拟的稿没有列出；{verbs.FOR_THE_OFFICE}")
    return Outcome({"drafts": [_data(one) for one in found], "withheld": withheld}, "\n".join(lines))


@draft.command("show", cls=Verb)
@_DRAFT
@_INTERNAL
@click.pass_obj
def show(session: Session, word: str, internal: bool) -> Outcome:
    """一份稿办到哪一步、谁什么时候办的、还缺什么、下一步可以到哪里。"""
    with opened(session) as office:
        view = verbs.draft_view(office, word, internal=internal)
    one = view.draft
    lines = [_title(one), f"  流程：{_life(one)}", *(f"  {line}" for line in _step_lines(one))]
    lines += [f"  代替：{one.replaces}"] if one.replaces else []
    lines += [f"  {typed.label}：{shown(typed.text)}　【手填】" for typed in one.typed]
    lines += [f"  {line}" for line in _pending_lines(view)]
    lines.append(f"  接下来可以：{'、'.join(view.moves) or '已办结'}")
    pending = {"pending": list(view.pending), "moves": list(view.moves), "version": view.version}
    return Outcome(_data(one) | pending, "\n".join(lines))


@draft.command("edit", cls=Verb)
@_DRAFT
@_FIELD
@click.pass_obj
def edit(session: Session, word: str, fields: tuple[str, ...]) -> Outcome:
    """改稿里手填的内容，并按记录现在的样子重新生成；内容空着就是收回。送审以后不能改。"""
    with opened(session) as office, session.progress() as progress:
        view = verbs.edit_draft(office, word, typed_fields(fields), report=progress)
    text = f"已改 {_title(view.draft)}（第 {view.version} 版）\n" + "\n".join(_pending_lines(view))
    return Outcome(_data(view.draft) | {"version": view.version}, text.rstrip())


@draft.command("diff", cls=Verb)
@_DRAFT
@click.option("--from", "before", type=click.IntRange(1), help="从第几版；不写就是文字不同的前一版")
@click.option("--to", "after", type=click.IntRange(1), help="到第几版；不写就是最新一版")
@click.option("--now", "as_now", is_flag=True, help="最新一版和记录现在生成的文字比")
@_INTERNAL
@click.pass_obj
def diff(
    session: Session, word: str, before: int | None, after: int | None, as_now: bool, internal: bool
) -> Outcome:
    """两版之间改了哪些字：行首 - 是原来的，+ 是改后的；终端上另有颜色。"""
    with opened(session) as office, session.progress() as progress:
        found = verbs.draft_diff(
            office, word, before=before, after=after, as_now=as_now, internal=internal, report=progress
        )
    to = f"第 {found.after} 版" if found.after else "记录现在的样子"
    lines = [f"{found.code}：第 {found.before} 版 → {to}", *difference_lines(found.groups)]
    if not found.groups:
        lines.append("文字没有不同。")
    data = {"code": found.code, "from": found.before, "to": found.after}
    return Outcome(data | {"differences": difference_data(found.groups)}, "\n".join(lines))


@draft.command("print", cls=Verb)
@_DRAFT
@click.argument("target", metavar="稿.docx", type=FILE)
@_INTERNAL
@click.pass_obj
def print_(session: Session, word: str, target: Path, internal: bool) -> Outcome:
    """把稿印成 .docx 送人看；没有文号，缺的内容印成【待填：…】。"""
    if target.suffix.lower() != ".docx":
        raise click.BadParameter("文件名应以 .docx 结尾", param_hint="稿.docx")
    with opened(session) as office, session.progress() as progress:
        path, changed = verbs.print_draft(office, word, target, internal=internal, report=progress)
    warnings = ("来源记录在上一版以后改过，印的是现在的样子",) if changed else ()
    return Outcome({"path": str(path), "changed": changed}, f"已保存：{path}", warnings=warnings)


@draft.command("move", cls=Verb)
@_DRAFT
@click.argument("status", metavar="下一步")
@_BY
@click.option("--note", default="", metavar="说明", help="审核、签批的意见")
@click.option("--dry-run", is_flag=True, help="只看会怎样，不办")
@click.option("--yes", is_flag=True, help="不再询问，直接办")
@click.pass_obj
def move(session: Session, word: str, status: str, by: str, note: str, dry_run: bool, yes: bool) -> Outcome:
    """办下一步，如 审核、签发、印发、归档；到“印发”（或流程里最后上报的一步）时占号、归档、登记。"""
    return _moved(session, word, verbs.Move(status.strip(), by, note), dry_run=dry_run, yes=yes)


@draft.command("return", cls=Verb)
@_DRAFT
@click.option("--reason", required=True, help="为什么退回")
@_BY
@click.pass_obj
def return_(session: Session, word: str, reason: str, by: str) -> Outcome:
    """退回第一步修改；印发以后不能退。"""
    with opened(session) as office:
        first = verbs.draft_view(office, word, internal=True).draft.life[0].status
    return _moved(session, word, verbs.Move(first, by, reason), dry_run=False, yes=True)


@draft.command("withdraw", cls=Verb)
@_DRAFT
@click.option("--reason", required=True, help="为什么撤")
@_BY
@click.option("--yes", is_flag=True, help="不再询问，直接撤")
@click.pass_obj
def withdraw(session: Session, word: str, reason: str, by: str, yes: bool) -> Outcome:
    """没印发的撤稿；印发了的撤回：号作废、不再用，文件留在原处，登记簿写明原因。"""
    with opened(session) as office:
        view = verbs.draft_view(office, word, internal=True)
    end = next((one for one in view.moves if one in verbs.ENDS), verbs.WITHDRAWN)
    return _moved(session, word, verbs.Move(end, by, reason), dry_run=False, yes=yes)


def _moved(session: Session, word: str, wanted: verbs.Move, *, dry_run: bool, yes: bool) -> Outcome:
    with opened(session) as office, session.progress() as progress:
        plan = verbs.plan_draft_move(office, word, wanted, report=progress)
        line = f"{_title(plan.before)}：{plan.before.status} → {plan.after.status}"
        lines = [line]
        if plan.issue is not None:
            lines += [f"  {label}：{text}" for label, text in plan.issue.rows() if text]
        if plan.recalls is not None:
            lines.append(f"  {plan.recalls} 作废，不再使用；文件留在原处")
        asks = session.asks and not yes and not dry_run
        if dry_run or (asks and not click.confirm("\n".join([*lines, "现在办吗？"]), default=True, err=True)):
            text = "\n".join([*lines, "（什么都没有写入）"])
            return Outcome(_data(plan.before) | {"moved": False}, text, warnings=plan.notes)
        done = verbs.apply_draft_move(office, plan)
    data: dict[str, object] = _data(done.draft) | {"moved": True}
    text = line
    if done.issued is not None:
        text += f"\n已印发 {done.issued.number}《{shown(done.draft.title)}》\n归档位置：{done.issued.path}"
        data |= {
            "document_number": str(done.issued.number),
            "path": done.issued.path,
            "sha256": done.issued.sha256,
        }
    if done.recalled is not None:
        text += f"\n{done.recalled} 已作废"
        data["document_number"] = str(done.recalled)
    return Outcome(data, text, warnings=plan.notes)


def _title(one: Draft) -> str:
    return f"{one.code}《{shown(one.title)}》（{one.genre}）"


def _life(one: Draft) -> str:
    told = []
    for step in one.life:
        extra = "，".join([*([step.by] if step.by else []), *([f"满 {step.days} 天"] if step.days else [])])
        word = f"{step.status}（{extra}）" if extra else step.status
        told.append(f"[{word}]" if step.status == one.status else word)
    tail = "" if any(step.status == one.status for step in one.life) else f"；现在是[{one.status}]"
    return " → ".join(told) + tail


def _step_lines(one: Draft) -> Iterator[str]:
    for step in one.steps:
        by = f"{shown(step.by)}（{shown(step.author)}经办）" if step.by else shown(step.author)
        note = f"　{shown(step.note)}" if step.note else ""
        yield f"{step.at.astimezone():%Y-%m-%d %H:%M}　{step.status}　{by}{note}"


def _pending_lines(view: verbs.DraftView) -> list[str]:
    return [f"还要填 {len(view.pending)} 项：{'、'.join(view.pending)}"] if view.pending else []


def _data(one: Draft) -> dict[str, object]:
    return {
        "code": one.code,
        "genre": one.genre,
        "title": one.title,
        "record": one.record,
        "status": one.status,
        "life": [step.status for step in one.life],
        "replaces": one.replaces,
        "typed": {typed.label: typed.text for typed in one.typed},
        "steps": [step.model_dump(mode="json") for step in one.steps],
    }


VERBS = (draft,)
