"""Reads .ofd (GB/T 33190-2016): the text of every page with its templates, and annotations, in reading order.

Encrypted packages follow GM/T 0099-2020, appendix C: some parts are missing or replaced, and a table at the
root says so; what can be read is given along.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from indexer.extract.endings import awaiting_ocr, corrupt, encrypted, over_limit, without_text
from indexer.extract.lines import Piece, lines_of
from indexer.extract.ofdpage import PageObjects, moved
from indexer.extract.ofdparts import (
    BROKEN,
    Node,
    Parts,
    annotation_parts,
    bodies_of,
    document_root,
    signatures,
)
from indexer.extract.parts import open_package
from indexer.extract.pdf import joined_lines
from indexer.model import Extraction, Facts, Limits, Passage, State

NOTE_LABEL = "注释"
INFO_LABEL = "文件信息"
_SCAN_CHARS = 20
"""A page with fewer letters whose pictures are large is a scan, stamped page numbers and all."""
_LARGE_PICTURE = 12_000.0
"""Square millimetres; a fifth of A4."""
_OUTLINE_CHARS = 400
"""Drawn lines with more path data than this may be characters turned into outlines."""
_MOST_USES = 10_000


@dataclass(slots=True)
class _Document:
    """One DocBody: where its parts are."""

    root: str
    nodes: list[Node]
    label: str
    first_page: int
    templates: dict[str, str] = field(default_factory=dict)
    drawn: dict[str, PageObjects] = field(default_factory=dict)
    units: dict[str, list[Piece]] | None = None

    def of(self, tag: str) -> list[Node]:
        """The elements of that name."""
        return [node for node in self.nodes if node.tag == tag]


@dataclass(slots=True)
class _Story:
    """What the pages gave."""

    passages: list[Passage] = field(default_factory=list)
    pages: int = 0
    pictures: list[int] = field(default_factory=list)
    broken: list[int] = field(default_factory=list)
    seals: set[int] = field(default_factory=set)
    information: list[str] = field(default_factory=list)
    chars: int = 0

    def all(self) -> tuple[Passage, ...]:
        """The passages of the pages, and one of what the documents say of themselves."""
        said = "\n".join(self.information)
        return (*self.passages, *([Passage(said, label=INFO_LABEL)] if said else []))


def read(path: Path, limits: Limits) -> Extraction:
    """One passage per page that has text, and one per page that has annotations.

    Raises:
        Unreadable: the package is damaged, encrypted, empty or passes a limit.
    """
    with open_package(path, limits) as package:
        parts = Parts(package)
        locked = parts.name("Encryptions.xml", "") is not None
        bodies = bodies_of(parts.nodes(parts.name("OFD.xml", "")))
        if not bodies and not locked:
            raise corrupt("里面没有文档入口")
        story, signatures = _Story(), 0
        for number, body in enumerate(bodies):
            signatures += _read_body(parts, body, "" if number == 0 else f"文档{number + 1}", limits, story)
            story.information += _information(body)
        told = bodies[0] if bodies else []
    facts = replace(
        _facts(told),
        page_count=story.pages,
        signatures=signatures,
        scans=tuple(story.pictures),
        seals=tuple(sorted(story.seals)) or None,
    )
    if locked:
        return encrypted().extraction(story.all(), facts)
    return _judge(story, facts, damaged=bool(parts.damaged))


def _facts(body: Sequence[Node]) -> Facts:
    """What DocInfo tells (7.4)."""
    told: dict[str, str] = {}
    for node in body:
        told.setdefault(node.tag, node.text)
    return Facts(
        title=told.get("Title", ""),
        author=told.get("Author", ""),
        created=told.get("CreationDate", ""),
        modified=told.get("ModDate", ""),
    )


def _information(body: Sequence[Node]) -> Iterator[str]:
    """What DocInfo says in words: title, author, keywords, and what the producer's system noted."""
    for node in body:
        if node.tag == "CustomData" and node.text:
            yield f"{node.attributes.get('Name', '')}：{node.text}"
        elif node.tag in {"Title", "Author", "Subject", "Abstract", "Keyword"} and node.text:
            yield node.text


def _judge(story: _Story, facts: Facts, *, damaged: bool) -> Extraction:
    """The ending that fits what the pages gave."""
    if len(story.broken) == story.pages and (story.broken or damaged):
        raise corrupt("没有一页能打开")
    if not {passage.page for passage in story.passages} - set(story.pictures) and story.pictures:
        return awaiting_ocr("页面全是图片或轮廓，没有可检索的文字").extraction(story.all(), facts)
    if not story.passages:
        return without_text("OFD 里没有文字，也没有图片").extraction(story.all(), facts)
    notes = (
        _pages_note(story.pictures, "是图片或轮廓，检索不到"),
        _pages_note(story.broken, "打不开"),
        "文件内部的目录有损坏，可能缺页" if damaged else "",
    )
    return Extraction(State.INDEXED, story.all(), "；".join(note for note in notes if note), facts=facts)


