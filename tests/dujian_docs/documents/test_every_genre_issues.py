"""Every shipped genre becomes a document from records of an invented county; each value knows its origin."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dujian_docs.documents import Genre, Office, genre_of, genres, plan_issue, shipped_templates
from dujian_docs.documents.beside import Beside
from dujian_docs.documents.contexts import ChasedGap
from dujian_docs.documents.docx_text import paragraphs_of
from dujian_docs.documents.fields import FieldKind, Source, Value
from dujian_docs.documents.issuing import IssuePlan
from dujian_docs.documents.rendering import render
from dujian_docs.errors import InputInvalid
from dujian_docs.evaluation import (
    Balance,
    Evaluation,
    Figure,
    ScoreSheet,
    SectionBalance,
    UnitScore,
    Verdict,
    standards,
)
from dujian_docs.filing import ExpectationState
from dujian_docs.readiness import Tally
from dujian_docs.records import RecordStore, kind_of
from dujian_docs.records.columns import columns_of
from dujian_docs.records.filing_models import Indicator

AT = datetime(2026, 6, 30, 9, 0, tzinfo=UTC)
TODAY = date(2026, 6, 30)
OFFICE = Office(
    name="云岭县人民政府教育督导室", series="云教督", contact="李静", phone="0000-5550102", signer="周明远"
)
ROWS: Mapping[str, list[dict[str, Any]]] = json.loads(
    Path(__file__).with_name("county.json").read_text("utf-8")
)
"""An invented county by the Chinese names of kinds and columns."""
ASKED: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "announcement": ("DD1", {}),
    "bulletin_accountability": ("WZ1", {}),
    "bulletin_criticism": ("S001", {}),
    "bulletin_half_month": ("", {"截至日期": "2026年4月15日"}),
    "bulletin_inspection": ("DD1", {}),
    "bulletin_praise": ("DD1", {}),
    "bulletin_progress": ("ML1", {}),
    "bulletin_quarter": ("", {"年度": "2026", "季度": "1"}),
    "bulletin_results": ("ML1", {}),
    "decision_accountability": ("WZ1", {}),
    "duty_table": ("XM1", {}),
    "feedback_opinion": ("DD1", {"被督导单位": "青溪镇中心小学"}),
    "key_points": ("", {}),
    "letter_supervise": ("GP1", {}),
    "notice_assessment": ("XM1", {}),
    "notice_chasing": ("S001", {"报送时限": ""}),
    "notice_delisting": ("GP2", {}),
    "notice_inspection": ("DD1", {"日程安排": ""}),
    "notice_joint": ("DD1", {}),
    "notice_listing": ("GP1", {}),
    "notice_materials": ("XM1", {}),
    "notice_rectification": ("S001", {"督导活动": "DD1"}),
    "notice_talk": ("YT1", {}),
    "plan_work": ("XM1", {}),
    "pledge": ("ZR1", {}),
    "reply_appeal": ("WZ1", {}),
    "reply_review": ("WZ1", {}),
    "report_assessment": ("S001", {"建档目录": "ML1", "年度": "2026"}),
    "report_site": ("DD1", {}),
    "report_supervision": ("DD1", {}),
    "self_evaluation_school": (
        "S001",
        {"建档目录": "ML1", "年度": "2026", "学年": "2025—2026学年", "存在问题": ""},
    ),
    "supervision_opinion": ("DD1", {"被督导单位": "青溪镇中心小学"}),
    "talk_record": ("YT1", {}),
    "team_list": ("DD1", {}),
    "visit_record": ("JL1", {}),
}
SHIPPED = tuple(genre.name for genre in genres([shipped_templates()]))


def evaluation() -> Evaluation:
    """Two units' scores, one of them whole, and one section of schools."""
    indicators = (Indicator(filing_list="ML1", code="C1", title="校园安全", points=10, parent="B1"),)
    known = UnitScore(
        "青溪镇中心小学",
        2026,
        ScoreSheet({"C1": Decimal("8.5")}, Decimal("8.5"), Decimal(0), (), ()),
        Verdict(passed=True),
        None,
        None,
        (),
    )
    lost = UnitScore("白石镇中心小学", 2026, None, Verdict(None, ("C1 没有得分",)), None, None, ())
    standard = standards()["quality"]
    figure = Figure(0.41, "", "composite")
    section = Balance(standard, "小学", {}, figure, (), Verdict(passed=True))
    return Evaluation(
        "2025—2026", 2026, "云岭县评估建档目录", indicators,
        (SectionBalance(section, {}, (), (), ()),), (), (known, lost), (), (), (), {},
    )  # fmt: skip


BESIDE = Beside(
    gaps=(ChasedGap("C1-01", "安全责任书", 2026, "缺失", "补交", "安全责任书.pdf"),),
    filing_list_title="云岭县评估建档目录",
    tallies=(
        Tally("S001", "青溪镇中心小学", {**dict.fromkeys(ExpectationState, 0), ExpectationState.PRESENT: 2}),
        Tally("S002", "白石镇中心小学", {**dict.fromkeys(ExpectationState, 0), ExpectationState.MISSING: 1}),
    ),
    evaluation=evaluation(),
)


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RecordStore]:
    """The records of the county."""
    store = RecordStore.open(tmp_path_factory.mktemp("county") / "records.sqlite")
    with store.transaction() as now:
        for title, rows in ROWS.items():
            kind = kind_of(title)
            names = {column.title: column.name for column in columns_of(kind.model)}
            for row in rows:
                typed = {names[word]: value for word, value in row.items()}
                now.put(kind.model(**typed), author="李静", at=AT)
    yield store
    store.close()


