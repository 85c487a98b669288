"""``python -m indexer``: what can be done with any archive folder, from init to watch."""

from __future__ import annotations

import dataclasses
import json
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from indexer import printing
from indexer.answering import Sort
from indexer.engines import EngineName
from indexer.errors import IndexerError
from indexer.index import ArchiveIndex
from indexer.scan import MARKER_NAME
from indexer.settings import FILE_NAME, IndexSettings, load, text_of
from indexer.wordlists import entries_of

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _archive_options(command: _Command) -> _Command:
    for option in (
        click.option(
            "--home",
            type=click.Path(path_type=Path, file_okay=False),
            help="检索库放在哪里；默认在档案文件夹旁边",
        ),
        click.option(
            "--engine",
            type=click.Choice(["auto", "whoosh", "tantivy"]),
            default="auto",
            help="用哪种引擎；默认自动选择",
        ),
        click.argument("root", metavar="档案文件夹", type=click.Path(path_type=Path, file_okay=False)),
    ):
        command = option(command)
    return command


_json = click.option("--json", "as_json", is_flag=True, help="结果输出为一个 JSON 对象")


@click.group()
def cli() -> None:
    """中文档案文件夹的全文检索。"""


@cli.command()
@click.argument("root", metavar="档案文件夹", type=click.Path(path_type=Path, file_okay=False))
def init(root: Path) -> None:
    """在档案文件夹里放上标志文件；没有它，找不到的文件不会当成已删除。"""
    root.mkdir(parents=True, exist_ok=True)
    (root / MARKER_NAME).touch()
    click.echo(f"已标记 {root}")


@cli.command()
@_archive_options
def settings(root: Path, home: Path | None, engine: EngineName) -> None:
    """现在的设置：每个文件的上限、词表、同义词表，写成设置文件的样子。"""
    del engine
    where = home or _usual_home(root)
    told = _settings(where)
    click.echo(text_of(told.limits), nl=False)
    found = f"词表 {len(told.lexicon)} 条，同义词 {len(told.synonyms)} 组"
    click.echo(f"# 要改就把上面的内容存为 {where / FILE_NAME}（现有{found}）", nl=True)


@cli.command()
@_archive_options
@_json
@click.option("--accept-disappearance", is_flag=True, help="大批文件确实是自己清理掉的，照此更新")
def sync(
    root: Path, home: Path | None, engine: EngineName, *, as_json: bool, accept_disappearance: bool
) -> None:
    """收录新增和变动的文件。"""
    with _opened(root, home, engine, makes=True) as index:
        report = index.sync(accept_disappearance=accept_disappearance)
    _print(report, printing.synced(report), as_json=as_json)


@cli.command()
@_archive_options
@_json
@click.option("--pages", type=click.IntRange(1), help="最多识别几页；默认识别完为止")
def look(root: Path, home: Path | None, engine: EngineName, *, as_json: bool, pages: int | None) -> None:
    """识别图片和扫描件里的字；可以随时按 Ctrl+C 停下，下次接着做。"""
    stop = _stopped_by_signals()
    show = None if as_json else lambda at: click.echo(f"{at.done}/{at.total} {at.what}", err=True)
    with _opened(root, home, engine) as index:
        report = index.look_closer(stop=stop, progress=show, most_pages=pages)
    _print(report, printing.looked(report), as_json=as_json)


@cli.command()
@_archive_options
@click.argument("words", metavar="词…", nargs=-1, required=True)
@_json
@click.option("--limit", type=click.IntRange(1, 1000), default=20, help="最多显示几个文件")
@click.option("--under", metavar="文件夹", help="只找这个文件夹里的")
@click.option("--sort", type=click.Choice(["rank", "date", "name"]), default="rank", help="相关、日期或名称")
@click.option("--offset", type=click.IntRange(0), default=0, help="跳过前几个文件")
@click.option("--token", default="", help="第一页结果里的 token；翻页时带上，期间新增的文件不会插进来")
@click.option(
    "--synonyms", type=click.Path(path_type=Path, dir_okay=False), help="同义词文件，一行一组：甲=乙"
)
@click.option("--no-synonyms", is_flag=True, help="只找所写的词，不找同义、异写的")
@click.option("--facets", is_flag=True, help="只数一数：各文件夹、类型、年份、状态各有几个文件")
def search(
    root: Path,
    words: tuple[str, ...],
    home: Path | None,
    engine: EngineName,
    *,
    as_json: bool,
    limit: int,
    under: str | None,
    sort: Sort,
    offset: int,
    token: str,
    synonyms: Path | None,
    no_synonyms: bool,
    facets: bool,
) -> None:
    """全文检索。

    可写 "原句"、AND、OR、NOT、括号，以及 title:、path:、ext:、date:2023..2024-06、state:；
    题名和路径里可用 * 和 ?。
    """
    query, expand = " ".join(words), not no_synonyms
    with _opened(root, home, engine, entries_of(synonyms) if synonyms else ()) as index:
        if facets:
            spread = index.facets(query, under=under, expand=expand)
            _print(spread, printing.facets(spread), as_json=as_json)
            return
        result = index.search(
            query, limit=limit, offset=offset, under=under, sort=sort, expand=expand, token=token
        )
    _print(result, printing.hits(result, offset), as_json=as_json)


