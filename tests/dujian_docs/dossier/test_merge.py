"""The bound volume: outline, placeholders, page numbers; read back with pdfium, not with what wrote it."""

from __future__ import annotations

import io
import random
from datetime import datetime
from pathlib import Path

import pypdfium2
import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from dujian_docs.dossier.merge import count_pages, merge
from dujian_docs.dossier.pieces import MergeLimits, Piece, Placed
from dujian_docs.dossier.sheet import Line, sheet

from .conftest import locked_pdf, pdf_of

MADE_AT = datetime(2026, 3, 5, 9, 30)
HEADINGS = ("A1 保障措施", "B2 教育投入", "C3 三个增长")


def texts(pdf: Path) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    finally:
        document.close()


def outline(pdf: Path) -> list[tuple[int, str, int]]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [
            (mark.level, mark.get_title(), mark.get_dest().get_index() + 1) for mark in document.get_toc()
        ]
    finally:
        document.close()


def piece(folder: Path, name: str, content: bytes, headings: tuple[str, ...] = HEADINGS) -> Piece:
    path = folder / name
    path.write_bytes(content)
    return Piece(name, headings, name, path)


def bound(
    pieces: list[Piece], folder: Path, limits: MergeLimits | None = None
) -> tuple[Path, tuple[Placed, ...]]:
    target = folder / "out.pdf"
    return target, merge(pieces, target, title="合订本", made_at=MADE_AT, limits=limits)


def test_pieces_stand_in_order_under_their_headings(tmp_path: Path) -> None:
    first = piece(tmp_path, "甲.pdf", pdf_of("甲", pages=2))
    second = piece(tmp_path, "乙.pdf", pdf_of("乙"), ("A1 保障措施", "B3 其他"))
    target, placed = bound([first, second], tmp_path)
    assert placed == (Placed("甲.pdf", 1, 2), Placed("乙.pdf", 3, 1))
    assert outline(target) == [
        (0, "A1 保障措施", 1),
        (1, "B2 教育投入", 1),
        (2, "C3 三个增长", 1),
        (3, "甲.pdf", 1),
        (1, "B3 其他", 3),
        (2, "乙.pdf", 3),
    ]
    assert ["甲" in text or "乙" in text for text in texts(target)] == [True, True, True]


def test_a_pointer_adds_an_outline_entry_and_no_page(tmp_path: Path) -> None:
    first = piece(tmp_path, "甲.pdf", pdf_of("甲"))
    ahead = Piece("甲.pdf", ("A0 兼用",), "又见甲", same_as="甲.pdf")
    target, placed = bound([ahead, first], tmp_path)
    assert len(placed) == 1
    assert outline(target)[:2] == [(0, "A0 兼用", 1), (1, "又见甲", 1)]
    assert len(texts(target)) == 1


BROKEN = {
    "locked": (locked_pdf(), "PDF 有打开密码，不能合入"),
    "empty": (b"", "PDF 已损坏，不能合入"),
    "text": (b"%PDF-1.4\nnothing of the kind", "PDF 已损坏，不能合入"),
    "html": (b"<html><body>404</body></html>", "PDF 已损坏，不能合入"),
    "cut": (pdf_of("甲", pages=3)[:700], "PDF 已损坏，不能合入"),
    "counts": (pdf_of("甲").replace(b"/Count 1", b"/Count 9"), ""),
    "loop": (pdf_of("甲").replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]"), None),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_bad_pdf_costs_one_placeholder_page(tmp_path: Path, name: str) -> None:
    content, reason = BROKEN[name]
    good = piece(tmp_path, "好.pdf", pdf_of("好"))
    target, placed = bound([piece(tmp_path, "坏.pdf", content), good], tmp_path)
    assert reason is None or placed[0].reason == reason
    assert placed[0].page_count == 1
    assert placed[1] == Placed("好.pdf", 2, 1)
    said = texts(target)
    if placed[0].reason:
        assert "此件未合入合订本" in said[0]
        assert placed[0].reason in said[0].replace("\r\n", "")
    assert "好" in said[1]


def test_a_piece_without_pdf_says_why_and_where_it_is(tmp_path: Path) -> None:
    missing = Piece("A1/表.xlsx", HEADINGS, "经费表", reason="没有安装 LibreOffice", where="A1/经费表.xlsx")
    target, placed = bound([missing], tmp_path)
    assert placed[0].reason == "没有安装 LibreOffice"
    (said,) = texts(target)
    assert "没有安装 LibreOffice" in said
    assert "A1/经费表.xlsx" in said


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (MergeLimits(piece_pages=2), "有 3 页，超过 2 页，没有合入"),
        (MergeLimits(total_pages=2), "合订本已超过 2 页，请分册打印"),
        (MergeLimits(piece_bytes=100), "文件超过 0 MB，没有合入"),
        (MergeLimits(piece_pages=3, total_pages=3), ""),
    ],
)
def test_limits_turn_a_piece_into_a_placeholder(tmp_path: Path, limits: MergeLimits, reason: str) -> None:
    _, placed = bound([piece(tmp_path, "长.pdf", pdf_of("长", pages=3))], tmp_path, limits)
    assert placed[0].reason == reason


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_page_numbers_stand_at_the_lower_outer_corner(tmp_path: Path, turn: int) -> None:
    writer, out = PdfWriter(), io.BytesIO()
    writer.append(io.BytesIO(pdf_of("甲", pages=2)))
    for page in writer.pages:
        page.rotate(turn)
    writer.write(out)
    target, _ = bound([piece(tmp_path, "转.pdf", out.getvalue())], tmp_path)
    document = pypdfium2.PdfDocument(target)
    for number in (1, 2):
        seen = document[number - 1]
        picture = seen.render(scale=2).to_pil().convert("L")
        width, height = picture.size
        foot = (0, height - 80, width, height - 30)
        left, _, right, _ = picture.crop(foot).point(lambda value: 255 if value < 128 else 0).getbbox() or (
            0,
            0,
            0,
            0,
        )
        assert (left > width * 0.85) if number % 2 else (right < width * 0.15)
        assert right > left
    document.close()


