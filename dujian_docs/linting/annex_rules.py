"""附件说明 and the annexes (A)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dujian_docs.linting.findings import Edit, Finding
from dujian_docs.linting.paper import Face, Line
from dujian_docs.linting.roles import Parts, Role, annex_number

_NOTE = re.compile(r"^\s*附\s*件\d{0,2}\s*(?P<colon>[：:])")
_ITEM = re.compile(
    r"^\s*(?:附\s*件\d{0,2}\s*[：:])?\s*(?:(?P<number>\d{1,2})[.．、])?\s*(?P<name>.*?)(?P<end>[。；，、;,.]?)\s*$"
)
_SEEN = re.compile(r"[（(](?:详|具体)?见附件\s*(?P<number>\d{0,2})[）)]|见附件\s*(?P<plain>\d{0,2})")


def annex_findings(parts: Parts) -> Iterator[Finding]:
    """How 附件说明, the annexes and the references in the text agree."""
    notes = parts.of(Role.ANNEX_NOTE)
    marks = parts.of(Role.ANNEX_MARK)
    for line in notes:
        yield from _note(line)
    named = [_ITEM.match(line.said) for line in notes]
    names = [re.sub(r"\s", "", found["name"]) for found in named if found]
    yield from _counts(names, notes, marks)
    for at, mark in enumerate(marks):
        yield from _mark(mark, parts)
        if len(names) == len(marks):
            yield from _titled(names[at], mark, parts)
    yield from _references(parts, len(names))


def _note(line: Line) -> Iterator[Finding]:
    found = _NOTE.match(line.text)
    if found and found["colon"] == ":":
        yield Finding(
            "A01", line.number, line.said[:20], "“附件”后用了半角冒号", "改成全角冒号“：”",
            edits=(Edit(line.index, found.start("colon"), found.end("colon"), "："),),
        )  # fmt: skip
    item = _ITEM.match(line.text)
    if item and item["end"] and item["name"]:
        yield Finding(
            "A01", line.number, line.said[-20:], "附件名称后有标点", "删去",
            edits=(Edit(line.index, item.start("end"), item.end("end"), ""),),
        )  # fmt: skip


def _counts(names: list[str], notes: tuple[Line, ...], marks: tuple[Line, ...]) -> Iterator[Finding]:
    if names and marks and len(names) != len(marks):
        yield Finding(
            "A02", notes[0].number, notes[0].said[:24],
            f"附件说明列了 {len(names)} 个附件，文后有 {len(marks)} 个", "补上缺的附件，或改附件说明",
        )  # fmt: skip
    if marks and not names:
        yield Finding(
            "A02", marks[0].number, marks[0].said, "文后有附件，正文后没有附件说明", "正文下空一行写附件说明"
        )
    numbers = [int(annex_number(mark)) for mark in marks if annex_number(mark).isdigit()]
    if numbers and numbers != list(range(1, len(numbers) + 1)):
        yield Finding(
            "A02", marks[0].number, marks[0].said, f"附件序号是 {numbers}，不连着", "从 1 起依次编号"
        )


def _mark(mark: Line, parts: Parts) -> Iterator[Finding]:
    if parts.official and mark.look.face is not Face.HEI:
        yield Finding(
            "A04", mark.number, mark.said, f"“附件”用了{mark.look.font or '默认字体'}", "改成 3 号黑体，顶格"
        )
    if mark.index not in parts.fresh:
        yield Finding("A04", mark.number, mark.said, "附件没有另起一面", "段落勾选“段前分页”")


def _titled(name: str, mark: Line, parts: Parts) -> Iterator[Finding]:
    after = [line for line in parts.of(Role.ANNEX_TITLE) if line.index > mark.index]
    if not after:
        return
    title = re.sub(r"\s", "", after[0].said)
    several = [one for one in after[1:4] if one.look == after[0].look]
    whole = title + "".join(re.sub(r"\s", "", one.said) for one in several)
    if name and title != name and not whole.startswith(name) and not name.startswith(title):
        yield Finding(
            "A03", after[0].number, after[0].said[:30], f"附件说明里的名称是“{name}”，附件的标题是“{title}”",
            "改成一样的",
        )  # fmt: skip


def _references(parts: Parts, count: int) -> Iterator[Finding]:
    for line in parts.of(Role.BODY, Role.HEADING):
        for found in _SEEN.finditer(line.text):
            number = found["number"] or found["plain"] or ""
            if count == 0 or (number.isdigit() and int(number) > count):
                have = f"附件说明里只有 {count} 个" if count else "没有附件说明"
                yield Finding("A05", line.number, found[0], f"正文写“{found[0]}”，{have}", "补上附件或改正文")