@cli.command()
@_archive_options
@click.argument("path", metavar="文件")
@_json
@click.option("--limit", type=click.IntRange(1, 1000), default=20, help="最多显示几个文件")
def similar(
    root: Path, path: str, home: Path | None, engine: EngineName, *, as_json: bool, limit: int
) -> None:
    """内容相近的文件。"""
    with _opened(root, home, engine) as index:
        result = index.similar(_inside(root, path), limit=limit)
    _print(result, printing.hits(result), as_json=as_json)


@cli.command()
@_archive_options
@click.argument("path", metavar="[文件]", required=False)
@_json
def duplicates(root: Path, path: str | None, home: Path | None, engine: EngineName, *, as_json: bool) -> None:
    """重复和几乎重复的文件；写了文件就只找和它重复的。"""
    with _opened(root, home, engine) as index:
        groups = index.near_duplicates(_inside(root, path) if path else None)
    _print(groups, printing.duplicates(groups), as_json=as_json)


@cli.command()
@_archive_options
@_json
def status(root: Path, home: Path | None, engine: EngineName, *, as_json: bool) -> None:
    """有多少文件，各是什么状况，哪些读不出文字。"""
    with _opened(root, home, engine) as index:
        found = index.status()
    _print(found, printing.standing(found), as_json=as_json)


@cli.command()
@_archive_options
@click.argument("path", metavar="文件")
@_json
def text(root: Path, home: Path | None, engine: EngineName, path: str, *, as_json: bool) -> None:
    """收录了的一个文件的文字，按页和部位分开，还有它自带的情况。"""
    inside = _inside(root, path)
    with _opened(root, home, engine) as index:
        item = next((item for item in index.items() if item.path == inside), None)
        if item is None:
            raise IndexerError(f"没有收录“{inside}”", remedy="核对路径；新放进去的文件先运行 sync")
        passages = index.text_of(inside)
    told = {"item": _plain(item), "passages": _plain(passages)}
    _print(told, printing.pages(item, passages), as_json=as_json)


@cli.command()
@_archive_options
@click.option("--interval", type=click.FloatRange(1), default=60.0, help="每隔几秒全面核对一次")
@click.option("--polling", is_flag=True, help="不用系统的变动通知，只定时核对")
def watch(root: Path, home: Path | None, engine: EngineName, *, interval: float, polling: bool) -> None:
    """一直看着档案文件夹，有变动就收录；按 Ctrl+C 停下。"""
    stop = _stopped_by_signals()
    with _opened(root, home, engine, makes=True) as index:
        index.watch(
            stop,
            on_sync=lambda report: click.echo(printing.synced(report)),
            on_trouble=lambda error: click.echo(printing.trouble(error), err=True),
            polling=polling,
            interval=interval,
        )
    click.echo("已停止监视")


def _stopped_by_signals() -> threading.Event:
    """Is set when the person or the system asks for an end."""
    stop = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: stop.set())
    return stop


def main() -> None:
    """Runs the command line; an error is two Chinese sentences and status 1."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a console of code page 936
    try:
        cli(prog_name="python -m indexer")
    except IndexerError as error:
        click.echo(printing.trouble(error), err=True)
        sys.exit(1)


def _opened(
    root: Path, home: Path | None, engine: EngineName, synonyms: Iterable[str] = (), *, makes: bool = False
) -> ArchiveIndex:
    """The index of an archive; one that is not there is only made if ``makes``, and for a folder that is.

    So a folder's name with a slip in it is told, and does not pass for an archive without files.
    """
    where = home or _usual_home(root)
    if not where.exists():
        if not root.is_dir():
            raise IndexerError(f"没有“{root}”这个文件夹，也没有收录过它", remedy="核对档案文件夹的写法")
        if not makes:
            raise IndexerError(
                f"档案文件夹“{root}”还没有收录", remedy="先运行 sync；检索库放在别处的，写上 --home"
            )
    told = _settings(where)
    return ArchiveIndex.open(
        root,
        where,
        engine=engine,
        lexicon=told.lexicon,
        synonyms=(*told.synonyms, *synonyms),
        limits=told.limits,
    )


def _usual_home(root: Path) -> Path:
    place = root.resolve()
    return place.parent / f".{place.name}-index"


def _settings(home: Path) -> IndexSettings:
    """What the settings file in the index's folder says; the defaults when there is none."""
    file = home / FILE_NAME
    return load(file) if file.exists() else IndexSettings()


def _inside(root: Path, path: str) -> str:
    """The path as the index has it: from the archive's folder on, also when it was given from elsewhere."""
    place, given = root.resolve(), Path(path)
    if (root / path).exists() and not given.is_absolute():
        return given.as_posix()
    whole = given.resolve()
    return whole.relative_to(place).as_posix() if whole.is_relative_to(place) else path.replace("\\", "/")


def _print(value: object, text: str, *, as_json: bool) -> None:
    """A report in words, or the same as JSON; a group of files is a list."""
    data = _plain(value)
    click.echo(json.dumps(data, ensure_ascii=False, indent=2) if as_json else text)


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return dataclasses.asdict(value)
    return value
