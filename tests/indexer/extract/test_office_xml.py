"""XML files: Word and Excel documents kept as one, flat or of 2003, and the words of any other."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.extract import extract
from indexer.extract.office_xml import words_of
from indexer.model import Extraction, Limits, Passage, State
from tests.indexer.extract.conversions import converted

NOTICE = "关于报送自评报告的通知"
WORD = "http://schemas.microsoft.com/office/word/2003/wordml"
AML = "http://schemas.microsoft.com/aml/2001/core"
OFFICE = "urn:schemas-microsoft-com:office:office"
SHEET = "urn:schemas-microsoft-com:office:spreadsheet"


def said(folder: Path, text: str, codec: str = "utf-8", declared: str = "") -> Extraction:
    declaration = f'<?xml version="1.0" encoding="{declared or codec}"?>'
    (folder / "文件.xml").write_bytes((declaration + text).encode(codec))
    return extract(folder / "文件.xml", Limits())


def word(body: str) -> str:
    head = f'<w:wordDocument xmlns:w="{WORD}" xmlns:aml="{AML}" xmlns:o="{OFFICE}">'
    told = "<o:DocumentProperties><o:Title>通知</o:Title><o:Author>李静</o:Author></o:DocumentProperties>"
    return f"{head}{told}<w:body>{body}</w:body></w:wordDocument>"


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def cell(kind: str, text: str, place: int = 0) -> str:
    named = f" ss:Index='{place}'" if place else ""
    return f"<Cell{named}><Data ss:Type='{kind}'>{text}</Data></Cell>"


def book(rows: str) -> str:
    names = f'xmlns="{SHEET}" xmlns:ss="{SHEET}"'
    return f'<Workbook {names}><Worksheet ss:Name="教师"><Table>{rows}</Table></Worksheet></Workbook>'


def test_a_word_document_of_2003_is_read(tmp_path: Path) -> None:
    cells = "".join(f"<w:tc>{paragraph(text)}{paragraph('二')}</w:tc>" for text in ("学校", "人数"))
    body = (
        "<w:p><w:pPr><w:tabs><w:tab w:pos='9'/></w:tabs></w:pPr><w:r>"
        f"<w:t>{NOTICE}</w:t><w:tab/><w:t>急</w:t>"
        f"<w:br/><w:t>件</w:t></w:r></w:p><w:tbl><w:tr>{cells}</w:tr></w:tbl>"
        f"<w:p><w:r><w:pict><w:txbxContent>{paragraph('框里')}</w:txbxContent></w:pict><w:t>框外</w:t></w:r></w:p>"
        "<aml:annotation w:type='Word.Deletion'><w:r><w:delText>删掉的</w:delText></w:r></aml:annotation>"
        "<aml:annotation w:type='Word.Insertion'><w:r><w:t>加上的</w:t></w:r></aml:annotation>"
        f"<aml:annotation w:type='Word.Comment'>{paragraph('请核实')}</aml:annotation>"
        f"<w:sectPr><w:hdr>{paragraph('督导室文件')}</w:hdr><w:ftr>{paragraph('校对')}</w:ftr></w:sectPr>"
        "<w:binData>AAAA</w:binData>"
    )
    found = said(tmp_path, word(body))
    assert found.passages == (
        Passage(f"{NOTICE}\t急\n件\n学校 二\t人数 二\n框外\n框里\n加上的"),
        Passage("督导室文件", label="页眉"),
        Passage("校对", label="页脚"),
        Passage("请核实", label="批注"),
    )
    assert (found.facts.title, found.facts.author) == ("通知", "李静")


def test_word_xml_written_by_libreoffice_is_read(tmp_path: Path, need_program: Callable[[str], str]) -> None:
    made = docx.Document()
    made.add_paragraph(NOTICE)
    table = made.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "学校", "人数"
    made.sections[0].footer.paragraphs[0].text = "共印二十份"
    made.save(str(tmp_path / "通知.docx"))
    found = extract(converted(tmp_path / "通知.docx", "xml:MS Word 2003 XML", need_program), Limits())
    assert found.passages == (Passage(f"{NOTICE}\n学校\t人数"), Passage("共印二十份", label="页脚"))


def test_a_package_written_flat_is_read_and_an_alternative_once(tmp_path: Path) -> None:
    new, old = paragraph("新的"), paragraph("旧的")
    choice = f"<mc:Choice>{new}</mc:Choice><mc:Fallback>{old}</mc:Fallback>"
    both = f"<mc:AlternateContent>{choice}</mc:AlternateContent>"
    body = f"<w:document><w:body>{paragraph('前')}{both}</w:body></w:document>"
    parts = f"<pkg:part><pkg:xmlData>{body}</pkg:xmlData></pkg:part>"
    spaces = 'xmlns:pkg="http://schemas.microsoft.com/office/2006/xmlPackage" xmlns:w="w" xmlns:mc="m"'
    head = f"<pkg:package {spaces}>"
    note = f"<pkg:part><w:footnotes><w:footnote>{paragraph('脚')}</w:footnote></w:footnotes></pkg:part>"
    found = said(tmp_path, f"{head}{parts}{note}</pkg:package>")
    assert found.passages == (Passage("前\n新的"), Passage("脚", label="脚注"))


def test_a_workbook_of_2003_is_read_whatever_its_encoding(tmp_path: Path) -> None:
    day, moment = "2026-03-05T00:00:00.000", "2026-03-05T08:30:00.000"
    comment = "<Comment><ss:Data><B>请</B>核实</ss:Data></Comment>"
    last = f"<Cell><Data ss:Type='DateTime'>{moment}</Data>{comment}</Cell>"
    rows = (
        f"<Row>{cell('String', '姓名')}<Cell/>{cell('DateTime', day)}</Row>"
        f"<Row>{cell('Number', '1024.0')}{cell('Boolean', '1', 4)}</Row>"
        f"<Row>{last}</Row><Row><Cell/></Row>"
    )
    for codec in ("utf-8", "gb2312", "utf-16"):
        found = said(tmp_path, book(rows), codec)
        assert found.passages == (
            Passage("姓名\t\t2026-03-05\n1024\t\t\tTRUE\n2026-03-05 08:30:00", label="教师"),
            Passage("请核实", label="批注"),
        )


def test_far_cells_cost_nothing(tmp_path: Path) -> None:
    row = f"<Row>{cell('String', '甲', 999999)}{cell('String', '甲', 10**12)}</Row>"
    (passage,) = said(tmp_path, book(row)).passages
    assert len(passage.text) < 1100
    assert passage.text.count("甲") == 2


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<a><b>督</b>\n<c>导</c></a>", "督\n导"),
        ("<p>督<b>导</b>评估</p>", "督导评估"),
        ("<a><![CDATA[<p>督导</p><p>评估 &amp; 办法</p>]]></a>", "督导\n评估 & 办法"),
        ("<a>&lt;p&gt;督导&lt;br/&gt;评估</a>", "督导\n评估"),
        ("<a><!-- 注释 --><?程序?>甲 &lt; 乙</a>", "甲 < 乙"),
        ("<row name='学校' code='12' 值=\"第一小学\">甲</row>", "学校\n第一小学\n甲"),
        ("<字:段落><字:句><字:文本串>标文通</字:文本串></字:句></字:段落>", "标文通"),
    ],
)
def test_the_words_of_any_xml(tmp_path: Path, markup: str, text: str) -> None:
    assert words_of(markup) == text
    assert said(tmp_path, markup, "gb18030", "GBK").passages == (Passage(text),)


@pytest.mark.parametrize(
    ("text", "state", "word"),
    [
        (word(""), State.EMPTY, "没有文字"),
        (book(""), State.EMPTY, "没有内容"),
        (word(paragraph("甲"))[:-20], State.CORRUPT, "XML"),
        ("<!DOCTYPE a [<!ENTITY b 'c'>]>" + word(paragraph("&b;")), State.REFUSED, "DTD"),
        ("<设置 value='x'><数>1</数></设置>", State.REFUSED, "暂不支持"),
    ],
)
def test_what_has_no_words_or_is_broken_says_so(tmp_path: Path, text: str, state: State, word: str) -> None:
    found = said(tmp_path, text)
    assert (found.state, found.passages) == (state, ())
    assert word in found.reason
    assert found.remedy


def test_entities_of_other_xml_are_not_looked_up(tmp_path: Path) -> None:
    laughs = "<!DOCTYPE a [<!ENTITY b '哈'><!ENTITY c SYSTEM 'file:///etc/passwd'>]>"
    assert said(tmp_path, f"{laughs}<a>督导&b;&c;</a>").passages[0].text.startswith("督导&b;&c;")


@pytest.mark.parametrize("piece", ["<![CDATA[", "<!--", "<?", "<a 学='", "<", "&lt;a ", "<!"])
def test_no_markup_takes_long(piece: str) -> None:
    began = time.process_time()
    words_of("<a>" + piece * 100_000)
    assert time.process_time() - began < 5


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([word(paragraph("甲")), book("<Row><Cell><Data>甲</Data></Cell></Row>"), "<a>甲</a>"]),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=9),
)
def test_damage_ends_in_a_state(tmp_path: Path, text: str, flips: list[tuple[int, int]]) -> None:
    data = bytearray(b"<?xml version='1.0'?>" + text.encode())
    for at, byte in flips:
        data[at % len(data)] = byte
    (tmp_path / "坏.xml").write_bytes(data)
    found = extract(tmp_path / "坏.xml", Limits())
    assert found.passages or (found.reason and found.remedy)
