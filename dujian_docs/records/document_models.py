"""The models of what is kept of an issued document: what was printed in it and where that came from.

Printed text is held exactly as it was printed: nothing is trimmed, folded or taken for a blank.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from dujian_docs.records.fields import Code, Count, Day, Name, Shape, Text, Year
from dujian_docs.records.models import Record

Printed = Annotated[str, Shape.TEXT]
"""A text as it was printed."""


class _Part(BaseModel):
    """A part of such a record."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ValueOrigin(_Part):
    """Where a printed value came from: 记录, 设置, 用语, 计算 or 手填; and which version of the record."""

    source: str
    place: str
    part: str = ""
    version: int = 0


class IssuedValue(_Part):
    """A field of an issued document: its label, what was printed, line by line, and its origins."""

    label: str
    texts: tuple[str, ...]
    origins: tuple[ValueOrigin, ...] = ()

    def __str__(self) -> str:
        return f"{self.label}：{'；'.join(self.texts)}"


class TypedValue(_Part):
    """What was typed by hand into a field, by its label."""

    label: str
    text: str

    def __str__(self) -> str:
        return f"{self.label}={self.text}"


class IssuedDocument(Record):
    """An issued document (公文底稿) as it was: values with their origins, its text, the hash of its file.

    Written before the file is put into the archive, so that no document stands there without one; of a number
    that became void meanwhile it says what was about to be issued.
    """

    series: Name = Field(title="机关代字", pattern=r"^[^/\\]+$")
    year: Year = Field(title="年度")
    serial: Count = Field(ge=1, title="序号")
    genre: Name = Field(title="文种")
    title: Printed = Field("", title="标题")
    record: Text = Field("", title="来源记录")
    doc_date: Day | None = Field(None, title="成文日期")
    path: Text = Field("", title="归档位置")
    sha256: Code = Field(title="文件指纹", pattern=r"^[0-9a-f]{64}$")
    draft: Text = Field("", title="稿号", description="由哪份稿印发")
    typed: Annotated[tuple[TypedValue, ...], Shape.PARAGRAPHS] = Field((), title="手填内容")
    values: Annotated[tuple[IssuedValue, ...], Shape.PARAGRAPHS] = Field((), title="各项内容")
    paragraphs: Annotated[tuple[Printed, ...], Shape.PARAGRAPHS] = Field((), title="正文")


class CopyForm(StrEnum):
    """副本是怎么来的."""

    SEALED = "盖章扫描件"
    SCAN = "扫描件"
    ELECTRONIC = "电子件"


class DocumentCopy(Record):
    """A copy of an issued document (公文副本) that stands beside it in the archive."""

    series: Name = Field(title="机关代字", pattern=r"^[^/\\]+$")
    year: Year = Field(title="年度")
    serial: Count = Field(ge=1, title="序号")
    sha256: Code = Field(title="文件指纹", pattern=r"^[0-9a-f]{64}$")
    form: CopyForm = Field(title="形式")
    path: Name = Field(title="归档位置")
