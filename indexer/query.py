"""Our own query language, read into a value. Pure; knows no engine.

Plain words climb the ladder (exact phrase, all words, any word). A query with a quoted word, ``AND OR NOT``,
a leading ``-``, ``title:`` or ``path:`` is explicit and means just what it says; words beside each other are
joined by AND. Parentheses and quotes inside a word mean nothing in plain queries, since titles are full of
them: 「关于“双减”督导的通知(试行)」. A document number is one word, however it is typed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from indexer.errors import QueryInvalid
from indexer.spellings import TYPED_NUMBER, spellings
from indexer.text import BREAK, normalise_text
from indexer.tokens import Lexicon, bigrams, ranking_words

MOST_CHARS = 500
MOST_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Phrase:
    """The text holds one of ``spellings`` (normalised, as typed first); in the title if ``title``."""

    spellings: tuple[str, ...]
    title: bool = False


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Some part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold, anywhere in the file."""

    part: Node


Node = Phrase | And | Or | Not


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked: for a plain query one node a rung of the ladder; for an explicit one just ``exact``.

    ``ranking`` are the words that order the hits; ``marks`` the normalised spellings to highlight;
    ``folders`` must all be contained in a file's path. ``several``: the words were typed apart, so files that
    hold them apart answer as well as those that hold them side by side, which come first.
    """

    text: str
    explicit: bool
    exact: Node
    all_words: Node
    any_word: Node
    ranking: tuple[str, ...]
    marks: tuple[str, ...]
    folders: tuple[str, ...] = ()
    several: bool = False


_TOKEN = re.compile(
    rf"""(?P<blank>\s+)
      | (?P<not>-)?(?P<field>(?:title|path|标题|路径)[:：])?
        (?: "(?P<quoted>[^"]*)" | “(?P<curly>[^”]*)” | (?P<number>{TYPED_NUMBER.pattern})
          | (?P<open>[(（]) | (?P<close>[)）]) | (?P<word>[^\s"“”()（）]+) )""",
    re.VERBOSE,
)
_TERM = re.compile(rf"{TYPED_NUMBER.pattern}|\S+", re.VERBOSE)
_EXPLICIT = re.compile(
    r"""(?:^|[\s(（:：-])["“]
      | (?:^|\s)(?:AND|OR|NOT)(?=\s|$|[(（])
      | (?:^|\s)-\S
      | (?:^|[\s(（-])(?:title|path|标题|路径)[:：]""",
    re.VERBOSE,
)


def parse(text: str, lexicon: Lexicon = Lexicon()) -> Query:  # noqa: B008  frozen
    """The query that ``text`` means.

    Raises:
        QueryInvalid: nothing is asked, or an explicit query is not well formed; says at which character.
    """
    if len(text) > MOST_CHARS:
        problem = f"检索词超过 {MOST_CHARS} 个字"
        raise QueryInvalid(problem, remedy="只写最能说明问题的几个词", position=MOST_CHARS)
    if not normalise_text(text):
        raise QueryInvalid("没有可以检索的字", remedy="至少写一个汉字、字母或数字", position=0)
    if _EXPLICIT.search(text):
        return _explicit(text, lexicon)
    return _plain(text, lexicon)


def _plain(text: str, lexicon: Lexicon) -> Query:
    whole = normalise_text(text)
    terms = [term for term in _TERM.findall(text) if normalise_text(term)]
    ranking = tuple(ranking_words(whole, lexicon))
    telling = [word for word in ranking if len(word) > 1] or list(ranking)
    parts = tuple(Phrase(spellings(term)) for term in (terms if len(terms) > 1 else telling))
    words = tuple(dict.fromkeys([*parts, *(Phrase((word,)) for word in ranking)]))
    pairs = (pair for term in terms for pair in bigrams(normalise_text(term)) if BREAK not in pair)
    exact = Phrase(spellings(text))
    return Query(
        text=text,
        explicit=False,
        exact=exact,
        all_words=And(parts),
        any_word=Or(tuple(dict.fromkeys([*words, *(Phrase((pair,)) for pair in pairs)]))),
        ranking=ranking,
        marks=tuple(dict.fromkeys([*exact.spellings, *(one for part in words for one in part.spellings)])),
        several=len(terms) > 1,
    )


def _explicit(text: str, lexicon: Lexicon) -> Query:
    reader = _Reader(text)
    node = reader.read()
    phrases = tuple(wanted(node)) if node else ()
    marks = tuple(dict.fromkeys(one for phrase in phrases for one in phrase.spellings))
    if node is None or not phrases:
        raise QueryInvalid("只写了要排除的或文件夹，没有写要找的", remedy="至少写一个要找的词", position=0)
    words = (word for phrase in phrases for word in ranking_words(phrase.spellings[0], lexicon))
    ranking = tuple(dict.fromkeys(words))
    return Query(text, True, node, node, node, ranking, marks, tuple(reader.folders))  # noqa: FBT003  named above


def wanted(node: Node) -> list[Phrase]:
    """The phrases that a hit may hold: all but the excluded ones."""
    match node:
        case Phrase():
            return [node]
        case And(parts) | Or(parts):
            return [phrase for part in parts for phrase in wanted(part)]
        case _:
            return []


class _Reader:
    """Reads an explicit query by recursive descent: OR binds less than AND, NOT and ``-`` bind most."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.depth = 0
        self.folders: list[str] = []

    def read(self) -> Node | None:
        node = self._either()
        if self.at < len(self.text):
            raise self._wrong("多了一个右括号", "删去它，或在前面补上左括号", self.at)
        return node

    def _either(self) -> Node | None:
        parts = [self._both()]
        while (begun := self._take_word("OR")) is not None:
            parts.append(self._both())
            if parts[-1] is None or parts[0] is None:
                raise self._wrong("OR 的一边没有词", "OR 两边各写一个词，如 作业 OR 课后服务", begun)
        found = [part for part in parts if part is not None]
        return None if not found else found[0] if len(found) == 1 else Or(tuple(found))

    def _both(self) -> Node | None:
        parts: list[Node] = []
        while True:
            joined = self._take_word("AND")
            folders = len(self.folders)
            part = self._one()
            if part is not None:
                parts.append(part)
            elif len(self.folders) == folders:
                break
        if joined is not None:
            raise self._wrong("AND 后面没有词", "AND 两边各写一个词，如 双减 AND 通报", joined)
        return None if not parts else parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self) -> Node | None:
        if self._peek_word("OR"):
            return None
        begun = self._take_word("NOT")
        if begun is not None:
            part = self._one()
            if part is None:
                raise self._wrong("NOT 后面没有词", "写上要排除的词，如 通报 NOT 草稿", begun)
            return Not(part)
        token = self._token()
        if token is None or token["close"]:
            return None
        begun, self.at = self.at, token.end()
        node = self._group(begun) if token["open"] else self._leaf(token, begun)
        return Not(node) if node is not None and token["not"] else node

    def _group(self, begun: int) -> Node:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise self._wrong("括号套得太深", "拆成几次检索", begun)
        node = self._either()
        token = self._token()
        if token is None or not token["close"]:
            raise self._wrong("左括号没有配对的右括号", "补上右括号", begun)
        if node is None:
            raise self._wrong("括号里没有词", "写上要找的词，或删去括号", begun)
        if not wanted(node):
            raise self._wrong("括号里只有要排除的词", "把 NOT 写到括号外面", begun)
        self.at = token.end()
        self.depth -= 1
        return node

    def _leaf(self, token: re.Match[str], begun: int) -> Phrase | None:
        value = next(token[name] for name in ("quoted", "curly", "number", "word") if token[name] is not None)
        field = (token["field"] or "").rstrip(":：")
        if field in {"path", "路径"}:
            if token["not"] or self.depth:
                raise self._wrong("路径限定只能写在最外层", "去掉括号或减号，写成 路径:2024 双减", begun)
            self.folders.append(value)
            return None
        if not normalise_text(value):
            raise self._wrong("这里没有可以检索的字", "写上要找的词，或删去它", begun)
        return Phrase(spellings(value), title=bool(field))

    def _token(self) -> re.Match[str] | None:
        """The next token, blanks passed over; None at the end."""
        while self.at < len(self.text):
            token = _TOKEN.match(self.text, self.at)
            if token is None:
                raise self._wrong("引号没有配对", "补上另一半引号", self.at)
            if token["blank"] is None:
                return token
            self.at = token.end()
        return None

    def _peek_word(self, word: str) -> bool:
        token = self._token()
        return token is not None and token["word"] == word and not token["field"] and not token["not"]

    def _take_word(self, word: str) -> int | None:
        """Passes over an operator and tells where it stood; None when it does not come next."""
        token = self._token() if self._peek_word(word) else None
        if token is None:
            return None
        begun, self.at = self.at, token.end()
        return begun

    def _wrong(self, problem: str, remedy: str, at: int) -> QueryInvalid:
        return QueryInvalid(f"检索式第 {at + 1} 个字：{problem}", remedy=remedy, position=at)
