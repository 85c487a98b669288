"""Options of the fault campaigns. A short form of each always runs; ``--torture`` runs the long one.

What the campaigns counted is printed at the end; the long run also writes it to ``build/torture.json``.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

FIGURES = ("kills", "files", "lost", "duplicated", "stale")
_PROPERTY = "campaign"
_FILE = Path(__file__).resolve().parents[2] / "build" / "torture.json"
Counted = Callable[..., None]
"""Takes the figures of a campaign, each by its name; those not given are 0."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--torture", action="store_true", help="故障测试按长清单运行（需要几十分钟）")


@pytest.fixture(scope="session")
def torture(pytestconfig: pytest.Config) -> bool:
    """Whether the long campaigns run; the option is unknown when only single files are asked for."""
    return bool(pytestconfig.getoption("--torture", default=False))


@pytest.fixture
def counted(record_property: Callable[[str, object], None]) -> Counted:
    """Keeps the figures of the campaign under way, for the table at the end; before it may fail."""

    def count(**figures: int) -> None:
        record_property(_PROPERTY, {name: figures.pop(name, 0) for name in FIGURES})
        assert not figures, f"no such figures: {figures}"

    return count


def campaigns(stats: dict[str, list[object]]) -> dict[str, Counter[str]]:
    """The figures by test, of all reports that hold any."""
    found: dict[str, Counter[str]] = {}
    for report in (one for kind in ("passed", "failed") for one in stats.get(kind, ())):
        if isinstance(report, pytest.TestReport) and report.when == "call":
            for name, figures in report.user_properties:
                if name == _PROPERTY and isinstance(figures, dict):
                    found.setdefault(report.nodeid.rpartition("::")[2], Counter()).update(figures)
    return found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found = campaigns(terminalreporter.stats)
    if not found:
        return
    total = {name: sum(one[name] for one in found.values()) for name in FIGURES}
    terminalreporter.section("fault campaigns")
    for test, figures in found.items():
        terminalreporter.line(f"{_row(figures)}  {test}")
    terminalreporter.line(f"{_row(total)}  all")
    if config.getoption("--torture", default=False):
        _FILE.parent.mkdir(exist_ok=True)
        told = {"total": total, "campaigns": {test: dict(figures) for test, figures in found.items()}}
        _FILE.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        terminalreporter.line(f"written to {_FILE}")


def _row(figures: Counter[str] | dict[str, int]) -> str:
    return "  ".join(f"{name} {figures[name]:>6}" for name in FIGURES)
