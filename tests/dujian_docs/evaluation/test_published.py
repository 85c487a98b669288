"""Figures that counties have published come out of our functions; every case of the collection is tried."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from dujian_docs.evaluation import (
    REACHED,
    Cohort,
    Figure,
    Holding,
    RetentionFormula,
    SplitRounding,
    composite,
    disparity,
    rate,
    retention,
    split,
    standards,
)

Case = dict[str, Any]


def _figures(values: list[float]) -> list[Figure]:
    return [Figure(value, "", "weighted_cv") for value in values]


def weighted_cv(case: Case) -> None:
    inputs = case["inputs"]
    pairs = list(zip(inputs["pupils"], inputs["totals"], strict=True))
    found = disparity([Holding(str(n), *pair) for n, pair in enumerate(pairs)])
    assert found.cv.value == pytest.approx(case["published"]["cv"], abs=case["tolerance"])
    assert found.cv.value == pytest.approx(case["recomputed"]["cv"], abs=0.0001)
    assert found.mean == pytest.approx(case["published"]["mean"], abs=0.005)
    for other in case["must_differ_from"].values():
        assert abs(found.cv.value - other) > case["tolerance"]


def given_cv(case: Case) -> None:
    inputs, judgement = case["inputs"], case["judgement"]
    found = [s / m for m, s in zip(inputs["mean"], inputs["std"], strict=True)]
    assert found == pytest.approx(case["published"]["cv"], abs=case["tolerance"])
    limit = standards()["quality"].limits["小学"]
    assert limit == judgement["threshold_each"]
    assert [n for n, cv in enumerate(found, 1) if cv > limit] == judgement["over_threshold_items"]


def composite_cv(case: Case) -> None:
    value = composite(_figures(case["inputs"]["cv"])).value
    assert value == pytest.approx(case["published"]["composite"], abs=case["tolerance"])


def levels(case: Case) -> None:
    items = standards()["quality"].items
    assert [item.levels["小学"] for item in items] == case["inputs"]["standard"]
    pairs = zip(case["inputs"]["mean"], items, strict=True)
    assert [mean >= item.levels["小学"] for mean, item in pairs] == case["judgement"]["met"]


def each_within(case: Case) -> None:
    limits = standards()["quality"].limits
    assert case["inputs"]["threshold_each"] in limits.values()
    found = [cv <= case["inputs"]["threshold_each"] for cv in case["inputs"]["cv"]]
    assert found == case["judgement"]["met"]
    value = composite(_figures(case["inputs"]["cv"])).value
    assert value == pytest.approx(case["recomputed"]["composite"], abs=0.0001)


def split_through_school(case: Case) -> None:
    inputs, published, recomputed = case["inputs"], case["published"], case["recomputed"]
    pupils = [("小学", inputs["primary_pupils"]), ("初中", inputs["junior_pupils"])]
    rounded = split(inputs["total"], pupils, SplitRounding.PER_PUPIL_FIRST)
    assert rounded == {"小学": published["primary_share"], "初中": published["junior_share"]}
    exact = split(inputs["total"], pupils)
    assert exact["小学"] == pytest.approx(recomputed["primary_share"], abs=0.005)
    assert exact["初中"] == pytest.approx(recomputed["junior_share"], abs=0.005)


def both_retentions(case: Case) -> None:
    inputs = case["inputs"]
    cohort = Cohort(inputs["enrolled"], inputs["graduates"], inputs["in"], inputs["out"])
    for formula, key in ((RetentionFormula.A, "a_percent"), (RetentionFormula.B, "b_percent")):
        wanted = case.get("published", {}).get("retention_percent", case.get("recomputed", {}).get(key))
        assert retention(cohort, formula).value == pytest.approx(wanted, abs=case["tolerance"])


def plain_rate(case: Case) -> None:
    inputs = case["inputs"]
    found = rate(REACHED, inputs["part"], inputs["base"])
    assert found.value is not None
    assert found.value == pytest.approx(case["recomputed"]["percent"], abs=0.005)
    if "percent" in case["published"]:
        assert found.value == pytest.approx(case["published"]["percent"], abs=case["tolerance"])
    if "target_percent" in inputs:
        assert (found.value >= inputs["target_percent"]) is case["judgement"]["meets_target"]


TRIED: dict[str, Callable[[Case], None]] = {
    "weighted_cv": weighted_cv,
    "std / mean": given_cv,
    "composite_cv": composite_cv,
    "mean >= standard": levels,
    "cv <= threshold": each_within,
    "split_through_school": split_through_school,
    "retention_a": both_retentions,
    "rate": plain_rate,
}


@pytest.fixture(scope="module")
def published(shared: Path) -> dict[str, Any]:
    told: dict[str, Any] = yaml.safe_load((shared / "domain/published_figures.yaml").read_text("utf-8"))
    return told


def test_every_published_case(published: dict[str, Any]) -> None:
    tried = set()
    for case in published["cases"]:
        formula = case["formula"] if isinstance(case["formula"], str) else case["formula"][0]
        TRIED[formula](case)
        tried.add(formula)
    assert tried == set(TRIED)


def test_every_published_composite(published: dict[str, Any]) -> None:
    rows = published["composite_rows"]
    limits = standards()["basic"].limits
    assert limits == rows["thresholds"]
    for row in rows["rows"]:
        value = composite(_figures(row["cv"])).value
        assert value == pytest.approx(row["published"], abs=rows["tolerance"]), row["county"]
        assert value is not None
        assert value <= limits[row["level"]]
    assert len(rows["rows"]) == 23
