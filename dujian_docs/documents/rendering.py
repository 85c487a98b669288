"""Filling a template with values: checked before, sandboxed while, read back after.

The only module that speaks docxtpl. docxtpl alone loses text without a word (at the first ``&``, at a control
character, at an undefined name); so every value that was printed must be found again in the finished file.
"""

from __future__ import annotations

import html
import io
import zipfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from docxtpl import DocxTemplate
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree

from dujian_docs.documents.fields import Context, Field, checked
from dujian_docs.documents.fitting import fit, fit_letter_mark
from dujian_docs.documents.templates import Fault, faults_of, place_of
from dujian_docs.errors import TemplateInvalid

MOST_PACKED, MOST_UNPACKED, MOST_PARTS = 5_000_000, 50_000_000, 500
"""Bytes of a template file, bytes of its parts unpacked, and how many parts it may have."""
_LEFT_OVER = ("{{", "}}", "{%", "%}", "{#", "｛｛", "｝｝")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
"""The document properties in which docxtpl fills tags."""
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_EDITED = "在 WPS 或 Word 里打开模板改正，或从程序自带的 templates 文件夹复制一份原样模板"


class _NoCalls(ImmutableSandboxedEnvironment):
    """Jinja without calls, filters, tests or names of its own; prints texts only, and remembers them."""

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=self._text_only)
        self.globals.clear()
        self.filters.clear()
        self.tests.clear()
        self.printed: list[str] = []

    def call(self, *_: Any, **__: Any) -> NoReturn:
        """Nothing may be called."""
        raise SecurityError("calls are forbidden")

    def _text_only(self, value: Any) -> str:
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)  # loop.index
        if not isinstance(value, str):
            raise SecurityError(f"a {type(value).__name__} cannot be printed")
        self.printed.append(value)
        return value


@dataclass(frozen=True, slots=True)
class Template:
    """A template file whose tags were found to name declared fields only."""

    name: str
    content: bytes
    fields: tuple[Field, ...]


def load_template(name: str, content: bytes, fields: Sequence[Field]) -> Template:
    """The template, checked against the fields it may use.

    Args:
        name: how messages call it, e.g. ``notice_inspection/template.docx``.
        content: the .docx file.
        fields: what the genre declares.

    Raises:
        TemplateInvalid: it is no .docx file, a tag is malformed, names an unknown field, or does what a tag
            may not; the message names the template, the tag and the paragraph.
    """
    paragraphs = _paragraphs(name, content)
    for number, text in enumerate(paragraphs, start=1):
        for mark in ("｛｛", "｛%", "{{r ", "{%r ", "{{p ", "{{tr ", "{{tc "):
            if mark in text:
                raise _invalid(
                    name,
                    Fault(mark.strip(), f"“{mark.strip()}”这种记号不能用", "标签用半角的 {{ 字段名 }}"),
                    (number, mark),
                )
    environment = _NoCalls()
    for source in _sources(name, content):
        try:
            tree = environment.parse(source)
        except (TemplateSyntaxError, SecurityError) as error:
            raise _malformed(name, paragraphs) from error
        for fault in faults_of(tree, fields):
            raise _invalid(name, fault, place_of(fault.word, paragraphs))
    return Template(name, content, tuple(fields))


def render(template: Template, values: Context, *, at: datetime) -> bytes:
    """The finished .docx: every value in its place, nothing of the template's tags left.

    The same template, values and time give the same bytes.

    Args:
        template: from ``load_template``.
        values: by field name; absent optional fields print nothing.
        at: written into the file as the time it was made.

    Raises:
        InputInvalid: a required value is missing or a value is not fit to be printed.
        TemplateInvalid: a value or a tag was lost on the way.
    """
    context = checked(template.fields, values)
    environment = _NoCalls()
    document = DocxTemplate(io.BytesIO(template.content))
    try:
        document.render(dict(context), jinja_env=environment)
    except (TemplateError, etree.XMLSyntaxError) as error:
        raise TemplateInvalid(f"模板 {template.name} 填不进内容", remedy=_EDITED) from error
    fit(document.docx.element.body, document.docx.styles.element, sealed=bool(context.get("sealed", True)))
    for section in document.docx.sections:
        if section.different_first_page_header_footer:
            fit_letter_mark(section.first_page_header._element, document.docx.styles.element)  # noqa: SLF001 - python-docx gives no other way to its XML
    core = document.docx.core_properties
    for name in _PROPERTIES:  # docxtpl escapes them as if they were XML text, python-docx then escapes again
        setattr(core, name, html.unescape(getattr(core, name)))
    core.created = core.modified = at.replace(tzinfo=None)
    buffer = io.BytesIO()
    document.save(buffer)
    finished = reproducible(buffer.getvalue())
    _read_back(template, finished, environment.printed)
    return finished


