"""What every test may ask for: the shared material, and programs that are optional for users."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The development material beside the project; tests that use it are skipped without it."""
    folder = REPOSITORY.parent / "shared"
    if not (folder / "data").is_dir():
        pytest.skip("没有 ../shared 的开发材料，跳过")
    return folder


@pytest.fixture(scope="session")
def need_program() -> Callable[[str], str]:
    """Gives a function: the path of an optional program, or a skip (a failure when all are required)."""

    def path_of(name: str) -> str:
        found = shutil.which(name)
        if found:
            return found
        if os.environ.get("DUJIAN_REQUIRE_ALL") == "1":
            pytest.fail(f"缺少程序 {name}，而这里要求全部可选程序都在")
        pytest.skip(f"没有安装 {name}，跳过")

    return path_of
