"""What the command line tells, in words: one function for each report. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from indexer.errors import IndexerError
from indexer.model import (
    Duplicate,
    Excerpt,
    Facets,
    Facts,
    IndexStatus,
    Item,
    LookReport,
    Passage,
    SearchResult,
    State,
    SyncReport,
)

STATES = {
    State.INDEXED: "已收录",
    State.EMPTY: "没有文字",
    State.ENCRYPTED: "有密码",
    State.CORRUPT: "已损坏",
    State.REFUSED: "没有读取",
    State.PENDING_OCR: "待文字识别",
    State.VANISHED: "找不到了",
}
RUNGS = {"phrase": "原词", "all_words": "各词都有", "any_word": "有其中的词", "query": "检索式"}
NO_VALUE = "（无）"


def trouble(error: IndexerError) -> str:
    """What is wrong, and what to do."""
    return f"{error.problem}\n怎么办：{error.remedy}"


def synced(report: SyncReport) -> str:
    """What a sync did, then the files without text."""
    counts = (
        ("新增", report.added),
        ("变动", report.changed),
        ("移动", report.moved),
        ("找不到", report.missing),
        ("清除", report.gone),
        ("不变", report.unchanged),
    )
    lines = ["、".join(f"{name} {count}" for name, count in counts if count or name in {"新增", "不变"})]
    lines += [f"注意：{one}" for one in (report.rebuilt, *report.warnings) if one]
    return "\n".join((*lines, *_unread(report.unreadable)))


def looked(report: LookReport) -> str:
    """How many pages were looked at, and how many wait."""
    lines = [f"识别了 {report.pages} 页，{report.files} 个文件做完，还有 {report.waiting} 页"]
    return "\n".join((*lines, *(f"注意：{note}" for note in report.notes)))


def standing(found: IndexStatus) -> str:
    """Files by state, what to notice, then the files without text and those not found."""
    lines = [f"引擎 {found.engine}；上次收录 {found.last_sync or '还没有'}"]
    lines += [f"{STATES[state]} {count}" for state, count in found.counts.items() if count]
    if found.waiting_pages:
        lines.append(f"还有 {found.waiting_pages} 页图片里的字没有识别")
    lines += [f"注意：{note}" for note in found.notes]
    return "\n".join((*lines, *_unread((*found.unreadable, *found.vanished))))


def _unread(items: Iterable[Item]) -> list[str]:
    """The files that cannot be found by their text, those with the same reason together."""
    together: defaultdict[tuple[State, str, str], list[str]] = defaultdict(list)
    for item in items:
        together[item.state, item.reason, item.remedy].append(item.path)
    lines: list[str] = []
    for (state, reason, remedy), paths in together.items():
        lines.append(f"{STATES[state]} {len(paths)} 个：{reason}。{remedy}")
        lines += [f"   {path}" for path in paths]
    return lines


def pages(item: Item, passages: Iterable[Passage]) -> str:
    """What a file tells of itself, then its text, each passage under its page or place."""
    lines = [f"{STATES[item.state]}：{item.reason}。{item.remedy}"] if item.reason else []
    if known := _facts(item.facts):
        lines.append(known)
    for passage in passages:
        where = f"第 {passage.page} 页 {passage.label}" if passage.page else passage.label
        lines += [f"【{where.strip() or '正文'}】", passage.text]
    return "\n".join(lines)


def _facts(facts: Facts) -> str:
    """What is known, on one line; empty when nothing is."""
    told = (
        ("题名", facts.title),
        ("作者", facts.author),
        ("建立", facts.created),
        ("修改", facts.modified),
        ("页数", facts.page_count),
        ("是扫描件的页", _listed(facts.scans)),
        ("像有红章的页", _listed(facts.seals or ())),
        ("电子签名", facts.signatures),
        ("限制", "能打开，不能改或印" if facts.protected else ""),
    )
    return "；".join(f"{name} {value}" for name, value in told if value)


def _listed(numbers: Iterable[int]) -> str:
    return "、".join(map(str, numbers))


def hits(result: SearchResult, offset: int = 0) -> str:
    """The hits, numbered on from ``offset``, each with its excerpts."""
    lines = [f"共 {result.total} 个文件（{RUNGS[result.rung]}）"]
    if result.synonyms:
        lines.append(f"也找了：{'、'.join(result.synonyms)}")
    for number, hit in enumerate(result.hits, start=offset + 1):
        lines.append(f"{number}. {hit.path}{'（同义）' if hit.by_synonym else ''}")
        lines += [f"   {_marked(one)}" for one in hit.excerpts]
    return "\n".join(lines)


def facets(spread: Facets) -> str:
    """How what was found is spread, a line a kind."""
    kinds = (
        ("文件夹", spread.folders),
        ("类型", spread.types),
        ("年份", spread.years),
        ("状态", tuple((STATES[state], count) for state, count in spread.states)),
    )
    lines = [f"共 {spread.total} 个文件"]
    for name, counts in kinds:
        lines.append(f"{name}：{'、'.join(f'{value or NO_VALUE} {count}' for value, count in counts)}")
    return "\n".join(lines)


def duplicates(groups: tuple[tuple[Duplicate, ...], ...]) -> str:
    """Each group of duplicates: the oldest, then the others."""
    if not groups:
        return "没有重复的文件"
    lines: list[str] = []
    for number, group in enumerate(groups, start=1):
        lines.append(f"{number}. {group[0].path}")
        lines += [
            f"   {'完全相同' if one.identical else f'{one.likeness:.0%} 相同'}：{one.path}"
            for one in group[1:]
        ]
    return "\n".join(lines)


def _marked(excerpt: Excerpt) -> str:
    """The excerpt on one line, what was found in 【】."""
    text = excerpt.text
    for start, end in reversed(excerpt.marks):
        text = f"{text[:start]}【{text[start:end]}】{text[end:]}"
    where = f"第 {excerpt.page} 页" if excerpt.page else f"{excerpt.label} {excerpt.cell}".strip()
    return (f"{where}：" if where else "") + " ".join(text.split())
