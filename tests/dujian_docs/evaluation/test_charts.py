"""A chart says what its figures say: bars by value, a line at the mean, the standard by name."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from lxml import etree

from dujian_docs.evaluation import CountyRecords, Evaluation, evaluate
from dujian_docs.evaluation.charts import MOST_BARS, WIDTH, charts, write_charts
from dujian_docs.evaluation.drawing import Box, Drawing, Line, Words, shortened, svg_bytes
from dujian_docs.evaluation.painting import png_bytes
from dujian_docs.records import Unit, UnitType
from dujian_docs.records.statistic_models import SchoolStatistics, Section

YEAR = "2025-2026"


def county(*backbone: int, pupils: int = 100, books: int | None = 100) -> Evaluation:
    """Primary schools that have the same of everything but of backbone teachers."""
    units = [
        Unit(code=f"S{n:03}", name=f"第{n}小学", unit_type=UnitType.SCHOOL, stage="小学")
        for n in range(len(backbone))
    ]
    rows = [
        SchoolStatistics(
            school=f"S{n:03}", school_year=YEAR, section=Section.PRIMARY, pupils=pupils, teachers=50,
            qualified_teachers=9, senior_teachers=9, backbone_teachers=number, arts_sports_teachers=9,
            building_area=9000, rooms=900, grounds=900, equipment=900_000, computers=9, multimedia_rooms=9,
            books=books,
        )
        for n, number in enumerate(backbone)
    ]  # fmt: skip
    return evaluate(
        CountyRecords(units=units, statistics=rows), school_year=YEAR, year=2026, today=date(2026, 6, 1)
    )


def chart(found: Evaluation, title: str) -> Drawing:
    return next(drawing for _, drawing in charts(found) if drawing.title.startswith(title))


def texts(drawing: Drawing) -> list[str]:
    return [mark.text for mark in drawing.marks if isinstance(mark, Words)]


def bars(drawing: Drawing) -> list[Box]:
    return [mark for mark in drawing.marks if isinstance(mark, Box) and mark.colour != "FFFFFF"]


BACKBONE = "每百名学生拥有县级以上骨干教师数"


def test_bars_are_sorted_and_as_long_as_their_values() -> None:
    drawing = chart(county(1, 8, 0, 3), BACKBONE)
    told = [text for text in texts(drawing) if text.endswith("小学")]
    assert told == ["第1小学", "第3小学", "第0小学", "第2小学"]
    lengths = [bar.width for bar in bars(drawing)]
    assert [length / lengths[0] for length in lengths] == pytest.approx([1, 3 / 8, 1 / 8, 0])
    assert [text for text in texts(drawing) if text in {"8.00", "3.00", "1.00", "0.00"}] == [
        "8.00", "3.00", "1.00", "0.00",
    ]  # fmt: skip


def test_the_mean_and_the_standard_stand_where_they_are() -> None:
    drawing = chart(county(1, 8, 0, 3), BACKBONE)
    assert drawing.title == "每百名学生拥有县级以上骨干教师数（小学，2025-2026 学年，单位：人）"
    assert "优质均衡（教督〔2017〕6号）：差异系数 1.0274 ＞ 0.5，未达标" in texts(drawing)
    assert {"县均值 3.00", "标准 1"} <= set(texts(drawing))
    third = bars(drawing)[1]
    upright = [mark for mark in drawing.marks if isinstance(mark, Line) and mark.width > 1]
    standard, mean = sorted(upright, key=lambda mark: mark.x1)
    assert mean.x1 == pytest.approx(third.x + third.width), "the mean is 3, as the second bar"
    assert standard.dashed
    assert standard.x1 == pytest.approx(third.x + third.width / 3)
    colours = [bar.colour for bar in bars(drawing)]
    assert colours[0] == colours[1] == colours[2] != colours[3], "the last is below the standard"


def test_nothing_leaves_the_page_and_no_label_covers_another() -> None:
    for numbers in ((1, 1), (1, 8, 0, 3), tuple(range(40)), (1, 1, 2)):
        for _, drawing in charts(county(*numbers, pupils=97)):
            words = [mark for mark in drawing.marks if isinstance(mark, Words)]
            for mark in words:
                assert mark.left >= 0, mark
                assert mark.left + mark.width <= WIDTH, mark
                assert 0 < mark.y <= drawing.height, mark
            for first in words:
                for second in words:
                    if first is not second and first.y == second.y:
                        apart = (
                            first.left + first.width <= second.left
                            or second.left + second.width <= first.left
                        )
                        assert apart, (first, second)


def test_of_many_schools_the_middle_is_left_out() -> None:
    drawing = chart(county(*range(45)), BACKBONE)
    assert len(bars(drawing)) == MOST_BARS
    assert "……中间 15 所略" in texts(drawing)
    assert drawing.height < 1.6 * WIDTH


def test_what_is_not_known_has_no_chart() -> None:
    names = [name for name, _ in charts(county(1, 2, books=None))]
    assert "基本均衡_小学_1_生均教学及辅助用房面积" in names
    assert not any("图书" in name for name in names)
    assert list(charts(evaluate(CountyRecords(), school_year="", year=2026, today=date(2026, 6, 1)))) == []


def test_files_are_written_and_can_be_opened(tmp_path: Path, need_package: Callable[[str], None]) -> None:
    need_package("PIL")
    from PIL import Image

    found = county(1, 8)
    written = write_charts(found, tmp_path / "图")
    assert len(written) == 2 * sum(1 for _ in charts(found)) == 2 * (9 + 8)
    svg = etree.parse(next(path for path in written if path.suffix == ".svg")).getroot()
    assert svg.tag.endswith("svg")
    for path in written[1:8:2]:
        with Image.open(path) as image:
            image.load()
            assert image.info["dpi"] == pytest.approx((300, 300), abs=1)
            assert image.width == pytest.approx(WIDTH * 300 / 72, abs=2)
    again = write_charts(found, tmp_path / "图")
    assert not set(written) & set(again)


def test_the_picture_shows_the_bars_in_their_colours(need_package: Callable[[str], None]) -> None:
    need_package("PIL")
    from PIL import Image

    drawing = Drawing("试", 72, 36, (Box(0, 0, 36, 36, "E08A3C"), Line(54, 0, 54, 36, "B22222", 6)))
    data = png_bytes(drawing)
    assert struct.unpack(">II", data[16:24]) == (300, 150)
    with Image.open(io.BytesIO(data)) as image:
        pixels = image.convert("RGB")
        assert [pixels.getpixel((x, 75)) for x in (50, 180, 225)] == [
            (0xE0, 0x8A, 0x3C), (255, 255, 255), (0xB2, 0x22, 0x22),
        ]  # fmt: skip


def test_names_with_signs_are_safe_in_svg() -> None:
    drawing = Drawing("<一&二>", 10, 10, (Words("<甲&乙>", 1, 1),))
    root = etree.fromstring(svg_bytes(drawing))
    assert [one.text for one in root if one.text and one.text.strip()] == ["<一&二>", "<甲&乙>"]
    assert shortened("云岭县第一中学", 5) == "云岭县第…"
    assert shortened("云岭县", 5) == "云岭县"
