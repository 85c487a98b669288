"""``python -m indexer``: init, sync, search, status, watch over any archive folder."""

from __future__ import annotations

import dataclasses
import json
import sys
import threading
from pathlib import Path
from typing import Any

import click

from indexer.errors import IndexerError
from indexer.index import ArchiveIndex
from indexer.model import SearchResult, SyncReport
from indexer.scan import MARKER_NAME

_root = click.argument("root", metavar="档案文件夹", type=click.Path(path_type=Path, file_okay=False))
_home = click.option("--home", type=click.Path(path_type=Path, file_okay=False), help="索引放在哪里；默认在档案文件夹旁")
_engine = click.option("--engine", type=click.Choice(["auto", "whoosh", "tantivy"]), default="auto", help="引擎")
_json = click.option("--json", "as_json", is_flag=True, help="结果输出为一个 JSON 对象")


@click.group()
def cli() -> None:
    """中文档案文件夹的全文索引。"""


@cli.command()
@_root
def init(root: Path) -> None:
    """在档案文件夹里放上标志文件；没有它，找不到的文件不会当成已删除。"""
    root.mkdir(parents=True, exist_ok=True)
    (root / MARKER_NAME).touch()
    click.echo(f"已标记 {root}")


@cli.command()
@_root
@_home
@_engine
@_json
def sync(root: Path, home: Path | None, engine: str, as_json: bool) -> None:  # noqa: FBT001  click passes flags so
    """收录新增和变动的文件。"""
    with _opened(root, home, engine) as index:
        report = index.sync()
    _print(dataclasses.asdict(report), _sync_text(report), as_json=as_json)


@cli.command()
@_root
@click.argument("query", metavar="词…", nargs=-1, required=True)
@_home
@_engine
@_json
@click.option("--limit", type=click.IntRange(1, 1000), default=20, help="最多几个文件")
def search(root: Path, query: tuple[str, ...], home: Path | None, engine: str, as_json: bool, limit: int) -> None:  # noqa: FBT001  click passes flags so
    """全文检索。"""
    with _opened(root, home, engine) as index:
        result = index.search(" ".join(query), limit=limit)
    _print(dataclasses.asdict(result), _search_text(result), as_json=as_json)


@cli.command()
@_root
@_home
@_engine
@_json
def status(root: Path, home: Path | None, engine: str, as_json: bool) -> None:  # noqa: FBT001  click passes flags so
    """各种状况的文件数。"""
    with _opened(root, home, engine) as index:
        found = index.status()
    lines = [f"{state.value}: {count}" for state, count in found.counts.items() if count]
    lines += [f"{item.path}：{item.reason}。{item.remedy}" for item in found.unreadable]
    _print(dataclasses.asdict(found), "\n".join(lines), as_json=as_json)


@cli.command()
@_root
@_home
@_engine
@click.option("--interval", type=float, default=60.0, help="每隔几秒全面核对一次")
def watch(root: Path, home: Path | None, engine: str, interval: float) -> None:
    """一直看着，有变动就收录；Ctrl+C 停下。"""
    with _opened(root, home, engine) as index:
        index.watch(threading.Event(), on_sync=lambda report: click.echo(_sync_text(report)), interval=interval)


def main() -> None:
    """Runs the command line; an error is two Chinese sentences and status 1."""
    try:
        cli()
    except IndexerError as error:
        click.echo(f"{error.problem}\n怎么办：{error.remedy}", err=True)
        sys.exit(1)


def _opened(root: Path, home: Path | None, engine: Any) -> ArchiveIndex:
    return ArchiveIndex.open(root, home or root.resolve().parent / f".{root.resolve().name}-index", engine=engine)


def _sync_text(report: SyncReport) -> str:
    return f"新增 {report.added}、变动 {report.changed}、移动 {report.moved}、不变 {report.unchanged}"


def _search_text(result: SearchResult) -> str:
    lines = [f"共 {result.total} 个文件"]
    for hit in result.hits:
        lines.append(hit.path)
        lines += [f"  {one.text}".replace("\n", " ") for one in hit.excerpts]
    return "\n".join(lines)


def _print(data: dict[str, Any], text: str, *, as_json: bool) -> None:
    click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=str) if as_json else text)
