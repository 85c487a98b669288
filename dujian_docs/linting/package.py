"""A .docx taken apart for checking; what is too large, locked or no document is refused with a remedy."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from dujian_docs.errors import InputInvalid
from dujian_docs.linting.effective import W, properties, styles_of
from dujian_docs.linting.paper import Line, Margin, Paper, Place, Run, Section, Table, Traces

MOST_BYTES = 50_000_000
"""Of one part, unpacked; the largest real document has about a hundredth of it."""
MOST_PARAGRAPHS = 60_000
_MAIN = "word/document.xml"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_REL = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_CHANGES = tuple(f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange"))
_BREAKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_TEXT = (f"{W}t", *_BREAKS)


def read(content: bytes) -> Paper:
    """The document in the bytes of a .docx.

    Raises:
        InputInvalid: it is no .docx, is locked with a password, is damaged or far too large.
    """
    if content.startswith(_OLE):
        raise InputInvalid("加了密码，或是旧版 .doc", remedy="去掉密码，或在 WPS 里另存为 .docx 后再查")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _Reading(package).paper()
    except (
        zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, NotImplementedError,
        RuntimeError, EOFError, OSError, ValueError,
    ) as error:  # fmt: skip
        raise InputInvalid(
            "不是能打开的 .docx 文件", remedy="在 WPS 里打开看看，另存为 .docx 后再查"
        ) from error


class _Reading:
    """One package while it is read."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self.package = package
        self.names = frozenset(package.namelist())
        self.styles = styles_of(self._part("word/styles.xml"), self._theme())
        self.count = 0
        self.page = 1
        self.paged = False

    def paper(self) -> Paper:
        """Everything that the rules look at."""
        root = self._part(_MAIN)
        if root is None:
            raise KeyError(_MAIN)
        paragraphs = paragraphs_in(root)
        if len(paragraphs) > MOST_PARAGRAPHS:
            raise InputInvalid(
                f"有 {len(paragraphs)} 段，超过一次能查的 {MOST_PARAGRAPHS} 段", remedy="分成几个文件再查"
            )
        lines = tuple(self._line(index, one) for index, one in enumerate(paragraphs))
        numbers = {one: line.number for one, line in zip(paragraphs, lines, strict=True)}
        settings = self._part("word/settings.xml")
        odd_even = settings is not None and settings.find(f"{W}evenAndOddHeaders") is not None
        return Paper(
            lines=lines,
            sections=tuple(_section(one) for one in root.iter(f"{W}sectPr")),
            margins=tuple(self._margins(root)),
            tables=tuple(_tables(root, numbers)),
            traces=self._traces(root),
            odd_even=odd_even,
            drawn=next(root.iter(f"{W}drawing", f"{W}pict"), None) is not None,
            paged=self.paged,
        )

    def _line(self, index: int, paragraph: Any) -> Line:
        style = _value(paragraph.find(f"{W}pPr/{W}pStyle"))
        direct = properties(paragraph.find(f"{W}pPr"))
        new_page = any(one.get(f"{W}type") == "page" for one in _own(paragraph, f"{W}br"))
        ended = sum(1 for _ in _own(paragraph, f"{W}lastRenderedPageBreak"))
        self.paged = self.paged or ended > 0
        page = self.page + (1 if ended and _begins_with_break(paragraph) else 0)
        self.page += ended
        runs = tuple(_joined(self._runs(paragraph, style)))
        text = "".join(run.text for run in runs)
        if text.strip():
            self.count += 1
        setting = self.styles.stands(style, direct)
        return Line(
            index=index,
            number=self.count if text.strip() else 0,
            text=text,
            runs=runs,
            setting=setting,
            style=self.styles.names.get(style, style),
            place=_place(paragraph),
            numbered=self._numbered(style, paragraph),
            new_page=new_page or setting.page_before,
            ends_section=paragraph.find(f"{W}pPr/{W}sectPr") is not None,
            page=page,
        )

    def _runs(self, paragraph: Any, style: str) -> Iterator[Run]:
        start = 0
        for run in _own(paragraph, f"{W}r"):
            if any(True for _ in run.iterancestors(f"{W}del", f"{W}moveFrom")):
                continue
            text = "".join(text_of(one) for one in run.iterchildren(*_TEXT))
            if not text:
                continue
            shape = run.find(f"{W}rPr")
            character = _value(shape.find(f"{W}rStyle")) if shape is not None else ""
            yield Run(text, self.styles.looks(style, character, properties(shape)), start)
            start += len(text)

    def _numbered(self, style: str, paragraph: Any) -> bool:
        direct = paragraph.find(f"{W}pPr/{W}numPr/{W}numId")
        if direct is not None:
            return _value(direct) != "0"
        chain = self.styles.chain(style or self.styles.default)
        return any(name == "numPr" for one in chain for name, _ in self.styles.paragraph.get(one, {}))

    def _margins(self, root: Any) -> Iterator[Margin]:
        targets = self._targets("word/_rels/document.xml.rels")
        for section in root.iter(f"{W}sectPr"):
            for reference in section.iterchildren(f"{W}headerReference", f"{W}footerReference"):
                target = targets.get(reference.get(f"{_R}id", ""), "")
                part = self._part(f"word/{target.removeprefix('/word/')}")
                if part is None:
                    continue
                kind = "header" if reference.tag.endswith("headerReference") else "footer"
                kept = (self.count, self.page, self.paged)
                lines = tuple(
                    replace(self._line(0, one), number=0, page=0)
                    for one in part.iter(f"{W}p")
                    if not _fallback(one)
                )
                self.count, self.page, self.paged = kept
                yield Margin(kind, reference.get(f"{W}type", "default"), lines, _prints_page(part))

    def _targets(self, name: str) -> Mapping[str, str]:
        root = self._part(name)
        if root is None:
            return {}
        return {one.get("Id", ""): one.get("Target", "") for one in root.iter(f"{_REL}Relationship")}

    def _traces(self, root: Any) -> Traces:
        comments = self._part("word/comments.xml")
        core = self._part("docProps/core.xml")
        outside = []
        for name in sorted(self.names):
            if name.endswith(".rels"):
                rels = self._part(name)
                outside += [
                    one.get("Target", "")
                    for one in (rels if rels is not None else ())
                    if one.get("TargetMode") == "External" and not one.get("Type", "").endswith("/hyperlink")
                ]
        return Traces(
            changes=sum(1 for _ in root.iter(*_CHANGES)),
            comments=0 if comments is None else len(comments.findall(f"{W}comment")),
            macros="word/vbaProject.bin" in self.names,
            outside=tuple(outside),
            author=_said(core, f"{_DC}creator"),
            title=_said(core, f"{_DC}title"),
        )

    def _theme(self) -> Mapping[str, str]:
        root = self._part("word/theme/theme1.xml")
        if root is None:
            return {}
        found = {}
        for kind in ("major", "minor"):
            for font in root.iter(f"{_A}{kind}Font"):
                hans = font.find(f'{_A}font[@script="Hans"]')
                plain = font.find(f"{_A}ea")
                named = "" if plain is None else plain.get("typeface", "")
                found[f"{kind}EastAsia"] = named or ("" if hans is None else hans.get("typeface", ""))
        return found

    def _part(self, name: str) -> Any | None:
        if name not in self.names:
            return None
        if self.package.getinfo(name).file_size > MOST_BYTES:
            raise InputInvalid(f"里面的 {name} 太大，不像一份公文", remedy="拆成几个文件，或核对文件来源")
        return parsed(self.package.read(name))


