"""The workbook's sheets of balance: raw data, coefficients by live formulas, every school by the levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from dujian_docs.evaluation.figures import UNDETERMINED
from dujian_docs.evaluation.holdings import title_of
from dujian_docs.evaluation.outcome import Evaluation, SectionBalance
from dujian_docs.evaluation.sheets import Live, Shown, Table, agreement, finished, heading, known, span

_FIRST = 5
"""The row of the first school on a sheet of raw data."""
_LEVELS = 5
"""The row of the levels on a sheet of schools."""


def _raw_name(section: str) -> str:
    return f"原始数据·{section}"


class RawData:
    """The schools' numbers of a section, and where they lie: once, however many standards look at them."""

    def __init__(self, section: str, sections: Sequence[SectionBalance]) -> None:
        self.section = section
        self.held = {
            code: held
            for one in sections
            if one.balance.section == section
            for code, held in one.holdings.items()
        }
        self._fields = tuple(self.held)
        self.count = len(self.held[self._fields[0]])

    @property
    def name(self) -> str:
        """What the sheet is called."""
        return f"原始数据·{self.section}"

    def cells(self, field: str) -> str:
        """The column of a field, or of the pupils."""
        return span(self.name, self._column(field), _FIRST, _FIRST + self.count - 1)

    def cell(self, field: str, at: int) -> str:
        """One school's cell."""
        return f"'{self.name}'!{get_column_letter(self._column(field))}{_FIRST + at}"

    def _column(self, field: str) -> int:
        return 3 if field == "pupils" else 4 + self._fields.index(field)


def write_raw(book: Workbook, raw: RawData, found: Evaluation) -> None:
    """The sheet of the raw data is in the book."""
    sheet = book.create_sheet(raw.name)
    title = f"原始数据（{raw.section}，{found.school_year} 学年）"
    heading(sheet, title, "一贯制学校共用的已按学段拆分；空格是缺的数")
    heads = (("学校", 28.0), ("代码", 10.0), (title_of("pupils"), 11.0))
    table = Table(sheet, (*heads, *((title_of(field), 13.0) for field in raw.held)), row=_FIRST - 1)
    for one in zip(*raw.held.values(), strict=True):
        table.add(
            one[0].school,
            found.codes.get(one[0].school, ""),
            one[0].pupils,
            *(Shown(each.amount, _number_format(each.amount)) for each in one),
        )
    finished(sheet, freeze=f"D{_FIRST}")


def _number_format(amount: float | None) -> str:
    return "0" if amount is None or float(amount).is_integer() else "0.00"


def write_coefficients(
    book: Workbook, sections: Sequence[SectionBalance], raws: Mapping[str, RawData]
) -> str:
    """Means, deviations and coefficients; returns where it says whether they agree."""
    sheet = book.create_sheet("差异系数")
    heading(
        sheet,
        "校际差异系数",
        "均值＝Σ总量÷Σ在校生；标准差按在校生加权；差异系数＝标准差÷均值；综合＝各项的平均",
    )
    table = Table(
        sheet,
        (
            *(("口径", 17.0), ("指标", 36.0), ("均值", 11.0), ("均值（公式）", 11.0)),
            *(("标准差", 11.0), ("标准差（公式）", 11.0), ("差异系数", 10.0), ("差异系数（公式）", 10.0)),
            *(("核对", 8.0), ("上限", 7.0), ("判定（公式）", 10.0), ("拉开差距最大的学校", 34.0)),
        ),
        row=4,
    )
    first = table.row
    for section in sections:
        _section_rows(table, section, raws[section.balance.section])
    finished(sheet, freeze="C5")
    return span(sheet.title, 9, first, table.row - 1)


