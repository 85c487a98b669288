"""A small county with a real archive on disk, checked by the real check."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document
from pypdf import PdfWriter

from dujian_docs.dossier import DossierPlan, DossierReport, plan_dossier, write_dossier
from dujian_docs.dossier.sheet import Line, sheet
from dujian_docs.filing import CheckResult, FilingTree, IndicatorRow, RequiredFileRow, build_tree, check
from dujian_docs.records.kinds import Assignment, FilingList, Indicator, RequiredFile, Scope, Unit, UnitType
from indexer import Item, State

MADE_AT = datetime(2026, 3, 5, 9, 30)
ROOT = "迎检档案"
LEADERS = f"{ROOT}/A1-B1-C1 组织领导/2026/C1-01_2026_县教育局_关于成立领导小组的通知.docx"
ACCOUNTS = f"{ROOT}/A1-B2-C10 教育经费三个增长/2025/C10-01_2025_县财政局_2025年财政决算.pdf"
GROWTH = f"{ROOT}/A1-B2-C10 教育经费三个增长/2026/C10-01_2026_县财政局_三个增长说明.txt"
BUDGET = f"{ROOT}/A1-B2-C2 经费预算/2026/C2-01_2026_县财政局_预算<b>&.pdf"
LOCKED = f"{ROOT}/A2-B3-C3 控辍保学/2026/C3-01_2026_青溪中学_控辍保学台账.pdf"
STRAY = "待归档/C3-01_2026_白石小学_控辍保学台账.docx"


def pdf_of(text: str, *, pages: int = 1) -> bytes:
    return sheet([Line(f"{text} 第{number}行", 20) for number in range(1, 1 + 20 * pages)])


def locked_pdf() -> bytes:
    writer, out = PdfWriter(), io.BytesIO()
    writer.append(io.BytesIO(pdf_of("密")))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


def docx_of(text: str) -> bytes:
    paper, out = Document(), io.BytesIO()
    paper.add_paragraph(text)
    paper.save(out)
    return out.getvalue()


@dataclass
class County:
    """The archive, the list and the units; ``items`` says what an index would."""

    root: Path
    tree: FilingTree
    units: tuple[Unit, ...]
    assignments: tuple[Assignment, ...] = ()

    def put(self, path: str, content: bytes) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)

    def items(self) -> tuple[Item, ...]:
        files = sorted(path for path in self.root.rglob("*") if path.is_file())
        return tuple(
            Item(
                path=path.relative_to(self.root).as_posix(),
                size_bytes=path.stat().st_size,
                mtime_ns=0,
                sha256=hashlib.sha256(path.read_bytes()).hexdigest(),
                state=State.INDEXED,
            )
            for path in files
        )

    def result(self) -> CheckResult:
        return check(self.tree, self.units, self.items(), self.assignments)

    def plan(self, *, title: str = "云岭县2026年迎检包", unit: str | None = None) -> DossierPlan:
        return plan_dossier(
            self.tree,
            self.result(),
            self.items(),
            title=title,
            made_at=MADE_AT,
            unit=unit,
            made_by="云岭县人民政府教育督导室",
        )


def filing_tree(*more: RequiredFile, served: Sequence[str] = ("C1",)) -> FilingTree:
    indicators = [
        ("A1", "保障措施", "", 60),
        ("B1", "组织领导", "A1", 20),
        ("C1", "组织领导", "B1", 20),
        ("B2", "教育投入", "A1", 40),
        ("C10", "教育经费三个增长", "B2", 20),
        ("C2", "经费预算", "B2", 20),
        ("A2", "学校管理", "", 40),
        ("B3", "控辍保学", "A2", 40),
        ("C3", "控辍保学", "B3", 40),
    ]
    files = [
        RequiredFile(
            filing_list="YL", code="C1-01", indicator="C1", title="领导小组文件", responsible_unit="D001"
        ),
        RequiredFile(filing_list="YL", code="C2-01", indicator="C2", title="预算", responsible_unit="D002"),
        RequiredFile(
            filing_list="YL",
            code="C10-01",
            indicator="C10",
            title="财政决算",
            responsible_unit="D002",
            years=("T-1", "T"),
            also_serves=tuple(served),
        ),
        RequiredFile(
            filing_list="YL", code="C3-01", indicator="C3", title="控辍保学台账", scope=Scope.SCHOOL
        ),
        *more,
    ]
    return build_tree(
        FilingList(code="YL", title="云岭县建档目录", year=2026),
        [
            IndicatorRow(
                Indicator(filing_list="YL", code=code, title=title, parent=parent, points=points), code
            )
            for code, title, parent, points in indicators
        ],
        [RequiredFileRow(file, file.code) for file in files],
    )


UNITS = (
    Unit(code="D001", name="县教育局", unit_type=UnitType.DEPARTMENT),
    Unit(code="D002", name="县财政局", unit_type=UnitType.DEPARTMENT),
    Unit(code="S001", name="青溪中学", unit_type=UnitType.SCHOOL),
    Unit(code="S002", name="白石小学", unit_type=UnitType.SCHOOL),
)


def build_county(root: Path) -> County:
    """One file of each sort: docx, a PDF of three pages, GBK text, a name with markup, locked, stray."""
    made = County(root, filing_tree(), UNITS)
    made.put(LEADERS, docx_of("关于成立领导小组的通知"))
    made.put(ACCOUNTS, pdf_of("财政决算", pages=3))
    made.put(GROWTH, "教育经费三个增长情况说明".encode("gbk"))
    made.put(BUDGET, pdf_of("预算"))
    made.put(LOCKED, locked_pdf())
    made.put(STRAY, docx_of("白石小学"))
    return made


@pytest.fixture
def county(tmp_path: Path) -> County:
    """A county of the test's own, which it may change."""
    return build_county(tmp_path / "archive")


@pytest.fixture
def bundled(county: County, tmp_path: Path) -> Callable[[], DossierReport]:
    """Gives a function that writes the county's package into ``tmp_path/out``."""

    def write() -> DossierReport:
        return write_dossier(county.plan(), county.root, tmp_path / "out" / "迎检包.zip")

    return write
