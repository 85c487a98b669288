"""``dujian draft``: from draft to archive, with who and when; nothing is issued that was not reviewed."""

from __future__ import annotations

import shutil
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import docx
import pytest

from dujian_docs import workspace as verbs
from dujian_docs.cli import opening
from dujian_docs.cli.differing import difference_lines
from dujian_docs.cli.opening import now
from dujian_docs.documents import entries, shipped_templates
from dujian_docs.documents.differences import differences
from dujian_docs.errors import RecordConflict
from dujian_docs.workspace import Move, Workspace, moving
from tests.conftest import Run

RECORD = "督导活动/DD2026-03"
TYPED = ("--field", "附注=此件公开发布")


@pytest.fixture
def code(county: Path, run: Run) -> str:
    """A draft of the notice."""
    return str(run("draft", "new", "通知", "--record", RECORD, *TYPED, "--json").data["code"])


@pytest.fixture
def genre(county: Path) -> Path:
    """A genre of the office's own: the notice, with a part that has to be typed by hand and a long life."""
    folder = county / "templates" / "notice_inspection"
    assert folder.is_dir()
    file = folder / "genre.toml"
    text = file.read_text(encoding="utf-8")
    text = text.replace(
        'name = "schedule"\nlabel = "日程安排"', 'name = "schedule"\nlabel = "日程安排"\nrequired = true'
    )
    life = (
        'life = ["初稿", "审定", "审议", { status = "公示", days = 5 }, { status = "上报", by = "县政府" }]\n'
    )
    text = text.replace('file_name = "', f'{life}file_name = "', 1)
    text += '\n[[fields]]\nname = "remark"\nlabel = "领导批示"\nrequired = true\n'
    file.write_text(text, encoding="utf-8")
    document = docx.Document(str(folder / "template.docx"))
    document.paragraphs[-1].insert_paragraph_before("批示：{{ remark }}")
    document.save(str(folder / "template.docx"))
    return folder


def walk(run: Run, code: str, *stops: str) -> Any:
    done = None
    for stop in stops:
        done = run("draft", "move", code, stop, "--json")
        assert done.status == 0, done.said
    return done.data if done else None


def texts(path: Path) -> str:
    return "\n".join(one.text for one in docx.Document(str(path)).paragraphs)


def test_from_draft_to_archive(county: Path, run: Run, code: str) -> None:
    assert run("draft", "move", code, "审核", "--by", "周明远", "--note", "同意").status == 0
    assert run("draft", "move", RECORD, "签发", "--by", "主任").status == 0
    assert run("register").stdout.strip() == "还没有发过文。"
    run("trace", code).refused(2, "还没有印发")
    issued = walk(run, code, "印发")
    path = county / "archive" / issued["path"]
    assert issued["document_number"] in texts(path)
    assert "此件公开发布" in texts(path)
    assert "【" not in texts(path)
    walk(run, code, "归档")
    told = run("draft", "show", code).stdout
    assert "草稿 → 审核 → 签发 → 印发 → [归档]" in told
    assert "周明远（" in told
    assert "同意" in told
    assert run("draft", "list").stdout.strip() == "没有正在办的稿。"
    assert code in run("draft", "list", "--all").stdout
    assert run("trace", path).status == 0
    assert "按稿号认出" in run("trace", code).stdout


