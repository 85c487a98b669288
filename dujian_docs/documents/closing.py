"""What stands below the text: 附件说明, 署名, 成文日期, 附注, annexes and 版记 (clauses 7.3.4–7.4)."""

from __future__ import annotations

from dujian_docs.documents.body import body
from dujian_docs.documents.genre_plan import Layout
from dujian_docs.documents.layout import (
    blank,
    colophon,
    letter_colophon,
    paragraph,
    run,
    section_end,
    tag,
)
from dujian_docs.documents.outline import SIGN, Annex, Outline
from dujian_docs.documents.styles import BOTTOM, HEI, KAI_RUN, PAGE_HEIGHT, TEXT_WIDTH, TOP, faces

LANDSCAPE_WIDTH = PAGE_HEIGHT - TOP - BOTTOM
SEAL_LINES = 3
"""Between two offices: a seal is 42 mm across, four lines."""
ATTENDANCE = (("出席", "present"), ("请假", "absent"), ("列席", "observers"))


def tail(outline: Outline, layout: Layout, fields: frozenset[str]) -> list[str]:
    """附件说明, 署名, 成文日期, 附注, annexes, 版记."""
    titles = [annex.title for annex in outline.annexes]
    numbered = len(titles) > 1
    named = [
        paragraph(
            "附件说明",
            run(f"{'附件：' if number == 1 else ''}{f'{number}.' if numbered else ''}{title}"),
        )
        for number, title in enumerate(titles, start=1)
    ]
    tail = [*([blank("署名前空行"), *named] if named else [])]
    if "attendance" in outline.words:
        tail += _attendance()
    if not {"nosign", SIGN} & outline.words:
        tail += signature(layout, fields)
    tail += [paragraph("附注", run(note)) for note in outline.notes]
    if "note" in fields:
        tail += [
            tag("{%p if note %}"),
            paragraph("附注", run("（{{ note }}）")),
            tag("{%p endif %}"),
        ]
    wide, letter = "landscape" in outline.words, layout is Layout.LETTER
    for number, annex in enumerate(outline.annexes, start=1):
        if annex.landscape != wide:  # a section ends with a paragraph that says how it was laid out
            tail.append(section_end(landscape=wide, letter=letter))
            wide = annex.landscape
        tail += _annex(f"附件{number}" if numbered else "附件", annex)
    if wide and has_colophon(layout):
        tail.append(section_end(landscape=wide))
    if letter:
        tail.append(letter_colophon("抄送：{{ cc }}。"))
    elif has_colophon(layout):
        tail.append(colophon("抄送：{{ cc }}。", "{{ printer }}", "{{ print_date }}印发"))
    return tail


def has_colophon(layout: Layout) -> bool:
    """Whether a 版记 ends the document, on an upright page."""
    return layout is not Layout.PLAIN


def _attendance() -> list[str]:
    """出席, 请假 and 列席, each where there is anybody, a blank line below the text (clause 10.3)."""
    found = [blank()]
    for label, field in ATTENDANCE:
        mark = f"<w:r><w:rPr>{faces(HEI, latin=HEI)}</w:rPr><w:t>{label}：</w:t></w:r>"
        found += [
            tag(f"{{%p if {field} %}}"),
            paragraph("出席人员", mark, run(f"{{{{ {field} }}}}")),
            tag("{%p endif %}"),
        ]
    return found


def signature(layout: Layout, fields: frozenset[str]) -> list[str]:
    """署名 and 成文日期 as the layout has them; nothing in minutes (clause 10.3)."""
    if layout is Layout.ORDER:
        signed = run("{{ sign_title }}　"), run("{{ signer }}", style=KAI_RUN)
        return [
            *(blank("署名前空行") for _ in range(2)),
            paragraph("签名章", *signed),
            blank("署名前空行"),
            paragraph("成文日期", run("{{ doc_date }}")),
        ]
    if layout is Layout.MINUTES:
        return []
    if layout is Layout.JOINT:
        return _joint_signature()
    before = [blank("署名前空行")]
    if "sealed" in fields:
        before += [
            tag("{%p if sealed %}"),
            blank("署名前空行"),
            tag("{%p endif %}"),
        ]
    return [
        *before,
        paragraph("署名", run("{{ issuer }}")),
        paragraph("成文日期", run("{{ doc_date }}")),
    ]


def _joint_signature() -> list[str]:
    """The offices one below the other, the main one first, room for a seal on each (clause 7.3.5)."""
    room = [
        tag("{%p if sealed %}"),
        *(blank("署名前空行") for _ in range(SEAL_LINES)),
        tag("{%p endif %}"),
    ]
    return [
        blank("署名前空行"),
        tag("{%p for office in offices %}"),
        *room,
        paragraph("署名", run("{{ office }}")),
        tag("{%p endfor %}"),
        paragraph("成文日期", run("{{ doc_date }}")),
    ]


def _annex(mark: str, annex: Annex) -> list[str]:
    """The head of an annex: 附件n on line 1, its title on line 3, of a new page."""
    return [
        paragraph("附件标号", run(mark)),
        blank("附件空行"),
        paragraph("附件标题", run(annex.title)),
        blank("附件空行"),
        *body(annex.blocks, width=LANDSCAPE_WIDTH if annex.landscape else TEXT_WIDTH),
    ]
