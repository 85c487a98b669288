"""The text of a .docx as it is read: text boxes once, headers once, properties never."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import pytest

from dujian_docs.documents import paragraphs_of
from dujian_docs.errors import InputInvalid

HEAD = (
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><w:body>'
)


def packed(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, text in parts.items():
            package.writestr(name, text)
    return buffer.getvalue()


def test_body_then_footer_and_no_properties(docx_of: Callable[..., bytes]) -> None:
    content = docx_of("第一段", "", "第二段", footer="页脚", title="属性里的标题")
    assert paragraphs_of(content) == ("第一段", "第二段", "页脚")


def test_a_text_box_and_its_fallback_are_told_once() -> None:
    box = "<w:p><w:r><w:t>抄送</w:t></w:r></w:p>"
    body = (
        f"{HEAD}<w:p><w:r><w:t>正文</w:t><w:tab/><w:t>末</w:t></w:r><w:r><mc:AlternateContent>"
        f"<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p></w:body></w:document>"
    )
    assert paragraphs_of(packed({"word/document.xml": body})) == ("正文\t末", "抄送")


@pytest.mark.parametrize("content", [b"", b"PK", packed({"a.txt": "1"}), packed({"word/document.xml": "<w"})])
def test_what_is_no_document_is_refused(content: bytes) -> None:
    with pytest.raises(InputInvalid, match=r"docx"):
        paragraphs_of(content)
