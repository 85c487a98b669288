"""RTF: character sets as fonts, documents or nobody names them, what is apart, hidden or broken."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.extract import extract
from indexer.model import Extraction, Limits, Passage, State
from tests.indexer.extract.conversions import converted

NOTICE = "关于开展义务教育优质均衡发展督导评估的通知"
FONTS = (
    rb"{\fonttbl{\f0\fnil\fcharset0 Times;}{\f1\fnil\fcharset134 {\*\falt SimSun}\'cb\'ce\'cc\'e5;}"
    rb"{\f2\fcharset128 Mincho;}{\f3\fcharset136 Ming;}{\f4\fcharset204 Cyr;}{\f5\fcharset129 Batang;}}"
)


def said(folder: Path, body: bytes, head: bytes = rb"\ansi\ansicpg936\deff0" + FONTS) -> Extraction:
    (folder / "文件.rtf").write_bytes(rb"{\rtf1" + head + body + b"}")
    return extract(folder / "文件.rtf", Limits())


def coded(text: str, codec: str) -> bytes:
    r"""Every byte as ``\'xx``."""
    return b"".join(b"\\'%02x" % byte for byte in text.encode(codec))


def test_a_letter_written_by_libreoffice_is_read(tmp_path: Path, need_program: Callable[[str], str]) -> None:
    made = docx.Document()
    made.add_heading(NOTICE, 1)
    made.add_paragraph("各学校：\n请于三月底前报送𠮷。")
    table = made.add_table(2, 2)
    for place, text in enumerate(("学校", "人数", "第一小学", "1024")):
        table.cell(*divmod(place, 2)).text = text
    table.cell(1, 0).add_paragraph("（东校区）")
    made.add_paragraph("特此通知。")
    made.sections[0].header.paragraphs[0].text = "督导室文件"
    made.sections[0].footer.paragraphs[0].text = "共印二十份"
    made.core_properties.title, made.core_properties.author = NOTICE, "李静"
    made.save(str(tmp_path / "通知.docx"))
    found = extract(converted(tmp_path / "通知.docx", "rtf", need_program), Limits())
    assert found.passages == (
        Passage(
            f"{NOTICE}\n各学校：\n请于三月底前报送𠮷。\n学校\t人数\n第一小学 （东校区）\t1024\n特此通知。"
        ),
        Passage("督导室文件", label="页眉"),
        Passage("共印二十份", label="页脚"),
    )
    assert (found.facts.title, found.facts.author) == (NOTICE, "李静")


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"\f1 " + coded("督导abc评估", "gbk"), "督导abc评估"),
        (rb"\f1 " + "督导评估".encode("gbk"), "督导评估"),
        (rb"\f1 \'81@\'81\'40", "丂丂"),
        (rb"\f2 " + coded("ご案内", "cp932"), "ご案内"),
        (rb"\f3 " + coded("縣政府許功蓋", "big5"), "縣政府許功蓋"),
        (rb"\f4 " + coded("школа", "cp1251"), "школа"),
        (rb"\f5 " + coded("학교", "cp949"), "학교"),
        (rb"\f0 " + coded("督导", "gbk"), "督导"),
        (rb"\f0 caf\'e9 au lait", "café au lait"),
        (rb"{\f2\'93}\f1\'d1\'a7{\f4 \'f8}", "�学ш"),
        (rb"\loch\af0\hich\af0\dbch\f1 " + coded("学校", "gbk") + rb"\loch\f0 abc", "学校abc"),
        (rb"\f1\plain " + coded("学", "gbk"), "学"),
        (rb"{\f1 \'d1}{\f1 \'a7}", "学"),
    ],
)
def test_fonts_name_the_character_set(tmp_path: Path, body: bytes, text: str) -> None:
    assert said(tmp_path, body).passages == (Passage(text),)


@pytest.mark.parametrize(
    ("head", "codec"),
    [
        (rb"\ansi\ansicpg936", "gbk"),
        (rb"\ansi\ansicpg950", "big5"),
        (rb"\ansi\ansicpg1252\deff0{\fonttbl{\f0\fcharset0 SimSun;}}", "gbk"),
        (rb"\ansi", "gbk"),
        (rb"\ansi", "big5"),
        (rb"\ansi\ansicpg65001", "utf-8"),
    ],
)
def test_text_without_a_named_character_set_is_read(tmp_path: Path, head: bytes, codec: str) -> None:
    text = "關於報送自評報告的通知" if codec == "big5" else NOTICE
    assert said(tmp_path, b" " + coded(text, codec), head).passages == (Passage(text),)


