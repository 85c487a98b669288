"""Recognising text for real: a scan in a PDF, on its side and sealed, and a picture of two pages."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.ocr import DAY, OFFICE, TITLE, likeness, notice
from indexer import MARKER_NAME, ArchiveIndex
from indexer.extract import look as looking
from indexer.model import Limits, State


@pytest.fixture
def recogniser(need_package: Callable[[str], None], need_program: Callable[[str], str]) -> None:
    need_package("rapidocr")
    need_program("fc-match")


def test_scans_and_pictures_are_found_by_what_stands_on_them(recogniser: None, tmp_path: Path) -> None:
    root = tmp_path / "档案"
    root.mkdir()
    (root / MARKER_NAME).touch()
    sealed, truth = notice(0, sealed=True)
    plain, _ = notice(1, sealed=False)
    sealed.rotate(90, expand=True).save(root / "扫描.pdf", resolution=200)
    small = [page.resize((page.width // 2, page.height // 2)) for page in (plain, sealed)]
    small[0].save(root / "两页.tif", save_all=True, append_images=[small[1]])
    with ArchiveIndex.open(root, tmp_path / "home") as index:
        index.sync()
        report = index.look_closer(stop=threading.Event())
        assert (report.pages, report.files, report.waiting, report.notes) == (3, 2, 0, ())
        facts = {item.path: item.facts for item in index.items()}
        assert (facts["扫描.pdf"].seals, facts["两页.tif"].seals) == ((1,), (2,))
        (page,) = index.text_of("扫描.pdf")
        assert likeness("".join(page.text.split()), truth) > 0.95
        assert page.text.rstrip().endswith(DAY)
        hits = {hit.path: {one.page for one in hit.excerpts} for hit in index.search(f'"{TITLE}"').hits}
        assert hits == {"扫描.pdf": {1}, "两页.tif": {1, 2}}
        assert {hit.path for hit in index.search(f'"{OFFICE}文件"').hits} == {"扫描.pdf", "两页.tif"}


def test_a_picture_that_is_none_too_large_or_cut_off_says_so(recogniser: None, tmp_path: Path) -> None:
    from PIL import Image

    Image.new("L", (300, 200), 255).save(tmp_path / "白.png")
    blank = looking.look_at_page(1, tmp_path / "白.png", Limits())
    assert (blank.state, blank.passages, blank.facts.seals) == (State.EMPTY, (), ())
    large = looking.look_at_page(1, tmp_path / "白.png", Limits(image_pixels=50_000))
    assert (large.state, "300×200" in large.reason) == (State.REFUSED, True)
    (tmp_path / "断.png").write_bytes((tmp_path / "白.png").read_bytes()[:60])
    assert looking.look_at_page(1, tmp_path / "断.png", Limits()).state is State.CORRUPT
    assert looking.look_at_page(2, tmp_path / "白.png", Limits()).state is State.CORRUPT
    (tmp_path / "文.txt").write_text("不是图片", "utf-8")
    assert looking.look_at_page(1, tmp_path / "文.txt", Limits()).state is State.CORRUPT


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16", "F"])
def test_pictures_of_every_kind_show_black_on_white(recogniser: None, tmp_path: Path, mode: str) -> None:
    import numpy as np
    from PIL import Image

    from indexer.extract.pictures import picture_of

    image = Image.new("L", (40, 40), 255)
    image.paste(0, (10, 10, 20, 20))
    if mode == "I;16":
        image = Image.fromarray(np.asarray(image, "uint16") * 256)
    elif mode in {"LA", "RGBA"}:
        shape = image
        image = Image.new(mode, (40, 40), 0)
        image.putalpha(shape.point(lambda value: 255 - value))
    else:
        image = image.convert(mode)
    image.save(tmp_path / "图.tif")
    seen = picture_of(tmp_path / "图.tif", 1, Limits())
    assert (seen.shape, seen.dtype.name) == ((40, 40, 3), "uint8")
    assert seen[15, 15].max() < 20
    assert seen[5, 5].min() > 230


def test_without_the_extra_a_page_still_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "numpy", None)
    (tmp_path / "图.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    found = looking.look_at_page(1, tmp_path / "图.png", Limits())
    assert (found.state, "numpy" in found.reason) == (State.PENDING_OCR, True)
    assert "ocr" in found.remedy
