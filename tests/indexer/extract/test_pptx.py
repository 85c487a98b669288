"""Presentations: every slide in the order of the show, with what hangs on it, whatever is damaged."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pptx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Cm

from indexer.extract import extract
from indexer.model import Limits, Passage, State

DIAGRAM = """<d:dataModel xmlns:d="x" xmlns:a="y"><d:pt><d:t>
<a:p><a:r><a:t>自查</a:t></a:r></a:p>
</d:t></d:pt><d:pt><d:t><a:p><a:r><a:t>整改</a:t></a:r></a:p></d:t></d:pt></d:dataModel>"""
BOX = "<p:sp><p:nvSpPr/><p:txBody><a:p><a:r><a:t>云岭县督导室</a:t></a:r></a:p></p:txBody></p:sp>"
TITLES = ("优质均衡创建汇报", "存在问题", "下一步打算")
SLIDE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def show(titles: tuple[str, ...] = TITLES) -> pptx.presentation.Presentation:
    made = pptx.Presentation()
    for title in titles:
        made.slides.add_slide(made.slide_layouts[5]).shapes.title.text = title
    return made


def saved(folder: Path, made: pptx.presentation.Presentation) -> Path:
    made.save(str(folder / "汇报.pptx"))
    return folder / "汇报.pptx"


def repacked(source: Path, changes: Mapping[str, bytes | None]) -> Path:
    """The package with other parts; None takes a part out."""
    with zipfile.ZipFile(source) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts |= {name: content for name, content in changes.items() if content is not None}
    with zipfile.ZipFile(source, "w") as package:
        for name, content in parts.items():
            if changes.get(name, b"") is not None:
                package.writestr(name, content)
    return source


def part(source: Path, name: str) -> str:
    with zipfile.ZipFile(source) as package:
        return package.read(name).decode()


def linked(source: Path, kind: str, target: str) -> bytes:
    """The first slide's relationships with one more."""
    more = f'<Relationship Id="rId77" Type="{SLIDE}/{kind}" Target="{target}"/></Relationships>'
    return part(source, "ppt/slides/_rels/slide1.xml.rels").replace("</Relationships>", more).encode()


def test_slides_are_pages_in_the_order_of_the_show(tmp_path: Path) -> None:
    made = show()
    listed = made.slides._sldIdLst
    listed.insert(0, listed[2])
    made.core_properties.author = "李静"
    found = extract(saved(tmp_path, made), Limits())
    assert found.passages == (Passage(TITLES[2], 1), Passage(TITLES[0], 2), Passage(TITLES[1], 3))
    assert (found.state, found.reason) == (State.INDEXED, "")
    assert (found.facts.page_count, found.facts.author) == (3, "李静")


def test_a_slide_taken_out_of_the_show_is_not_read(tmp_path: Path) -> None:
    made = show()
    listed = made.slides._sldIdLst
    listed.remove(listed[1])
    found = extract(saved(tmp_path, made), Limits())
    assert [passage.text for passage in found.passages] == [TITLES[0], TITLES[2]]
    assert found.facts.page_count == 2


def test_tables_groups_notes_and_line_breaks_are_read(tmp_path: Path) -> None:
    made = show(("一",))
    slide = made.slides[0]
    table = slide.shapes.add_table(2, 2, Cm(1), Cm(1), Cm(9), Cm(3)).table
    for place, text in enumerate(("学校", "生师比", "第一小学", "18.5")):
        table.cell(*divmod(place, 2)).text = text
    table.cell(1, 0).merge(table.cell(1, 1))
    group = slide.shapes.add_group_shape()
    box = group.shapes.add_textbox(Cm(1), Cm(5), Cm(5), Cm(1))
    box.text_frame.text = "组合里的字\v第二行"
    slide.notes_slide.notes_text_frame.text = "讲到这里停一下"
    found = extract(saved(tmp_path, made), Limits())
    assert found.passages == (
        Passage("一\n学校\t生师比\n第一小学 18.5\n组合里的字\n第二行", 1),
        Passage("讲到这里停一下", 1, "备注"),
    )


def test_a_chart_gives_its_names(tmp_path: Path) -> None:
    made = show(("图",))
    data = CategoryChartData()  # type: ignore[no-untyped-call]
    data.categories = ["小学", "初中"]
    data.add_series("辍学率", (0.1, 0.2))  # type: ignore[no-untyped-call]
    data.add_series("巩固率", (99, 98))  # type: ignore[no-untyped-call]
    made.slides[0].shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Cm(1), Cm(1), Cm(9), Cm(9), data)
    (passage,) = extract(saved(tmp_path, made), Limits()).passages
    assert passage.text == "图\n辍学率\n小学\t初中\n巩固率"


