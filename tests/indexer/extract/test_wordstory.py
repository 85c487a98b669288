"""A part of a .docx read from its tree says what it says when it is read as it comes."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from indexer.extract import extract, parts
from indexer.extract.parts import feed
from indexer.extract.wordstory import Story, text_of
from indexer.extract.xmltree import tree_of
from indexer.model import Limits, State

NAMES = 'xmlns:w="urn:w" xmlns:mc="urn:mc"'


def document(body: str) -> bytes:
    return f'<?xml version="1.0"?><w:document {NAMES}><w:body>{body}</w:body></w:document>'.encode()


def as_it_comes(xml: bytes) -> str:
    story = Story()
    feed(io.BytesIO(xml), story)
    return story.text


def from_tree(xml: bytes) -> str:
    root = tree_of(xml)
    assert root is not None
    return text_of(root)


def run(*inside: str) -> str:
    return f"<w:r><w:rPr><w:b/></w:rPr>{''.join(inside)}</w:r>"


def paragraph(*runs: str) -> str:
    stops = '<w:pPr><w:tabs><w:tab w:pos="9"/></w:tabs></w:pPr>'
    return f"<w:p>{stops}{''.join(runs)}</w:p>"


def word(text: str) -> str:
    return f'<w:t xml:space="preserve">{text}</w:t>'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (paragraph(run(word("关于")), run(word("督导"))) + paragraph(run(word("通知"))), "关于督导\n通知"),
        (paragraph(run(word("一"), "<w:tab/>", word("二"), "<w:br/>", word("三"))), "一\t二\n三"),
        (paragraph() + paragraph(run(word(" "))) + paragraph(run(word("正文"))), "正文"),
        (paragraph(run(word("留<!--批-->下"))), "留下"),
        (
            paragraph(run("<w:rPr><w:del/></w:rPr>", word("记号"))) + paragraph(run(word("下文"))),
            "记号\n下文",
        ),
        (paragraph(run("<w:t><![CDATA[<甲>]]></w:t>")), "<甲>"),
        (
            paragraph(run(word("在"))) + paragraph("<w:del>" + run(word("没")) + "</w:del>", run(word("了"))),
            "在\n了",
        ),
        (paragraph(run("<w:ruby><w:rt>" + run(word("xué")) + "</w:rt>", word("学"), "</w:ruby>")), "学"),
        ("<w:tbl><w:tr><w:tc>" + paragraph(run(word("格"))) + "</w:tc></w:tr></w:tbl>", "格"),
        (
            paragraph(run(word("前")))
            + "<w:tbl><w:tr><w:tc>"
            + paragraph(run(word("甲")))
            + "</w:tc><w:tc>"
            + paragraph(run(word("乙")))
            + "</w:tc></w:tr></w:tbl>"
            + paragraph(
                run(word("后")), run("<w:txbxContent>" + paragraph(run(word("框"))) + "</w:txbxContent>")
            )
            + paragraph(run(word("末"))),
            "前\n甲\t乙\n后\n框\n末",
        ),
    ],
)
def test_both_ways_say_what_the_part_says(body: str, said: str) -> None:
    assert from_tree(document(body)) == said
    assert as_it_comes(document(body)) == said


letters = st.sampled_from(["督导", "通知", "A1", " ", ""]).map(word)
marks = st.sampled_from(["<w:tab/>", "<w:br/>", "<w:noBreakHyphen/>"])
runs = st.lists(letters | marks, max_size=3).map(lambda inside: run(*inside))


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Blocks that hold blocks: tables, text boxes with and without their copy for old programs, changes."""
    blocks = st.lists(inner, min_size=1, max_size=3).map("".join)
    box = blocks.map(lambda held: f"<w:txbxContent>{held}</w:txbxContent>")
    pair = st.tuples(box, box).map(
        lambda both: (
            f"<mc:AlternateContent><mc:Choice>{both[0]}</mc:Choice>"
            f"<mc:Fallback>{both[1]}</mc:Fallback></mc:AlternateContent>"
        )
    )
    merge = st.sampled_from(
        ["", "<w:tcPr><w:vMerge/></w:tcPr>", '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>']
    )
    cell = st.tuples(merge, blocks).map(lambda both: f"<w:tc>{''.join(both)}</w:tc>")
    row = st.lists(cell, min_size=1, max_size=3).map(lambda cells: f"<w:tr>{''.join(cells)}</w:tr>")
    table = st.lists(row, min_size=1, max_size=2).map(lambda rows: f"<w:tbl>{''.join(rows)}</w:tbl>")
    held = st.tuples(runs, box | pair, runs).map(lambda three: paragraph(*three[:1], run(three[1]), three[2]))
    changed = runs.map(lambda one: paragraph(f"<w:moveFrom>{one}</w:moveFrom>", one))
    return table | held | changed | blocks.map(lambda inside: f"<w:sdt>{inside}</w:sdt>")


flat = st.lists(runs, max_size=3).map(lambda inside: paragraph(*inside))


@settings(max_examples=60)
@given(st.lists(st.recursive(flat, nested, max_leaves=8), max_size=4).map("".join))
def test_both_ways_agree_on_any_document(body: str) -> None:
    assert from_tree(document(body)) == as_it_comes(document(body))


@pytest.mark.parametrize(
    "start",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]>',
        '<?xml version="1.0"?><!--x--><!DOCTYPE a SYSTEM "b">',
        '\ufeff<?xml version="1.0"?> <!DOCTYPE a>',
    ],
)
def test_a_document_type_never_becomes_a_tree(start: str) -> None:
    assert tree_of(f"{start}<a/>".encode()) is None


def test_other_encodings_and_damage_never_become_a_tree() -> None:
    assert tree_of("<a/>".encode("utf-16")) is None
    assert tree_of(b"<a><b></a>") is None
    root = tree_of(b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- --><a/>")
    assert root is not None
    assert etree.tostring(root) == b"<a/>"


def test_what_is_too_large_for_a_tree_is_read_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "通知.docx", "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", document(paragraph(run(word("督导通知")))))
    monkeypatch.setattr(parts, "tree_of", None)
    monkeypatch.setattr(parts, "MOST_BYTES", 10)
    read = extract(tmp_path / "通知.docx", Limits())
    assert (read.state, [passage.text for passage in read.passages]) == (State.INDEXED, ["督导通知"])
