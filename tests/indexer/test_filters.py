"""Filters: which paths, types, dates and states they let through, and what they refuse."""

from __future__ import annotations

import pytest

from indexer.filters import FilterInvalid, Kind, Properties, filter_of
from indexer.model import State
from indexer.printing import STATES


def passes(kind: Kind, value: str, path: str = "甲.txt", date: str = "2024-06-05") -> bool:
    return filter_of(kind, value).passes(Properties("1", path, date, State.PENDING_OCR))


PATH = "迎检档案/2024年 材料/县财政局/决算（终稿）.DOCX"


@pytest.mark.parametrize(
    ("value", "through"),
    [
        ("迎检档案", True),
        ("迎检", True),
        ("/迎检", True),
        ("档案", False),
        ("2024", True),
        ("/2024", False),
        ("2024年 材料/县财政局", True),
        ("2024年 材料/县", True),
        ("2024年\\县", False),
        ("2024年 材料\\县财政局\\", True),
        ("2024/", False),
        ("2024年 材料/", True),
        ("决算", True),
        ("决算/", False),
        ("迎检*", True),
        ("*材料", True),
        ("*2024", False),
        ("*.docx", True),
        ("*.doc", False),
        ("迎检*/县财政局", False),
        ("迎检*/*/县?政局", True),
        ("/迎检**/决算*", True),
        ("/*/县财政局", False),
        ("决算(终稿).docx", True),
        ("２０２４年", True),
    ],
)
def test_a_path_is_named_from_the_beginning_of_a_folder_or_file(value: str, through: bool) -> None:
    assert passes("path", value, PATH) is through


@pytest.mark.parametrize(
    ("value", "path", "through"),
    [
        ("docx", "a/b.docx", True),
        ("DOCX", "b.Docx", True),
        (".docx", "b.docx", True),
        ("*.docx", "b.docx", True),
        ("doc", "b.docx", False),
        ("doc?", "b.docx", True),
        ("doc*", "b.docx", True),
        ("pdf,docx", "b.docx", True),
        ("pdf、ofd", "b.docx", False),
        ("docx", "包.zip!/内/b.docx", True),
        ("txt", "没有扩展名", False),
    ],
)
def test_a_type_is_the_ending_of_the_name(value: str, path: str, through: bool) -> None:
    assert passes("type", value, path) is through


@pytest.mark.parametrize(
    ("value", "inside", "outside"),
    [
        ("2024", ["2024-01-01", "2024-12-31"], ["2023-12-31", "2025-01-01", ""]),
        ("2024-06", ["2024-06-01", "2024-06-30"], ["2024-05-31", "2024-07-01"]),
        ("2024-2", ["2024-02-29"], ["2024-03-01"]),
        ("2024-06-05", ["2024-06-05", "2024-06-05T08:00:00"], ["2024-06-04"]),
        ("2024年6月5日", ["2024-06-05"], ["2024-06-06"]),
        ("20240605", ["2024-06-05"], ["2024-06-06"]),
        ("2023..2024-06", ["2023-01-01", "2024-06-30"], ["2022-12-31", "2024-07-01"]),
        ("２０２３．．２０２４", ["2023-01-01", "2024-12-31"], ["2025-01-01"]),
        ("2023年至2024年", ["2023-01-01", "2024-12-31"], ["2025-01-01"]),
        ("2024.6.5~2024.7", ["2024-06-05", "2024-07-31"], ["2024-06-04"]),
        ("2024..", ["2024-01-01", "2099-01-01"], ["2023-12-31"]),
        ("..2023", ["1999-01-01", "2023-12-31"], ["2024-01-01"]),
    ],
)
def test_a_date_is_a_day_a_month_a_year_or_what_lies_between(
    value: str, inside: list[str], outside: list[str]
) -> None:
    assert [passes("date", value, date=day) for day in inside] == [True] * len(inside)
    assert [passes("date", value, date=day) for day in outside] == [False] * len(outside)


@pytest.mark.parametrize(
    ("kind", "value", "at"),
    [
        ("date", "2024-02-30", 0),
        ("date", "去年", 0),
        ("date", "2024..2023", 0),
        ("date", "2023..2024-13", 6),
        ("date", "..", 0),
        ("date", "2024-06-05-01", 0),
        ("date", "1234", 0),
        ("type", ".", 0),
        ("type", ",", 0),
        ("path", "//", 0),
        ("path", "**", 0),
        ("state", "vanished", 0),
        ("state", "好", 0),
    ],
)
def test_what_means_nothing_is_refused_with_a_remedy_and_its_place(kind: Kind, value: str, at: int) -> None:
    with pytest.raises(FilterInvalid) as caught:
        filter_of(kind, value)
    assert caught.value.remedy
    assert caught.value.at == at


def test_states_go_by_every_name_that_people_read() -> None:
    assert passes("state", "pending_ocr")
    assert passes("state", "待文字识别")
    assert not passes("state", "已收录")
    for state, word in STATES.items():
        if state is not State.VANISHED:
            assert filter_of("state", word).values == filter_of("state", state.value).values == (state.value,)
