"""Characters and punctuation of any paragraph (C)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from dujian_docs.linting.findings import Edit, Finding
from dujian_docs.linting.paper import Line
from dujian_docs.linting.roles import Parts

_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff"
_HALF = re.compile(rf"(?<=[{_HAN}》”）〕])[,;:!?](?=[{_HAN}《“（〔\s]|$)")
_HALF_BRACKETS = re.compile(rf"\((?=[^()]*[{_HAN}])(?P<inside>[^()]{{1,60}})\)")
_FULL = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？"}
_LEFTOVERS = (
    (re.compile(r"\{\{.*?\}\}|\{%.*?%\}|｛｛.*?｝｝|\{\{|\}\}"), "模板标记没有替换掉"),
    (re.compile(r"【[^【】]{0,20}】"), "【】里的内容没有填"),
    (re.compile(r"[×xX＊*]{2,}(?=[县市区镇乡校局年月日省人名个项元])|×{2,}|[＊*]{3,}"), "××没有填"),
    (
        re.compile(
            r"待补充?|待填写?|待定稿|TODO|(?<![A-Za-z])(None|nan|NaN|null|undefined|#REF!|#N/A|#VALUE!)(?![A-Za-z])"
        ),
        "没有填完",
    ),
    (re.compile(rf"20[*＊×xX]{{1,2}}年?|(?<=[{_HAN}])_{{3,}}(?=[{_HAN}])"), "空着没有填"),
)
_DOUBLED = re.compile(
    r"，，+|。。(?!。)|、、+|；；+|：：+|，。|。，|、，|，、|；。|。；|：。|、。|？。|！。|，；|；，|“。|：，"
)
_DOTS = re.compile(r"(?<!\.)\.{3,6}(?!\.)|。{3,}|(?<!…)…(?!…)|·{3,}|\.{7,}")
_SHORT_YEAR = re.compile(
    r"(?<![\d年—～-])(?P<year>[0-3]\d)年(?=\d{1,2}月|度|以来|底|初|末|春|秋|上半年|下半年)"
)
_STRAIGHT = re.compile(rf'"(?=[^"]*[{_HAN}])(?P<inside>[^"]{{1,80}})"')
_WIDE = re.compile(r"[０-９Ａ-Ｚａ-ｚ％．]+(?=[０-９Ａ-Ｚａ-ｚ％])[０-９Ａ-Ｚａ-ｚ％]|[０-９Ａ-Ｚａ-ｚ％]")
_VAGUE = re.compile(r"昨天|昨日|明天|前天|后天|大前天|下周|上周|上星期|下星期|前不久|不久前|去年同期(?=以来)")
_PAUSED = re.compile(r"(?<=[》”])、(?=[《“])")
_RANGE = re.compile(
    r"(?<![\d.-])(?P<from>\d{1,4}(?:\.\d+)?)(?P<dash>[-－–~])(?P<to>\d{1,4}(?:\.\d+)?)(?P<unit>%|％|人|名|所|个|天|日|元|万元|米|分)(?![\d-])"
)
_PAIRS = (("（", "）"), ("《", "》"), ("“", "”"), ("〔", "〕"), ("【", "】"))
_ASKS = re.compile(
    r"(妥否|当否|可否|是否妥当|以上(?:请示|意见|事项)(?:妥否|当否)?)[，,]?\s*请.{0,6}(批示|批复|审批|指示)"
)
_LIST_MARK = re.compile(rf"^\s*[（(]?[\d{_HAN}]{{1,3}}[）)]")


def text_findings(parts: Parts) -> Iterator[Finding]:
    """What is wrong with the characters of each paragraph, and 请示 words in a 报告."""
    for line in parts.lines:
        for rule in _RULES:
            yield from rule(line)
        if parts.kind == "报告" and (found := _ASKS.search(line.text)):
            yield Finding("C10", line.number, found[0], "报告里写了请示的话", "报告不夹带请示事项，另写请示")


def _half_width(line: Line) -> Iterator[Finding]:
    for found in _HALF.finditer(line.text):
        right = _FULL[found[0]]
        yield _finding("C01", line, found, f"汉字后用了半角“{found[0]}”", f"改成“{right}”", right)
    for found in _HALF_BRACKETS.finditer(line.text):
        whole = re.search(rf"[{_HAN}]", found["inside"])
        before = line.text[: found.start()]
        if whole and not (_LIST_MARK.match(line.text) and not before.strip()):
            right = f"（{found['inside']}）"
            edits = (
                Edit(line.index, found.start(), found.start() + 1, "（"),
                Edit(line.index, found.end() - 1, found.end(), "）"),
            )
            yield Finding("C01", line.number, found[0], "汉字用了半角括号", f"改成“{right}”", edits=edits)


def _leftovers(line: Line) -> Iterator[Finding]:
    for pattern, problem in _LEFTOVERS:
        for found in pattern.finditer(line.text):
            yield Finding("C02", line.number, found[0][:24], problem, "填上内容，或删去")


def _doubled(line: Line) -> Iterator[Finding]:
    for found in _DOUBLED.finditer(line.text):
        text = found[0]
        same = len(set(text)) == 1
        right = text[0] if same else next((one for one in "。；：，、" if one in text), text[0])
        remedy = f"只留“{right}”"
        yield _finding("C03", line, found, f"标点重叠：“{text}”", remedy, right if same else None)


def _dots(line: Line) -> Iterator[Finding]:
    if re.match(r"^[\s.…·。]*$", line.text) or re.search(r"[.…·]{3,}\s*\d+\s*$", line.text):
        return  # a leader of a table of contents
    for found in _DOTS.finditer(line.text):
        if re.search(rf"[{_HAN}”》）]$", line.text[: found.start()]):
            yield _finding("C04", line, found, f"省略号写成“{found[0]}”", "写成“……”", "……")


def _short_years(line: Line) -> Iterator[Finding]:
    for found in _SHORT_YEAR.finditer(line.text):
        yield Finding("C05", line.number, found[0], "年份只写了两位", f"写成 20{found['year']}年")


def _pairs(line: Line) -> Iterator[Finding]:
    for left, right in _PAIRS:
        opened, closed = line.text.count(left), line.text.count(right)
        if left == "“" and (line.said.startswith("“") or line.said.endswith("”")):
            continue  # a quotation of several paragraphs opens each and closes the last
        if opened != closed and not (left == "（" and _LIST_MARK.match(line.text) and closed == opened + 1):
            missing = right if opened > closed else left
            yield Finding(
                "C06",
                line.number,
                line.said[:24],
                f"“{left}{right}”不成对，少了“{missing}”",
                "补上或删去多的",
            )


def _straight(line: Line) -> Iterator[Finding]:
    for found in _STRAIGHT.finditer(line.text):
        edits = (
            Edit(line.index, found.start(), found.start() + 1, "“"),
            Edit(line.index, found.end() - 1, found.end(), "”"),
        )
        yield Finding(
            "C07", line.number, found[0][:24], "用了直引号", f"改成“{found['inside']}”", edits=edits
        )


def _wide(line: Line) -> Iterator[Finding]:
    for found in _WIDE.finditer(line.text):
        right = "".join(chr(ord(one) - 0xFEE0) for one in found[0])
        yield _finding("C08", line, found, f"“{found[0]}”用了全角", f"改成“{right}”", right)


def _vague(line: Line) -> Iterator[Finding]:
    for found in _VAGUE.finditer(line.text):
        yield Finding("C09", line.number, found[0], f"“{found[0]}”说不准是哪一天", "写年月日")


def _paused(line: Line) -> Iterator[Finding]:
    for found in _PAUSED.finditer(line.text):
        around = line.text[max(0, found.start() - 6) : found.end() + 6]
        yield Finding("C11", line.number, around, "相邻的书名号或引号之间用了顿号", "一般不用")


def _ranges(line: Line) -> Iterator[Finding]:
    for found in _RANGE.finditer(line.text):
        unit = found["unit"]
        first = unit if unit in "%％" else ""
        right = f"{found['from']}{first}—{found['to']}{unit}"
        yield Finding("C12", line.number, found[0], f"范围写成“{found[0]}”", f"写成“{right}”")


def _finding(
    rule: str, line: Line, found: re.Match[str], problem: str, remedy: str, right: str | None
) -> Finding:
    edits = () if right is None else (Edit(line.index, found.start(), found.end(), right),)
    around = line.text[max(0, found.start() - 6) : found.end() + 6]
    return Finding(rule, line.number, around.strip(), problem, remedy, edits=edits)


_RULES: tuple[Callable[[Line], Iterator[Finding]], ...] = (
    _half_width, _leftovers, _doubled, _dots, _short_years, _pairs, _straight, _wide, _vague, _paused,
    _ranges,
)  # fmt: skip
