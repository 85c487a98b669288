"""Filling a template with values: checked before, sandboxed while, read back after.

docxtpl alone loses text without a word (at the first ``&``, at a control character, at an undefined name); so
every value that was printed must be found again in the finished file. Most templates are compiled once
(``compiled``); docxtpl fills those that cannot be.
"""

from __future__ import annotations

import html
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from docx.opc.constants import RELATIONSHIP_TYPE
from docxtpl import DocxTemplate
from jinja2 import TemplateError, TemplateSyntaxError
from jinja2.exceptions import SecurityError
from lxml import etree

from dujian_docs.documents.compiled import PROPERTIES, Compiled, check_properties, why_not
from dujian_docs.documents.fields import Context, Field, checked
from dujian_docs.documents.fitting import fit, fit_letter_mark, style_names
from dujian_docs.documents.packing import reproducible
from dujian_docs.documents.sandbox import Sandbox
from dujian_docs.documents.template_text import EDITED, not_a_document, paragraphs_of
from dujian_docs.documents.templates import faults_of, place_of
from dujian_docs.errors import TemplateInvalid

_LEFT_OVER = ("{{", "}}", "{%", "%}", "{#", "｛｛", "｝｝")
MOST_COMPILED = 16
"""Templates kept compiled."""


@dataclass(frozen=True, slots=True)
class Template:
    """A template file whose tags were found to name declared fields only."""

    name: str
    content: bytes
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Misuse:
    """A tag that cannot stay: its paragraph counted from 1 (0 when unseen), what is wrong, what to write."""

    number: int
    reason: str
    advice: str

    @property
    def where(self) -> str:
        """The paragraph in words."""
        return f"第 {self.number} 段" if self.number else "某处"

    def error(self, name: str) -> TemplateInvalid:
        """The refusal of the template ``name`` for it."""
        return TemplateInvalid(f"模板 {name} {self.where}{self.reason}", remedy=f"{self.advice}。{EDITED}")


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
    for misuse in misuses_of(name, content, fields):
        raise misuse.error(name)
    return Template(name, content, tuple(fields))


def misuses_of(name: str, content: bytes, fields: Sequence[Field]) -> Iterator[Misuse]:
    """Everything that keeps the file from being a template of these fields, in order; nothing when it is one.

    Raises:
        TemplateInvalid: it is no .docx file.
    """
    paragraphs = paragraphs_of(name, content)
    for number, text in enumerate(paragraphs, start=1):
        for mark in ("｛｛", "｛%", "{{r ", "{%r ", "{{p ", "{{tr ", "{{tc "):
            if mark in text:
                word = mark.strip()
                yield Misuse(number, f"的“{word}”不对：“{word}”这种记号不能用", "标签用半角的 {{ 字段名 }}")
                return
    environment = Sandbox()
    for source in _sources(name, content):
        try:
            tree = environment.parse(source)
        except (TemplateSyntaxError, SecurityError):
            yield _malformed(paragraphs)
            continue
        for fault in faults_of(tree, fields):
            number, tag = place_of(fault.word, paragraphs)
            yield Misuse(number, f"的“{tag}”不对：{fault.reason}", fault.advice)


def render(template: Template, values: Context, *, at: datetime) -> bytes:
    """The finished .docx: every value in its place, nothing of the template's tags left.

    The same template, values and time give the same bytes.

    Args:
        template: from ``load_template``.
        values: by field name; absent optional fields print nothing.
        at: written into the file as the time it was made.

    Raises:
        InputInvalid: a required value is missing, or a value is not fit to be printed or too long.
        TemplateInvalid: a value or a tag was lost on the way.
    """
    context = checked(template.fields, values)
    compiled = _compiled(template.content)
    try:
        if compiled is None:
            finished, printed = _by_docxtpl(template, context, at)
            found = "\n".join(paragraphs_of(template.name, finished))
        else:
            finished, found, printed = compiled.filled(context, at=at)
    except (TemplateError, etree.XMLSyntaxError) as error:
        raise TemplateInvalid(f"模板 {template.name} 填不进内容", remedy=EDITED) from error
    _check_read_back(template, found, printed)
    return finished


def rendered_by_docxtpl(template: Template, values: Context, *, at: datetime) -> bytes:
    """What ``render`` gives, made by docxtpl: for what cannot be compiled, and to compare with.

    Raises:
        InputInvalid: a required value is missing or a value is not fit to be printed.
        TemplateError, etree.XMLSyntaxError: the template cannot be filled with these values.
    """
    return _by_docxtpl(template, checked(template.fields, values), at)[0]


@lru_cache(maxsize=MOST_COMPILED)
def _compiled(content: bytes) -> Compiled | None:
    """The template compiled, or None when docxtpl has to fill it."""
    return None if why_not(content) else Compiled(content)


def _by_docxtpl(template: Template, context: Context, at: datetime) -> tuple[bytes, list[str]]:
    environment = Sandbox()
    document = DocxTemplate(io.BytesIO(template.content))
    document.init_docx()
    core, apart = document.docx.core_properties, Sandbox()
    check_properties(apart.from_string(getattr(core, name)).render(context) for name in PROPERTIES)
    document.render(dict(context), jinja_env=environment)
    names = style_names(document.docx.styles.element)
    fit(document.docx.element.body, names, sealed=bool(context.get("sealed", True)))
    for relation in document.docx.part.rels.values():  # docxtpl has put other parts in their place
        if relation.reltype == RELATIONSHIP_TYPE.HEADER:
            fit_letter_mark(relation.target_part.element, names)
    core = document.docx.core_properties
    for name in PROPERTIES:  # docxtpl escapes them as if they were XML text, python-docx then escapes again
        setattr(core, name, html.unescape(getattr(core, name)))
    core.created = core.modified = at.replace(tzinfo=None)
    buffer = io.BytesIO()
    document.save(buffer)
    return reproducible(buffer.getvalue()), environment.printed


def _check_read_back(template: Template, found: str, printed: Sequence[str]) -> None:
    lost = [text for text, times in Counter(printed).items() if text and found.count(text) < times]
    if lost:
        raise TemplateInvalid(
            f"模板 {template.name} 漏印了“{lost[0][:40]}”",
            remedy=f"模板里这个标签所在的段落有问题，{EDITED}",
        )
    left = [mark for mark in _LEFT_OVER if mark in found]
    if left or ("None" in found and not any("None" in text for text in printed)):
        raise TemplateInvalid(f"模板 {template.name} 印出后还留着“{(left or ['None'])[0]}”", remedy=EDITED)


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
        sources += [getattr(document.docx.core_properties, name) for name in PROPERTIES]
    except (ValueError, KeyError, etree.XMLSyntaxError) as error:
        raise not_a_document(name) from error
    return [str(source) for source in sources]


def _malformed(paragraphs: Sequence[str]) -> Misuse:
    opened = sum(text.count("{%") for text in paragraphs)
    number = next((i for i, text in enumerate(paragraphs, start=1) if _is_torn(text)), 0)
    what = f"“{paragraphs[number - 1][:60]}”" if number else f"，{opened} 个 {{% %}} 标签中有不成对的"
    return Misuse(number, f"的标签写法不对：{what}", "核对标签的括号和 for/endfor、if/endif 是否成对")


def _is_torn(text: str) -> bool:
    return text.count("{{") != text.count("}}") or text.count("{%") != text.count("%}")
