"""Bad input: each is answered with two Chinese sentences that name the thing, and changes nothing."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import docx
import pytest
from openpyxl import load_workbook

from dujian_docs.records import RecordStore
from tests.conftest import ENGLISH, Run
from tests.dujian_docs.conftest import INSPECTION, LIST

ISSUE = ("issue", "通知", "--record", "督导活动/DD2026-03")
TEMPLATE = Path("templates/notice_inspection/template.docx")
GENRE = Path("templates/notice_inspection/genre.toml")


def numbers(run: Run) -> list[str]:
    return [row["document_number"] for row in run("register", "--json").data]


def documents(county: Path) -> list[Path]:
    return [path for path in (county / "archive" / "发文").rglob("*") if path.is_file()]


def test_an_unknown_genre(county: Path, run: Run) -> None:
    """The genres that exist are listed, the nearest first."""
    run("issue", "督导检查通之", "--record", "督导活动/DD2026-03").refused(
        2, "督导检查通之", "是不是“督导检查通知”", "催报通知"
    )


def test_a_template_with_an_unknown_field(county: Path, run: Run) -> None:
    """The field is named, and no number is spent."""
    document = docx.Document(str(TEMPLATE))
    document.add_paragraph("{{ shool_name }}")
    document.save(str(TEMPLATE))
    run(*ISSUE).refused(4, "shool_name", "template.docx")
    assert numbers(run) == []
    checks = {check["name"]: check for check in run("doctor", "--json").data}
    assert (checks["公文模板"]["level"], bool(checks["公文模板"]["remedy"])) == ("须处理", True)
    assert "shool_name" in checks["公文模板"]["finding"]


def test_a_template_that_is_no_document(county: Path, run: Run) -> None:
    """A damaged template is said, with the file."""
    TEMPLATE.write_bytes(b"PK\x03\x04" + bytes(40))
    run(*ISSUE).refused(4, "template.docx")
    TEMPLATE.unlink()
    run(*ISSUE).refused(4, "template.docx")


def import_json(run: Run, kind: str, *rows: dict[str, object]) -> dict[str, object]:
    file = Path("试.json")
    file.write_text(json.dumps({"kind": kind, "records": rows}, ensure_ascii=False), encoding="utf-8")
    done = run("import", file)
    assert done.status == 4
    assert not ENGLISH.search(done.said)
    (fault,) = run("import", file, "--json").data["wrong"]
    assert fault["remedy"]
    return dict(fault)


def test_a_record_with_a_missing_field(county: Path, run: Run) -> None:
    """The Chinese label of the missing field is named."""
    assert import_json(run, "unit", {"code": "S003", "unit_type": "学校"})["field"] == "单位名称"


def test_a_record_with_an_extra_field(county: Path, run: Run) -> None:
    """A field that the kind does not have is named."""
    row: dict[str, object] = {"code": "S003", "name": "新校", "unit_type": "学校", "级别": "县"}
    assert "级别" in json.dumps(import_json(run, "unit", row), ensure_ascii=False)


def test_a_document_whose_record_lacks_a_field(county: Path, run: Run) -> None:
    """Each missing field is named with where to fill it in; no number is spent."""
    bare: dict[str, object] = {**INSPECTION, "contents": [], "materials": []}
    Path("督导.json").write_text(
        json.dumps({"kind": "inspection", "records": [bare]}, ensure_ascii=False), encoding="utf-8"
    )
    assert run("import", "督导.json").status == 0
    run(*ISSUE).refused(4, "督导内容", "需备材料", "督导活动")
    assert numbers(run) == []


def test_a_workbook_of_another_kind(county: Path, run: Run) -> None:
    """A workbook that is no form of ours is refused by name."""
    form = run("template", "单位", "单位.xlsx", "--json").data["path"]
    workbook = load_workbook(form)
    for name in list(workbook.sheetnames)[1:]:
        del workbook[name]
    workbook.worksheets[0].title = "花名册"
    for row in workbook.worksheets[0].iter_rows():
        for cell in row:
            cell.value = "无关"
    workbook.save("花名册.xlsx")
    run("import", "花名册.xlsx").refused(4, "花名册.xlsx")
    run("import", "花名册.xlsx", "录入/目录.yaml").refused(4, "花名册.xlsx")
    Path("假.xlsx").write_bytes("不是工作簿".encode())
    run("import", "假.xlsx").refused(4, "假.xlsx")
    run("import", "没有.xlsx").refused(4, "没有.xlsx")
    run("import", "旧表.xls").refused(4, "旧表.xls")


def test_a_form_of_an_older_version(county: Path, run: Run) -> None:
    """A form whose hidden mark has an older schema is refused, with how to get a new one."""
    form = run("template", "单位", "单位.xlsx", "--json").data["path"]
    workbook = load_workbook(form)
    (mark,) = [sheet for sheet in workbook.worksheets if sheet["A1"].value == "format"]
    assert (mark["A3"].value, mark["B3"].value) == ("schema", 1)
    mark["B3"] = 0
    workbook.save("旧单位.xlsx")
    run("import", "旧单位.xlsx").refused(4, "旧单位.xlsx", "旧版", "dujian template")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("points: 40\n    children", "points: 30\n    children", ["A2", "40", "30"]),
        ("code: C2\n", "code: C1\n", ["C1 重复"]),
        ("{code: C3-02", "{code: C3-01", ["C3-01 重复"]),
        ("responsible_unit: D001", "responsible_unit: 县卫健局", ["县卫健局"]),
    ],
)
def test_a_filing_list_that_does_not_hold_together(
    county: Path, run: Run, old: str, new: str, words: list[str]
) -> None:
    """Points that do not add up, codes that repeat, units that do not exist: named, and nothing is stored."""
    assert old in LIST
    Path("坏.yaml").write_text(LIST.replace(old, new, 1), encoding="utf-8")
    before = run("export", "应备件", "前.json", "--json").data["count"]
    run("import", "坏.yaml").refused(4, *words)
    assert run("export", "应备件", "后.json", "--json").data["count"] == before


def test_an_archive_that_is_missing(synced: Path, run: Run) -> None:
    """Nothing is issued or taken for deleted while the archive is away; what was indexed is still found."""
    shutil.move("archive", "拔掉的盘")
    for words in (("sync",), ISSUE, ("register", "--settle")):
        run(*words).refused(5, "archive")
    assert numbers(run) == []
    assert run("search", "领导小组", "--json").data["total"] == 1
    shutil.move("拔掉的盘", "archive")
    assert run("sync", "--json").data["unchanged"] == 5


def test_an_archive_that_may_not_be_read(synced: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without permission the archive is said to be unreachable, and what was indexed stays."""
    listed, archive = os.scandir, Path("archive").resolve()

    def locked(folder: str) -> object:
        if Path(folder).resolve() == archive:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return listed(folder)

    with monkeypatch.context() as patch:
        patch.setattr(os, "scandir", locked)
        run("sync").refused(5, "archive", "没有权限")
    assert run("search", "领导小组", "--json").data["total"] == 1


