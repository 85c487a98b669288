"""Options of the fault campaigns. A short form of each always runs; ``--torture`` runs the long one."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--torture", action="store_true", help="故障测试按长清单运行（需要几十分钟）")


@pytest.fixture(scope="session")
def torture(pytestconfig: pytest.Config) -> bool:
    """Whether the long campaigns run; the option is unknown when only single files are asked for."""
    return bool(pytestconfig.getoption("--torture", default=False))
