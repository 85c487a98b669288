"""OpenDocument: letters, workbooks and shows, packed or flat, and what repeats, hides or breaks in them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import docx
import openpyxl
import pptx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.extract import extract
from indexer.extract.odf import read_flat
from indexer.model import Extraction, Limits, Passage, State
from tests.indexer.extract.conversions import converted

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for name in ("office", "style", "text", "table", "presentation", "meta", "manifest", "drawing")
)
SPACES += ' xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
NOTICE = "关于报送自评报告的通知"


def content(body: str, kind: str = "text") -> str:
    inside = f"<office:body><office:{kind}>{body}</office:{kind}></office:body>"
    return f"<office:document-content {SPACES}>{inside}</office:document-content>"


def packed(
    target: Path, body: str, kind: str = "text", parts: Mapping[str, str | bytes] | None = None
) -> Path:
    members: dict[str, str | bytes] = {"mimetype": f"application/vnd.oasis.opendocument.{kind}"}
    members |= {"content.xml": content(body, kind)} | dict(parts or {})
    with zipfile.ZipFile(target, "w") as package:
        for name, text in members.items():
            package.writestr(name, text)
    return target


def styled(masters: str) -> str:
    inside = f"<office:master-styles>{masters}</office:master-styles>"
    return f"<office:document-styles {SPACES}>{inside}</office:document-styles>"


def read_from(folder: Path, body: str, kind: str = "text", **parts: str) -> Extraction:
    named = {f"{name}.xml": text for name, text in parts.items()}
    return extract(packed(folder / "文件.odt", body, kind, named), Limits())


def labelled(found: Extraction, label: str) -> str:
    return "\n".join(passage.text for passage in found.passages if passage.label == label)


def test_a_letter_written_by_libreoffice_is_read(tmp_path: Path, need_program: Callable[[str], str]) -> None:
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "云岭县督导室文件"
    made.sections[0].footer.paragraphs[0].text = "校对：李静"
    made.add_heading(NOTICE, 1)
    commented = made.add_paragraph("各学校：\n请于三月底前报送。").runs[0]
    made.add_comment(commented, "日期要核实", author="周明远")
    table = made.add_table(2, 2)
    for place, text in enumerate(("学校", "人数", "第一小学", "1024")):
        table.cell(*divmod(place, 2)).text = text
    made.core_properties.author, made.core_properties.title = "周明远", NOTICE
    made.save(str(tmp_path / "通知.docx"))
    found = extract(converted(tmp_path / "通知.docx", "odt", need_program), Limits())
    assert found.passages == (
        Passage(f"{NOTICE}\n各学校：\n请于三月底前报送。\n学校\t人数\n第一小学\t1024"),
        Passage("日期要核实", label="批注"),
        Passage("云岭县督导室文件", label="页眉"),
        Passage("校对：李静", label="页脚"),
    )
    assert (found.facts.author, found.facts.title, found.facts.page_count) == ("周明远", NOTICE, None)


def test_a_workbook_written_by_libreoffice_is_read(
    tmp_path: Path, need_program: Callable[[str], str]
) -> None:
    made = openpyxl.Workbook()
    first, second = made.worksheets[0], made.create_sheet("空表")
    first.title = "教师"
    for row in (("姓名", "编号", "日期"), ("李静", 1024, None), (None, 0.5, "是")):
        first.append(row)
    first["F9"] = "远处"
    second["A1"] = ""
    made.save(tmp_path / "表.xlsx")
    found = extract(converted(tmp_path / "表.xlsx", "fods", need_program), Limits())
    assert found.passages == (
        Passage("姓名\t编号\t日期\n李静\t1024\n\t0.5\t是\n\t\t\t\t\t远处", label="教师"),
    )


def test_a_show_written_by_libreoffice_is_read(tmp_path: Path, need_program: Callable[[str], str]) -> None:
    made = pptx.Presentation()
    for title in ("汇报", "问题"):
        made.slides.add_slide(made.slide_layouts[5]).shapes.title.text = title
    made.slides[1].notes_slide.notes_text_frame.text = "停一下"
    made.save(str(tmp_path / "汇报.pptx"))
    found = extract(converted(tmp_path / "汇报.pptx", "odp", need_program), Limits())
    assert found.passages[:3] == (Passage("汇报", 1), Passage("问题", 2), Passage("停一下", 2, "备注"))
    assert found.facts.page_count == 2


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<text:p>甲<text:s text:c='3'/>乙<text:tab/>丙<text:line-break/>丁</text:p>", "甲   乙\t丙\n丁"),
        ("<text:p>甲<text:s text:c='999999999999'/>乙</text:p>", "甲 乙"),
        (
            "<text:tracked-changes><text:p>删掉的</text:p></text:tracked-changes><text:p>留下的</text:p>",
            "留下的",
        ),
        (
            "<text:p>甲<draw:frame><draw:text-box><text:p>框里</text:p></draw:text-box></draw:frame>乙</text:p>",
            "甲乙\n框里",
        ),
        ("<text:p>\n  甲\n</text:p>", "甲"),
        (
            "<text:p>督<text:ruby>导<text:ruby-text>dǎo</text:ruby-text></text:ruby></text:p>",
            "督导",
        ),
        (
            "<text:list><text:list-item><text:p>一</text:p></text:list-item></text:list><text:h>二</text:h>",
            "一\n二",
        ),
    ],
)
def test_the_flow_of_a_letter(tmp_path: Path, body: str, text: str) -> None:
    assert read_from(tmp_path, body).passages == (Passage(text),)


def test_notes_and_comments_stand_apart(tmp_path: Path) -> None:
    note = (
        "<text:note text:note-class='{}'><text:note-citation>1</text:note-citation>"
        "<text:note-body><text:p>{}</text:p></text:note-body></text:note>"
    )
    comment = "<office:annotation><dc:creator>周</dc:creator><text:p>核实</text:p></office:annotation>"
    body = f"<text:p>正{note.format('footnote', '脚')}文{note.format('endnote', '尾')}{comment}完</text:p>"
    assert read_from(tmp_path, body).passages == (
        Passage("正文完"),
        Passage("核实", label="批注"),
        Passage("脚", label="脚注"),
        Passage("尾", label="尾注"),
    )


def test_headers_are_said_once_and_page_counters_not(tmp_path: Path) -> None:
    header = "<style:header><text:p>督导室</text:p></style:header>"
    off = "<style:header-left style:display='false'><text:p>旧页眉</text:p></style:header-left>"
    footer = "<style:footer><text:p>第 <text:page-number>3</text:page-number> 页</text:p></style:footer>"
    master = f"<style:master-page>{header}{off}{footer}</style:master-page>"
    found = read_from(tmp_path, "<text:p>正文</text:p>", styles=styled(master * 2))
    assert found.passages == (Passage("正文"), Passage("督导室", label="页眉"))


def test_repeated_cells_and_rows_are_bounded(tmp_path: Path) -> None:
    cell = "<table:table-cell table:number-columns-repeated='{}'>{}</table:table-cell>"
    row = "<table:table-row table:number-rows-repeated='{}'>{}</table:table-row>"
    text = "<text:p>甲</text:p>"
    rows = (
        row.format(2, cell.format(3, text) + cell.format(16000, ""))
        + row.format(1048576, cell.format(16384, ""))
        + row.format(99999999, cell.format(99999999, text))
    )
    body = f"<table:table table:name='表'>{rows}</table:table>"
    found = read_from(tmp_path, body, "spreadsheet")
    lines = found.passages[0].text.split("\n")
    assert lines[:2] == ["甲\t甲\t甲"] * 2
    assert len(lines) == 1002
    assert {line.count("甲") for line in lines[2:]} == {1000}
    small = packed(tmp_path / "小.ods", body, "spreadsheet")
    assert sum(len(one.text) for one in extract(small, Limits(text_chars=5000)).passages) <= 5000


def test_a_cell_without_shown_text_gives_its_value_and_a_covered_one_nothing(tmp_path: Path) -> None:
    cells = (
        "<table:table-cell office:value='12.5'/>"
        "<table:covered-table-cell><text:p>旧</text:p></table:covered-table-cell>"
        "<table:table-cell><text:p>甲</text:p><text:p>乙</text:p></table:table-cell>"
    )
    body = f"<table:table table:name='表'><table:table-row>{cells}</table:table-row></table:table>"
    assert read_from(tmp_path, body, "spreadsheet").passages == (Passage("12.5\t\t甲 乙", label="表"),)


def test_what_a_page_style_prints_is_read_and_its_placeholders_not(tmp_path: Path) -> None:
    shape = "<draw:custom-shape{}><text:p>{}</text:p></draw:custom-shape>"
    master = shape.format("", "云岭县") + shape.format(" presentation:class='title'", "单击此处编辑标题")
    notes = f"<presentation:notes>{shape.format('', '讲稿')}</presentation:notes>"
    styles = styled(f"<style:master-page>{master}{notes}</style:master-page>")
    aside = f"<presentation:notes>{shape.format('', '备')}</presentation:notes>"
    page = f"<draw:page>{shape.format('', '一')}{aside}</draw:page>"
    found = read_from(tmp_path, page + page.replace("一", "二"), "presentation", styles=styles)
    assert found.passages == (
        Passage("一", 1),
        Passage("备", 1, "备注"),
        Passage("二", 2),
        Passage("备", 2, "备注"),
        Passage("云岭县", label="母版"),
    )


def test_embedded_tables_are_read(tmp_path: Path) -> None:
    row = "<table:table-row><table:table-cell><text:p>嵌入的数</text:p></table:table-cell></table:table-row>"
    table = content(f"<table:table table:name='表'>{row}</table:table>", "spreadsheet")
    parts = {"Object 1/content.xml": table}
    found = extract(packed(tmp_path / "信.odt", "<text:p>信</text:p>", "text", parts), Limits())
    assert labelled(found, "嵌入对象") == "嵌入的数"


LOCK = "<manifest:file-entry><manifest:encryption-data/></manifest:file-entry>"
LOCKED = f"<manifest:manifest {SPACES}>{LOCK}</manifest:manifest>"


@pytest.mark.parametrize(
    ("parts", "state", "word"),
    [
        (
            {"META-INF/manifest.xml": LOCKED},
            State.ENCRYPTED,
            "密码",
        ),
        ({"content.xml": "<office:document-content"}, State.CORRUPT, "XML"),
        ({"content.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, State.REFUSED, "DTD"),
        ({"content.xml": content("<text:p> </text:p>")}, State.EMPTY, "没有文字"),
        ({"content.xml": content(""), "Pictures/a.png": b"x"}, State.EMPTY, "只有图片"),
    ],
)
def test_what_cannot_be_read_says_so(
    tmp_path: Path, parts: dict[str, str | bytes], state: State, word: str
) -> None:
    found = extract(packed(tmp_path / "信.odt", "", "text", parts), Limits())
    assert (found.state, found.passages) == (state, ())
    assert word in found.reason + found.remedy


def test_facts_come_from_the_metadata_and_signatures_are_counted(tmp_path: Path) -> None:
    meta = (
        "<office:meta><dc:title>自评</dc:title><meta:initial-creator>李静</meta:initial-creator>"
        "<dc:creator>后来的人</dc:creator><meta:creation-date>2026-03-05T08:30:00</meta:creation-date>"
        "<dc:date>2026-03-06</dc:date></office:meta>"
    )
    parts: dict[str, str | bytes] = {
        "meta.xml": f"<office:document-meta {SPACES}>{meta}</office:document-meta>",
        "META-INF/documentsignatures.xml": "<document-signatures><Signature/></document-signatures>",
    }
    facts = extract(packed(tmp_path / "信.odt", "<text:p>信</text:p>", "text", parts), Limits()).facts
    assert (facts.title, facts.author, facts.signatures) == ("自评", "李静", 1)
    assert (facts.created, facts.modified) == ("2026-03-05T08:30:00", "2026-03-06")


SOUND = content(
    "<text:p>甲<text:note text:note-class='footnote'><text:note-body><text:p>脚</text:p></text:note-body>"
    "</text:note></text:p><table:table><table:table-row><table:table-cell><text:p>乙</text:p>"
    "</table:table-cell></table:table-row></table:table>"
    "<draw:frame><draw:text-box><text:p>丙</text:p></draw:text-box></draw:frame>"
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=9), st.booleans())
def test_damage_ends_in_a_state(tmp_path: Path, flips: list[tuple[int, int]], inside: bool) -> None:
    path = packed(tmp_path / "坏.odt", "")
    data = bytearray(SOUND.encode() if inside else packed(path, SOUND).read_bytes())
    for at, byte in flips:
        data[at % len(data)] = byte
    if inside:
        packed(path, "", "text", {"content.xml": bytes(data)})
    else:
        path.write_bytes(data)
    found = extract(path, Limits())
    assert found.passages or (found.reason and found.remedy)


TAGS = ("p", "h", "note", "note-body")
NESTS = [f"text:{tag}" for tag in TAGS] + ["table:table", "table:table-row", "table:table-cell", "draw:frame"]
NESTS += ["draw:page", "office:annotation", "office:master-styles", "style:master-page"]


@given(st.lists(st.sampled_from(NESTS), max_size=12))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_nesting_keeps_the_words(tmp_path: Path, tags: list[str]) -> None:
    inner = "甲"
    for tag in reversed(["office:text", *tags, "text:p"]):
        inner = f"<{tag}>{inner}</{tag}>"
    (tmp_path / "嵌.fodt").write_text(f"<office:document {SPACES}>{inner}</office:document>", "utf-8")
    found = read_flat(tmp_path / "嵌.fodt", Limits())
    assert sum(one.text.count("甲") for one in found.passages) == 1
