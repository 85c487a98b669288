"""Issuing: validated before, published whole, registered; and the same document from the same record."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from dujian_docs.documents import (
    ChasedGap,
    Genre,
    IssuePlan,
    Office,
    apply_issue,
    entries,
    issue_lock,
    issuing,
    plan_issue,
)
from dujian_docs.documents.beside import Beside
from dujian_docs.documents.issuing import settle_leftovers
from dujian_docs.errors import DujianError, InputInvalid, StorageFailed, TemplateInvalid, UsageInvalid
from dujian_docs.records import Inspection, InspectionMode, NumberState, RecordStore

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
REFERENCE = "督导活动/DD2026-03"
GAPS = (ChasedGap("C3-01", "财政决算报告", 2025, "缺", "请报送"),)


@pytest.fixture
def plan(store: RecordStore, office: Office, inspection_genre: Genre) -> IssuePlan:
    return plan_issue(inspection_genre, REFERENCE, store, office=office, today=TODAY)


def change(store: RecordStore, **changes: Any) -> None:
    found = store.get("inspection", "DD2026-03")
    assert found is not None
    with store.transaction() as now:
        now.put(Inspection.model_validate({**found.model_dump(), **changes}), author="测试", at=AT)


def issue(plan: IssuePlan, store: RecordStore, root: Path) -> issuing.Issued:
    return apply_issue(plan, store, archive=root / "archive", home=root / ".dujian", author="李静", at=AT)


def test_a_notice_is_published_and_registered(
    plan: IssuePlan, store: RecordStore, tmp_path: Path, text_of_docx: Callable[[bytes], str]
) -> None:
    issued = issue(plan, store, tmp_path)
    assert str(issued.number) == "云教督〔2026〕1号"
    assert (
        issued.path
        == "发文/2026/云教督〔2026〕1号_关于开展2026年春季学期开学工作专项督导的通知.docx"
        == plan.path
    )
    content = (tmp_path / "archive" / issued.path).read_bytes()
    assert hashlib.sha256(content).hexdigest() == issued.sha256
    text = text_of_docx(content)
    for wanted in (
        "云教督〔2026〕1号",
        "青溪镇中心小学、白石镇中心小学：",
        "为全面了解春季学期开学情况，经研究",
        "（一）开学条件保障情况。校舍检修、教材到位。",
        "（二）校园安全 & <隐患> 排查。",
        "2026年3月9日至11日。",
        "（联系人：李静，联系电话：0871-6000002）",
        "抄送：县人民政府办公室，县教育体育局。",
        "2026年3月2日印发",
    ):
        assert wanted in text
    (row,) = entries(store)
    assert (row.state, row.path, row.sha256, row.record) == (
        NumberState.USED,
        issued.path,
        issued.sha256,
        REFERENCE,
    )
    history = store.history("document", "云教督/2026/1")
    assert [version.author for version in history] == ["李静"] * 3
    assert store.verify() == ()


def test_planning_writes_nothing(plan: IssuePlan, store: RecordStore, tmp_path: Path) -> None:
    assert entries(store) == ()
    assert list((tmp_path / "archive").iterdir()) == []
    shown = dict(plan.rows())
    assert shown["发文字号"] == "云教督〔2026〕1号"
    assert shown["督导内容"] == "2 项"
    assert shown["加盖印章"] == "是"
    assert plan.notes == ()


def test_the_same_record_gives_the_same_document_but_for_number_and_place(
    plan: IssuePlan, store: RecordStore, tmp_path: Path, text_of_docx: Callable[[bytes], str]
) -> None:
    first, second = issue(plan, store, tmp_path), issue(plan, store, tmp_path)
    texts = [text_of_docx((tmp_path / "archive" / issued.path).read_bytes()) for issued in (first, second)]
    assert texts[0].replace("〔2026〕1号", "〔2026〕2号") == texts[1]
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "archive").mkdir()
    with RecordStore.open(tmp_path / "b" / "records.db") as other:
        again = issue(plan, other, tmp_path / "b")
    assert again.sha256 == first.sha256


def test_issuing_twice_is_said_before(
    plan: IssuePlan, store: RecordStore, tmp_path: Path, office: Office, inspection_genre: Genre
) -> None:
    issue(plan, store, tmp_path)
    again = plan_issue(inspection_genre, "DD2026-03", store, office=office, today=TODAY)
    assert "云教督〔2026〕1号" in again.notes[0]
    assert again.number.serial == 2


def test_missing_fields_are_all_named_and_no_number_is_spent(
    store: RecordStore, office: Office, inspection_genre: Genre
) -> None:
    change(
        store,
        purpose="",
        contents=(),
        materials=(),
        leader=None,
        members=(),
        contact=None,
        start_date=None,
        end_date=None,
    )
    with pytest.raises(InputInvalid) as caught:
        plan_issue(inspection_genre, REFERENCE, store, office=replace(office, contact=""), today=TODAY)
    for label, where in (
        ("缘由", "督导活动的“缘由”"),
        ("督导时间", "督导活动的“开始日期”“结束日期”"),
        ("督导内容", "督导活动的“督导内容”"),
        ("组长", "督导活动的“组长”"),
        ("需备材料", "督导活动的“需备材料”"),
        ("联系人", "dujian.toml 的 [office] contact"),
    ):
        assert f"“{label}”（" in caught.value.problem
        assert where in caught.value.problem
    assert "还缺 6 项" in caught.value.problem
    assert entries(store) == ()


def test_an_unannounced_inspection_gets_no_notice(
    store: RecordStore, office: Office, inspection_genre: Genre
) -> None:
    change(store, mode=InspectionMode.UNANNOUNCED)
    with pytest.raises(InputInvalid, match="四不两直"):
        plan_issue(inspection_genre, REFERENCE, store, office=office, today=TODAY)
    assert entries(store) == ()


def test_a_chasing_notice_comes_straight_from_the_gaps(
    store: RecordStore,
    office: Office,
    chasing_genre: Genre,
    tmp_path: Path,
    text_of_docx: Callable[[bytes], str],
) -> None:
    plan = plan_issue(
        chasing_genre,
        "单位/D001",
        store,
        office=office,
        today=TODAY,
        beside=Beside(gaps=tuple(GAPS), filing_list_title="2026年优质均衡评估"),
        cc="",
    )
    issued = issue(plan, store, tmp_path)
    text = text_of_docx((tmp_path / "archive" / issued.path).read_bytes())
    assert "县财政局：" in text
    assert "关于限期补齐2026年优质均衡评估有关材料的通知" in text
    assert "C3-01\n财政决算报告\n2025\n缺\n请报送" in text
    assert "抄送" not in text


@pytest.mark.parametrize(
    ("reference", "error", "said"),
    [
        ("督导活动/没有", InputInvalid, "没有编号为“没有”的督导活动"),
        ("单位/S001", UsageInvalid, "不能由“单位/S001”生成"),
        ("督导活动/", UsageInvalid, "不能由"),
        ("火星/1", UsageInvalid, "没有“火星”这种记录"),
    ],
)
def test_references_that_lead_nowhere(
    store: RecordStore,
    office: Office,
    inspection_genre: Genre,
    reference: str,
    error: type[DujianError],
    said: str,
) -> None:
    with pytest.raises(error, match=said):
        plan_issue(inspection_genre, reference, store, office=office, today=TODAY)


def test_what_may_be_filled_by_hand(store: RecordStore, office: Office, inspection_genre: Genre) -> None:
    by_hand = {"日程安排": "3月9日：青溪镇中心小学、白石镇中心小学"}
    plan = plan_issue(inspection_genre, REFERENCE, store, office=office, today=TODAY, by_hand=by_hand)
    schedule = plan.values["schedule"]
    assert schedule == ({"number": "1", "day": "3月9日", "target": "青溪镇中心小学、白石镇中心小学"},)
    with pytest.raises(UsageInvalid, match="“标题”不是可以手填的项") as caught:
        plan_issue(inspection_genre, REFERENCE, store, office=office, today=TODAY, by_hand={"标题": "x"})
    assert "日程安排" in caught.value.remedy


def test_a_genre_may_have_its_own_series_and_the_office_its_first_serial(
    store: RecordStore, office: Office, inspection_genre: Genre, tmp_path: Path
) -> None:
    genre = replace(inspection_genre, series="云教督通")
    continued = replace(office, first_serial=18)
    plan = plan_issue(genre, REFERENCE, store, office=continued, today=TODAY)
    assert str(issue(plan, store, tmp_path).number) == "云教督通〔2026〕18号"
    other_year = plan_issue(genre, REFERENCE, store, office=office, today=date(2027, 1, 4))
    assert str(other_year.number) == "云教督通〔2027〕1号"


def test_a_template_that_fails_spends_no_number(
    store: RecordStore, office: Office, inspection_genre: Genre, docx_of: Callable[..., bytes]
) -> None:
    from dujian_docs.documents.rendering import Template

    broken = Template("x/template.docx", docx_of("{{ title }}{{ nobody }}"), inspection_genre.fields)
    with pytest.raises(TemplateInvalid):
        plan_issue(replace(inspection_genre, template=broken), REFERENCE, store, office=office, today=TODAY)
    assert entries(store) == ()


def test_a_taken_file_name_is_left_alone_and_registered_as_it_is(
    plan: IssuePlan, store: RecordStore, tmp_path: Path
) -> None:
    taken = tmp_path / "archive" / plan.path
    taken.parent.mkdir(parents=True)
    taken.write_bytes(b"old")
    issued = issue(plan, store, tmp_path)
    assert issued.path.endswith("的通知(2).docx")
    assert taken.read_bytes() == b"old"
    assert entries(store)[0].path == issued.path


def test_titles_and_series_cannot_leave_the_archive(
    store: RecordStore, office: Office, inspection_genre: Genre, tmp_path: Path
) -> None:
    change(store, title="../../外面/" + "长" * 150)
    plan = plan_issue(
        replace(inspection_genre, archive="发文/../{series}/{year}"),
        REFERENCE,
        store,
        office=office,
        today=TODAY,
    )
    issued = issue(plan, store, tmp_path)
    placed = (tmp_path / "archive" / issued.path).resolve()
    assert placed.is_relative_to((tmp_path / "archive").resolve())
    assert len(placed.name.encode()) <= 200
    assert sorted(path.name for path in tmp_path.iterdir()) == [".dujian", "archive"]


def test_a_lock_held_too_long_reserves_nothing(
    plan: IssuePlan, store: RecordStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from filelock import FileLock

    monkeypatch.setattr(issue_lock, "LOCK_SECONDS", 0.05)
    with FileLock(tmp_path / ".dujian" / issue_lock.LOCK_NAME), pytest.raises(DujianError, match="正在签发"):
        issue(plan, store, tmp_path)
    assert entries(store) == ()


def test_an_archive_that_is_away_reserves_nothing(
    plan: IssuePlan, store: RecordStore, tmp_path: Path
) -> None:
    with pytest.raises(StorageFailed, match="打不开"):
        apply_issue(plan, store, archive=tmp_path / "没有", home=tmp_path / ".dujian", author="甲", at=AT)
    assert entries(store) == ()
    assert (
        settle_leftovers(store, archive=tmp_path / "archive", home=tmp_path / ".dujian", author="甲", at=AT)
        == ()
    )
