"""Nothing about a tip, an accountability case or an unannounced inspection goes out by any verb."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dujian_docs.cli import cli
from dujian_docs.records import KINDS, Inspection, InspectionMode, RecordStore, SupervisionType
from dujian_docs.records.accountability_models import AccountabilityCase, ObjectKind
from dujian_docs.records.supervision_models import ScheduleEntry, Team, Tip
from tests.conftest import Result, Run

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
DAY = date(2026, 4, 1)
MARKS = ("XS-MIMI", "周末违规补课", "WZ-MIMI", "履职不到位", "AF-MIMI", "暗访摸底", "直奔教室")
"""Codes and words that stand in confidential records only."""
SECRETS = (
    Inspection(
        code="AF-MIMI",
        title="暗访摸底",
        supervision_type=SupervisionType.SCHOOL_SUPERVISION,
        mode=InspectionMode.UNANNOUNCED,
        organiser="G002",
        units=("S001",),
        start_date=DAY,
    ),
    Team(inspection="AF-MIMI", code="第1组", units=("S001",)),
    ScheduleEntry(inspection="AF-MIMI", team="第1组", day=DAY, time="上午", unit="S001", content="直奔教室"),
    Tip(code="XS-MIMI", received_date=DAY, unit="S001", handler="S001", content="周末违规补课", deadline=DAY),
    AccountabilityCase(
        code="WZ-MIMI",
        object_kind=ObjectKind.UNIT,
        unit="S001",
        cause="履职不到位",
        supervision_end=date(2026, 1, 1),
    ),
)
LIST = "YL2026"
WALK: dict[str, tuple[tuple[str, ...], ...]] = {
    "attach": (("督导活动/DD2026-03", "archive/待归档/没有.pdf"), ("问责案件/WZ-MIMI", "录入/单位.json")),
    "bases": ((), ("--json",)),
    "batch": (
        ("整改通知书", "--all", "--dry-run"),
        ("问责决定", "--all", "--dry-run", "--json"),
        ("问责决定", "--all", "--preview", "样张.docx"),
    ),
    "bundle": (("迎检包.zip",),),
    "cases": ((), ("--output", "问责.xlsx")),
    "check": (("--xlsx", "缺件.xlsx", "--docx", "缺件.docx"), ("--unit", "S001"), ("--json",)),
    "config": (("show",),),
    "confirm": (("C3-01", "待归档/安全材料.txt", "--unit", "S002", "--year", "2026"),),
    "coverage": (("--output", "覆盖.xlsx"),),
    "cross-inspection": (
        ("--unit", "S001", "--unit", "S002", "--unit", "D001", "--output", "交叉.xlsx", "--dry-run"),
    ),
    "delete": (("单位", "T001", "--yes"),),
    "doctor": ((), ("--json",)),
    "draft": (
        ("new", "通知", "--record", "督导活动/DD2026-03"),
        ("list",),
        ("show", "督导活动/DD2026-03"),
        ("diff", "督导活动/DD2026-03"),
        ("print", "督导活动/DD2026-03", "稿.docx"),
    ),
    "due": (
        ("--output", "到期.xlsx", "--ics", "到期.ics"),
        ("--owner", "S001", "--internal", "--json"),
        ("--owner", "S001", "--internal", "--output", "到期.xlsx", "--ics", "到期.ics"),
    ),
    "duplicates": ((),),
    "evaluate": (("--output", "计算表.xlsx", "--charts", "图"), ("--json",)),
    "export": tuple(
        words for kind in KINDS for words in ((kind.title, "导出.xlsx"), (kind.title, "导出.json", "--json"))
    ),
    "figures": (("--output", "核对.xlsx"),),
    "help-pairs": ((), ("--json",)),
    "import": (("录入/单位.json",),),
    "issue": (("通知", "--record", "督导活动/DD2026-03"), ("催报通知", "--unit", "D001")),
    "ledger": (("--output", "台账.xlsx"), ("--unit", "S001", "--json")),
    "lint": (("archive", "--no-pages"), ("archive", "--no-pages", "--json")),
    "lint-template": (("印发通知",),),
    "number": (("next",), ("hold", "通知", "关于开学工作的通知")),
    "put": (("单位", "单位代码=S002", "别名=白石中心校"),),
    "register": ((), ("--json",)),
    "rollup": (("--half-month", "2026-03-15", "--from", "乡镇", "--output", "半月.xlsx"),),
    "search": (("安全",), *((mark,) for mark in MARKS if not mark.isascii())),
    "show": tuple(
        words for kind in KINDS for words in ((kind.title,), (kind.title, "AF-MIMI"), (kind.title, "XS-MIMI"))
    ),
    "similar": (("待归档/安全材料.txt",),),
    "status": ((),),
    "summary": (("--output", "总结.xlsx"),),
    "sync": ((),),
    "targets": ((), ("--json",)),
    "template": tuple((kind.title, "空白表.xlsx") for kind in KINDS if kind.entered),
    "trace": (("督导活动/DD2026-03",), ("问责案件/WZ-MIMI",), ("督导活动/DD2026-03", "--json")),
    "undo": ((),),
    "verify": (("迎检包.zip",),),
    "visits": (("--output", "到校.xlsx"), ("--by", "school", "--json")),
}
"""Every verb as it is used for something that goes out; what the office asks for alone is no part of this."""
NO_RECORDS = {"init", "demo", "watch"}
"""Make a workspace of their own; and ``watch``, which is ``sync`` again and again."""


@pytest.fixture
def office(synced: Path) -> Path:
    """The tiny county with an unannounced inspection, its team and schedule, a tip and a case."""
    with (
        RecordStore.open(synced / ".dujian" / "records.db") as store,
        store.transaction() as writing,
    ):
        for record in SECRETS:
            writing.put(record, author="李静", at=NOW)
    return synced


def told(done: Result, folder: Path, before: set[Path]) -> str:
    """All that a verb printed and wrote, as text; what it wrote is gone afterwards."""
    texts = [done.said]
    for path in set(_files(folder)) - before:
        texts += [str(path), *_texts(path.read_bytes())]
        if path.suffix != ".zip":
            path.unlink()
    return "\n".join(texts)


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and ".dujian" not in path.parts)


def _texts(content: bytes) -> Iterator[str]:
    """The text of a file; of a package, of every member."""
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for name in package.namelist():
                yield name
                yield from _texts(package.read(name))
    else:
        plain = html.unescape(content.decode("utf-8", errors="replace").replace("\r\n ", ""))
        yield re.sub(r"</w:t>.*?<w:t[^>]*>", "", plain)


def test_every_verb_is_walked() -> None:
    """A verb that is added is added here too."""
    assert set(cli.commands) == set(WALK) | NO_RECORDS


def test_nothing_confidential_goes_out(office: Path, run: Run) -> None:
    for verb, uses in WALK.items():
        for words in uses:
            before = set(_files(office))
            done = run(verb, *words)
            assert done.status in {0, 3} or "保密记录" in done.said or "没有" in done.said, done.said
            everything = told(done, office, before)
            asked = " ".join(words)
            for mark in MARKS:
                assert mark in asked or mark not in everything, (verb, words, mark)


@pytest.mark.parametrize(
    ("verb", "words", "mark"),
    [
        ("due", ("--internal",), "周末违规补课"),
        ("cases", ("--internal", "--json"), "WZ-MIMI"),
        ("export", ("举报线索", "导出.xlsx", "--internal"), "周末违规补课"),
        ("export", ("问责案件", "导出.json", "--internal"), "履职不到位"),
        ("export", ("督导活动", "导出.xlsx", "--internal"), "暗访摸底"),
        ("export", ("督导日程", "导出.xlsx", "--internal"), "直奔教室"),
        ("template", ("问题", "空白表.xlsx", "--internal"), "AF-MIMI"),
    ],
)
def test_the_office_itself_sees_it(
    office: Path, run: Run, verb: str, words: tuple[str, ...], mark: str
) -> None:
    """The marks would be found if they were there."""
    before = set(_files(office))
    assert mark in told(run(verb, *words), office, before)


def test_what_was_left_out_is_counted(office: Path, run: Run) -> None:
    run("export", "举报线索", "线索.xlsx").refused(2, "举报线索是保密记录", "--internal")
    done = run("export", "督导活动", "活动.xlsx")
    assert done.status == 0
    assert "已导出 1 条" in done.stdout
    assert "另有 1 条保密记录没有导出" in done.stdout
    assert run("export", "督导活动", "活动.json", "--json").data["withheld"] == 1


def test_no_notice_tells_of_an_unannounced_inspection(office: Path, run: Run) -> None:
    before = set(_files(office))
    run("issue", "通知", "--record", "督导活动/AF-MIMI").refused(4, "四不两直")
    run("draft", "new", "通知", "--record", "督导活动/AF-MIMI").refused(4, "四不两直")
    assert set(_files(office)) == before
