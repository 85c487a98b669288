"""What is installed from a wheel is whole: templates, tables, catalogues and sample data travel inside."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
CARRIED = (
    "dujian_docs/templates/notice_inspection/template.docx",
    "dujian_docs/templates/notice_inspection/phrases.toml",
    "dujian_docs/templates/notice_chasing/genre.toml",
    "dujian_docs/templates/decision_accountability/template.docx",
    "dujian_docs/cli/locale/zh_CN/LC_MESSAGES/messages.mo",
    "dujian_docs/sample/filing_list.yaml",
    "dujian_docs/dossier/index.css",
    "indexer/t2s.txt",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel built from this tree, without any network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=REPOSITORY,
        check=True,
    )
    return next(folder.glob("*.whl"))


def test_the_wheel_carries_every_file_that_is_not_python(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for one in CARRIED:
        assert one in names
    assert not [name for name in names if name.startswith(("tests/", "archive/", "bench/"))]


def test_a_workspace_can_be_made_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    """Run outside the repository, with nothing of it on the path."""
    place = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as package:
        package.extractall(place)
    code = (
        f"import sys; sys.path.insert(0, {str(place)!r}); from dujian_docs.cli import main; "
        "sys.argv = ['dujian', 'init', '工作区']; main()"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "工作区" / "templates" / "notice_inspection" / "template.docx").is_file()
