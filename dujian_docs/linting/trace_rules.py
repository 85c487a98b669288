"""What a file should not carry when it goes out (X)."""

from __future__ import annotations

from collections.abc import Iterator

from dujian_docs.linting.findings import Finding
from dujian_docs.linting.paper import Paper
from dujian_docs.linting.roles import HEADINGS, Parts, Role

_PROGRAMS = ("python-docx", "Apache POI", "openpyxl", "docx4j", "un-named")


def trace_findings(paper: Paper, parts: Parts) -> Iterator[Finding]:
    """Changes, comments, hidden text, macros, links to other files, and what its properties tell."""
    traces = paper.traces
    if traces.changes:
        yield Finding("X01", 0, "修订", f"还有 {traces.changes} 处修订没有接受", "“审阅”里接受或拒绝全部修订")
    if traces.comments:
        yield Finding("X01", 0, "批注", f"还有 {traces.comments} 条批注", "“审阅”里删除全部批注")
    hidden = next(
        (line for line in parts.lines if any(run.look.hidden and run.text.strip() for run in line.runs)), None
    )
    if hidden is not None:
        yield Finding("X02", hidden.number, hidden.said[:20], "有隐藏的文字", "取消隐藏后核对，或删去")
    if traces.macros:
        yield Finding("X02", 0, "宏", "文件里有宏", "另存为不带宏的 .docx")
    for target in traces.outside[:3]:
        yield Finding("X02", 0, target[:60], "引用了外面的文件，离开本机就打不开", "改为嵌入，或删去")
    title = traces.title.strip()
    if parts.official and title and parts.title and title not in parts.title and parts.title not in title:
        yield Finding("X03", 0, title[:40], "文件属性里的标题不是这份公文的", "“文件—属性”里改掉")
    if traces.author in _PROGRAMS:
        yield Finding("X03", 0, traces.author, "文件属性里的作者是程序的名字", "“文件—属性”里改掉")
    if parts.official:
        counted = [
            line
            for line in parts.of(Role.BODY, Role.HEADING)
            if line.numbered and not any(one.match(line.said) for one in HEADINGS)
        ]
        if counted:
            yield Finding(
                "X04", counted[0].number, counted[0].said[:24],
                f"有 {len(counted)} 段用了自动编号", "选中后剪切，选择性粘贴为无格式文本，再手写序号",
            )  # fmt: skip
