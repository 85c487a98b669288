"""A Chinese archive indexer: a folder in, exact full-text search out. Everything else here is private."""

from indexer.answering import Sort
from indexer.errors import (
    ArchiveUnreachable,
    IndexBusy,
    IndexDamaged,
    IndexerError,
    IndexOutdated,
    MassDisappearance,
    QueryInvalid,
)
from indexer.extract.bsdtar import program as package_program
from indexer.extract.ocr import installed as ocr_installed
from indexer.index import ArchiveIndex
from indexer.model import (
    MEMBER_MARK,
    Duplicate,
    Excerpt,
    Extraction,
    Facets,
    Facts,
    FileStamp,
    Hit,
    IndexStatus,
    Item,
    Limits,
    LookReport,
    Passage,
    Progress,
    ProgressSink,
    Rung,
    SearchResult,
    State,
    SyncReport,
)
from indexer.mounts import on_network
from indexer.scan import MARKER_NAME, Walk, walk
from indexer.text import normalise_text
from indexer.wordlists import entries_of
from indexer.workers import extract_file

__all__ = [
    "MARKER_NAME",
    "MEMBER_MARK",
    "ArchiveIndex",
    "ArchiveUnreachable",
    "Duplicate",
    "Excerpt",
    "Extraction",
    "Facets",
    "Facts",
    "FileStamp",
    "Hit",
    "IndexBusy",
    "IndexDamaged",
    "IndexOutdated",
    "IndexStatus",
    "IndexerError",
    "Item",
    "Limits",
    "LookReport",
    "MassDisappearance",
    "Passage",
    "Progress",
    "ProgressSink",
    "QueryInvalid",
    "Rung",
    "SearchResult",
    "Sort",
    "State",
    "SyncReport",
    "Walk",
    "entries_of",
    "extract_file",
    "normalise_text",
    "ocr_installed",
    "on_network",
    "package_program",
    "walk",
]