@pytest.mark.parametrize(
    ("kind", "xml", "expected"),
    [
        (
            "comments",
            '<p:cmLst xmlns:p="x"><p:cm authorId="0"><p:text>请核实数字</p:text></p:cm></p:cmLst>',
            Passage("请核实数字", 1, "批注"),
        ),
        (
            "diagramData",
            DIAGRAM,
            Passage("一\n自查\n整改", 1),
        ),
    ],
)
def test_comments_and_diagrams_are_read(tmp_path: Path, kind: str, xml: str, expected: Passage) -> None:
    path = saved(tmp_path, show(("一",)))
    links = linked(path, kind, "/ppt/side.xml")
    repacked(path, {"ppt/slides/_rels/slide1.xml.rels": links, "ppt/side.xml": xml.encode()})
    assert expected in extract(path, Limits()).passages


def test_what_a_master_prints_on_every_slide_is_read_once(tmp_path: Path) -> None:
    made = show(("一", "二"))
    master = made.slide_layouts[5].slide_master
    name = "ppt/slideMasters/slideMaster1.xml"
    assert any(shape.is_placeholder for shape in master.shapes)
    path = saved(tmp_path, made)
    changed = part(path, name).replace("</p:spTree>", f"{BOX}</p:spTree>", 1)
    found = extract(repacked(path, {name: changed.encode()}), Limits())
    assert found.passages == (Passage("一", 1), Passage("二", 2), Passage("云岭县督导室", label="母版"))


def test_an_alternative_is_read_once_and_slide_numbers_not(tmp_path: Path) -> None:
    path = saved(tmp_path, show(("一",)))
    paragraph = "<p:sp><p:txBody><a:p>{}</a:p></p:txBody></p:sp>"
    new, old = (paragraph.format(f"<a:r><a:t>{text}</a:t></a:r>") for text in ("新的", "旧的"))
    number = paragraph.format('<a:fld type="slidenum"><a:t>7</a:t></a:fld><a:r><a:t>页</a:t></a:r>')
    both = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f"<mc:Choice>{new}</mc:Choice><mc:Fallback>{old}</mc:Fallback></mc:AlternateContent>"
    )
    name = "ppt/slides/slide1.xml"
    changed = part(path, name).replace("</p:spTree>", f"{both}{number}</p:spTree>")
    found = extract(repacked(path, {name: changed.encode()}), Limits())
    assert found.passages == (Passage("一\n新的\n页", 1),)


def test_a_broken_slide_does_not_take_the_others_with_it(tmp_path: Path) -> None:
    path = repacked(saved(tmp_path, show()), {"ppt/slides/slide2.xml": b"<p:sld><p:cSld>"})
    found = extract(path, Limits())
    assert found.passages == (Passage(TITLES[0], 1), Passage(TITLES[2], 3))
    assert found.state is State.INDEXED
    assert found.reason == "第 2 页已损坏，读不出来"
    assert found.remedy


def test_without_the_list_of_slides_their_numbers_count(tmp_path: Path) -> None:
    path = repacked(saved(tmp_path, show()), {"ppt/presentation.xml": b"<p:presentation"})
    assert [passage.page for passage in extract(path, Limits()).passages] == [1, 2, 3]


@pytest.mark.parametrize(
    ("changes", "state", "word"),
    [
        ({f"ppt/slides/slide{page}.xml": b"<" for page in (1, 2, 3)}, State.CORRUPT, "每一页"),
        (
            {f"ppt/slides/slide{page}.xml": None for page in (1, 2, 3)} | {"ppt/presentation.xml": None},
            State.CORRUPT,
            "没有幻灯片",
        ),
        ({"ppt/slides/slide1.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}, State.REFUSED, "DTD"),
    ],
)
def test_a_package_that_cannot_be_read_says_so(
    tmp_path: Path, changes: Mapping[str, bytes | None], state: State, word: str
) -> None:
    found = extract(repacked(saved(tmp_path, show()), changes), Limits())
    assert (found.state, found.passages) == (state, ())
    assert word in found.reason
    assert found.remedy


def test_a_show_of_blank_slides_is_empty_and_one_of_too_many_refused(tmp_path: Path) -> None:
    path = saved(tmp_path, show(("", "")))
    found = extract(path, Limits())
    assert (found.state, found.facts.page_count) == (State.EMPTY, 2)
    assert extract(path, Limits(pdf_pages=1)).state is State.REFUSED


@pytest.fixture(scope="module")
def sound() -> bytes:
    made = io.BytesIO()
    show().save(made)
    return made.getvalue()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damage_ends_in_a_state(sound: bytes, tmp_path: Path, data: st.DataObject) -> None:
    broken = bytearray(sound)
    for at, byte in data.draw(
        st.lists(st.tuples(st.integers(0, len(sound) - 1), st.integers(0, 255)), max_size=9)
    ):
        broken[at] = byte
    path = tmp_path / "坏.pptx"
    path.write_bytes(broken)
    found = extract(path, Limits())
    assert found.passages or found.reason
