"""Which exit status stands for what, verb by verb, and the words that go with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.conftest import ENGLISH, Run

INSPECTION = ("--record", "督导活动/DD2026-03")


def test_done_is_0(synced: Path, run: Run) -> None:
    """What was done without anything left over ends with 0, a search that finds nothing included."""
    assert run("status").status == 0
    nothing = run("search", "找不到的词语甲乙丙")
    assert (nothing.status, "没有找到" in nothing.stdout) == (0, True)


def test_gaps_are_3_and_none_is_0(synced: Path, run: Run) -> None:
    """check ends with 3 while gaps remain, and with 0 for a part of the list that is whole."""
    assert run("check").status == 3
    whole = run("check", "--unit", "青溪镇中心小学")
    assert (whole.status, run("check", "--indicator", "C1").status) == (0, 0)
    assert run("check", "--year", "2025", "--no-suggest").status == 0


def test_wrong_rows_are_4(county: Path, run: Run) -> None:
    """An import with wrong rows ends with 4 although the right rows went in."""
    form = Path(run("template", "单位", "表.xlsx", "--json").data["path"])
    workbook = load_workbook(form)
    sheet = workbook["单位"]
    heads = {sheet.cell(1, at).value: at for at in range(1, sheet.max_column + 1)}
    for row, values in enumerate(
        ({"单位代码": "S003", "单位名称": "松坪乡中心小学", "单位类别": "学校"}, {"单位代码": "S004"}),
        start=2,
    ):
        for title, value in values.items():
            head = next(at for name, at in heads.items() if str(name).startswith(title))
            sheet.cell(row, head, value)
    workbook.save(form)
    done = run("import", form)
    assert done.status == 4
    assert "新增 1" in done.stdout
    assert "单位名称" in done.stdout


def test_a_template_takes_a_name_of_its_own_and_says_it(county: Path, run: Run) -> None:
    """A form or export whose name is taken is written beside it, and the printed path is the real one."""
    said = [run(verb, "单位", "单位.xlsx") for verb in ("template", "template", "export", "export")]
    assert {done.status for done in said} == {0}
    assert sorted(path.name for path in county.glob("单位*.xlsx")) == [
        "单位(2).xlsx",
        "单位(3).xlsx",
        "单位(4).xlsx",
        "单位.xlsx",
    ]
    assert "单位(4).xlsx" in said[-1].stdout


def test_a_relative_path_is_of_the_current_folder_not_of_the_workspace(
    county: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With ``-w`` the verb works on that workspace, while files named on the line stay where the clerk is."""
    elsewhere = tmp_path / "桌面"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    done = run("-w", "../云岭", "export", "单位", "单位.json")
    assert done.status == 0
    assert (elsewhere / "单位.json").is_file()
    assert run("-w", "../云岭", "import", "单位.json").status == 0
    inside = county / "archive" / "发文"
    monkeypatch.chdir(inside)
    assert run("status").status == 0, "a folder inside the workspace is in the workspace"


def test_outside_a_workspace_the_answer_is_2(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every verb that needs a workspace says that there is none, and how to make one."""
    monkeypatch.chdir(tmp_path)
    for words in (("status",), ("check",), ("doctor",), ("config", "show"), ("template", "单位", "a.xlsx")):
        run(*words).refused(2, "不是工作区", "dujian init")
    assert list(tmp_path.iterdir()) == []


def test_no_words_at_all_shows_what_there_is(run: Run) -> None:
    """``dujian`` alone, and a group alone, show their verbs once, in Chinese, and end with 2."""
    for words in ((), ("config",)):
        done = run(*words)
        assert done.status == 2
        assert done.stderr.count("用法") == 1
        assert "命令" in done.stderr
        assert "OPTIONS" not in done.stderr


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("check", "--unit", "没有的小学"), "没有的小学"),
        (("check", "--list", "没有"), "没有"),
        (("export", "单为", "a.xlsx"), "单位"),
        (("export", "单位", "a.docx"), "a.docx"),
        (("issue", "通知"), "--record"),
        (("issue", "通知", *INSPECTION, "--field", "没有的项=1"), "没有的项"),
        (("issue", "通知", *INSPECTION, "--field", "附注"), "名称=内容"),
        (("issue", "通知", "--record", "单位/S001"), "单位"),
        (("issue", "催报通知"), "--unit"),
        (("issue", "催报通知", "--unit", "没有的小学"), "没有的小学"),
        (("search", "词", "--unit", "没有的小学"), "没有的小学"),
        (("search", "词", "--limit", "0"), "--limit"),
        (("search", "词", "--year", "今年"), "今年"),
        (("--set", "index.engine=lucene", "status"), "lucene"),
        (("--set", "没有的=1", "status"), "没有的"),
        (("--set", "坏", "status"), "节.项=值"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_wrong_word_is_named_with_what_to_do(
    synced: Path, run: Run, words: tuple[str, ...], named: str
) -> None:
    """A word that does not exist ends with 2 (4 for a value that is wrong), naming it."""
    done = run(*words)
    assert done.status in {2, 4}
    done.refused(done.status, named)


def test_messages_fit_80_columns_or_are_one_sentence(synced: Path, run: Run) -> None:
    """The table of check keeps to 80 columns: a Han character takes two."""
    import unicodedata

    def width(line: str) -> int:
        return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)

    lines = run("check").stdout.splitlines()
    assert max(map(width, lines)) <= 80, max(lines, key=width)


def test_what_is_said_is_chinese(synced: Path, run: Run) -> None:
    """No English sentence is in what the everyday verbs print."""
    for words in (("doctor",), ("status",), ("sync",), ("check", "--all"), ("register",), ("search", "小学")):
        assert not ENGLISH.search(run(*words).said), words
