"""What a file tells of itself: author, dates inside it, signatures, protection. Hints, told as they are."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import docx
import pytest
from openpyxl import Workbook
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from indexer.extract import extract
from indexer.extract.pdf import _iso
from indexer.model import Facts, Limits


def test_a_document_tells_author_and_dates(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("督导")
    told = document.core_properties
    told.title, told.author = "关于开展督导的通知", "李静"
    told.created, told.modified = datetime(2026, 3, 5, 8, 30), datetime(2026, 3, 6)
    document.save(str(tmp_path / "通知.docx"))
    assert extract(tmp_path / "通知.docx", Limits()).facts == Facts(
        title="关于开展督导的通知",
        author="李静",
        created="2026-03-05T08:30:00Z",
        modified="2026-03-06T00:00:00Z",
        signatures=0,
    )


def test_a_workbook_tells_author_and_dates(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.worksheets[0]["A1"] = "教师"
    workbook.properties.creator, workbook.properties.created = "周明远", datetime(2025, 9, 1)
    workbook.save(tmp_path / "表.xlsx")
    facts = extract(tmp_path / "表.xlsx", Limits()).facts
    assert (facts.author, facts.created) == ("周明远", "2025-09-01T00:00:00Z")


def made_pdf(target: Path, *, protect: bool = False, sign: bool = False) -> Path:
    writer = PdfWriter()
    writer.add_blank_page(595, 842)
    writer.add_metadata(
        {"/Title": "目标责任书", "/Author": "县教体局", "/CreationDate": "D:20260305083000+08'00'"}
    )
    if sign:
        field = DictionaryObject(
            {
                NameObject("/FT"): NameObject("/Sig"),
                NameObject("/T"): TextStringObject("盖章"),
                NameObject("/V"): DictionaryObject({NameObject("/Type"): NameObject("/Sig")}),
            }
        )
        form = DictionaryObject({NameObject("/Fields"): ArrayObject([writer._add_object(field)])})
        writer._root_object[NameObject("/AcroForm")] = form
    if protect:
        writer.encrypt(user_password="", owner_password="owner")  # noqa: S106  of a file made here
    writer.write(target)
    return target


@pytest.mark.parametrize("protect", [False, True])
@pytest.mark.parametrize("sign", [False, True])
def test_a_pdf_tells_signatures_and_protection(tmp_path: Path, *, protect: bool, sign: bool) -> None:
    facts = extract(made_pdf(tmp_path / "书.pdf", protect=protect, sign=sign), Limits()).facts
    assert facts == Facts(
        page_count=1,
        title="目标责任书",
        author="县教体局",
        created="2026-03-05T08:30:00+08:00",
        signatures=int(sign),
        protected=protect,
        drawable=True,
    )


@pytest.mark.parametrize(
    ("date", "iso"),
    [
        ("D:20260305083000+08'00'", "2026-03-05T08:30:00+08:00"),
        ("D:20260305083000Z", "2026-03-05T08:30:00Z"),
        ("D:20260305083000-05'30", "2026-03-05T08:30:00-05:30"),
        ("D:202603050830", "2026-03-05T08:30:00"),
        ("20260305", "2026-03-05"),
        ("D:202603", "2026-03"),
        ("D:2026", "2026"),
        ("三月五日", ""),
        ("", ""),
    ],
)
def test_pdf_dates_become_iso(date: str, iso: str) -> None:
    assert _iso(date) == iso
