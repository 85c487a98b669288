"""The recognition benchmark meets its goal on a page that has everything, and counts mistakes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench import ocr


def test_a_small_run_meets_both_goals(
    tmp_path: Path, need_package: Callable[[str], None], need_program: Callable[[str], str]
) -> None:
    need_package("rapidocr")
    need_program("fc-match")
    found = list(ocr.measure(tmp_path, quick=True))
    assert [one.bound for one in found] == [0.97, 0.95]
    assert [one for one in found if not one.met] == []
    assert all("盖章、噪点、转 180 度" in one.figures for one in found)


def test_nothing_is_measured_where_nothing_recognises(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ocr, "installed", lambda: False)
    assert list(ocr.measure(tmp_path)) == []


def test_what_is_missing_or_out_of_order_counts() -> None:
    assert ocr.recall("校安全学", "学校安全") == 1.0
    assert ocr.likeness("校安全学", "学校安全") == 0.5
    assert ocr.recall("学校", "学校安全") == ocr.likeness("学校", "学校安全") == 0.5
    assert ocr.likeness("", "") == 1.0
