"""The values that pass between the indexer's rooms. All frozen; no room owns them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple


class State(StrEnum):
    """What became of a file; every scanned file is in exactly one state."""

    INDEXED = "indexed"
    EMPTY = "empty"
    ENCRYPTED = "encrypted"
    CORRUPT = "corrupt"
    REFUSED = "refused"
    PENDING_OCR = "pending_ocr"
    VANISHED = "vanished"


class FileStamp(NamedTuple):
    """One file as a scan saw it. A tuple, because every sync makes and compares one of every file.

    ``path`` is relative to the archive root, with ``/``. The change key is
    (size_bytes, mtime_ns, ctime_ns, inode); equal keys mean "do not read again".
    """

    path: str
    size_bytes: int
    mtime_ns: int
    ctime_ns: int
    inode: int


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a file's text: one page, sheet or part.

    ``page`` is 1-based where the format has pages, else None; ``label`` names a sheet or part. Where every
    line is a row of a sheet, and tabs stand between all its cells, ``cell`` is where the text begins, as B3.
    """

    text: str
    page: int | None = None
    label: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file tells of itself besides its text; None or empty where it does not, or the format cannot.

    ``created`` and ``modified`` are dates inside the file, ISO 8601 as far as they are given. ``scans`` are
    pages that are pictures, ``seals`` pages that show a red seal (None: nobody has looked), both 1-based; a
    seal is a hint from colours, never a proof. ``signatures`` counts embedded electronic signatures, valid
    or not. ``protected`` is true when the file opens without a password and still restricts what may be done.
    ``recognised`` are those scans whose picture was looked at for text, whether or not there was any. Pages
    of what is ``drawable`` can be looked at closer, for text and for seals.
    """

    page_count: int | None = None
    title: str = ""
    author: str = ""
    created: str = ""
    modified: str = ""
    scans: tuple[int, ...] = ()
    seals: tuple[int, ...] | None = None
    signatures: int | None = None
    protected: bool = False
    recognised: tuple[int, ...] = ()
    drawable: bool = False


RECOGNISED = "识别"
"""The label of a passage that was recognised from a picture, with the mistakes that come with it."""

MEMBER_MARK = "!/"
"""Stands in a path between a package and what is in it: ``上报/材料.zip!/安全/责任状.docx``."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a file: its position there, its name with ``/``, and its size as the package tells it."""

    position: int
    name: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Extraction:
    """What a worker says of one file: its passages, or why there are none.

    ``reason`` and ``remedy`` are Chinese sentences, empty only when ``state`` is INDEXED.
    """

    state: State
    passages: tuple[Passage, ...] = ()
    reason: str = ""
    remedy: str = ""
    facts: Facts = Facts()
    members: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost. Times in seconds, memory and sizes in bytes, text in characters."""

    wall_seconds: float = 30.0
    memory_bytes: int = 2 * 1024**3
    file_bytes: int = 500 * 1024**2
    text_chars: int = 20_000_000
    pdf_pages: int = 5_000
    sheet_cells: int = 5_000_000
    zip_members: int = 10_000
    zip_member_bytes: int = 200 * 1024**2
    zip_total_bytes: int = 1024**3
    zip_ratio: int = 200
    ocr_seconds: float = 30.0
    ocr_memory_bytes: int = 3 * 1024**3
    image_pixels: int = 100_000_000
    files_per_worker: int = 2_000
    package_depth: int = 3


@dataclass(frozen=True, slots=True)
class Item:
    """One file of the archive as the manifest knows it.

    Of a file inside another one, ``package`` is the path of that other one, and ``sha256`` is no content hash
    but stands for its place in the package's content.
    """

    path: str
    size_bytes: int
    mtime_ns: int
    sha256: str
    state: State
    reason: str = ""
    remedy: str = ""
    facts: Facts = Facts()
    package: str = ""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of original text around a hit; ``marks`` are (start, end) offsets into ``text``.

    ``cell`` is the cell of a sheet that holds the first mark, where it is known.
    """

    text: str
    marks: tuple[tuple[int, int], ...] = ()
    page: int | None = None
    label: str = ""
    cell: str = ""


Rung = Literal["phrase", "all_words", "any_word", "query"]
"""Which rung of the ladder answered; ``query`` when the clerk wrote an explicit query."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One file that answers a query, best first; ``excerpts`` is empty for a hit in the title only.

    ``by_synonym``: it holds not the very words, but others of the same meaning.
    """

    path: str
    score: float
    title: str
    excerpts: tuple[Excerpt, ...]
    rung: Rung
    by_synonym: bool = False


@dataclass(frozen=True, slots=True)
class SearchResult:
    """``total`` counts all files that answer; ``hits`` is the asked-for page of them.

    ``synonyms`` are the other words that were asked for too, empty when none brought a file. ``token`` makes
    the next page go on where this one ends, whatever changes meanwhile.
    """

    hits: tuple[Hit, ...]
    total: int
    rung: Rung
    engine: str
    synonyms: tuple[str, ...] = ()
    token: str = ""


@dataclass(frozen=True, slots=True)
class Facets:
    """How the files that answer a query are spread: (value, how many), the most first.

    ``types`` are the endings of names; ``years`` those of the files' own dates, else of their last change.
    """

    total: int
    folders: tuple[tuple[str, int], ...]
    types: tuple[tuple[str, int], ...]
    years: tuple[tuple[str, int], ...]
    states: tuple[tuple[State, int], ...]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """One of a group of files that say the same.

    ``likeness`` to the first of the group, 0 to 1, is the share of stretches of text that both have.
    ``identical``: the bytes are the same; files without text are told only by that.
    """

    path: str
    likeness: float
    identical: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """``done`` of ``total`` (0 = not known yet) in a named stage; ``what`` is the file under work."""

    stage: str
    done: int
    total: int
    what: str = ""


ProgressSink = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What a sync changed, and every file that has no searchable text, with reason and remedy."""

    added: int = 0
    changed: int = 0
    moved: int = 0
    missing: int = 0
    gone: int = 0
    unchanged: int = 0
    rebuilt: str = ""
    unreadable: tuple[Item, ...] = field(default=())
    warnings: tuple[str, ...] = field(default=())
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class LookReport:
    """What looking closer came to: pages looked at, files finished by that, pages still waiting, and why."""

    pages: int = 0
    files: int = 0
    waiting: int = 0
    notes: tuple[str, ...] = field(default=())
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class IndexStatus:
    """Counts by state, the engine in use, and what the index had to repair when it was opened.

    ``waiting_pages`` are pages that are pictures and have not been looked at yet; ``vanished`` are files that
    the last sync did not find and that are not given up yet.
    """

    engine: str
    counts: dict[State, int]
    unreadable: tuple[Item, ...]
    notes: tuple[str, ...]
    last_sync: str = ""
    waiting_pages: int = 0
    vanished: tuple[Item, ...] = ()
