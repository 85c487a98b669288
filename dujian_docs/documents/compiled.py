"""Templates compiled once and filled many times: per document only the texts are made and packed.

What comes out has the same text and structure as what docxtpl makes of the template. What can be filled
this way is found by looking at the template, never by trying; everything else is left to docxtpl.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from threading import Lock
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docxtpl import DocxTemplate
from jinja2 import Template as JinjaTemplate
from lxml import etree

from dujian_docs.documents.compilable import BODY, STAND_INS, edges, obstacle
from dujian_docs.documents.fields import Context
from dujian_docs.documents.fitting import FITTED, FITTED_ALONE, fit, fit_letter_mark, style_names
from dujian_docs.documents.packing import FAST, Package, Packed, packed, stored
from dujian_docs.documents.sandbox import Sandbox
from dujian_docs.documents.template_text import texts_in
from dujian_docs.errors import InputInvalid

PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
"""The document properties in which docxtpl fills tags."""
MOST_PROPERTY = 255
"""Characters of a document property; the file format allows no more."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DOC_PR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_CORE = "docProps/core.xml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_BETWEEN = "<?next?>"
MOST_FITTED = 64
"""Fitted titles, 版记 and so on that a compiled template remembers."""
_FIRST_DRAWING = 1001
"""docxtpl numbers drawings from here."""
_NO_TIME = datetime(1111, 11, 11, 11, 11, 11)  # noqa: DTZ001 - a mark to be replaced, python-docx wants it naive
_TOGETHER, _ALONE = re.compile("[\x02\x03]"), re.compile("\x04(.*?)\x05", re.DOTALL)
"""Marks around elements to be fitted, with others or by themselves; no value and no XML may hold them."""
_TAGS = re.compile(r"\{[{%].*?[}%]\}")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part with tags, and what stands before and behind what is rendered of it."""

    name: str
    template: JinjaTemplate
    before: str = _HEAD
    behind: str = ""
    letter: bool = False


class Compiled:
    """A template ready to be filled; safe to be used by several threads."""

    def __init__(self, content: bytes) -> None:
        self._environment = Sandbox()
        self._lock = Lock()
        document = DocxTemplate(io.BytesIO(content))
        document.init_docx()
        self._styles = style_names(document.docx.styles.element)
        self._parts = tuple(self._dynamic(document))
        self._properties = {
            name: self._environment.from_string(getattr(document.docx.core_properties, name))
            for name in PROPERTIES
        }
        for name in PROPERTIES:
            setattr(document.docx.core_properties, name, _mark(name))
        document.docx.core_properties.created = document.docx.core_properties.modified = _NO_TIME
        whole = io.BytesIO()
        document.docx.save(whole)
        changing = {part.name for part in self._parts} | {_CORE}
        with zipfile.ZipFile(whole) as package:
            self._core = package.read(_CORE).decode()
            kept = {name: package.read(name) for name in package.namelist() if name not in changing}
        self._package = Package(kept)
        self._kept_text = "\n".join(
            texts_in(part.decode())
            for name, part in kept.items()
            if name.startswith("word/") and name.endswith(".xml")
        )
        self._fitted = lru_cache(maxsize=MOST_FITTED)(self._fit)

    def filled(self, context: Context, *, at: datetime) -> tuple[bytes, str, list[str]]:
        """The .docx, the whole text found in it, and every text that was printed.

        Raises:
            InputInvalid: a text is too long for a document property.
            TemplateError, etree.XMLSyntaxError: the template cannot be filled with these values.
        """
        with self._lock:
            printed: list[str] = []
            self._environment.printed = printed
            bodies = [(part, part.template.render(context)) for part in self._parts]
            properties = {name: one.render(context) for name, one in self._properties.items()}
        check_properties(properties.values())
        made: list[Packed] = []
        texts = [self._kept_text]
        for part, body in bodies:
            made.append(packed(part.name, self._finished(part, body, context), FAST))
            texts.append(texts_in(made[-1].unpacked().decode()))
        made.append(stored(_CORE, self._core_part(properties, at)))
        texts += [html.unescape(text) for text in properties.values()]
        return self._package.with_parts(made), "\n".join(texts), printed

    def _finished(self, part: _Part, body: str, context: Context) -> bytes:
        """A rendered part, its drawings numbered and its paragraphs fitted.

        Of a body only the elements that the texts place are read; the rest is as it was rendered.
        """
        if part.letter:
            header = etree.fromstring(body)
            fit_letter_mark(header, self._styles)
            body = etree.tostring(header, encoding="unicode")
        elif part.name == BODY:
            root, sealed = body[: body.index(">") + 1], bool(context.get("sealed", True))
            body = _ALONE.sub(lambda one: self._fitted(root, one[1], sealed), body)
            pieces = _TOGETHER.split(body)
            if len(pieces) > 1:
                pieces[1::2] = self._fitted(root, _BETWEEN.join(pieces[1::2]), sealed).split(_BETWEEN)
            body = "".join(pieces)
        return f"{part.before}{body}{part.behind}".encode()

    def _fit(self, root: str, elements: str, sealed: bool) -> str:  # noqa: FBT001 - a cache sees positions
        """The elements of a body, their drawings numbered and their paragraphs fitted.

        In a batch most documents have the same texts in these places, so that this is remembered.
        """
        body = etree.fromstring(f"{root}{elements}</w:body>")
        for number, drawing in enumerate(body.iter(_DOC_PR), start=_FIRST_DRAWING):
            drawing.set("id", str(number))
        fit(body, self._styles, sealed=sealed)
        fitted = etree.tostring(body, encoding="unicode")
        return fitted[fitted.index(">") + 1 : fitted.rindex("<")]

    def _core_part(self, properties: Mapping[str, str], at: datetime) -> bytes:
        core = self._core.replace(f"{_NO_TIME:%Y-%m-%dT%H:%M:%SZ}", f"{at:%Y-%m-%dT%H:%M:%SZ}")
        for name, text in properties.items():
            core = core.replace(_mark(name), html.escape(html.unescape(text), quote=False))
        return core.encode()

    def _dynamic(self, document: Any) -> Iterator[_Part]:
        """The body, and the headers and footers that have tags."""
        whole = etree.tostring(document.docx.element, encoding="unicode")
        start, end = whole.index("<w:body"), whole.rindex("</w:body>") + len("</w:body>")
        source = _marked(document.patch_xml(document.get_xml()), self._styles)
        yield _Part(
            BODY, self._environment.from_string(source), before=_HEAD + whole[:start], behind=whole[end:]
        )
        letters = _letter_heads(document)
        for name, source in edges(document):
            if "{" in source or name in letters:
                yield _Part(name, self._environment.from_string(source), letter=name in letters)


def check_properties(rendered: Iterable[str]) -> None:
    """Nothing happens when the rendered texts can be document properties.

    Raises:
        InputInvalid: one is longer than the file format allows.
    """
    for text in map(html.unescape, rendered):
        if len(text) > MOST_PROPERTY:
            raise InputInvalid(
                f"“{text[:20]}……”有 {len(text)} 个字，超过文件属性的上限 {MOST_PROPERTY} 个",
                remedy="缩短这一项；标题太长时只写事由和文种",
            )


def why_not(content: bytes) -> str:
    """Why docxtpl has to fill this template, in English for the programmer; empty when it can be compiled.

    The template's tags must have been checked before (``rendering.load_template``).
    """
    document = DocxTemplate(io.BytesIO(content))
    document.init_docx()
    return obstacle(document)


def _marked(body: str, styles: Mapping[str, str]) -> str:
    """The body with marks around each of its elements that holds a drawing or a paragraph to be fitted."""
    root = etree.fromstring(body)
    for element in root:
        named = {styles.get(str(style.get(f"{_W}val")), "") for style in element.iter(f"{_W}pStyle")}
        drawn = next(element.iter(_DOC_PR), None) is not None
        if named & FITTED or drawn:
            alone = not drawn and named & FITTED <= FITTED_ALONE
            before, behind = tuple(STAND_INS)[2:] if alone else tuple(STAND_INS)[:2]
            element.tail = behind + (element.tail or "")
            previous = element.getprevious()
            if previous is None:
                root.text = (root.text or "") + before
            else:
                previous.tail = (previous.tail or "") + before
    source = _TAGS.sub(lambda tag: html.unescape(tag[0]), etree.tostring(root, encoding="unicode"))
    for stand_in, mark in STAND_INS.items():
        source = source.replace(stand_in, mark)
    return source


def _mark(name: str) -> str:
    """A text that stands for the property until it is filled in."""
    return f"\ue000{name}\ue001"


def _letter_heads(document: Any) -> frozenset[str]:
    """The headers of first pages, by their names in the package."""
    relations = document.docx.part.rels
    return frozenset(
        str(relations[reference.get(f"{{{_R}}}id")].target_part.partname).lstrip("/")
        for section in document.docx.element.iter(f"{_W}sectPr")
        if section.find(f"{_W}titlePg") is not None
        for reference in section.findall(f"{_W}headerReference")
        if reference.get(f"{_W}type") == "first"
        and relations[reference.get(f"{{{_R}}}id")].reltype == RELATIONSHIP_TYPE.HEADER
    )
