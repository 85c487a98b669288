"""Title and 主送机关 (T, M)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dujian_docs.linting.findings import Edit, Finding
from dujian_docs.linting.paper import Face
from dujian_docs.linting.roles import Parts, Role

_ALLOWED = {Face.BIAO}
_ENDS = re.compile(r"[。，、；：！？,.;:!?]\s*$")
_SPLIT = re.compile(r"[，、,；;：:。]|以及|和(?=各)")
_GROUPS = ("各", "有关", "相关")


def title_findings(parts: Parts) -> Iterator[Finding]:
    """What is wrong with the title."""
    titles = parts.of(Role.TITLE)
    for line in titles:
        look = line.look
        faults = []
        if look.size != 44:
            faults.append(f"是 {look.size / 2:g} 磅")
        if look.face not in _ALLOWED:
            faults.append(f"用了{look.font or '默认字体'}")
        if not line.setting.centred:
            faults.append("没有居中")
        if faults:
            yield Finding(
                "T01", line.number, line.said[:30], f"标题{'、'.join(faults)}", "改成 22 磅小标宋体，居中"
            )
    if titles and (found := _ENDS.search(titles[-1].text)):
        last = titles[-1]
        yield Finding(
            "T02", last.number, last.said[-20:], "标题末尾有标点", "删去",
            edits=(Edit(last.index, found.start(), found.start() + 1, ""),),
        )  # fmt: skip
    if titles and parts.of(Role.MAIN_TO) and not parts.kind:
        yield Finding(
            "T03",
            titles[0].number,
            parts.title[:40],
            "标题里看不出文种",
            "以通知、通报、报告、请示、函等文种结尾",
        )


def addressee_findings(parts: Parts) -> Iterator[Finding]:
    """What is wrong with 主送机关 and how it agrees with 抄送 and 署名."""
    for line in parts.of(Role.MAIN_TO):
        setting = line.setting
        if setting.first_line > 100 or setting.first_chars > 50 or re.match(r"^\s", line.text):
            yield Finding("M01", line.number, line.said[:30], "主送机关没有顶格", "去掉首行缩进和开头的空格")
        if line.text.rstrip().endswith(":"):
            at = len(line.text.rstrip()) - 1
            yield Finding(
                "M01", line.number, line.said[-12:], "主送机关后用了半角冒号", "改成全角冒号“：”",
                edits=(Edit(line.index, at, at + 1, "："),),
            )  # fmt: skip
        if parts.kind == "请示" and len(_offices(line.said)) > 1:
            yield Finding(
                "M02", line.number, line.said[:40], "请示主送了不止一个机关", "只留一个，其他的改为抄送"
            )
    yield from _twice(parts)


def _twice(parts: Parts) -> Iterator[Finding]:
    main = {name for line in parts.of(Role.MAIN_TO) for name in _offices(line.said)}
    for line in parts.of(Role.CC):
        for name in sorted(main & set(_offices(re.sub(r"^\s*\S送[：:]", "", line.said)))):
            yield Finding("M03", line.number, name, f"“{name}”既主送又抄送", "只留一处")
    for line in parts.of(Role.SIGN):
        if line.said in main:
            yield Finding("M03", line.number, line.said, f"“{line.said}”主送给了自己", "核对主送机关和署名")


def _offices(text: str) -> list[str]:
    parts = (one.strip() for one in _SPLIT.split(text))
    return [one for one in parts if len(one) > 2 and not one.startswith(_GROUPS)]
