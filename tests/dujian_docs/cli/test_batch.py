"""``dujian batch``: one genre for many records, from a table, again after an interruption, to the printer."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import docx
import openpyxl
import pypdf
import pytest

from dujian_docs import publishing
from dujian_docs.documents import batching
from dujian_docs.records import Finding, RecordStore
from dujian_docs.records.columns import columns_of
from tests.conftest import Run

COMMON = ("--field", "报送期限=2026年12月31日", "--field", "督导活动=DD2026-03")


def _table(path: Path, *rows: tuple[str | int | None, ...]) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["整改通知书名单"])
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def owing(county: Path) -> list[str]:
    """The units that have open findings of the inspection, by code."""
    schools = ["S001", "S002"]
    columns = columns_of(Finding)
    with RecordStore.open(county / ".dujian" / "records.db") as store, store.transaction() as now:
        for number, unit in enumerate(schools, start=1):
            row = {
                "问题编号": f"PL{number}",
                "督导活动": "DD2026-03",
                "责任单位": unit,
                "问题描述": "食堂留样登记不全",
                "来源": "县",
                "依据条款": "学校食品安全规定第四十条",
                "整改措施": "专人登记",
                "发现日期": "2026-3-9",
                "整改时限": "2026-12-20",
                "状态": "未启动",
            }
            named = {column.name: row[column.title] for column in columns if column.title in row}
            now.put(Finding.model_validate(named), author="李静", at=datetime(2026, 3, 9, tzinfo=UTC))
    return schools


def _texts(path: Path) -> str:
    return "".join(paragraph.text for paragraph in docx.Document(str(path)).paragraphs)


def test_all_that_can_be_made_is_made_and_the_rest_is_told(county: Path, run: Run, owing: list[str]) -> None:
    assert len(owing) >= 2
    dry = run("batch", "整改通知书", "--all", *COMMON, "--dry-run", "--json")
    assert [one["record"].rpartition("/")[2] for one in dry.data["planned"]] == owing
    assert dry.data["refused"], "units without open findings cannot be told to put them right"
    assert dry.status == 3
    done = run("batch", "整改通知书", "--all", *COMMON, "--json")
    numbers = [one["document_number"] for one in done.data["issued"]]
    assert numbers == [one["document_number"] for one in dry.data["planned"]]
    assert [int(number.partition("〕")[2].removesuffix("号")) for number in numbers] == list(
        range(1, len(owing) + 1)
    )
    for one in done.data["issued"]:
        assert one["document_number"] in _texts(county / "archive" / one["path"])


def test_a_table_gives_each_its_own_words(county: Path, run: Run, owing: list[str]) -> None:
    first, second = owing[:2]
    table = _table(
        county / "名单.xlsx",
        ("序号", "单位代码", "报送期限", "备注"),
        (1, second, "2026年11月30日", "先发"),
        (2, first, "2026年12月15日", None),
    )
    done = run("batch", "整改通知书", "--table", table, "--field", "督导活动=DD2026-03", "--json")
    assert done.status == 0
    records = [one["record"] for one in done.data["planned"]]
    assert records == [f"单位/{second}", f"单位/{first}"], "in the order of the table"
    texts = [_texts(county / "archive" / one["path"]) for one in done.data["issued"]]
    assert "2026年11月30日" in texts[0]
    assert "2026年12月15日" in texts[1]


def test_units_may_be_called_by_name(county: Path, run: Run, owing: list[str]) -> None:
    with RecordStore.open(county / ".dujian" / "records.db") as store:
        unit = store.get("unit", owing[0])
    table = _table(county / "名单.xlsx", ("单位名称",), (unit.name,))  # type: ignore[union-attr]
    done = run("batch", "整改通知书", "--table", table, *COMMON, "--dry-run", "--json")
    assert [one["record"] for one in done.data["planned"]] == [f"单位/{owing[0]}"]


def test_asked_again_it_goes_on_where_it_stopped(
    county: Path, run: Run, owing: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    words = (
        "batch",
        "整改通知书",
        *(word for code in owing for word in ("--record", code)),
        *COMMON,
        "--json",
    )
    monkeypatch.setattr(batching, "TOGETHER", 1)
    with monkeypatch.context() as patch:
        placed: list[Path] = []
        real = publishing._take_name

        def full_after_one(temporary: Path, path: Path) -> None:
            if placed:
                raise OSError(28, "No space left on device")
            placed.append(path)
            real(temporary, path)

        patch.setattr(publishing, "_take_name", full_after_one)
        stopped = run(*words)
    assert stopped.status == 3
    assert len(stopped.data["issued"]) == 1
    assert "磁盘已满" in stopped.data["stopped"]
    assert stopped.data["left"] == len(owing) - 1
    again = run(*words)
    assert again.status == 0
    assert again.data["issued_before"] == [stopped.data["issued"][0]["document_number"]]
    assert len(again.data["issued"]) == len(owing) - 1
    numbers = [one["document_number"] for one in (*stopped.data["issued"], *again.data["issued"])]
    assert len(set(numbers)) == len(owing)
    nothing = run(*words)
    assert nothing.data["issued"] == []
    assert len(run(*words[:-1], "--again", "--json").data["issued"]) == len(owing)


def test_a_sample_shows_the_layout_and_takes_no_number(county: Path, run: Run, owing: list[str]) -> None:
    before = run("register", "--json").data
    done = run("batch", "整改通知书", "--record", owing[0], *COMMON, "--preview", "样张.docx")
    assert "没有占号" in done.said
    assert "【待编号】" in _texts(county / "样张.docx")
    assert run("register", "--json").data == before


def test_one_zip_and_one_pdf_to_print(
    county: Path, run: Run, owing: list[str], need_program: Callable[[str], str]
) -> None:
    need_program("soffice")
    words = [word for code in owing for word in ("--record", code)]
    done = run("batch", "整改通知书", *words, *COMMON, "--zip", "全部.zip", "--pdf", "全部.pdf", "--json")
    assert done.status == 0
    with zipfile.ZipFile(county / "全部.zip") as package:
        assert package.namelist() == [Path(one["path"]).name for one in done.data["issued"]]
        assert package.testzip() is None
    pages = [page.extract_text() for page in pypdf.PdfReader(county / "全部.pdf").pages]
    starts = [
        next(at for at, text in enumerate(pages) if one["document_number"] in text.replace(" ", ""))
        for one in done.data["issued"]
    ]
    assert starts == sorted(starts)
    assert all(start % 2 == 0 for start in starts), "each begins on the front of a sheet"


def test_what_cannot_be_asked_for(county: Path, run: Run, owing: list[str]) -> None:
    assert run("batch", "整改通知书").status == 2
    assert "逐份签发" in run("batch", "催报通知", "--all").said
    assert run("batch", "整改通知书", "--where", "单位类别=没有").status == 4
    assert "写了不止一次" in run("batch", "整改通知书", "--record", owing[0], "--record", owing[0]).said
    strange = _table(county / "错.xlsx", ("单位代码", "期限"), (owing[0], "2026年12月31日"))
    said = run("batch", "整改通知书", "--table", strange).said
    assert "“期限”不是整改通知书可以手填的项" in said
    assert "报送期限" in said
    empty = _table(county / "空.xlsx", ("单位代码", "报送期限"), (None, "2026年12月31日"))
    assert "第 3 行没有写“单位代码”" in run("batch", "整改通知书", "--table", empty).said
    nothing = _table(county / "无.xlsx", ("姓名",), ("甲",))
    assert "由哪条记录生成" in run("batch", "整改通知书", "--table", nothing).said
    (county / "假.xlsx").write_bytes(b"no workbook")
    assert run("batch", "整改通知书", "--table", "假.xlsx").status == 4


def test_a_name_that_is_no_record_does_not_stop_the_others(county: Path, run: Run, owing: list[str]) -> None:
    table = _table(county / "名单.xlsx", ("来源记录",), ("督导活动/DD2026-03",), ("督导活动/没有",))
    done = run("batch", "督导情况通报", "--table", table, "--dry-run", "--json")
    assert [one["record"] for one in done.data["refused"]][-1] == "没有"
