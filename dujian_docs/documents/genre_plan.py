"""What a ``genre.toml`` may say: the plan of a genre, its fields, and how each gets its value.

A field with none of the recipes below gets its value from the genre's Python context, or is typed by hand.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator
from pydantic import Field as Setting

from dujian_docs.documents.fields import Field, FieldKind, Source
from dujian_docs.documents.life import DEFAULT_LIFE, sound_life
from dujian_docs.errors import TemplateInvalid, disk_words
from dujian_docs.records import LifeStep

PLAN_FILE, TEMPLATE_FILE, PHRASES_FILE, SAMPLE_FILE, OUTLINE_FILE = (
    "genre.toml",
    "template.docx",
    "phrases.toml",
    "sample.toml",
    "outline.txt",
)
ITEM_COLUMNS = ("number", "head", "rest")
"""The columns of a field of kind 条目: the numeral, the first sentence, and the rest."""


class Layout(StrEnum):
    """The layouts of GB/T 9704-2012: clause 7, clause 10, and papers without a red head."""

    RED_HEAD = "公文"
    UPWARD = "上行文"
    JOINT = "联合行文"
    LETTER = "信函"
    MINUTES = "纪要"
    ORDER = "命令"
    PLAIN = "普通"


class RecordSet(BaseModel):
    """Records that a document tells of: those of a kind that lead to the document's record, or that it names.

    Attributes:
        kind: the kind's Chinese name.
        by: the path, from one of them, that leads to the document's record.
        via: the path, from the document's record, that leads to what ``by`` leads to instead: the findings at
            the unit of a talk are ``by = "责任单位"``, ``via = "被约谈单位"``.
        of: the path, from the document's record, that leads to them; instead of ``by``.
        leaves: a column that names another record of the set; only those stay that no other names.
        only: column (path) → the value or values it must have; ``@path`` is the value of the document's
            record, ``@label`` what was typed by hand.
        without: likewise, the values it must not have.
        since: column of a day that may not be before ``@…``; with ``until`` likewise.
        sort: a column; with ``-`` before it the greatest first.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    by: str = ""
    via: str = ""
    of: str = ""
    leaves: str = ""
    only: Mapping[str, str | tuple[str, ...]] = {}
    without: Mapping[str, str | tuple[str, ...]] = {}
    since: Mapping[str, str] = {}
    until: Mapping[str, str] = {}
    sort: str = ""


