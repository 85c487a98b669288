"""The parts of an Office package, opened under limits, and their XML, read without a tree.

Every limit is checked against the package's directory before a byte is inflated; zipfile never inflates
more than the directory promises, so the promise is what counts.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import IO, Any, cast

from lxml import etree

from indexer.extract.endings import Unreadable, corrupt, encrypted, over_limit
from indexer.extract.quickzip import QuickZip
from indexer.extract.xmltree import MOST_BYTES, Names, Target, tell, tree_of
from indexer.model import Facts, Limits, State

_SIGNATURE = re.compile(r"_xmlsignatures/sig\d*\.xml")
_PROPERTIES = "docProps/core.xml"
_CHUNK_BYTES = 1 << 16
_RATIO_FLOOR_BYTES = 1 << 20
"""Parts smaller than this may be as repetitive as they like."""
_PICTURES = frozenset({".bmp", ".emf", ".wmf", ".png", ".jpg", ".jpeg", ".gif", ".tif", ".tiff"})
"""Never inflated here; a blank scan packs better than any bomb."""


@contextmanager
def open_package(path: Path, limits: Limits) -> Iterator[zipfile.ZipFile]:
    """An Office package whose directory keeps the limits; damage found later ends as corrupt.

    Raises:
        Unreadable: a limit is passed, a part is encrypted, or the package is damaged.
    """
    try:
        with QuickZip(path) as package:
            _check_directory(package.infolist(), limits)
            yield package
    except (zipfile.BadZipFile, EOFError, NotImplementedError) as fault:
        raise corrupt("压缩结构不完整，可能没有传完") from fault
    except etree.XMLSyntaxError as fault:
        raise corrupt("内部的 XML 不合格式") from fault
    except zipfile.zlib.error as fault:  # type: ignore[attr-defined]
        raise corrupt("压缩内容解不开") from fault


def _check_directory(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Raises Unreadable for the first limit that the package's directory passes."""
    if any(member.flag_bits & 1 for member in members):
        raise encrypted()
    check_total(members, limits)
    harmless = min(_RATIO_FLOOR_BYTES, limits.zip_member_bytes)
    for member in members:
        if member.file_size > harmless:
            check_member(member, limits)


def check_member(member: zipfile.ZipInfo, limits: Limits) -> None:
    """Raises Unreadable when one part would be too large, or is packed as only bombs are."""
    if member.file_size > limits.zip_member_bytes:
        raise over_limit(f"部件 {member.filename} 解开后超过 {limits.zip_member_bytes // 2**20} MB")
    bomb = member.file_size > limits.zip_ratio * max(member.compress_size, 1)
    if not bomb or member.file_size <= _RATIO_FLOOR_BYTES:
        return
    if PurePosixPath(member.filename).suffix.lower() not in _PICTURES:
        raise over_limit(f"部件 {member.filename} 的压缩比超过 {limits.zip_ratio}:1")


def check_total(members: list[zipfile.ZipInfo], limits: Limits) -> None:
    """Raises Unreadable when there are too many parts, or too many bytes in all."""
    if len(members) > limits.zip_members:
        raise over_limit(f"压缩包内有 {len(members)} 个部件（最多 {limits.zip_members} 个）")
    if sum(member.file_size for member in members) > limits.zip_total_bytes:
        raise over_limit(f"全部部件解开后超过 {limits.zip_total_bytes // 2**20} MB")


def feed_part(package: zipfile.ZipFile, name: str, target: Target, only: str | None = None) -> None:
    """Tells ``target`` the whole part; of a small one only the elements of one name, if one is given.

    Raises:
        Unreadable: the part declares a DTD or an entity.
        etree.XMLSyntaxError: it is not XML.
    """
    if package.getinfo(name).file_size <= MOST_BYTES:
        feed_xml(package.read(name), target, only)
        return
    with package.open(name) as stream:
        feed(stream, target)


