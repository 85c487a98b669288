"""Which templates can be compiled, found by looking at them: docxtpl has to fill the others.

What docxtpl repairs after a template is filled (tables, line breaks, elements that a tag tore apart) is not
done for compiled templates; so one that could need it is not compiled.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jinja2 import nodes
from lxml import etree

from dujian_docs.documents.sandbox import Sandbox

BODY = "word/document.xml"
STAND_INS = {"\ue002": "\x02", "\ue003": "\x03", "\ue004": "\x04", "\ue005": "\x05"}
"""Private characters that no compiled template has, and the control characters they are replaced with."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_LISTING = re.compile(r"<w:t(?: [^>]*)?>[^<]*[\t\n\a\f][^<]*</w:t>")
_MASKED = ("{_{", "}_}", "{_%", "%_}")
_BLOCK = re.compile(r"\{%-?\s*(end)?(?:for|if)\b")
_TAG = re.compile(r"<(/?)([\w:.-]+)(?:\s[^<>]*?)?(/?)>")


def obstacle(document: Any) -> str:
    """Why an opened template cannot be compiled, in English for the programmer; empty when it can be."""
    root = document.docx.element
    if root.nsmap.get("w") != _W[1:-1] or document.docx.part.partname != f"/{BODY}":
        return "the body is not called w:document in word/document.xml"
    for part in document.docx.part.package.iter_parts():
        if part.content_type.endswith("footnotes+xml") and b"{" in part.blob:
            return "tags in footnotes"
    sections = list(document.docx.sections)
    if (
        sections
        and sections[0].different_first_page_header_footer
        and (sections[0].first_page_header.is_linked_to_previous)
    ):
        return "a first page without a header of its own"
    body = document.patch_xml(document.get_xml())
    for source in (body, *(source for _, source in edges(document))):
        if _LISTING.search(source) or any(mark in source for mark in _MASKED):
            return "line breaks or masked tags in the template's texts"
        if any(mark in source for mark in ("<!--", "<?", "<![CDATA[", *STAND_INS)):
            return "comments, instructions or private characters in the template"
        if not _balanced(Sandbox().parse(source).body):
            return "a loop or a question that begins in one part of the text and ends in another"
    return "" if _regular(body) else "a table with more or fewer cells than its grid"


def edges(document: Any) -> Iterator[tuple[str, str]]:
    """Each header and footer with its name in the package, as docxtpl will read it."""
    for uri in (document.HEADER_URI, document.FOOTER_URI):
        for _, part in document.get_headers_footers(uri):
            yield str(part.partname).lstrip("/"), document.patch_xml(document.get_part_xml(part))


def _balanced(body: list[nodes.Node]) -> bool:
    """Whether every branch of every loop and question opens and closes its own elements."""
    for node in body:
        match node:
            case nodes.If():
                branches = [node.body, node.else_, *(part.body for part in node.elif_)]
                if not all(_closed(branch) and _balanced(branch) for branch in branches):
                    return False
            case nodes.For():
                if not all(_closed(branch) and _balanced(branch) for branch in (node.body, node.else_)):
                    return False
            case _:
                continue
    return True


def _closed(body: list[nodes.Node]) -> bool:
    """Whether the template's own text in these nodes opens and closes the same elements."""
    text = "".join(
        child.data
        for node in body
        if isinstance(node, nodes.Output)
        for child in node.nodes
        if isinstance(child, nodes.TemplateData)
    )
    opened: list[str] = []
    for tag in _TAG.finditer(text):
        if tag[1]:
            if not opened or opened.pop() != tag[2]:
                return False
        elif not tag[3]:
            opened.append(tag[2])
    return not opened


def _regular(body: str) -> bool:
    """Whether docxtpl would leave every table as it is, whichever rows are printed.

    Source: docxtpl adds columns for rows of more cells, and takes away those that no row fills.
    """
    try:
        root = etree.fromstring(body.encode())
    except etree.XMLSyntaxError:
        return False
    for table in root.iter(f"{_W}tbl"):
        grid = table.find(f"{_W}tblGrid")
        if grid is None:
            return False
        spans = [sum(map(_span, row.findall(f"{_W}tc"))) for row in table.iter(f"{_W}tr")]
        always = [sum(map(_span, row.findall(f"{_W}tc"))) for row in _always_there(table)]
        if any(span > len(grid) for span in spans) or len(grid) not in always:
            return False
    return True


def _always_there(table: Any) -> Iterator[Any]:
    """The rows of a table that stand in no loop and under no question."""
    depth = 0
    for child in table:
        if child.tag == f"{_W}tr" and not depth:
            yield child
        depth += sum(-1 if tag[1] else 1 for tag in _BLOCK.finditer(child.tail or ""))


def _span(cell: Any) -> int:
    spanned = cell.find(f"{_W}tcPr/{_W}gridSpan")
    return 1 if spanned is None else int(spanned.get(f"{_W}val"))
