"""Which part of a 公文 each paragraph is: told from its words, size and place, whoever wrote the file.

The parts stand in a fixed order (GB/T 9704-2012, clause 7), so one pass from the top finds them: what stands
above the title is the head, then 主送机关, the text, 附件说明, 署名, 成文日期, 附注, annexes and 版记.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise

from dujian_docs.linting.paper import Face, Line, Paper, Place

KINDS = (
    "决议|决定|命令|令|公报|公告|通告|意见|通知书|通知|通报|报告书|报告|请示|批复|议案|函|纪要|方案|办法|规定|要点"
    "|计划|总结|公示|意见书|责任书|细则|规划|汇报|简报|动态|说明|答复|复函|决定书|名单|分工表|记录|情况表|一览表|目录|台账"
)
UPWARD = ("请示", "报告")
NUMBER = re.compile(
    r"^\s*(?P<series>[\u3400-\u9fff]{1,20})\s*(?P<open>[〔\[［(（【〖﹝]?)\s*(?P<year>\d{2,4})\s*(?P<close>[〕\]］)）】〗﹞]?)"
    r"\s*(?P<word>第?)\s*(?P<serial>\d{1,5})\s*号(?=\s|$)"
)
DATE = re.compile(r"^\s*(?P<year>\d{2,4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日\s*$")
HAN_DATE = re.compile(
    r"^\s*[〇○零Oo０0一二三四五六七八九]{4}年[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}日\s*$"
)
HEADINGS = (
    re.compile(r"^\s*(?P<mark>[一二三四五六七八九十]{1,3})(?P<after>[、.．，,])"),
    re.compile(r"^\s*[（(](?P<mark>[一二三四五六七八九十]{1,3})(?P<after>[）)][、.．]?)"),
    re.compile(r"^\s*(?P<mark>\d{1,2})(?P<after>[.．、])(?!\d)"),
    re.compile(r"^\s*[（(](?P<mark>\d{1,2})(?P<after>[）)][、.．]?)"),
)
_SECRET = re.compile(r"^(绝密|机密|秘密)(★.*)?$")
_URGENT = re.compile(r"^(特\s*急|加\s*急|平\s*急|特提)$")
_COPY_NUMBER = re.compile(r"^(No\.?|№)?\s*\d{2,8}$")
_ORDER_NUMBER = re.compile(r"^第\s*\d+\s*[号期]$")
_ANNEX = re.compile(r"^附\s*件\s*(?P<number>\d{0,2}|[一二三四五六七八九十]{1,2})\s*[：:]?$")
_ANNEX_NOTE = re.compile(r"^附\s*件(?P<number>\d{0,2})\s*[：:]")
_TITLE = re.compile(rf"^(关于|.{{2,40}}关于).*({KINDS})(（.*）)?[。]?$")
_CC = re.compile(r"^\s*(抄送|抄报|主送|分送)\s*[：:]")
_PRINTED = re.compile(r"(?P<day>\d{4}年\d{1,2}月\d{1,2}日)\s*印发")
_SALUTATION = re.compile(r"^[^。；！？]{2,400}[：:]$")
_ENDED = re.compile(r"[。！？；，：:]$")
_BIG = 40
"""Half points from which a centred line near the top is a title, however it was made: 20 pt."""
_TEXT = 32
"""Half points of 3号."""
_LEAST_MARK = 48
"""Half points of the smallest 发文机关标志 that is met: 24 pt, above any title."""
_LEAST_EVIDENCE = 3


class Role(Enum):
    """What a paragraph is in a 公文."""

    COPY_NUMBER = "份号"
    SECRECY = "密级"
    URGENCY = "紧急程度"
    MARK = "发文机关标志"
    NUMBER = "发文字号"
    SIGNER = "签发人"
    TITLE = "标题"
    SUBTITLE = "题注"
    MAIN_TO = "主送机关"
    BODY = "正文"
    HEADING = "层次标题"
    ANNEX_NOTE = "附件说明"
    SIGN = "署名"
    DATE = "成文日期"
    NOTE = "附注"
    ANNEX_MARK = "附件序号"
    ANNEX_TITLE = "附件标题"
    ANNEX_BODY = "附件正文"
    CC = "抄送机关"
    PRINTED = "印发机关和印发日期"
    CELL = "表格"


@dataclass(frozen=True, slots=True)
class Parts:
    """The paragraphs of a document by what they are."""

    roles: Mapping[int, Role]
    lines: tuple[Line, ...]
    official: bool
    """Whether enough is there to take it for a 公文; else only its words are checked."""
    letter: bool
    fresh: frozenset[int]
    """Paragraphs that begin a page."""

    def role(self, line: Line) -> Role:
        """What the paragraph is."""
        return self.roles[line.index]

    def of(self, *wanted: Role) -> tuple[Line, ...]:
        """The paragraphs that are one of these, in order."""
        return tuple(line for line in self.lines if self.roles[line.index] in wanted)

    @property
    def title(self) -> str:
        """The whole title; its lines joined."""
        return re.sub(r"\s+", "", "".join(line.said for line in self.of(Role.TITLE)))

    @property
    def kind(self) -> str:
        """The 文种 that ends the title, or nothing."""
        bare = re.sub(r"（[^（）]*）$", "", self.title)
        found = [one for one in KINDS.split("|") if bare.endswith(one)]
        return max(found, key=len, default="")


def parts_of(paper: Paper) -> Parts:
    """What each paragraph that says something is."""
    body = [line for line in paper.said if line.place is Place.BODY]
    roles: dict[int, Role] = {
        line.index: _outside(line) for line in paper.said if line.place is not Place.BODY
    }
    at = _head(body, roles)
    at = _titled(body, at, roles)
    at = _addressed(body, at, roles)
    _texts(body, at, roles)
    marked = any(line.look.red and line.look.size >= _BIG for one in paper.margins for line in one.lines)
    held = set(roles.values())
    evidence = (
        2 * (Role.NUMBER in held)
        + 2 * (marked or Role.MARK in held)
        + (Role.TITLE in held)
        + any(line.look.size >= _BIG for line in body if roles.get(line.index) is Role.TITLE)
        + any(line.look.size == _TEXT and line.look.face is Face.FANG for line in body)
        + (Role.MAIN_TO in held)
        + (Role.DATE in held)
        + (Role.CC in held or Role.PRINTED in held)
    )
    return Parts(
        roles, paper.said, evidence >= _LEAST_EVIDENCE, marked and Role.MARK not in held, _fresh(paper)
    )


def annex_number(line: Line) -> str:
    """The number in an annex's mark, ``1`` of 附件1, nothing of a lone 附件."""
    found = _ANNEX.match(line.said)
    return found["number"] if found else ""


