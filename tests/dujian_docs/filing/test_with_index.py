"""The check over a real archive folder and a real index, on both engines."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from docx import Document

from dujian_docs.filing import CheckResult, ExpectationState, FilingTree, check, plan_confirm
from dujian_docs.filing.expectations import expectations
from dujian_docs.records import Unit
from indexer import MARKER_NAME, ArchiveIndex

C1, C2 = "迎检档案/A1-B1-C1 领导机构", "迎检档案/A1-B1-C2 教育经费三个增长"


def write_docx(target: Path, *paragraphs: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(str(target))


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    root = tmp_path / "archive"
    write_docx(root / C2 / "2024" / "C2-01_2024_县财政局_财政决算报告.docx", "县财政局2024年财政决算报告")
    write_docx(root / C1 / "C2-01_2025_县财政局_财政决算报告.docx", "县财政局2025年财政决算报告")
    write_docx(
        root / "待归档" / "报送材料.docx", "縣財政局", "關於二〇二六年財政決算的說明", "學(xué)校經費如下"
    )
    (root / C1 / "C1-01_2026_县政府办公室_领导小组文件.pdf").write_bytes(b"%PDF-1.4 broken")
    (root / MARKER_NAME).touch()
    return root


@pytest.mark.parametrize("engine", ["whoosh", "tantivy"])
def test_a_guess_becomes_a_fact_by_confirmation_and_stays_one_after_a_rename(
    engine: Literal["whoosh", "tantivy"],
    archive: Path,
    tmp_path: Path,
    tree: FilingTree,
    units: tuple[Unit, ...],
) -> None:
    if engine == "tantivy":
        pytest.importorskip("tantivy", reason="没有安装 tantivy，跳过")
    with ArchiveIndex.open(archive, tmp_path / "index", engine=engine) as index:

        def checked(*assignments: object) -> CheckResult:
            index.sync()
            return check(tree, units, index.items(), assignments, search=index.search, text_of=index.text_of)  # type: ignore[arg-type]

        def states(result: CheckResult) -> dict[tuple[str, int], ExpectationState]:
            return {(one.expectation.code, one.expectation.year): one.state for one in result.matches}

        result = checked()
        found = states(result)
        assert found["C2-01", 2024] is ExpectationState.PRESENT
        assert found["C2-01", 2025] is ExpectationState.WRONG_PLACE
        assert found["C2-01", 2026] is ExpectationState.SUGGESTED
        assert found["C1-01", 2026] is ExpectationState.UNREADABLE
        assert found["C3-02", 2026] is ExpectationState.MISSING
        guess = result.match_of(("C2-01", "D001", 2026))
        assert guess is not None
        (file,) = guess.files
        assert file.item.path == "待归档/报送材料.docx"
        assert file.excerpt is not None
        assert "財政決算" in file.excerpt.text

        due = expectations(tree, units)
        plan = plan_confirm(tree, due, index.items(), [], key=guess.expectation.key, path=file.item.path)
        assert states(checked(plan.assignment))["C2-01", 2026] is ExpectationState.PRESENT
        (archive / "待归档" / "报送材料.docx").rename(archive / C2 / "改名.docx")
        assert states(checked(plan.assignment))["C2-01", 2026] is ExpectationState.PRESENT
        write_docx(archive / C2 / "改名.docx", "另一份文件")
        assert states(checked(plan.assignment))["C2-01", 2026] is ExpectationState.MISSING
