"""OFD packages (GB/T 33190) as this test writes them: what is read, in which order, and how the rest ends."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract import extract
from indexer.extract.lines import Piece, lines_of
from indexer.extract.ofd import INFO_LABEL, NOTE_LABEL
from indexer.extract.ofdpage import _deltas, applied, combined
from indexer.model import Extraction, Facts, Limits, Passage, State

NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"'
SIZE = 4.0


def said(text: str, x: float, y: float, *, delta: str = "", extra: str = "", down: str = "") -> str:
    """A text object of one line with its own box, evenly set unless told otherwise."""
    across = f' DeltaX="{delta}"' if delta else "" if down else f' DeltaX="g {len(text) - 1} {SIZE}"'
    below = f' DeltaY="{down}"' if down else ""
    return (
        f'<ofd:TextObject ID="9" Boundary="{x} {y} 150 6" Font="1" Size="{SIZE}" {extra}>'
        f'<ofd:TextCode X="0" Y="{SIZE}"{across}{below}>{text}</ofd:TextCode></ofd:TextObject>'
    )


def page(*objects: str, template: str = "") -> str:
    head = f'<ofd:Template TemplateID="{template}" ZOrder="Background"/>' if template else ""
    return (
        f"<ofd:Page {NAMESPACE}>{head}<ofd:Content><ofd:Layer ID='2'>{''.join(objects)}</ofd:Layer>"
        "</ofd:Content></ofd:Page>"
    )


def body(root: str = "Doc_0/Document.xml", info: str = "", after: str = "") -> str:
    told = f"<ofd:DocInfo>{info}</ofd:DocInfo><ofd:DocRoot>{root}</ofd:DocRoot>{after}"
    return f"<ofd:DocBody>{told}</ofd:DocBody>"


def main(*bodies: str) -> str:
    return f'<ofd:OFD {NAMESPACE} DocType="OFD" Version="1.1">{"".join(bodies)}</ofd:OFD>'


def document(pages: Sequence[str], *, common: str = "", after: str = "") -> str:
    listed = "".join(f'<ofd:Page ID="{10 + at}" BaseLoc="{name}"/>' for at, name in enumerate(pages))
    return (
        f"<ofd:Document {NAMESPACE}><ofd:CommonData>{common}</ofd:CommonData>"
        f"<ofd:Pages>{listed}</ofd:Pages>{after}</ofd:Document>"
    )


def package(target: Path, parts: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return target


def one_page(folder: Path, *objects: str) -> Extraction:
    parts = {
        "OFD.xml": main(body()),
        "Doc_0/Document.xml": document(["Pages/Page_0/Content.xml"]),
        "Doc_0/Pages/Page_0/Content.xml": page(*objects),
    }
    return extract(package(folder / "件.ofd", parts), Limits())


def text_of(found: Extraction) -> str:
    assert found.state is State.INDEXED, found.reason
    return found.passages[0].text


def test_pages_come_in_order_with_facts(tmp_path: Path) -> None:
    info = (
        "<ofd:Title>关于督导的通知</ofd:Title><ofd:Author>李静</ofd:Author><ofd:CreationDate>2026-03-05"
        "</ofd:CreationDate><ofd:ModDate>2026-03-06</ofd:ModDate><ofd:CustomDatas>"
        '<ofd:CustomData Name="文号">安教督〔2026〕3号</ofd:CustomData></ofd:CustomDatas>'
    )
    parts = {
        "OFD.xml": main(body(info=info, after="<ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>")),
        "Doc_0/Document.xml": document(["Pages/B.xml", "Pages/A.xml"]),
        "Doc_0/Pages/B.xml": page(said("第一页", 20, 20)),
        "Doc_0/Pages/A.xml": page(said("第二页", 20, 20)),
        "Doc_0/Signs/Signatures.xml": f"<ofd:Signatures {NAMESPACE}>"
        '<ofd:Signature ID="1" Type="Seal" BaseLoc="Sign_0/Signature.xml"/>'
        '<ofd:Signature ID="2" Type="Sign" BaseLoc="/Doc_0/Signs/Sign_1/Signature.xml"/></ofd:Signatures>',
        "Doc_0/Signs/Sign_0/Signature.xml": f"<ofd:Signature {NAMESPACE}><ofd:SignedInfo>"
        '<ofd:StampAnnot ID="1" PageRef="11" Boundary="1 1 9 9"/></ofd:SignedInfo></ofd:Signature>',
    }
    found = extract(package(tmp_path / "通知.ofd", parts), Limits())
    assert found.facts == Facts(
        page_count=2,
        title="关于督导的通知",
        author="李静",
        created="2026-03-05",
        modified="2026-03-06",
        seals=(2,),
        signatures=2,
    )
    assert found.passages == (
        Passage("第一页", page=1),
        Passage("第二页", page=2),
        Passage("关于督导的通知\n李静\n文号：安教督〔2026〕3号", label=INFO_LABEL),
    )


def test_words_broken_over_objects_and_codes_are_whole(tmp_path: Path) -> None:
    found = one_page(
        tmp_path,
        said("教育督", 20, 20),
        said("导委员会", 32, 20),
        said("学校", 20, 30),
        f'<ofd:TextObject Boundary="28 30 90 6" Size="{SIZE}">'
        f'<ofd:TextCode X="0" Y="{SIZE}">办</ofd:TextCode>'
        '<ofd:TextCode X="4">学</ofd:TextCode></ofd:TextObject>',
    )
    assert text_of(found) == "教育督导委员会\n学校办学"


def test_digits_drawn_in_a_second_pass_stand_in_their_line(tmp_path: Path) -> None:
    found = one_page(
        tmp_path,
        said("安教督〔", 20, 20),
        said("〕", 44, 20),
        said("共", 20, 30),
        said("所学校", 28, 30),
        said("2026", 36, 20, delta="2 2 2"),
        said("3号。", 48, 20),
        said("12", 24, 30, delta="2"),
    )
    assert text_of(found) == "安教督〔2026〕3号。\n共12所学校"


def test_a_page_drawn_in_disorder_is_read_by_its_lines(tmp_path: Path) -> None:
    lines = [f"第{number}行文字说明" for number in "一二三四五六"]
    drawn = [said(lines[at], 20, 20 + 8 * at) for at in (3, 0, 5, 2, 4, 1)]
    assert text_of(one_page(tmp_path, *drawn)).split("\n") == lines


def test_columns_drawn_one_after_the_other_stay_apart(tmp_path: Path) -> None:
    left = [said(f"左{number}", 20, 20 + 8 * at) for at, number in enumerate("甲乙丙丁")]
    right = [said(f"右{number}", 120, 20 + 8 * at) for at, number in enumerate("甲乙丙丁")]
    told = text_of(one_page(tmp_path, *left, *right)).split("\n")
    assert told == ["左甲", "左乙", "左丙", "左丁", "右甲", "右乙", "右丙", "右丁"]


def test_columns_of_a_form_stay_on_their_row(tmp_path: Path) -> None:
    assert text_of(one_page(tmp_path, said("单位", 20, 20), said("县教体局", 60, 20))) == "单位 县教体局"


def test_text_that_wraps_inside_one_code_is_cut_where_it_wraps(tmp_path: Path) -> None:
    wrapped = said("第一行第二行", 20, 20, delta="4 4 -8 4 4", down="0 0 6 0 0")
    assert text_of(one_page(tmp_path, wrapped)) == "第一行\n第二行"


def test_text_that_runs_down_the_page_is_one_word(tmp_path: Path) -> None:
    assert text_of(one_page(tmp_path, said("督导室", 20, 20, down="4 4"))) == "督导室"


def test_turned_and_scaled_text_is_read_by_its_own_direction(tmp_path: Path) -> None:
    turned = [
        said("教育督", 50, 20, extra='CTM="0 1 -1 0 0 0"'),
        said("导", 50, 32, extra='CTM="0 1 -1 0 0 0"'),
    ]
    scaled = [
        said("均衡", 20, 20, extra='CTM="0.5 0 0 0.5 0 0"'),
        said("发展", 24, 20, extra='CTM="0.5 0 0 0.5 0 0"'),
    ]
    told = text_of(one_page(tmp_path, *turned, *scaled))
    assert set(told.split("\n")) == {"教育督导", "均衡发展"}


def test_text_set_twice_to_look_bold_is_read_once(tmp_path: Path) -> None:
    assert text_of(one_page(tmp_path, said("通知", 20, 20), said("通知", 20.2, 20))) == "通知"


def test_clipping_text_is_not_read_and_pattern_text_is(tmp_path: Path) -> None:
    clip = (
        f'<ofd:PathObject Boundary="0 0 9 9"><ofd:Clips><ofd:Clip><ofd:Area>{said("剪形", 0, 0)}</ofd:Area>'
        f"</ofd:Clip></ofd:Clips></ofd:PathObject>{said('正文', 20, 20)}"
        f"<ofd:PathObject><ofd:FillColor><ofd:Pattern><ofd:CellContent>{said('水印', 20, 60)}"
        "</ofd:CellContent></ofd:Pattern></ofd:FillColor></ofd:PathObject>"
    )
    assert text_of(one_page(tmp_path, clip)) == "正文\n水印"


def test_templates_annotations_and_composites_are_read_where_they_belong(tmp_path: Path) -> None:
    parts = {
        "OFD.xml": main(body()),
        "Doc_0/Document.xml": document(
            ["Pages/0.xml", "Pages/1.xml"],
            common='<ofd:TemplatePage ID="5" BaseLoc="Tpls/T.xml"/>'
            "<ofd:DocumentRes>Res.xml</ofd:DocumentRes>",
            after="<ofd:Annotations>Annots.xml</ofd:Annotations>",
        ),
        "Doc_0/Tpls/T.xml": page(said("县教体局文件", 20, 10)),
        "Doc_0/Pages/0.xml": page(said("正文甲", 20, 40), template="5"),
        "Doc_0/Pages/1.xml": page(
            said("正文乙", 20, 40),
            '<ofd:CompositeObject ResourceID="77" Boundary="20 60 50 9"/>',
            template="5",
        ),
        "Doc_0/Res.xml": f"<ofd:Res {NAMESPACE}><ofd:CompositeGraphicUnits><ofd:CompositeGraphicUnit ID='77'>"
        f"<ofd:Content>{said('印制数量', 0, 0)}</ofd:Content></ofd:CompositeGraphicUnit>"
        "</ofd:CompositeGraphicUnits></ofd:Res>",
        "Doc_0/Annots.xml": f'<ofd:Annotations {NAMESPACE}><ofd:Page PageID="11">'
        "<ofd:FileLoc>A.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>",
        "Doc_0/A.xml": f'<ofd:PageAnnot {NAMESPACE}><ofd:Annot Type="Watermark">'
        f'<ofd:Remark>请修改</ofd:Remark><ofd:Appearance Boundary="9 9 9 9">{said("内部资料", 0, 0)}'
        "</ofd:Appearance></ofd:Annot></ofd:PageAnnot>",
    }
    assert extract(package(tmp_path / "件.ofd", parts), Limits()).passages == (
        Passage("县教体局文件\n正文甲", page=1),
        Passage("县教体局文件\n正文乙\n印制数量", page=2),
        Passage("内部资料\n请修改", page=2, label=NOTE_LABEL),
    )


def test_several_documents_in_one_package_are_all_read(tmp_path: Path) -> None:
    parts = {
        "OFD.xml": main(body(), body("Doc_1/Document.xml"), body("Doc_2/Document.xml")),
        "Doc_0/Document.xml": document(["P.xml"]),
        "Doc_0/P.xml": page(said("甲件", 20, 20)),
        "Doc_1/Document.xml": document(["P.xml"]),
        "Doc_1/P.xml": page(said("乙件", 20, 20)),
    }
    found = extract(package(tmp_path / "件.ofd", parts), Limits())
    assert found.passages == (Passage("甲件", page=1), Passage("乙件", page=2, label="文档2"))
    assert (found.facts.page_count, found.reason) == (3, "第 3 页打不开")


def test_the_current_version_is_the_one_that_is_read(tmp_path: Path) -> None:
    versions = (
        '<ofd:Versions><ofd:Version ID="1" BaseLoc="Doc_0/Versions/V1.xml" Current="false"/>'
        '<ofd:Version ID="2" BaseLoc="Doc_0/Versions/V2.xml" Current="true"/></ofd:Versions>'
    )
    parts = {
        "OFD.xml": main(body(after=versions)),
        "Doc_0/Document.xml": document(["Pages/P.xml"]),
        "Doc_0/Document_V2.xml": document(["Pages/Q.xml"]),
        "Doc_0/Pages/P.xml": page(said("旧稿", 20, 20)),
        "Doc_0/Pages/Q.xml": page(said("新稿", 20, 20)),
        "Doc_0/Versions/V2.xml": f"<ofd:DocVersion {NAMESPACE}>"
        "<ofd:DocRoot>../Document_V2.xml</ofd:DocRoot></ofd:DocVersion>",
    }
    assert text_of(extract(package(tmp_path / "件.ofd", parts), Limits())) == "新稿"


@pytest.mark.parametrize(
    ("root", "location"),
    [
        ("/Doc_0/Document.xml", "/Doc_0/Pages/P.xml"),
        ("./Doc_0/Document.xml", "./Pages/P.xml"),
        ("doc_0/DOCUMENT.XML", "pages/p.XML"),
        ("Doc_0\\Document.xml", "Pages\\P.xml"),
        ("Doc_0/Document.xml", "Doc_0/Pages/P.xml"),
        ("Doc_0/Document.xml", "../Doc_0/Pages/P.xml"),
    ],
)
def test_locations_are_followed_however_they_are_written(tmp_path: Path, root: str, location: str) -> None:
    parts = {
        "OFD.xml": main(body(root)),
        "Doc_0/Document.xml": document([location]),
        "Doc_0/Pages/P.xml": page(said("正文", 20, 20)),
    }
    assert text_of(extract(package(tmp_path / "件.ofd", parts), Limits())) == "正文"


PICTURE = '<ofd:ImageObject ID="3" ResourceID="4" Boundary="0 0 210 297"/>'
PATH = "<ofd:PathObject><ofd:AbbreviatedData>{}</ofd:AbbreviatedData></ofd:PathObject>"
OUTLINES = PATH.format("M 0 0 L 9 9 " * 60)


@pytest.mark.parametrize(
    ("objects", "state"),
    [
        ((PICTURE,), State.PENDING_OCR),
        ((OUTLINES,), State.PENDING_OCR),
        ((PICTURE, said("1", 100, 280)), State.PENDING_OCR),
        ((), State.EMPTY),
        (
            ("<ofd:PathObject><ofd:AbbreviatedData>M 0 0 L 9 9</ofd:AbbreviatedData></ofd:PathObject>",),
            State.EMPTY,
        ),
    ],
)
def test_pages_without_text_wait_for_ocr_or_are_empty(
    tmp_path: Path, objects: tuple[str, ...], state: State
) -> None:
    found = one_page(tmp_path, *objects)
    assert found.state is state
    assert found.facts.scans == ((1,) if state is State.PENDING_OCR else ())
    assert found.reason
    assert found.remedy


def test_an_encrypted_package_is_told_with_what_can_be_read(tmp_path: Path) -> None:
    locked: dict[str, str | bytes] = {
        "Encryptions.xml": "<Encryptions/>",
        "decryptseed.dat": b"\x01\x02",
        "a.dat": b"\x00",
    }
    found = extract(package(tmp_path / "密.ofd", locked), Limits())
    assert (found.state, found.passages) == (State.ENCRYPTED, ())
    parts = locked | {
        "OFD.xml": main(body()),
        "Doc_0/Document.xml": document(["P.xml", "Secret.xml"]),
        "Doc_0/P.xml": page(said("公开的一页", 20, 20)),
    }
    found = extract(package(tmp_path / "半.ofd", parts), Limits())
    assert (found.state, found.passages) == (State.ENCRYPTED, (Passage("公开的一页", page=1),))


@pytest.mark.parametrize(
    ("parts", "state", "words"),
    [
        ({"OFD.xml": "<OFD/>"}, State.CORRUPT, "没有文档入口"),
        ({"OFD.xml": "不是 XML"}, State.CORRUPT, "没有文档入口"),
        ({"OFD.xml": main(body())}, State.CORRUPT, "没有一页能打开"),
        (
            {"OFD.xml": main(body()), "Doc_0/Document.xml": document(["P.xml"]), "Doc_0/P.xml": "<Page>"},
            State.CORRUPT,
            "没有一页能打开",
        ),
        (
            {"OFD.xml": '<!DOCTYPE a [<!ENTITY b "c">]>' + main(body())},
            State.REFUSED,
            "实体声明",
        ),
        (
            {"OFD.xml": main(body()), "Doc_0/Document.xml": document(["P.xml"] * 4)},
            State.REFUSED,
            "超过 3 页",
        ),
    ],
)
def test_damage_and_limits_have_their_names(
    tmp_path: Path, parts: dict[str, str], state: State, words: str
) -> None:
    found = extract(package(tmp_path / "坏.ofd", parts), Limits(pdf_pages=3))
    assert (found.state, words in found.reason) == (state, True), found.reason


def test_a_list_of_pages_that_breaks_off_is_told(tmp_path: Path) -> None:
    whole = document(["P.xml", "Q.xml"])
    parts = {
        "OFD.xml": main(body()),
        "Doc_0/Document.xml": whole[: whole.index("Q.xml")],
        "Doc_0/P.xml": page(said("正文", 20, 20)),
    }
    found = extract(package(tmp_path / "半.ofd", parts), Limits())
    assert (text_of(found), found.reason) == ("正文", "文件内部的目录有损坏，可能缺页")
    parts["Doc_0/Document.xml"] = whole[: whole.index("P.xml")]
    assert extract(package(tmp_path / "坏.ofd", parts), Limits()).state is State.CORRUPT


def test_a_repeat_that_never_ends_costs_nothing() -> None:
    assert _deltas("g 999999999 3 1", 5) == [3.0] * 5
    assert _deltas("g 2 3 1 g x 7 nan", 9) == [3.0, 3.0, 1.0, 0.0]


def test_two_matrices_are_one_after_the_other() -> None:
    inner, outer = (2.0, 1.0, -1.0, 3.0, 5.0, 7.0), (0.5, -2.0, 4.0, 1.5, 11.0, 13.0)
    for point in ((1.0, 0.0), (0.0, 1.0), (3.0, -2.0)):
        assert applied(combined(inner, outer), point) == applied(outer, applied(inner, point))


@given(
    st.lists(
        st.tuples(
            st.text("督导检查ab12", min_size=1, max_size=4),
            st.floats(0, 200, allow_nan=False),
            st.floats(0, 290, allow_nan=False),
            st.sampled_from([0, 0, 90]),
        ),
        max_size=30,
        unique_by=lambda told: (told[1], told[2]),
    )
)
def test_no_character_is_lost_however_pieces_lie(told: list[tuple[str, float, float, int]]) -> None:
    pieces = [Piece(f"{at:03}{text}", x, y, x + 9, 4, turn) for at, (text, x, y, turn) in enumerate(told)]
    lines = "".join(lines_of(pieces)).replace(" ", "")
    assert sorted(lines) == sorted("".join(piece.text for piece in pieces))


def test_real_packages_give_all_their_chinese(shared: Path) -> None:
    folder = shared / "data" / "files"
    with (folder / "INDEX.tsv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream, delimiter="\t") if row["ext"] == "ofd"]
    short = {}
    for row in rows:
        found = extract(folder / row["name"], Limits())
        if row["kind"] != "ok":
            assert found.passages or found.reason
            continue
        count = sum(len(re.findall(r"[\u4e00-\u9fff]", passage.text)) for passage in found.passages)
        if found.state is not State.INDEXED or count < int(row["cjk_chars"] or 0):
            short[row["name"]] = (found.state, count, row["cjk_chars"])
    assert len(rows) >= 20
    assert short == {}
