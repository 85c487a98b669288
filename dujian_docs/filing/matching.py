"""Holds what is due against what is there. Pure: the same values in, the same result out; reads no disk.

A guess is never a fact. The states, and the exact rule of each:

present (齐)
    At least ``min_count`` files of different content count. A file counts when its name is exact (see
    ``names``) and ``judging`` finds nothing wrong with it, or when a clerk confirmed it: an assignment with
    the same SHA-256, wherever the file lies and whatever it is called now. Two files with the same bytes
    are one. A confirmed file that is empty, corrupt or encrypted does not count: an assignment says what a
    file is, not that an inspector can open it.
unreadable (打不开)
    Not present, and an exactly named or confirmed file of it cannot be opened.
wrong_place (位置不对)
    Neither of the above, and an exactly named file lies outside its own indicator's folder or in the
    folder of another year.
wrong_format, copy → suggested (疑似)
    None of the above, and an exactly named file has a format that is not asked for, or is a copy where the
    original is asked for. It becomes present only when a clerk confirms it.
wrong_year (年份不符)
    None of the above, and an exactly named file of the same code and unit is of a year that nobody asks
    for. A file of a year that is asked for answers its own expectation only.
suggested (疑似)
    None of the above, and a file's name carries the code, unit and year without following the rule, or a
    search found a passage that speaks for it (``suggesting``).
missing (缺)
    None of the above. With some, but too few files: 「已有 1 件，应有 2 件」.

Files that have vanished never count. A file in an indicator's folder that answers nothing is foreign
(目录外); one in the inbox that does not count is unfiled (待归档). ``also_serves`` is only listed
(``CheckResult.serving``): it satisfies nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from dujian_docs.filing.judging import Rules, look_at
from dujian_docs.filing.names import NameFacts, read_name
from dujian_docs.filing.results import (
    CheckResult,
    Expectation,
    ExpectationKey,
    Match,
    MatchedFile,
    StrayFile,
)
from dujian_docs.filing.settling import settle, with_twins
from dujian_docs.filing.states import Ground
from dujian_docs.filing.suggestions import Suggestion, suggestions_by_name
from dujian_docs.filing.tree import FilingTree
from dujian_docs.filing.unit_names import UnitNames
from dujian_docs.records.kinds import Assignment, Unit
from indexer import Item, State

_CLOSED_TO_ALL = frozenset({State.CORRUPT, State.ENCRYPTED})

Beside = defaultdict[ExpectationKey, list[MatchedFile]]


def match(
    tree: FilingTree,
    due: Sequence[Expectation],
    items: Iterable[Item],
    assignments: Iterable[Assignment],
    units: UnitNames | Iterable[Unit],
    suggestions: Iterable[Suggestion] = (),
) -> CheckResult:
    """The state of every expectation with the files that bear on it, and the files that answer none.

    Args:
        tree: the filing list.
        due: the expectations, in the order of the result; all of the list's, so that no file of a part left
            out is taken for foreign.
        items: every file the index knows, vanished ones included.
        assignments: what clerks confirmed; those of other lists are passed over.
        units: all units.
        suggestions: what a search found (``suggesting.suggest``).
    """
    names = units if isinstance(units, UnitNames) else UnitNames.of(units)
    rules = Rules.of(tree, names)
    present = sorted((item for item in items if item.state is not State.VANISHED), key=lambda one: one.path)
    facts = {item.path: read_name(item.path, names) for item in present}
    beside: Beside = defaultdict(list)
    gone, notes = _take_confirmed(rules, present, assignments, beside)
    reasons = _take_named(rules, present, facts, beside)
    _take_suggested(present, suggestions, beside)
    matches = with_twins([settle(tree, one, beside[one.key], gone[one.key]) for one in due])
    due_keys = {one.key for one in due}
    spoken_for = {file.item.path for one in matches for file in one.files}
    spoken_for |= {file.item.path for key in beside.keys() - due_keys for file in beside[key]}
    counted = {file.item.path for one in matches for file in one.evidence}
    return CheckResult(
        tree=tree,
        matches=matches,
        foreign=_foreign(rules, present, facts, spoken_for, reasons),
        unfiled=tuple(
            StrayFile(item, _why_unfiled(item, matches))
            for item in present
            if facts[item.path].in_inbox and item.path not in counted
        ),
        notes=notes,
    )


def _take_confirmed(
    rules: Rules, items: Sequence[Item], assignments: Iterable[Assignment], beside: Beside
) -> tuple[defaultdict[ExpectationKey, list[str]], tuple[str, ...]]:
    """Puts confirmed files beside their expectations; gives the paths that are gone, and notes."""
    by_content: defaultdict[str, list[Item]] = defaultdict(list)
    for item in items:
        by_content[item.sha256].append(item)
    gone: defaultdict[ExpectationKey, list[str]] = defaultdict(list)
    notes: list[str] = []
    for one in assignments:
        key = (one.required_file, one.unit, one.year)
        if one.filing_list != rules.tree.code:
            continue
        if not rules.asks_for(key):
            notes.append(f"“{one.path}”曾确认为 {one.required_file}（{one.year} 年），目录现在不要求这一件")
        elif found := by_content.get(one.sha256):
            item = next((item for item in found if item.path == one.path), found[0])
            _add(beside, key, _confirmed(item, one))
        else:
            gone[key].append(one.path)
    return gone, tuple(notes)


def _confirmed(item: Item, assignment: Assignment) -> MatchedFile:
    if item.size_bytes == 0 or item.state in _CLOSED_TO_ALL:
        reason = f"已由人工确认，但文件打不开：{item.reason or '读不出内容'}"
        return MatchedFile(item, Ground.UNREADABLE, reason)
    moved = f"，确认时在“{assignment.path}”" if item.path != assignment.path else ""
    return MatchedFile(item, Ground.CONFIRMED, f"已由人工确认{moved}", look_at(item))


def _take_named(
    rules: Rules, items: Sequence[Item], facts: Mapping[str, NameFacts], beside: Beside
) -> dict[str, str]:
    """Puts files beside what their names lead to; gives the reasons of those that lead nowhere."""
    reasons: dict[str, str] = {}
    for item in items:
        said = facts[item.path]
        if said.exact:
            verdict = rules.judge(item, said)
            if verdict.file is None:
                reasons[item.path] = verdict.foreign
            else:
                for key in verdict.keys:
                    _add(beside, key, verdict.file)
        else:
            for suggestion in suggestions_by_name(rules, item, said):
                _add(beside, suggestion.key, suggestion.beside(item))
    return reasons


def _take_suggested(items: Sequence[Item], suggestions: Iterable[Suggestion], beside: Beside) -> None:
    by_path = {item.path: item for item in items}
    for suggestion in suggestions:
        if item := by_path.get(suggestion.path):
            _add(beside, suggestion.key, suggestion.beside(item))


def _add(beside: Beside, key: ExpectationKey, file: MatchedFile) -> None:
    """The file is beside the expectation once; what came first (confirmed, named, searched) stands."""
    present = next((one for one in beside[key] if one.item.path == file.item.path), None)
    if present is None:
        beside[key].append(file)
    elif present.excerpt is None and file.excerpt is not None:
        beside[key][beside[key].index(present)] = replace(present, excerpt=file.excerpt)


def _why_unfiled(item: Item, matches: Sequence[Match]) -> str:
    """That nobody knows what a file of the inbox is, or what it is suggested to be."""
    meant = [one.expectation for one in matches for file in one.files if file.item.path == item.path]
    if not meant:
        return "还没有归入指标，也看不出是哪一件"
    more = f"等 {len(meant)} 件" if len(meant) > 1 else ""
    return f"还没有归入指标，疑似 {meant[0].label}{more}"


def _foreign(
    rules: Rules,
    items: Sequence[Item],
    facts: Mapping[str, NameFacts],
    spoken_for: Collection[str],
    reasons: Mapping[str, str],
) -> tuple[StrayFile, ...]:
    """The files in indicators' folders that answer nothing, each with the reason."""
    found = []
    for item in items:
        said = facts[item.path]
        if item.path in spoken_for or said.in_inbox or not said.folder_indicators:
            continue
        known = next((code for code in said.folder_indicators if rules.tree.node(code)), None)
        plain = "与该指标的应备件都对不上" if known else f"目录里没有指标 {said.folder_indicators[0]}"
        if said.code in rules.required_files:
            plain = f"{said.code} 已有合格的件，或单位、年份不在要求之内"
        found.append(StrayFile(item, reasons.get(item.path, plain), known or said.folder_indicators[0]))
    return tuple(found)
