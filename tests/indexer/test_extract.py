"""Every format's text comes out whole and in order; every bad file ends in a named state, in Chinese."""

from __future__ import annotations

import io
import re
import shutil
import struct
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment

from indexer.extract import READERS, extract
from indexer.extract.pdf import joined_lines
from indexer.extract.plain import encoding_of
from indexer.extract.sniff import Kind, kind_of
from indexer.model import Extraction, Limits, State

LIMITS = Limits()
TEXT = "云岭县人民政府教育督导室关于开展义务教育优质均衡发展督导评估的通知"


def whole(extraction: Extraction) -> str:
    return "\n".join(passage.text for passage in extraction.passages)


def labelled(extraction: Extraction, label: str) -> str:
    return "\n".join(passage.text for passage in extraction.passages if passage.label == label)


def refuses(extraction: Extraction, word: str) -> None:
    assert extraction.state is State.REFUSED
    assert word in extraction.reason
    assert extraction.remedy
    assert extraction.passages == ()


# --- what a file is -------------------------------------------------------------------------------------


def test_every_kind_has_a_reader() -> None:
    assert set(READERS) == set(Kind)


def test_a_docx_named_pdf_is_read_as_docx(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(TEXT)
    target = tmp_path / "其实是文档.pdf"
    document.save(str(target))
    assert whole(extract(target, LIMITS)) == TEXT


def test_nothing_at_all_is_empty(tmp_path: Path) -> None:
    target = tmp_path / "空.docx"
    target.write_bytes(b"")
    found = extract(target, LIMITS)
    assert (found.state, found.reason) == (State.EMPTY, "文件是空的（0 字节）")


def compound(*names: str, size: int = 512) -> bytes:
    """A compound file whose only content is a directory with these entries."""
    head = bytearray(512)
    head[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<HHHH", head, 24, 0x3E, 3, 0xFFFE, 9)
    struct.pack_into("<I", head, 48, 1)
    struct.pack_into("<109I", head, 76, 0, *[0xFFFFFFFF] * 108)
    last = (len(names) + 4) // 4
    chain = [0xFFFFFFFD, *range(2, last + 1), 0xFFFFFFFE]
    fat = struct.pack("<128I", *chain, *[0xFFFFFFFF] * (128 - len(chain)))
    directory = b""
    for name in ("Root Entry", *names):
        letters = name.encode("utf-16-le")
        directory += letters.ljust(64, b"\0") + struct.pack("<H", len(letters) + 2) + bytes(62)
    return bytes(head) + fat + directory.ljust(last * size, b"\0")


@pytest.mark.parametrize(
    ("name", "streams", "state", "word"),
    [
        ("旧.doc", ("WordDocument", "1Table"), State.CORRUPT, "重新要一份"),
        ("旧.wps", ("WordDocument",), State.CORRUPT, "重新要一份"),
        ("旧.xls", ("Workbook",), State.CORRUPT, "重新要一份"),
        ("旧.et", ("a", "b", "c", "d", "e", "Workbook"), State.CORRUPT, "重新要一份"),
        ("旧.ppt", ("PowerPoint Document",), State.CORRUPT, "重新要一份"),
        ("嵌表格.doc", ("Workbook", "WordDocument"), State.CORRUPT, "重新要一份"),
        ("锁.docx", ("EncryptionInfo", "EncryptedPackage"), State.ENCRYPTED, "密码"),
        ("不明.bin", ("什么",), State.REFUSED, "另存为"),
    ],
)
def test_old_office_files_say_what_to_do(
    tmp_path: Path, name: str, streams: tuple[str, ...], state: State, word: str
) -> None:
    target = tmp_path / name
    target.write_bytes(compound(*streams))
    found = extract(target, LIMITS)
    assert found.state is state
    assert word in found.remedy


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n1234", Kind.IMAGE),
        (b"\xff\xd8\xff\xe0JFIF", Kind.IMAGE),
        (b"II*\0abcd", Kind.IMAGE),
        (b"Rar!\x1a\x07\x00", Kind.RAR),
        (b"7z\xbc\xaf\x27\x1c", Kind.SEVEN_ZIP),
        (b"{\\rtf1\\ansi", Kind.RTF),
        (b"\xef\xbb\xbf<!DOCTYPE html><p>", Kind.HTML),
        (b"<?xml version='1.0'?><a/>", Kind.XML),
        (b"Received: x\r\nFrom: a@b\r\nTo: c\r\nSubject: d\r\n\r\n", Kind.MAIL),
        (b"From: a\nTo: b\nSubject: c\n", Kind.PLAIN),
        (b"junk\n%PDF-1.4", Kind.PDF),
        ("通知".encode(), Kind.PLAIN),
    ],
)
def test_kinds_are_told_by_content(tmp_path: Path, data: bytes, kind: Kind) -> None:
    target = tmp_path / "没有扩展名"
    target.write_bytes(data)
    assert kind_of(target) is kind


