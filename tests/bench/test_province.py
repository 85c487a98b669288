"""The benchmark of a province: ours and the peers agree on every coefficient."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import province


def test_a_small_run_measures_both_and_agrees(tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    imported, evaluated = province.measure(tmp_path, quick=True)
    assert (imported.bound, evaluated.bound) == (20.0, 2.0)
    assert imported.value > 0
    assert evaluated.value > 0
    assert all(figure > 0 for figure in (*imported.figures.values(), *evaluated.figures.values()))
    assert "30 所学校 × 3 个学年 × 29 项" in imported.corpus


def test_a_peer_that_disagrees_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pandas")
    wrong = {"甲": lambda path: (1.0, 1.0, {("小学", "rooms"): 0.1})}
    monkeypatch.setattr(province, "PEERS", wrong)
    with pytest.raises(AssertionError, match="与 甲 算出的差异系数不一致"):
        list(province.measure(tmp_path, quick=True))
