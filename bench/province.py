"""How long a province takes: 3,000 schools, three school years, 29 statistics each, from one workbook.

The peers read the same workbook and compute the same eight weighted coefficients of the newest year: pandas
with a group-by (reading by openpyxl, its usual reader, and by calamine, its fastest), and openpyxl with plain
Python. All coefficients must agree, or nothing is reported. Ours does more in its time: every cell is judged,
every row is stored and chained, every school's part in each figure is told.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

import pandas as pd
from openpyxl import load_workbook

from bench import Measurement
from dujian_docs.evaluation import standards
from dujian_docs.records import Unit, UnitType, columns_of, write_form
from dujian_docs.records.statistic_models import SchoolStatistics, Section
from dujian_docs.workspace import (
    Asked,
    Workspace,
    apply_import_of,
    apply_init,
    evaluate,
    plan_import_of,
    plan_init,
)

SCHOOLS, YEARS = 3_000, ("2023-2024", "2024-2025", "2025-2026")
NEWEST = YEARS[-1]
IMPORT_SECONDS, EVALUATE_SECONDS = 20.0, 2.0
SEED = 11
KEYS = ("school", "school_year", "section")
Coefficients = Mapping[tuple[str, str], float]
"""By section and item."""


def measure(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """The import of a province and its evaluation, each beside the peers."""
    schools = 30 if quick else SCHOOLS
    units = tuple(_unit(number) for number in range(schools))
    rows = tuple(statistics(units))
    workbook = write_form("school_statistics", folder / "学校统计.xlsx", rows)
    apply_init(
        plan_init(folder / "省", {"office.name": "云岭省人民政府教育督导室", "office.series": "云教督"})
    )
    with Workspace.open(folder / "省", overrides={}, environment={}, clock=_now) as office:
        with office.store.transaction() as writing:
            for unit in units:
                writing.put(unit, author="李静", at=_now())
        imported = _timed(lambda: apply_import_of(office, plan_import_of(office, workbook)))
        if len(office.store.all("school_statistics")) != len(rows):
            raise AssertionError("没有全部导入")
        evaluated = _timed(lambda: evaluate(office))
        found = {
            (one.balance.section, code): disparity.cv.value or 0.0
            for one in evaluate(office, Asked(school_year=NEWEST)).sections
            if one.balance.standard == standards()["basic"]
            for code, disparity in one.balance.disparities.items()
        }
    corpus = f"{schools} 所学校 × {len(YEARS)} 个学年 × {len(columns_of(SchoolStatistics)) - len(KEYS)} 项"
    read = {name: _agreeing(name, peer, workbook, found) for name, peer in PEERS.items()}
    yield Measurement(
        "一个省的学校统计导入",
        f"≤ {IMPORT_SECONDS:g} 秒",
        imported,
        IMPORT_SECONDS,
        at_most=True,
        unit="秒",
        corpus=corpus,
        figures={f"{name} 读表 秒": round(seconds, 2) for name, (seconds, _) in read.items()}
        | {f"是 {name} 的 倍": round(imported / seconds, 2) for name, (seconds, _) in read.items()},
    )
    yield Measurement(
        "一个省的评估",
        f"≤ {EVALUATE_SECONDS:g} 秒",
        evaluated,
        EVALUATE_SECONDS,
        at_most=True,
        unit="秒",
        corpus=corpus,
        figures={f"{name} 分组计算 秒": round(seconds, 4) for name, (_, seconds) in read.items()},
    )


def _now() -> datetime:
    return datetime(2026, 11, 20, 9, tzinfo=UTC)


def _unit(number: int) -> Unit:
    stage = "小学" if number % 3 else "初中"
    return Unit(code=f"S{number:05}", name=f"云岭第{number}{stage}", unit_type=UnitType.SCHOOL, stage=stage)


def statistics(units: Sequence[Unit]) -> Iterator[SchoolStatistics]:
    """Every school in every year, with all its numbers in order; the same every time."""
    chance = random.Random(SEED)
    for unit in units:
        pupils = chance.randint(60, 2400)
        for year in YEARS:
            pupils = max(pupils + chance.randint(-30, 30), 40)
            yield _row(unit, year, pupils, chance)


def _row(unit: Unit, year: str, pupils: int, chance: random.Random) -> SchoolStatistics:
    teachers = pupils // chance.randint(12, 20) + 1
    part = chance.uniform(0.2, 0.9)
    of_teachers = int(teachers * part)
    rooms = round(pupils * chance.uniform(3, 8), 1)
    return SchoolStatistics(
        school=unit.code,
        school_year=year,
        section=Section(unit.stage),
        pupils=pupils,
        classes=pupils // 40 + 1,
        oversized_classes=0,
        largest_class=min(pupils, 52),
        boarders=pupils // 5,
        migrant_children=pupils // 9,
        left_behind_children=pupils // 7,
        disabled_children=pupils // 200,
        enrolled=pupils // 6,
        graduates=pupils // 6,
        moved_in=3,
        moved_out=2,
        deaths=0,
        staff=teachers + 4,
        teachers=teachers,
        qualified_teachers=of_teachers,
        senior_teachers=teachers // 2,
        backbone_teachers=teachers // 9,
        arts_sports_teachers=teachers // 8,
        exchanged_teachers=teachers // 10,
        site_area=round(rooms * 6, 1),
        building_area=round(rooms * 1.6, 1),
        rooms=rooms,
        grounds=round(pupils * chance.uniform(4, 14), 1),
        equipment=round(pupils * chance.uniform(900, 4200), 2),
        computers=pupils // chance.randint(6, 14),
        multimedia_rooms=pupils // 45 + 1,
        books=pupils * chance.randint(15, 40),
        music_art_rooms=pupils // 400 + 1,
    )


def _timed(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def by_pandas(path: Path, engine: Literal["openpyxl", "calamine"]) -> tuple[float, float, Coefficients]:
    """Seconds of reading and of computing, and the coefficients; by a group-by over the section."""
    begun = time.perf_counter()
    sheet = pd.read_excel(path, engine=engine)
    between = time.perf_counter()
    sheet.columns = [str(title).rstrip("*") for title in sheet.columns]
    now = sheet[sheet[_title("school_year")].astype(str) == NEWEST]
    found = {
        (str(section), item): _weighted(rows[_title("pupils")].to_numpy(), rows[_title(item)].to_numpy())
        for section, rows in now.groupby(_title("section"))
        for item in _items()
    }
    return between - begun, time.perf_counter() - between, found


def _weighted(pupils: object, amounts: object) -> float:
    weights, values = pd.Series(pupils, dtype=float), pd.Series(amounts, dtype=float)
    mean = values.sum() / weights.sum()
    return float(math.sqrt((weights / weights.sum() * (values / weights - mean) ** 2).sum()) / mean)


def by_openpyxl(path: Path) -> tuple[float, float, Coefficients]:
    """The same with openpyxl and plain Python."""
    begun = time.perf_counter()
    book = load_workbook(path, read_only=True, data_only=True)
    rows = iter(book.worksheets[0].values)
    heads = [str(title).rstrip("*") for title in next(rows)]
    table = [dict(zip(heads, row, strict=True)) for row in rows]
    book.close()
    between = time.perf_counter()
    found: dict[tuple[str, str], float] = {}
    for section in (Section.PRIMARY.value, Section.JUNIOR.value):
        now = [
            row for row in table if (row[_title("school_year")], row[_title("section")]) == (NEWEST, section)
        ]
        pupils = [_amount(row[_title("pupils")]) for row in now]
        for item in _items():
            amounts = [_amount(row[_title(item)]) for row in now]
            mean = sum(amounts) / sum(pupils)
            pairs = zip(pupils, amounts, strict=True)
            spread = sum(one / sum(pupils) * (amount / one - mean) ** 2 for one, amount in pairs)
            found[section, item] = math.sqrt(spread) / mean
    return between - begun, time.perf_counter() - between, found


def _amount(value: object) -> float:
    return float(str(value))


def _title(name: str) -> str:
    return SchoolStatistics.model_fields[name].title or name


def _items() -> tuple[str, ...]:
    return tuple(item.code for item in standards()["basic"].items)


PEERS: Mapping[str, Callable[[Path], tuple[float, float, Coefficients]]] = {
    "pandas": lambda path: by_pandas(path, "openpyxl"),
    "pandas+calamine": lambda path: by_pandas(path, "calamine"),
    "openpyxl": by_openpyxl,
}


def _agreeing(
    name: str,
    peer: Callable[[Path], tuple[float, float, Coefficients]],
    workbook: Path,
    ours: Coefficients,
) -> tuple[float, float]:
    """The peer's seconds of reading and computing, once its coefficients are known to be ours."""
    read, computed, found = peer(workbook)
    if found.keys() != ours.keys() or any(
        not math.isclose(found[key], ours[key], rel_tol=1e-9) for key in found
    ):
        raise AssertionError(f"与 {name} 算出的差异系数不一致")
    return read, computed
