"""Web pages: what a reader sees in order, in the encoding they are really in, whatever the markup is like."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract import extract
from indexer.extract.html import decoded, text_of, title_of
from indexer.extract.sniff import Kind, kind_of
from indexer.model import Extraction, Facts, Limits, Passage, State

NOTICE = "关于开展义务教育优质均衡发展督导评估工作的通知"
JAPANESE = "これは評価のお知らせです。カタカナもあります。"


def said(folder: Path, data: bytes, name: str = "通知.html") -> Extraction:
    (folder / name).write_bytes(data)
    return extract(folder / name, Limits())


def test_a_page_gives_its_text_and_its_title(tmp_path: Path) -> None:
    head = "<!DOCTYPE html><html><head><title>通知\n公告 &amp; 公示</title></head>"
    page = f"{head}<body><p>{NOTICE}</p></body></html>"
    title = "通知 公告 & 公示"
    assert said(tmp_path, page.encode()) == Extraction(
        State.INDEXED, (Passage(NOTICE), Passage(title, label="标题")), facts=Facts(title=title)
    )


def test_a_title_that_opens_the_text_is_not_said_twice(tmp_path: Path) -> None:
    found = said(tmp_path, f"<html><title>{NOTICE}</title><h1>{NOTICE}</h1><p>正文".encode())
    assert found.passages == (Passage(f"{NOTICE}\n正文"),)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("甲<br>乙<p>丙<div>丁</div>戊", "甲\n乙\n丙\n丁\n戊"),
        ("<b>优质</b><i>均衡</i> 发展", "优质均衡 发展"),
        ("<p>督导\n  评估\r\n办法</p>", "督导评估办法"),
        ("<p>one\n  two</p>", "one two"),
        ("a<script>var x='<p>乙</p>'</script>b<style>p{}</style>c<!-- 丁 <p> -->d", "abcd"),
        ("甲<SCRIPT>永远不完", "甲"),
        ("甲&nbsp;&lt;乙&gt;&#x4e01;&amp;lt;", "甲 <乙>丁&lt;"),
        ("<pre>一\n  二</pre>三", "一\n二\n三"),
        ("<a title=\"1>2\">甲</a><a href='x>y'>乙</a>", "甲乙"),
        ('<p title="没有关上>甲<p>乙', "甲\n乙"),
        ("3 < 5 且 <7", "3 < 5 且 <7"),
        ("<ruby>督<rt>dū</rt></ruby>导", "督导"),
        ("<![if !supportLists]>一、<![endif]>总则<o:p></o:p>", "一、总则"),
    ],
)
def test_markup_becomes_lines(markup: str, text: str) -> None:
    assert text_of(markup) == text


def test_tables_are_rows_of_cells() -> None:
    first = "<tr> <td><p>第一\n小学</p><p>（东校区）</p></td>\n<td> 1,024 </td></tr>"
    rows = f"<tr><th>学校<th>人数</tr>\n{first}<tr><td><td>5"
    assert text_of(f"<table>{rows}</table>以上") == "学校\t人数\n第一小学 （东校区）\t1,024\n\t5\n以上"


def test_a_table_that_lays_out_a_page_keeps_its_lines() -> None:
    long = "督导" * 120
    assert text_of(f"<table><tr><td><p>{long}</p><p>第二段</p></td></tr></table>") == f"{long}\n第二段"


@pytest.mark.parametrize(
    "declared", ["", '<meta charset="gb2312">', "<meta charset=iso-8859-1>", "<meta charset=乱>"]
)
@pytest.mark.parametrize("codec", ["utf-8", "gb18030", "utf-16"])
def test_chinese_pages_are_read_whatever_they_declare(tmp_path: Path, declared: str, codec: str) -> None:
    page = f"<html><head>{declared}</head><body><p>{NOTICE}镕喆</p></body></html>"
    assert said(tmp_path, page.encode(codec)).passages == (Passage(f"{NOTICE}镕喆"),)


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        ("關於開展義務教育督導評估的通知", "big5", ""),
        ("關於開展義務教育督導評估的通知", "big5", "<meta charset=Big5>"),
        ("關於開展義務教育督導評估的通知", "big5", "<meta charset=utf-8>"),
        (JAPANESE, "shift_jis", ""),
        (JAPANESE, "euc_jp", "<meta http-equiv='Content-Type' content='text/html; charset=EUC-JP'>"),
        ("Café “à la carte”", "cp1252", "<meta charset=us-ascii>"),
        ("Привет, школа", "koi8-r", "<meta charset=koi8-r>"),
    ],
)
def test_other_encodings_are_read(text: str, codec: str, declared: str) -> None:
    assert text_of(decoded(f"<html>{declared}<p>{text}</p>".encode(codec))) == text


def test_what_carried_the_page_is_believed_before_the_page() -> None:
    data = "<meta charset=big5><p>学校</p>".encode("gb18030")
    assert text_of(decoded(data, "gb2312")) == "学校"


@pytest.mark.parametrize("name", ["rot13", "hex", "zlib", "utf-7", "idna", "没有\0"])
def test_no_codec_that_is_none_for_pages_is_used(name: str) -> None:
    assert text_of(decoded("<p>学校督导</p>".encode(), name)) == "学校督导"


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        ("<table><tr><td>", Kind.HTML),
        ("<meta http-equiv=Content-Type>", Kind.HTML),
        ("\n <!-- 说明 --><HTML>", Kind.HTML),
        ("<?xml version='1.0'?><!DOCTYPE html><html xmlns='x'>", Kind.HTML),
        ("<?xml version='1.0'?><rss><item>&lt;html><html>", Kind.XML),
        ("<p，不是标签", Kind.PLAIN),
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16"])
def test_pages_are_told_by_how_they_begin(tmp_path: Path, start: str, kind: Kind, codec: str) -> None:
    (tmp_path / "导出.xls").write_bytes((start + "督导").encode(codec))
    assert kind_of(tmp_path / "导出.xls") is kind


def test_a_page_without_words_is_empty(tmp_path: Path) -> None:
    found = said(tmp_path, b"<html><body><script>x()</script><img src=a.png></body></html>")
    assert (found.state, found.passages, found.reason) == (State.EMPTY, (), "网页里没有文字")


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 300_000 + "甲",
        '<a "' * 200_000,
        "<title>" * 100_000,
        "<script" * 100_000,
        "<!--" * 200_000,
        "<td><p>甲" * 100_000,
        "<" * 600_000,
    ],
)
def test_no_markup_takes_long(markup: str) -> None:
    began = time.process_time()
    text_of(markup)
    title_of(markup)
    decoded(markup.encode())
    assert time.process_time() - began < 5


@given(st.binary(max_size=300), st.sampled_from(["", "gb2312", "utf-8", "big5", "utf-16", "utf-32"]))
def test_any_bytes_are_read_to_the_end(data: bytes, declared: str) -> None:
    assert isinstance(text_of(decoded(b"<html>" + data, declared)), str)


@given(
    st.lists(
        st.sampled_from(["甲", "<p>", "<td>", "</td>", "<tr>", "<table>", "<pre>", "&", "<", "\n", ">", '"'])
    )
)
def test_text_has_no_blank_lines_and_loses_no_words(pieces: list[str]) -> None:
    text = text_of("".join(pieces))
    assert all(line.strip() for line in text.split("\n")) or not text
    if "<" not in pieces:
        assert text.count("甲") == pieces.count("甲")
