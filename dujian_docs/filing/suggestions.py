"""Guesses from a file's name: what it may be, though its name does not follow the rule. Pure.

A name speaks for an expectation when it carries, in the file name or the folders, what the thing is, whose
it is, and of which year:

* what: the required file's code; or, for a file in the indicator's folder or in the inbox, its title, one
  of its other names (别称) or one of its words (匹配词);
* whose: a unit that the file is asked of; not named at all is enough when it is asked of one unit only;
* when: a year that is asked for; not named at all is enough when only one year is asked for.

A name that says something else (another unit, another year) speaks for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from dujian_docs.filing.judging import NOT_OPENED, Rules, look_at, looked_at_only
from dujian_docs.filing.names import NameFacts
from dujian_docs.filing.results import ExpectationKey, MatchedFile
from dujian_docs.filing.states import Ground
from dujian_docs.records.kinds import RequiredFile
from dujian_docs.wording import joined
from indexer import Excerpt, Item, normalise_text


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A guess that the file at ``path`` is what ``key`` expects; ``reason`` is a Chinese sentence."""

    key: ExpectationKey
    path: str
    reason: str
    ground: Ground
    excerpt: Excerpt | None = None

    def beside(self, item: Item) -> MatchedFile:
        """The suggestion as a file beside its expectation."""
        return MatchedFile(item, self.ground, self.reason, look_at(item), self.excerpt)


def suggestions_by_name(rules: Rules, item: Item, facts: NameFacts) -> Iterator[Suggestion]:
    """Every expectation that the name of ``item``, which is not exact, speaks for."""
    if facts.exact:
        return
    for required, what in _required_files(rules, facts):
        unit, whose = _unit(rules, required, facts)
        year, when = _year(rules, required, facts)
        if unit and year:
            closed = item.state in NOT_OPENED and not looked_at_only(item, facts.extension)
            trouble = f"，而且打不开（{item.reason or '读不出内容'}）" if closed else ""
            said = joined(one for one in (what, when, whose) if one)
            reason = f"名称里有{said}，但不合“编号_年份_单位_名称”的写法{trouble}"
            yield Suggestion((required.code, unit, year), item.path, reason, Ground.NAME)


def _required_files(rules: Rules, facts: NameFacts) -> Iterator[tuple[RequiredFile, str]]:
    """The required files a name may mean, each with the words that say so."""
    if facts.codes:
        required = rules.required_files.get(facts.codes[0])
        if required and len(facts.codes) == 1:
            yield required, f"编号 {required.code}"
        return
    stem = normalise_text(PurePosixPath(facts.path).stem)
    for required in rules.required_files.values():
        if facts.in_inbox or required.indicator in facts.folder_indicators:
            word = next((one for one in words_of(required) if normalise_text(one) in stem), None)
            if word:
                yield required, f"“{word}”"


def words_of(required_file: RequiredFile) -> tuple[str, ...]:
    """The words that speak for a required file: its title, other names, and words to match; each once."""
    words = (required_file.title, *required_file.aliases, *required_file.any_of)
    return tuple(dict.fromkeys(word for word in words if len(normalise_text(word)) > 1))


def _unit(rules: Rules, required: RequiredFile, facts: NameFacts) -> tuple[str | None, str]:
    asked = rules.unit_codes[required.code]
    if facts.unit in asked:
        unit = rules.names.unit(facts.unit or "")
        return facts.unit, unit.name if unit else ""
    if facts.unit is None and not facts.units and len(asked) == 1:
        return next(iter(asked)), ""
    return None, ""


def _year(rules: Rules, required: RequiredFile, facts: NameFacts) -> tuple[int | None, str]:
    years = rules.tree.years_of(required)
    if facts.year in years:
        return facts.year, f"{facts.year} 年"
    if facts.year is None and not facts.years and len(years) == 1:
        return years[0], ""
    return None, ""
