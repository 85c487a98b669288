"""Decides what a dossier will hold and where. Pure: reads the check's result, touches no disk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

from dujian_docs.dossier.model import (
    Description,
    DossierPlan,
    ListLine,
    NotIncluded,
    Row,
    Section,
    StoredFile,
    Use,
    Volume,
)
from dujian_docs.dossier.names import EntryNames, own_title
from dujian_docs.filing.names import read_name
from dujian_docs.filing.results import CheckResult, Match, MatchedFile
from dujian_docs.filing.tree import FilingTree, IndicatorNode, code_order
from dujian_docs.filing.unit_names import UnitNames

NO_DESCRIPTIONS: Mapping[str, Description] = MappingProxyType({})


class ArchiveItem(Protocol):
    """What a plan asks of an item: the archive as it was last seen."""

    @property
    def path(self) -> str:
        """The path in the archive."""

    @property
    def sha256(self) -> str:
        """The content's hash."""


def plan_dossier(
    tree: FilingTree,
    check_result: CheckResult,
    items: Iterable[ArchiveItem],
    *,
    title: str,
    made_at: datetime,
    unit: str | None = None,
    made_by: str = "",
    descriptions: Mapping[str, Description] = NO_DESCRIPTIONS,
) -> DossierPlan:
    """What a package of this check's result holds, in the order A, B, C, required file, year, unit.

    Only evidence is included (exact by rule or confirmed by a clerk), each content once. ``items`` is the
    archive as last seen: evidence that is gone from it or has changed since the check is not included, and
    the plan says so. ``unit`` (a unit code) narrows to one unit; for years or indicators narrow the result
    first. ``descriptions`` go by archive path; ``made_by`` is the office named on the cover; ``made_at`` is
    shown as it is given, so give the clerk's local time.
    """
    result = check_result if unit is None else check_result.narrowed(units={unit})
    shelf = _Shelf({item.path: item.sha256 for item in items}, descriptions, _unit_names(check_result))
    matches = sorted(result.matches, key=_order)
    bare = [_volume(parent, node, matches, shelf) for parent in tree.roots for node in parent.children]
    serving = _serving(tree, bare)
    volumes = [_with_lists(volume, serving, shelf) for volume in bare]
    return DossierPlan(
        title=title,
        list_code=tree.code,
        list_title=tree.title,
        unit_name=next((match.expectation.unit.name for match in result.matches), "") if unit else "",
        made_by=made_by,
        made_at=made_at,
        volumes=tuple(volume for volume in volumes if volume.rows or volume.lines),
        files=tuple(shelf.stored.values()),
        not_included=tuple(shelf.refused.values()),
    )


@dataclass(slots=True)
class _Shelf:
    """The files placed so far, by content; filled in the order of the filing list.

    ``contents`` says which content stands at a place in the package.
    """

    seen: Mapping[str, str]
    descriptions: Mapping[str, Description]
    units: UnitNames
    names: EntryNames = field(default_factory=EntryNames)
    stored: dict[str, StoredFile] = field(default_factory=dict)
    contents: dict[str, str] = field(default_factory=dict)
    refused: dict[str, NotIncluded] = field(default_factory=dict)

    def place(self, matched: MatchedFile, use: Use, folder: str) -> str:
        """The place in the package of a file for a use; empty when it cannot be included."""
        source, sha256 = matched.item.path, matched.item.sha256
        if self.seen.get(source) != sha256:
            self._refuse(source, use)
            return ""
        known = self.stored.get(sha256)
        self.stored[sha256] = self._new(matched, use, folder) if known is None else _again(known, source, use)
        path = self.stored[sha256].path
        self.contents[path] = sha256
        return path

    def _new(self, matched: MatchedFile, use: Use, folder: str) -> StoredFile:
        item = matched.item
        facts = read_name(item.path, self.units)
        title = own_title(item.path, facts)
        given = self.descriptions.get(item.path, Description())
        shown = given.title or (title if title and facts.exact else "") or f"[{use.required_title}]"
        note = "；".join(part for part in ("复印件" if facts.is_copy else "", matched.remark) if part)
        return StoredFile(
            path=self.names.file(folder, use, title, item.path),
            source=item.path,
            also_at=(),
            size_bytes=item.size_bytes,
            sha256=item.sha256,
            page_count=item.facts.page_count,
            description=replace(given, title=shown, responsible=given.responsible or use.unit_name),
            uses=(use,),
            remark=note,
        )

    def at(self, path: str) -> StoredFile:
        """The stored file at a place in the package."""
        return self.stored[self.contents[path]]

    def _refuse(self, source: str, use: Use) -> None:
        gone = source not in self.seen
        reason = "核验以后已不在档案里" if gone else "核验以后内容有改动，请重新核验再打包"
        before = self.refused.get(source)
        uses = (*before.uses, use) if before else (use,)
        self.refused[source] = NotIncluded(source, reason, uses)


