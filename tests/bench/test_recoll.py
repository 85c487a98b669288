"""The benchmark against Recoll asks both for the same, and says when there is no Recoll."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bench import recoll


def test_a_small_run_finds_everything_on_our_side(tmp_path: Path, need_program: Callable[[str], str]) -> None:
    for program in recoll.PROGRAMS:
        need_program(program)
    speed, recall = recoll.measure(tmp_path, quick=True)
    assert speed.bound == 1.0
    assert recall.figures["我们 短语召回"] == recall.figures["我们 文号召回"] == 1.0
    assert recall.figures["Recoll 短语召回"] > 0.5


def test_without_recoll_it_says_so_and_measures_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(recoll, "PROGRAMS", ("no-such-program-anywhere",))
    assert list(recoll.measure(tmp_path)) == []
    assert "no-such-program-anywhere" in capsys.readouterr().out


def test_recall_is_of_pairs() -> None:
    truth = {"甲": frozenset("12"), "乙": frozenset("3")}
    assert recoll.recall(truth, {"甲": frozenset("14"), "乙": frozenset("3")}) == pytest.approx(2 / 3)