def parsed(part: bytes) -> Any:
    """One part as a tree; entities and the network are off."""
    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def text_of(element: Any) -> str:
    """The text that one child of a run prints; a break of page or column prints none."""
    if element.tag == f"{W}br" and element.get(f"{W}type", "textWrapping") != "textWrapping":
        return ""
    return _BREAKS.get(element.tag) or element.text or ""


def paragraphs_in(root: Any) -> list[Any]:
    """The paragraphs of a part in the order that ``Line.index`` counts them."""
    return [one for one in root.iter(f"{W}p") if not _fallback(one)]


def texts_in(paragraph: Any) -> Iterator[Any]:
    """What prints text in a paragraph, in order: the same that ``Line.text`` is made of."""
    for run in _own(paragraph, f"{W}r"):
        if not any(True for _ in run.iterancestors(f"{W}del", f"{W}moveFrom")):
            yield from run.iterchildren(*_TEXT)


def _own(paragraph: Any, tag: str) -> Iterator[Any]:
    """Elements of the paragraph itself, not of a text box tied to it."""
    for element in paragraph.iter(tag):
        if next(element.iterancestors(f"{W}p")) is paragraph and not _fallback(element):
            yield element


def _begins_with_break(paragraph: Any) -> bool:
    for element in paragraph.iter(f"{W}lastRenderedPageBreak", f"{W}t"):
        return bool(element.tag == f"{W}lastRenderedPageBreak")
    return False


