"""The values of a dossier (迎检包): volumes by level-B indicator, what is stored, what is not and why.

All frozen; paths inside the package are relative with ``/``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from dujian_docs.filing.states import ExpectationState

INDEX_NAME = "index.html"
MERGED_NAME = "合订本.pdf"
GAP_STATEMENT_NAME = "缺件说明.docx"
INNER_LIST_NAME = "卷内目录.docx"

UNCONFIRMED_LABEL = "未确认"
"""The word for a suggested file in a dossier: it is not in the package."""

ProgressSink = Callable[[str, int, int, str], None]
"""Called with (stage, done, total, what): a Chinese word, two counts, and the file under work."""


def silent(stage: str, done: int, total: int, what: str) -> None:
    """Nobody wants to know how far the work is."""


def state_label(state: ExpectationState) -> str:
    """The Chinese word for a state, as a dossier says it."""
    return UNCONFIRMED_LABEL if state is ExpectationState.SUGGESTED else state.label


@dataclass(frozen=True, slots=True)
class Description:
    """What an inner list says of a file beyond its name; empty where nobody knows.

    ``document_number`` 文号, ``responsible`` 责任者, ``title`` 题名, ``day`` the document's own date.
    """

    document_number: str = ""
    responsible: str = ""
    title: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Use:
    """One expectation that a file meets."""

    required_file: str
    required_title: str
    indicator: str
    unit: str
    unit_name: str
    year: int

    @property
    def label(self) -> str:
        """One Chinese phrase that names it fully."""
        return f"{self.required_file} {self.required_title}（{self.unit_name}，{self.year}年）"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of the archive with its one place in the package and everything it is evidence for.

    ``source`` is its path in the archive, ``also_at`` others with the same content; ``uses[0]`` is the use
    that gave it its place; ``remark`` says what a person must still look at.
    """

    path: str
    source: str
    also_at: tuple[str, ...]
    size_bytes: int
    sha256: str
    page_count: int | None
    description: Description
    uses: tuple[Use, ...]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class ListLine:
    """One line of an inner list; ``path`` is the stored file, which a pointer only refers to."""

    number: int
    path: str
    belongs: str
    note: str = ""
    pointer: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One expectation as the index shows it; ``paths`` are the stored files that meet it.

    ``candidates`` are the files that do not count: archive path and why.
    """

    use: Use
    state: ExpectationState
    reason: str
    next_step: str
    paths: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    candidates: tuple[tuple[str, str], ...] = ()

    @property
    def other_candidates(self) -> tuple[str, ...]:
        """A Chinese phrase for each candidate, without what ``reason`` already says."""
        return tuple(
            path if why == self.reason else f"{path}（{why}）"
            for path, why in self.candidates
            if path not in self.reason
        )

    @property
    def is_gap(self) -> bool:
        """Whether the expectation is not met."""
        return self.state is not ExpectationState.PRESENT


@dataclass(frozen=True, slots=True)
class Section:
    """A level-C indicator: its expectations, and stored files of other indicators that also serve it."""

    code: str
    title: str
    rows: tuple[Row, ...]
    served_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Volume:
    """A level-B indicator: one box, one folder, one inner list."""

    parent_code: str
    parent_title: str
    code: str
    title: str
    folder: str
    sections: tuple[Section, ...]
    lines: tuple[ListLine, ...]

    @property
    def list_path(self) -> str:
        """Where its inner list stands in the package."""
        return f"{self.folder}/{INNER_LIST_NAME}"

    @property
    def rows(self) -> tuple[Row, ...]:
        """All its expectations, in order."""
        return tuple(row for section in self.sections for row in section.rows)


@dataclass(frozen=True, slots=True)
class NotIncluded:
    """A file that is evidence and yet not in the package; ``reason`` is a Chinese sentence without 。."""

    source: str
    reason: str
    uses: tuple[Use, ...]


@dataclass(frozen=True, slots=True)
class DossierPlan:
    """Everything a package will hold, in the order of the filing list; reading it touches no disk."""

    title: str
    list_code: str
    list_title: str
    unit_name: str
    made_by: str
    made_at: datetime
    volumes: tuple[Volume, ...]
    files: tuple[StoredFile, ...]
    not_included: tuple[NotIncluded, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """All expectations, in order."""
        return tuple(row for volume in self.volumes for row in volume.rows)

    @property
    def gaps(self) -> tuple[Row, ...]:
        """The expectations that are not met, in order."""
        return tuple(row for row in self.rows if row.is_gap)

    @property
    def size_bytes(self) -> int:
        """The sum of the stored files' sizes."""
        return sum(file.size_bytes for file in self.files)

    def counts(self) -> dict[ExpectationState, int]:
        """How many expectations are in each state; every state is a key."""
        states = [row.state for row in self.rows]
        return {state: states.count(state) for state in ExpectationState}

    def file(self, path: str) -> StoredFile | None:
        """The stored file at a place in the package, or None."""
        return next((file for file in self.files if file.path == path), None)

    def without(self, reasons: Mapping[str, str]) -> DossierPlan:
        """The plan less the files at these places, each now not included for the reason given.

        Lines of the inner lists that named them are gone and the rest numbered anew.
        """
        if not reasons:
            return self
        kept = tuple(file for file in self.files if file.path not in reasons)
        dropped = [
            NotIncluded(file.source, reasons[file.path], file.uses)
            for file in self.files
            if file.path in reasons
        ]
        volumes = tuple(_volume_without(volume, reasons) for volume in self.volumes)
        return replace(self, files=kept, volumes=volumes, not_included=(*self.not_included, *dropped))


def _volume_without(volume: Volume, gone: Mapping[str, str]) -> Volume:
    lines = [line for line in volume.lines if line.path not in gone]
    sections = tuple(
        replace(
            section,
            rows=tuple(
                replace(row, paths=tuple(path for path in row.paths if path not in gone))
                for row in section.rows
            ),
            served_by=tuple(path for path in section.served_by if path not in gone),
        )
        for section in volume.sections
    )
    numbered = tuple(replace(line, number=number) for number, line in enumerate(lines, start=1))
    return replace(volume, sections=sections, lines=numbered)
