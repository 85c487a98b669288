from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, get_args

import pytest
from pydantic import Field, ValidationError
from pydantic_core.core_schema import ErrorType

from dujian_docs.errors import InputInvalid
from dujian_docs.records import KINDS, Finding, Record, kind_of, load
from dujian_docs.records.columns import columns_of
from dujian_docs.records.fields import Number
from dujian_docs.records.problems import OTHER, SENTENCES, faults_of, sentence, shown

ENGLISH = re.compile(r"[A-Za-z]{3,}")


class Colour(StrEnum):
    RED = "红"
    BLUE = "蓝"


class Everything(Record):
    text: str = Field("甲", max_length=3, min_length=1, pattern="^甲")
    whole: int = Field(1, gt=0, lt=10)
    other: int = Field(1, ge=1, le=5)
    number: Number = Field(1.0, title="分值")
    plain: float = 1.0
    flag: bool = True
    day: date = date(2026, 1, 1)
    colour: Colour = Colour.RED
    letter: Literal["甲", "乙"] = "甲"
    many: Annotated[tuple[str, ...], Field(min_length=1, max_length=2)] = ("甲",)
    needed: str = "甲"


BAD: list[tuple[str, Any, str]] = [
    ("text", "", "必填"),
    ("text", "甲乙丙丁", "不能超过 3 个字"),
    ("text", "乙", "写法不合要求"),
    ("text", date(2026, 1, 1), "应为文字"),
    ("whole", "三", "应填整数"),
    ("whole", 0, "应大于 0"),
    ("whole", 10, "应小于 10"),
    ("whole", 1.5, "应填整数"),
    ("whole", None, "应填整数"),
    ("whole", "9" * 5000, "数字太大"),
    ("other", 0, "不能小于 1"),
    ("other", 9, "不能大于 5"),
    ("number", float("nan"), "应填数字"),
    ("plain", "甲", "应填数字"),
    ("plain", [], "应填数字"),
    ("flag", "甲", "应填“是”或“否”"),
    ("flag", [], "应填“是”或“否”"),
    ("day", "甲", "应填日期"),
    ("day", [], "应填日期"),
    ("day", 0.5, "应填日期"),
    ("colour", "绿", "只能填：红、蓝"),
    ("letter", "丙", "只能填：甲、乙"),
    ("many", 3, "应为一组文字"),
    ("many", [], "必填"),
    ("many", ["甲", "乙", "丙"], "最多 2 个"),
    ("strange", "甲", "没有“strange”这一项"),
]


@pytest.mark.parametrize(("field", "value", "said"), BAD)
def test_each_kind_of_error_is_said_in_chinese(field: str, value: Any, said: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Everything.model_validate({field: value})
    (fault,) = faults_of(caught.value, Everything)
    assert fault.problem.startswith(said)
    assert fault.remedy
    assert not ENGLISH.search(f"{fault.problem}{fault.remedy}".replace(field, ""))


def test_no_error_type_of_pydantic_leaks_english() -> None:
    bounds = dict.fromkeys(("gt", "ge", "lt", "le", "max_length", "min_length"), 3)
    context = {**bounds, "expected": "'红' or '蓝'", "error": ValueError("plain English words")}
    known = get_args(ErrorType)
    assert set(SENTENCES) <= set(known)
    for name in known:
        said = sentence({"type": name, "loc": ("字段",), "msg": "English", "ctx": context})
        assert said == OTHER or name in SENTENCES
        assert not ENGLISH.search(said), name
        assert "{" not in said


def test_a_field_is_told_once_however_many_of_its_items_are_wrong() -> None:
    with pytest.raises(ValidationError) as caught:
        Everything.model_validate({"many": [date(2026, 1, 1), True]})
    (fault,) = faults_of(caught.value, Everything)
    assert (fault.field, fault.value) == ("many", "2026-01-01")


def test_a_rule_of_our_own_speaks_for_itself() -> None:
    finding = {
        "code": "W1",
        "unit": "S001",
        "description": "问题",
        "source": "县",
        "found_date": "2026-3-5",
        "deadline": "2026-3-1",
    }
    with pytest.raises(ValidationError) as caught:
        Finding.model_validate(finding)
    (fault,) = faults_of(caught.value, Finding)
    assert (fault.field, fault.title, fault.value) == ("deadline", "整改时限", "2026-3-1")
    assert fault.problem == "早于发现日期（2026年3月5日）"
    assert fault.remedy == "核对两个日期"


def test_load_names_every_wrong_field_by_its_label() -> None:
    with pytest.raises(InputInvalid) as caught:
        load(kind_of("单位"), {"code": "S001", "unit_type": "医院", "colour": "红"}, where="第 3 条")
    assert caught.value.problem == (
        "第 3 条填写有误：单位名称必填，不能空着；单位类别“医院”只能填：政府、部门、乡镇、学校、培训机构；"
        "colour“红”没有“colour”这一项"
    )
    assert caught.value.remedy == "单位名称：填写“单位名称”（统计用全称）"


def test_load_stops_listing_after_five() -> None:
    with pytest.raises(InputInvalid, match="等共 6 处"):
        load(kind_of("督导活动"), {"start_date": "x"}, where="甲")


def test_a_long_value_is_quoted_short() -> None:
    assert shown("字" * 100) == "字" * 39 + "…"
    assert shown(("甲", "乙\n丙")) == "甲、乙 丙"


def test_every_field_of_every_kind_has_a_chinese_title() -> None:
    for kind in KINDS:
        titles = [column.title for column in columns_of(kind.model)]
        assert len(set(titles)) == len(titles)
        for title in titles:
            assert re.search(r"[\u4e00-\u9fff]", title)
            assert len(title) <= 12
