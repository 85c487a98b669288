"""What cannot be read is refused with a reason; what a style hides is seen."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from dujian_docs.errors import InputInvalid
from dujian_docs.linting import lint, read
from dujian_docs.linting.package import MOST_BYTES
from dujian_docs.linting.pages import pages_of
from dujian_docs.linting.paper import Face, face_of
from tests.dujian_docs.linting.papers import MAIN, STYLES, changed, printed


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "不是能打开的"),
        (b"PK not a package", "不是能打开的"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, "加了密码"),
    ],
)
def test_no_document(content: bytes, said: str) -> None:
    with pytest.raises(InputInvalid, match=said):
        read(content)


def test_a_package_without_text_or_with_a_broken_part() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr("a.txt", "x")
    with pytest.raises(InputInvalid, match="不是能打开的"):
        read(out.getvalue())
    whole = printed("notice_inspection")
    with pytest.raises(InputInvalid, match="不是能打开的"):
        read(changed(whole, MAIN, "</w:body>", ""))
    with pytest.raises(InputInvalid, match="不是能打开的"):
        read(whole[: len(whole) // 2])


def test_a_part_that_unpacks_without_end_is_refused() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr(MAIN, b" " * (MOST_BYTES + 1))
    with pytest.raises(InputInvalid, match="太大"):
        read(out.getvalue())


def test_entities_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "秘密.txt").write_text("秘密内容", "utf-8")
    evil = f'<!DOCTYPE x [<!ENTITY a SYSTEM "{(tmp_path / "秘密.txt").as_uri()}">]>'
    content = changed(printed("notice_inspection"), MAIN, "<w:document ", evil + "<w:document ")
    content = changed(content, MAIN, "各有关学校：", "各有关学校：&a;")
    texts = [line.text for line in read(content).lines]
    assert "各有关学校：" in texts
    assert not any("秘密内容" in text for text in texts)


def test_styles_in_a_circle_and_unknown_styles_are_no_trap() -> None:
    content = printed("notice_inspection")
    circle = (
        '<w:style w:type="paragraph" w:styleId="A1"><w:name w:val="A1"/><w:basedOn w:val="A2"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="A2"><w:name w:val="A2"/><w:basedOn w:val="A1"/></w:style>'
    )
    content = changed(content, STYLES, "</w:styles>", circle + "</w:styles>")
    content = changed(content, MAIN, '<w:pStyle w:val="GwMainTo"/>', '<w:pStyle w:val="A1"/>')
    content = changed(content, MAIN, '<w:pStyle w:val="GwTitle"/>', '<w:pStyle w:val="Gone"/>')
    assert lint(read(content)).paragraphs > 20


def test_text_that_was_deleted_under_tracked_changes_is_not_read() -> None:
    content = changed(
        printed("notice_inspection"), MAIN, '<w:r><w:t xml:space="preserve">为全面',
        '<w:del w:id="1" w:author="甲"><w:r><w:delText>旧</w:delText></w:r></w:del><w:r><w:t>为全面',
    )  # fmt: skip
    assert any(line.text.startswith("为全面") for line in read(content).said)
    assert read(content).traces.changes == 1


@pytest.mark.parametrize(
    ("font", "face"),
    [
        ("仿宋_GB2312", Face.FANG),
        ("FangSong", Face.FANG),
        ("方正小标宋简体", Face.BIAO),
        ("方正小标宋_GBK", Face.BIAO),
        ("楷体_GB2312", Face.KAI),
        ("SimHei", Face.HEI),
        ("SimSun", Face.SONG),
        ("Times New Roman", Face.OTHER),
    ],
)
def test_fonts_by_the_name_they_go_by(font: str, face: Face) -> None:
    assert face_of(font) is face


def test_pages_are_found_in_order() -> None:
    texts = [
        "第一段说的事情很长很长很长很长",
        "同样的话",
        "另一页上的话也很长很长很长很长很",
        "同样的话",
        "没有印出",
    ]
    printed_pages = [
        "第一段 说的事情\n很长很长很长很长同样的话",
        "另一页上的话也很长很长很长很长很长同样的话",
    ]
    assert pages_of(texts, printed_pages) == {1: 1, 2: 1, 3: 2, 4: 2}
