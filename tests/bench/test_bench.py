"""The benchmarks run and report; their times are not judged here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench import Measurement, build, corpus, phrase
from bench.__main__ import main


def test_small_runs_give_goals_values_and_figures(tmp_path: Path) -> None:
    pytest.importorskip("tantivy")
    found = [*build.measure(tmp_path / "build", quick=True), *phrase.measure(tmp_path / "phrase", quick=True)]
    assert [one.bound for one in found] == [6.0, 1.0, 10.0]
    for one in found:
        assert one.value > 0
        assert one.goal
        assert one.figures
        assert all(figure > 0 for figure in one.figures.values())


def test_the_report_holds_every_measurement_and_says_whether_the_goal_is_met(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("tantivy")
    target = tmp_path / "deep" / "bench.json"
    status = main(["--quick", "--only", "phrase", "--target", str(target)])
    report = json.loads(target.read_text(encoding="utf-8"))
    (one,) = report["measurements"]
    assert one["met"] == (one["value"] >= one["bound"])
    assert status == (0 if one["met"] else 1)
    assert report["cores"]
    assert "短语检索" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("value", "at_most", "met"),
    [(2.0, False, True), (0.5, False, False), (2.0, True, False), (1.0, True, True)],
)
def test_a_goal_is_a_floor_or_a_ceiling(value: float, at_most: bool, met: bool) -> None:
    assert Measurement("甲", "≥ 1", value, 1.0, at_most).met is met


def test_made_up_text_is_the_same_every_time_and_holds_its_phrases() -> None:
    made = corpus.made_up(20)
    assert made == corpus.made_up(20)
    assert len(made.bodies) == 20
    assert all(any(one in body for body in made.bodies) for one in made.phrases)


def test_percentiles_are_values_that_occur() -> None:
    assert phrase.percentile([3, 1, 2, 4], 50) == 2
    assert phrase.percentile([3, 1, 2, 4], 95) == 4
    assert phrase.percentile([5], 95) == 5
