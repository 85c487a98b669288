"""The model of a draft (公文稿): what it is made from, and how far it has come.

A draft holds the steps of its own life as its genre had them when it was begun, so that a change of the genre
does not leave it nowhere; and its text as it was at each version, so that versions can be compared.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from dujian_docs.records.document_models import Printed, TypedValue
from dujian_docs.records.fields import Code, Day, Name, Shape, Text
from dujian_docs.records.models import Record


class LifeStep(BaseModel):
    """A step in the life of a document.

    Attributes:
        status: what the document is called while it is there, as 审核.
        by: whose step it is, for people to read.
        days: how many days it must stay there at least, as 公示 has.
        issues: whether entering it gives the document its number and puts it into the archive.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: str = Field(min_length=1, max_length=20)
    by: str = ""
    days: int = Field(0, ge=0, le=366)
    issues: bool = False

    def __str__(self) -> str:
        return self.status


class DraftStep(BaseModel):
    """A step that was taken: to which status, when, at whose hand, by whose decision, and why."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    status: str
    at: datetime
    author: str
    by: str = ""
    note: str = ""

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.status} {self.by or self.author} {self.note}".rstrip()


class Draft(Record):
    """A draft (公文稿); ``number`` is the key of its row in the register once it is issued."""

    code: Code = Field(title="稿号", description="如 稿2026-001")
    genre: Name = Field(title="文种")
    title: Printed = Field("", title="标题")
    record: Text = Field("", title="来源记录")
    unit: Text = Field("", title="催报单位")
    filing_list: Text = Field("", title="建档目录")
    typed: Annotated[tuple[TypedValue, ...], Shape.PARAGRAPHS] = Field((), title="手填内容")
    day: Day = Field(title="拟稿日期", description="内容里随日期变的（时限等）按这一天算")
    life: Annotated[tuple[LifeStep, ...], Shape.WORDS] = Field(title="流程", min_length=2)
    status: Name = Field(title="状态")
    steps: Annotated[tuple[DraftStep, ...], Shape.PARAGRAPHS] = Field((), title="办理过程")
    number: Text = Field("", title="发文登记")
    replaces: Text = Field("", title="代替的公文")
    paragraphs: Annotated[tuple[Printed, ...], Shape.PARAGRAPHS] = Field((), title="正文")
