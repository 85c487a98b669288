"""register, number next, number hold, number use, number void, number withdraw, number import."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.chinese import FILE
from dujian_docs.cli.console import GAPS_REMAIN, Outcome, Session, Verb
from dujian_docs.cli.opening import opened
from dujian_docs.cli.options import OUTPUT, day_option
from dujian_docs.documents import RegisterImport, RegisterReport, SeriesReport, number_of
from dujian_docs.readiness.display import shown

_WRONG = 4
_SHOWN = 20


@click.command(cls=Verb)
@click.option("--year", metavar="年份", type=int, help="只看这一年")
@click.option("--settle", is_flag=True, help="把中断留下的预留号核实为已用或作废")
@click.option("--check", is_flag=True, help="查缺号、一文多号和改过的文件，说下一个号；有这些的，退出码为 3")
@OUTPUT
@click.pass_obj
def register(session: Session, year: int | None, settle: bool, check: bool, output: Path | None) -> Outcome:
    """发文登记：每个号是预留、占用、已用还是作废，连号不断。"""
    with opened(session) as office:
        settled = verbs.settle(office) if settle else ()
        written = [verbs.write_register(office, output)] if output else []
        if check:
            return _checked(verbs.check_register(office), verbs.changed_files(office), written)
        rows = [
            (number, entry) for number, entry in verbs.register(office) if year is None or entry.year == year
        ]
    data = [{"document_number": str(number), **entry.model_dump(mode="json")} for number, entry in rows]
    lines = [
        f"{number}　{entry.state.value}　{entry.title}"
        + (f"（{entry.void_reason}）" if entry.void_reason else "")
        + (f"　{entry.path}" if entry.path else "")
        for number, entry in rows
    ]
    if settled:
        lines.append(f"核实了 {len(settled)} 个中断留下的号")
    lines += [f"已保存：{path}" for path in written]
    return Outcome(data, "\n".join(lines) or "还没有发过文。")


def _checked(
    found: RegisterReport, changed: tuple[verbs.ChangedFile, ...] | None, written: list[Path]
) -> Outcome:
    lines = [line for one in found.series for line in _series_lines(one)] or ["还没有发过文。"]
    lines += [f"{one.reason}：{'、'.join(map(str, one.numbers))}" for one in found.doubles]
    lines += [f"{one.number} 的文件{one.state}：{shown(one.path)}" for one in changed or ()]
    if changed is None:
        lines.append("档案文件夹不在，没有核对文件是不是登记时的样子")
    lines += [f"已保存：{path}" for path in written]
    data = {
        "series": [
            {
                "series": one.series,
                "year": one.year,
                "used": one.used,
                "void": [str(number) for number in one.void],
                "open": [str(number) for number in one.open],
                "gaps": [str(number) for number in one.gaps],
                "next": str(one.next),
            }
            for one in found.series
        ],
        "doubles": [
            {"numbers": [str(number) for number in one.numbers], "reason": one.reason}
            for one in found.doubles
        ],
        "changed_files": [
            {"document_number": str(one.number), "path": one.path, "state": one.state}
            for one in changed or ()
        ],
        "written": [str(path) for path in written],
    }
    return Outcome(data, "\n".join(lines), status=GAPS_REMAIN if changed or not found.whole else 0)


def _series_lines(one: SeriesReport) -> Iterator[str]:
    yield f"{one.series}〔{one.year}〕：已用 {one.used}、作废 {len(one.void)}，下一个号 {one.next}"
    for word, numbers in (("缺号", one.gaps), ("还没有落实", one.open)):
        if numbers:
            more = f" 等 {len(numbers)} 个" if len(numbers) > _SHOWN else ""
            yield f"  {word}：{'、'.join(map(str, numbers[:_SHOWN]))}{more}"


@click.group(options_metavar="[选项]", subcommand_metavar="命令 [参数]…")
def number() -> None:
    """发文字号：看下一个号，给别处拟的文占号、落实、作废，接管以前的登记簿。"""


_SERIES = click.option("--series", default="", help="机关代字；不写就用 dujian.toml 里的")


@number.command("next", cls=Verb)
@_SERIES
@click.option("--year", metavar="年份", type=click.IntRange(1950, 2199), help="哪一年；不写就是今年")
@click.pass_obj
def next_(session: Session, series: str, year: int | None) -> Outcome:
    """下一份公文会用哪个号；只看，不占。"""
    with opened(session) as office:
        found = verbs.next_number_of(office, series=series, year=year)
    return Outcome({"document_number": str(found)}, f"下一个号：{found}")


@number.command("hold", cls=Verb)
@click.argument("genre", metavar="文种")
@click.argument("title", metavar="标题")
@_SERIES
@click.pass_obj
def hold(session: Session, genre: str, title: str, series: str) -> Outcome:
    """给不在这里生成的公文占一个号；以后用 dujian number use 落实，或用 dujian number void 作废。"""
    with opened(session) as office:
        found = verbs.hold_number(office, genre, title, series=series)
    return Outcome({"document_number": str(found)}, f"已占用 {found}《{shown(title)}》")


@number.command("use", cls=Verb)
@click.argument("held", metavar="文号")
@click.argument("file", metavar="档案里的文件")
@click.option("--date", "day", **day_option("成文日期，如 2026-03-15"))
@click.pass_obj
def use(session: Session, held: str, file: str, day: date | None) -> Outcome:
    """占用的号落实到档案里的一个文件；位置从档案文件夹算起。"""
    with opened(session) as office:
        entry = verbs.use_number(office, held, file, doc_date=day)
    found = number_of(entry)
    return Outcome({"document_number": str(found), "path": entry.path}, f"{found} 已用：{entry.path}")


@number.command("void", cls=Verb)
@click.argument("held", metavar="文号")
@click.option("--reason", required=True, help="作废原因，登记簿里一直留着")
@click.pass_obj
def void(session: Session, held: str, reason: str) -> Outcome:
    """占用的号作废；号不再给别的文用。"""
    with opened(session) as office:
        entry = verbs.void_number(office, held, reason)
    found = number_of(entry)
    return Outcome(
        {"document_number": str(found), "reason": entry.void_reason}, f"{found} 已作废：{entry.void_reason}"
    )


@number.command("withdraw", cls=Verb)
@click.argument("issued", metavar="文号")
@click.option("--reason", required=True, help="为什么撤回，登记簿里一直留着")
@click.pass_obj
def withdraw(session: Session, issued: str, reason: str) -> Outcome:
    """撤回一份发出去的公文：号作废、不再给别的文用，文件留在原处；要重发的用 dujian draft new --again。"""
    with opened(session) as office:
        entry = verbs.withdraw_number(office, issued, reason)
    found = number_of(entry)
    data = {"document_number": str(found), "reason": entry.void_reason, "path": entry.path}
    return Outcome(data, f"{found} 已作废（{entry.void_reason}）；文件留在 {entry.path}")


@number.command("import", cls=Verb)
@click.argument("source", metavar="登记簿.xlsx", type=FILE)
@click.option("--dry-run", is_flag=True, help="只看会接管哪些号，不写入")
@click.option("--yes", is_flag=True, help="不再询问，直接接管对的行")
@click.pass_obj
def import_register(session: Session, source: Path, dry_run: bool, yes: bool) -> Outcome:
    """接管以前用 Excel 登的发文：认各种写法的文号，改成规范写法并列出来；重号、看不懂的逐行说明。

    接管以后的号不能用 dujian undo 撤销，先用 --dry-run 看清楚。
    """
    with opened(session) as office:
        plan = verbs.plan_register_import_of(office, source)
        lines = [*_import_lines(plan)]
        writes = bool(plan.taken) and not dry_run
        if writes and session.asks and not yes:
            writes = click.confirm("\n".join([*lines, "现在接管吗？"]), default=True, err=True)
        done = verbs.apply_register_import_of(office, plan) if writes else 0
    lines.append(f"已接管 {done} 个号" if done else "（什么都没有写入）")
    data = {
        "taken": [str(number_of(one.entry)) for one in plan.taken],
        "known": [str(number_of(one.entry)) for one in plan.known],
        "repaired": [
            {"spelt": one.spelt, "document_number": str(number_of(one.entry))}
            for one in plan.taken
            if one.repaired
        ],
        "refused": [
            {"place": one.place, "spelt": one.spelt, "problem": one.problem, "remedy": one.remedy}
            for one in plan.refused
        ],
        "imported": done,
    }
    return Outcome(data, "\n".join(lines), status=_WRONG if plan.refused else 0)


def _import_lines(plan: RegisterImport) -> Iterator[str]:
    repaired = [one for one in plan.taken if one.repaired]
    counts = f"接管 {len(plan.taken)} 个号，登记簿里已有 {len(plan.known)} 个，不接管 {len(plan.refused)} 行"
    yield f"{plan.source}：{counts}"
    if repaired:
        yield f"  改成规范写法 {len(repaired)} 个："
        yield from (f"    {one.place}　{shown(one.spelt)} → {number_of(one.entry)}" for one in repaired)
    yield from (
        f"  {one.place}　{shown(one.spelt)}：{shown(one.problem)}。{one.remedy}" for one in plan.refused
    )


VERBS = (register, number)
