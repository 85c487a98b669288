"""A package as a recipient finds it: unzipped, checked with sha256sum, its lists opened."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from pathlib import Path
from urllib.parse import unquote

import pypdfium2
import pytest
from docx import Document

from dujian_docs.documents.convert import soffice_path, to_pdf
from dujian_docs.dossier import DossierReport, verify_package, write_dossier
from dujian_docs.errors import ProgramMissing

from .conftest import ACCOUNTS, BUDGET, GROWTH, LEADERS, LOCKED, MADE_AT, County, pdf_of

Write = Callable[[], DossierReport]


@dataclass(frozen=True)
class Made:
    pdf: Path | None
    reason: str = ""


@dataclass
class FakePress:
    """A converter that writes one page with the file's own name, or fails for a suffix."""

    bad: str = ".none"
    calls: int = 0

    def __call__(self, files: Sequence[Path], folder: Path) -> list[Made]:
        self.calls += 1
        made = []
        for file in files:
            if file.suffix == self.bad:
                made.append(Made(None, "转换超过 90 秒，已中止"))
                continue
            target = folder / f"{file.stem}.pdf"
            data = file.read_bytes()
            shown = data.decode("utf-8-sig") if file.suffix == ".txt" else file.suffix
            target.write_bytes(pdf_of(f"{data[:3]!r} {shown}"))
            made.append(Made(target))
        return made


def opened(report: DossierReport, folder: Path) -> Path:
    with zipfile.ZipFile(report.path) as package:
        package.extractall(folder)
    return folder


def manifest(folder: Path) -> dict[str, dict[str, object]]:
    body = json.loads((folder / "manifest.json").read_bytes())
    return {entry["path"]: entry for entry in body["files"]}


def volume_texts(folder: Path) -> list[str]:
    document = pypdfium2.PdfDocument(folder / "合订本.pdf")
    found = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    document.close()
    return found


def test_the_files_are_those_of_the_archive_byte_for_byte(
    bundled: Write, county: County, tmp_path: Path
) -> None:
    folder = opened(bundled(), tmp_path / "x")
    evidence = {path: entry for path, entry in manifest(folder).items() if entry["kind"] == "evidence"}
    assert {entry["source"] for entry in evidence.values()} == {LEADERS, ACCOUNTS, GROWTH, BUDGET, LOCKED}
    for path, entry in evidence.items():
        assert (folder / path).read_bytes() == (county.root / str(entry["source"])).read_bytes()
        assert entry["sha256"] == hashlib.sha256((folder / path).read_bytes()).hexdigest()


def test_sha256sum_confirms_it(bundled: Write, tmp_path: Path) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("没有 sha256sum")
    folder = opened(bundled(), tmp_path / "x")
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", "manifest-sha256.txt"], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout.decode()
    (folder / "index.html").write_bytes(b"x")
    again = subprocess.run(
        ["sha256sum", "-c", "manifest-sha256.txt"], cwd=folder, capture_output=True, check=False
    )
    assert again.returncode == 1


def test_manifest_says_for_whom_each_file_is(bundled: Write, tmp_path: Path) -> None:
    entries = manifest(opened(bundled(), tmp_path / "x"))
    entry = next(entry for entry in entries.values() if entry.get("source") == ACCOUNTS)
    assert (entry["required_file"], entry["unit"], entry["year"]) == ("C10-01", "D002", 2025)
    assert entry["merged"] == {"first_page": 5, "pages": 3}


def test_equal_inputs_give_equal_bytes(bundled: Write) -> None:
    first, second = bundled(), bundled()
    assert first.path.name == "迎检包.zip"
    assert second.path.name == "迎检包(2).zip"
    assert first.path.read_bytes() == second.path.read_bytes()
    assert (first.sha256, first.seal) == (second.sha256, second.seal)
    assert first.sha256 == hashlib.sha256(first.path.read_bytes()).hexdigest()


