"""search, similar, duplicates."""

from __future__ import annotations

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.archive_verbs import STATES
from dujian_docs.cli.console import Outcome, Session, Verb
from dujian_docs.cli.opening import opened

RUNGS = {"phrase": "原样出现", "all_words": "各个词都有", "any_word": "有其中的词", "query": "按所写的条件"}
NO_VALUE = "（无）"


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
@click.option("--no-synonyms", is_flag=True, help="只找所写的词，不找同义、异写的（如 台帐）")
@click.option("--facets", is_flag=True, help="只数一数：各文件夹、类型、年份、状态各有几个文件")
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
    no_synonyms: bool,
    facets: bool,
) -> Outcome:
    """全文检索。先找原样出现的，没有就找各个词都有的，再没有就找有其中一个词的。

    可用 "加引号的原句"、AND、OR、NOT、括号；文号写成 云教督〔2026〕3号、[2026] 或不带括号都行。
    还可写 title:、path:、ext:、state: 和 date:2023..2024-06，题名和路径里可用 * 和 ?。
    """
    filters = verbs.Filters(folder=folder, unit=unit, year=year, indicator=indicator)
    asked, expand = " ".join(query), not no_synonyms
    with opened(session) as office:
        if facets:
            return _spread(verbs.facets(office, asked, filters, expand=expand))
        page = verbs.search(office, asked, filters, limit=limit, offset=offset, sort=sort, expand=expand)
    data = {
        "total": page.total,
        "rung": page.rung,
        "engine": page.engine,
        "synonyms": list(page.synonyms),
        "hits": [_hit_data(found, page.rung) for found in page.found],
    }
    if page.unread:
        return Outcome(data, "没有找到。", warnings=("档案还没有收录，先运行 dujian sync",))
    if page.total and not page.found:
        return Outcome(data, f"共 {page.total} 个文件，第 {offset + 1} 个起没有了。")
    if not page.found:
        return Outcome(data, "没有找到。可以少写几个字再试，或去掉限定条件。", status=0)
    lines = [f"共 {page.total} 个文件（{RUNGS[page.rung]}；{page.engine}）"]
    if page.synonyms:
        lines.append(f"也找了：{'、'.join(page.synonyms)}（不要的话加 --no-synonyms）")
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
                "cell": one.cell,
            }
            for one in found.excerpts
        ],
        "score": found.score,
        "by_synonym": found.by_synonym,
        "rung": rung,
    }


def _hit_lines(place: int, found: verbs.Found) -> list[str]:
    number = f"　{found.document_number}" if found.document_number else ""
    lines = [f"{place}. {found.path}{number}{'（同义）' if found.by_synonym else ''}"]
    for one in found.excerpts:
        where = f"第 {one.page} 页" if one.page else f"{one.label} {one.cell}".strip()
        lines.append(f"   {where + '：' if where else ''}{_marked(one.text, one.marks)}")
    return lines


def _marked(text: str, marks: tuple[tuple[int, int], ...]) -> str:
    """The excerpt on one line with its marks highlighted (bold on a terminal, plain when piped)."""
    parts, at = [], 0
    for start, end in marks:
        parts += [text[at:start], click.style(text[start:end], bold=True, fg="red")]
        at = end
    return "".join([*parts, text[at:]]).replace("\n", " ")


def _spread(spread: verbs.Facets) -> Outcome:
    kinds = {
        "folders": ("文件夹", spread.folders),
        "types": ("类型", spread.types),
        "years": ("年份", spread.years),
        "states": ("状态", tuple((STATES[state.value], count) for state, count in spread.states)),
    }
    lines = [f"共 {spread.total} 个文件"]
    for name, counts in kinds.values():
        lines.append(f"{name}：{'、'.join(f'{value or NO_VALUE} {count}' for value, count in counts)}")
    data: dict[str, object] = {"total": spread.total}
    data |= {key: [[value, count] for value, count in counts] for key, (_, counts) in kinds.items()}
    data["states"] = [[state.value, count] for state, count in spread.states]
    return Outcome(data, "\n".join(lines))


@click.command(cls=Verb)
@click.argument("path", metavar="文件")
@click.option("--limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="最多列几个文件")
@click.pass_obj
def similar(session: Session, path: str, limit: int) -> Outcome:
    """和这个文件说同一件事的文件，最像的在前。路径从档案文件夹算起。"""
    with opened(session) as office:
        page = verbs.similar(office, path, limit=limit)
    data = {"total": page.total, "hits": [_hit_data(found, page.rung) for found in page.found]}
    if not page.found:
        return Outcome(data, "没有内容相近的文件。")
    lines = [f"与“{path}”内容相近的文件，最像的在前"]
    for place, found in enumerate(page.found, start=1):
        lines += _hit_lines(place, found)
    return Outcome(data, "\n".join(lines))


@click.command(cls=Verb)
@click.argument("path", metavar="[文件]", required=False)
@click.pass_obj
def duplicates(session: Session, path: str | None) -> Outcome:
    """重复和几乎重复的文件，每组最早的在前；写了文件就只找和它重复的。只提示，不改动任何文件。"""
    with opened(session) as office:
        groups = verbs.duplicates(office, path)
    data = {
        "groups": [
            [{"path": one.path, "likeness": one.likeness, "identical": one.identical} for one in group]
            for group in groups
        ]
    }
    if not groups:
        return Outcome(data, "没有重复的文件。")
    lines = [f"有 {len(groups)} 组重复的文件"]
    for number, (first, *others) in enumerate(groups, start=1):
        lines.append(f"{number}. {first.path}")
        lines += [
            f"   {'完全相同' if one.identical else f'{one.likeness:.0%} 相同'}：{one.path}" for one in others
        ]
    return Outcome(data, "\n".join(lines))


VERBS = (search, similar, duplicates)