def test_western_text_is_not_taken_for_chinese(tmp_path: Path) -> None:
    text = "Bodø og Tromsø: blåbærsyltetøy på øya, så årlig når været æser. Âé ÃÂ."
    found = said(tmp_path, b" " + text.encode("cp1252"), rb"\ansi\ansicpg1252")
    assert found.passages == (Passage(text),)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"\u30563?\u23548?", "督导"),
        (rb"\uc2\u30563\'b6\'bd\u23548 ab\uc1 c", "督导c"),
        (rb"{\uc0\u30563 }\u23548?", "督导"),
        (rb"\u-10180?\u-8265?", "🎷"),
        (rb"\u8226\'95\tab A\lquote b\rquote", "•\tA‘b’"),
        (rb"A\~B\_C\{D\}\\E", "A B-C{D}\\E"),
        (b"one\r\n two\\par\nthree\\line four", "one two\nthree\nfour"),
        (rb"{\*\unknown hidden}{\upr{ansi}{\*\ud{\u30563?}}}A", "督A"),
        (rb"{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}", "link"),
        (rb"{\pict\pngblip 89504e470d0a}{\object{\*\objdata 0102}{\result shown}}", "shown"),
        (rb"A{\deleted gone}\deleted gone\deleted0 B", "AB"),
        (rb"{\shp{\*\shpinst{\sp{\sn a}{\sv b}}{\shptxt boxed}}}after", "boxedafter"),
        (rb"A{\pict\bin7 }}{{\\x}B", "AB"),
        (rb"\u-3913 ?\tab item", "\titem"),
        (rb"{\listtext 1.\tab}item", "1.\titem"),
    ],
)
def test_words_of_the_format(tmp_path: Path, body: bytes, text: str) -> None:
    assert said(tmp_path, body, rb"\ansi ").passages == (Passage(text),)


def test_tables_are_rows_of_cells(tmp_path: Path) -> None:
    row = rb"\trowd\cellx1\cellx2\pard\intbl A\par B\cell C \cell\row"
    inner = rb"x\nestcell y\nestcell{\*\nesttableprops\trowd\nestrow}{\nonesttables\par}"
    nested = rb"\trowd\pard\intbl\itap2 " + inner + rb"z\cell\row"
    assert said(tmp_path, row + row + nested + rb"\pard end\par").passages == (
        Passage("A B\tC\nA B\tC\nx\ty\nz\nend"),
    )


def test_what_stands_apart_is_labelled(tmp_path: Path) -> None:
    body = (
        rb"{\header\pard head\par}{\headerf head\par}{\footerl foot}text{\footnote one}{\footnote two}"
        rb"{\footnote\ftnalt end}{\*\atnid LJ}{\*\annotation{\*\atndate 1}check}{\*\ftnsep ---} more"
    )
    assert said(tmp_path, body).passages == (
        Passage("text more"),
        Passage("head", label="页眉"),
        Passage("foot", label="页脚"),
        Passage("one\ntwo", label="脚注"),
        Passage("end", label="尾注"),
        Passage("check", label="批注"),
    )


def test_facts_come_from_the_properties(tmp_path: Path) -> None:
    info = (
        rb"{\info{\title " + coded("通知", "gbk") + rb"}{\author \u26446?\u-26791?}{\operator x}"
        rb"{\creatim\yr2026\mo3\dy5\hr8\min30}{\revtim\yr2026\mo3\dy6}{\printim\yr1\mo1\dy1}}"
    )
    found = said(tmp_path, info + b" text")
    assert found.passages == (Passage("text"),)
    assert (found.facts.title, found.facts.author) == (
        "通知",
        "李静",
    )
    assert (found.facts.created, found.facts.modified) == ("2026-03-05T08:30:00", "2026-03-06T00:00:00")


@pytest.mark.parametrize(("body", "reason"), [(b"", "没有文字"), (rb"{\pict 00}", "只有图片")])
def test_a_letter_without_words_is_empty(tmp_path: Path, body: bytes, reason: str) -> None:
    found = said(tmp_path, body)
    assert (found.state, found.passages) == (State.EMPTY, ())
    assert reason in found.reason


def test_a_letter_that_breaks_off_gives_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "断.rtf").write_bytes(rb"{\rtf1\ansi\ansicpg936{\b " + coded(NOTICE, "gbk") + rb"{\pict 00")
    assert extract(tmp_path / "断.rtf", Limits()).passages == (Passage(NOTICE),)


@pytest.mark.parametrize(
    "piece", [b"{", b"{\\b", b"}", b"\\'", b"\\bin1 ", b"\\u1 ", b"{\\footnote ", b"\\", b"\\par"]
)
def test_no_depth_or_length_takes_long(tmp_path: Path, piece: bytes) -> None:
    began = time.process_time()
    found = said(tmp_path, b"begin " + piece * 200_000 + b" end")
    assert time.process_time() - began < 10
    assert "begin" in "".join(passage.text for passage in found.passages)


def test_text_is_bounded(tmp_path: Path) -> None:
    (tmp_path / "长.rtf").write_bytes(rb"{\rtf1 " + rb"abcdefgh\par " * 10_000)
    found = extract(tmp_path / "长.rtf", Limits(text_chars=1000))
    assert sum(len(passage.text) for passage in found.passages) == 1000
    assert "前 1000 字" in found.reason


PIECES = [
    b"{",
    b"}",
    b"\\",
    b"*",
    b"\\*",
    b"\\u30563?",
    b"\\'b6",
    b"\\f1 ",
    b"\\fonttbl",
    b"\\upr",
    b"\\ud",
    b"\\bin3 ",
]
PIECES += [
    b"\\footnote",
    b"\\ftnalt",
    b"\\info",
    b"\\title",
    b"\\creatim",
    b"\\yr9999999999",
    b"\\uc9",
    b"\\par",
    b"a\x81",
]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=30))
def test_any_bytes_end_in_a_state(tmp_path: Path, pieces: list[bytes]) -> None:
    found = said(tmp_path, FONTS + b"".join(pieces))
    assert found.state in {State.INDEXED, State.EMPTY}
