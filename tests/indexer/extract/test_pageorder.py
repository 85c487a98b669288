"""Lines of a page come out as a person reads them: tables across, columns of prose one after the other."""

from __future__ import annotations

import math
import random

from indexer.extract.pageorder import Line, blocks_of, tilt_of

HIGH = 20.0


def line(text: str, left: float, top: float, *, width: float | None = None) -> Line:
    right, bottom = left + (len(text) * HIGH if width is None else width), top + HIGH
    return Line(text, ((left, top), (right, top), (right, bottom), (left, bottom)))


def turned(one: Line, degrees: float) -> Line:
    cosine, sine = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    one_, two, three, four = ((x * cosine - y * sine, x * sine + y * cosine) for x, y in one.corners)
    return Line(one.text, (one_, two, three, four))


def rows(lines: list[Line]) -> list[str]:
    mixed = list(lines)
    random.Random(3).shuffle(mixed)
    return [row for block in blocks_of(mixed) for row in block]


def test_lines_go_downwards_and_pieces_of_one_row_are_joined() -> None:
    lines = [
        line("关于检查的通知", 200, 10),
        line("各学校：", 50, 50),
        line("现将", 50, 90),
        line("事项", 92, 92),
    ]
    assert rows([*lines, line("如下", 300, 88)]) == ["关于检查的通知", "各学校：", "现将事项　如下"]
    assert blocks_of([]) == []


def test_a_tilted_page_is_read_as_if_level() -> None:
    texts = [f"第{number}行左边的一段文字" for number in range(9)]
    page = [line(text, 50, 40 * at) for at, text in enumerate(texts)]
    page += [line(f"右{at}", 900, 40 * at) for at in range(9)]
    for degrees in (-3.0, 2.0):
        tilted = [turned(one, degrees) for one in page]
        assert math.degrees(tilt_of(tilted)) == degrees or abs(math.degrees(tilt_of(tilted)) - degrees) < 1e-6
        assert rows(tilted) == [f"{text}　右{at}" for at, text in enumerate(texts)]


def test_a_table_is_read_across() -> None:
    cells = [
        line(text, 50 + 300 * column, 40 * row)
        for row in range(8)
        for column, text in enumerate((f"序{row}", f"学校{row}", "是"))
    ]
    assert rows(cells) == [f"序{row}　学校{row}　是" for row in range(8)]


def test_columns_of_prose_are_read_one_after_the_other_under_a_headline() -> None:
    left = [line(f"左栏第{row}行的文字很长", 50, 100 + 30 * row) for row in range(6)]
    right = [line(f"右栏第{row}行的文字很长", 350, 100 + 30 * row) for row in range(6)]
    head, foot = (
        line("横跨两栏的大标题在这里一直写过去", 100, 20),
        line("横跨两栏的落款也在这里一直写过去", 100, 400),
    )
    expected = [head.text, *(one.text for one in left), *(one.text for one in right), foot.text]
    assert rows([*right, head, *left, foot]) == expected
