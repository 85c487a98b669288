"""How an explicit query is read: recursive descent over its tokens. Pure.

OR binds less than AND, which also stands between words that are beside each other; NOT and ``-`` bind most.
A field before a bracket holds for all words in it. Everything that is wrong is told with its character.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from indexer.errors import QueryInvalid
from indexer.filters import FilterInvalid, Kind, filter_of
from indexer.nodes import And, Node, Not, Or, Phrase, Where, Wild, is_positive
from indexer.spellings import TYPED_NUMBER, spellings
from indexer.text import BREAK, normalise_text

MOST_DEPTH = 20
FIELDS: dict[str, Kind | None] = {
    "title": None,
    "标题": None,
    "path": "path",
    "路径": "path",
    "ext": "type",
    "type": "type",
    "类型": "type",
    "格式": "type",
    "date": "date",
    "日期": "date",
    "state": "state",
    "状态": "state",
}
"""The fields by name; None is the title, the others are filters."""
FIELD = rf"(?i:{'|'.join(FIELDS)}):"
QUOTED = r"""(?: "(?P<quoted>[^"]*)" | [“”〝](?P<curly>[^“”〝〞]*)[“”〞] )"""
_TOKEN = re.compile(
    rf"""(?P<blank>\s+)
      | (?P<bare>-?{FIELD})(?=[\s)]|$)
      | (?P<not>-)?(?P<field>{FIELD})?
        (?: {QUOTED} | (?P<number>{TYPED_NUMBER.pattern})
          | (?P<open>\() | (?P<close>\)) | (?P<word>[^\s"“”〝〞()]+) )""",
    re.VERBOSE,
)
_HALF_WIDTH = {point: point - 0xFEE0 for point in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def half_width(text: str) -> str:
    """The same with operators, brackets and quotes typed in full width as in half, character by character."""
    return text.translate(_HALF_WIDTH)


def wrong(problem: str, remedy: str, at: int) -> QueryInvalid:
    """What is wrong with a query, pointing at its character ``at``, counted from 0."""
    return QueryInvalid(f"检索式第 {at + 1} 个字附近：{problem}", remedy=remedy, position=at)


def filtered(kind: Kind, value: str, at: int) -> Where:
    """The filter that a value stands for, which begins at character ``at``."""
    try:
        return Where(filter_of(kind, value))
    except FilterInvalid as fault:
        raise wrong(fault.problem, fault.remedy, at + fault.at) from fault


def value_of(token: re.Match[str]) -> tuple[str, int]:
    """What stands in a token besides its field and quotes, and where it begins."""
    name = next(name for name in ("quoted", "curly", "number", "word") if token[name] is not None)
    return token[name], token.start(name)


class Reader:
    """Reads one explicit query, in half width."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._depth = 0
        self._field: str | None = None

    def read(self) -> Node:
        """The tree that the text stands for.

        Raises:
            QueryInvalid: it stands for none.
        """
        node = self._either()
        if self._at < len(self._text):
            raise wrong("多了一个右括号", "删去它，或在前面补上左括号", self._at)
        if node is None or not is_positive(node):
            raise wrong("只写了要排除的，没有写要找的", "至少写一个要找的词", 0)
        return node

    def _either(self) -> Node | None:
        parts = [self._both()]
        while (begun := self._take_word("OR")) is not None:
            parts.append(self._both())
            if parts[-1] is None or parts[0] is None:
                raise wrong("OR 的一边没有词", "OR 两边各写一个词，如 作业 OR 课后服务", begun)
        return _joined(Or, [part for part in parts if part is not None])

    def _both(self) -> Node | None:
        parts: list[Node] = []
        while True:
            joined = self._take_word("AND")
            if joined is not None and not parts:
                raise wrong("AND 前面没有词", "AND 两边各写一个词，如 双减 AND 通报", joined)
            part = self._one()
            if part is None:
                break
            parts.append(part)
        if joined is not None:
            raise wrong("AND 后面没有词", "AND 两边各写一个词，如 双减 AND 通报", joined)
        return _joined(And, parts)

    def _one(self) -> Node | None:
        if self._peek_word("OR") or self._peek_word("AND"):
            return None
        begun = self._take_word("NOT")
        if begun is not None:
            part = self._one()
            if part is None:
                raise wrong("NOT 后面没有词", "写上要排除的词，如 通报 NOT 草稿", begun)
            return _negated(part)
        token = self._token()
        if token is None or token["close"]:
            return None
        begun, self._at = self._at, token.end()
        outer = self._field
        if token["field"]:
            self._field = token["field"][:-1].lower()
        node = self._group(begun) if token["open"] else self._leaf(token)
        self._field = outer
        return _negated(node) if token["not"] else node

    def _group(self, begun: int) -> Node:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise wrong("括号套得太深", "拆成几次检索", begun)
        node = self._either()
        token = self._token()
        if token is None or not token["close"]:
            raise wrong("左括号没有配对的右括号", "补上右括号", begun)
        if node is None:
            raise wrong("括号里没有词", "写上要找的词，或删去括号", begun)
        if not is_positive(node):
            raise wrong("括号里只有要排除的词", "把 NOT 写到括号外面", begun)
        self._at = token.end()
        self._depth -= 1
        return node

    def _leaf(self, token: re.Match[str]) -> Node:
        value, at = value_of(token)
        kind = FIELDS.get(self._field or "")
        if kind is not None:
            return filtered(kind, value, at)
        quoted = token["word"] is None and token["number"] is None
        if not quoted and self._field is not None and re.search(r"[*?]", value):
            return _title_pattern(value, at)
        if not normalise_text(value):
            raise wrong("这里没有可以检索的字", "写上要找的词，或删去它", token.start())
        return Phrase(spellings(value), title=self._field is not None, literal=quoted)

    def _token(self) -> re.Match[str] | None:
        """The next token, blanks passed over; None at the end."""
        while self._at < len(self._text):
            token = _TOKEN.match(self._text, self._at)
            if token is None:
                raise wrong("引号没有配对", "补上另一半引号", self._at)
            if token["bare"]:
                raise wrong(
                    f"“{token['bare'].lstrip('-')}”后面没有写内容",
                    "冒号后面紧接着写，不空格；要找的就是这几个字时加上引号",
                    self._at,
                )
            if token["blank"] is None:
                return token
            self._at = token.end()
        return None

    def _peek_word(self, word: str) -> bool:
        token = self._token()
        return token is not None and token["word"] == word and not token["field"] and not token["not"]

    def _take_word(self, word: str) -> int | None:
        """Passes over an operator and tells where it stood; None when it does not come next."""
        token = self._token() if self._peek_word(word) else None
        if token is None:
            return None
        begun, self._at = self._at, token.end()
        return begun


def _negated(node: Node) -> Node:
    """The opposite; that of an opposite is the thing itself."""
    return node.part if isinstance(node, Not) else Not(node)


def _joined(kind: Callable[[tuple[Node, ...]], Node], parts: list[Node]) -> Node | None:
    return None if not parts else parts[0] if len(parts) == 1 else kind(tuple(parts))


def _title_pattern(value: str, at: int) -> Wild:
    """The pattern with what stands between its wildcards normalised."""
    pieces = re.split(r"([*?])", value)
    found = "".join(one if one in {"*", "?"} else normalise_text(f"a{one}a")[1:-1] for one in pieces)
    pattern = re.sub(r"\*{2,}", "*", found).strip(BREAK)
    if not pattern.strip(f"*?{BREAK}"):
        raise wrong("通配符之外没有可以检索的字", "写上题名里的几个字，如 title:关于*通知", at)
    return Wild(pattern)
