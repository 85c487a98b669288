"""The ways in which texts write one thing: years in Chinese and Arabic digits, document numbers. Pure.

A document number is 「云教督〔2026〕3号」; people type it with any bracket, with none, with blanks, in full
width and with leading zeros. All of these are asked for at once, so that each finds what the others find.
"""

from __future__ import annotations

import re
from functools import partial

from indexer.text import BREAK, normalise_text

_DIGITS = "〇一二三四五六七八九"
_HAN_YEAR = re.compile(rf"(?:一九|二[〇零o0])[{_DIGITS}零o0]{{2}}(?=年)")
_YEAR = re.compile(r"(?:19|20)\d\d(?=年)")
_NUMBER = re.compile(
    rf"""(?P<head>.*[\u3400-\u9fff]){BREAK}?
         (?P<year>(?:19|20)\d\d)(?:年|{BREAK}|年{BREAK}|{BREAK}年)?
         第?(?P<serial>\d{{1,4}})(?:号(?P<tail>.*)|$)""",
    re.VERBOSE,
)
TYPED_NUMBER = re.compile(
    r"""[^\s"“”()（）:：]*[\u3400-\u9fff]
        (?:\s?[〔\[【(（［﹝]\s?)?
        (?:19|20|１９|２０)\d\d
        (?:年?\s?[〕\]】)）］﹞])?
        \s?第?\s?\d{1,4}\s?号""",
    re.VERBOSE,
)
"""A document number as typed, blanks and brackets inside it; it is one word of a query."""


def spellings(text: str) -> tuple[str, ...]:
    """The normalised ways a text writes ``text``, as typed first."""
    first = normalise_text(text)
    found = dict.fromkeys([first])
    arabic = _HAN_YEAR.sub(_arabic, first)
    found[arabic] = None
    for nought in "〇零o":
        found[_YEAR.sub(partial(_han, nought=nought), arabic)] = None
    for one in _numbers(first):
        found[one] = None
    return tuple(found)


def _numbers(first: str) -> list[str]:
    """A document number in brackets or bare, with its serial as typed, without and with a leading zero."""
    number = _NUMBER.fullmatch(first)
    if number is None:
        return []
    plain = number["serial"].lstrip("0") or "0"
    tail = number["tail"] or ""
    return [
        f"{number['head']}{mark}{number['year']}{mark}{serial}号{tail}"
        for serial in dict.fromkeys((number["serial"], plain, plain.zfill(2), plain.zfill(3)))
        for mark in (BREAK, "")
    ]


def _arabic(year: re.Match[str]) -> str:
    return "".join(str(_DIGITS.index("〇" if char in "零o0" else char)) for char in year[0])


def _han(year: re.Match[str], *, nought: str) -> str:
    return "".join(nought if char == "0" else _DIGITS[int(char)] for char in year[0])