def test_an_empty_mount_point_is_not_an_empty_archive(synced: Path, run: Run) -> None:
    """Where the marker is missing nothing is issued, and no file is counted as deleted."""
    shutil.move("archive", "拔掉的盘")
    Path("archive").mkdir()
    run(*ISSUE).refused(5, ".archive-root", "dujian init")
    run("sync")
    run("sync")
    shutil.rmtree("archive")
    shutil.move("拔掉的盘", "archive")
    assert run("sync", "--json").data["added"] == 0


@pytest.mark.parametrize("call", ["fsync", "link"])
def test_a_disk_that_is_full_while_publishing(
    county: Path, run: Run, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    """The number is void with the reason, nothing half-written stays, and the next document has the next."""

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, call, full)
        run(*ISSUE).refused(5, "磁盘已满", "清理磁盘")
    (row,) = run("register", "--json").data
    assert row["state"] == "作废"
    assert "磁盘已满" in row["void_reason"]
    assert documents(county) == []
    assert "2号" in run(*ISSUE, "--json").data["document_number"]


def test_two_processes_issuing_at_once(county: Path) -> None:
    """Two command lines, three documents each: numbers 1 to 6, six files, no gap and no repeat."""
    loop = (
        "import sys\nfrom dujian_docs.cli import cli\n"
        "for _ in range(3):\n"
        "    try:\n        cli.main(args=sys.argv[1:], prog_name='dujian')\n"
        "    except SystemExit as end:\n        assert end.code == 0, end.code\n"
    )
    clerks = [
        subprocess.Popen(
            [sys.executable, "-c", loop, *ISSUE, "--yes"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        )
        for _ in range(2)
    ]
    said = [clerk.communicate(timeout=120)[1].decode() for clerk in clerks]
    assert [clerk.returncode for clerk in clerks] == [0, 0], said
    with RecordStore.open(county / ".dujian" / "records.db") as store:
        rows = store.all("document")
        assert sorted(getattr(row, "serial") for row in rows) == [1, 2, 3, 4, 5, 6]  # noqa: B009
        assert store.verify() == ()
    assert len(documents(county)) == 6


@pytest.mark.parametrize("path", ["../../etc/passwd", "/etc/passwd", "..\\dujian.toml", "dujian.toml"])
def test_a_path_that_leads_out_of_the_archive(synced: Path, run: Run, path: str) -> None:
    """Only a file of the archive can be confirmed."""
    done = run("confirm", "C3-01", path, "--unit", "S002", "--year", "2026")
    done.refused(4, "passwd" if "etc" in path else "dujian.toml")


def test_a_genre_whose_plan_is_broken(county: Path, run: Run) -> None:
    """A genre that cannot be read is named where it is missed; the others go on."""
    GENRE.write_text("title = [", encoding="utf-8")
    run(*ISSUE).refused(2, "催报通知", "notice_inspection/genre.toml")
    assert run("issue", "催报通知", "--unit", "S002").status != 2


@pytest.mark.parametrize("folder", ["../外面", "/tmp/外面", "发文/../../外面", "C:/外面"])
def test_a_genre_that_would_file_outside_the_archive(county: Path, run: Run, folder: str) -> None:
    """A genre whose ``archive`` leads out is refused, and no number is spent."""
    text = GENRE.read_text(encoding="utf-8")
    assert 'archive = "发文/{year}"' in text
    GENRE.write_text(text.replace('archive = "发文/{year}"', f'archive = "{folder}"'), encoding="utf-8")
    run(*ISSUE).refused(4, "genre.toml", folder)
    assert numbers(run) == []


@pytest.mark.parametrize("title", ["长" * 200, "CON", "a/b\\c:d*e?", "结尾是点...", "..", "换\t行"])
def test_a_title_that_no_file_can_be_called(county: Path, run: Run, title: str) -> None:
    """A name too long, reserved or with forbidden characters becomes one that every system takes."""
    rows = [{**INSPECTION, "title": title}]
    Path("督导.json").write_text(
        json.dumps({"kind": "inspection", "records": rows}, ensure_ascii=False), encoding="utf-8"
    )
    brought = run("import", "督导.json")
    if brought.status == 4:
        assert "活动名称" in brought.stdout
        return
    issued = run(*ISSUE, "--json").data
    name = Path(issued["path"]).name
    assert len(name.encode()) <= 255
    assert not set('<>:"/\\|?*') & set(name)
    assert [path.name for path in documents(county)] == [name]


def test_an_index_made_by_another_version(synced: Path, run: Run) -> None:
    """The index is rebuilt by itself when opened, search answers, and status says what happened."""
    (mark,) = Path(".dujian/index").glob("*/fingerprint.json")
    mark.write_text('{"schema": 0}', encoding="utf-8")
    assert run("search", "领导小组", "--json").data["total"] == 1
    assert "重建" in run("status").stdout
    assert mark.read_text(encoding="utf-8") != '{"schema": 0}'


def test_an_index_that_is_rubbish(synced: Path, run: Run) -> None:
    """Damaged segments are rebuilt by themselves from the kept texts."""
    (mark,) = Path(".dujian/index").glob("*/fingerprint.json")
    for file in mark.parent.rglob("*"):
        if file != mark and file.is_file():
            file.write_bytes(b"\0" * 64)
    assert run("search", "领导小组", "--json").data["total"] == 1
    assert "重建" in run("status").stdout
