"""The benchmark of rendering runs without npm and says so; its records are all different."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bench import rendering
from dujian_docs.documents import genres, shipped_templates


def test_without_npm_it_says_why_and_still_compares_with_docxtpl(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)
    found = list(rendering.measure(tmp_path, quick=True))
    assert [one.bound for one in found] == [20.0, 20.0, 1.0]
    assert all(one.value > 1 for one in found)
    assert "没有安装 node 和 npm" in capsys.readouterr().out
    assert "docxtemplater" not in found[-1].name


@pytest.mark.parametrize("same_title", [True, False])
def test_each_record_makes_a_document_of_its_own(same_title: bool) -> None:
    genre = genres([shipped_templates()])[0]
    fill = rendering._ours(genre)
    made = [fill(rendering._varied(genre, number, same_title=same_title)) for number in range(3)]
    assert len(set(made)) == 3
    titles = {rendering._varied(genre, number, same_title=same_title)["title"] for number in range(3)}
    assert len(titles) == (1 if same_title else 3)
