"""Workbooks as clerks really send them: told in place, marked in the copy, the right rows in, undone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from dujian_docs.records import Record, RecordStore, Unit, UnitType, columns_of, kind_of
from tests.conftest import Result, Run

NOW = datetime(2026, 5, 1, 9, tzinfo=UTC)
SCHOOLS = ("青溪镇中心小学", "白石镇中心小学", "松坪乡中心小学")
YEAR = "2025-2026"
Rows = list[Mapping[str, Any]]
GOOD: Rows = [
    {"学校": f"S{at}", "学年": YEAR, "学段": "小学", "在校生数": 100 * at, "班数": at} for at in (1, 2, 3)
]


@pytest.fixture
def office(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "云岭"
    assert run("init", folder, "--name", "云岭县人民政府教育督导室", "--series", "云教督").status == 0
    with RecordStore.open(folder / ".dujian" / "records.db") as store, store.transaction() as writing:
        for at, name in enumerate(SCHOOLS, start=1):
            unit = Unit(code=f"S{at}", name=name, unit_type=UnitType.SCHOOL, stage="小学")
            writing.put(unit, author="李静", at=NOW)
    monkeypatch.chdir(folder)
    return folder


def places(kind: str) -> Mapping[str, int]:
    return {column.title: at for at, column in enumerate(columns_of(kind_of(kind).model), start=1)}


@pytest.fixture
def sent(office: Path, run: Run) -> Callable[..., Path]:
    """Gives a function: the form of a kind with rows filled in from line 2, and then edited."""

    def made(rows: Rows, edit: Callable[[Worksheet], None] | None = None, kind: str = "学校统计") -> Path:
        form = Path(run("template", kind, f"{kind}.xlsx", "--json").data["path"])
        book = load_workbook(form)
        sheet = book[kind]
        for number, row in enumerate(rows, start=2):
            for title, value in row.items():
                sheet.cell(number, places(kind)[title], value)
        if edit:
            edit(sheet)
        book.save(form)
        return form

    return made


def stored(folder: Path, kind: str = "school_statistics") -> tuple[Record, ...]:
    with RecordStore.open(folder / ".dujian" / "records.db") as store:
        return store.all(kind)


def marks(done: Result) -> Mapping[str, str]:
    """The comments in the marked copy, by cell, without our name."""
    book: Workbook = load_workbook(done.data["marked_copy"])
    sheet = book["学校统计"]
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return {cell.coordinate: cell.comment.text for cell in cells if cell.comment is not None}


def imported(
    run: Run, folder: Path, form: Path, *, cell: str, words: str, kept: int, kind: str = "school_statistics"
) -> None:
    """One cell is told, in print and in the copy; so many rows come in, and leave again when undone."""
    done = run("import", form, "--yes", "--json")
    assert done.status == 4, done.said
    told = {one["cell"]: one["problem"] + one["remedy"] for one in done.data["wrong"]}
    assert words in told[cell]
    if kind == "school_statistics":
        assert words in marks(done)[cell]
    assert len(stored(folder, kind)) == kept
    plain = run("import", form, "--dry-run")
    assert f"!{cell}" in plain.stdout
    assert words in plain.stdout
    if kept:
        number = json.loads(run("undo", "--json").stdout)["data"]["batches"][0]["number"]
        assert run("undo", str(number), "--yes").status == 0
        assert stored(folder, kind) == ()


def put(at: int, title: str, value: Any) -> Callable[[Worksheet], None]:
    return lambda sheet: sheet.cell(at, places("学校统计")[title], value) and None


@pytest.mark.parametrize(
    ("edit", "cell", "words", "kept"),
    [
        (put(3, "在校生数", -5), "D3", "不能小于 0", 2),
        (put(3, "学年", "2025"), "B3", "是自然年，这里要填学年", 2),
        (put(3, "在校生数", "=D2+1"), "D3", "公式没有计算结果", 2),
        (put(3, "学校", "S1"), "C3", "重复", 1),
        (put(3, "学校", "白石镇中心小雪"), "A3", "白石镇中心小学", 2),
        (put(3, "班数", 3000), "D3", "", 3),
    ],
    ids=["negative", "calendar-year", "formula", "twice", "nearly", "none"],
)
def test_a_wrong_cell(
    office: Path, run: Run, sent: Callable[..., Path], edit: Any, cell: str, words: str, kept: int
) -> None:
    if not words:
        form = sent(GOOD, edit)
        assert run("import", form, "--yes").status == 0
        assert len(stored(office)) == kept
        return
    imported(run, office, sent(GOOD, edit), cell=cell, words=words, kept=kept)


def test_a_wrong_total_between_rows(office: Path, run: Run, sent: Callable[..., Path]) -> None:
    rows = [
        {"学校": "S1", "学年": YEAR, "学段": "小学", "在校生数": 394},
        {"学校": "S1", "学年": YEAR, "学段": "初中", "在校生数": 432},
        {"学校": "S1", "学年": YEAR, "学段": "全校", "在校生数": 836},
    ]
    imported(run, office, sent(rows), cell="D4", words="394+432=826，差 +10", kept=2)


def test_a_line_of_totals_is_checked_and_never_a_record(
    office: Path, run: Run, sent: Callable[..., Path]
) -> None:
    total = {"学校": "合 计", "在校生数": 600, "班数": 6}
    assert run("import", sent([*GOOD, total]), "--yes").status == 0
    assert len(stored(office)) == 3
    wrong = sent([*GOOD, {**total, "在校生数": 610}])
    done = run("import", wrong, "--yes", "--json")
    assert done.status == 4
    assert [(one["cell"], one["problem"]) for one in done.data["wrong"]] == [
        ("D5", "合计 610，上面 3 行相加是 600，差 +10")
    ]
    assert "差 +10" in marks(done)["D5"]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"学校": "学校", "学年": "学年", "学段": "学段", "在校生数": "在校生数"}, "第二行表头"),
        ({"学校": "（填单位代码）", "学年": "如 2025—2026", "在校生数": "（人）"}, "填表说明"),
    ],
)
def test_a_line_below_the_head_that_is_no_record(
    office: Path, run: Run, sent: Callable[..., Path], line: Mapping[str, Any], words: str
) -> None:
    form = sent([line, *GOOD])
    imported(run, office, form, cell="A2", words=words, kept=3)
    assert run("import", form, "--dry-run", "--json").data["wrong"][1:] == []


def test_a_note_at_the_foot(office: Path, run: Run, sent: Callable[..., Path]) -> None:
    form = sent([*GOOD, {"学校": "填表人：李静　审核人：周明远"}])
    imported(run, office, form, cell="A5", words="表尾的落款", kept=3)


def test_hidden_rows_stay_out_and_hidden_columns_are_told(
    office: Path, run: Run, sent: Callable[..., Path]
) -> None:
    def hide(sheet: Worksheet) -> None:
        sheet.row_dimensions[3].hidden = True

    imported(run, office, sent(GOOD, hide), cell="A3", words="隐藏的或被筛选掉的", kept=2)
    total = {"学校": "合计", "在校生数": 600}
    told = run("import", sent([*GOOD, total], hide), "--dry-run", "--json").data["wrong"]
    assert [one["cell"] for one in told] == ["A3"], "the total is right: what is hidden is part of it"

    def hide_column(sheet: Worksheet) -> None:
        sheet.column_dimensions["D"].hidden = True

    done = run("import", sent(GOOD, hide_column), "--yes", "--json")
    assert done.status == 0
    assert [(one["cell"], one["problem"]) for one in done.data["hints"]] == [
        ("D1", "D 列（在校生数）是隐藏的，里面的内容照样导入")
    ]
    assert len(stored(office)) == 3


def test_a_merged_head_is_named(office: Path, run: Run, sent: Callable[..., Path]) -> None:
    form = sent(GOOD, lambda sheet: sheet.merge_cells("A1:B1"))
    run("import", form).refused(4, "学校统计.xlsx", "A1:B1", "合并")
    assert stored(office) == ()


def test_a_title_above_the_head_may_be_merged(office: Path, run: Run, sent: Callable[..., Path]) -> None:
    def headed(sheet: Worksheet) -> None:
        sheet.insert_rows(1)
        sheet["A1"] = "云岭县学校统计表"
        sheet.merge_cells("A1:F1")

    assert run("import", sent(GOOD, headed), "--yes").status == 0
    assert len(stored(office)) == 3


def test_ten_thousand_blank_rows_cost_nothing(office: Path, run: Run, sent: Callable[..., Path]) -> None:
    def blanks(sheet: Worksheet) -> None:
        for number in range(10, 10_010):
            sheet.cell(number, 1, " ")
        sheet.cell(10_010, 1, "S9")

    form = sent(GOOD, blanks)
    done = run("import", form, "--yes", "--json")
    assert done.status == 4
    assert {one["cell"] for one in done.data["wrong"]} <= {f"{letter}10010" for letter in "ABC"}
    assert len(stored(office)) == 3


def test_schools_left_out_or_in_another_order_are_hints(
    office: Path, run: Run, sent: Callable[..., Path]
) -> None:
    done = run("import", sent([GOOD[2], GOOD[0]]), "--yes", "--json")
    assert done.status == 0, "the rows are right all the same"
    told = {one["cell"]: one["problem"] for one in done.data["hints"]}
    assert "青溪镇中心小学应排在松坪乡中心小学之前" in told["A3"]
    assert "缺单位表里的学校：白石镇中心小学" in told["A2"]
    assert "白石镇中心小学" in marks(done)["A2"]
    assert len(stored(office)) == 2
    assert run("figures").stdout.count("这一学年没有学校统计") == 1
    plain = run("import", sent([GOOD[2], GOOD[0]]), "--dry-run")
    assert "提示 学校统计!A3" in plain.stdout


def test_more_than_all_is_refused(office: Path, run: Run, sent: Callable[..., Path]) -> None:
    row = {
        "记录编号": "J1",
        "方式": "问卷走访",
        "督学": "P1",
        "学校": "S1",
        "日期": "2026-3-1",
        "满意率": 101,
    }
    form = sent([row], kind="督学记录")
    done = run("import", form, "--yes", "--json")
    assert done.status == 4
    told = {one["field"]: (one["cell"], one["problem"]) for one in done.data["wrong"]}
    assert told["满意率"][1] == "不能大于 100"
    assert told["满意率"][0] == f"{get_column_letter(places('督学记录')['满意率'])}2"
