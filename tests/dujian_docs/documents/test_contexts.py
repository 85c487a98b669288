"""From records to values: wording, order, and what must not be issued."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from dujian_docs.documents.contexts import (
    ChasedGap,
    GapFacts,
    InspectionFacts,
    chasing_values,
    inspection_values,
    main_to,
    office_values,
)
from dujian_docs.documents.genres import Genre
from dujian_docs.documents.itemising import items
from dujian_docs.documents.office import Office
from dujian_docs.errors import InputInvalid
from dujian_docs.records import Inspection, InspectionMode, Person, SupervisionType, Unit, UnitType

LEADER = Person(code="P1", name="周明远", unit="G1", post="主任", phone="1")
MEMBER = Person(code="P2", name="李静", unit="G1", post="督学", phone="2")
SCHOOLS = tuple(
    Unit(code=f"S{n}", name=f"{word}小学", unit_type=UnitType.SCHOOL) for n, word in enumerate("青白松云岭溪")
)


def facts(units: int = 2, **changes: Any) -> InspectionFacts:
    inspection = {
        "code": "DD1",
        "title": "开学工作专项督导",
        "supervision_type": SupervisionType.SCHOOL_SUPERVISION,
        "mode": InspectionMode.SPECIAL,
        "organiser": "G1",
        "purpose": "为了解开学情况。",
        "start_date": date(2026, 3, 9),
        "end_date": date(2026, 3, 11),
        "contents": ["校舍情况。水、电。", "安全"],
        "materials": ["1.自查报告；", "台账"],
        **changes,
    }
    return InspectionFacts(
        inspection=Inspection.model_validate(inspection),
        units=SCHOOLS[:units],
        leader=LEADER,
        members=(MEMBER,),
        contact=MEMBER,
        workplaces={"G1": "督导室"},
    )


def values(given: InspectionFacts, genre: Genre, by_hand: Mapping[str, str] | None = None) -> dict[str, Any]:
    return dict(inspection_values(given, genre.phrases, by_hand or {}))


def test_a_notice_of_inspection_in_words(inspection_genre: Genre) -> None:
    found = values(facts(), inspection_genre)
    assert found["title"] == "关于开展开学工作专项督导的通知"
    assert found["opening"].startswith("为了解开学情况，经研究，决定开展开学工作专项督导。")
    assert found["period"] == "2026年3月9日至11日"
    assert found["main_to"] == found["targets"] == "青小学、白小学"
    assert found["contents"] == (
        {"number": "一", "head": "校舍情况。", "rest": "水、电。"},
        {"number": "二", "head": "安全。", "rest": ""},
    )
    assert found["materials"] == ({"number": "1", "name": "自查报告"}, {"number": "2", "name": "台账"})
    assert found["team_members"][0] == {"role": "组长", "name": "周明远", "post": "督导室主任"}
    assert (found["contact"], found["phone"]) == ("李静", "2")
    assert "由周明远任组长，李静为组员" in found["team"]


def test_stock_phrases_stand_in_for_what_the_record_leaves_open(inspection_genre: Genre) -> None:
    assert len(values(facts(), inspection_genre)["methods"]) == 4
    own = values(facts(methods=["随机查看。"], requirements=["从严。"]), inspection_genre)
    assert [row["head"] for row in own["methods"]] == ["随机查看。"]
    assert [row["head"] for row in own["requirements"]] == ["从严。"]


def test_days_are_never_guessed(inspection_genre: Genre) -> None:
    several = values(facts(), inspection_genre)
    assert {row["day"] for row in several["schedule"]} == {"按次序，提前告知"}
    assert "提前1日告知" in several["team"]
    one = values(facts(end_date=None), inspection_genre)
    assert {row["day"] for row in one["schedule"]} == {"2026年3月9日"}
    assert "提前1日告知" not in one["team"]


def test_a_schedule_given_by_hand(inspection_genre: Genre) -> None:
    found = values(facts(), inspection_genre, {"schedule": "3月9日上午：白小学\n3月10日:青小学；"})
    assert found["schedule"] == (
        {"number": "1", "day": "3月9日上午", "target": "白小学"},
        {"number": "2", "day": "3月10日", "target": "青小学"},
    )
    assert "提前1日告知" not in found["team"]


@pytest.mark.parametrize(
    ("typed", "said"),
    [("3月9日：白小学", "没有排到：青小学"), ("青小学、白小学", "看不懂"), ("：青小学", "看不懂")],
)
def test_a_schedule_that_does_not_hold(inspection_genre: Genre, typed: str, said: str) -> None:
    with pytest.raises(InputInvalid, match=said):
        values(facts(), inspection_genre, {"schedule": typed})


def test_an_unannounced_inspection_is_never_notified(inspection_genre: Genre) -> None:
    with pytest.raises(InputInvalid, match="四不两直") as caught:
        values(facts(mode=InspectionMode.UNANNOUNCED), inspection_genre)
    assert caught.value.remedy


def test_what_is_missing_stays_missing(inspection_genre: Genre) -> None:
    bare = replace(
        facts(purpose="", start_date=None, end_date=None, contents=[], materials=[]),
        units=(),
        leader=None,
        contact=None,
    )
    found = values(bare, inspection_genre)
    assert not {"opening", "period", "targets", "contents", "materials", "team", "contact"} & set(found)


def test_many_units_are_addressed_collectively(inspection_genre: Genre) -> None:
    town = Unit(code="T1", name="青溪镇人民政府", unit_type=UnitType.TOWNSHIP)
    assert main_to(SCHOOLS[:5], inspection_genre.phrases) == "青小学、白小学、松小学、云小学、岭小学"
    assert main_to((*SCHOOLS, town), inspection_genre.phrases) == "各有关学校、各有关乡镇人民政府"


@pytest.mark.parametrize(
    ("line", "head"),
    [
        ("（一）甲", "甲。"),
        ("(1) 甲", "甲。"),
        ("一、甲", "甲。"),
        ("1.甲", "甲。"),
        ("①甲", "甲。"),
        ("2.5米以上", "2.5米以上。"),
        ("2026年甲", "2026年甲。"),
    ],
)
def test_numbers_a_clerk_typed_are_not_printed_twice(line: str, head: str) -> None:
    assert items([line]) == ({"number": "一", "head": head, "rest": ""},)


def test_too_many_items_are_refused() -> None:
    with pytest.raises(InputInvalid, match="超过 99 条"):
        items(["甲"] * 100)


GAPS = (
    ChasedGap("C3-01", "财政决算报告", 2024, "缺", "请报送"),
    ChasedGap("C3-01", "财政决算报告", 2025, "缺", "请报送"),
    ChasedGap("C3-02", "花名册", 2025, "年份不符", "改报2025年度的", "花名册2024.xlsx"),
    ChasedGap("C3-04", "公示材料", 2025, "疑似", "打开核对", "公示.pdf"),
    ChasedGap("C3-03", "台账", 2025, "待盖章", "盖章"),
)


def chasing(genre: Genre, gaps: tuple[ChasedGap, ...] = GAPS, limit: str = "") -> dict[str, Any]:
    unit = Unit(code="D1", name="县财政局", unit_type=UnitType.DEPARTMENT)
    by_hand = {"deadline_sentence": limit} if limit else {}
    return dict(chasing_values(GapFacts(unit, "2026年评估", gaps), genre.phrases, by_hand, date(2026, 9, 10)))


def test_a_chasing_notice_counts_by_state_and_lists_every_gap(chasing_genre: Genre) -> None:
    found = chasing(chasing_genre)
    assert found["title"] == "关于限期补齐2026年评估有关材料的通知"
    assert found["main_to"] == "县财政局"
    assert "有5件未齐" in found["summary"]
    assert [row["head"] + row["rest"] for row in found["kinds"]] == [
        "尚未报送。共2件。",
        "年份不符。共1件，已报送的材料不是要求年份的。",
        "有待确认。共1件，已有相近材料，请确认是否就是要求的材料。",
        "待盖章。共1件。",
    ]
    assert [row["number"] for row in found["gaps"]] == ["1", "2", "3", "4", "5"]
    assert [row["next_step"] for row in found["gaps"]] == [
        "请报送",
        "请报送",
        "请补报2025年的",
        "请确认“公示.pdf”是否就是这件材料",
        "盖章",
    ]
    assert "2026年9月17日前" in found["deadline_sentence"]


def test_the_time_limit_may_be_given_by_hand(chasing_genre: Genre) -> None:
    assert "2026年9月30日前" in chasing(chasing_genre, limit="2026.9.30")["deadline_sentence"]
    for wrong in ("尽快", "2026年9月10日", "2026-2-30"):
        with pytest.raises(InputInvalid, match="报送时限"):
            chasing(chasing_genre, limit=wrong)


def test_without_gaps_there_is_nothing_to_chase(chasing_genre: Genre) -> None:
    with pytest.raises(InputInvalid, match="没有缺件"):
        chasing(chasing_genre, gaps=())


def test_office_values() -> None:
    found = office_values(Office(name="督导室", series="督"), date(2026, 1, 5), "甲局，乙局。")
    assert found["letterhead"] == "督导室文件"
    assert found["printer"] == "督导室"
    assert found["doc_date"] == "2026年1月5日"
    assert found["cc"] == "甲局，乙局"
