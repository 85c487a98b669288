"""The shipped templates and what is fitted to their texts, read from the .docx itself."""

from __future__ import annotations

import io
import shutil
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.enum.section import WD_ORIENT
from lxml import etree

from dujian_docs.documents import blueprints, genres, shipped_templates
from dujian_docs.documents.fields import Context
from dujian_docs.documents.genres import Genre
from dujian_docs.documents.rendering import load_template, render
from dujian_docs.documents.styles import NAMESPACES, STYLES

W = f"{{{NAMESPACES['w']}}}"
AT = datetime(2026, 3, 2)
ORDER = {
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr pBdr shd tabs kinsoku"
    " wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind"
    " contextualSpacing jc outlineLvl rPr sectPr",
    "rPr": "rStyle rFonts b i color spacing w kern position sz szCs u lang",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
}
"""The order that the schema of WordprocessingML wants."""


def document_of(genre: Genre, **changes: Any) -> Any:
    values: Context = {**genre.sample(), **changes}
    content = render(genre.template, values, at=AT)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return etree.fromstring(package.read("word/document.xml"))


def styled(root: Any, style: str) -> list[Any]:
    wanted = STYLES[style][0]
    return with_identifier(root, wanted)


def with_identifier(root: Any, identifier: str) -> list[Any]:
    return [
        p for p in root.iter(f"{W}p") if p.find("w:pPr/w:pStyle", NAMESPACES).get(f"{W}val") == identifier
    ]


def attribute(paragraph: Any, element: str, name: str) -> str | None:
    found = paragraph.find(f"w:pPr/w:{element}", NAMESPACES)
    value = None if found is None else found.get(f"{W}{name}")
    return None if value is None else str(value)


def text_of(element: Any) -> str:
    return "".join(str(t.text or "") for t in element.iter(f"{W}t"))


@pytest.mark.parametrize(
    "folder", blueprints.outlined(shipped_templates()), ids=lambda folder: str(folder.name)
)
def test_the_shipped_template_is_what_its_outline_builds(folder: Path) -> None:
    def parts(content: bytes) -> dict[str, bytes]:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return {entry: package.read(entry) for entry in package.namelist()}

    assert parts((folder / "template.docx").read_bytes()) == parts(blueprints.template_of(folder))


def test_the_builder_writes_every_template(tmp_path: Path) -> None:
    shutil.copytree(shipped_templates(), tmp_path / "templates", ignore=shutil.ignore_patterns("*.docx"))
    blueprints.main([str(tmp_path / "templates")])
    written = sorted(path.parent.name for path in tmp_path.glob("templates/*/template.docx"))
    assert written == [folder.name for folder in blueprints.outlined(shipped_templates())]
    assert {genre.name for genre in genres([shipped_templates()])} == set(written)


@pytest.mark.parametrize("genre", genres([shipped_templates()]), ids=lambda genre: str(genre.name))
def test_page_styles_and_order_of_properties(genre: Genre) -> None:
    document = docx.Document(io.BytesIO(render(genre.template, genre.sample(), at=AT)))
    for section in document.sections:
        lying = section.orientation == WD_ORIENT.LANDSCAPE
        size = (section.page_width, section.page_height)
        assert [round(length.mm) for length in size] == ([297, 210] if lying else [210, 297])  # type: ignore[union-attr]
        margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
        turned = [28, 26, 35, 37] if lying else [37, 35, 28, 26]
        assert [round(length.mm) for length in margins] == turned  # type: ignore[union-attr]
    assert document.settings.odd_and_even_pages_header_footer
    assert "Theme" not in etree.tostring(document.styles.element, encoding="unicode")
    for root in (document.element, document.styles.element):
        for name, order in ORDER.items():
            for properties in root.iter(f"{W}{name}"):
                places = [order.split().index(etree.QName(child).localname) for child in properties]
                assert places == sorted(places), etree.tostring(properties)
    tables = list(document.element.iter(f"{W}tbl"))
    assert all(len(row.findall("w:tc", NAMESPACES)) >= 1 for table in tables for row in table.iter(f"{W}tr"))


def test_the_colophon_grows_with_its_text_and_its_rules_follow(inspection_genre: Genre) -> None:
    def box(cc: str) -> tuple[int, list[str], list[str]]:
        anchor = next(document_of(inspection_genre, cc=cc).iter(f"{{{NAMESPACES['wp']}}}anchor"))
        height = int(anchor.find("wp:extent", NAMESPACES).get("cy"))
        inner = {int(extent.get("cy")) for extent in anchor.iter(f"{{{NAMESPACES['a']}}}ext")}
        assert inner == {height}
        rules = {
            side: [str(rule.get(f"{W}sz")) for rule in anchor.iterfind(f".//{W}tcBorders/{W}{side}")]
            for side in ("top", "bottom")
        }
        return round((height / 635 - 65) / 500), rules["top"], rules["bottom"]

    assert box("") == (1, ["8", "8"], ["8", "8"])
    assert box("县人民政府办公室") == (2, ["8", "6", "6"], ["6", "8", "8"])
    assert box("，".join(["县人民政府办公室"] * 5))[0] == 3
    assert box("，".join(["县人民政府办公室"] * 20))[0] == 8