def test_stamping_leaves_the_text_of_the_page_alone(tmp_path: Path) -> None:
    content = pdf_of("原文照录")
    plain = tmp_path / "plain.pdf"
    plain.write_bytes(content)
    target, _ = bound([piece(tmp_path, "甲.pdf", content)], tmp_path)
    assert texts(target)[0].removesuffix("\r\n1") == texts(plain)[0]


def test_equal_pieces_give_equal_bytes(tmp_path: Path) -> None:
    pieces = [piece(tmp_path, "甲.pdf", pdf_of("甲")), Piece("乙", HEADINGS, "乙", reason="无")]
    first = bound(pieces, tmp_path)[0].read_bytes()
    assert bound(pieces, tmp_path)[0].read_bytes() == first


def test_nothing_in_the_volume_runs_by_itself(tmp_path: Path) -> None:
    writer, out = PdfWriter(), io.BytesIO()
    writer.append(io.BytesIO(pdf_of("甲")))
    script = DictionaryObject(
        {NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("app.alert(1)")}
    )
    writer.root_object[NameObject("/OpenAction")] = script
    writer.pages[0][NameObject("/AA")] = DictionaryObject({NameObject("/O"): script})
    writer.add_attachment("evil.exe", b"MZ")
    writer.write(out)
    assert b"/JavaScript" in out.getvalue()
    target, placed = bound([piece(tmp_path, "甲.pdf", out.getvalue())], tmp_path)
    assert placed[0].reason == ""
    assert b"/JavaScript" not in target.read_bytes()
    assert not PdfReader(target).attachments


def test_mutated_pdfs_never_stop_the_volume(tmp_path: Path) -> None:
    """A seeded sample; each has to end as itself or as a placeholder."""
    whole, chance = pdf_of("甲", pages=2), random.Random(2026)
    pieces = []
    for number in range(150):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 12)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        pieces.append(piece(tmp_path, f"{number}.pdf", bytes(content)))
    target, placed = bound(pieces, tmp_path)
    assert len(placed) == 150
    assert {one.reason for one in placed} <= {
        "",
        "PDF 已损坏，不能合入",
        "PDF 里没有页面",
        "PDF 有打开密码，不能合入",
    }
    assert any(one.reason for one in placed)
    assert len(texts(target)) == sum(one.page_count for one in placed)


def test_pages_are_counted_and_a_bad_file_has_none(tmp_path: Path) -> None:
    good = piece(tmp_path, "好.pdf", pdf_of("好", pages=3)).pdf
    bad = piece(tmp_path, "坏.pdf", b"%PDF-").pdf
    assert good is not None
    assert bad is not None
    assert (count_pages(good), count_pages(bad)) == (3, None)


def test_a_sheet_shows_its_text_and_breaks_long_lines(tmp_path: Path) -> None:
    target = tmp_path / "s.pdf"
    long = "原因：文件加密，打不开；" * 12
    target.write_bytes(sheet([Line("标题〔2026〕", 20, centred=True), Line(long), Line("ABC a\x00b\ud800")]))
    (said,) = texts(target)
    flat = said.replace("\r\n", "")
    assert "标题〔2026〕" in flat
    assert long in flat
    document = pypdfium2.PdfDocument(target)
    page = document[0]
    ink = page.render(scale=1).to_pil().convert("L").point(lambda value: 255 if value < 160 else 0).getbbox()
    document.close()
    assert ink is not None
    assert ink[0] >= 60
    assert ink[2] <= 595 - 60


def test_pdfs_from_the_wild_end_as_themselves_or_as_a_placeholder(shared: Path, tmp_path: Path) -> None:
    found = sorted((shared / "data" / "files").rglob("*.pdf"))
    assert found
    pieces = [Piece(str(number), HEADINGS, path.name, path) for number, path in enumerate(found)]
    target, placed = bound(pieces, tmp_path)
    assert len(placed) == len(found)
    assert sum(not one.reason for one in placed) >= 0.8 * len(found)
    document = pypdfium2.PdfDocument(target)
    count = len(document)
    document.close()
    assert count == sum(one.page_count for one in placed)
