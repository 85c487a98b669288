"""Reading a template's tags: what it may say is a short list, and every name must be a declared field.

A tag may print a text, loop over a list or a table, and ask whether a field is there or equals a text. It may
not calculate, call, or reach into objects; so a template cannot run away, and rendering needs no cage of its
own (docs/adr/0003-rendering-sandbox.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from jinja2 import nodes

from dujian_docs.documents.fields import Field, FieldKind

LOOP_WORDS = frozenset({"index", "first", "last", "length"})
DEEPEST_LOOP = 1
"""A loop in a loop would make the work grow with the square of the rows."""
_PLAIN_TAG = re.compile(
    r"\{\{-?\s*\w+(\.\w+)?\s*-?\}\}"
    r"|\{%-?\s*((p|tr|tc)\s+)?(for\s+\w+\s+in\s+\w+|(if|elif)\s[^()|*+/~%\[\]]*|else|endif|endfor)\s*-?%\}"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """Something a template says that it may not say: the word to look for, and why."""

    word: str
    reason: str
    advice: str


@dataclass(frozen=True, slots=True)
class _Scope:
    """The names that may be used at a place: declared fields, and the rows of the loops around it."""

    fields: Mapping[str, Field]
    rows: Mapping[str, Field]
    depth: int = 0


def faults_of(tree: nodes.Template, fields: Sequence[Field]) -> tuple[Fault, ...]:
    """Everything the template may not say, in order; empty when it is sound."""
    return tuple(_walk(tree.body, _Scope({field.name: field for field in fields}, {})))


def _walk(body: Sequence[nodes.Node], scope: _Scope) -> Iterator[Fault]:
    for node in body:
        match node:
            case nodes.Output():
                for child in node.nodes:
                    if not isinstance(child, nodes.TemplateData):
                        yield from _printed(child, scope)
            case nodes.If():
                yield from _asked(node.test, scope)
                for part in (node.body, node.elif_, node.else_):
                    yield from _walk(part, scope)
            case nodes.For():
                yield from _looped(node, scope)
            case _:
                yield _not_allowed()


def _looped(node: nodes.For, scope: _Scope) -> Iterator[Fault]:
    if not isinstance(node.target, nodes.Name) or node.recursive or node.test is not None:
        yield _not_allowed()
        return
    if not isinstance(node.iter, nodes.Name):
        yield _not_allowed()
        return
    field = scope.fields.get(node.iter.name)
    if field is None:
        yield _unknown(node.iter.name, scope)
        return
    if field.kind not in {FieldKind.LINES, FieldKind.ROWS}:
        yield Fault(field.name, f"“{field.label}”不是列表，不能循环", f"改成 {{{{ {field.name} }}}}")
    if scope.depth >= DEEPEST_LOOP:
        yield Fault(field.name, "循环里不能再套循环", "分成两个循环来写")
    inner = _Scope(scope.fields, {**scope.rows, node.target.name: field}, scope.depth + 1)
    yield from _walk(node.body, inner)
    yield from _walk(node.else_, scope)


def _printed(node: nodes.Node, scope: _Scope) -> Iterator[Fault]:
    """A tag ``{{ … }}`` must name one text."""
    if isinstance(node, nodes.Name) and node.name not in scope.rows:
        field = scope.fields.get(node.name)
        if field is None:
            yield _unknown(node.name, scope)
        elif field.kind is not FieldKind.TEXT:
            yield Fault(node.name, f"“{field.label}”是{field.kind.value}，不能直接打印", _how_to_use(field))
    else:
        yield from _row_text(node, scope)


def _row_text(node: nodes.Node, scope: _Scope) -> Iterator[Fault]:
    match node:
        case nodes.Name():
            field = scope.rows[node.name]
            if field.kind is FieldKind.ROWS:
                yield Fault(node.name, "一整行不能直接打印", f"写成 {{{{ {node.name}.{field.columns[0]} }}}}")
        case nodes.Getattr(node=nodes.Name(name="loop")) if scope.depth:
            if node.attr not in LOOP_WORDS:
                yield Fault(
                    f"loop.{node.attr}", "loop 没有这一项", f"可用的有：{'、'.join(sorted(LOOP_WORDS))}"
                )
        case nodes.Getattr(node=nodes.Name() as owner) if owner.name in scope.rows:
            field = scope.rows[owner.name]
            if node.attr not in field.columns:
                columns = "、".join(field.columns) or "无"
                yield Fault(
                    f"{owner.name}.{node.attr}",
                    f"“{field.label}”没有 {node.attr} 这一栏",
                    f"可用的有：{columns}",
                )
        case nodes.Getattr(node=nodes.Name() as owner):
            if owner.name in scope.fields:
                yield Fault(
                    f"{owner.name}.{node.attr}",
                    f"字段 {owner.name} 没有下一级",
                    f"改成 {{{{ {owner.name} }}}}",
                )
            else:
                yield _unknown(f"{owner.name}.{node.attr}", scope)
        case _:
            yield _not_allowed()


def _asked(node: nodes.Node, scope: _Scope) -> Iterator[Fault]:
    """A test may name fields, compare a text with a text, and join such with and, or, not."""
    match node:
        case nodes.Not():
            yield from _asked(node.node, scope)
        case nodes.And() | nodes.Or():
            yield from _asked(node.left, scope)
            yield from _asked(node.right, scope)
        case nodes.Compare():
            yield from _asked(node.expr, scope)
            for operand in node.ops:
                yield from _asked(operand.expr, scope)
        case nodes.Const():
            pass
        case nodes.Name() if node.name not in scope.rows:
            if node.name not in scope.fields:
                yield _unknown(node.name, scope)
        case _:
            yield from _row_text(node, scope)


def _unknown(word: str, scope: _Scope) -> Fault:
    known = "、".join(f"{name}（{field.label}）" for name, field in scope.fields.items())
    return Fault(word, f"没有 {word} 这个字段", f"可用的有：{known}")


def _how_to_use(field: Field) -> str:
    if field.kind is FieldKind.FLAG:
        return f"写成 {{% if {field.name} %}} … {{% endif %}}"
    return f"写成 {{%p for 项 in {field.name} %}} … {{%p endfor %}}"


def _not_allowed() -> Fault:
    return Fault("", "这种写法不允许", "模板里只写字段、循环（for）和判断（if），不写计算和函数")


def place_of(word: str, paragraphs: Sequence[str]) -> tuple[int, str]:
    """The first tag that says ``word``: its paragraph counted from 1 and the tag; (0, word) when unseen.

    Without a word, the first tag that is more than a name, a loop or a question.
    """
    exact = re.compile(rf"(?<![\w.]){re.escape(word)}(?!\w)")
    for number, text in enumerate(paragraphs, start=1):
        for tag in re.finditer(r"\{\{.*?\}\}|\{%.*?%\}", text):
            if exact.search(tag[0]) if word else not _PLAIN_TAG.fullmatch(tag[0]):
                return number, tag[0]
    return 0, word