def _section_rows(table: Table, section: SectionBalance, raw: RawData) -> None:
    made = section.balance
    limit = made.standard.limits[made.section]
    each = made.standard.rule == "each"
    name = f"{made.standard.title}·{made.section}"
    pupils, top = raw.cells("pupils"), table.row
    for item in made.standard.items:
        amounts, row = raw.cells(item.code), table.row
        unknown = (
            f"OR(COUNT({pupils})<{raw.count},COUNT({amounts})<{raw.count},SUM({pupils})=0,SUM({amounts})=0,"
            f"SUMPRODUCT(({pupils}=0)*({amounts}>0))>0)"
        )
        squares = f"SUMPRODUCT({pupils},({item.per}*{amounts}/({pupils}+({pupils}=0))-D{row})^2)"
        one = made.disparities[item.code]
        told = one.cv.value is not None
        table.add(
            name,
            item.title,
            known(item.per * one.mean if told else None),
            Live(f'IF({unknown},"{UNDETERMINED}",{item.per}*SUM({amounts})/SUM({pupils}))'),
            known(item.per * one.deviation if told else None),
            Live(f'IF(ISNUMBER(D{row}),SQRT({squares}/SUM({pupils})),"{UNDETERMINED}")'),
            known(one.cv.value),
            Live(f'IF(ISNUMBER(D{row}),F{row}/D{row},"{UNDETERMINED}")'),
            agreement(f"G{row}", f"H{row}"),
            limit if each else None,
            _judged(f"H{row}", f"J{row}") if each else None,
            f"{one.pulls[0].school}（占 {one.pulls[0].share:.0%}）" if one.pulls else one.cv.reason,
        )
        for column in "CEG":
            table.sheet[f"{column}{row}"].number_format = "0.0000"
    last = table.row - 1
    row = table.row
    mean = f'IF(COUNT(H{top}:H{last})<{len(made.standard.items)},"{UNDETERMINED}",AVERAGE(H{top}:H{last}))'
    table.add(
        name, "综合差异系数", None, None, None, None, known(made.composite.value), Live(mean),
        agreement(f"G{row}", f"H{row}"), None if each else limit,
        None if each else _judged(f"H{row}", f"J{row}"), None,
    )  # fmt: skip
    table.sheet[f"G{row}"].number_format = "0.0000"


def _judged(value: str, limit: str) -> Live:
    return Live(f'IF(ISNUMBER({value}),IF(ROUND({value},9)<={limit},"达标","未达标"),"{UNDETERMINED}")', "@")


def write_schools(book: Workbook, section: SectionBalance, raw: RawData) -> str:
    """Every school against the levels; returns where it says whether the verdicts agree."""
    made = section.balance
    sheet = book.create_sheet(f"每校达标·{made.section}")
    standard = made.standard
    heading(
        sheet,
        f"每校达标情况（{standard.title}·{made.section}）",
        f"至少 {standard.items_to_reach} 项达到标准，其余不低于标准的 {standard.least_share:.0%}",
    )
    heads = [("学校", 28.0), *((item.title, 14.0) for item in standard.items)]
    table = Table(sheet, [*heads, ("达到项数", 8), ("判定", 10), ("判定（公式）", 10), ("核对", 8)], row=4)
    levels = [item.levels[made.section] for item in standard.items]
    table.add("标准", *levels, None, None, None, None)
    end = get_column_letter(len(levels) + 1)
    marks = f"$B${_LEVELS}:${end}${_LEVELS}"
    reached, ours, theirs = (get_column_letter(len(levels) + at) for at in (2, 3, 4))
    for at, school in enumerate(made.schools):
        row = table.row
        values = f"B{row}:{end}{row}"
        low = f"SUMPRODUCT(--(ROUND({values}/{marks},9)<{standard.least_share}))"
        enough = f"AND({reached}{row}>={standard.items_to_reach},{low}=0)"
        count = f"SUMPRODUCT(--(ROUND({values},9)>={marks}))"
        table.add(
            school.school,
            *(_per_pupil(raw, item.code, item.per, at) for item in standard.items),
            Live(f'IF(COUNT({values})<{len(levels)},"{UNDETERMINED}",{count})', "0"),
            school.verdict.word,
            Live(f'IF(ISNUMBER({reached}{row}),IF({enough},"达标","未达标"),"{UNDETERMINED}")', "@"),
            agreement(f"{ours}{row}", f"{theirs}{row}"),
        )
    finished(sheet, freeze="B6")
    return span(sheet.title, len(levels) + 5, _LEVELS + 1, table.row - 1)


def _per_pupil(raw: RawData, field: str, per: int, at: int) -> Live:
    pupils, amount = raw.cell("pupils", at), raw.cell(field, at)
    return Live(
        f'IF(COUNT({pupils},{amount})<2,"{UNDETERMINED}",IF({pupils}=0,"{UNDETERMINED}",'
        f"{per}*{amount}/{pupils}))",
        "0.00",
    )
