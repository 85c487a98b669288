"""The text and its levels (S, B)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from dujian_docs.linting.findings import Edit, Finding
from dujian_docs.linting.paper import Face, Line
from dujian_docs.linting.roles import Parts, Role, headed

_HAN = "一二三四五六七八九十"
_SHAPES = ("一、", "（一）", "1.", "（1）")
_FACES = (Face.HEI, Face.KAI, Face.FANG, Face.FANG)
_AFTER = ("、", "）", ".", "）")
_LEAST_TEXT = 12
"""Characters from which a paragraph is running text and not a label."""
_ENDS = re.compile(r"[。；！？]")
_MOST_FAULTS = 5
"""Of one rule in the text; the rest is told as a count."""


def structure_findings(parts: Parts) -> Iterator[Finding]:
    """Numbers that skip or repeat, marks of the wrong shape, headings in the wrong type."""
    yield from _order(parts.of(Role.BODY, Role.HEADING))
    annex: list[Line] = []
    for line in parts.lines:
        if parts.role(line) in {Role.ANNEX_MARK, Role.ANNEX_TITLE}:
            yield from _order(annex)
            annex = []
        elif parts.role(line) is Role.ANNEX_BODY:
            annex.append(line)
    yield from _order(annex)
    yield from _shapes(parts)
    if parts.official:
        yield from _faces(parts)


def body_findings(parts: Parts) -> Iterator[Finding]:
    """Size, type and indent of running text."""
    texts = [
        line
        for line in parts.of(Role.BODY, Role.ANNEX_BODY)
        if len(line.said) >= _LEAST_TEXT and _ENDS.search(line.said)
    ]
    for rule, faults in (
        ("B01", [line for line in texts if line.look.size != 32]),
        ("B02", [line for line in texts if line.look.face is not Face.FANG]),
        ("B03", [line for line in texts if not _indented(line)]),
    ):
        yield from _told(rule, faults)


def _told(rule: str, faults: Sequence[Line]) -> Iterator[Finding]:
    for line in faults[:_MOST_FAULTS]:
        problem, remedy = {
            "B01": (f"正文是 {line.look.size / 2:g} 磅", "改成 3 号（16 磅）"),
            "B02": (f"正文用了{line.look.font or '默认字体'}", "改成仿宋_GB2312 或仿宋"),
            "B03": ("首行没有空两字", "段落首行缩进设为 2 字符，不用空格顶"),
        }[rule]
        yield Finding(rule, line.number, line.said[:20], problem, remedy)
    if len(faults) > _MOST_FAULTS:
        more = faults[_MOST_FAULTS]
        rest = len(faults) - _MOST_FAULTS
        yield Finding(rule, more.number, more.said[:20], f"这样的段落还有 {rest} 处", "全选正文一次改好")


def _indented(line: Line) -> bool:
    setting = line.setting
    if setting.centred or setting.align == "right" or setting.left or setting.left_chars:
        return True
    if re.match(r"^(\s{4,}|　{2,})", line.text):
        return True
    return setting.first_chars >= 150 or setting.first_line >= 480


def _order(lines: Sequence[Line]) -> Iterator[Finding]:
    """Numbers of a level go on by one; a level above begins it anew."""
    last = [0, 0, 0, 0]
    for line, level, found in headed(tuple(lines)):
        if line.numbered:
            continue
        number = _value(found["mark"])
        wanted = last[level] + 1
        if number == 1:
            last[level] = 1
        elif number == wanted:
            last[level] = number
        elif last[level] == 0 and level > 1:
            last[level] = number  # 1. may be a line of a table or a quotation that begins elsewhere
        else:
            what = "重复" if number == last[level] else "不连"
            before = f"前面是“{_written(level, last[level])}”" if last[level] else "前面没有同级的序号"
            yield Finding(
                "S01",
                line.number,
                line.said[:24],
                f"序号{what}：{before}，这里是“{_written(level, number)}”",
                f"改成“{_written(level, wanted)}”，或补上漏掉的一项",
            )
            last[level] = number
        for below in range(level + 1, 4):
            last[below] = 0


def _shapes(parts: Parts) -> Iterator[Finding]:
    for line, level, found in headed(parts.of(Role.BODY, Role.HEADING)):
        after = found["after"]
        if line.numbered or after == _AFTER[level]:
            continue
        if level in {1, 3} and len(after) > 1:
            problem, fix = f"“{found[0].strip()}”后面多了标点", (found.start("after") + 1, found.end(), "")
        elif level in {1, 3}:
            problem, fix = "用了半角括号", (found.start(), found.end(), f"（{found['mark']}）")
        else:
            problem = f"“{found[0].strip()}”应写成“{found['mark']}{_AFTER[level]}”"
            fix = (found.start("after"), found.end("after"), _AFTER[level])
        yield Finding(
            "S02", line.number, line.said[:24], problem, f"依次用{'、'.join(f'“{one}”' for one in _SHAPES)}",
            edits=(Edit(line.index, *fix),),
        )  # fmt: skip


def _faces(parts: Parts) -> Iterator[Finding]:
    for line, level, _ in headed(parts.of(Role.HEADING, Role.BODY)):
        face = line.first_look.face
        short = not re.search(r"[。；]", line.said[:-1])
        if level < 2 and (short or level == 0) and face is not _FACES[level]:
            used = line.first_look.font or "默认字体"
            yield Finding(
                "S03", line.number, line.said[:24], f"“{_SHAPES[level]}”这一级用了{used}",
                f"改成{_FACES[level].value}",
            )  # fmt: skip


def _value(mark: str) -> int:
    if mark.isdigit():
        return int(mark)
    tens, _, ones = mark.rpartition("十") if "十" in mark else ("", "", mark)
    ten = (_HAN.index(tens) + 1 if tens else 1) * 10 if "十" in mark else 0
    return ten + (_HAN.index(ones) + 1 if ones else 0)


def _written(level: int, number: int) -> str:
    if level >= 2:
        return f"{number}." if level == 2 else f"（{number}）"
    tens, ones = divmod(number, 10)
    han = ("" if tens < 2 else _HAN[tens - 1]) + ("十" if tens else "") + (_HAN[ones - 1] if ones else "")
    return f"{han}、" if level == 0 else f"（{han}）"
