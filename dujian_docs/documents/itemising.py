"""Numbered items (（一）…) from lines that people typed."""

from __future__ import annotations

import re
from collections.abc import Sequence

from dujian_docs.documents.fields import Row
from dujian_docs.errors import InputInvalid
from dujian_docs.wording import numeral, one_line, sentence

MOST_ITEMS = 99
_TYPED_NUMBER = re.compile(
    r"^\s*(?:[（(]\s*[一二三四五六七八九十\d]{1,3}\s*[)）]|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、](?!\d)|[①-⑳])\s*"
)


def without_number(line: str) -> str:
    """The line on one line, without the number that was typed before it."""
    return _TYPED_NUMBER.sub("", one_line(line))


def items(lines: Sequence[str]) -> tuple[Row, ...]:
    """Level-two items: number 一 …, the first sentence, and the rest; numbers a clerk typed are left out."""
    texts = [text for line in lines if (text := without_number(line))]
    if len(texts) > MOST_ITEMS:
        raise InputInvalid(f"条目有 {len(texts)} 条，超过 {MOST_ITEMS} 条", remedy="合并条目，或改作附件")
    rows = []
    for number, text in enumerate(texts, start=1):
        head, mark, rest = text.partition("。")
        rows.append(
            {
                "number": numeral(number),
                "head": head + mark if rest else sentence(text),
                "rest": sentence(rest),
            }
        )
    return tuple(rows)
