"""click's own words are Chinese, and the compiled catalogue is the one that MESSAGES makes."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from dujian_docs.cli import chinese


def test_the_catalogue_in_the_package_is_compiled_from_messages() -> None:
    assert chinese.compiled() == chinese.CATALOGUE.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "words", "status"),
    [
        (["--help"], ["用法：", "选项", "命令", "显示这份说明"], 0),
        (["gen"], ["没有 'gen' 这个命令", "怎么办：用 dujian"], 2),
        (["search", "--limt", "3", "词"], ["没有 '--limt' 这个选项"], 2),
        (["search"], ["缺少参数"], 2),
        (["search", "词", "--limit", "0"], ["--limit", "之内"], 2),
        (["check", "--set"], ["没有 '--set' 这个选项"], 2),
        (["--set", "坏", "status"], ["节.项=值"], 2),
        (["verify", "a", "b"], ["多出了参数"], 2),
        (["init", __file__], ["文件夹", "test_chinese.py", "是文件"], 2),
        (["verify", "."], ["文件", "是文件夹"], 2),
    ],
    ids=lambda value: " ".join(map(str, value)) if isinstance(value, list) else str(value),
)
def test_the_command_line_speaks_chinese_whatever_the_systems_language(
    arguments: list[str], words: list[str], status: int
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "dujian_docs", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "LANG": "C.UTF-8", "PYTHONIOENCODING": "utf-8"},
        check=False,
    )
    assert done.returncode == status, done.stderr
    for word in words:
        assert word in done.stdout + done.stderr
    for english in ("Usage", "Error", "No such", "Missing", "Options", "Directory", "File"):
        assert english not in done.stdout + done.stderr
