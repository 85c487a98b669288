"""sync, watch, status, search."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.console import Bars, Outcome, Session, Verb
from dujian_docs.cli.opening import opened

RUNGS = {"phrase": "原样出现", "all_words": "各个词都有", "any_word": "有其中的词", "query": "按所写的条件"}
STATES = {
    "indexed": "可检索",
    "empty": "没有文字",
    "encrypted": "加密",
    "corrupt": "损坏",
    "refused": "不读",
    "pending_ocr": "待识别",
    "vanished": "找不到了",
}


@click.command(cls=Verb)
@click.option("--accept-disappearance", is_flag=True, help="大批文件确实是自己清理掉的，照此更新")
@click.option("--ocr", is_flag=True, help="收录后接着识别扫描件和图片里的字；按 Ctrl+C 停下，下次接着做")
@click.pass_obj
def sync(session: Session, accept_disappearance: bool, ocr: bool) -> Outcome:
    """收录档案文件夹的新增和变动；读不出文字的文件逐个列出原因和办法。"""
    with opened(session) as office, session.progress() as progress:
        done = verbs.sync(office, accept_disappearance=accept_disappearance, report=progress)
        looked = _look_closer(office, progress) if ocr else None
    return _synced(done, looked)


@contextmanager
def _until_interrupted() -> Iterator[threading.Event]:
    """An event that Ctrl+C sets, so that what is at hand is finished; a second Ctrl+C breaks off at once."""
    stop = threading.Event()
    before = signal.getsignal(signal.SIGINT)

    def asked(*_: object) -> None:
        stop.set()
        signal.signal(signal.SIGINT, before)

    signal.signal(signal.SIGINT, asked)
    try:
        yield stop
    finally:
        signal.signal(signal.SIGINT, before)


def _look_closer(office: verbs.Workspace, progress: Bars) -> verbs.LookReport:
    """Looks at pictures until all are done or Ctrl+C is pressed; the page at hand is finished."""
    with _until_interrupted() as stop:
        return verbs.look_closer(office, stop, report=progress)


def _synced(done: verbs.SyncReport, looked: verbs.LookReport | None = None) -> Outcome:
    counts = {
        "added": done.added, "changed": done.changed, "moved": done.moved, "missing": done.missing,
        "gone": done.gone, "unchanged": done.unchanged,
    }  # fmt: skip
    head = f"新增 {done.added}、变动 {done.changed}、改名移动 {done.moved}、暂时找不到 {done.missing}、"
    lines = [head + f"确认已删 {done.gone}、不变 {done.unchanged}（{done.seconds:.1f} 秒）"]
    if done.rebuilt:
        lines.append(f"检索库已自动重建：{done.rebuilt}")
    if done.unreadable:
        lines.append(f"读不出文字的文件 {len(done.unreadable)} 个：")
        lines += _unreadable_lines(done.unreadable)
    data = {
        **counts,
        "seconds": done.seconds,
        "rebuilt": done.rebuilt,
        "unreadable": _unreadable_data(done.unreadable),
    }
    if looked is None:
        return Outcome(data, "\n".join(lines), warnings=done.warnings)
    lines.append(f"识别图片 {looked.pages} 页，做完 {looked.files} 个文件，还有 {looked.waiting} 页")
    data["ocr"] = {"pages": looked.pages, "files": looked.files, "waiting": looked.waiting}
    return Outcome(data, "\n".join(lines), warnings=(*done.warnings, *looked.notes))


def _unreadable_lines(items: tuple[verbs.Item, ...]) -> list[str]:
    return [
        f"  [{STATES[item.state.value]}] {item.path}：{item.reason}"
        + (f"。{item.remedy}" if item.remedy else "")
        for item in items
    ]


def _unreadable_data(items: tuple[verbs.Item, ...]) -> list[dict[str, str]]:
    return [
        {"path": item.path, "state": item.state.value, "reason": item.reason, "remedy": item.remedy}
        for item in items
    ]


@click.command(cls=Verb)
@click.pass_obj
def watch(session: Session) -> Outcome:
    """一直看着档案文件夹，有变动就收录；按 Ctrl+C 停下。"""
    said: tuple[str, ...] = ()

    def tell(done: verbs.SyncReport) -> None:
        nonlocal said
        if (done.added or done.changed or done.moved or done.gone) and not session.quiet:
            click.echo(_synced(done).text, err=True)
        for warning in done.warnings:
            if warning not in said:  # once, not after every look at a share that stays away
                click.echo(f"注意：{warning}", err=True)
        said = done.warnings

    with opened(session) as office, _until_interrupted() as stop:
        click.echo(f"正在监视 {office.archive}，按 Ctrl+C 停下", err=True)
        verbs.watch(office, stop, tell)
    return Outcome({"stopped": True}, "已停止监视。")


@click.command(cls=Verb)
@click.pass_obj
def status(session: Session) -> Outcome:
    """检索库里有多少文件，各是什么状况，哪些读不出文字。"""
    with opened(session) as office:
        state = verbs.status(office)
    counts = {kind.value: count for kind, count in state.counts.items()}
    lines = [f"引擎 {state.engine}；上次收录 {state.last_sync or '还没有'}"]
    lines += [f"  {STATES[name]} {count}" for name, count in counts.items() if count]
    if state.waiting_pages:
        lines.append(f"还有 {state.waiting_pages} 页图片里的字没有识别")
    lines += [f"注意：{note}" for note in state.notes]
    lines += _unreadable_lines(state.unreadable)
    data = {
        "engine": state.engine,
        "last_sync": state.last_sync,
        "counts": counts,
        "notes": list(state.notes),
        "waiting_pages": state.waiting_pages,
        "unreadable": _unreadable_data(state.unreadable),
    }
    return Outcome(data, "\n".join(lines))


@click.command(cls=Verb)
@click.argument("query", metavar="词…", nargs=-1, required=True)
@click.option("--folder", help="只在这个文件夹里找，如 迎检档案")
@click.option("--unit", help="单位的代码、名称或别名")
@click.option("--year", type=int, help="年份")
@click.option("--indicator", help="指标代码，如 C12")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="最多列几个文件")
@click.option("--offset", type=click.IntRange(0), default=0, help="从第几个起（0 为头一个）")
@click.option(
    "--sort", type=click.Choice(["rank", "date", "name"]), default="rank", help="按相关、日期或名称排"
)
@click.pass_obj
def search(
    session: Session,
    query: tuple[str, ...],
    folder: str | None,
    unit: str | None,
    year: int | None,
    indicator: str | None,
    limit: int,
    offset: int,
    sort: verbs.Sort,
) -> Outcome:
    """全文检索。先找原样出现的，没有就找各个词都有的，再没有就找有其中一个词的。

    可用 "加引号的原句"、AND、OR、NOT、括号；文号写成 云教督〔2026〕3号、[2026] 或不带括号都行。
    """
    filters = verbs.Filters(folder=folder, unit=unit, year=year, indicator=indicator)
    with opened(session) as office:
        page = verbs.search(office, " ".join(query), filters, limit=limit, offset=offset, sort=sort)
    data = {
        "total": page.total,
        "rung": page.rung,
        "engine": page.engine,
        "hits": [_hit_data(found, page.rung) for found in page.found],
    }
    if page.unread:
        return Outcome(data, "没有找到。", warnings=("档案还没有收录，先运行 dujian sync",))
    if page.total and not page.found:
        return Outcome(data, f"共 {page.total} 个文件，第 {offset + 1} 个起没有了。")
    if not page.found:
        return Outcome(data, "没有找到。可以少写几个字再试，或去掉限定条件。", status=0)
    lines = [f"共 {page.total} 个文件（{RUNGS[page.rung]}；{page.engine}）"]
    for place, found in enumerate(page.found, start=offset + 1):
        lines += _hit_lines(place, found)
    return Outcome(data, "\n".join(lines))


def _hit_data(found: verbs.Found, rung: str) -> dict[str, object]:
    first = found.excerpts[0] if found.excerpts else None
    return {
        "path": found.path,
        "page": first.page if first else None,
        "title": found.title,
        "document_number": found.document_number,
        "excerpt": first.text if first else "",
        "excerpts": [
            {
                "text": one.text,
                "marks": [list(mark) for mark in one.marks],
                "page": one.page,
                "label": one.label,
            }
            for one in found.excerpts
        ],
        "score": found.score,
        "rung": rung,
    }


def _hit_lines(place: int, found: verbs.Found) -> list[str]:
    number = f"　{found.document_number}" if found.document_number else ""
    lines = [f"{place}. {found.path}{number}"]
    for one in found.excerpts:
        where = f"第 {one.page} 页" if one.page else one.label
        lines.append(f"   {where + '：' if where else ''}{_marked(one.text, one.marks)}")
    return lines


def _marked(text: str, marks: tuple[tuple[int, int], ...]) -> str:
    """The excerpt on one line with its marks highlighted (bold on a terminal, plain when piped)."""
    parts, at = [], 0
    for start, end in marks:
        parts += [text[at:start], click.style(text[start:end], bold=True, fg="red")]
        at = end
    return "".join([*parts, text[at:]]).replace("\n", " ")


VERBS = (sync, watch, status, search)
