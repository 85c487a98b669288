"""The templates that come with the program, as sequences of shapes; run as a script it writes them anew.

python -m dujian_docs.documents.blueprints            (into templates/)
python -m dujian_docs.documents.blueprints FOLDER
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from dujian_docs.documents.layout import blank, colophon, fill, paragraph, run, table
from dujian_docs.documents.rendering import reproducible
from dujian_docs.documents.styles import KAI_RUN, TEXT_WIDTH, blank_document

MADE = datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed mark in a file, no moment
"""Written into the templates, so that building them twice gives the same bytes."""


def template_of(genre: str) -> bytes:
    """The template of a shipped genre, by the name of its folder."""
    document = blank_document(MADE)
    document.core_properties.title = "{{ title }}"
    document.core_properties.author = "{{ issuer }}"
    fill(document, BLUEPRINTS[genre]())
    buffer = io.BytesIO()
    document.save(buffer)
    return reproducible(buffer.getvalue())


def _head() -> list[str]:
    """版头 and 标题: three lines for 份号, 密级, 紧急程度, then 标志, and 发文字号 over the red rule."""
    return [
        *(blank() for _ in range(3)),
        paragraph("发文机关标志", run("{{ letterhead }}")),
        *(blank() for _ in range(2)),
        paragraph("发文字号", run("{{ number }}")),
        blank("红线下空行"),
        blank(),
        paragraph("公文标题", run("{{ title }}")),
        blank(),
        paragraph("主送机关", run("{{ main_to }}：")),
    ]


def _tail(*annexes: str) -> list[str]:
    """附件说明 where there are annexes, 署名, 成文日期 and 附注."""
    named = [
        paragraph("附件说明", run(f"{'附件：' if number == 1 else ''}{number}.{title}"))
        for number, title in enumerate(annexes, start=1)
    ]
    return [
        *([blank("署名前空行"), *named] if named else []),
        blank("署名前空行"),
        paragraph("公文正文", run("{%p if sealed %}")),
        blank("署名前空行"),
        paragraph("公文正文", run("{%p endif %}")),
        paragraph("署名", run("{{ issuer }}")),
        paragraph("成文日期", run("{{ doc_date }}")),
        paragraph("附注", run("（联系人：{{ contact }}，联系电话：{{ phone }}）")),
    ]


def _colophon() -> str:
    return colophon("抄送：{{ cc }}。", "{{ printer }}", "{{ print_date }}印发")


def _annex(number: int, title: str) -> list[str]:
    """The head of an annex: 附件n on line 1, its title on line 3, of a new page."""
    return [
        paragraph("附件标号", run(f"附件{number}")),
        blank("附件空行"),
        paragraph("附件标题", run(title)),
        blank("附件空行"),
    ]


def _heading(text: str) -> str:
    return paragraph("一级标题", run(text))


def _items(field: str) -> list[str]:
    """Level-two items （一）…, the first sentence of each in 楷体."""
    return [
        paragraph("公文正文", run(f"{{%p for item in {field} %}}")),
        paragraph(
            "公文正文", run("（{{ item.number }}）{{ item.head }}", style=KAI_RUN), run("{{ item.rest }}")
        ),
        paragraph("公文正文", run("{%p endfor %}")),
    ]


def _notice_inspection() -> list[str]:
    plan, materials = "督导组成员及日程安排", "需准备的材料清单"
    return [
        *_head(),
        paragraph("公文正文", run("{{ opening }}")),
        _heading("一、督导时间"),
        paragraph("公文正文", run("{{ period }}。")),
        _heading("二、督导对象"),
        paragraph("公文正文", run("{{ targets }}。")),
        _heading("三、督导内容"),
        *_items("contents"),
        _heading("四、督导方式"),
        *_items("methods"),
        _heading("五、分组及日程"),
        paragraph("公文正文", run("{{ team }}")),
        _heading("六、有关要求"),
        *_items("requirements"),
        *_tail(plan, materials),
        *_annex(1, plan),
        paragraph("附表标题", run("一、督导组成员")),
        table(
            (
                ("职责", 1200, "{{ row.role }}", "表格居中文字"),
                ("姓名", 1645, "{{ row.name }}", "表格居中文字"),
                ("单位及职务", TEXT_WIDTH - 2845, "{{ row.post }}", "表格文字"),
            ),
            "team_members",
        ),
        paragraph("附表标题", run("二、日程安排")),
        table(
            (
                ("次序", 900, "{{ row.number }}", "表格居中文字"),
                ("时间", 2500, "{{ row.day }}", "表格居中文字"),
                ("督导对象", TEXT_WIDTH - 3400, "{{ row.target }}", "表格文字"),
            ),
            "schedule",
        ),
        *_annex(2, materials),
        table(
            (
                ("序号", 900, "{{ row.number }}", "表格居中文字"),
                ("材料名称", TEXT_WIDTH - 2700, "{{ row.name }}", "表格文字"),
                ("备注", 1800, "", "表格文字"),
            ),
            "materials",
        ),
        _colophon(),
    ]


def _notice_chasing() -> list[str]:
    annex = "未齐材料清单"
    return [
        *_head(),
        paragraph("公文正文", run("{{ opening }}")),
        _heading("一、未齐材料"),
        paragraph("公文正文", run("{{ summary }}")),
        *_items("kinds"),
        _heading("二、报送要求"),
        *_items("requirements"),
        _heading("三、报送时限"),
        paragraph("公文正文", run("{{ deadline_sentence }}")),
        *_single_annex_tail(annex),
        paragraph("附件标号", run("附件")),
        blank("附件空行"),
        paragraph("附件标题", run(annex)),
        blank("附件空行"),
        table(
            (
                ("序号", 740, "{{ row.number }}", "表格居中文字"),
                ("编号", 1130, "{{ row.code }}", "表格居中文字"),
                ("材料名称", 2900, "{{ row.title }}", "表格文字"),
                ("年份", 780, "{{ row.year }}", "表格居中文字"),
                ("状态", 1180, "{{ row.state }}", "表格居中文字"),
                ("办理要求", TEXT_WIDTH - 6730, "{{ row.next_step }}", "表格文字"),
            ),
            "gaps",
        ),
        _colophon(),
    ]


def _decision_accountability() -> list[str]:
    return [
        *_head(),
        _heading("一、基本情况"),
        paragraph("公文正文", run("{{ situation }}")),
        _heading("二、问责事实"),
        *_items("facts"),
        _heading("三、问责依据"),
        *_items("basis"),
        _heading("四、问责决定"),
        paragraph("公文正文", run("{{ decision }}")),
        _heading("五、生效和救济"),
        paragraph("公文正文", run("{{ effective }}{{ remedy }}")),
        *_tail(),
        _colophon(),
    ]


def _single_annex_tail(title: str) -> list[str]:
    """One annex has no number (附件：名称)."""
    return [text.replace(run(f"附件：1.{title}"), run(f"附件：{title}")) for text in _tail(title)]


BLUEPRINTS: Mapping[str, Callable[[], list[str]]] = {
    "notice_inspection": _notice_inspection,
    "notice_chasing": _notice_chasing,
    "decision_accountability": _decision_accountability,
}


def main(arguments: list[str]) -> None:
    """Writes every shipped template into its folder, replacing what is there."""
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[2] / "templates"
    for genre in BLUEPRINTS:
        (root / genre).mkdir(parents=True, exist_ok=True)
        (root / genre / "template.docx").write_bytes(template_of(genre))


if __name__ == "__main__":
    main(sys.argv[1:])
