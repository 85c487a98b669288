"""``--json``: one object on stdout, the same shape whatever the verb and whatever goes wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conftest import Run

VERBS = [
    ("init", "新工作区"),
    ("init", "新工作区", "--dry-run"),
    ("doctor",),
    ("config", "show"),
    ("template", "单位", "单位表.xlsx"),
    ("export", "单位", "单位.json"),
    ("import", "录入/单位.json"),
    ("import", "录入/目录.yaml", "--dry-run"),
    ("import", "录入/单位.json", "录入/人员.json"),
    ("issue", "通知", "--record", "督导活动/DD2026-03", "--dry-run"),
    ("issue", "通知", "--record", "督导活动/DD2026-03"),
    ("issue", "催报通知", "--unit", "县财政局", "--dry-run"),
    ("register",),
    ("sync",),
    ("status",),
    ("search", "领导小组"),
    ("search", "找不到的词语甲乙丙"),
    ("check",),
    ("check", "--all", "--xlsx", "缺件.xlsx"),
    ("confirm", "C3-01", "待归档/安全材料.txt", "--unit", "S002", "--year", "2026", "--dry-run"),
    ("bundle", "包.zip", "--no-pdf"),
    ("bundle", "包.zip", "--dry-run"),
]
REFUSED = [
    (("search", "双减 AND (通报"), 2),
    (("search",), 2),
    (("search", "--limt", "3", "词"), 2),
    (("没有这个命令",), 2),
    (("issue", "没有这个文种"), 2),
    (("issue", "通知", "--record", "督导活动/没有"), 4),
    (("import", "没有这个文件.xlsx"), 4),
    (("verify", "没有这个包.zip"), 4),
    (("--set", "office.nam=甲", "status"), 2),
    (("-w", "/", "status"), 2),
]


@pytest.mark.parametrize("words", VERBS, ids=" ".join)
def test_every_verb_prints_exactly_one_object(synced: Path, run: Run, words: tuple[str, ...]) -> None:
    """stdout is ``{"ok": true, "data", "warnings"}`` and stderr is empty, whatever the verb."""
    done = run(*words, "--json")
    assert set(done.json) == {"ok", "data", "warnings"}
    assert done.json["ok"] is True
    assert isinstance(done.json["warnings"], list)
    assert done.stderr == ""
    assert done.status == (3 if words[0] in {"check", "bundle"} and "--dry-run" not in words else 0)


@pytest.mark.parametrize(("words", "status"), REFUSED, ids=lambda value: str(value))
def test_every_refusal_is_an_object_with_problem_and_remedy(
    synced: Path, run: Run, words: tuple[str, ...], status: int
) -> None:
    """An error is ``{"ok": false, "error": {"problem", "remedy"}}``, even when the words cannot be parsed."""
    done = run(*words, "--json")
    assert done.status == status
    assert done.json["ok"] is False
    assert set(done.json["error"]) == {"problem", "remedy"}
    assert all(done.json["error"].values())
    assert done.stderr == ""


def test_a_hit_has_the_agreed_fields(synced: Path, run: Run) -> None:
    """A hit has path, page, title, document_number, excerpt, score and rung."""
    data = run("search", "财政决算", "--json").data
    (hit,) = data["hits"]
    assert {"path", "page", "title", "document_number", "excerpt", "score", "rung"} <= set(hit)
    assert hit["path"].endswith("C2-01_2025_县财政局_财政决算报告.docx")
    assert "财政决算" in hit["excerpt"]
    assert (hit["rung"], hit["document_number"], data["total"]) == ("phrase", None, 1)
    assert hit["score"] > 0


def test_a_gap_has_the_agreed_fields(synced: Path, run: Run) -> None:
    """A gap has code, title, unit, year, state, reason and next_step; every state of the county is told."""
    gaps = run("check", "--json").data
    for gap in gaps:
        assert {"code", "title", "unit", "year", "state", "reason", "next_step"} <= set(gap)
        assert gap["reason"]
        assert gap["next_step"]
    assert {(gap["code"], gap["unit"], gap["year"]): gap["state"] for gap in gaps if gap["code"]} == {
        ("C2-01", "D001", 2026): "missing",
        ("C3-01", "S002", 2026): "suggested",
        ("C3-02", "T001", 2026): "unreadable",
    }


def test_without_json_stdout_is_for_people(synced: Path, run: Run) -> None:
    """Plain output is Chinese text on stdout and no JSON."""
    done = run("check")
    with pytest.raises(json.JSONDecodeError):
        json.loads(done.stdout)
    assert "疑似" in done.stdout
    assert done.stderr == ""
