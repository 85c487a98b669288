"""The properties of paragraphs and runs are dropped before the XML is parsed; no text goes with them."""

from __future__ import annotations

import time
import zipfile
from pathlib import Path

import pytest

from indexer.extract import extract
from indexer.extract.docx import _lean
from indexer.model import Limits, State

NAMESPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
FONT = '<w:rPr><w:rFonts w:eastAsia="仿宋"/><w:sz w:val="32"/></w:rPr>'
TABS = '<w:pPr><w:tabs><w:tab w:val="left"/></w:tabs><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>'


def document(body: str) -> bytes:
    head = '<?xml version="1.0" encoding="UTF-8"?>'
    return f"{head}<w:document {NAMESPACE}><w:body>{body}</w:body></w:document>".encode()


def read(tmp_path: Path, xml: bytes) -> str:
    path = tmp_path / "x.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("word/document.xml", xml)
    found = extract(path, Limits())
    assert found.state is State.INDEXED, found.reason
    return "\n".join(passage.text for passage in found.passages)


def test_properties_go_and_text_stays() -> None:
    xml = document(f"<w:p>{TABS}<w:r>{FONT}<w:t>甲</w:t></w:r><w:r>{FONT}<w:t>乙</w:t></w:r></w:p>")
    bare = document("<w:p><w:r><w:t>甲</w:t></w:r><w:r><w:t>乙</w:t></w:r></w:p>")
    assert _lean(xml) == bare


@pytest.mark.parametrize(
    "body",
    [
        f"<w:p>{TABS}<w:r>{FONT}<w:t>甲！</w:t></w:r></w:p>",
        "<w:p><w:pPr><w:pPrChange><w:pPr><w:jc/></w:pPr></w:pPrChange></w:pPr><w:r><w:t>甲！</w:t></w:r></w:p>",
        "<w:p><w:r><w:rPr><w:rPrChange><w:rPr/></w:rPrChange></w:rPr><w:t>甲！</w:t></w:r></w:p>",
        "<w:p><w:r><w:rPr><w:rPrChange><w:rPr></w:rPr></w:rPrChange></w:rPr><w:t>甲！</w:t></w:r></w:p>",
        "<w:p><w:r><w:t>甲<![CDATA[！]]></w:t></w:r><w:r><w:rPr></w:rPr></w:r></w:p>",
        "<w:p><!-- <w:rPr> --><w:r><w:t>甲！</w:t></w:r><w:r><w:rPr></w:rPr></w:r></w:p>",
        "<w:p><?a <w:rPr>?><w:r><w:t>甲！</w:t></w:r><w:r><w:rPr></w:rPr></w:r></w:p>",
        f"<w:p><w:r><w:rPr>{'<w:b/>' * 500}</w:rPr><w:t>甲！</w:t></w:r></w:p>",
        '<w:p><w:r><w:rPr><w:rStyle w:val="a/>b"/></w:rPr><w:t>甲！</w:t></w:r></w:p>',
    ],
    ids=[
        "plain",
        "paragraph's change",
        "change",
        "nested",
        "CDATA",
        "comment",
        "instruction",
        "many",
        "mark",
    ],
)
def test_text_is_read_whatever_the_properties_look_like(tmp_path: Path, body: str) -> None:
    assert read(tmp_path, document(body)) == "甲！"


def test_properties_without_an_end_take_no_time() -> None:
    begun = time.process_time()
    _lean(document("<w:pPr><w:rPr>" * 250_000))
    assert time.process_time() - begun < 20
