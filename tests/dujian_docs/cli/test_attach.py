"""``dujian attach``: a sealed or scanned copy joins its document in the archive under a rule-made name."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Run

RECORD = "督导活动/DD2026-03"
PDF = b"%PDF-1.4\n" + b"1" * 200


@pytest.fixture
def issued(county: Path, run: Run) -> tuple[str, Path]:
    """The number of an issued notice, and its file."""
    data = run("issue", "通知", "--record", RECORD, "--json").data
    (county / "扫描.PDF").write_bytes(PDF)
    return str(data["document_number"]), county / "archive" / data["path"]


def test_a_sealed_copy_stands_beside_its_document(county: Path, run: Run, issued: tuple[str, Path]) -> None:
    number, file = issued
    wanted = file.with_name(f"{file.stem}_盖章扫描件.pdf")
    assert wanted.name in run("attach", number, "扫描.PDF", "--dry-run").stdout
    assert not wanted.exists()
    done = run("attach", number, "扫描.PDF", "--json")
    assert done.data["attached"] is True
    assert wanted.read_bytes() == PDF == (county / "扫描.PDF").read_bytes()
    assert f"盖章扫描件：{done.data['path']}" in run("trace", number).stdout
    told = run("trace", wanted)
    assert told.status == 0
    assert "按这是它的盖章扫描件认出" in told.stdout


def test_the_same_file_joins_once_and_another_gets_its_own_name(
    county: Path, run: Run, issued: tuple[str, Path]
) -> None:
    number, file = issued
    run("attach", number, "扫描.PDF")
    assert "已经附过" in run("attach", number, "扫描.PDF").stdout
    (county / "第二页.pdf").write_bytes(PDF + b"2")
    run("attach", number, "第二页.pdf")
    (county / "照片.jpg").write_bytes(b"\xff\xd8\xff" + b"3" * 9)
    run("attach", number, "照片.jpg", "--as", "扫描件")
    names = sorted(path.name.removeprefix(file.stem) for path in file.parent.iterdir() if path != file)
    assert names == ["_扫描件.jpg", "_盖章扫描件(2).pdf", "_盖章扫描件.pdf"]
    forms = [copy["form"] for copy in run("trace", number, "--json").data["copies"]]
    assert sorted(forms) == ["扫描件", "盖章扫描件", "盖章扫描件"]
    assert "已经附过" in run("attach", RECORD, "扫描.PDF").stdout


def test_a_copy_placed_just_before_a_cut_is_not_placed_again(
    county: Path, run: Run, issued: tuple[str, Path]
) -> None:
    number, file = issued
    placed = file.with_name(f"{file.stem}_盖章扫描件.pdf")
    placed.write_bytes(PDF)
    assert run("attach", number, "扫描.PDF", "--json").data["path"].endswith(placed.name)
    assert not placed.with_name(f"{placed.stem}(2).pdf").exists()


def test_filing_a_draft_reminds_of_the_sealed_copy(county: Path, run: Run, issued: tuple[str, Path]) -> None:
    code = run("draft", "new", "通知", "--record", RECORD, "--json").data["code"]
    run("attach", code, "扫描.PDF").refused(2, "还没有印发")
    for stop in ("审核", "签发", "印发"):
        assert run("draft", "move", code, stop).status == 0
    assert "还没有附盖章扫描件" in run("draft", "move", code, "归档", "--dry-run").stderr
    assert run("attach", code, "扫描.PDF").status == 0
    assert run("draft", "move", code, "归档").stderr == ""


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("坏.pdf", b"not a pdf", "内容不是 pdf"),
        ("表.xlsx", b"PK\x03\x04", "不能作盖章扫描件"),
        ("稿.docx", b"PK\x03\x04", "不能作盖章扫描件"),
        ("没有.pdf", None, "读不了"),
    ],
)
def test_what_is_no_scan_is_refused(
    county: Path, run: Run, issued: tuple[str, Path], name: str, content: bytes | None, told: str
) -> None:
    if content is not None:
        (county / name).write_bytes(content)
    run("attach", issued[0], name).refused(4, told)
    assert len(list(issued[1].parent.iterdir())) == 1


def test_only_a_document_in_use_gets_copies(county: Path, run: Run, issued: tuple[str, Path]) -> None:
    run("attach", "云教督〔2019〕7号", "扫描.PDF").refused(2, "登记簿里没有")
    assert run("number", "withdraw", issued[0], "--reason", "误发").status == 0
    run("attach", issued[0], "扫描.PDF").refused(1, "现在是“作废”")
    assert "这个号已经作废（撤回：误发）" in run("trace", issued[0]).stdout
