"""``dujian trace``: every value of an issued document with its origin, and what was changed since."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest

from dujian_docs.records import RecordStore
from tests.conftest import Run

RECORD = "督导活动/DD2026-03"


@pytest.fixture
def issued(county: Path, run: Run) -> Any:
    """An issued notice with something typed by hand: number, path and hash."""
    done = run("issue", "通知", "--record", RECORD, "--field", "附注=此件公开发布", "--json")
    return done.data


def labelled(data: Any, label: str) -> Any:
    return next(value for value in data["values"] if value["label"] == label)


def edit(path: Path, old: str, new: str) -> None:
    document = docx.Document(str(path))
    for paragraph in document.paragraphs:
        for one in paragraph.runs:
            if old in one.text:  # setting the text of a run throws out the text box in it
                one.text = one.text.replace(old, new)
    document.save(str(path))


def test_every_value_says_where_it_came_from(county: Path, run: Run, issued: Any) -> None:
    done = run("trace", f"archive/{issued['path']}", "--json")
    assert done.status == 0
    data = done.data
    assert (data["document_number"], data["file"], data["sound"]) == (issued["document_number"], "same", True)
    assert labelled(data, "缘由")["origins"][0] == {
        "source": "记录",
        "place": RECORD,
        "part": "缘由",
        "version": 1,
    }
    places = [(one["place"], one["part"]) for one in labelled(data, "联系电话")["origins"]]
    assert places == [(RECORD, "联络员"), ("人员/P002", "联系电话")]
    phrase = labelled(data, "督导方式")["origins"][0]
    assert (phrase["source"], phrase["place"], phrase["part"]) == (
        "用语",
        "notice_inspection/phrases.toml",
        "督导方法",
    )
    assert labelled(data, "附注")["by_hand"] is True
    assert labelled(data, "附注")["texts"] == ["此件公开发布"]
    assert labelled(data, "发文字号")["texts"] == [issued["document_number"]]
    assert [value["label"] for value in data["values"] if value["by_hand"]] == ["附注"]
    assert all(value["origins"] for value in data["values"])


@pytest.mark.parametrize("by", ["document_number", "path", "record"])
def test_it_is_found_by_number_place_and_record(county: Path, run: Run, issued: Any, by: str) -> None:
    word = RECORD if by == "record" else issued[by]
    told = run("trace", word)
    assert told.status == 0, told.said
    assert told.stdout.startswith(issued["document_number"])
    assert "附注：此件公开发布　【手填】" in told.stdout
    assert "文件与签发时一致" in told.stdout


def test_a_renamed_copy_elsewhere_is_known_by_its_hash(county: Path, run: Run, issued: Any) -> None:
    (county / "别处.docx").write_bytes((county / "archive" / issued["path"]).read_bytes())
    data = run("trace", "别处.docx", "--json").data
    assert (data["found_by"], data["file"]) == ("文件指纹", "same")


def test_a_record_changed_since_shows_old_and_new(county: Path, run: Run, issued: Any) -> None:
    assert run("put", "督导活动", "活动编号=DD2026-03", "缘由=为督促整改").status == 0
    done = run("trace", RECORD)
    assert done.status == 3
    assert "缘由：为全面了解春季学期开学情况 → 为督促整改" in done.stdout
    assert "现在是第 2 版" in done.stdout
    data = run("trace", RECORD, "--json").data
    assert [value["label"] for value in data["values"] if value["changed"]] == ["缘由"]


def test_an_edited_file_is_noticed_and_compared(county: Path, run: Run, issued: Any) -> None:
    path = county / "archive" / issued["path"]
    edit(path, "2026年3月9日至11日", "2026年3月9日至13日")
    done = run("trace", path)
    assert done.status == 3
    assert "文件签发以后改过" in done.stdout
    removed = [line for line in done.stdout.splitlines() if line.startswith("  - ")]
    added = [line for line in done.stdout.splitlines() if line.startswith("  + ")]
    assert removed
    assert [line.replace("11日", "13日").replace("-", "+") for line in removed] == added
    assert "\x1b" not in done.stdout


def test_an_edited_file_elsewhere_is_known_by_the_number_in_it(county: Path, run: Run, issued: Any) -> None:
    path = county / "改过.docx"
    path.write_bytes((county / "archive" / issued["path"]).read_bytes())
    edit(path, "此件公开发布", "此件不公开")
    data = run("trace", path, "--json").data
    assert data["file"] == "edited"
    assert "文中的发文字号" in data["found_by"]
    assert any("此件不公开" in one["text"] for group in data["edits"] for one in group)


def test_a_file_saved_again_without_change_says_so(county: Path, run: Run, issued: Any) -> None:
    path = county / "archive" / issued["path"]
    docx.Document(str(path)).save(str(path))
    done = run("trace", path)
    assert done.status == 3
    assert "文字没有变" in done.stdout


def test_a_file_that_is_gone_is_said_to_be(county: Path, run: Run, issued: Any) -> None:
    (county / "archive" / issued["path"]).unlink()
    for word in (issued["document_number"], issued["path"]):
        done = run("trace", word)
        assert done.status == 3
        assert "文件不在档案里" in done.stdout


def test_what_cannot_be_traced_is_refused(county: Path, run: Run, issued: Any) -> None:
    (county / "别的.txt").write_text("随便", encoding="utf-8")
    run("trace", "别的.txt").refused(4, "不是从这里签发的")
    run("trace", "没有这个").refused(2, "没有“没有这个”这个文件")
    run("trace", "云教督〔2019〕7号").refused(2, "登记簿里没有")
    held = run("number", "hold", "函", "别处拟的函", "--json").data["document_number"]
    run("trace", held).refused(4, "没有留底稿")


def test_a_confidential_source_is_for_the_office_only(county: Path, run: Run) -> None:
    case = ("案件编号=WZ1", "对象类别=被督导单位", "被问责单位=青溪镇中心小学", "问责情形=整改不力")
    parts = ("基本情况=公办小学", "问责事实=通道被堵", "依据=《教育督导问责办法》", "问责方式=约谈")
    assert run("put", "问责案件", *case, *parts, "生效日期=2026年6月22日").status == 0
    number = run("issue", "问责决定", "--record", "问责案件/WZ1", "--json").data["document_number"]
    run("trace", number).refused(2, "保密记录", "--internal")
    assert "通道被堵" in run("trace", number, "--internal").stdout
    run("show", "公文底稿").refused(2, "保密记录")
    assert (
        "通道被堵"
        in run("show", "公文底稿", "云教督/2026/1".replace("2026", number[4:8]), "--internal").stdout
    )


def test_an_issue_cannot_be_undone_with_what_is_kept_of_it(county: Path, run: Run, issued: Any) -> None:
    batch = run("undo", "--json").data["batches"][0]["number"]
    run("undo", batch, "--yes").refused(1, "发文字号不能撤销")


def test_the_chain_still_holds(county: Path, run: Run, issued: Any) -> None:
    with RecordStore.open(county / ".dujian" / "records.db") as store:
        assert store.verify() == ()
        assert len(store.all("issued_document")) == 1
