"""trace."""

from __future__ import annotations

from collections.abc import Iterator

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.console import GAPS_REMAIN, Outcome, Session, Verb
from dujian_docs.cli.differing import difference_data, difference_lines
from dujian_docs.cli.opening import opened
from dujian_docs.documents import FileState, Trace, TracedOrigin
from dujian_docs.readiness.display import fitted, shown

_WIDE = 72


@click.command(cls=Verb)
@click.argument("word", metavar="文件、文号或来源记录")
@click.option("--internal", is_flag=True, help="由保密记录生成的也给看，只供本室内部用")
@click.pass_obj
def trace(session: Session, word: str, internal: bool) -> Outcome:
    """一份发出去的公文，每一项内容出自哪条记录的哪一版，哪些是手填的；来源记录或文件后来改过的逐处列出。

    有改过的，退出码为 3。
    """
    with opened(session) as office:
        found = verbs.trace(office, word, internal=internal)
    return Outcome(_data(found), "\n".join(_lines(found)), status=0 if found.sound else GAPS_REMAIN)


def _lines(found: Trace) -> Iterator[str]:
    document = found.document
    yield f"{found.number}《{shown(document.title)}》（{document.genre}）"
    day = f"，成文日期 {document.doc_date:%Y-%m-%d}" if document.doc_date else ""
    yield f"按{found.found_by}认出{day}；文件{found.state.value}"
    if found.void_reason:
        yield f"这个号已经作废（{shown(found.void_reason)}）"
    yield from (f"{copy.form.value}：{shown(copy.path)}" for copy in found.copies)
    for value in found.values:
        hand = "　【手填】" if value.by_hand else ""
        text = "；".join(value.value.texts)
        yield f"{value.value.label}：{fitted(shown(text), _WIDE).rstrip()}{hand}"
        for one in value.origins:
            yield from _origin_lines(one)
    if found.edits:
        yield "文件里改过的地方（- 签发时，+ 现在）："
        yield from difference_lines(found.edits)
    elif found.state is FileState.EDITED:
        yield "文字没有变，变的是格式或别的内容。"


def _origin_lines(one: TracedOrigin) -> Iterator[str]:
    origin = one.origin
    version = f"　第 {origin.version} 版" if origin.version else ""
    part = f"　{shown(origin.part)}" if origin.part else ""
    yield f"    {origin.source}　{shown(origin.place)}{part}{version}"
    change = one.change
    if change is None:
        return
    what = "已被删除" if change.deleted else f"现在是第 {change.version} 版"
    yield f"      ！后来改过：{what}（{shown(change.author)}，{change.at.astimezone():%Y-%m-%d %H:%M}）"
    if change.withheld:
        yield f"        改成了什么属保密内容；{verbs.FOR_THE_OFFICE}"
    for field in change.changes:
        yield f"        {field.label}：{shown(field.before) or '（空）'} → {shown(field.after) or '（空）'}"


def _data(found: Trace) -> dict[str, object]:
    return {
        "document_number": str(found.number),
        "title": found.document.title,
        "genre": found.document.genre,
        "record": found.document.record,
        "sha256": found.document.sha256,
        "file": found.state.name.lower(),
        "found_by": found.found_by,
        "sound": found.sound,
        "void_reason": found.void_reason,
        "copies": [{"form": copy.form.value, "path": copy.path} for copy in found.copies],
        "values": [
            {
                "label": value.value.label,
                "texts": list(value.value.texts),
                "by_hand": value.by_hand,
                "changed": value.changed,
                "origins": [_origin_data(one) for one in value.origins],
            }
            for value in found.values
        ],
        "edits": difference_data(found.edits),
    }


def _origin_data(one: TracedOrigin) -> dict[str, object]:
    told: dict[str, object] = one.origin.model_dump(mode="json")
    if one.change is not None:
        told["since"] = {
            "version": one.change.version,
            "at": one.change.at.isoformat(),
            "author": one.change.author,
            "deleted": one.change.deleted,
            "withheld": one.change.withheld,
            "changes": [
                {"field": field.field, "label": field.label, "before": field.before, "after": field.after}
                for field in one.change.changes
            ],
        }
    return told


VERBS = (trace,)
