from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from dujian_docs.records.fields import (
    Code,
    Codes,
    Count,
    Day,
    FieldError,
    Flag,
    IdNumber,
    IdText,
    Name,
    Number,
    Paragraphs,
    Text,
    Words,
    Year,
    is_blank,
)


def read(field: Any, value: Any) -> Any:
    return TypeAdapter(field).validate_python(value)


def refusal(field: Any, value: Any) -> str:
    with pytest.raises(ValidationError) as caught:
        read(field, value)
    error = caught.value.errors()[0]["ctx"]["error"]
    assert isinstance(error, FieldError)
    assert error.remedy
    return str(error)


@pytest.mark.parametrize(
    "spelling",
    [
        "2026年3月5日",
        "2026.3.5",
        "2026-3-5",
        "2026/3/5",
        "20260305",
        "2026-03-05",
        "２０２６年３月５日",
        " 2026年 3月 5日 ",
        "46086",
        46086,
        datetime(2026, 3, 5, 8, 30),
        date(2026, 3, 5),
    ],
)
def test_a_day_is_read_in_every_spelling(spelling: object) -> None:
    assert read(Day, spelling) == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("spelling", "problem"),
    [
        ("2026年2月30日", "没有这一天"),
        ("2026.13.1", "没有这一天"),
        ("0026-3-5", "年份不像真的"),
        ("去年三月", "不是日期"),
        ("2026年3月", "不是日期"),
        (True, "不是日期"),
        (3.5, "不是日期"),
    ],
)
def test_what_is_no_day_is_refused(spelling: object, problem: str) -> None:
    assert refusal(Day, spelling) == problem


@pytest.mark.parametrize("value", ["2026", "２０２６", "2026年", 2026, 2026.0, " 2026 "])
def test_a_year_is_read(value: object) -> None:
    assert read(Year, value) == 2026


@pytest.mark.parametrize("value", ["26", "1826", True, 20260, "二〇二六", None, date(2026, 1, 1)])
def test_what_is_no_year_is_refused(value: object) -> None:
    assert refusal(Year, value) == "不是年份"


@pytest.mark.parametrize(
    ("value", "code"),
    [("Ｓ００３", "S003"), (" S 003 ", "S003"), (12, "12"), (12.0, "12"), ("\u3000S003\u00a0\n", "S003")],
)
def test_a_code_is_half_width_without_blanks(value: object, code: str) -> None:
    assert read(Code, value) == code


@pytest.mark.parametrize("value", ["", "无", "A/1", "A\\1", "A、B", "A，B", "暂无", "x" * 101])
def test_what_cannot_identify_is_refused(value: str) -> None:
    with pytest.raises(ValidationError):
        read(Code, value)


@pytest.mark.parametrize("value", [510104200901011234, 5.10104200901011e17, 10**15])
@pytest.mark.parametrize("field", [Code, IdText, Text, IdNumber])
def test_a_number_too_long_to_be_exact_is_refused(field: Any, value: float) -> None:
    assert refusal(field, value) == "超过 15 位的数字，末几位已经丢失"


def test_long_digits_as_text_stay_whole() -> None:
    assert read(IdText, "510104200901011234") == "510104200901011234"
    assert read(IdNumber, "５１０１０４２００９０１０１１２３x") == "51010420090101123X"
    assert refusal(IdNumber, "5101042009010112") == "不是 18 位身份证号"


@pytest.mark.parametrize("word", ["", "无", "/", "／", "—", "——", "-", "暂无", "N/A", " \u3000无\u00a0"])
def test_blank_words_are_nothing(word: str) -> None:
    assert is_blank(word)
    assert read(Text, word) == ""
    assert read(IdText, word) == ""
    assert read(Words, word) == ()
    assert read(Paragraphs, word) == ()


@pytest.mark.parametrize("word", ["无锡", "0", "-1", "否"])
def test_other_words_are_not_blank(word: str) -> None:
    assert not is_blank(word)


@pytest.mark.parametrize("bad", ["a\x00b", "a\x0bb", "\x1b[1m", "a\ud800", "a\ufffe", "a\x85b"])
def test_control_characters_are_refused(bad: str) -> None:
    assert refusal(Text, bad) == "含有看不见的控制字符"


@pytest.mark.parametrize("word", ["#N/A", "#VALUE!", "#REF!", "#DIV/0!"])
def test_error_words_pasted_as_text_are_refused(word: str) -> None:
    assert refusal(Name, word) == "是表格的错误值"


def test_line_ends_are_one_kind() -> None:
    assert read(Text, "甲\r\n乙\r丙") == "甲\n乙\n丙"


@pytest.mark.parametrize(
    "value", ["甲、乙；丙", "甲，乙,丙", "甲\n乙;丙、", ["甲", "乙、丙", "无"], ("甲", "乙", "丙")]
)
def test_words_are_split_and_cleaned(value: object) -> None:
    assert read(Words, value) == ("甲", "乙", "丙")


def test_codes_are_folded_and_held_once() -> None:
    assert read(Codes, "Ｓ００１、S002，S001") == ("S001", "S002")
    assert read(Codes, 12) == ("12",)
    assert read(Codes, None) == ()


def test_paragraphs_are_lines() -> None:
    assert read(Paragraphs, "一、甲，乙\n\n 二、丙 ") == ("一、甲，乙", "二、丙")
    assert read(Paragraphs, ["甲\n乙", "丙"]) == ("甲", "乙", "丙")


def test_more_than_a_cell_holds_is_refused() -> None:
    assert refusal(Paragraphs, ["字" * 9_000] * 3) == "合计超过 20000 个字"


@pytest.mark.parametrize("value", ["是", "有", "需要", "√", "１", 1, 1.0, True, "TRUE"])
def test_yes(value: object) -> None:
    assert read(Flag, value) is True


@pytest.mark.parametrize("value", ["否", "无", "不需要", "×", "0", 0, False, "false"])
def test_no(value: object) -> None:
    assert read(Flag, value) is False


@pytest.mark.parametrize("value", ["也许", 2, None, "是否"])
def test_neither_yes_nor_no_is_refused(value: object) -> None:
    assert refusal(Flag, value) == "不是“是”或“否”"


@pytest.mark.parametrize(("value", "number"), [("８５", 85.0), ("1,200.5", 1200.5), (3, 3.0), ("-2", -2.0)])
def test_a_number_is_read(value: object, number: float) -> None:
    assert read(Number, value) == number


@pytest.mark.parametrize("value", ["85分", True, "1e5", "", None])
def test_what_is_no_number_is_refused(value: object) -> None:
    assert refusal(Number, value) == "不是数字"


@pytest.mark.parametrize("value", [10**400, "9" * 400, 10**15, float("inf"), -(10**15)])
def test_a_number_beyond_measure_is_refused(value: object) -> None:
    assert refusal(Number, value) == "数字太大"
    assert refusal(Count, value) == "数字太大"


def test_a_number_is_held_as_exactly_as_a_workbook_holds_it() -> None:
    assert read(Number, 1.0597859143163078) == 1.05978591431631


@pytest.mark.parametrize("value", [3.5, "3.5", float("nan")])
def test_what_is_no_whole_number_is_refused(value: object) -> None:
    assert refusal(Count, value) == "不是整数"
    assert read(Count, "３") == 3
