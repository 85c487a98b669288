"""Rendering: no value lost, nothing executed, nothing left over, the same bytes twice."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dujian_docs.documents.fields import (
    _FORBIDDEN,
    _TEMPLATE_MARKS,
    MOST_TEXT,
    Field,
    FieldKind,
    Source,
    Value,
)
from dujian_docs.documents.rendering import load_template, render
from dujian_docs.errors import InputInvalid, TemplateInvalid

AT = datetime(2026, 3, 2)
FIELDS = (
    Field("title", "标题", FieldKind.TEXT, Source.RECORD, "督导活动的“活动名称”", required=True),
    Field("cc", "抄送", FieldKind.TEXT, Source.SETTINGS, "设置"),
    Field("sealed", "盖章", FieldKind.FLAG, Source.SETTINGS, "设置"),
    Field("lines", "要求", FieldKind.LINES, Source.RECORD, "督导活动的“有关要求”"),
    Field("rows", "成员", FieldKind.ROWS, Source.RECORD, "督导活动的“组员”", columns=("name", "post")),
)
DocxOf = Callable[..., bytes]
TextOf = Callable[[bytes], str]


def rendered(content: bytes, **values: Value) -> bytes:
    return render(load_template("试/template.docx", content, FIELDS), {"title": "通知", **values}, at=AT)


@pytest.mark.parametrize(
    "value",
    [
        "A&B <乙> 公司",
        "</w:t></w:r><w:r><w:t>注入",
        "&amp; &lt; \"引号\" '单引'",
        "〔2026〕“双减”—…",
        "𠮷𬭚😀",
        "e\u0301\u200b",
        "7*7 % } { #",
        "None",
        "  前后有空格  ",
    ],
)
def test_no_character_is_lost(docx_of: DocxOf, text_of_docx: TextOf, value: str) -> None:
    content = rendered(docx_of("前{{ title }}后"), title=value)
    assert f"前{value}后" in text_of_docx(content)


@settings(max_examples=60, deadline=None)
@given(value=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=50))
def test_any_fit_text_comes_out_whole(docx_of: DocxOf, text_of_docx: TextOf, value: str) -> None:
    template = docx_of("前{{ title }}后")
    if _FORBIDDEN.search(value) or _TEMPLATE_MARKS.search(value):
        with pytest.raises(InputInvalid, match=r"控制字符|模板记号"):
            rendered(template, title=value)
    else:
        assert f"前{value}后" in text_of_docx(rendered(template, title=value))


@pytest.mark.parametrize(
    "char", ["\x00", "\x07", "\x0b", "\n", "\t", "\f", "\x1f", "\x7f", "\u2028", "\u202e", "\ud800", "\ufffe"]
)
def test_control_characters_are_refused_with_the_place_to_fix(docx_of: DocxOf, char: str) -> None:
    with pytest.raises(InputInvalid, match="控制字符") as caught:
        rendered(docx_of("{{ title }}"), title=f"通{char}知")
    assert "标题" in caught.value.problem
    assert "督导活动的“活动名称”" in caught.value.remedy


@pytest.mark.parametrize("value", ["{{ title }}", "{% if %}", "{_{", "}}", "｛｛甲｝｝", "{# 注 #}"])
def test_template_marks_in_a_value_are_refused(docx_of: DocxOf, value: str) -> None:
    with pytest.raises(InputInvalid, match="模板记号"):
        rendered(docx_of("{{ title }}"), title=value)


def test_a_missing_required_value_names_label_and_place(docx_of: DocxOf) -> None:
    with pytest.raises(InputInvalid, match="“标题”（督导活动的“活动名称”）"):
        rendered(docx_of("{{ title }}"), title="")


def test_too_much_text_is_refused(docx_of: DocxOf) -> None:
    with pytest.raises(InputInvalid, match="个字"):
        rendered(docx_of("{{ title }}"), title="长" * (MOST_TEXT + 1))
    with pytest.raises(InputInvalid, match="2000 行"):
        rendered(docx_of("{{ title }}"), lines=["条"] * 2001)
    with pytest.raises(InputInvalid, match="太长"):
        rendered(docx_of("{{ title }}"), lines=["长" * 15_000] * 200)


@pytest.mark.parametrize(
    "values", [{"lines": "一条"}, {"sealed": "是"}, {"rows": [{"name": "甲"}]}, {"cc": 3}, {"lines": [None]}]
)
def test_values_of_the_wrong_type_are_a_bug(docx_of: DocxOf, values: dict[str, Value]) -> None:
    with pytest.raises(TypeError):
        rendered(docx_of("{{ title }}"), **values)


def test_undeclared_values_are_a_bug(docx_of: DocxOf) -> None:
    with pytest.raises(KeyError, match="extra"):
        rendered(docx_of("{{ title }}"), extra="多")


def test_loops_questions_and_tables(docx_of: DocxOf, text_of_docx: TextOf) -> None:
    content = docx_of(
        "{%p for line in lines %}", "{{ loop.index }}.{{ line }}", "{%p endfor %}",
        "{% if cc and not sealed %}抄送：{{ cc }}{% else %}无{% endif %}",
        "{%p for row in rows %}", "{{ row.name }}：{{ row.post }}", "{%p endfor %}",
    )  # fmt: skip
    text = text_of_docx(
        rendered(content, lines=["甲", "乙"], cc="办公室", rows=[{"name": "周", "post": "主任"}])
    )
    assert text.split("\n") == ["1.甲", "2.乙", "抄送：办公室", "周：主任"]


def test_footer_and_properties_are_filled_too(docx_of: DocxOf) -> None:
    content = rendered(
        docx_of("{{ title }}", footer="{{ cc }}", title="{{ title }}"), title="A&B", cc="乙<丙>"
    )
    document = docx.Document(io.BytesIO(content))
    assert document.sections[0].footer.paragraphs[0].text == "乙<丙>"
    assert document.core_properties.title == "A&B"
    assert document.core_properties.created is not None
    assert document.core_properties.created.replace(tzinfo=None) == AT


def test_the_same_values_give_the_same_bytes(docx_of: DocxOf) -> None:
    content = docx_of("{{ title }}")
    assert rendered(content) == rendered(content)
    assert rendered(content) != rendered(content, title="别的")
    with zipfile.ZipFile(io.BytesIO(rendered(content))) as package:
        assert package.namelist()[0] == "[Content_Types].xml"
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


UNKNOWN = [
    ("{{ titel }}", "titel"),
    ("{{ record.xyz }}", "record.xyz"),
    ("{{ title.upper }}", "title.upper"),
    ("{% for row in rows %}{{ row.phone }}{% endfor %}", "row.phone"),
    ("{% for row in people %}{{ row.name }}{% endfor %}", "people"),
    ("{% if sealde %}章{% endif %}", "sealde"),
    ("{% for row in rows %}{% endfor %}{{ row.name }}", "row.name"),
]


@pytest.mark.parametrize(("tag", "word"), UNKNOWN, ids=[word for _, word in UNKNOWN])
def test_an_unknown_field_is_named_with_template_tag_and_paragraph(
    docx_of: DocxOf, tag: str, word: str
) -> None:
    with pytest.raises(TemplateInvalid) as caught:
        load_template("notice/template.docx", docx_of("第一段", "第二段{{ title }}", f"第三段{tag}"), FIELDS)
    assert "notice/template.docx 第 3 段" in caught.value.problem
    assert word in caught.value.problem
    assert caught.value.remedy


def test_a_tag_split_over_runs_is_still_found(docx_of: DocxOf) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("{{ ti")
    paragraph.add_run("tel").bold = True
    paragraph.add_run(" }}")
    buffer = io.BytesIO()
    document.save(buffer)
    with pytest.raises(TemplateInvalid, match=r"第 1 段的“\{\{ titel \}\}”"):
        load_template("x", buffer.getvalue(), FIELDS)


@pytest.mark.parametrize(
    "tag",
    [
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ title.__class__ }}",
        "{{ title.delete() }}",
        "{{ title['x'] }}",
        "{{ 'a' * 1000000000 }}",
        "{{ '%999999999s'|format(title) }}",
        "{% for i in range(1000000000) %}x{% endfor %}",
        "{% set x = title %}",
        "{% macro m() %}{% endmacro %}",
        "{% include 'x' %}",
        "{{ self }}",
        "{{ lipsum() }}",
        "{{ title|upper }}",
        "{{ title if sealed else cc }}",
        "{% for a in lines %}{% for b in lines %}{{ b }}{% endfor %}{% endfor %}",
        "{{ lines }}",
        "{{ sealed }}",
        "{{ rows }}",
        "{% for row in rows %}{{ row }}{% endfor %}",
        "{% for row in title %}{{ row }}{% endfor %}",
        "{{r title }}",
        "｛｛ title ｝｝",
        "{{ title",
        "{% if sealed %}没有结尾",
        "{% endif %}",
        "{{ 标题! }}",
    ],
)
def test_what_a_template_may_not_do(docx_of: DocxOf, tag: str) -> None:
    with pytest.raises(TemplateInvalid) as caught:
        load_template("notice/template.docx", docx_of(tag), FIELDS)
    assert "notice/template.docx" in caught.value.problem
    assert caught.value.remedy


def test_tags_in_footer_and_properties_are_checked(docx_of: DocxOf) -> None:
    for content in (
        docx_of("{{ title }}", footer="{{ nobody }}"),
        docx_of("{{ title }}", title="{{ nobody }}"),
    ):
        with pytest.raises(TemplateInvalid, match="nobody"):
            load_template("x", content, FIELDS)


def test_what_is_no_docx_is_refused(docx_of: DocxOf) -> None:
    good = docx_of("{{ title }}")
    for content in (
        b"",
        b"PK\x03\x04",
        good[:500],
        b"<html>",
        good.replace(b"word/document.xml", b"word/documents.xm"),
    ):
        with pytest.raises(TemplateInvalid, match="不是能打开的"):
            load_template("x", content, FIELDS)


def test_a_bomb_is_not_unpacked() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * 60_000_000)
    with pytest.raises(TemplateInvalid, match="太大"):
        load_template("x", buffer.getvalue(), FIELDS)


def test_a_value_lost_on_the_way_is_noticed(docx_of: DocxOf) -> None:
    """A tag in a place that is not shown (here a bookmark's name) would lose its value without a word."""
    content = docx_of("{{ title }}")
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for entry in source.infolist():
            part = source.read(entry)
            if entry.filename == "word/document.xml":
                hidden = b'<w:bookmarkStart w:id="1" w:name="{{ cc }}"/><w:bookmarkEnd w:id="1"/><w:r>'
                part = part.replace(b"<w:r>", hidden, 1)
            target.writestr(entry.filename, part)
    template = load_template("x", buffer.getvalue(), FIELDS)
    with pytest.raises(TemplateInvalid, match="漏印了“办公室”"):
        render(template, {"title": "通知", "cc": "办公室"}, at=AT)
