"""What every test may ask for: the shared material, and programs that are optional for users."""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from dujian_docs.cli import cli
from dujian_docs.cli.chinese import speak_chinese

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


@pytest.fixture(scope="session")
def need_package() -> Callable[[str], None]:
    """Gives a function: skips where an optional package is missing (fails when all are required)."""

    def need(name: str) -> None:
        if importlib.util.find_spec(name) is None:
            if os.environ.get("DUJIAN_REQUIRE_ALL") == "1":
                pytest.fail(f"缺少 {name}，而这里要求全部附加组件都在")
            pytest.skip(f"没有安装 {name}，跳过")

    return need


ENGLISH = re.compile(r"Traceback|\b(?!dujian )[A-Za-z]{2,} [A-Za-z]{2,} [A-Za-z]{2,}")
"""Three English words in a row that are no command, or a traceback: what no clerk must be shown."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a run of the command line came to."""

    status: int
    stdout: str
    stderr: str

    @property
    def said(self) -> str:
        """Everything that was printed."""
        return self.stdout + self.stderr

    @property
    def json(self) -> Any:
        """The one object on stdout; fails when there is anything else."""
        return json.loads(self.stdout)

    @property
    def data(self) -> Any:
        """The object's ``data``; fails when the verb did."""
        assert self.json["ok"] is True, self.stdout
        return self.json["data"]

    def refused(self, status: int, *words: str) -> None:
        """The run ended with ``status`` and two Chinese sentences that name ``words``."""
        assert self.status == status, self.said
        assert self.stdout == ""
        problem, _, remedy = self.stderr.rstrip().rpartition("\n怎么办：")
        assert problem, self.stderr
        assert remedy, self.stderr
        for word in words:
            assert word in self.stderr
        assert not ENGLISH.search(self.stderr), self.stderr


Run = Callable[..., Result]


@pytest.fixture(scope="session")
def run() -> Run:
    """Gives a function: ``dujian`` with these words, in this process, as if typed where no person answers."""
    speak_chinese()

    def ran(*words: object) -> Result:
        out, err = io.StringIO(), io.StringIO()
        status: object = None
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                cli.main(args=[str(word) for word in words], prog_name="dujian")
            except SystemExit as end:
                status = end.code
        assert isinstance(status, int)
        return Result(status, out.getvalue(), err.getvalue())

    return ran