def test_an_empty_cc_leaves_no_row(inspection_genre: Genre) -> None:
    assert "抄送" not in text_of(document_of(inspection_genre, cc=""))
    assert "抄送：县人民政府办公室。" in text_of(document_of(inspection_genre, cc="县人民政府办公室"))


@pytest.mark.parametrize(
    ("sealed", "name", "day", "expected"),
    [
        (True, "云岭县人民政府教育督导室", "2026年11月22日", ("150", "400")),
        (True, "云岭县教育督导委员会办公室综合协调组秘书处", "2026年1月5日", ("0", "750")),
        (False, "云岭县人民政府教育督导室", "2026年11月22日", ("200", "500")),
        (False, "督导室", "2026年11月22日", ("800", "200")),
    ],
)
def test_signature_insets(
    inspection_genre: Genre, sealed: bool, name: str, day: str, expected: tuple[str, str]
) -> None:
    root = document_of(inspection_genre, sealed=sealed, issuer=name, doc_date=day)
    insets = tuple(attribute(styled(root, style)[0], "ind", "rightChars") for style in ("署名", "成文日期"))
    assert insets == expected
    blanks = len(styled(root, "署名前空行"))
    assert blanks == (3 if sealed else 2)


def test_annex_notes_hang_under_the_first_character_of_the_name(
    inspection_genre: Genre, chasing_genre: Genre
) -> None:
    first, second = styled(document_of(inspection_genre), "附件说明")
    assert text_of(first).startswith("附件：1.")
    assert text_of(second).startswith("2.")
    assert [(attribute(p, "ind", "left"), attribute(p, "ind", "hanging")) for p in (first, second)] == [
        (str(6 * 315), str(4 * 315)),
        (str(6 * 315), str(315)),
    ]
    (only,) = styled(document_of(chasing_genre), "附件说明")
    assert text_of(only) == "附件：未齐材料清单"
    assert (attribute(only, "ind", "left"), attribute(only, "ind", "hanging")) == (str(5 * 315), str(3 * 315))


@pytest.mark.parametrize(
    ("mark", "size", "scale"),
    [("教育督导室文件", 92, 100), ("云岭县人民政府教育督导室文件", 92, 68), ("云岭县" * 8 + "文件", 56, 60)],
)
def test_the_mark_fits_its_width(inspection_genre: Genre, mark: str, size: int, scale: int) -> None:
    (paragraph,) = styled(document_of(inspection_genre, letterhead=mark), "发文机关标志")
    run = paragraph.find("w:r/w:rPr", NAMESPACES)
    assert int(run.find("w:sz", NAMESPACES).get(f"{W}val")) == size
    assert int(run.find("w:w", NAMESPACES).get(f"{W}val")) == scale
    assert len(mark) * size / 2 * scale / 100 <= 442


def test_a_long_title_breaks_at_word_ends(inspection_genre: Genre) -> None:
    (title,) = styled(document_of(inspection_genre), "公文标题")
    assert [str(t.text) for t in title.iter(f"{W}t")] == ["关于开展2026年春季学期", "开学工作专项督导的通知"]
    assert len(list(title.iter(f"{W}br"))) == 1


def test_parts_are_found_after_an_editor_renamed_the_identifiers(inspection_genre: Genre) -> None:
    """Word and WPS keep a style's name and may give it another identifier."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(inspection_genre.template.content)) as source,
        zipfile.ZipFile(buffer, "w") as target,
    ):
        for entry in source.infolist():
            target.writestr(
                entry.filename,
                source.read(entry).replace(b'"GwSign"', b'"a17"').replace(b'"GwPrinter"', b'"a18"'),
            )
    template = load_template("x", buffer.getvalue(), inspection_genre.fields)
    content = render(
        template, {**inspection_genre.sample(), "cc": "，".join(["县人民政府办公室"] * 5)}, at=AT
    )
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    (name,) = with_identifier(root, "a17")
    assert attribute(name, "ind", "rightChars") == "100"
    assert next(root.iter(f"{{{NAMESPACES['wp']}}}extent")).get("cy") == str((3 * 500 + 65) * 635)
