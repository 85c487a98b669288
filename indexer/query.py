"""Our own query language, read into a value. Pure; knows no engine.

Plain words climb the ladder (exact phrase, all words, any word), with filters beside them if any. A query
with a word that begins with a quote, ``AND OR NOT``, a leading ``-`` or ``title:`` is explicit and means just
what it says; words beside each other are joined by AND. Parentheses and quotes inside a word mean nothing in
plain queries, since titles are full of them: 「关于“双减”督导的通知(试行)」. A document number is one word,
however it is typed. Operators and brackets may be in full width; 与、或、非 are words like others.

========================  ==================================================================================
``"一票否决"``             the words side by side, and no synonyms; “ and ” do as well
``甲 AND 乙 OR 丙``        OR binds least; ``甲 乙`` is ``甲 AND 乙``
``NOT 甲``, ``-甲``        files that hold it nowhere, neither in the title nor in the text
``title:通知``             in the file's name; with ``*`` and ``?`` a pattern that may stand anywhere in it
``path:迎检/2024``         names that begin so; ``/迎检`` from the top; ``*`` ``?`` ``**`` wildcards
``ext:docx``, ``type:``   by ending; several with commas
``date:2023..2024-06``    by the file's own date, else that of its last change; each end may be left out
``state:待识别``           by state, in Chinese or as ``indexer.State`` names it
========================  ==================================================================================

Fields have Chinese names too (标题 路径 类型 格式 日期 状态) and hold for a bracket: ``path:(甲 OR 乙)``.
A query of filters alone lists files.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from indexer.errors import QueryInvalid
from indexer.grammar import FIELD, FIELDS, QUOTED, Reader, filtered, half_width, value_of, wrong
from indexer.nodes import EVERYTHING, And, Node, Not, Or, Phrase, is_filter, wanted, wider
from indexer.spellings import TYPED_NUMBER, spellings
from indexer.synonyms import Synonyms
from indexer.text import BREAK, normalise_text
from indexer.tokens import QUESTION_WORDS, Lexicon, asked_words, bigrams, ranking_words

MOST_CHARS = 500


@dataclass(frozen=True, slots=True)
class Query:
    """What was asked: for a plain query one node a rung of the ladder; for an explicit one just ``exact``.

    ``only`` is a tree of filters that holds for every hit; no other node has filters, unless the query says
    OR of a filter and a word. ``ranking`` are the words that order the hits; ``marks`` the normalised
    spellings to highlight. ``several``: the words were typed apart, so files that hold them apart answer as
    well as those that hold them side by side, which come first. ``wide`` is the same query with synonyms,
    which are ``synonyms``; None when there are none.
    """

    text: str
    explicit: bool
    exact: Node
    all_words: Node
    any_word: Node
    ranking: tuple[str, ...]
    marks: tuple[str, ...]
    only: Node | None = None
    several: bool = False
    wide: Query | None = None
    synonyms: tuple[str, ...] = ()


_TERM = re.compile(rf"{TYPED_NUMBER.pattern}|\S+", re.VERBOSE)
_FILTER_NAMES = "|".join(name for name, kind in FIELDS.items() if kind)
_FILTER = re.compile(
    rf"(?<!\S)(?P<not>-)?(?P<field>(?i:{_FILTER_NAMES})):(?:{QUOTED}|(?P<number>(?!))|(?P<word>[^\s\"“”〝〞()]+))(?!\S)",
    re.VERBOSE,
)
_EXPLICIT = re.compile(
    rf"""(?:^|[\s(:-])["“”〝]
      | (?:^|\s)(?:AND|OR|NOT)(?=\s|$|\()
      | (?:^|\s)-\S
      | (?:^|[\s(-]){FIELD}""",
    re.VERBOSE,
)


def parse(text: str, lexicon: Lexicon = Lexicon(), synonyms: Synonyms = Synonyms()) -> Query:  # noqa: B008  frozen
    """The query that ``text`` means.

    Raises:
        QueryInvalid: nothing is asked, or an explicit query is not well formed; says at which character.
    """
    if len(text) > MOST_CHARS:
        raise wrong(f"检索词超过 {MOST_CHARS} 个字", "只写最能说明问题的几个词", MOST_CHARS)
    if not normalise_text(text):
        raise QueryInvalid("没有可以检索的字", remedy="至少写一个汉字、字母或数字", position=0)
    half = half_width(text)
    rest = _FILTER.sub(lambda found: " " * len(found[0]), half)
    if _EXPLICIT.search(rest) or not normalise_text(rest):
        query = _explicit(half, lexicon)
    else:
        query = replace(_plain(rest, lexicon), only=_filters(half))
    return _widened(replace(query, text=text), lexicon, synonyms)


def _filters(half: str) -> Node | None:
    """The filters that stand beside plain words, all of which hold."""
    found: list[Node] = []
    for token in _FILTER.finditer(half):
        kind = FIELDS[token["field"].lower()]
        if kind:
            where = filtered(kind, *value_of(token))
            found.append(Not(where) if token["not"] else where)
    return And(tuple(found)) if found else None


def _plain(text: str, lexicon: Lexicon) -> Query:
    whole = normalise_text(text)
    terms = [term for term in _TERM.findall(text) if normalise_text(term)]
    asked = asked_words(whole, lexicon)
    telling = [word for word in asked if len(word) > 1] or asked
    parts = tuple(Phrase(spellings(term)) for term in (terms if len(terms) > 1 else telling))
    words = tuple(dict.fromkeys([*parts, *(Phrase((word,)) for word in asked)]))
    exact = Phrase(spellings(text))
    return Query(
        text=text,
        explicit=False,
        exact=exact,
        all_words=And(parts),
        any_word=_any_of(words, terms),
        ranking=tuple(ranking_words(whole, lexicon)),
        marks=tuple(dict.fromkeys([*exact.spellings, *(one for part in words for one in part.spellings)])),
        several=len(terms) > 1,
    )


def _any_of(words: Sequence[Phrase], terms: Sequence[str]) -> Or:
    """Any word and any pair of letters but the words that ask, unless there is nothing else."""
    pairs = (pair for term in terms for pair in bigrams(normalise_text(term)) if BREAK not in pair)
    found = dict.fromkeys([*words, *(Phrase((pair,)) for pair in pairs)])
    return Or(tuple(part for part in found if QUESTION_WORDS.isdisjoint(part.spellings)) or tuple(found))


def _explicit(text: str, lexicon: Lexicon) -> Query:
    only, node = _set_apart(Reader(text).read())
    phrases = wanted(node)
    marks = tuple(dict.fromkeys(one for phrase in phrases for one in phrase.spellings))
    words = (word for phrase in phrases for word in ranking_words(phrase.spellings[0], lexicon))
    ranking = tuple(dict.fromkeys(words))
    return Query(text, True, node, node, node, ranking, marks, only)  # noqa: FBT003  named above


def _set_apart(node: Node) -> tuple[Node | None, Node]:
    """The filters that hold for every hit, and what else the tree says."""
    parts = node.parts if isinstance(node, And) else (node,)
    filters = tuple(part for part in parts if is_filter(part))
    others = tuple(part for part in parts if not is_filter(part))
    rest = others[0] if len(others) == 1 else And(others) if others else EVERYTHING
    return And(filters) if filters else None, rest


def _widened(query: Query, lexicon: Lexicon, synonyms: Synonyms) -> Query:
    """The query with what it comes to when synonyms are asked for as well."""
    exact, all_words, any_word = (
        wider(node, synonyms.variants) for node in (query.exact, query.all_words, query.any_word)
    )
    if (exact, all_words) == (query.exact, query.all_words):
        return query
    ranking = [*query.ranking]
    marks = [*query.marks]
    for phrase in (*wanted(exact), *wanted(all_words)):
        marks += phrase.spellings
        ranking += [word for one in phrase.spellings for word in ranking_words(one, lexicon)]
    wide = replace(
        query,
        exact=exact,
        all_words=all_words,
        any_word=any_word,
        ranking=tuple(dict.fromkeys(ranking)),
        marks=tuple(dict.fromkeys(marks)),
    )
    asked = query.all_words if query.several else query.exact
    typed = [phrase.spellings[0] for phrase in wanted(asked) if not phrase.literal]
    said = dict.fromkeys(other for one in typed for other in synonyms.variants(one))
    return replace(query, wide=wide, synonyms=tuple(said))
