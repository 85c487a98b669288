"""Options that several verbs have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import click
from pydantic import TypeAdapter, ValidationError

from dujian_docs.cli.chinese import FILE
from dujian_docs.records.fields import Day


def _xlsx(_: click.Context, __: click.Parameter, value: Path | None) -> Path | None:
    """The file that is named, which has to be an Excel workbook."""
    if value and value.suffix.lower() != ".xlsx":
        raise click.BadParameter("文件名应以 .xlsx 结尾")
    return value


def _day(_: click.Context, __: click.Parameter, value: str) -> date | None:
    """The day that is written, in any spelling of clerks; None when nothing is."""
    if not value:
        return None
    try:
        return TypeAdapter[date](Day).validate_python(value)
    except ValidationError as error:
        raise click.BadParameter(f"“{value}”不是日期，写成 2026-03-15") from error


def typed_fields(fields: Sequence[str]) -> dict[str, str]:
    """What ``--field 名称=内容`` gave, by name."""
    given: dict[str, str] = {}
    for one in fields:
        name, mark, value = one.partition("=")
        if not mark:
            raise click.BadParameter("应写成 名称=内容，如 附注=此件公开发布", param_hint="--field")
        given[name.strip()] = value.strip()
    return given


def day_option(help_text: str) -> dict[str, Any]:
    """What makes an option a day."""
    return {"metavar": "日期", "default": "", "callback": _day, "help": help_text}


OUTPUT = click.option("--output", type=FILE, callback=_xlsx, help="另存 Excel 表（.xlsx）")
"""A workbook besides."""
YEAR = click.option("--year", metavar="年份", type=click.IntRange(1990, 2199), help="哪一年；不写就是今年")
"""A calendar year."""
