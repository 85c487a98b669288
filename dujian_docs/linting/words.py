"""Words easily written wrong, from ``words.tsv``: wrong, right, how sure, and when it does not count (W)."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from dujian_docs.linting.findings import Edit, Finding
from dujian_docs.linting.roles import Parts

_RULES = {"必改": "W01", "疑似": "W02", "提示": "W03"}


@dataclass(frozen=True, slots=True)
class Word:
    """An entry: what to look for, what it should be, the rule it falls under, and why."""

    pattern: re.Pattern[str]
    right: str
    rule: str
    why: str


@lru_cache(maxsize=1)
def lexicon() -> tuple[Word, ...]:
    """Every entry of the shipped list; a wrong word is looked for outside of the words in 除外."""
    text = files("dujian_docs.linting").joinpath("words.tsv").read_text("utf-8")
    rows = csv.DictReader((line for line in text.splitlines() if not line.startswith("#")), delimiter="\t")
    return tuple(_word(row) for row in rows)


def word_findings(parts: Parts) -> Iterator[Finding]:
    """Words of the list that stand in the document; those that must be wrong carry their correction."""
    patterns = lexicon()
    every = _every()
    for line in parts.lines:
        if not every.search(line.text):
            continue
        taken: list[range] = []
        for word in patterns:
            for found in word.pattern.finditer(line.text):
                span = range(*found.span())
                if any(span.start < one.stop and one.start < span.stop for one in taken):
                    continue  # 部份内容: 部份 is told, and 份内 in it is no word
                taken.append(span)
                sure = word.rule == "W01"
                edits = (Edit(line.index, found.start(), found.end(), word.right),) if sure else ()
                around = line.text[max(0, found.start() - 4) : found.end() + 4].strip()
                remedy = f"改成“{word.right}”" if sure else f"是不是“{word.right}”"
                why = f"：{word.why}" if word.why else ""
                yield Finding(word.rule, line.number, around, f"“{found[0]}”{why}", remedy, edits=edits)


@lru_cache(maxsize=1)
def _every() -> re.Pattern[str]:
    """All of the list at once: most paragraphs hold none, and are passed over in one search."""
    return re.compile("|".join(word.pattern.pattern for word in lexicon()))


def _word(row: dict[str, str]) -> Word:
    wrong = re.escape(row["误"])
    after = f"(?={row['后接']})" if row["后接"] else ""
    spared = "".join(_spared(one, row["误"]) for one in row["除外"].split("|") if one)
    return Word(re.compile(f"{spared}{wrong}{after}"), row["正"], _RULES[row["程度"]], row["说明"])


def _spared(whole: str, wrong: str) -> str:
    """A look around that keeps the wrong word from being found inside a sound one."""
    before, _, after = whole.partition(wrong)
    behind = f"(?<!{re.escape(before)})" if before else ""
    ahead = f"(?!{re.escape(wrong + after)})" if after else ""
    return behind + ahead
