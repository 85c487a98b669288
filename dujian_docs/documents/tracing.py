"""Where every value of an issued document came from, and what changed since: records and the file. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from dujian_docs.documents.copies import copies_of
from dujian_docs.documents.differences import Difference, differences
from dujian_docs.documents.fields import Source
from dujian_docs.documents.numbers import DocumentNumber
from dujian_docs.records import KINDS as EVERY_KIND
from dujian_docs.records import (
    DocumentCopy,
    DocumentEntry,
    FieldChange,
    IssuedDocument,
    IssuedValue,
    Kind,
    Snapshot,
    ValueOrigin,
    Version,
    changes_of,
    inspection_of,
    unannounced,
)


class FileState(StrEnum):
    """How the file stands to what was issued."""

    SAME = "与签发时一致"
    EDITED = "签发以后改过"
    GONE = "不在档案里"
    UNREADABLE = "签发以后改过，改后的文字读不出来"


@dataclass(frozen=True, slots=True)
class RecordChange:
    """A record that a value came from has a later version; ``changes`` touch what the value shows.

    ``withheld`` when what it says now may not be told.
    """

    place: str
    version: int
    at: datetime
    author: str
    deleted: bool
    changes: tuple[FieldChange, ...]
    withheld: bool = False


@dataclass(frozen=True, slots=True)
class TracedOrigin:
    """An origin of a value, and what became of the record since."""

    origin: ValueOrigin
    change: RecordChange | None = None


@dataclass(frozen=True, slots=True)
class TracedValue:
    """A printed value with its origins."""

    value: IssuedValue
    origins: tuple[TracedOrigin, ...]

    @property
    def by_hand(self) -> bool:
        """Whether any part of it was typed."""
        return any(one.origin.source == Source.BY_HAND for one in self.origins)

    @property
    def changed(self) -> bool:
        """Whether a record says something else now."""
        return any(one.change for one in self.origins)


@dataclass(frozen=True, slots=True)
class Trace:
    """An issued document, value by value, and how its file stands.

    ``edits`` tell what was changed in the file; ``found_by`` how the document was recognised; ``copies`` are
    its sealed and scanned copies; ``void_reason`` says why it was withdrawn, if it was.
    """

    document: IssuedDocument
    state: FileState
    found_by: str
    values: tuple[TracedValue, ...]
    edits: tuple[tuple[Difference, ...], ...]
    copies: tuple[DocumentCopy, ...] = ()
    void_reason: str = ""

    @property
    def number(self) -> DocumentNumber:
        """Its document number."""
        return DocumentNumber(self.document.series, self.document.year, self.document.serial)

    @property
    def sound(self) -> bool:
        """Whether the file is as it was issued and every record still says the same."""
        return self.state is FileState.SAME and not any(value.changed for value in self.values)


def traced(
    document: IssuedDocument,
    now: Snapshot,
    *,
    state: FileState,
    found_by: str,
    paragraphs: Sequence[str] | None = None,
    internal: bool = False,
) -> Trace:
    """The document against the records as they stand and the text of its file.

    Args:
        document: as it was issued.
        now: the records.
        state: of the file.
        found_by: how the document was recognised, for people.
        paragraphs: the text of the file, where it was edited.
        internal: also tell what confidential records say now.
    """
    secret = frozenset() if internal else unannounced(now)
    values = tuple(
        TracedValue(value, tuple(_origin(one, now, secret, internal=internal) for one in value.origins))
        for value in document.values
    )
    edits = () if paragraphs is None else differences(document.paragraphs, paragraphs)
    entry = now.get("document", f"{document.series}/{document.year}/{document.serial}")
    copies: tuple[DocumentCopy, ...] = ()
    reason = ""
    if isinstance(entry, DocumentEntry):
        copies, reason = copies_of(now, entry), entry.void_reason
    return Trace(document, state, found_by, values, edits, copies, reason)


def _origin(origin: ValueOrigin, now: Snapshot, secret: frozenset[str], *, internal: bool) -> TracedOrigin:
    if not origin.version:
        return TracedOrigin(origin)
    word, _, key = origin.place.partition("/")
    kind = next((one for one in EVERY_KIND if one.title == word), None)
    if kind is None:
        return TracedOrigin(origin)
    history = now.history(kind.name, key)
    then = next((one for one in history if one.version == origin.version), None)
    if then is None or history[-1].version == origin.version:
        return TracedOrigin(origin)
    latest = history[-1]
    changes = tuple(_touching(changes_of(kind, then, latest), kind, origin))
    if not (changes or latest.deleted):
        return TracedOrigin(origin)
    record = now.get(kind.name, key)
    hidden = kind.confidential or bool(record and inspection_of(record) in secret)
    return TracedOrigin(origin, _change(origin, latest, changes, withheld=hidden and not internal))


def _change(
    origin: ValueOrigin, latest: Version, changes: tuple[FieldChange, ...], *, withheld: bool
) -> RecordChange:
    return RecordChange(
        origin.place,
        latest.version,
        latest.at,
        latest.author,
        latest.deleted,
        () if withheld else changes,
        withheld,
    )


def _touching(changes: Sequence[FieldChange], kind: Kind, origin: ValueOrigin) -> Iterator[FieldChange]:
    """Those in the column that the origin names; all of them where it names the whole record."""
    columns = {field.title for field in kind.model.model_fields.values()}
    for one in changes:
        if origin.part not in columns or one.label == origin.part:
            yield one
