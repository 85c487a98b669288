"""The encoding benchmark samples what it says, counts what is wrong as wrong, and meets its goal on a few."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import encodings
from bench.encodings import ENCODINGS, LENGTHS, Sample, Score, made, read_as


def test_a_small_run_meets_the_goal_on_real_text(tmp_path: Path, shared: Path) -> None:
    assert shared.is_dir()
    found = list(encodings.measure(tmp_path, quick=True))
    assert [one.goal for one in found] == ["≥ 0.97"] * 3
    assert [one for one in found if not one.met] == []
    assert {f"{name} MB/s" for name in encodings.PEERS if encodings.peer_of(name)} <= set(found[0].figures)


def test_samples_are_the_same_every_time_in_every_length_and_encoding() -> None:
    bodies = ("关于开展义务教育均衡发展督导评估工作的通知，各乡镇学校要认真做好迎检准备。", "後勤管理")
    samples = list(made(bodies, 4))
    assert samples == list(made(bodies, 4))
    assert {(one.encoding, one.length) for one in samples} == {(a, b) for a in ENCODINGS for b in LENGTHS}
    assert all(one.data.decode(one.encoding) == one.text for one in samples)
    assert any("發展" in one.text or "評估" in one.text for one in samples if one.encoding == "big5hkscs")


def test_what_is_read_wrong_counts_as_wrong() -> None:
    samples = [Sample("督导", "督导".encode("gbk"), "gbk", 6), Sample("abc", b"abc", "utf-8", 12)]
    score = Score(samples, lambda _: "utf-8")
    assert (score.share(), score.share(length=6), score.share(encoding="utf-8")) == (0.5, 0.0, 1.0)
    assert score.wrong == [(samples[0], "utf-8")]


@pytest.mark.parametrize(
    ("name", "text"), [("GB2312", "督导"), ("cp936", "督导"), ("no-such", None), ("Big5", "圾辅")]
)
def test_names_are_read_as_the_largest_set_of_their_family(name: str, text: str | None) -> None:
    data = "督导".encode("gbk")
    read = read_as(data, name)
    assert read == (text if name != "Big5" else data.decode("big5hkscs", "replace"))
