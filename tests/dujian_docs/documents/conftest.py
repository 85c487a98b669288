"""A small office: its records, its settings, and .docx templates made on the spot."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import docx
import pytest
from lxml import etree

from dujian_docs.documents import Genre, Office, genre_of, shipped_templates
from dujian_docs.records import (
    Inspection,
    InspectionMode,
    Person,
    Record,
    RecordStore,
    SupervisionType,
    Unit,
    UnitType,
)

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
TODAY = date(2026, 3, 2)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def records() -> list[Record]:
    """Five units, three persons, one inspection with everything a notice needs."""
    inspection = {
        "code": "DD2026-03",
        "title": "2026年春季学期开学工作专项督导",
        "supervision_type": SupervisionType.SCHOOL_SUPERVISION,
        "mode": InspectionMode.SPECIAL,
        "organiser": "G001",
        "purpose": "为全面了解春季学期\n开学情况，",
        "start_date": date(2026, 3, 9),
        "end_date": date(2026, 3, 11),
        "units": ("S001", "S002"),
        "leader": "P001",
        "members": ("P002",),
        "contents": ("1.开学条件保障情况。校舍检修、教材到位。", "（二）校园安全 & <隐患> 排查"),
        "materials": ("自查报告；", "2.隐患台账"),
        "contact": "P002",
    }
    return [
        Unit(code="G001", name="云岭县人民政府教育督导室", unit_type=UnitType.GOVERNMENT),
        Unit(code="D001", name="县财政局", unit_type=UnitType.DEPARTMENT),
        Unit(code="S001", name="青溪镇中心小学", unit_type=UnitType.SCHOOL),
        Unit(code="S002", name="白石镇中心小学", unit_type=UnitType.SCHOOL),
        Unit(code="T001", name="青溪镇人民政府", unit_type=UnitType.TOWNSHIP),
        Person(code="P001", name="周明远", unit="G001", post="主任", phone="0871-6000001"),
        Person(code="P002", name="李静", unit="G001", post="专职督学", phone="0871-6000002"),
        Inspection.model_validate(inspection),
    ]


@pytest.fixture
def office() -> Office:
    return Office(
        name="云岭县人民政府教育督导室",
        series="云教督",
        letterhead="云岭县人民政府教育督导室文件",
        contact="值班室",
        phone="0871-6123456",
        cc="县人民政府办公室，县教育体育局。",
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RecordStore]:
    (tmp_path / ".dujian").mkdir()
    (tmp_path / "archive").mkdir()
    with RecordStore.open(tmp_path / ".dujian" / "records.db") as opened:
        with opened.transaction() as now:
            for record in records():
                now.put(record, author="测试", at=AT)
        yield opened


@pytest.fixture(scope="session")
def inspection_genre() -> Genre:
    return genre_of("督导检查通知", [shipped_templates()])


@pytest.fixture(scope="session")
def chasing_genre() -> Genre:
    return genre_of("催报通知", [shipped_templates()])


@pytest.fixture(scope="session")
def docx_of() -> Callable[..., bytes]:
    """Gives a function: a .docx whose paragraphs are the given texts, as a clerk would type them."""

    def made(*paragraphs: str, footer: str = "", title: str = "") -> bytes:
        document = docx.Document()
        for text in paragraphs:
            document.add_paragraph(text)
        if footer:
            document.sections[0].footer.paragraphs[0].text = footer
        document.core_properties.title = title
        buffer = io.BytesIO()
        document.save(buffer)
        return buffer.getvalue()

    return made


@pytest.fixture(scope="session")
def text_of_docx() -> Callable[[bytes], str]:
    """Gives a function: the text of a .docx, one line to a paragraph, text boxes included."""

    def text(content: bytes) -> str:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            root = etree.fromstring(package.read("word/document.xml"))
        return "\n".join(
            "".join(
                str(element.text or "")
                for element in paragraph.iter(f"{W}t")
                if next(element.iterancestors(f"{W}p")) is paragraph
            )
            for paragraph in root.iter(f"{W}p")
        )

    return text