def printed_day(line: Line) -> str:
    """The day in an 印发 line."""
    found = _PRINTED.search(line.said)
    return found["day"] if found else ""


def _fresh(paper: Paper) -> frozenset[int]:
    found = set()
    broken = False
    for line in paper.lines:
        if line.said:
            if broken or line.new_page:
                found.add(line.index)
            broken = line.ends_section or (line.text != line.text.rstrip() and line.new_page)
        else:
            broken = broken or line.new_page or line.ends_section
    return frozenset(found)


def _outside(line: Line) -> Role:
    if _CC.match(line.said):
        return Role.CC
    return Role.PRINTED if _PRINTED.search(line.said) else Role.CELL


def _head(body: list[Line], roles: dict[int, Role]) -> int:
    """The parts above the title; where they end."""
    last = 0
    for at, line in enumerate(body[:14]):
        role = _head_role(line)
        if role is not None:
            above = body[last:at]
            if role is not Role.MARK and not all(map(_mark, above)):
                break
            roles.update((one.index, Role.MARK) for one in above)
            roles[line.index] = role
            last = at + 1
    return last


def _mark(line: Line) -> bool:
    """Whether a line may be a 发文机关标志 that lost its colour: large, centred, and not a title."""
    return line.setting.centred and line.look.size >= _LEAST_MARK and not _TITLE.match(line.said)


def _head_role(line: Line) -> Role | None:
    said = line.said
    if _SECRET.match(said):
        return Role.SECRECY
    if _URGENT.match(said):
        return Role.URGENCY
    if _COPY_NUMBER.match(said):
        return Role.COPY_NUMBER
    if line.look.red and line.look.size >= _BIG:
        return Role.MARK
    if NUMBER.match(said) or _ORDER_NUMBER.match(said):
        return Role.NUMBER
    return Role.SIGNER if said.startswith("签发人") else None