def packed(target: Path, members: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(target, "w", method) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return target


def members_of(target: Path) -> dict[str, str | bytes]:
    with zipfile.ZipFile(target) as package:
        return {name: package.read(name) for name in package.namelist()}


@pytest.mark.parametrize(
    ("members", "kind"),
    [
        ({"OFD.xml": "<a/>"}, Kind.OFD),
        ({"mimetype": "application/vnd.oasis.opendocument.text"}, Kind.ODF),
        ({"[Content_Types].xml": "", "ppt/presentation.xml": ""}, Kind.PPTX),
        ({"[Content_Types].xml": "", "xl/workbook.bin": ""}, Kind.XLSB),
        ({"通知.docx": "x"}, Kind.ZIP),
    ],
)
def test_packages_are_told_by_their_members(
    tmp_path: Path, members: dict[str, str | bytes], kind: Kind
) -> None:
    assert kind_of(packed(tmp_path / "包", members)) is kind


def test_images_wait_for_ocr_and_other_formats_are_refused(tmp_path: Path) -> None:
    (tmp_path / "扫描.jpg").write_bytes(b"\xff\xd8\xff\xe0")
    (tmp_path / "录音.ogg").write_bytes(b"OggS")
    assert extract(tmp_path / "扫描.jpg", LIMITS).state is State.PENDING_OCR
    refuses(extract(tmp_path / "录音.ogg", LIMITS), "暂不支持音频或视频")


def test_what_is_no_file_or_too_large_is_refused(tmp_path: Path) -> None:
    refuses(extract(tmp_path, LIMITS), "不是普通文件")
    (tmp_path / "大.txt").write_bytes(b"x" * 2000)
    refuses(extract(tmp_path / "大.txt", Limits(file_bytes=1000)), "超出安全限制")


def test_a_file_that_is_gone_or_breaks_its_reader_is_said_and_not_raised(tmp_path: Path) -> None:
    assert extract(tmp_path / "没有", LIMITS).state is State.CORRUPT
    (tmp_path / "a.txt").write_text("甲", "utf-8")

    def broken(_path: Path, _limits: Limits) -> Extraction:
        raise KeyError("x")

    def greedy(_path: Path, _limits: Limits) -> Extraction:
        raise MemoryError

    assert extract(tmp_path / "a.txt", LIMITS, {Kind.PLAIN: broken}).state is State.CORRUPT
    refuses(extract(tmp_path / "a.txt", LIMITS, {Kind.PLAIN: greedy}), "内存超过 2048 MB")


def test_too_much_text_is_cut_and_said(tmp_path: Path) -> None:
    (tmp_path / "长.txt").write_text("督" * 50, "utf-8")
    found = extract(tmp_path / "长.txt", Limits(text_chars=20))
    assert (found.state, whole(found)) == (State.INDEXED, "督" * 20)
    assert "只收录了前 20 字" in found.reason


# --- docx -----------------------------------------------------------------------------------------------


def either(choice: str, fallback: str) -> str:
    return (
        f"<mc:AlternateContent><mc:Choice Requires='wps'>{choice}</mc:Choice>"
        f"<mc:Fallback><w:pict>{fallback}</w:pict></mc:Fallback></mc:AlternateContent>"
    )


@pytest.fixture
def rich_docx(tmp_path: Path) -> Path:
    """Body, merged table, header, footer, comment, text box twice over, content control, tracked changes."""
    document = docx.Document()
    document.core_properties.title = "督导通知"
    section = document.sections[0]
    section.header.paragraphs[0].text = "云岭县教育局"
    section.footer.paragraphs[0].text = "第一页"
    first = document.add_paragraph("各乡镇人民政府：")
    document.add_comment(first.runs[0], text="请核对名单", author="审核")
    table = document.add_table(rows=3, cols=3)
    for at, word in enumerate("甲乙丙丁戊己庚辛壬"):
        table.cell(at // 3, at % 3).text = word
    table.cell(0, 0).merge(table.cell(0, 1)).text = "横跨"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "竖跨"
    table.cell(1, 0).add_paragraph("第二段")
    body = document.add_paragraph("督导")
    namespaces = nsdecls("w") + (
        ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
        ' xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    control = "<w:sdtContent><w:r><w:t>控件字</w:t></w:r></w:sdtContent>"
    box = "<w:txbxContent><w:p><w:r><w:t>框中字</w:t></w:r></w:p></w:txbxContent>"
    for piece in (
        "<w:del w:id='1' w:author='x'><w:r><w:delText>旧稿</w:delText></w:r></w:del>",
        "<w:moveFrom w:id='2' w:author='x'><w:r><w:t>移走</w:t></w:r></w:moveFrom>",
        "<w:ins w:id='3' w:author='x'><w:r><w:t>评估</w:t><w:tab/></w:r></w:ins>",
        "<w:sdt><w:sdtPr><w:alias w:val='别名'/></w:sdtPr>" + control + "</w:sdt>",
        "<w:r>"
        + either(f"<wps:txbx>{box}</wps:txbx>", f"<v:shape><v:textbox>{box}</v:textbox></v:shape>")
        + "</w:r>",
        "<w:r>" + either("", f"<v:textbox>{box.replace('框中字', '只在后备')}</v:textbox>") + "</w:r>",
        "<w:r><w:t>工作</w:t></w:r>",
    ):
        name = re.match(r"<(w:\w+)", piece)
        assert name
        body._p.append(parse_xml(piece.replace(name[0], f"{name[0]} {namespaces}", 1)))
    document.add_paragraph("特此通知")
    target = tmp_path / "通知.docx"
    document.save(str(target))
    return target


def test_docx_body_comes_in_order_with_tables_boxes_and_controls(rich_docx: Path) -> None:
    found = extract(rich_docx, LIMITS)
    assert labelled(found, "").split("\n") == [
        "各乡镇人民政府：",
        "横跨\t丙",
        "丁 第二段\t戊\t竖跨",
        "庚\t辛",
        "督导评估\t控件字工作",
        "框中字",
        "只在后备",
        "特此通知",
    ]
    assert (found.state, found.facts.title, found.reason) == (State.INDEXED, "督导通知", "")


def test_docx_headers_footers_and_comments_are_passages_of_their_own(rich_docx: Path) -> None:
    found = extract(rich_docx, LIMITS)
    assert labelled(found, "页眉") == "云岭县教育局"
    assert labelled(found, "页脚") == "第一页"
    assert labelled(found, "批注") == "请核对名单"


WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def made_docx(target: Path, body: str, **more: str) -> Path:
    """A bare package; ``more`` are further parts of word/, tied to the document by their names."""
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="r{at}" Type="{office}/{name}" Target="{name}.xml"/>'
        for at, name in enumerate(more)
    )
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f'<Relationships><Relationship Type="{office}/officeDocument" '
        'Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f"<Relationships>{links}</Relationships>",
        "word/document.xml": body,
    }
    return packed(target, members | {f"word/{name}.xml": part for name, part in more.items()})


def paragraphs(*texts: str) -> str:
    return "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)


def test_docx_footnotes_are_labelled_and_nested_tables_stay_in_their_row(tmp_path: Path) -> None:
    inner = f"<w:tbl><w:tr><w:tc>{paragraphs('内甲')}</w:tc><w:tc>{paragraphs('内乙')}</w:tc></w:tr></w:tbl>"
    outer = (
        f"<w:tbl><w:tr><w:tc>{paragraphs('外')}{inner}</w:tc><w:tc>{paragraphs('邻')}</w:tc></w:tr></w:tbl>"
    )
    target = made_docx(
        tmp_path / "a.docx",
        f"<w:document {WORD}><w:body>{outer}</w:body></w:document>",
        footnotes=f"<w:footnotes {WORD}><w:footnote>{paragraphs('见附件')}</w:footnote></w:footnotes>",
    )
    found = extract(target, LIMITS)
    assert labelled(found, "") == "外 内甲 内乙\t邻"
    assert labelled(found, "脚注") == "见附件"


def test_what_a_vertical_merge_hides_is_not_read(tmp_path: Path) -> None:
    rows = "".join(
        f"<w:tr><w:tc><w:tcPr><w:vMerge{how}/></w:tcPr>{paragraphs(word)}</w:tc><w:tc>{paragraphs('右')}</w:tc></w:tr>"
        for how, word in ((' w:val="restart"', "看得见"), ("", "看不见"))
    )
    body = f"<w:document {WORD}><w:body><w:tbl>{rows}</w:tbl></w:body></w:document>"
    assert whole(extract(made_docx(tmp_path / "a.docx", body), LIMITS)) == "看得见\t右\n\t右"


def test_an_empty_docx_is_empty(tmp_path: Path) -> None:
    docx.Document().save(str(tmp_path / "空白.docx"))
    assert extract(tmp_path / "空白.docx", LIMITS).state is State.EMPTY


ENTITIES = {
    "laughs": '<!DOCTYPE d [<!ENTITY a "哈哈哈"><!ENTITY b "&a;&a;&a;">]>',
    "outside": '<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
    "dtd": '<!DOCTYPE d SYSTEM "http://127.0.0.1:9/x.dtd">',
}


@pytest.mark.parametrize("declared", list(ENTITIES.values()), ids=list(ENTITIES))
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_docx_with_a_document_type_is_refused(tmp_path: Path, declared: str, encoding: str) -> None:
    body = f"{declared}<w:document {WORD}><w:body><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:body></w:document>"
    target = made_docx(tmp_path / "炸弹.docx", "")
    packed(target, members_of(target) | {"word/document.xml": body.encode(encoding)})
    refuses(extract(target, LIMITS), "实体声明")


def test_docx_bombs_are_refused_naming_the_limit(tmp_path: Path) -> None:
    body = f"<w:document {WORD}><w:body>{paragraphs('督' * 3_000_000)}</w:body></w:document>"
    target = made_docx(tmp_path / "炸弹.docx", body)
    refuses(extract(target, LIMITS), "压缩比超过 200:1")
    refuses(extract(target, Limits(zip_member_bytes=1 << 20)), "解开后超过 1 MB")
    refuses(extract(target, Limits(zip_total_bytes=1 << 20, zip_ratio=9999)), "全部部件解开后超过 1 MB")
    refuses(extract(target, Limits(zip_members=3)), "4 个部件（最多 3 个）")


def test_a_blank_scan_inside_a_docx_is_no_bomb(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(TEXT)
    document.save(str(tmp_path / "a.docx"))
    with zipfile.ZipFile(tmp_path / "a.docx", "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media/image1.bmp", bytes(3 << 20))
    assert whole(extract(tmp_path / "a.docx", LIMITS)) == TEXT


def test_a_docx_cut_short_or_flipped_is_corrupt(rich_docx: Path, tmp_path: Path) -> None:
    data = rich_docx.read_bytes()
    cut = tmp_path / "半份.docx"
    cut.write_bytes(data[: len(data) // 2])
    assert extract(cut, LIMITS).state is State.CORRUPT
    bad = made_docx(tmp_path / "坏.docx", f"<w:document {WORD}><w:body><w:p>")
    assert extract(bad, LIMITS).state is State.CORRUPT
    with zipfile.ZipFile(rich_docx) as package:
        at = package.getinfo("word/document.xml").header_offset + 60
    flipped = bytearray(data)
    flipped[at : at + 200] = bytes(200)
    cut.write_bytes(flipped)
    assert extract(cut, LIMITS).state is State.CORRUPT


@settings(max_examples=60, deadline=None)
@given(flips=st.lists(st.tuples(st.integers(0, 1 << 16), st.integers(0, 255)), min_size=1, max_size=6))
def test_no_damage_to_a_docx_raises(
    flips: list[tuple[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("flip")
    source = made_docx(
        folder / "a.docx", f"<w:document {WORD}><w:body>{paragraphs(TEXT)}</w:body></w:document>"
    )
    content = bytearray(source.read_bytes())
    for at, byte in flips:
        content[at % len(content)] = byte
    source.write_bytes(content)
    found = extract(source, LIMITS)
    assert found.state is State.INDEXED or (found.reason and found.remedy)
    shutil.rmtree(folder)


# --- sheets ---------------------------------------------------------------------------------------------


def test_sheets_come_as_the_clerk_sees_them(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.properties.title = "经费统计"
    sheet = workbook.active
    assert sheet is not None
    sheet.title = "教育经费"
    sheet.append(["学校", "金额", "日期", "时刻", "达标", None, None])
    sheet.append(["第一\n小学", 123.0, date(2026, 3, 5), datetime(2026, 3, 5, 8, 30), True, None])
    sheet.append([None, 0.5, 20260305])
    other = workbook.create_sheet("第二张")
    other["B2"] = "单独"
    workbook.create_sheet("空表")
    target = tmp_path / "统计.xlsx"
    workbook.save(target)
    found = extract(target, LIMITS)
    assert labelled(found, "教育经费").split("\n") == [
        "学校\t金额\t日期\t时刻\t达标",
        "第一 小学\t123\t2026-03-05\t2026-03-05 08:30:00\tTRUE",
        "\t0.5\t20260305",
    ]
    assert labelled(found, "第二张") == "单独"
    assert [passage.label for passage in found.passages] == ["教育经费", "第二张"]
    assert found.facts.title == "经费统计"


def test_comments_of_a_workbook_are_found(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet["A1"] = "数"
    sheet["A1"].comment = Comment("请财政局核对", "审核")
    workbook.save(tmp_path / "a.xlsx")
    assert "请财政局核对" in labelled(extract(tmp_path / "a.xlsx", LIMITS), "批注")


def test_an_empty_workbook_is_empty(tmp_path: Path) -> None:
    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    assert extract(tmp_path / "a.xlsx", LIMITS).state is State.EMPTY


def with_sheet(target: Path, rows: str) -> Path:
    """A workbook whose only sheet's XML holds just these rows."""
    openpyxl.Workbook().save(target)
    members = members_of(target)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    members["xl/worksheets/sheet1.xml"] = (
        f'<worksheet xmlns="{main}"><dimension ref="A1:XFD1048576"/><sheetData>{rows}</sheetData></worksheet>'
    ).encode()
    return packed(target, members)


def test_two_cells_in_far_corners_are_read(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c s="0" r="XFD1048576"><v>2</v></c></row>'
    )
    for written in (rows, rows.replace('"', "'")):
        assert whole(extract(with_sheet(tmp_path / "a.xlsx", written), LIMITS)) == "1\n2"


def test_far_cells_on_one_row_out_of_order_come_in_order(tmp_path: Path) -> None:
    rows = '<row r="9"><c r="XFD9"><v>1</v></c><c r="A9"><v>2</v></c></row><row r="2"><c r="B2"><v>3</v></c>'
    target = with_sheet(tmp_path / "a.xlsx", f"{rows}</row>")
    assert whole(extract(target, Limits(sheet_cells=8 * 16384 - 1))) == "3\n2\t1"


def test_a_boast_of_size_or_blank_formatting_refuses_nothing(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"><c r="XFD1048576" s="0"/></row>'
    assert whole(extract(with_sheet(tmp_path / "a.xlsx", rows), LIMITS)) == "7"


def test_a_damaged_workbook_is_corrupt(tmp_path: Path) -> None:
    target = with_sheet(tmp_path / "a.xlsx", '<row r="1"><c r="A1"><v>7</v>')
    assert extract(target, LIMITS).state is State.CORRUPT


def test_a_panic_of_the_sheet_reader_is_corrupt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class PanicException(BaseException):
        pass

    class Panicking:
        @staticmethod
        def from_path(_path: Path) -> None:
            raise PanicException

    openpyxl.Workbook().save(tmp_path / "a.xlsx")
    monkeypatch.setattr("indexer.extract.sheet.CalamineWorkbook", Panicking)
    assert extract(tmp_path / "a.xlsx", LIMITS).state is State.CORRUPT


# --- pdf ------------------------------------------------------------------------------------------------


def made_pdf(target: Path, pages: Iterable[list[str]], *, picture: float = 0.0, title: str = "") -> Path:
    """Pages of Chinese lines in a font that is not embedded; ``picture`` is its share of a side."""
    objects: list[bytes] = [b"", b""]

    def add(content: bytes) -> int:
        objects.append(content)
        return len(objects)

    def stream(dictionary: bytes, data: bytes) -> bytes:
        packed_data = zlib.compress(data)
        head = dictionary + b"/Filter/FlateDecode/Length %d" % len(packed_data)
        return b"<<" + head + b">>stream\n" + packed_data + b"\nendstream"

    inner = add(
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>/DW 1000>>"
    )
    font = add(
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[%d 0 R]>>"
        % inner
    )
    image = add(
        stream(
            b"/Type/XObject/Subtype/Image/Width 2/Height 2/ColorSpace/DeviceGray/BitsPerComponent 8",
            b"\0\xff\xff\0",
        )
    )
    kids = []
    for lines in pages:
        drawn = b"BT /F1 12 Tf 50 780 Td 18 TL " + b"".join(
            b"<" + line.encode("utf-16-be").hex().encode() + b"> Tj T* " for line in lines
        )
        drawn += b"ET"
        if picture:
            drawn += b" q %f 0 0 %f 0 0 cm /I1 Do Q" % (595 * picture, 842 * picture)
        content = add(stream(b"", drawn))
        kids.append(
            add(
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R"
                b"/Resources<</Font<</F1 %d 0 R>>/XObject<</I1 %d 0 R>>>>>>" % (content, font, image)
            )
        )
    info = add(b"<</Title<feff" + title.encode("utf-16-be").hex().encode() + b">>>")
    objects[0] = b"<</Type/Catalog/Pages 2 0 R>>"
    objects[1] = b"<</Type/Pages/Count %d/Kids[%s]>>" % (
        len(kids),
        b" ".join(b"%d 0 R" % kid for kid in kids),
    )
    out = io.BytesIO(b"%PDF-1.7\n")
    out.seek(0, io.SEEK_END)
    places = []
    for number, one in enumerate(objects, 1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, one))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer<</Size %d/Root 1 0 R/Info %d 0 R>>\n" % (len(objects) + 1, info))
    out.write(b"startxref\n%d\n%%%%EOF\n" % start)
    target.write_bytes(out.getvalue())
    return target


def test_pdf_pages_are_passages_and_broken_words_are_whole(tmp_path: Path) -> None:
    lines = ["关于开展义务教育优质均衡发展督导评", "估的通知。", "各乡镇人民政府："]
    target = made_pdf(tmp_path / "通知.pdf", [lines, ["第二页"]], title="督导通知")
    found = extract(target, LIMITS)
    assert [(passage.page, passage.text) for passage in found.passages] == [
        (1, "关于开展义务教育优质均衡发展督导评估的通知。\n各乡镇人民政府："),
        (2, "第二页"),
    ]
    assert (found.facts.page_count, found.facts.title, found.state) == (2, "督导通知", State.INDEXED)


@pytest.mark.parametrize(
    ("page", "joined"),
    [
        ("一二三四五六七八九十\r\n甲乙", "一二三四五六七八九十甲乙"),
        ("一二三四五六七八九。\r\n甲乙", "一二三四五六七八九。\n甲乙"),
        ("标题\r\n一二三四五六七八九十\r\n甲乙", "标题\n一二三四五六七八九十甲乙"),
        ("the quick brown fox\r\njumps", "the quick brown fox jumps"),
        ("inspec\ufffe\r\ntion", "inspection"),
        ("备\r\n注\r\n说明", "备注\n说明"),
        ("甲乙\r\n丙丁", "甲乙\n丙丁"),
        ("", ""),
    ],
)
def test_lines_that_ran_to_the_margin_are_joined(page: str, joined: str) -> None:
    assert joined_lines(page) == joined


def test_scans_wait_for_ocr_and_blank_pages_are_empty(tmp_path: Path) -> None:
    scan = extract(made_pdf(tmp_path / "扫描.pdf", [[], []], picture=1.0), LIMITS)
    assert (scan.state, scan.facts.page_count, scan.passages) == (State.PENDING_OCR, 2, ())
    assert scan.reason
    assert scan.remedy
    stamped = extract(made_pdf(tmp_path / "盖页码.pdf", [["第1页"]], picture=1.0), LIMITS)
    assert stamped.state is State.PENDING_OCR
    assert extract(made_pdf(tmp_path / "白.pdf", [[]]), LIMITS).state is State.EMPTY
    logo = extract(made_pdf(tmp_path / "徽标.pdf", [["通知"]], picture=0.1), LIMITS)
    assert logo.state is State.INDEXED


def test_encrypted_pdfs_open_without_a_password_or_say_so(tmp_path: Path) -> None:
    source = made_pdf(tmp_path / "a.pdf", [[TEXT]])
    for name, password in (("只限制编辑.pdf", ""), ("锁.pdf", "1234")):
        writer = pypdf.PdfWriter(clone_from=source)
        writer.encrypt(password, "owner", algorithm="RC4-128")
        writer.write(tmp_path / name)
        writer.close()
    assert whole(extract(tmp_path / "只限制编辑.pdf", LIMITS)) == TEXT
    assert extract(tmp_path / "锁.pdf", LIMITS).state is State.ENCRYPTED


def test_a_pdf_over_its_limits_or_cut_short_is_said(tmp_path: Path) -> None:
    target = made_pdf(tmp_path / "a.pdf", [["一"], ["二"], ["三"]])
    refuses(extract(target, Limits(pdf_pages=2)), "共 3 页（最多 2 页）")
    target.write_bytes(b"%PDF-1.4\n" + bytes(200))
    assert extract(target, LIMITS).state is State.CORRUPT


def test_a_pdf_whose_name_is_no_unicode_is_read(tmp_path: Path) -> None:
    target = tmp_path / "\udcff.pdf"
    try:
        made_pdf(target, [[TEXT]])
    except (OSError, UnicodeError):
        pytest.skip("这个文件系统不收这样的文件名")
    assert whole(extract(target, LIMITS)) == TEXT


# --- plain text -----------------------------------------------------------------------------------------

SHORT = (
    "督导评估通知",
    "云岭县教育局",
    "经费执行情况",
    "安全检查记录",
    "校长任职名单",
    "二〇二六年三",
    "用并符合卫生",
)
SHORT_TRADITIONAL = ("督導評估通知", "經費執行情況", "學校安全檢查", "校長任職名單")
LONG = (
    "为深入贯彻落实全国教育大会精神，进一步做好全县义务教育优质均衡发展工作，县人民政府教育督导室于三月"
    "五日至十日对十二所学校开展了专项督导。督导组查阅档案，走访师生，现场检查食堂和宿舍，发现问题三十一条。\n"
)
LONG_TRADITIONAL = (
    "為深入貫徹落實教育大會精神，進一步做好全縣義務教育發展工作，縣政府教育督導室對十二所學校開展了專項督導，"
    "查閱檔案，走訪師生，現場檢查食堂和宿舍，發現問題三十一條。\n"
)
WAYS = ("utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16-le", "utf-16-be", "utf-16")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "text", [*SHORT, LONG, LONG * 300, f"姓名,金额\n{SHORT[0]},123\n", "ABC," + SHORT[3]]
)
def test_simplified_chinese_in_any_encoding(tmp_path: Path, way: str, text: str) -> None:
    target = tmp_path / "说明.txt"
    target.write_bytes(text.encode(way))
    assert whole(extract(target, LIMITS)) == text


@pytest.mark.parametrize("way", ["big5", "utf-16-le", "utf-16-be", "utf-8", "gb18030"])
@pytest.mark.parametrize("text", [*SHORT_TRADITIONAL, LONG_TRADITIONAL, LONG_TRADITIONAL * 300])
def test_traditional_chinese_in_any_encoding(tmp_path: Path, way: str, text: str) -> None:
    target = tmp_path / "說明.csv"
    target.write_bytes(text.encode(way))
    assert whole(extract(target, LIMITS)) == text


def test_rare_characters_of_gb18030_survive(tmp_path: Path) -> None:
    text = "校长䶮𠮷同志到会讲话，各股室负责人参加。"
    (tmp_path / "a.txt").write_bytes(text.encode("gb18030"))
    assert whole(extract(tmp_path / "a.txt", LIMITS)) == text


def test_a_text_cut_in_the_middle_of_a_character_keeps_the_rest(tmp_path: Path) -> None:
    for way in ("utf-8", "gb18030"):
        (tmp_path / "a.txt").write_bytes((LONG * 3).encode(way)[:-3])
        assert whole(extract(tmp_path / "a.txt", LIMITS)).startswith(LONG)


def test_western_text_is_not_taken_for_chinese() -> None:
    assert encoding_of("c’est comme ci comme ça, déjà vu à l'école".encode("cp1252")) == "cp1252"
    assert encoding_of(b"plain ascii") == "utf-8"


@pytest.mark.parametrize(
    "data", [bytes(range(256)) * 20, b"\0" * 100, b"\x01\x02\x03\x04" * 50, zlib.compress(LONG.encode() * 9)]
)
def test_binary_junk_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "数据.dat").write_bytes(data)
    refuses(extract(tmp_path / "数据.dat", LIMITS), "不是文字文件")


def test_blank_text_is_empty_and_line_ends_are_one_kind(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b" \r\n\t\n")
    assert extract(tmp_path / "a.txt", LIMITS).state is State.EMPTY
    (tmp_path / "a.txt").write_bytes("甲\r\n乙\r丙".encode())
    assert whole(extract(tmp_path / "a.txt", LIMITS)) == "甲\n乙\n丙"


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=400))
def test_no_bytes_make_extract_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    target = tmp_path_factory.getbasetemp() / "any.bin"
    for head in (b"", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04", b"%PDF-1.4\n"):
        target.write_bytes(head + data)
        found = extract(target, LIMITS)
        assert found.passages or (found.reason and found.remedy)
