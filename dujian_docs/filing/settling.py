"""Turns the files beside one expectation into its state, reason and next step. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from dujian_docs.filing.places import hand_in, name_of, place_of
from dujian_docs.filing.results import Expectation, ExpectationKey, Match, MatchedFile
from dujian_docs.filing.states import STATE_OF_GROUND, ExpectationState, Ground
from dujian_docs.filing.tree import FilingTree

_RANK = {ground: rank for rank, ground in enumerate((Ground.EXACT, Ground.CONFIRMED, *STATE_OF_GROUND))}
_STILL_SHOWN = frozenset({Ground.UNREADABLE, Ground.WRONG_FORMAT, Ground.COPY})
"""Grounds of files that stay listed beside an expectation that is met without them."""


def settle(
    tree: FilingTree, due: Expectation, files: Sequence[MatchedFile], gone: Sequence[str] = ()
) -> Match:
    """The state of one expectation by the rules of ``matching``; ``gone`` are paths confirmed once."""
    files = sorted(files, key=lambda file: (_RANK[file.ground], not file.counts))
    evidence = tuple(sorted((file for file in files if file.counts), key=lambda file: file.item.path))
    others = tuple(file for file in files if not file.counts)
    have = len({file.item.sha256 for file in evidence})
    if have >= due.required_file.min_count:
        kept = tuple(file for file in others if file.ground in _STILL_SHOWN)
        return Match(due, ExpectationState.PRESENT, _met(due, evidence, have), "", evidence + kept)
    partly = _partly(due, evidence, have)
    if others:
        first = others[0]
        reason = f"{partly}；{first.reason}" if partly else first.reason
        step = _step(tree, due, first)
        return Match(due, STATE_OF_GROUND[first.ground], reason, step, evidence + others)
    lost = f"确认过的“{gone[0]}”已改动或不在档案里" if gone else ""
    reason = "；".join(one for one in (partly, lost) if one) or "没有找到"
    return Match(due, ExpectationState.MISSING, reason, hand_in(tree, due), evidence)


def with_twins(matches: Sequence[Match]) -> tuple[Match, ...]:
    """The matches, with a remark on each file by rule whose bytes also serve another unit or year.

    The same content for two years or two schools is most often an old or borrowed file under a new name; a
    program cannot tell, so a person is asked.
    """
    users: defaultdict[tuple[str, str], dict[ExpectationKey, Expectation]] = defaultdict(dict)
    for one in matches:
        for file in one.evidence:
            users[one.expectation.code, file.item.sha256][one.expectation.key] = one.expectation

    def marked(match: Match, file: MatchedFile) -> MatchedFile:
        due = match.expectation
        sharing = users[due.code, file.item.sha256].items()
        twin = next((other for key, other in sharing if key != due.key), None)
        if twin is None or file.ground is not Ground.EXACT:
            return file
        remark = f"内容与{twin.unit.name} {twin.year} 年的同名件完全相同，请人工核对"
        return replace(file, remark="；".join(one for one in (file.remark, remark) if one))

    return tuple(
        replace(match, files=tuple(marked(match, file) if file.counts else file for file in match.files))
        for match in matches
    )


def _met(due: Expectation, evidence: Sequence[MatchedFile], have: int) -> str:
    needed = due.required_file.min_count
    counted = f"有 {have} 件，应有 {needed} 件：" if max(have, needed) > 1 else ""
    return counted + "；".join(dict.fromkeys(file.reason for file in evidence))


def _partly(due: Expectation, evidence: Sequence[MatchedFile], have: int) -> str:
    if not have:
        return ""
    same = "（内容相同的只算一件）" if len(evidence) > have else ""
    return f"已有 {have} 件{same}，应有 {due.required_file.min_count} 件"


def _step(tree: FilingTree, due: Expectation, file: MatchedFile) -> str:
    """What to do about the file that decided the state."""
    path, place = file.item.path, place_of(tree, due)
    extension = path.rpartition(".")[2] if "." in path else ""
    match file.ground:
        case Ground.UNREADABLE:
            return file.item.remedy or f"请{due.unit.name}重新提供能打开的文件"
        case Ground.WRONG_PLACE:
            return f"核对后把它移到“{place}”"
        case Ground.WRONG_FORMAT:
            return f"请{due.unit.name}换成 {'、'.join(due.required_file.formats)} 格式；内容无误也可直接确认"
        case Ground.COPY:
            return f"请{due.unit.name}补交原件；确实没有原件的，核对后可直接确认"
        case Ground.WRONG_YEAR:
            return (
                f"请{due.unit.name}补交 {due.year} 年的，文件名写成“{name_of(due)}”；只是年份写错的，改文件名"
            )
        case _:
            return f"打开核对：属实就确认，或改名为“{name_of(due, extension)}”放入“{place}”；不属实就补交"