def test_signing_gives_the_day_and_issuing_the_day_of_print(
    county: Path, run: Run, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """成文日期 is the day of signing; 印发日期 the day on which the number is taken."""
    start = now()
    walk(run, code, "审核", "签发")
    monkeypatch.setattr(opening, "now", lambda: start + timedelta(days=3))
    issued = walk(run, code, "印发")
    data = run("trace", issued["document_number"], "--json").data
    days = {value["label"]: value["texts"][0] for value in data["values"]}
    later = start + timedelta(days=3)
    assert days["成文日期"] == f"{start.year}年{start.month}月{start.day}日"
    assert days["印发日期"] == f"{later.year}年{later.month}月{later.day}日"


def test_a_dry_run_moves_nothing(county: Path, run: Run, code: str) -> None:
    assert "什么都没有写入" in run("draft", "move", code, "审核", "--dry-run").stdout
    assert run("draft", "show", code, "--json").data["status"] == "草稿"
    run("draft", "move", code, "印发").refused(1, "不能到“印发”", "从这里可以到：审核")


def test_what_is_missing_shows_in_the_draft_and_stops_it(county: Path, run: Run, genre: Path) -> None:
    done = run("draft", "new", "督导检查通知", "--record", RECORD, "--json")
    code = done.data["code"]
    shown = run("draft", "show", code, "--json").data
    assert shown["pending"] == ["【待填：领导批示】"]
    printed = Path(run("draft", "print", code, "稿.docx", "--json").data["path"])
    assert "批示：【待填：领导批示】" in texts(printed)
    assert "【待编号】" in texts(printed)
    run("draft", "move", code, "审定").refused(4, "留着“待填”", "领导批示")
    issue = ("issue", "督导检查通知", "--record", RECORD)
    run(*issue, "--field", "领导批示=【待填：领导批示】").refused(4, "留着“待填”")
    run(*issue).refused(4, "还缺 1 项", "领导批示")
    assert run("register").stdout.strip() == "还没有发过文。"
    assert run("draft", "edit", code, "--field", "领导批示=同意").status == 0
    assert run("draft", "show", code, "--json").data["pending"] == []
    walk(run, code, "审定", "审议", "公示")
    run("draft", "move", code, "上报").refused(1, "要满 5 天")


def test_versions_are_compared_by_signs_not_by_colour(county: Path, run: Run, code: str) -> None:
    assert run("draft", "edit", code, "--field", "附注=此件不公开").status == 0
    told = run("draft", "diff", code).stdout
    assert "第 1 版 → 第 2 版" in told
    assert "  - （此件公开发布）" in told
    assert "  + （此件不公开）" in told
    assert "\x1b" not in told
    coloured = list(difference_lines(differences(["甲"], ["乙"])))
    assert [click.unstyle(line) for line in coloured] == ["  - 甲", "  + 乙"]
    assert all("\x1b[" in line for line in coloured)
    assert "文字没有不同" in run("draft", "diff", code, "--now").stdout
    groups = run("draft", "diff", code, "--from", "1", "--to", "1", "--json").data["differences"]
    assert groups == []
    run("draft", "diff", code, "--from", "9").refused(4, "没有第 9 版")


def test_what_was_reviewed_is_what_is_issued(county: Path, run: Run, code: str) -> None:
    """A record that changes after the review sends the draft back."""
    walk(run, code, "审核", "签发")
    assert run("put", "督导活动", "活动编号=DD2026-03", "缘由=为督促整改").status == 0
    run("draft", "move", code, "印发").refused(1, "改过，文字有 1 处不同", "dujian draft return")
    assert "+ 为督促整改" in run("draft", "diff", code, "--now").stdout
    run("draft", "edit", code, "--field", "附注=甲").refused(1, "内容不能再改")
    assert run("draft", "return", code, "--reason", "记录改了").status == 0
    done = run("draft", "move", code, "审核")
    assert "文字有 1 处不同" in done.stderr
    walk(run, code, "签发", "印发")


def test_of_two_clerks_the_second_is_told(county: Path, run: Run, code: str) -> None:
    with Workspace.open(county, overrides={"user.name": "李静"}, environment={}, clock=now) as office:
        first = verbs.plan_draft_move(office, code, Move("审核"))
        second = verbs.plan_draft_move(office, code, Move("撤稿", note="不发了"))
        verbs.apply_draft_move(office, first)
        with pytest.raises(RecordConflict, match="刚被李静在") as caught:
            verbs.apply_draft_move(office, second)
        assert "现在是“审核”" in caught.value.problem
    run("draft", "move", code, "审核").refused(1, "已经是“审核”：李静在")


def test_the_same_draft_is_never_issued_twice(county: Path, run: Run, code: str) -> None:
    walk(run, code, "审核", "签发")
    with Workspace.open(county, overrides={}, environment={}, clock=now) as office:
        plans = [verbs.plan_draft_move(office, code, Move("印发")) for _ in range(2)]
        verbs.apply_draft_move(office, plans[0])
        with pytest.raises(RecordConflict, match="刚被"):
            verbs.apply_draft_move(office, plans[1])
        assert len(entries(office.store)) == 1


def test_of_several_processes_one_issues_and_the_others_are_told(county: Path, run: Run, code: str) -> None:
    walk(run, code, "审核", "签发")
    words = [sys.executable, "-m", "dujian_docs", "draft", "move", code, "印发", "--yes"]
    started = [
        subprocess.Popen(words, cwd=county, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(3)
    ]
    told = [process.communicate(timeout=300)[1].decode() for process in started]
    assert sorted(process.returncode for process in started) == [0, 1, 1], told
    for text in told:
        assert not text or "刚被" in text or "已经是“印发”" in text
    assert [row["state"] for row in run("register", "--json").data] == ["已用"]
    assert len(list((county / "archive" / "发文").rglob("*.docx"))) == 1


def test_a_cut_between_issuing_and_telling_the_draft_is_mended(
    county: Path, run: Run, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk(run, code, "审核", "签发")
    with monkeypatch.context() as broken:

        def power_cut(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        broken.setattr(moving, "keep", power_cut)
        assert run("draft", "move", code, "印发").status == 130
    assert run("draft", "show", code, "--json").data["status"] == "签发"
    run("draft", "return", code, "--reason", "改").refused(1, "已经印发为", "先补记")
    done = run("draft", "move", code, "印发")
    assert done.status == 0
    assert "这里补记" in done.stderr
    assert run("register", "--json").data[0]["state"] == "已用"
    assert len(run("register", "--json").data) == 1
    walk(run, code, "归档")


def test_an_edited_file_is_not_filed(county: Path, run: Run, code: str) -> None:
    issued = walk(run, code, "审核", "签发", "印发")
    path = county / "archive" / issued["path"]
    whole = path.read_bytes()
    path.write_bytes(whole + b" ")
    run("draft", "move", code, "归档").refused(1, "签发以后改过", "dujian trace")
    path.write_bytes(whole)
    walk(run, code, "归档")


def test_a_draft_is_withdrawn_without_a_number(county: Path, run: Run, code: str) -> None:
    run("draft", "withdraw", code).refused(2, "--reason")
    assert run("draft", "withdraw", code, "--reason", "不发了").status == 0
    assert run("draft", "list").stdout.strip() == "没有正在办的稿。"
    run("draft", "move", code, "审核").refused(1, "现在是“撤稿”")
    assert run("register").stdout.strip() == "还没有发过文。"


def test_an_issued_document_is_withdrawn_and_made_again(county: Path, run: Run, code: str) -> None:
    issued = walk(run, code, "审核", "签发", "印发")
    number = issued["document_number"]
    done = run("draft", "withdraw", code, "--reason", "主送写错")
    assert f"{number} 已作废" in done.stdout
    assert (county / "archive" / issued["path"]).is_file()
    (row,) = run("register", "--json").data
    assert (row["state"], row["void_reason"], row["path"]) == ("作废", "撤回：主送写错", issued["path"])
    again = run("draft", "new", "--again", number, "--json").data
    assert (again["replaces"], again["genre"], again["record"]) == (number, "督导检查通知", RECORD)
    assert again["typed"] == {"附注": "此件公开发布"}
    second = walk(run, again["code"], "审核", "签发", "印发")
    assert second["document_number"] != number


def test_a_number_is_withdrawn_with_the_draft_it_came_of(county: Path, run: Run, code: str) -> None:
    number = walk(run, code, "审核", "签发", "印发")["document_number"]
    assert run("number", "withdraw", number, "--reason", "重发").status == 0
    assert run("draft", "show", code, "--json").data["status"] == "撤回"
    run("number", "withdraw", number, "--reason", "再撤").refused(1, "现在是“作废”")
    straight = run("issue", "通知", "--record", RECORD, "--json").data["document_number"]
    assert run("number", "withdraw", straight, "--reason", "误发").status == 0


def test_a_change_of_the_genre_leaves_a_draft_its_life(
    county: Path, run: Run, code: str, genre: Path
) -> None:
    shown = run("draft", "show", code, "--json").data
    assert shown["life"] == ["草稿", "审核", "签发", "印发", "归档"]
    shutil.copy(shipped_templates() / "notice_inspection" / "template.docx", genre / "template.docx")
    shutil.copy(shipped_templates() / "notice_inspection" / "genre.toml", genre / "genre.toml")
    walk(run, code, "审核", "签发", "印发")


def test_a_chasing_notice_is_drafted_from_the_gaps(synced: Path, run: Run) -> None:
    done = run("draft", "new", "催报通知", "--unit", "D001", "--json")
    assert done.status == 0, done.said
    issued = walk(run, done.data["code"], "审核", "签发", "印发")
    assert "限期补齐" in issued["title"]


def test_drafts_of_confidential_records_are_for_the_office(county: Path, run: Run) -> None:
    case = ("案件编号=WZ1", "对象类别=被督导单位", "被问责单位=青溪镇中心小学", "问责情形=整改不力")
    parts = ("基本情况=公办小学", "问责事实=通道被堵", "依据=《教育督导问责办法》", "问责方式=约谈")
    assert run("put", "问责案件", *case, *parts, "生效日期=2026年6月22日").status == 0
    code = run("draft", "new", "问责决定", "--record", "问责案件/WZ1", "--json").data["code"]
    assert code not in run("draft", "list").stdout
    assert "另有 1 份" in run("draft", "list").stdout
    assert code in run("draft", "list", "--internal").stdout
    run("draft", "show", code).refused(2, "保密记录", "--internal")
    run("draft", "print", code, "稿.docx").refused(2, "保密记录")
    run("show", "公文稿").refused(2, "保密记录")
    assert run("show", "公文稿", code, "--internal").status == 0


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("new",), 2, "写文种"),
        (("new", "通知"), 2, "没有写"),
        (("new", "没有这种"), 2, "没有“没有这种”这个文种"),
        (("new", "通知", "--record", "督导活动/没有"), 4, "没有编号为"),
        (("new", "通知", "--record", RECORD, "--field", "没有=1"), 2, "不是可以手填的项"),
        (("new", "--again", "云教督〔2019〕7号"), 4, "没法照着再拟"),
        (("show", "稿2019-001"), 2, "没有“稿2019-001”这份稿"),
        (("print", "稿2019-001", "稿.pdf"), 2, ".docx"),
    ],
)
def test_what_cannot_be_done(county: Path, run: Run, words: tuple[str, ...], status: int, told: str) -> None:
    run("draft", *words).refused(status, told)


def test_moves_leave_a_trail_that_is_not_undone(county: Path, run: Run, code: str) -> None:
    walk(run, code, "审核")
    batch = run("undo", "--json").data["batches"][0]["number"]
    run("undo", batch, "--yes").refused(1, "公文稿办到哪一步要留痕")
