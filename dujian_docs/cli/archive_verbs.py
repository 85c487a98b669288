"""sync, watch, status."""

from __future__ import annotations

import signal
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.console import Bars, Outcome, Session, Verb
from dujian_docs.cli.opening import opened

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


def _unreadable_lines(items: Iterable[verbs.Item]) -> list[str]:
    """The files without text, those with the same reason together."""
    together: defaultdict[tuple[str, str, str], list[str]] = defaultdict(list)
    for item in items:
        together[item.state.value, item.reason, item.remedy].append(item.path)
    lines: list[str] = []
    for (state, reason, remedy), paths in together.items():
        lines.append(f"  [{STATES[state]}] {len(paths)} 个：{reason}" + (f"。{remedy}" if remedy else ""))
        lines += [f"    {path}" for path in paths]
    return lines


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
    named: frozenset[tuple[str, str]] = frozenset()

    def tell(done: verbs.SyncReport) -> None:
        nonlocal said, named
        if (done.added or done.changed or done.moved or done.gone) and not session.quiet:
            new = tuple(item for item in done.unreadable if (item.path, item.sha256) not in named)
            click.echo(_synced(replace(done, unreadable=new)).text, err=True)
        named = frozenset((item.path, item.sha256) for item in done.unreadable)
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
    lines += _unreadable_lines((*state.unreadable, *state.vanished))
    data = {
        "engine": state.engine,
        "last_sync": state.last_sync,
        "counts": counts,
        "notes": list(state.notes),
        "waiting_pages": state.waiting_pages,
        "unreadable": _unreadable_data(state.unreadable),
        "vanished": _unreadable_data(state.vanished),
    }
    return Outcome(data, "\n".join(lines))


VERBS = (sync, watch, status)
