"""What stands above the title (H): 份号, 发文机关标志, 发文字号, 签发人."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dujian_docs.linting.findings import Edit, Finding
from dujian_docs.linting.paper import Line, Paper
from dujian_docs.linting.roles import NUMBER, UPWARD, Parts, Role


def head_findings(paper: Paper, parts: Parts) -> Iterator[Finding]:
    """What is wrong with the head."""
    for line in parts.of(Role.NUMBER):
        yield from _number(line)
    for line in parts.of(Role.COPY_NUMBER):
        if not re.fullmatch(r"\d{6}", line.said):
            yield Finding("H05", line.number, line.said, "份号不是 6 位数字", "写成 000001 这样的 6 位数字")
    marks = parts.of(Role.MARK)
    for line in marks:
        if not line.look.red:
            yield Finding("H02", line.number, line.said, "发文机关标志不是红色", "把字的颜色改成红色")
    if marks and parts.of(Role.NUMBER) and not _ruled(paper, parts):
        number = parts.of(Role.NUMBER)[0]
        yield Finding("H03", number.number, number.said, "发文字号下面没有红色分隔线", "在其下 4 mm 处加红线")
    yield from _signer(parts)


def _number(line: Line) -> Iterator[Finding]:
    found = NUMBER.match(line.text)
    if found is None or (not found["open"] and not found["close"]):
        return
    wrong = (
        (found["open"], found["close"]) != ("〔", "〕")
        or found["word"]
        or found["serial"].startswith("0")
        or len(found["year"]) != 4
    )
    if not wrong:
        return
    serial = found["serial"].lstrip("0")
    right = f"〔{found['year']}〕{serial}号"
    start = found.start("open") if found["open"] else found.start("year")
    safe = len(found["year"]) == 4 and serial
    yield Finding(
        "H01",
        line.number,
        line.said,
        "发文字号的写法不对",
        f"写成 {found['series']}{right}" if safe else "写成 机关代字〔2026〕1号，年份四位",
        edits=(Edit(line.index, start, found.end(), right),) if safe else (),
    )


def _ruled(paper: Paper, parts: Parts) -> bool:
    """A rule under the number is a border of it or of a paragraph near, or something drawn."""
    numbers = parts.of(Role.NUMBER)
    near = range(numbers[0].index - 1, numbers[-1].index + 4)
    bare = {line.index for line in paper.lines if line.setting.ruled}
    return bool(bare & set(near)) or paper.drawn


def _signer(parts: Parts) -> Iterator[Finding]:
    signers = [line for line in parts.lines if "签发人" in line.said and _above_title(line, parts)]
    upward = parts.kind in UPWARD
    if parts.kind == "请示" and parts.of(Role.MARK) and not signers:
        yield Finding("H04", 0, parts.title[:30], "请示没有标签发人", "在发文字号同一行右侧标“签发人：姓名”")
    if signers and not upward and parts.kind and parts.kind not in {"意见", "议案"}:
        yield Finding(
            "H04", signers[0].number, signers[0].said, f"{parts.kind}不是上行文，不标签发人", "删去签发人"
        )


def _above_title(line: Line, parts: Parts) -> bool:
    titles = parts.of(Role.TITLE)
    return bool(titles) and line.index < titles[0].index