def _pages_note(pages: Sequence[int], what: str) -> str:
    """Says of some pages what is the matter; empty for none."""
    listed = "、".join(str(page) for page in islice(pages, 10))
    return f"第 {listed} 页{'等' if len(pages) > 10 else ''}{what}" if pages else ""


def _read_body(parts: Parts, body: Sequence[Node], label: str, limits: Limits, story: _Story) -> int:
    """Reads the pages of one DocBody into ``story``; returns how many signatures it has."""
    root = document_root(parts, body)
    nodes = parts.nodes(root)
    if root is None or not nodes:
        story.pages += 1
        story.broken.append(story.pages)
        return 0
    document = _Document(root, nodes, label, story.pages + 1)
    document.templates = {
        node.attributes.get("ID", ""): name
        for node in document.of("TemplatePage")
        if (name := parts.name(node.attributes.get("BaseLoc", ""), root))
    }
    pages = document.of("Page")
    if story.pages + len(pages) > limits.pdf_pages:
        raise over_limit(f"超过 {limits.pdf_pages} 页")
    notes = annotation_parts(parts, root, nodes)
    for page in pages:
        story.pages += 1
        if story.chars <= limits.text_chars:
            _read_page(parts, document, page, notes.get(page.attributes.get("ID", ""), ()), story)
    numbers = {page.attributes.get("ID", ""): at for at, page in enumerate(pages, document.first_page)}
    stamped = signatures(parts, root, body)
    story.seals.update(numbers[page] for pages_of_one in stamped for page in pages_of_one if page in numbers)
    return len(stamped)


def _read_page(parts: Parts, document: _Document, page: Node, notes: Sequence[str], story: _Story) -> None:
    """One page: its own text among that of its templates, then its annotations."""
    name = parts.name(page.attributes.get("BaseLoc", ""), document.root)
    drawn = [_drawn(parts, document, name)] if name else []
    own = drawn[0] if drawn else None
    if own is None:
        story.broken.append(story.pages)
    else:
        under = (document.templates.get(template) for template in dict.fromkeys(own.templates))
        drawn = [*(_drawn(parts, document, part) for part in under if part), own]
    shown = [one for one in drawn if one]
    pieces = [piece for one in shown for piece in _pieces(parts, document, one)]
    text = joined_lines("\n".join(lines_of(pieces)))
    if own and _is_picture(text, shown):
        story.pictures.append(story.pages)
    _tell(story, text, document.label)
    written = [_drawn(parts, document, note) for note in notes]
    _tell(story, _notes_text(parts, document, [one for one in written if one]), NOTE_LABEL)
    if name:
        document.drawn.pop(name, None)


def _tell(story: _Story, text: str, label: str) -> None:
    """Keeps a passage of the current page."""
    if text.strip():
        story.passages.append(Passage(text, page=story.pages, label=label))
        story.chars += len(text)


def _is_picture(text: str, shown: Sequence[PageObjects]) -> bool:
    """Whether what the page says must be seen: a scan, or characters turned into outlines."""
    letters = sum(letter.isalnum() for letter in text)
    if not letters:
        return any(one.pictures or one.outline_chars > _OUTLINE_CHARS for one in shown)
    covered = sum(one.picture_area for one in shown)
    return letters < _SCAN_CHARS and covered >= _LARGE_PICTURE


def _notes_text(parts: Parts, document: _Document, notes: Sequence[PageObjects]) -> str:
    """What annotations show, and what they say without showing it."""
    lines: list[str] = []
    for note in notes:
        shown = lines_of(_pieces(parts, document, note))
        lines += [*shown, *(remark for remark in note.remarks if remark not in shown)]
    return "\n".join(lines)


def _drawn(parts: Parts, document: _Document, name: str) -> PageObjects | None:
    """What a part draws, read once; None of a broken one."""
    if name not in document.drawn:
        try:
            document.drawn[name] = parts.objects(name)
        except BROKEN:
            return None
    return document.drawn[name]


def _pieces(parts: Parts, document: _Document, shown: PageObjects) -> Iterator[Piece]:
    """The text of a page part, that of its composite objects included."""
    yield from shown.pieces[""]
    if not shown.uses:
        return
    if document.units is None:
        document.units = _units(parts, document)
    for use in islice(shown.uses, _MOST_USES):
        for piece in document.units.get(use.resource, ()):
            yield moved(piece, use.matrix)


def _units(parts: Parts, document: _Document) -> dict[str, list[Piece]]:
    """Composite graphic units by ID, from the document's resources."""
    units: dict[str, list[Piece]] = {}
    for node in document.nodes:
        if node.tag in {"DocumentRes", "PublicRes"} and (name := parts.name(node.text, document.root)):
            with suppress(*BROKEN):
                units |= parts.objects(name).pieces
    return units
