"""The rendered pages, measured: GB/T 9704-2012 in millimetres, from the PDF that LibreOffice makes."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import pdfplumber
import pytest

from dujian_docs.documents import Soffice, genres, shipped_templates, to_pdf
from dujian_docs.documents.convert import installed_fonts
from dujian_docs.documents.fields import Context
from dujian_docs.documents.fonts import FULL_SET
from dujian_docs.documents.rendering import render
from dujian_docs.wording import width_in_characters
from tests.dujian_docs.documents.measuring import DPI, MM, black, ink, lines_of, red, text_of

LONG = "各学校要健全制度压实责任把教育教学常规管理落到实处" * 40
GENRES = ("notice_inspection", "notice_chasing", "decision_accountability")
LENGTHS = ("short", "long", "middle", "wide")


def variant(sample: Context, length: str) -> Context:
    """The sample as it is; with a page and more of plain hanzi; with some; with long names and 抄送."""
    if length == "short":
        return sample
    if length == "wide":
        many = (
            "，".join(f"{name}人民政府" for name in ("青溪镇", "白石镇", "松坪乡"))
            + "，县委办公室，县人大常委会办公室，县政协办公室"
        )
        return {
            **sample,
            "letterhead": "云岭县义务教育优质均衡发展县创建工作领导小组办公室文件",
            "cc": many,
            "sealed": False,
        }
    text = LONG if length == "long" else LONG[:350]
    longest = "requirements" if "requirements" in sample else "facts"
    return {**sample, longest: [{"number": "一", "head": "压实责任。", "rest": text}]}


@pytest.fixture(scope="module")
def pages(
    need_program: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> dict[tuple[str, str], Path]:
    """Every genre's sample in four lengths, as PDF."""
    soffice = Soffice(Path(need_program("soffice")))
    missing = set(FULL_SET) - installed_fonts()
    if missing:
        if os.environ.get("DUJIAN_REQUIRE_ALL") == "1":
            pytest.fail(f"缺少字体 {missing}，而这里要求全部可选程序都在")
        pytest.skip(f"没有字体 {missing}，跳过")
    folder = tmp_path_factory.mktemp("pages")
    sources = {}
    for genre in (one for one in genres([shipped_templates()]) if one.name in GENRES):
        for length in LENGTHS:
            path = folder / f"{genre.name}-{length}.docx"
            path.write_bytes(render(genre.template, variant(genre.sample(), length), at=datetime(2026, 3, 2)))
            sources[genre.name, length] = path
    made = to_pdf(list(sources.values()), folder / "pdf", soffice=soffice)
    assert [result.reason for result in made] == [""] * len(sources)
    return {key: result.pdf for key, result in zip(sources, made, strict=True) if result.pdf}


each_genre = pytest.mark.parametrize("genre", GENRES)
each_length = pytest.mark.parametrize("length", LENGTHS)


@each_genre
def test_a_full_page_has_22_lines_of_28_characters(pages: dict[tuple[str, str], Path], genre: str) -> None:
    with pdfplumber.open(pages[genre, "long"]) as pdf:
        full = [
            lines[:-1]  # the last line is the page number
            for page in pdf.pages[1:]
            if len(lines := lines_of(page)) == 23 and sum(text_of(line) in LONG * 2 for line in lines) >= 10
        ]
    assert full, "no page is full of body text"
    for lines in full:
        baselines = [float(line[0]["matrix"][5]) for line in lines]
        steps = [(before - after) for before, after in pairwise(baselines)]
        assert all(step == pytest.approx(28.95, abs=0.15) for step in steps)
        plain = [line for line in lines if text_of(line) in LONG * 2 and len(line) > 20]
        assert {len(line) for line in plain[:-1]} == {28}
        for line in plain[:-1]:
            assert float(line[0]["x0"]) / MM == pytest.approx(28, abs=0.4)
            assert float(line[-1]["x1"]) / MM == pytest.approx(183.8, abs=0.5)
            assert {round(float(char["size"]), 1) for char in line} == {16.0}


@each_genre
@each_length
def test_pages_are_a4_and_text_keeps_within_its_area(
    pages: dict[tuple[str, str], Path], genre: str, length: str
) -> None:
    with pdfplumber.open(pages[genre, length]) as pdf:
        for page in pdf.pages:
            assert (float(page.width) / MM, float(page.height) / MM) == pytest.approx((210, 297), abs=0.2)
            assert min(float(char["x0"]) for char in page.chars) / MM >= 27.8
            assert max(float(char["x1"]) for char in page.chars if char["text"].strip()) / MM <= 184.3


@each_genre
@each_length
def test_the_head_stands_where_the_standard_wants_it(
    pages: dict[tuple[str, str], Path], genre: str, length: str
) -> None:
    bands = ink(pages[genre, length], 0, red).bands()
    mark, rule = bands[0], bands[-1]
    assert mark[0] == pytest.approx(72, abs=1), "标志 top"
    assert mark[2] >= 28
    assert mark[3] <= 184.1
    assert (mark[2] + mark[3]) / 2 == pytest.approx(106, abs=1), "标志 centred"
    assert rule[3] - rule[2] == pytest.approx(156, abs=0.4), "rule width"
    assert rule[2] == pytest.approx(28, abs=0.3)
    above = [band for band in ink(pages[genre, length], 0, black).bands() if band[1] <= rule[0]]
    assert rule[0] - above[-1][1] == pytest.approx(4, abs=0.5), "rule below 发文字号"