def _joined(runs: Iterator[Run]) -> Iterator[Run]:
    held: Run | None = None
    for run in runs:
        if held is not None and held.look == run.look:
            held = replace(held, text=held.text + run.text)
            continue
        if held is not None:
            yield held
        held = run
    if held is not None:
        yield held


def _place(paragraph: Any) -> Place:
    for above in paragraph.iterancestors(f"{W}tc", f"{W}txbxContent"):
        return Place.BOX if above.tag == f"{W}txbxContent" or _boxed(above) else Place.TABLE
    return Place.BODY


def _boxed(element: Any) -> bool:
    return next(element.iterancestors(f"{W}txbxContent"), None) is not None


def _fallback(element: Any) -> bool:
    return next(element.iterancestors(f"{_MC}Fallback"), None) is not None


def _value(element: Any) -> str:
    return "" if element is None else element.get(f"{W}val", "")


def _said(root: Any, tag: str) -> str:
    found = None if root is None else root.find(tag)
    return "" if found is None else (found.text or "")


def _prints_page(part: Any) -> bool:
    asked = [one.text or "" for one in part.iter(f"{W}instrText")]
    asked += [one.get(f"{W}instr", "") for one in part.iter(f"{W}fldSimple")]
    return any(re.search(r"\bPAGE\b", one) for one in asked) or next(part.iter(f"{W}pgNum"), None) is not None


def _section(element: Any) -> Section:
    size, margin, grid = (element.find(f"{W}{name}") for name in ("pgSz", "pgMar", "docGrid"))

    def number(of: Any, name: str) -> int:
        try:
            return 0 if of is None else round(float(of.get(f"{W}{name}", "0")))
        except ValueError:
            return 0

    return Section(
        width=number(size, "w"),
        height=number(size, "h"),
        top=number(margin, "top"),
        right=number(margin, "right"),
        bottom=number(margin, "bottom"),
        left=number(margin, "left"),
        grid="" if grid is None else grid.get(f"{W}type", ""),
        pitch=number(grid, "linePitch"),
        different_first=element.find(f"{W}titlePg") is not None,
        landscape=number(size, "w") > number(size, "h"),
    )


def _tables(root: Any, numbers: Mapping[Any, int]) -> Iterator[Table]:
    for table in root.iter(f"{W}tbl"):
        if _fallback(table):
            continue
        rows = tuple(
            tuple(
                "".join(text_of(one) for p in cell.iterchildren(f"{W}p") for one in texts_in(p)).strip()
                for cell in row.iterchildren(f"{W}tc")
            )
            for row in table.iterchildren(f"{W}tr")
        )
        yield Table(rows, next((number for p in table.iter(f"{W}p") if (number := numbers.get(p, 0))), 0))
