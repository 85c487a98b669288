"""The benchmark of a mixed archive: both sides make the same files searchable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from bench import mixed


def test_a_small_run_measures_both_sides(tmp_path: Path, need_program: Callable[[str], str]) -> None:
    pytest.importorskip("tantivy")
    need_program("soffice")
    (found,) = mixed.measure(tmp_path, quick=True)
    assert found.bound == 8.0
    assert found.value > 0
    assert all(figure > 0 for figure in found.figures.values())
    kinds = Counter(path.suffix for path in (tmp_path / "档案").iterdir() if path.suffix)
    assert {".docx", ".pdf", ".xlsx", ".txt"} <= set(kinds)


def test_without_libreoffice_it_says_so_and_measures_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    assert list(mixed.measure(tmp_path)) == []
    assert "LibreOffice" in capsys.readouterr().out
