"""Pictures wait to be recognised; how many pages they have is known before."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest

from indexer.extract import extract
from indexer.model import Limits, State


def tiff(order: str, links: list[int]) -> bytes:
    """Directories without entries, six bytes each from 8 on; a number leads to that directory, 0 nowhere."""
    head = (b"II" if order == "<" else b"MM") + struct.pack(f"{order}HI", 42, 8)
    return head + b"".join(struct.pack(f"{order}HI", 0, 8 + 6 * at if at else 0) for at in links)


@pytest.mark.parametrize(
    ("data", "pages"),
    [
        (tiff("<", [1, 2, 0]), 3),
        (tiff(">", [1, 0]), 2),
        (tiff("<", [1, 1]), 2),
        (tiff("<", [1, 40]), 2),
        (b"II*\0", 1),
        (b"\xff\xd8\xff\xe0", 1),
        (b"\x89PNG\r\n\x1a\n", 1),
    ],
)
def test_pages_are_counted_and_wait(tmp_path: Path, data: bytes, pages: int) -> None:
    (tmp_path / "图").write_bytes(data)
    found = extract(tmp_path / "图", Limits())
    assert (found.state, found.facts.page_count) == (State.PENDING_OCR, pages)
    assert found.facts.scans == tuple(range(1, pages + 1))
    assert found.facts.drawable
    assert "ocr" in found.remedy


def test_too_many_pages_are_refused(tmp_path: Path) -> None:
    (tmp_path / "图.tif").write_bytes(tiff("<", [*range(1, 60), 0]))
    found = extract(tmp_path / "图.tif", Limits(pdf_pages=50))
    assert (found.state, "50 页" in found.reason) == (State.REFUSED, True)