def test_no_list_carries_the_hour_it_was_written(bundled: Write, tmp_path: Path) -> None:
    folder = opened(bundled(), tmp_path / "x")
    for name in ("缺件说明.docx", "A1 保障措施/B2 教育投入/卷内目录.docx"):
        with zipfile.ZipFile(folder / name) as paper:
            assert {member.date_time for member in paper.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = Document(str(folder / name)).core_properties
        assert core.created == core.modified == MADE_AT.replace(tzinfo=UTC)


def test_the_archive_is_only_read(bundled: Write, county: County) -> None:
    before = {item.path: item.sha256 for item in county.items()}
    bundled()
    assert {item.path: item.sha256 for item in county.items()} == before


def test_a_file_changed_after_planning_is_left_out_and_named(county: County, tmp_path: Path) -> None:
    plan = county.plan()
    county.put(ACCOUNTS, pdf_of("换过"))
    (county.root / LEADERS).unlink()
    report = write_dossier(plan, county.root, tmp_path / "包.zip")
    reasons = {one.source: one.reason for one in report.not_included}
    assert reasons == {
        ACCOUNTS: "核验以后内容有改动，请重新核验再打包",
        LEADERS: "核验以后已不在档案里",
    }
    folder = opened(report, tmp_path / "x")
    sources = {entry.get("source") for entry in manifest(folder).values()}
    assert not sources & set(reasons)
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert "没有收入的文件" in page
    assert "核验以后内容有改动" in page
    assert any("核验以后内容有改动" in cell for cell in cells(folder / "缺件说明.docx"))
    assert verify_package(report.path).intact


def test_a_link_out_of_the_archive_is_not_followed(county: County, tmp_path: Path) -> None:
    plan = county.plan()
    outside = tmp_path / "secret.pdf"
    (county.root / BUDGET).rename(outside)
    (county.root / BUDGET).symlink_to(outside)
    report = write_dossier(plan, county.root, tmp_path / "包.zip")
    assert [(one.source, one.reason) for one in report.not_included] == [
        (BUDGET, "位置指向档案外面，没有读取")
    ]


def test_without_a_converter_only_pdfs_are_bound_and_the_rest_is_said(bundled: Write, tmp_path: Path) -> None:
    report = bundled()
    reasons = dict(report.not_merged)
    assert sorted(reasons.values()) == [
        "PDF 有打开密码，不能合入",
        "没有安装或没有启用 LibreOffice，只能合入 PDF 文件",
        "没有安装或没有启用 LibreOffice，只能合入 PDF 文件",
    ]
    said = volume_texts(opened(report, tmp_path / "x"))
    assert len(said) == report.merged_pages == 10
    assert "卷内目录" in said[0]
    assert "关于成立领导小组的通知" in said[0]
    assert "只能合入 PDF 文件" in said[1]


def test_a_converter_that_says_it_is_missing_is_the_same_as_none(county: County, tmp_path: Path) -> None:
    def missing(files: Sequence[Path], folder: Path) -> list[Made]:
        raise ProgramMissing("没有找到 LibreOffice", remedy="安装它")

    report = write_dossier(county.plan(), county.root, tmp_path / "包.zip", to_pdf=missing)
    assert "没有安装或没有启用 LibreOffice，只能合入 PDF 文件" in dict(report.not_merged).values()
    assert report.merged_pages == 10


def test_conversions_are_kept_by_content(county: County, tmp_path: Path) -> None:
    press, cache = FakePress(), tmp_path / "cache"
    for number in (1, 2):
        write_dossier(county.plan(), county.root, tmp_path / f"{number}.zip", to_pdf=press, pdf_cache=cache)
    assert press.calls == 2  # the files once, the inner lists once; the second package needed neither
    first, second = ((tmp_path / f"{number}.zip").read_bytes() for number in (1, 2))
    assert first == second
    (next(cache.iterdir())).write_bytes(b"spoilt")
    write_dossier(county.plan(), county.root, tmp_path / "3.zip", to_pdf=press, pdf_cache=cache)
    assert press.calls == 3
    assert (tmp_path / "3.zip").read_bytes() == first


def test_one_bad_conversion_costs_only_itself(county: County, tmp_path: Path) -> None:
    report = write_dossier(county.plan(), county.root, tmp_path / "包.zip", to_pdf=FakePress(bad=".txt"))
    reasons = dict(report.not_merged)
    assert sorted(reasons.values()) == ["PDF 有打开密码，不能合入", "转换超过 90 秒，已中止"]
    assert any("三个增长说明" in path for path in reasons)


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16"])
def test_text_of_any_encoding_reaches_the_converter_as_marked_utf8(
    county: County, tmp_path: Path, encoding: str
) -> None:
    content = "教育经费三个增长情况说明".encode(encoding)
    county.put(GROWTH, content)
    report = write_dossier(county.plan(), county.root, tmp_path / "包.zip", to_pdf=FakePress())
    folder = opened(report, tmp_path / "x")
    said = next(text for text in volume_texts(folder) if "三个增长情况说明" in text)
    assert r"b'\xef\xbb\xbf'" in said
    stored = next(path for path in manifest(folder) if path.endswith(".txt") and "三个增长" in path)
    assert (folder / stored).read_bytes() == content


def test_libreoffice_binds_everything_that_can_be(
    county: County, tmp_path: Path, need_program: Callable[[str], str]
) -> None:
    need_program("soffice")
    press = partial(to_pdf, soffice=soffice_path())
    report = write_dossier(county.plan(), county.root, tmp_path / "包.zip", to_pdf=press)
    assert [reason for _, reason in report.not_merged] == ["PDF 有打开密码，不能合入"]
    said = "".join(volume_texts(opened(report, tmp_path / "x")))
    assert "关于成立领导小组的通知" in said
    assert "教育经费三个增长情况说明" in said


def cells(path: Path) -> list[str]:
    paper = Document(str(path))
    return [cell.text for table in paper.tables for row in table.rows for cell in row.cells]


def test_the_inner_list_has_the_columns_of_the_rule(bundled: Write, tmp_path: Path) -> None:
    folder = opened(bundled(), tmp_path / "x")
    found = cells(folder / "A1 保障措施/B2 教育投入/卷内目录.docx")
    assert found[:8] == ["序号", "文号", "责任者", "题名", "日期", "页数", "备注", "所属指标"]
    assert found[8:16] == ["1", "", "县财政局", "预算<b>&", "", "1", "", "C2-01\u30002026年"]
    assert found[16:24] == ["2", "", "县财政局", "2025年财政决算", "", "3", "", "C10-01\u30002025年"]


def test_the_gap_statement_names_the_gap_and_its_remedy(bundled: Write, tmp_path: Path) -> None:
    folder = opened(bundled(), tmp_path / "x")
    paper = Document(str(folder / "缺件说明.docx"))
    text = "\n".join(paragraph.text for paragraph in paper.paragraphs)
    assert "应备 6 项，其中齐 5 项、位置不对 1 项" in text
    found = cells(folder / "缺件说明.docx")
    assert "C3-01 控辍保学台账" in found
    assert "白石小学" in found
    assert any("迎检档案/A2-B3-C3 控辍保学" in cell for cell in found)


def test_every_link_of_the_page_leads_to_a_member(bundled: Write, tmp_path: Path) -> None:
    folder = opened(bundled(), tmp_path / "x")
    page = (folder / "index.html").read_text(encoding="utf-8")
    links = re.findall(r'href="([^"]*)"', page)
    ids = set(re.findall(r'id="([^"]*)"', page))
    assert len(links) > 12
    for link in links:
        if link.startswith("#"):
            assert link[1:] in ids
        else:
            assert not re.match(r"[a-z]+:|/", link)
            assert (folder / unquote(link)).is_file(), link
    assert "<b>&" not in page
    assert "预算&lt;b&gt;&amp;.pdf" in page
    assert not re.search(r"https?://|//[a-z]", page)


def test_an_archive_without_a_single_file_still_gives_its_gaps(county: County, tmp_path: Path) -> None:
    for item in county.items():
        (county.root / item.path).unlink()
    report = write_dossier(county.plan(), county.root, tmp_path / "空.zip")
    assert (report.files, report.gaps, report.merged_pages) == (0, 6, 0)
    folder = opened(report, tmp_path / "x")
    assert not (folder / "合订本.pdf").exists()
    assert "完整度 0%" in (folder / "index.html").read_text(encoding="utf-8")
    assert verify_package(report.path).intact


@pytest.mark.skipif(os.name == "nt", reason="Windows 的文件名都是 Unicode")
def test_a_name_that_is_no_text_is_shown_with_a_sign(county: County, tmp_path: Path) -> None:
    odd = BUDGET.replace("预算<b>&", "预算\udcff\x07")
    (county.root / BUDGET).rename(county.root / odd)
    report = write_dossier(county.plan(), county.root, tmp_path / "包.zip", to_pdf=FakePress())
    folder = opened(report, tmp_path / "x")
    sources = [str(entry.get("source")) for entry in manifest(folder).values()]
    assert any("预算\ufffd" in source for source in sources)
    assert (folder / "A1 保障措施/B2 教育投入/C2 经费预算/C2-01_2026_县财政局_预算.pdf").is_file()
    assert any("预算\ufffd\ufffd" in cell for cell in cells(folder / "A1 保障措施/B2 教育投入/卷内目录.docx"))


def test_progress_runs_through_its_stages(county: County, tmp_path: Path) -> None:
    seen: list[tuple[str, int, int, str]] = []
    write_dossier(
        county.plan(),
        county.root,
        tmp_path / "包.zip",
        to_pdf=FakePress(),
        progress=lambda *event: seen.append(event),
    )
    stages = list(dict.fromkeys(stage for stage, *_ in seen))
    assert stages == ["复制", "转换", "合订", "打包", "核对"]
    assert all(0 <= done <= total for _, done, total, _ in seen)
    for stage in stages:
        assert [(done, total) for name, done, total, _ in seen if name == stage][-1][0] > 0
