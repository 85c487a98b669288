"""The check does not cry wolf on documents from elsewhere."""

from __future__ import annotations

from pathlib import Path

from dujian_docs.linting import Level
from tests.dujian_docs.linting.alarms import elsewhere


def test_documents_from_elsewhere(shared: Path) -> None:
    found = elsewhere(shared / "data" / "files")
    assert len(found.reports) >= 25
    assert not [one for one in found.reports if one.official], "none of them is a 公文"
    told = [one for report in found.reports for one in report.findings if one.level is Level.ERROR]
    assert {one.rule for one in told} == {"C02"}
    assert [one.words for one in told if not any(mark in one.words for mark in ("{{", "}}", "{%"))] == []