def _titled(body: list[Line], at: int, roles: dict[int, Role]) -> int:
    """The title, which may have several lines; where it ends."""
    for start in range(at, min(at + 4, len(body))):
        first = body[start]
        big = first.look.size >= _BIG and not first.look.red
        if not big and not (first.setting.centred and len(first.said) < 60) and not _TITLE.match(first.said):
            continue
        if not big and not _TITLE.match(first.said) and at == 0 and not _names_kind(first.said):
            continue
        for line in body[at:start]:
            roles[line.index] = Role.SUBTITLE
        roles[first.index] = Role.TITLE
        end = start + 1
        while end < len(body) and _same_title(first, body[end]):
            roles[body[end].index] = Role.TITLE
            end += 1
        while end < len(body) and _subtitle(body[end]):
            roles[body[end].index] = Role.SUBTITLE
            end += 1
        return end
    return at


def _names_kind(said: str) -> bool:
    return bool(re.search(rf"({KINDS})$", said))


def _same_title(first: Line, line: Line) -> bool:
    alike = line.look == first.look and line.setting.centred and first.setting.centred
    return alike and (first.look.size >= _BIG or len(line.said) < 30) and not _SALUTATION.match(line.said)


def _subtitle(line: Line) -> bool:
    return line.setting.centred and len(line.said) < 60 and not HEADINGS[0].match(line.said)


def _addressed(body: list[Line], at: int, roles: dict[int, Role]) -> int:
    """主送机关 if there is one; where the text begins."""
    if at < len(body) and at > 0:
        line = body[at]
        if _SALUTATION.match(line.said) and not any(one.match(line.said) for one in HEADINGS):
            short = len(line.said) < 60 or "，" in line.said or "、" in line.said
            if short and not line.said.startswith(("现将", "为", "根据", "按照")):
                roles[line.index] = Role.MAIN_TO
                return at + 1
    return at


def _texts(body: list[Line], at: int, roles: dict[int, Role]) -> None:
    annexes = _annex_starts(body, at)
    end = annexes[0] if annexes else len(body)
    _main_text(body[at:end], roles)
    for start, stop in pairwise([*annexes, len(body)]):
        roles[body[start].index] = Role.ANNEX_MARK
        titled = False
        for line in body[start + 1 : stop]:
            if _CC.match(line.said) or _PRINTED.search(line.said):
                roles[line.index] = _outside(line)
            elif not titled:
                roles[line.index], titled = Role.ANNEX_TITLE, True
            else:
                roles[line.index] = Role.ANNEX_BODY


def _annex_starts(body: list[Line], at: int) -> list[int]:
    return [number for number, line in enumerate(body) if number >= at and _ANNEX.match(line.said)]


def _main_text(lines: list[Line], roles: dict[int, Role]) -> None:
    """Text, 附件说明, 署名, 成文日期, 附注 and a 版记 that stands in the text."""
    dates = [at for at, line in enumerate(lines) if DATE.match(line.said) or HAN_DATE.match(line.said)]
    date = dates[-1] if dates else len(lines)
    noting = False
    for at, line in enumerate(lines):
        if line.index in roles:
            continue
        said = line.said
        if _CC.match(said) or _PRINTED.search(said):
            roles[line.index] = _outside(line)
        elif at == date:
            roles[line.index] = Role.DATE
        elif at > date:
            roles[line.index] = Role.NOTE if said.startswith(("（", "(")) else Role.BODY
        elif _ANNEX_NOTE.match(said) and _near_end(lines, at, date):
            roles[line.index], noting = Role.ANNEX_NOTE, True
        elif noting and re.match(r"^\d{1,2}[.．、]", said):
            roles[line.index] = Role.ANNEX_NOTE
        elif _signs(lines, at, date):
            roles[line.index] = Role.SIGN
        else:
            heading = any(one.match(said) for one in HEADINGS)
            roles[line.index] = Role.HEADING if heading else Role.BODY


def _near_end(lines: list[Line], at: int, date: int) -> bool:
    rest = lines[at + 1 : min(date, len(lines))]
    return all(not _ENDED.search(line.said) or re.match(r"^\d{1,2}[.．、]", line.said) for line in rest[:12])


def _signs(lines: list[Line], at: int, date: int) -> bool:
    if date >= len(lines) or not 0 < date - at <= 6:
        return False
    between = lines[at:date]
    return all(len(one.said) < 40 and not _ENDED.search(one.said) and not _heads(one) for one in between)


def _heads(line: Line) -> bool:
    return any(one.match(line.said) for one in HEADINGS)


def headed(lines: tuple[Line, ...]) -> Iterator[tuple[Line, int, re.Match[str]]]:
    """The paragraphs that begin with a number of a level: the level (0–3) and the match."""
    for line in lines:
        for level, pattern in enumerate(HEADINGS):
            if found := pattern.match(line.text):
                yield line, level, found
                break
