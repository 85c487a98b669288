"""Options that several verbs have."""

from __future__ import annotations

from pathlib import Path

import click

from dujian_docs.cli.chinese import FILE


def _xlsx(_: click.Context, __: click.Parameter, value: Path | None) -> Path | None:
    """The file that is named, which has to be an Excel workbook."""
    if value and value.suffix.lower() != ".xlsx":
        raise click.BadParameter("文件名应以 .xlsx 结尾")
    return value


OUTPUT = click.option("--output", type=FILE, callback=_xlsx, help="另存 Excel 表（.xlsx）")
"""A workbook besides."""
YEAR = click.option("--year", metavar="年份", type=click.IntRange(1990, 2199), help="哪一年；不写就是今年")
"""A calendar year."""