def _again(known: StoredFile, source: str, use: Use) -> StoredFile:
    """The stored file with one more use, and one more place in the archive when that is new."""
    places = (*known.also_at, source)
    also = known.also_at if source in (known.source, *known.also_at) else places
    return replace(known, also_at=also, uses=(*known.uses, use))


def _unit_names(result: CheckResult) -> UnitNames:
    units = {match.expectation.unit.code: match.expectation.unit for match in result.matches}
    return UnitNames.of(units.values())


def _volume(parent: IndicatorNode, node: IndicatorNode, matches: Sequence[Match], shelf: _Shelf) -> Volume:
    """A volume with its expectations, the evidence placed; lists and pointers come when all is placed."""
    folder = f"{shelf.names.folder(parent)}/{shelf.names.folder(node)}"
    sections = tuple(
        Section(
            leaf.code,
            leaf.title,
            tuple(
                _row(match, f"{folder}/{shelf.names.folder(leaf)}", shelf)
                for match in matches
                if match.expectation.required_file.indicator == leaf.code
            ),
        )
        for leaf in node.children
    )
    return Volume(parent.code, parent.title, node.code, node.title, folder, sections, lines=())


def _order(match: Match) -> tuple[object, ...]:
    expectation = match.expectation
    return (code_order(expectation.code), expectation.year, code_order(expectation.unit.code))


def _row(match: Match, folder: str, shelf: _Shelf) -> Row:
    use = _use(match)
    places = [shelf.place(file, use, folder) for file in match.evidence]
    return Row(
        use=use,
        state=match.state,
        reason=match.reason,
        next_step=match.next_step,
        paths=tuple(dict.fromkeys(place for place in places if place)),
        remarks=match.remarks,
        candidates=tuple((file.item.path, file.reason) for file in match.files if not file.counts),
    )


def _use(match: Match) -> Use:
    expectation = match.expectation
    return Use(
        required_file=expectation.code,
        required_title=expectation.title,
        indicator=expectation.required_file.indicator,
        unit=expectation.unit.code,
        unit_name=expectation.unit.name,
        year=expectation.year,
    )


def _serving(tree: FilingTree, volumes: Sequence[Volume]) -> Mapping[str, tuple[str, ...]]:
    """Level-C code → stored files of other indicators that also serve it (兼用), in order."""
    found: dict[str, list[str]] = {}
    for row in (row for volume in volumes for row in volume.rows if not row.is_gap):
        required = tree.required_file(row.use.required_file)
        for code in required.also_serves if required else ():
            found.setdefault(code, []).extend(row.paths)
    return {code: tuple(dict.fromkeys(paths)) for code, paths in found.items()}


def _with_lists(volume: Volume, serving: Mapping[str, tuple[str, ...]], shelf: _Shelf) -> Volume:
    """The volume with its pointers and inner list: in each level-C indicator its own files, then pointers."""
    sections = []
    lines: list[ListLine] = []
    for section in volume.sections:
        own = {path for row in section.rows for path in row.paths}
        served_by = tuple(path for path in serving.get(section.code, ()) if path not in own)
        sections.append(replace(section, served_by=served_by))
        uses = [(path, row.use) for row in section.rows for path in row.paths]
        for path, use in uses:
            lines.append(_line(volume, path, f"{use.required_file}\u3000{use.year}年", lines, shelf))
        for path in served_by:
            lines.append(_line(volume, path, f"{section.code}（兼用）", lines, shelf))
    return replace(volume, sections=tuple(sections), lines=tuple(lines))


def _line(volume: Volume, path: str, belongs: str, before: Sequence[ListLine], shelf: _Shelf) -> ListLine:
    """The next line: a pointer when the file was listed in this volume before or lies in another one."""
    number = len(before) + 1
    stored = shelf.at(path)
    earlier = next((line.number for line in before if line.path == path), None)
    if earlier is not None:
        return ListLine(number, path, belongs, f"与第 {earlier} 号同一件", pointer=True)
    if not path.startswith(f"{volume.folder}/"):
        return ListLine(number, path, belongs, f"原件在 {stored.uses[0].required_file} 处", pointer=True)
    return ListLine(number, path, belongs, stored.remark)
