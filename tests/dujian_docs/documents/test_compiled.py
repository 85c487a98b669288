"""Compiled templates give what docxtpl gives: the same parts, the same XML trees, the same text."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from dujian_docs.documents import Genre, shipped_templates
from dujian_docs.documents.compiled import why_not
from dujian_docs.documents.fields import (
    _FORBIDDEN,
    _TEMPLATE_MARKS,
    Context,
    Field,
    FieldKind,
    Source,
    Value,
)
from dujian_docs.documents.rendering import Template, load_template, render, rendered_by_docxtpl
from dujian_docs.errors import InputInvalid, TemplateInvalid

AT = datetime(2026, 3, 2, 9, 8, 7)
FIELDS = (
    Field("title", "标题", FieldKind.TEXT, Source.RECORD, "督导活动的“活动名称”", required=True),
    Field("cc", "抄送", FieldKind.TEXT, Source.SETTINGS, "设置"),
    Field("sealed", "盖章", FieldKind.FLAG, Source.SETTINGS, "设置"),
    Field("lines", "要求", FieldKind.LINES, Source.RECORD, "督导活动的“有关要求”"),
    Field("rows", "成员", FieldKind.ROWS, Source.RECORD, "督导活动的“组员”", columns=("name", "post")),
)
FOLDERS = sorted(path.parent for path in shipped_templates().glob("*/genre.toml"))
DocxOf = Callable[..., bytes]
Edited = Callable[[bytes, str, str], bytes]


def parts(content: bytes) -> dict[str, bytes | str]:
    """Every part of a package; XML in its canonical form, whatever order and prefix its names have."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        assert package.namelist()[0] == "[Content_Types].xml"
        return {
            name: etree.canonicalize(package.read(name).decode())
            if name.endswith((".xml", ".rels"))
            else package.read(name)
            for name in package.namelist()
        }


def assert_alike(template: Template, values: Context) -> None:
    assert parts(render(template, values, at=AT)) == parts(rendered_by_docxtpl(template, values, at=AT))


@pytest.fixture(scope="session")
def edited() -> Edited:
    """Gives a function: a .docx in whose body one text stands instead of another."""

    def made(content: bytes, old: str, new: str) -> bytes:
        buffer = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
            for entry in source.infolist():
                part = source.read(entry)
                if entry.filename == "word/document.xml":
                    assert old in part.decode()
                    part = part.decode().replace(old, new, 1).encode()
                target.writestr(entry.filename, part)
        return buffer.getvalue()

    return made


@pytest.mark.parametrize("folder", FOLDERS, ids=[folder.name for folder in FOLDERS])
def test_every_genre_has_the_same_trees_as_with_docxtpl(folder: Path) -> None:
    genre = Genre.load(folder)
    sample = genre.sample()
    optional = {field.name for field in genre.fields if not field.required}
    bare = {name: value for name, value in sample.items() if name not in optional}
    turned = {
        field.name: not sample.get(field.name, False)
        for field in genre.fields
        if field.kind is FieldKind.FLAG
    }
    doubled = {
        field.name: (*sample[field.name], *sample[field.name])  # type: ignore[misc]
        for field in genre.fields
        if field.kind in {FieldKind.LINES, FieldKind.ROWS} and field.name in sample
    }
    for values in (sample, bare, {**sample, **turned}, {**sample, **doubled}):
        assert_alike(genre.template, values)


def test_nearly_every_shipped_template_is_compiled() -> None:
    left = {folder.name: why_not((folder / "template.docx").read_bytes()) for folder in FOLDERS}
    slow = {name: reason for name, reason in left.items() if reason}
    assert len(slow) * 10 <= len(FOLDERS), slow


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30).filter(
    lambda text: not _FORBIDDEN.search(text) and not _TEMPLATE_MARKS.search(text)
)


@pytest.fixture(scope="session")
def every_tag(docx_of: DocxOf) -> Template:
    """A template with every kind of tag."""
    content = docx_of(
        "前{{ title }}后",
        "{% if cc and sealed %}抄送：{{ cc }}{% else %}无{% endif %}",
        "{%p for line in lines %}", "{{ loop.index }}.{{ line }}", "{%p endfor %}",
        "{%p for row in rows %}", "{{ row.name }}：{{ row.post }}", "{%p endfor %}",
        footer="{{ cc }}",
        title="{{ title }}",
    )  # fmt: skip
    assert why_not(content) == ""
    return load_template("试", content, FIELDS)


@settings(max_examples=60, deadline=None)
@given(
    title=TEXT.filter(bool),
    cc=TEXT,
    sealed=st.booleans(),
    lines=st.lists(TEXT, max_size=4),
    rows=st.lists(st.fixed_dictionaries({"name": TEXT, "post": TEXT}), max_size=4),
)
def test_any_values_have_the_same_trees(
    every_tag: Template, title: str, cc: str, sealed: bool, lines: list[str], rows: list[dict[str, str]]
) -> None:
    values: dict[str, Value] = {"title": title, "cc": cc, "sealed": sealed, "lines": lines, "rows": rows}
    assert_alike(every_tag, values)


