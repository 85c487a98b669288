"""Every command in the READMEs runs as written."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from dujian_docs.sample.story import lay_out

REPOSITORY = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.en.md")
MAKE_TARGETS = {"demo", "test", "check", "bench", "torture"}


def blocks(readme: str, language: str) -> list[list[str]]:
    """The commands of each fenced block of a language, comments dropped."""
    text = (REPOSITORY / readme).read_text(encoding="utf-8")
    found = re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)
    return [
        [command for line in block.splitlines() if (command := line.split("  #")[0].strip())]
        for block in found
    ]


@pytest.mark.parametrize("readme", READMES)
def test_every_make_target_that_a_readme_names_exists(readme: str) -> None:
    named = set(re.findall(r"\bmake (\w+)", (REPOSITORY / readme).read_text(encoding="utf-8")))
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    assert {"demo", "test"} <= named <= MAKE_TARGETS
    for target in named:
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


@pytest.mark.parametrize("readme", READMES)
def test_every_file_that_a_readme_links_to_exists(readme: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (REPOSITORY / readme).read_text(encoding="utf-8"))
    assert links
    for link in links:
        assert (REPOSITORY / link).exists(), link


def test_the_ten_lines_of_everyday_use_run_in_order(tmp_path: Path) -> None:
    """Run line by line in a new folder, with the invented county's files where a clerk would have them."""
    everyday = next(block for block in blocks("README.md", "bash") if block[0].startswith("dujian init"))
    folder = tmp_path
    ran = 0
    for command in everyday:
        words = shlex.split(command)
        if words[0] == "cd":
            folder = folder / words[1]
            lay_out(folder)
            continue
        done = subprocess.run(
            [sys.executable, "-m", "dujian_docs", *words[1:]],
            cwd=folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode in {0, 3}, f"{command}\n{done.stdout}{done.stderr}"
        ran += 1
    assert ran >= 10
