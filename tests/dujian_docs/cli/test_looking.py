"""``dujian sync --ocr`` looks at pictures after the sync and says what came of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from dujian_docs.workspace import doctor
from indexer import looking
from tests.conftest import Run

PROGRAM = """
from indexer.child import main
from indexer.model import Extraction, Passage, State
main(look=lambda page, path, limits: Extraction(State.INDEXED, (Passage("认出来的红头文件", page, "识别"),)))
"""
PICTURE = b"\x89PNG\r\n\x1a\n"


def test_pictures_are_recognised_after_the_sync(
    county: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "installed", lambda: True)
    monkeypatch.setattr(looking, "PROGRAM", ("-P", "-c", PROGRAM))
    (county / "archive" / "扫描.png").write_bytes(PICTURE)
    assert "ocr" not in run("sync", "--json").data
    assert run("status", "--json").data["waiting_pages"] == 1
    assert "还有 1 页图片里的字没有识别" in run("status").stdout
    done = run("sync", "--ocr")
    assert (done.status, "识别图片 1 页，做完 1 个文件，还有 0 页" in done.stdout) == (0, True)
    assert run("sync", "--ocr", "--json").data["ocr"] == {"pages": 0, "files": 0, "waiting": 0}
    (hit,) = run("search", "认出来的红头文件", "--json").data["hits"]
    assert (hit["path"], hit["page"]) == ("扫描.png", 1)


def test_without_the_extra_it_says_what_is_missing(
    county: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(looking, "installed", lambda: False)
    monkeypatch.setattr(doctor, "ocr_installed", lambda: False)
    (county / "archive" / "扫描.png").write_bytes(PICTURE)
    done = run("sync", "--ocr")
    assert done.status == 0
    assert "还有 1 页" in done.stdout
    assert "ocr 附加组件" in done.stderr
    (check,) = [one for one in run("doctor", "--json").data if one["name"] == "文字识别"]
    assert (check["level"], "dujian-docs[ocr]" in check["remedy"]) == ("提示", True)
    monkeypatch.setattr(doctor, "ocr_installed", lambda: True)
    (check,) = [one for one in run("doctor", "--json").data if one["name"] == "文字识别"]
    assert check["level"] == "正常"
