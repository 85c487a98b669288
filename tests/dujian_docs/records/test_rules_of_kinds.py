"""What the kinds of supervision, evaluation and reporting refuse, each with the field that is wrong."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from dujian_docs.records import KINDS, Record, columns_of, kind_of
from dujian_docs.records.accountability_models import MEANS, ObjectKind
from dujian_docs.records.problems import faults_of

VISIT = {"code": "JL1", "mode": "问卷走访", "inspector": "P1", "school": "S1", "visit_date": "2026-3-5"}
CASE = {"code": "WZ1", "object_kind": "被督导单位", "unit": "S1", "cause": "整改不力"}
REPORT = dict.fromkeys(
    (column.name for column in columns_of(kind_of("半月报").model) if column.required), 0
) | {"unit": "D1", "period_end": "2026-3-15", "counties": 1, "schools": 9, "orgs": 5, "orgs_offline": 3,
     "orgs_online": 2, "tips": 4}  # fmt: skip
CHECK = dict.fromkeys(
    ("qualification", "premises", "contract", "fees", "adverts", "school_teachers"), "合格"
) | {"org": "T1", "check_date": "2026-5-1"}
STATISTICS = {"school": "S1", "school_year": "2025—2026", "section": "初中"}
SURVEY = {
    "code": "MY1", "unit": "G1", "year": 2026, "audience": "家长",
    "issued": 100, "returned": 90, "valid": 80, "satisfied": 70,
}  # fmt: skip

REFUSED = [
    ("督学责任区", {"code": "Z1", "name": "东片", "inspectors": "", "schools": "S1"}, "责任督学", "必填"),
    (
        "督导组",
        {"inspection": "DD1", "code": "第1组", "from_unit": "T1", "units": "T2、T1"},
        "检查对象",
        "不能检查自己",
    ),
    (
        "阶段",
        {
            "campaign": "J1",
            "code": "S1",
            "axis": "工作阶段",
            "title": "自查",
            "start_date": "2026-4-1",
            "end_date": "2026-3-31",
        },
        "截止日期",
        "早于开始日期（2026年4月1日）",
    ),
    ("阶段", {"campaign": "J1", "code": "S1", "axis": "别的", "title": "自查"}, "属于", "只能填"),
    ("督学记录", VISIT | {"issued": 100, "valid": 101}, "有效份数", "多于发放份数（100）"),
    ("督学记录", VISIT | {"satisfied": "101%"}, "满意率", "不能大于 100"),
    ("督学记录", VISIT | {"revisit_date": "2026-3-4"}, "回访日期", "早于"),
    ("回头看", {"finding": "W1", "due_date": "2026-9-1", "result": "反弹"}, "结果", "没有复查日期"),
    (
        "挂牌督办",
        {
            "code": "GP1",
            "title": "大班额",
            "unit": "S1",
            "listed_date": "2026-3-1",
            "deadline": "2026-6-1",
            "state": "已摘牌",
        },
        "状态",
        "与摘牌日期不一致",
    ),
    (
        "举报线索",
        {"code": "XS1", "received_date": "2026-3-1", "content": "补课", "closed_date": "2026-3-9"},
        "状态",
        "与办结日期不一致",
    ),
    ("问责案件", CASE | {"person": "某校长"}, "被问责人", "对象是单位"),
    ("问责案件", CASE | {"object_kind": "责任人"}, "被问责人", "没有写是谁"),
    ("问责案件", CASE | {"means": "约谈、处分"}, "问责方式", "不能用“处分”"),
    ("问责案件", CASE | {"aggravations": "态度不好"}, "从重情形", "没有“态度不好”"),
    (
        "问责案件",
        CASE | {"group_date": "2026-3-1", "decision_date": "2026-2-1"},
        "决定日期",
        "早于调查认定组成立日期",
    ),
    (
        "问责案件",
        CASE | {"appealed": "2026-3-1", "appeal_decided": "2026-2-1"},
        "申诉决定日期",
        "早于申诉日期",
    ),
    (
        "责任书",
        {"code": "ZR1", "title": "责任书", "year": 2026, "first_party": "S1", "second_party": "S1"},
        "乙方",
        "与甲方相同",
    ),
    ("季度调度", {"year": 2026, "quarter": 5, "unit": "S1", "indicator": "课后服务"}, "季度", "不能大于 4"),
    ("半月报", REPORT | {"service_in_full": 10}, "课后服务达标学校数", "多于学校数（9）"),
    ("半月报", REPORT | {"tips_closed": 5}, "举报办结数", "多于举报线索数（4）"),
    ("半月报", REPORT | {"guided_price": 6}, "执行政府指导价机构数", "多于机构数（5）"),
    ("半月报", REPORT | {"standards_set": 2}, "制定非学科类标准县数", "多于县数（1）"),
    ("培训机构检查", CHECK | {"fees": "不合格"}, "问题", "没有写问题"),
    ("学校统计", STATISTICS | {"school_year": "2025"}, "学年", "是自然年，这里要填学年"),
    ("学校统计", STATISTICS | {"school_year": "2025—2027"}, "学年", "不是相连的两年"),
    ("学校统计", STATISTICS | {"pupils": 10, "boarders": 11}, "寄宿生数", "多于在校生数（10）"),
    (
        "学校统计",
        STATISTICS | {"teachers": 10, "backbone_teachers": 11},
        "县级以上骨干教师数",
        "多于专任教师数",
    ),
    ("学校统计", STATISTICS | {"building_area": 100, "rooms": 100.5}, "教学及辅助用房面积（㎡）", "多于"),
    ("学校统计", STATISTICS | {"books": -1}, "图书册数", "不能小于 0"),
    ("教育经费", {"unit": "G1", "year": "2025—2026"}, "年度", "是学年，这里要填自然年"),
    ("教育经费", {"unit": "G1", "year": 2025, "grants": "三千万"}, "财政教育拨款（元）", "不是金额"),
    (
        "教育经费",
        {"unit": "G1", "year": 2025, "training_spending": 9, "public_funds": 8},
        "公用经费总额（元）",
        "少于教师培训费",
    ),
    ("满意度调查", SURVEY | {"returned": 101}, "收回份数", "多于发放份数（100）"),
    ("满意度调查", SURVEY | {"satisfied": 81}, "满意份数", "多于有效份数（80）"),
    (
        "一票否决",
        {"filing_list": "YL", "unit": "G1", "year": 2026, "title": "挪用经费", "evidence": ""},
        "佐证",
        "必填",
    ),
    (
        "奖励加分",
        {"filing_list": "YL", "unit": "G1", "year": 2026, "title": "示范", "points": 0},
        "加分",
        "应大于 0",
    ),
    ("结对帮扶", {"code": "JD1", "helper": "S1", "helped": "S1", "year": 2026}, "受帮单位", "与帮扶单位相同"),
]


@pytest.mark.parametrize(("title", "values", "field", "problem"), REFUSED)
def test_what_a_kind_refuses(title: str, values: dict[str, Any], field: str, problem: str) -> None:
    model = kind_of(title).model
    with pytest.raises(ValidationError) as caught:
        model.model_validate(values)
    fault = faults_of(caught.value, model)[0]
    assert (fault.title, problem in fault.problem) == (field, True), fault
    assert fault.remedy


def made(title: str, values: dict[str, Any]) -> Record:
    return kind_of(title).model.model_validate(values)


def test_what_they_take() -> None:
    visit = made("督学记录", VISIT | {"issued": 100, "valid": 100, "satisfied": "９６．５％"})
    assert visit.model_dump()["satisfied"] == 96.5
    finance = made("教育经费", {"unit": "G1", "year": 2025, "grants": "12.5亿元", "surcharge": "1,200.5万元"})
    assert finance.model_dump()["grants"] == 1_250_000_000
    assert finance.model_dump()["surcharge"] == 12_005_000
    assert made("半月报", REPORT)
    assert made("培训机构检查", CHECK | {"fees": "不合格", "problems": "收费未公示"})
    assert made("满意度调查", SURVEY)


@pytest.mark.parametrize(
    "written",
    [
        "2025-2026",
        "2025—2026学年",
        "２０２５－２０２６学年度",
        "2025/26",
        "2025至2026",
        "2025年-2026年",
    ],
)
def test_spellings_of_a_school_year(written: str) -> None:
    made_of = made("学校统计", STATISTICS | {"school_year": written})
    assert made_of.model_dump()["school_year"] == "2025-2026"


@pytest.mark.parametrize("object_kind", ObjectKind)
def test_every_means_is_for_those_it_is_for(object_kind: ObjectKind) -> None:
    person = "" if object_kind is ObjectKind.UNIT else "某某"
    values = CASE | {"object_kind": object_kind.value, "person": person}
    assert made("问责案件", values | {"means": MEANS[object_kind]})
    others = {one for means in MEANS.values() for one in means} - set(MEANS[object_kind])
    for other in others:
        with pytest.raises(ValidationError):
            made("问责案件", values | {"means": [other]})


def test_the_half_monthly_report_has_eight_aspects_in_21_items() -> None:
    columns = [column.name for column in columns_of(kind_of("半月报").model)]
    items = columns[columns.index("homework_posted") : columns.index("leader")]
    assert len(items) == 21
    assert columns.index("homework_posted") - columns.index("counties") == 5


def test_what_may_reach_nobody_is_marked() -> None:
    entered = {kind.name for kind in KINDS if kind.confidential and kind.entered}
    assert entered == {"tip", "accountability_case"}
    assert all(kind_of(title).confidential for title in ("公文底稿", "公文副本"))
