"""The paper lists of a package as .docx: an inner list for each box and the gap statement.

Equal inputs give equal bytes: the document's dates and its zip's times are the plan's.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from copy import deepcopy
from datetime import UTC

from docx import Document
from docx.document import Document as Docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.table import Table, _Cell
from docx.text.run import Run

from dujian_docs.dossier.model import DossierPlan, ListLine, Row, StoredFile, Volume, state_label
from dujian_docs.dossier.names import printable
from dujian_docs.filing.states import ExpectationState
from dujian_docs.wording import chinese_date

INNER_LIST_COLUMNS = (
    ("序号", 11),
    ("文号", 25),
    ("责任者", 25),
    ("题名", 44),
    ("日期", 21),
    ("页数", 11),
    ("备注", 19),
    ("所属指标", 18),
)
"""Titles and widths in mm; the columns of an inner list and, at the end, the indicator."""
_GAP_COLUMNS = (("序号", 11), ("应备件", 49), ("单位", 27), ("年份", 14), ("情况", 39), ("怎么办", 34))
_LEFT_OUT_COLUMNS = (("序号", 11), ("档案里的文件", 62), ("用于", 50), ("原因", 51))
_NOT_MERGED_COLUMNS = (("序号", 11), ("包内位置", 108), ("原因", 55))
_MARGIN_MM = 18
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def line_cells(line: ListLine, file: StoredFile, pages: Mapping[str, int]) -> tuple[str, ...]:
    """The cells of one line in the order of ``INNER_LIST_COLUMNS``; unknown ones empty, never guessed."""
    about = file.description
    count = pages.get(file.path) or file.page_count
    return (
        str(line.number),
        about.document_number,
        about.responsible,
        about.title,
        chinese_date(about.day) if about.day else "",
        str(count) if count else "",
        line.note,
        line.belongs,
    )


def inner_list(volume: Volume, plan: DossierPlan, pages: Mapping[str, int]) -> bytes:
    """The inner list (卷内目录) of one box; ``pages`` gives page counts by path in the package."""
    paper = _paper(f"卷内目录　{volume.code} {volume.title}", plan)
    _heading(paper, "卷内目录")
    _line(paper, f"{volume.code} {volume.title}（{volume.parent_code} {volume.parent_title}）", centred=True)
    stored = {file.path: file for file in plan.files}
    rows = [line_cells(line, stored[line.path], pages) for line in volume.lines]
    if rows:
        _table(paper, INNER_LIST_COLUMNS, rows)
    else:
        _line(paper, "本卷暂无材料，所缺材料见“缺件说明”。")
    _signed(paper, plan, f"共 {len(rows)} 件。")
    return _bytes(paper)


def gap_statement(plan: DossierPlan, not_merged: Sequence[tuple[str, str]]) -> bytes:
    """The gap statement (缺件说明): what is lacking and why, what was left out, what is not in the volume."""
    paper = _paper("缺件说明", plan)
    _heading(paper, "缺件说明")
    _line(paper, plan.title, centred=True)
    _line(paper, _summary(plan))
    for state in ExpectationState:
        rows = [row for row in plan.gaps if row.state is state]
        if rows:
            _line(paper, f"{state_label(state)}（{len(rows)} 项）", bold=True)
            _table(paper, _GAP_COLUMNS, [_gap_cells(number, row) for number, row in enumerate(rows, start=1)])
    if plan.not_included:
        _line(paper, f"打包时没有收入的文件（{len(plan.not_included)} 个）", bold=True)
        left_out = [
            (str(number), one.source, "；".join(use.label for use in one.uses), one.reason)
            for number, one in enumerate(plan.not_included, start=1)
        ]
        _table(paper, _LEFT_OUT_COLUMNS, left_out)
    if not_merged:
        _line(paper, f"在包内、但没有合入合订本的文件（{len(not_merged)} 个）", bold=True)
        cells = [(str(number), path, reason) for number, (path, reason) in enumerate(not_merged, start=1)]
        _table(paper, _NOT_MERGED_COLUMNS, cells)
    _signed(paper, plan)
    return _bytes(paper)


def _summary(plan: DossierPlan) -> str:
    total, lacking = len(plan.rows), len(plan.gaps)
    if not total:
        return "这个范围里没有应备件。"
    if not lacking and not plan.not_included:
        return f"应备 {total} 项，全部齐备。"
    if not lacking:
        return f"应备 {total} 项，核验时都有，但有 {len(plan.not_included)} 个文件没能收入，见下。"
    said = [f"{state_label(state)} {count} 项" for state, count in plan.counts().items() if count]
    unconfirmed = plan.counts()[ExpectationState.SUGGESTED]
    extra = "“未确认”是程序认为可能对应、还没有人确认的文件，没有收入迎检包。" if unconfirmed else ""
    return f"应备 {total} 项，其中{'、'.join(said)}。{extra}"


def _gap_cells(number: int, row: Row) -> tuple[str, ...]:
    reason = "；".join((row.reason, *row.other_candidates))
    use = row.use
    return (
        str(number),
        f"{use.required_file} {use.required_title}",
        use.unit_name,
        str(use.year),
        reason,
        row.next_step,
    )


def _paper(title: str, plan: DossierPlan) -> Docx:
    paper = Document()
    section = paper.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(_MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(20)
    style = paper.styles["Normal"]
    style.font.name, style.font.size = "宋体", Pt(10.5)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    style.paragraph_format.space_after = Pt(4)
    core = paper.core_properties
    core.title, core.author, core.last_modified_by = title, plan.made_by or "dujian-docs", "dujian-docs"
    made_at = plan.made_at if plan.made_at.tzinfo is None else plan.made_at.astimezone(UTC)
    core.created = core.modified = made_at.replace(tzinfo=None)
    core.comments, core.language = "", "zh-CN"
    return paper


def _heading(paper: Docx, text: str) -> None:
    paragraph = paper.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _font(paragraph.add_run(text), "黑体", 18)


def _line(paper: Docx, text: str, *, centred: bool = False, bold: bool = False) -> None:
    paragraph = paper.add_paragraph()
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if bold:
        paragraph.paragraph_format.space_before = Pt(10)
        paragraph.paragraph_format.keep_with_next = True
    _font(paragraph.add_run(printable(text)), "黑体" if bold else "宋体", 12)


def _signed(paper: Docx, plan: DossierPlan, before: str = "") -> None:
    _line(paper, f"{before}{plan.made_by}　{chinese_date(plan.made_at.date())}")
    paper.paragraphs[-1].paragraph_format.space_before = Pt(10)


def _font(run: Run, name: str, points: float) -> None:
    run.font.name, run.font.size = name, Pt(points)
    fonts = run._element.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001 - python-docx knows no East Asian font
    fonts.set(qn("w:eastAsia"), name)


def _table(paper: Docx, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[str]]) -> None:
    table = paper.add_table(rows=2, cols=len(columns), style="Table Grid")
    table.autofit = False
    for column, (_, width) in zip(table.columns, columns, strict=True):
        column.width = Mm(width)
    _fill(table.rows[0].cells, columns, name="黑体")
    _fill(table.rows[1].cells, columns, name="宋体")
    _repeated(table)
    pattern = table.rows[1]._tr  # noqa: SLF001 - copying a row is twenty times as fast as adding one
    for row in rows:
        copy = deepcopy(pattern)
        for place, text in zip(copy.iter(qn("w:t")), row, strict=True):
            place.text = printable(text)
            place.set(_SPACE, "preserve")
        pattern.addprevious(copy)
    pattern.getparent().remove(pattern)


def _fill(cells: Sequence[_Cell], columns: Sequence[tuple[str, int]], *, name: str) -> None:
    """Each cell holds its column's title, set as the column is."""
    for cell, (title, width) in zip(cells, columns, strict=True):
        cell.width = Mm(width)
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
        if name == "黑体" or title in {"序号", "页数", "年份"}:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        _font(paragraph.add_run(title), name, 10)


def _repeated(table: Table) -> None:
    """The first row stands at the head of every page."""
    mark = OxmlElement("w:tblHeader")
    table.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - python-docx has no repeated header row


def _bytes(paper: Docx) -> bytes:
    """The document with fixed times in its zip, so that equal documents are equal files."""
    raw, fixed = io.BytesIO(), io.BytesIO()
    paper.save(raw)
    with zipfile.ZipFile(raw) as before, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as after:
        for member in before.infolist():
            entry = zipfile.ZipInfo(member.filename, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            after.writestr(entry, before.read(member))
    return fixed.getvalue()