def _read_back(template: Template, finished: bytes, printed: Sequence[str]) -> None:
    found = "\n".join(_paragraphs(template.name, finished))
    lost = [text for text, times in Counter(printed).items() if text and found.count(text) < times]
    if lost:
        raise TemplateInvalid(
            f"模板 {template.name} 漏印了“{lost[0][:40]}”",
            remedy=f"模板里这个标签所在的段落有问题，{_EDITED}",
        )
    left = [mark for mark in _LEFT_OVER if mark in found]
    if left or ("None" in found and not any("None" in text for text in printed)):
        raise TemplateInvalid(f"模板 {template.name} 印出后还留着“{(left or ['None'])[0]}”", remedy=_EDITED)


def reproducible(content: bytes) -> bytes:
    """The same package with fixed times and the parts in one order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in sorted(source.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))
    return buffer.getvalue()


def _sources(name: str, content: bytes) -> list[str]:
    """Every text of the template that holds tags, as docxtpl will read it."""
    document = DocxTemplate(io.BytesIO(content))
    try:
        document.init_docx()
        sources = [document.patch_xml(document.get_xml())]
        for uri in (document.HEADER_URI, document.FOOTER_URI):
            sources += [
                document.patch_xml(document.get_part_xml(part))
                for _, part in document.get_headers_footers(uri)
            ]
        for part in document.docx.part.package.iter_parts():
            if part.content_type.endswith("footnotes+xml"):
                sources.append(document.patch_xml(part.blob.decode()))
        sources += [getattr(document.docx.core_properties, name) for name in _PROPERTIES]
    except (ValueError, KeyError, etree.XMLSyntaxError) as error:
        raise _not_a_document(name) from error
    return [str(source) for source in sources]


def _paragraphs(name: str, content: bytes) -> list[str]:
    """The text of every paragraph: the body's first, then headers, footers, notes and properties."""
    found: list[str] = []
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            entries = package.infolist()
            if (
                len(content) > MOST_PACKED
                or len(entries) > MOST_PARTS
                or sum(e.file_size for e in entries) > MOST_UNPACKED
            ):
                raise TemplateInvalid(f"模板 {name} 太大", remedy="删去模板里的图片和嵌入对象")
            names = [entry.filename for entry in entries if entry.filename.endswith(".xml")]
            for part in sorted(names, key=lambda part: (part != "word/document.xml", part)):
                if part.startswith("word/") or part == "docProps/core.xml":
                    found += _texts(etree.fromstring(package.read(part), _parser()))
    except (zipfile.BadZipFile, etree.XMLSyntaxError, KeyError, NotImplementedError, RuntimeError) as error:
        raise _not_a_document(name) from error
    return found


def _texts(root: Any) -> list[str]:
    """The text of each paragraph, in order; a text box's own paragraphs follow the one it is anchored in."""
    if root.tag.endswith("}coreProperties"):
        return [element.text or "" for element in root]
    return [
        "".join(
            element.text or ""
            for element in paragraph.iter(f"{_W}t")
            if next(element.iterancestors(f"{_W}p")) is paragraph
        )
        for paragraph in root.iter(f"{_W}p")
    ]


def _parser() -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def _not_a_document(name: str) -> TemplateInvalid:
    return TemplateInvalid(f"模板 {name} 不是能打开的 .docx 文件", remedy=_EDITED)


def _malformed(name: str, paragraphs: Sequence[str]) -> TemplateInvalid:
    opened = sum(text.count("{%") for text in paragraphs)
    number = next((i for i, text in enumerate(paragraphs, start=1) if _is_torn(text)), 0)
    where = (
        f"第 {number} 段“{paragraphs[number - 1][:60]}”"
        if number
        else f"{opened} 个 {{% %}} 标签中有不成对的"
    )
    return TemplateInvalid(
        f"模板 {name} 的标签写法不对：{where}",
        remedy=f"核对标签的括号和 for/endfor、if/endif 是否成对；{_EDITED}",
    )


def _is_torn(text: str) -> bool:
    return text.count("{{") != text.count("}}") or text.count("{%") != text.count("%}")


def _invalid(name: str, fault: Fault, place: tuple[int, str]) -> TemplateInvalid:
    number, tag = place
    where = f"第 {number} 段" if number else "某处"
    return TemplateInvalid(
        f"模板 {name} {where}的“{tag}”不对：{fault.reason}", remedy=f"{fault.advice}。{_EDITED}"
    )
