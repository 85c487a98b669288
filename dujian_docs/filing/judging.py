"""Judges one exactly named file against the list: what it counts for, and if it does not count, why. Pure.

The questions are asked in this order, and the first "no" decides:

1. Does the list know the code, and does it ask it of this unit? Else the file is foreign.
2. Is the year one of those asked for? Else WRONG_YEAR for the year of the folder it lies in, or without
   such a folder for every year of that code and unit.
3. Has it one of the formats named (none named = any)? Else WRONG_FORMAT, which is a suggestion.
4. Can it be opened (not corrupt, encrypted, empty or refused)? Else UNREADABLE. Pictures, sound and film
   that the list asks for are not read by programs at all; they pass when not empty, with a remark.
5. Does it lie in a folder of its own indicator, and in no folder of another year? Else WRONG_PLACE.
6. Is it an original where copies are not allowed? Else COPY, which is a suggestion.

Then it counts. A scan without text (pending OCR) counts with the remark that a person must look at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dujian_docs.filing.expectations import units_of
from dujian_docs.filing.names import NameFacts
from dujian_docs.filing.results import ExpectationKey, MatchedFile
from dujian_docs.filing.states import Ground
from dujian_docs.filing.tree import FilingTree
from dujian_docs.filing.unit_names import UnitNames
from dujian_docs.records.kinds import RequiredFile
from indexer import Item, State

NOT_OPENED = frozenset({State.CORRUPT, State.ENCRYPTED, State.EMPTY, State.REFUSED})
"""States in which nobody has seen what a file says."""

SEEN_ONLY = frozenset({"jpg", "png", "tif", "bmp", "gif", "heic", "mp3", "wav", "mp4", "mov", "avi", "wmv"})
"""Formats that people look at and programs do not read."""

_SAME_FORMAT = {"jpeg": "jpg", "tiff": "tif"}
_LOOK_AT_SCAN = "扫描件尚无文字，内容请人工核对"
_LOOK_AT_UNREAD = "程序没有读到内容，请人工核对"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an exact name leads to: expectations and the file beside them, or why it is foreign."""

    keys: tuple[ExpectationKey, ...] = ()
    file: MatchedFile | None = None
    foreign: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """A filing list made ready for many questions: required files, and who and when each is asked of."""

    tree: FilingTree
    names: UnitNames
    required_files: Mapping[str, RequiredFile]
    unit_codes: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, tree: FilingTree, names: UnitNames) -> Rules:
        """The rules of one list over these units."""
        files = {file.code: file for file in tree.required_files()}
        asked = {
            code: frozenset(unit.code for unit in units_of(file, names.units)) for code, file in files.items()
        }
        return cls(tree, names, files, asked)

    def asks_for(self, key: ExpectationKey) -> bool:
        """Whether the list asks for this file of this unit for this year."""
        code, unit, year = key
        required = self.required_files.get(code)
        return required is not None and unit in self.unit_codes[code] and year in self.tree.years_of(required)

    def judge(self, item: Item, facts: NameFacts) -> Verdict:
        """The verdict on an item whose file name is exact."""
        code, unit, year = facts.code or "", facts.unit or "", facts.year or 0
        required = self.required_files.get(code)
        if required is None:
            return Verdict(foreign=f"文件名写的是 {code}，目录里没有这一件")
        if unit not in self.unit_codes[code]:
            return Verdict(foreign=f"{code} 不要求{self._unit_name(unit)}提供")
        years = self.tree.years_of(required)
        if year not in years:
            asked = "、".join(str(one) for one in years)
            reason = f"文件是 {year} 年的，目录要求 {asked} 年"
            meant = (facts.folder_year,) if facts.folder_year in years else years
            keys = tuple((code, unit, one) for one in meant if one is not None)
            return Verdict(keys, MatchedFile(item, Ground.WRONG_YEAR, reason))
        ground, reason = self._fault(item, facts, required) or (Ground.EXACT, "编号、年份、单位、位置都相符")
        remark = look_at(item) if ground is Ground.EXACT else ""
        return Verdict(((code, unit, year),), MatchedFile(item, ground, reason, remark))

    def _fault(self, item: Item, facts: NameFacts, required: RequiredFile) -> tuple[Ground, str] | None:
        if not fits_format(facts.extension, required):
            wanted = "、".join(required.formats)
            return (
                Ground.WRONG_FORMAT,
                f"格式不符：目录要求 {wanted}，文件是 {facts.extension or '没有扩展名的'}",
            )
        if item.state in NOT_OPENED and not looked_at_only(item, facts.extension):
            return Ground.UNREADABLE, f"文件打不开：{item.reason or '读不出内容'}"
        if misplaced := _misplaced(facts, required):
            return Ground.WRONG_PLACE, misplaced
        if facts.is_copy and not required.copy_allowed:
            return Ground.COPY, "目录要求原件，文件名标明是复印件"
        return None

    def _unit_name(self, code: str) -> str:
        unit = self.names.unit(code)
        return unit.name if unit else code


def _misplaced(facts: NameFacts, required: RequiredFile) -> str:
    """Why the folders of a file do not fit its name; empty when they do."""
    own = required.indicator
    if facts.in_inbox:
        return f"还在待归档，应在 {own} 的文件夹里"
    if not facts.folder_indicators:
        return f"不在任何指标的文件夹里，应在 {own} 的文件夹里"
    if own not in facts.folder_indicators:
        return f"放在 {'、'.join(facts.folder_indicators)} 的文件夹里，应在 {own} 的文件夹里"
    if facts.folder_year is not None and facts.folder_year != facts.year:
        return f"文件名写 {facts.year} 年，却放在 {facts.folder_year} 年的文件夹里"
    return ""


def fits_format(extension: str, required_file: RequiredFile) -> bool:
    """Whether a file of this extension may serve; ``jpeg`` is ``jpg``, no formats named means any."""
    wanted = {_format(one) for one in required_file.formats}
    return not wanted or _format(extension) in wanted


def looked_at_only(item: Item, extension: str) -> bool:
    """Whether the file is a picture, sound or film with something in it, which no program reads."""
    return _format(extension) in SEEN_ONLY and item.size_bytes > 0 and item.state is not State.CORRUPT


def look_at(item: Item) -> str:
    """The remark that a person must look at a file that counts; empty when its text was read."""
    if item.state is State.PENDING_OCR:
        return _LOOK_AT_SCAN
    return _LOOK_AT_UNREAD if item.state in NOT_OPENED else ""


def _format(extension: str) -> str:
    plain = extension.strip().lower().lstrip(".")
    return _SAME_FORMAT.get(plain, plain)