@each_genre
@each_length
def test_page_numbers_stand_outside_with_dashes(
    pages: dict[tuple[str, str], Path], genre: str, length: str
) -> None:
    with pdfplumber.open(pages[genre, length]) as pdf:
        for number, page in enumerate(pdf.pages, start=1):
            line = lines_of(page)[-1]
            assert text_of(line).replace(" ", "") == f"—{number}—"
            assert {round(float(char["size"]), 1) for char in line} == {14.0}
            if number % 2:
                assert float(line[-1]["x1"]) / MM == pytest.approx(184 - 4.94, abs=0.5)
            else:
                assert float(line[0]["x0"]) / MM == pytest.approx(28 + 4.94, abs=0.5)


@each_genre
def test_the_dash_is_7_mm_below_the_text_area(pages: dict[tuple[str, str], Path], genre: str) -> None:
    for page in (0, 1):
        rows = {
            y: row
            for y, row in ink(pages[genre, "short"], page, black).rows.items()
            if y * 25.4 / DPI > 263.5
        }
        widest = max(rows, key=lambda y: rows[y][2])
        assert widest * 25.4 / DPI == pytest.approx(269, abs=0.5)


@each_genre
@each_length
def test_the_colophon_ends_at_the_foot_of_the_last_page(
    pages: dict[tuple[str, str], Path], genre: str, length: str
) -> None:
    pdf = pages[genre, length]
    with pdfplumber.open(pdf) as opened:
        last = len(opened.pages) - 1
        texts = [text_of(line) for line in lines_of(opened.pages[last])]
        foot = [text for text in texts if text.endswith("印发")]
        assert len(foot) == 1
        assert foot[0].startswith("云岭县人民政府教育督导室")
        assert not any("印发" in (page.extract_text() or "").splitlines()[-2:] for page in opened.pages[:-1])
    wide = [
        band
        for band in ink(pdf, last, black).bands()
        if band[3] - band[2] == pytest.approx(156, abs=0.5) and band[1] - band[0] < 1
    ]
    assert wide[-1][1] == pytest.approx(262, abs=1), "last rule"
    if genre != "notice_chasing" or length == "wide":
        copied = next(index for index, text in enumerate(texts) if text.startswith("抄送："))
        assert texts[-2].endswith("印发")
        assert copied < len(texts) - 2
        with pdfplumber.open(pdf) as opened:
            top = lines_of(opened.pages[last])[copied][0]
        assert float(top["top"]) / MM > wide[-3][1] - 0.5, "抄送 is below the first rule"


@each_genre
@each_length
def test_annexes_start_their_own_page_before_the_colophon(
    pages: dict[tuple[str, str], Path], genre: str, length: str
) -> None:
    titles = {"notice_inspection": ["附件1", "附件2"], "notice_chasing": ["附件"]}.get(genre, [])
    with pdfplumber.open(pages[genre, length]) as pdf:
        found = []
        for page in pdf.pages:
            lines = lines_of(page)
            first = text_of(lines[0]).replace(" ", "")
            if first in titles:
                found.append(first)
                assert "FandolHei" in lines[0][0]["fontname"]
                step = float(lines[0][0]["matrix"][5]) - float(lines[1][0]["matrix"][5])
                assert step == pytest.approx(2 * 28.95, abs=3), "title on line 3"
                assert round(float(lines[1][0]["size"])) == 22
    assert found == titles


@each_genre
def test_fonts_are_those_of_the_standard(pages: dict[tuple[str, str], Path], genre: str) -> None:
    with pdfplumber.open(pages[genre, "short"]) as pdf:
        fonts = {
            text_of(line): {str(char["fontname"]) for char in line}
            for page in pdf.pages
            for line in lines_of(page)
        }
    level1 = next(names for text, names in fonts.items() if text.startswith("一、"))
    level2 = next(names for text, names in fonts.items() if text.startswith("（一）"))
    title = next(names for text, names in fonts.items() if text.startswith("关于"))
    assert all("FandolHei" in name for name in level1)
    assert any("FandolKai" in name for name in level2)
    assert all("NotoSerifCJK" in name and "Bold" in name for name in title)


@each_genre
@pytest.mark.parametrize("length", ["short", "wide"])
def test_name_and_date_stand_in_from_the_right(
    pages: dict[tuple[str, str], Path], genre: str, length: str
) -> None:
    """With a seal (short) the date is 4 characters in, the name centred over it; else the name is 2 in.

    Only right edges are measured: LibreOffice widens a date by blanks between hanzi and digits.
    """
    with pdfplumber.open(pages[genre, length]) as pdf:
        lines = [line for page in pdf.pages for line in lines_of(page)]
    texts = [text_of(line).replace(" ", "") for line in lines]
    at = texts.index("云岭县人民政府教育督导室")
    wide, narrow = width_in_characters(texts[at]), width_in_characters(texts[at + 1])
    insets = (4 + (narrow - wide) / 2, 4) if length == "short" else (2, wide - narrow)
    for line, inset in zip(lines[at : at + 2], insets, strict=True):
        assert 184 - float(line[-1]["x1"]) / MM == pytest.approx(inset * 315 / 20 / MM, abs=0.6)
