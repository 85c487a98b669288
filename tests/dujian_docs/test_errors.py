"""docs/errors.md is the table of what can go wrong: every error class stands in it with its exit status."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import indexer
from dujian_docs import documents, errors
from dujian_docs.errors import DujianError
from dujian_docs.workspace.place import indexer_errors
from tests.conftest import Run

TABLE = Path(__file__).resolve().parents[2] / "docs" / "errors.md"


def family(root: type[Exception]) -> list[type[Exception]]:
    """``root`` and every class below it, of the product."""
    return [root, *(one for child in root.__subclasses__() for one in family(child))]


def table() -> dict[int, set[str]]:
    """The classes named in each row, by exit status."""
    rows = re.findall(r"^\| (\d+) \|[^|]*\|([^|]*)\|$", TABLE.read_text(encoding="utf-8"), re.MULTILINE)
    return {int(status): set(re.findall(r"`(\w+)`", classes)) for status, classes in rows}


OURS = family(DujianError)
THEIRS = family(indexer.IndexerError)


def test_the_table_has_the_seven_statuses_and_no_class_that_does_not_exist() -> None:
    """The statuses are 0–5 and 130; every class named exists, and stands in one row."""
    assert set(table()) == {0, 1, 2, 3, 4, 5, 130}
    named = [name for classes in table().values() for name in classes]
    assert sorted(named) == sorted({one.__name__ for one in OURS + THEIRS})


@pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.__name__)
def test_an_error_of_ours_stands_in_the_row_of_its_status(kind: type[DujianError]) -> None:
    """Each of our errors is documented, and named in the row of its exit status."""
    assert kind.__doc__
    assert kind.__name__ in table()[kind.exit_status]
    assert kind.__module__ in {errors.__name__, documents.__name__}, "all in one place"


@pytest.mark.parametrize("kind", THEIRS, ids=lambda kind: kind.__name__)
def test_an_error_of_the_indexer_leaves_with_the_status_of_its_row(
    kind: type[indexer.IndexerError],
) -> None:
    """Each indexer error is documented, and reaches the command line with the same two sentences."""
    assert kind.__doc__
    more = {"position": 0} if issubclass(kind, indexer.QueryInvalid) else {}
    with pytest.raises(DujianError) as caught, indexer_errors():
        raise kind("出了什么事", remedy="怎么办", **more)
    assert kind.__name__ in table()[caught.value.exit_status]
    assert (caught.value.problem, caught.value.remedy) == ("出了什么事", "怎么办")
    assert str(caught.value) == "出了什么事。怎么办：怎么办"


def test_an_interruption_ends_with_130(county: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C in the middle of a verb ends with 130 and two sentences."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("dujian_docs.workspace.sync", interrupted)
    run("sync").refused(130, "停下")


def test_a_bug_ends_with_1_and_two_sentences(county: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """An unforeseen exception shows no traceback unless ``-v`` asks for one."""

    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by design")

    monkeypatch.setattr("dujian_docs.workspace.sync", broken)
    run("sync").refused(1, "程序出错", "-v")
    assert "Traceback" in run("sync", "-v").stderr