def test_a_compiled_template_keeps_nothing_of_an_earlier_document(docx_of: DocxOf) -> None:
    template = load_template("试", docx_of("{{ title }}", "{{ cc }}", title="{{ title }}"), FIELDS)
    first = render(template, {"title": "甲", "cc": "一"}, at=AT)
    second = render(template, {"title": "乙"}, at=AT)
    assert "甲" not in str(parts(second)["word/document.xml"])
    assert "甲" not in str(parts(second)["docProps/core.xml"])
    assert render(template, {"title": "甲", "cc": "一"}, at=AT) == first
    assert docx.Document(io.BytesIO(second)).core_properties.title == "乙"


TABLE = (
    "<w:tbl><w:tblPr/><w:tblGrid><w:gridCol w:w='100'/><w:gridCol w:w='100'/></w:tblGrid>"
    "<w:tr>{}</w:tr></w:tbl>"
)
CELL = "<w:tc><w:p><w:r><w:t>格</w:t></w:r></w:p></w:tc>"
LEFT_TO_DOCXTPL = {
    "a question over two paragraphs": (
        "{{ title }}</w:t></w:r></w:p><w:p><w:r><w:t>{% if cc %}",
        "{{ title }}{% if cc %}</w:t></w:r></w:p><w:p><w:r><w:t>{% endif %}",
    ),
    "a comment": ("{{ title }}", "{{ title }}</w:t></w:r><!-- {{ cc }} --><w:r><w:t>"),
    "a line break in a text": ("{{ title }}", "{{ title }}\n第二行"),
    "a table with too many cells": (
        "<w:sectPr",
        TABLE.format(CELL * 3) + "<w:p/><w:sectPr",
    ),
    "a table with too few cells": ("<w:sectPr", TABLE.format(CELL) + "<w:p/><w:sectPr"),
}


@pytest.mark.parametrize("change", LEFT_TO_DOCXTPL.values(), ids=LEFT_TO_DOCXTPL)
def test_what_cannot_be_compiled_is_left_to_docxtpl(
    docx_of: DocxOf, edited: Edited, change: tuple[str, str]
) -> None:
    plain = docx_of("{{ title }}", "{% if cc %}{{ cc }}{% endif %}")
    assert why_not(plain) == ""
    if "if cc" in change[0]:
        content = docx_of("{{ title }}{% if cc %}", "{% endif %}完")
    else:
        content = edited(plain, *change)
    assert why_not(content) != ""
    template = load_template("试", content, FIELDS)
    values = {"title": "通知", "cc": "办公室"}
    if "<!--" in change[1]:
        with pytest.raises(TemplateInvalid, match="漏印"):
            render(template, values, at=AT)
    else:
        assert render(template, values, at=AT) == rendered_by_docxtpl(template, values, at=AT)


def test_a_tag_in_a_footnote_is_left_to_docxtpl(docx_of: DocxOf) -> None:
    content = docx_of("{{ title }}")
    buffer = io.BytesIO()
    note = (
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        "<w:footnote><w:p><w:r><w:t>{{ cc }}</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for entry in source.infolist():
            part = source.read(entry).decode("utf-8") if entry.filename.endswith(("xml", "rels")) else ""
            if entry.filename == "[Content_Types].xml":
                override = f'<Override PartName="/word/footnotes.xml" ContentType="{kind}"/></Types>'
                part = part.replace("</Types>", override)
            if entry.filename == "word/_rels/document.xml.rels":
                link = (
                    '<Relationship Id="rIdNote" Target="footnotes.xml" Type="http://schemas.openxmlformats.org/'
                    'officeDocument/2006/relationships/footnotes"/></Relationships>'
                )
                part = part.replace("</Relationships>", link)
            target.writestr(entry.filename, part or source.read(entry))
        target.writestr("word/footnotes.xml", note)
    assert why_not(buffer.getvalue()) == "tags in footnotes"
    template = load_template("试", buffer.getvalue(), FIELDS)
    made = render(template, {"title": "通知", "cc": "办公室"}, at=AT)
    assert "办公室" in str(parts(made)["word/footnotes.xml"])


@pytest.mark.parametrize("footnoted", [False, True])
def test_a_text_too_long_for_a_document_property_is_refused(
    docx_of: DocxOf, edited: Edited, footnoted: bool
) -> None:
    content = docx_of("{{ title }}", title="{{ title }}")
    if footnoted:
        content = edited(content, "{{ title }}", "{{ title }}</w:t></w:r><!-- --><w:r><w:t>")
    template = load_template("试", content, FIELDS)
    assert bool(why_not(content)) is footnoted
    render(template, {"title": "长" * 255}, at=AT)
    with pytest.raises(InputInvalid, match="256 个字"):
        render(template, {"title": "长" * 256}, at=AT)
