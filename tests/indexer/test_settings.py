"""The settings file: every limit can be set and is kept to, and what is no setting is named."""

from __future__ import annotations

import dataclasses
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest

from indexer import ArchiveIndex, IndexerError, Limits, State
from indexer.settings import FILE_NAME, LIMIT_TITLES, load, text_of


def written(folder: Path, text: str) -> Path:
    file = folder / FILE_NAME
    file.write_text(text, encoding="utf-8")
    return file


def test_every_limit_has_a_title_and_comes_back_from_the_file(tmp_path: Path) -> None:
    assert set(LIMIT_TITLES) == {field.name for field in dataclasses.fields(Limits)}
    changed = Limits(
        **{field.name: getattr(Limits(), field.name) + 1 for field in dataclasses.fields(Limits)}
    )
    assert load(written(tmp_path, text_of(changed))).limits == changed
    assert load(written(tmp_path, "")).limits == Limits()


def test_word_lists_lie_beside_the_file(tmp_path: Path) -> None:
    (tmp_path / "词表.txt").write_bytes("青溪镇中心小学\r\n".encode("gbk"))
    found = load(written(tmp_path, 'lexicon = "词表.txt"\n'))
    assert found.lexicon == ("青溪镇中心小学",)
    assert found.synonyms == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[limits]\nwall_second = 3", ["limits.wall_second", "limits.wall_seconds"]),
        ("[limits]\nwall_seconds = 0", ["limits.wall_seconds", "大于 0"]),
        ("[limits]\npdf_pages = 2.5", ["limits.pdf_pages", "整数"]),
        ("[limits]\npdf_pages = true", ["limits.pdf_pages", "整数"]),
        ('[limits]\npdf_pages = "9"', ["limits.pdf_pages", "整数"]),
        ("limits = 3", ["limits", "[limits]"]),
        ('lexikon = "a"', ["lexikon", "lexicon"]),
        ("lexicon = 3", ["lexicon", "文件名"]),
        ('synonyms = "没有.txt"', ["没有.txt"]),
        ("[limits", ["不是 TOML"]),
    ],
)
def test_what_is_no_setting_is_named(tmp_path: Path, text: str, words: list[str]) -> None:
    file = written(tmp_path, text)
    with pytest.raises(IndexerError) as caught:
        load(file)
    for word in words:
        assert word in caught.value.problem
    assert caught.value.remedy


def _document(folder: Path) -> None:
    document = docx.Document()
    document.add_paragraph("督导" * 400)
    document.save(str(folder / "甲.docx"))


def _zipped(folder: Path) -> None:
    with zipfile.ZipFile(folder / "甲.zip", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("一.txt", "督导" * 1_000_000)
        package.writestr("二.txt", "通知")


def _nested(folder: Path) -> None:
    _zipped(folder)
    with zipfile.ZipFile(folder / "乙.zip", "w") as package:
        package.write(folder / "甲.zip", "甲.zip")
    (folder / "甲.zip").unlink()


def _pages(folder: Path) -> None:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 6))
    pages = b"".join(
        b"%d 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n" % n for n in range(3, 6)
    )
    (folder / "甲.pdf").write_bytes(
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 3/Kids[" + kids + b"]>>endobj\n" + pages + b"trailer<</Root 1 0 R>>"
    )


def _text(folder: Path) -> None:
    (folder / "甲.txt").write_text("督导" * 400, encoding="utf-8")


OVER: list[tuple[str, int, Callable[[Path], None], str]] = [
    ("file_bytes", 1000, _text, "文件大于"),
    ("text_chars", 500, _text, "只收录了前 500 字"),
    ("pdf_pages", 2, _pages, "共 3 页（最多 2 页）"),
    ("zip_members", 1, _zipped, "最多 1 个"),
    ("zip_member_bytes", 1000, _document, "解开后超过"),
    ("zip_total_bytes", 1000, _document, "解开后"),
    ("zip_ratio", 2, _zipped, "压缩比超过 2:1"),
    ("package_depth", 1, _nested, "1 层以上"),
]


@pytest.mark.parametrize(("name", "limit", "made", "words"), OVER, ids=[one[0] for one in OVER])
def test_a_limit_that_is_set_is_kept_to(
    tmp_path: Path, name: str, limit: int, made: Callable[[Path], None], words: str
) -> None:
    archive = tmp_path / "档案"
    archive.mkdir()
    made(archive)
    home = tmp_path / "库"
    home.mkdir()
    limits = load(written(home, f"[limits]\n{name} = {limit}\n")).limits
    with ArchiveIndex.open(archive, home, limits=limits) as index:
        index.sync()
        reasons = [item.reason for item in index.items()]
    assert any(words in reason for reason in reasons), reasons
    with ArchiveIndex.open(archive, tmp_path / "宽") as index:
        index.sync()
        free = [item.reason for item in index.items() if item.state is not State.EMPTY]
    assert not any(words in reason for reason in free)


def test_a_sheet_over_its_cells_is_read_row_by_row(tmp_path: Path) -> None:
    archive = tmp_path / "档案"
    archive.mkdir()
    workbook = openpyxl.Workbook()
    workbook.worksheets[0]["A1"], workbook.worksheets[0]["C50"] = "督导", "通知"
    workbook.save(archive / "甲.xlsx")
    with ArchiveIndex.open(archive, tmp_path / "库", limits=Limits(sheet_cells=10)) as index:
        index.sync()
        (item,) = index.items()
        text = index.text_of("甲.xlsx")[0].text
    assert item.state in {State.INDEXED, State.REFUSED}
    assert ("督导" in text and "通知" in text) or "格" in item.reason


def test_the_command_line_prints_settings_and_keeps_to_them(tmp_path: Path) -> None:
    archive = tmp_path / "档案"
    archive.mkdir()
    _text(archive)

    def said(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-X", "utf8", "-m", "indexer", *words]
        return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=120)

    told = said("settings", str(archive)).stdout
    home = tmp_path / ".档案-index"
    assert str(home / FILE_NAME) in told
    home.mkdir()
    written(home, told.replace("text_chars = 20000000", "text_chars = 500"))
    assert "text_chars = 500\n" in said("settings", str(archive)).stdout
    assert said("sync", str(archive)).returncode == 0
    (item,) = json.loads(said("search", str(archive), "督导", "--json").stdout)["hits"]
    assert item["path"] == "甲.txt"
    written(home, "[limits]\nnonsense = 1\n")
    done = said("status", str(archive))
    assert done.returncode == 1
    assert "limits.nonsense" in done.stderr
