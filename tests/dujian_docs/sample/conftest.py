"""The planned archive, and one written copy of it for all tests of a worker."""

from __future__ import annotations

from pathlib import Path

import pytest

from dujian_docs.sample import PlannedFile, Truth, plan_archive, sample_due, truth_of, write_archive


@pytest.fixture(scope="session")
def plan() -> tuple[PlannedFile, ...]:
    return plan_archive()


@pytest.fixture(scope="session")
def truth(plan: tuple[PlannedFile, ...]) -> Truth:
    return truth_of(plan, sample_due())


@pytest.fixture(scope="session")
def archive(plan: tuple[PlannedFile, ...], tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("county") / "archive"
    write_archive(root, plan)
    return root