def plan(genre: Genre, store: RecordStore, record: str | None = None) -> IssuePlan:
    """The document from the county's records; what is typed is what the genre's sample says."""
    key, typed = ASKED.get(genre.name, ("", {}))
    sample = genre.sample()
    by_hand = {
        entry.label: _as_typed(sample[entry.name])
        for entry in genre.fields
        if entry.source is Source.BY_HAND and entry.name in sample and entry.kind is not FieldKind.FLAG
    }
    return plan_issue(
        genre,
        key if record is None else record,
        store,
        office=OFFICE,
        today=TODAY,
        by_hand={label: text for label, text in {**by_hand, **typed}.items() if text},
        beside=BESIDE,
        author="李静",
    )


def printed(planned: IssuePlan) -> str:
    """All text of the document."""
    values = {**planned.values, "number": str(planned.number)}
    return "".join(paragraphs_of(render(planned.genre.template, values, at=datetime(2026, 6, 30))))


def column(value: Value, name: str) -> list[str]:
    """One column of a table; ``head`` of 条目 is the first sentence."""
    assert not isinstance(value, str | bool)
    return [str(row[name]) for row in value if not isinstance(row, str)]


def _as_typed(value: Value) -> str:
    return str(value) if isinstance(value, str | bool) else "\n".join(_line(one) for one in value)


def _line(one: str | Mapping[str, str]) -> str:
    if isinstance(one, str):
        return one
    return one["head"] + one["rest"] if "head" in one else "|".join(one.values())


@pytest.mark.parametrize("name", SHIPPED)
def test_the_genre_issues_and_every_value_has_its_origin(county: RecordStore, name: str) -> None:
    genre = genre_of(name, [shipped_templates()])
    planned = plan(genre, county)
    assert planned.genre.name == name
    frame = {"number"}
    assert [
        field
        for field, value in planned.values.items()
        if value and field not in frame and not planned.origins.get(field)
    ] == []
    text = printed(planned)
    assert planned.title.replace("\n", "") in text.replace("\n", "") or genre.layout.value == "命令"
    assert "【" not in text
    assert planned.path.endswith(".docx")


@pytest.mark.parametrize("name", ["announcement", "notice_joint", "notice_inspection"])
def test_nobody_is_told_of_an_unannounced_inspection(county: RecordStore, name: str) -> None:
    with pytest.raises(InputInvalid, match="四不两直"):
        plan(genre_of(name, [shipped_templates()]), county, "DD2")


def test_a_listed_case_is_delisted_only_when_it_is(county: RecordStore) -> None:
    with pytest.raises(InputInvalid, match="督办中"):
        plan(genre_of("notice_delisting", [shipped_templates()]), county, "GP1")
    with pytest.raises(InputInvalid, match="已摘牌"):
        plan(genre_of("notice_listing", [shipped_templates()]), county, "GP2")


def test_a_criticism_needs_a_ground(county: RecordStore) -> None:
    with pytest.raises(InputInvalid, match=r"至少要有一项.*反弹问题.*逾期问题"):
        plan(genre_of("bulletin_criticism", [shipped_templates()]), county, "S002")


def test_shared_faults_are_told_from_those_of_one_unit(county: RecordStore) -> None:
    values = plan(genre_of("bulletin_inspection", [shipped_templates()]), county).values
    assert column(values["common"], "head") == [
        "食堂留样登记不全（青溪镇中心小学、白石镇中心小学等2个单位）。"
    ]
    assert column(values["single"], "head") == ["青溪镇中心小学：灭火器压力不足。"]
    assert values["ranking"] == (
        {"rank": "1", "unit": "白石镇中心小学", "found": "1", "closed": "1", "rate": "100%"},
        {"rank": "2", "unit": "青溪镇中心小学", "found": "2", "closed": "0", "rate": "0%"},
    )


def test_a_rectification_notice_holds_only_what_is_open_at_that_unit(county: RecordStore) -> None:
    planned = plan(genre_of("整改通知书", [shipped_templates()]), county)
    assert column(planned.values["findings"], "text") == ["灭火器压力不足", "食堂留样登记不全"]
    assert planned.values["total"] == "2"
    assert str(planned.number) == "云教督整〔2026〕1号"
    assert printed(planned).count("云教督整〔2026〕1号") >= 4, "stub, seam, original and receipt"


def test_results_rank_what_is_known_and_name_what_is_not(county: RecordStore) -> None:
    values = plan(genre_of("考评结果通报", [shipped_templates()]), county).values
    assert (values["passed_count"], values["failed_count"], values["unsettled_count"]) == ("1", "0", "1")
    assert column(values["ranking"], "unit") == ["青溪镇中心小学"]
    assert values["reasons"] == ("白石镇中心小学：C1 没有得分。",)
    assert column(values["weak"], "head") == ["校园安全（分值10分）：平均失分1.5分。"]


def test_progress_is_ranked_by_share(county: RecordStore) -> None:
    values = plan(genre_of("进度动态", [shipped_templates()]), county).values
    assert (values["due"], values["present"], values["rate"]) == ("3", "2", "66.7%")
    assert values["complete"] == "青溪镇中心小学"
    assert column(values["rows"], "unit") == ["青溪镇中心小学", "白石镇中心小学"]


def test_bulletins_of_a_series_are_counted_as_issues(county: RecordStore) -> None:
    planned = plan(genre_of("半月报通报", [shipped_templates()]), county)
    assert planned.genre.number_text(planned.number) == "第1期"
    assert Path(planned.path).name.startswith("2026年第1期_")
    assert planned.values["publishing_rate"] == "75%"