class Recipe(BaseModel):
    """How a field gets its value; one of these, or nothing.

    Attributes:
        path: ``from = "…"``, columns of the document's record.
        phrase: a phrase of phrases.toml, its 【…】 filled.
        each: a set; with ``line`` a text for each of its records, with ``columns`` a row.
        group: with ``each``, a column: a line for each of its values, 【值】 and 【件数】 filled.
        count, total, distinct: a set; a set and a column; likewise how many different values.
        ratio: two labels of number fields, the first divided by the second, in per cent.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    path: str = Setting("", alias="from")
    phrase: str = ""
    each: str = ""
    line: str = ""
    group: str = ""
    count: str = ""
    total: str = Setting("", alias="sum")
    distinct: str = ""
    ratio: tuple[str, str] | None = None

    @property
    def given(self) -> bool:
        """Whether there is any recipe."""
        return bool(
            self.path or self.phrase or self.each or self.count or self.total or self.distinct or self.ratio
        )

    @property
    def source(self) -> Source:
        """What kind of source the recipe is."""
        if self.path:
            return Source.RECORD
        return Source.PHRASE if self.phrase else Source.COMPUTED


class FieldPlan(Recipe):
    """A ``[[fields]]`` of a genre.toml."""

    name: str = Setting(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    kind: FieldKind = FieldKind.TEXT
    source_given: Source | None = Setting(None, alias="source")
    where: str = ""
    required: bool = False
    columns: tuple[str, ...] | Mapping[str, str] = ()

    def field(self, record: str) -> Field:
        """The field, for a genre made from that kind of record."""
        source = self.source_given or (self.source if self.given else Source.BY_HAND)
        rows = self.kind is FieldKind.ITEMS
        return Field(
            name=self.name,
            label=self.label,
            kind=FieldKind.ROWS if rows else self.kind,
            source=source,
            where=self.where or self._where(source, record),
            required=self.required,
            columns=ITEM_COLUMNS if rows else tuple(self.columns),
        )

    def _where(self, source: Source, record: str) -> str:
        match source:
            case Source.RECORD:
                return f"{record}的“{self.path}”"
            case Source.PHRASE:
                return f"{PHRASES_FILE} 的“{self.phrase}”和它用到的各项"
            case Source.BY_HAND:
                return f"签发时填写“{self.label}”"
            case _:
                return f"按“{self.each or self.count or self.total or self.distinct or self.label}”的记录算出"


class GenrePlan(BaseModel):
    """A whole genre.toml.

    Attributes:
        forbid: column of the record → the value with which it may not become this document.
        any_of: labels of fields of which at least one must be filled.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    aliases: tuple[str, ...] = ()
    layout: Layout = Layout.RED_HEAD
    record: str = ""
    context: str = ""
    series: str = ""
    number: str = "{series}〔{year}〕{serial}号"
    file_name: str = "{number}_{title}"
    archive: str = "发文/{year}"
    serves: tuple[str, ...] = ()
    forbid: Mapping[str, str] = {}
    any_of: tuple[str, ...] = ()
    sets: Mapping[str, RecordSet] = {}
    fields: tuple[FieldPlan, ...] = ()
    life: tuple[LifeStep, ...] = DEFAULT_LIFE

    @field_validator("life", mode="before")
    @classmethod
    def _named(cls, life: object) -> object:
        """A step may be written as its bare status."""
        steps = life if isinstance(life, list | tuple) else ()
        return tuple({"status": step} if isinstance(step, str) else step for step in steps) or life

    @field_validator("life")
    @classmethod
    def _with_one_that_issues(cls, life: tuple[LifeStep, ...]) -> tuple[LifeStep, ...]:
        return sound_life(life)


def plan_of(folder: Path) -> GenrePlan:
    """The plan in the folder's genre.toml.

    Raises:
        TemplateInvalid: it is missing or malformed; names the file and the place in it.
    """
    try:
        plan = GenrePlan.model_validate(toml(folder / PLAN_FILE))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "开头"
        raise TemplateInvalid(
            f"{folder.name}/{PLAN_FILE} 的 {where} 不对",
            remedy="对照程序自带的 templates 文件夹里的同名文件改正",
        ) from error
    for words, what in (
        ([entry.name for entry in plan.fields], "字段"),
        ([entry.label for entry in plan.fields], "名称"),
    ):
        repeated = sorted({word for word in words if words.count(word) > 1})
        if repeated:
            raise TemplateInvalid(
                f"{folder.name}/{PLAN_FILE} 里{what} {repeated[0]} 声明了两次",
                remedy="删去重复的一段 [[fields]]",
            )
    return plan


def toml(file: Path) -> dict[str, Any]:
    """The tables of a TOML file.

    Raises:
        TemplateInvalid: it cannot be read, is not UTF-8 or not TOML.
    """
    try:
        return tomllib.loads(read(file).decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise TemplateInvalid(
            f"{file.parent.name}/{file.name} 不是 UTF-8 编码", remedy="用记事本另存为 UTF-8 编码"
        ) from error
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        where = f"第 {place[1]} 行" if place else "末尾"
        raise TemplateInvalid(
            f"{file.parent.name}/{file.name} 的{where}写法不对",
            remedy='等号两边的中文都要加英文双引号，如 "标题" = "…"',
        ) from error


def read(file: Path) -> bytes:
    """The bytes of a genre's file.

    Raises:
        TemplateInvalid: it cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        raise TemplateInvalid(
            f"读不到 {file.parent.name}/{file.name}（{disk_words(error)}）",
            remedy="从程序自带的 templates 文件夹复制一份到这里",
        ) from error
