"""The heads of the layouts: what stands above the text (clauses 7.2, 10.1–10.3)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dujian_docs.documents.genre_plan import Layout
from dujian_docs.documents.layout import blank, form, paragraph, run, tag
from dujian_docs.documents.styles import JOINT_WIDTH, KAI_RUN, TEXT_WIDTH, spacing

ORDER_ROOM = 892
"""The first line of an order, measured to put the ink of its 标志 20 mm below the top of the text area."""
JOINT_ROOM = 136
"""Measured to put the ink of the first office 35 mm below the top of the text area."""


def _marks(room: int = 0) -> list[str]:
    """份号, 密级, 紧急程度: three lines, empty where there is none; ``room`` below them in twips."""
    return [
        paragraph("份号", run("{{ copy_number }}")),
        paragraph("密级", run("{{ secrecy }}")),
        paragraph("密级", run("{{ urgency }}"), properties=spacing(after=room)),
    ]


def _red_head(*number: str) -> list[str]:
    return [
        *_marks(),
        paragraph("发文机关标志", run("{{ letterhead }}")),
        *(blank() for _ in range(2)),
        *number,
        blank("红线下空行"),
        blank(),
    ]


def _upward() -> list[str]:
    names = "{{ signer }}{% for name in cosigners %}　{{ name }}{% endfor %}"
    signer = run(names, style=KAI_RUN)
    return _red_head(paragraph("上行文字号", _tab(), run("{{ number }}"), _tab(), run("签发人："), signer))


def _joint() -> list[str]:
    """The offices stand one below the other, the main one first, 文件 to their right in the middle."""
    left = JOINT_WIDTH
    offices = (
        tag("{%p for office in offices %}")
        + paragraph("联合发文机关", run("{{ office }}"))
        + tag("{%p endfor %}")
    )
    word = paragraph("联合发文机关", run("文件"), properties='<w:jc w:val="center"/>')
    return [
        *_marks(JOINT_ROOM),
        form([[(offices, left), (word, TEXT_WIDTH - left)]], TEXT_WIDTH, ruled=False),
        *(blank() for _ in range(2)),
        paragraph("发文字号", run("{{ number }}")),
        blank("红线下空行"),
        blank(),
    ]


def _letter() -> list[str]:
    return [
        paragraph("信函字号", run("{{ copy_number }}"), _tab(), run("{{ number }}")),
        paragraph("密级", run("{{ secrecy }}")),
        paragraph("密级", run("{{ urgency }}")),
        blank(),
    ]


def _order() -> list[str]:
    return [
        paragraph("公文正文", properties=spacing(line=ORDER_ROOM)),
        paragraph("发文机关标志", run("{{ letterhead }}")),
        *(blank() for _ in range(2)),
        paragraph("令号", run("{{ number }}")),
        *(blank() for _ in range(2)),
    ]


def _tab() -> str:
    return "<w:r><w:tab/></w:r>"


HEADS: Mapping[Layout, Callable[[], list[str]]] = {
    Layout.RED_HEAD: lambda: _red_head(paragraph("发文字号", run("{{ number }}"))),
    Layout.UPWARD: _upward,
    Layout.JOINT: _joint,
    Layout.LETTER: _letter,
    Layout.MINUTES: lambda: _red_head(paragraph("发文字号", run("{{ number }}"))),
    Layout.ORDER: _order,
    Layout.PLAIN: list,
}
"""What makes the head of each layout."""
