"""Page, grid and page numbers (P, F)."""

from __future__ import annotations

from collections.abc import Iterator

from dujian_docs.linting.findings import Finding
from dujian_docs.linting.paper import Paper, Section
from dujian_docs.linting.roles import Parts

_MM = 1440 / 25.4
_TURNED = 60
"""Twips by which paper may differ from A4: 1 mm."""
_WANTED = {
    "top": ("天头", 37),
    "left": ("订口（左边距）", 28),
    "bottom": ("下边距", 35),
    "right": ("右边距", 26),
}
_MOST_OFF = 1.05
"""Millimetres: the standard's 1 mm and the rounding of programs."""
_PITCH = range(560, 601)
_SINGLE = 240
"""Single spacing, which a grid of lines makes as high as one of its lines."""


def page_findings(paper: Paper, parts: Parts) -> Iterator[Finding]:
    """What is wrong with the sections and their feet."""
    for at, section in enumerate(paper.sections, start=1):
        name = f"第 {at} 节" if len(paper.sections) > 1 else "页面"
        yield from _paper(section, name)
        if not section.landscape:
            yield from _margins(section, name, letter=parts.letter)
    yield from _grid(paper)
    yield from _feet(paper, parts)


def _paper(section: Section, name: str) -> Iterator[Finding]:
    short, long = sorted((section.width, section.height))
    if abs(short - 11906) > _TURNED or abs(long - 16838) > _TURNED:
        size = f"{section.width / _MM:.0f} mm×{section.height / _MM:.0f} mm"
        yield Finding("P01", 0, name, f"{name}的纸张是 {size}，不是 A4", "页面设置里把纸张改成 A4")


def _margins(section: Section, name: str, *, letter: bool) -> Iterator[Finding]:
    for side, (title, wanted) in _WANTED.items():
        found = getattr(section, side) / _MM
        if abs(found - wanted) > _MOST_OFF and not (letter and side in {"top", "bottom"}):
            yield Finding(
                "P02",
                0,
                name,
                f"{name}的{title}是 {found:.1f} mm，应为 {wanted} mm",
                f"页面设置里把{title}改成 {wanted} mm",
            )


def _grid(paper: Paper) -> Iterator[Finding]:
    texts = [line for line in paper.said if line.look.size == 32 and len(line.said) > 56]
    gridded = any(one.grid in {"lines", "linesAndChars", "snapToChars"} for one in paper.sections)
    pitches = {one.pitch for one in paper.sections}
    for line in texts:
        exact = line.setting.line_rule == "exact" and line.setting.line in _PITCH
        snapped = gridded and line.setting.line_rule == "auto" and line.setting.line == _SINGLE
        if not exact and not (snapped and any(pitch in _PITCH for pitch in pitches)):
            yield Finding(
                "P03",
                line.number,
                line.said[:20],
                "正文的行距排不出每面 22 行",
                "段落行距设为固定值 28.95 磅，或设置文档网格为每页 22 行、每行 28 字",
            )
            return


def _feet(paper: Paper, parts: Parts) -> Iterator[Finding]:
    feet = [one for one in paper.margins if one.kind == "footer"]
    numbered = [one for one in feet if one.page_number]
    boxed = any("信函" in line.style for one in feet for line in one.lines)
    if not numbered:
        if (paper.lines and max((line.page for line in paper.lines), default=0) > 1) or not boxed:
            yield Finding("F02", 0, "页脚", "没有页码", "在页脚插入页码，写成“— 1 —”")
        return
    if not paper.odd_even:
        yield Finding(
            "F01",
            0,
            "页脚",
            "没有设“奇偶页不同”，页码不能单页居右、双页居左",
            "勾选“奇偶页不同”，分别设两种页脚",
        )
    for one in numbered:
        text = "".join(line.text for line in one.lines)
        if text.count("—") < 2 and text.count("－") < 2 and text.count("–") < 2:
            yield Finding("F03", 0, "页脚", "页码左右没有一字线", "写成“— 1 —”，左右各一条一字线")
            return
