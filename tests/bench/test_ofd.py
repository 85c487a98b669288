"""The benchmark of OFD reads what it writes, and sees what is not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import ofd
from indexer import extract_file
from indexer.model import Extraction, Limits, Passage, State


def test_made_files_are_read_and_meet_the_goal(tmp_path: Path) -> None:
    found = list(ofd.measure(tmp_path, quick=True))
    assert found[-1].name == "读 ofd，编造的文件"
    assert [one for one in found if not one.met] == []
    assert found[-1].figures["读出"] == ofd.QUICK_FILES


def test_every_way_of_writing_a_page_is_in_the_made_files(tmp_path: Path) -> None:
    for number, (prefix, root) in enumerate((("", ""), ("ofd:", "/"))):
        file = tmp_path / f"{number}.ofd"
        ofd.write(file, ["学校安全", "均衡发展"], prefix=prefix, root=root)
        assert "".join(one.text for one in extract_file(file, Limits()).passages) == "学校安全均衡发展"


@pytest.mark.parametrize(
    ("state", "text", "chinese", "read"),
    [
        (State.INDEXED, "学校安全", 5, True),
        (State.INDEXED, "学校", 5, False),
        (State.EMPTY, "", 0, True),
        (State.EMPTY, "", 3, False),
        (State.CORRUPT, "", 0, False),
    ],
)
def test_a_good_file_is_read_when_its_chinese_is_there(
    state: State, text: str, chinese: int, read: bool
) -> None:
    passages = (Passage(text),) if text else ()
    assert ofd.is_read(Extraction(state, passages), chinese) is read


def test_files_beside_the_project_are_taken_by_their_index(tmp_path: Path) -> None:
    assert ofd.listed(tmp_path) == []
    rows = ["name\torigin\tkind\text\tcjk_chars", "a.ofd\tx\tok\tofd\t5", "b.ofd\tx\tcorrupt\tofd\t"]
    (tmp_path / "INDEX.tsv").write_text("\n".join([*rows, "c.pdf\tx\tok\tpdf\t7"]), encoding="utf-8")
    assert ofd.listed(tmp_path) == [(tmp_path / "a.ofd", 5)]