def feed_xml(xml: bytes, target: Target, only: str | None = None) -> None:
    """Tells ``target`` XML that is at hand; raises as ``feed_part`` does."""
    root = tree_of(xml)
    if root is None:
        feed(io.BytesIO(xml), target)
    else:
        tell(root, target, only)


def part_tree(package: zipfile.ZipFile, name: str) -> etree._Element | None:
    """The part as a tree; None for what ``feed_part`` has to read as it comes."""
    return tree_of(package.read(name)) if package.getinfo(name).file_size <= MOST_BYTES else None


def feed(stream: IO[bytes], target: Target) -> None:
    """Tells ``target`` the XML that is left in ``stream``.

    Raises:
        Unreadable: it declares a DTD or an entity.
        etree.XMLSyntaxError: it is not XML.
    """
    parser = etree.XMLParser(
        target=cast("Any", _LocalNames(target)),  # the stubs ask for bytes that lxml never gives
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        load_dtd=False,
        remove_comments=True,
        remove_pis=True,
    )
    while chunk := stream.read(_CHUNK_BYTES):
        parser.feed(chunk)
    parser.close()


class _LocalNames:
    """Hands a parser's events on with local names; refuses document types, where entity bombs live."""

    def __init__(self, target: Target) -> None:
        self._start = target.start
        self._end = target.end
        self._names = Names()
        self.data = target.data

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._start(self._names[tag], attributes)

    def end(self, tag: str) -> None:
        self._end(self._names[tag])

    def doctype(self, *_declared: object) -> None:
        raise Unreadable(
            State.REFUSED,
            "超出安全限制：文件内部带有实体声明（DTD），正常的 Office 文件不会有",
            "不要打开来历不明的文件；请报送单位用 Word 或 WPS 重新另存一份",
        )

    def close(self) -> None:
        """The part is over."""


class TextOf:
    """Collects the text inside every element named ``wanted``, one line per element named ``line``."""

    def __init__(self, wanted: str, line: str) -> None:
        self.lines: list[str] = []
        self._wanted = wanted
        self._line = line
        self._inside = 0
        self._pieces: list[str] = []

    def start(self, tag: str, _attributes: Mapping[str, str]) -> None:
        """Counts nested wanted elements."""
        self._inside += tag == self._wanted

    def end(self, tag: str) -> None:
        """Ends a line where its element ends."""
        self._inside -= tag == self._wanted
        if tag == self._line and (text := "".join(self._pieces).strip()):
            self.lines.append(text)
        if tag == self._line:
            self._pieces.clear()

    def data(self, text: str) -> None:
        """Keeps what stands in a wanted element."""
        if self._inside:
            self._pieces.append(text)


class _Properties:
    """Hears a properties part: its elements' texts by local name, the first of each."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._text = ""

    def start(self, _tag: str, _attributes: Mapping[str, str]) -> None:
        """A property begins."""
        self._text = ""

    def end(self, tag: str) -> None:
        """A property is known."""
        self.found.setdefault(tag, self._text.strip())
        self._text = ""

    def data(self, text: str) -> None:
        """Part of a property's text."""
        self._text += text


def _told(package: zipfile.ZipFile) -> dict[str, str]:
    """The package's properties by local name."""
    root = part_tree(package, _PROPERTIES)
    if root is not None:
        names = Names()
        return {names[child.tag]: (child.text or "").strip() for child in reversed(root)}
    heard = _Properties()
    with suppress(etree.XMLSyntaxError):
        feed_part(package, _PROPERTIES, heard)
    return heard.found


def facts_of(package: zipfile.ZipFile) -> Facts:
    """What an Office Open XML package tells of itself; a broken part tells nothing.

    Its count of pages is not believed: it is that of the program which saved it last, or of a template.
    """
    told = _told(package) if _PROPERTIES in package.NameToInfo else {}
    return Facts(
        title=told.get("title", ""),
        author=told.get("creator", ""),
        created=told.get("created", ""),
        modified=told.get("modified", ""),
        signatures=sum("_xmls" in name and bool(_SIGNATURE.fullmatch(name)) for name in package.NameToInfo),
    )
