"""Files that are no form of ours: one clear refusal each, naming the file, never another error."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from docx import Document
from openpyxl.workbook import Workbook

from dujian_docs.errors import InputInvalid
from dujian_docs.records import KINDS, RecordStore, plan_import, read_workbook, write_form
from dujian_docs.records.workbook_file import WorkbookLimits

Edit = Callable[[Workbook], None]


@pytest.fixture
def form(tmp_path: Path) -> Callable[[Edit], Path]:
    """Gives a function: the form of units with one row, edited."""

    def edited(edit: Edit) -> Path:
        path = write_form("单位", tmp_path / "单位.xlsx", links={})
        workbook = openpyxl.load_workbook(path)
        workbook["单位"].append(["S001", "甲", "学校"])
        edit(workbook)
        workbook.save(path)
        return path

    return edited


def refused(path: Path, *said: str) -> InputInvalid:
    with pytest.raises(InputInvalid) as caught:
        read_workbook(path)
    for word in (path.name, *said):
        assert word in caught.value.problem
    assert caught.value.remedy
    return caught.value


def test_unknown_missing_and_repeated_columns(form: Callable[[Edit], Path]) -> None:
    def edit(workbook: Workbook) -> None:
        sheet = workbook["单位"]
        sheet["D1"], sheet["E1"] = "颜色", "学段"
        sheet["L2"] = "没有列名的内容"

    refused(
        form(edit),
        "“单位”表",
        "缺少列：上级单位、别名",
        "多出列：颜色",
        "列名重复：学段",
        "第 L 列有内容但没有列名",
    )


def test_an_empty_sheet(form: Callable[[Edit], Path]) -> None:
    refused(form(lambda workbook: workbook["单位"].delete_rows(1, 5)), "缺少列：单位代码")


def test_a_workbook_of_another_kind(form: Callable[[Edit], Path]) -> None:
    def edit(workbook: Workbook) -> None:
        workbook["_meta"]["B2"] = "pupil"

    refused(form(edit), "别的录入表")


def test_a_workbook_of_another_program(form: Callable[[Edit], Path]) -> None:
    def edit(workbook: Workbook) -> None:
        workbook["_meta"]["B1"] = "other"

    refused(form(edit), "别的录入表")


@pytest.mark.parametrize(("schema", "said"), [(0, "旧版"), (None, "旧版"), ("一", "旧版"), (2, "更新版本")])
def test_another_schema(form: Callable[[Edit], Path], schema: int | str | None, said: str) -> None:
    def edit(workbook: Workbook) -> None:
        workbook["_meta"]["B3"] = schema

    refused(form(edit), said, "单位")


def test_an_older_form_of_a_kind_that_has_changed(form: Callable[[Edit], Path]) -> None:
    newer = replace(KINDS[0], upgrades=(dict,))
    with pytest.raises(InputInvalid, match="旧版的单位录入表"):
        read_workbook(form(lambda _: None), kinds=(newer,))


def test_a_lost_sheet(form: Callable[[Edit], Path]) -> None:
    def edit(workbook: Workbook) -> None:
        workbook["单位"].title = "甲"
        workbook.create_sheet("乙")

    refused(form(edit), "找不到“单位”表")


def test_a_workbook_without_a_mark_is_known_by_its_sheet(form: Callable[[Edit], Path]) -> None:
    path = form(lambda workbook: workbook.remove(workbook["_meta"]))
    assert read_workbook(path).kind.name == "unit"


def test_a_foreign_workbook(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.save(tmp_path / "甲.xlsx")
    refused(tmp_path / "甲.xlsx", "不是本系统的录入表")


def test_what_is_no_workbook(tmp_path: Path) -> None:
    (tmp_path / "文字.xlsx").write_text("单位代码,单位名称", encoding="utf-8")
    refused(tmp_path / "文字.xlsx", "不是 Excel 工作簿")
    (tmp_path / "空.xlsx").write_bytes(b"")
    refused(tmp_path / "空.xlsx", "不是 Excel 工作簿")
    Document().save(str(tmp_path / "公文.xlsx"))
    refused(tmp_path / "公文.xlsx", "不是 Excel 工作簿")
    refused(tmp_path / "没有.xlsx", "没有文件")
    (tmp_path / "夹.xlsx").mkdir()
    refused(tmp_path / "夹.xlsx", "是文件夹")


def test_a_cut_off_or_damaged_workbook(form: Callable[[Edit], Path]) -> None:
    path = form(lambda _: None)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    refused(path, "不是 Excel 工作簿，或者已经损坏")
    path.write_bytes(_with_part(whole, "xl/workbook.xml", b"<workbook"))
    refused(path, "损坏")
    path.write_bytes(_with_part(whole, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData><row r='x'>"))
    refused(path, "损坏")


def _with_part(package: bytes, name: str, data: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            if member.filename != name:
                new.writestr(member, old.read(member))
        new.writestr(name, data)
    return held.getvalue()


def test_macros(form: Callable[[Edit], Path]) -> None:
    path = form(lambda _: None)
    path.write_bytes(_with_part(path.read_bytes(), "xl/vbaProject.bin", b"macro"))
    assert "不带宏" in refused(path, "含有宏").remedy


def test_an_old_or_encrypted_workbook(tmp_path: Path) -> None:
    magic = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    (tmp_path / "旧.xls").write_bytes(magic + b"\0" * 2000)
    assert "另存为 .xlsx" in refused(tmp_path / "旧.xls", "旧格式").remedy
    (tmp_path / "密.xlsx").write_bytes(
        magic + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 99
    )
    assert "去掉密码" in refused(tmp_path / "密.xlsx", "打开密码").remedy


def test_a_zip_bomb_is_not_opened(form: Callable[[Edit], Path]) -> None:
    path = form(lambda _: None)
    path.write_bytes(_with_part(path.read_bytes(), "xl/worksheets/sheet9.xml", b"0" * 50_000_000))
    assert path.stat().st_size < 200_000
    refused(path, "异常地大")


@pytest.mark.parametrize(
    "limits",
    [
        WorkbookLimits(members=3),
        WorkbookLimits(member_bytes=100),
        WorkbookLimits(total_bytes=1_000),
        WorkbookLimits(file_bytes=1_000),
    ],
)
def test_every_limit_holds(form: Callable[[Edit], Path], limits: WorkbookLimits) -> None:
    with pytest.raises(InputInvalid, match=r"单位\.xlsx"):
        read_workbook(form(lambda _: None), limits=limits)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_external_entity_is_not_read(form: Callable[[Edit], Path], encoding: str) -> None:
    path = form(lambda _: None)
    entity = f"<?xml version='1.0' encoding='{encoding}'?><!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>"
    path.write_bytes(_with_part(path.read_bytes(), "xl/sharedStrings.xml", entity.encode(encoding)))
    refused(path, "外部引用")


def test_kinds_that_only_verbs_write_cannot_be_imported(tmp_path: Path, store: RecordStore) -> None:
    path = write_form("发文登记", tmp_path / "发文登记.xlsx", links={})
    assert read_workbook(path).kind.name == "document"
    with pytest.raises(InputInvalid, match="发文登记，不能整表导入"):
        plan_import(path, store)


def test_a_file_of_another_kind_than_asked_for(form: Callable[[Edit], Path], store: RecordStore) -> None:
    path = form(lambda _: None)
    assert plan_import(path, store, "单位").kind.name == "unit"
    with pytest.raises(InputInvalid, match="是单位的表，不是人员的"):
        plan_import(path, store, "人员")


def test_files_found_in_the_wild_are_refused_and_nothing_else(shared: Path) -> None:
    found = [path for path in (shared / "data" / "files").iterdir() if path.suffix.startswith(".xls")]
    assert len(found) >= 30
    for path in found:
        with pytest.raises(InputInvalid) as caught:
            read_workbook(path)
        assert path.name in caught.value.problem
