"""The settings file of an index: what a file may cost, and the office's own words; TOML, all of it optional.

``settings.toml`` in the index's folder, or wherever one says; word lists are looked for beside it.
"""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from indexer.errors import IndexerError, disk_words
from indexer.model import Limits
from indexer.wordlists import entries_of

FILE_NAME = "settings.toml"
LIMIT_TITLES: Mapping[str, str] = {
    "wall_seconds": "读一个文件最多几秒",
    "memory_bytes": "读文件的进程最多用多少字节内存",
    "file_bytes": "超过多少字节的文件不读",
    "text_chars": "一个文件最多收录多少字",
    "pdf_pages": "超过多少页的 PDF、OFD、TIF 不读",
    "sheet_cells": "超过多少格的工作表逐行慢读",
    "zip_members": "压缩包（含 docx、xlsx 等）里最多多少个文件",
    "zip_member_bytes": "压缩包里的一个文件解开后最多多少字节",
    "zip_total_bytes": "压缩包里的全部文件解开后最多多少字节",
    "zip_ratio": "压缩包里 1 MB 以上的文件最多压缩到几分之一",
    "ocr_seconds": "识别一页图片最多几秒",
    "ocr_memory_bytes": "识别图片的进程最多用多少字节内存",
    "image_pixels": "超过多少像素的图片不识别",
    "files_per_worker": "读文件的进程读多少个文件换一个",
    "package_depth": "压缩包套压缩包最多几层",
}
_LISTS = {"lexicon": "词表", "synonyms": "同义词表"}


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """What a settings file says."""

    limits: Limits = field(default_factory=Limits)
    lexicon: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()


def load(file: Path) -> IndexSettings:
    """The settings in ``file``, and the defaults for what it leaves out.

    Raises:
        IndexerError: it cannot be read, or says something that is no setting; names the file and the key.
    """
    try:
        told = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise IndexerError(
            f"设置文件“{file}”读不了（{disk_words(error)}）", remedy="核对位置和读取权限"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise IndexerError(
            f"设置文件“{file}”不是 TOML（UTF-8）", remedy="对照 python -m indexer settings 给出的样子改正"
        ) from error
    limits = told.pop("limits", {})
    _refuse_strangers(file, "", told, _LISTS)
    if not isinstance(limits, dict):
        raise _wrong(file, "limits", "应是一节 [limits]")
    _refuse_strangers(file, "limits.", limits, LIMIT_TITLES)
    lists = {name: _entries(file, name, told.get(name, "")) for name in _LISTS}
    checked: dict[str, Any] = {name: _limit(file, name, value) for name, value in limits.items()}
    return IndexSettings(Limits(**checked), **lists)


def text_of(limits: Limits) -> str:
    """A settings file with these limits, every key explained; the word lists are left to be filled in."""
    lists = (f'# {name} = "{title}.txt"' for name, title in _LISTS.items())
    lines = ["# 检索库的设置；不写的按默认。", *lists, "", "[limits]"]
    for name, value in dataclasses.asdict(limits).items():
        lines += [f"# {LIMIT_TITLES[name]}", f"{name} = {value}"]
    return "\n".join(lines) + "\n"


def _entries(file: Path, name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, str):
        raise _wrong(file, name, "应是文件名，写在引号里")
    return entries_of(file.parent / value) if value else ()


def _limit(file: Path, name: str, value: Any) -> int | float:
    whole = isinstance(getattr(Limits(), name), int)
    if isinstance(value, bool) or not isinstance(value, int if whole else int | float) or value <= 0:
        kind = "整数" if whole else "数"
        raise _wrong(file, f"limits.{name}", f"应是大于 0 的{kind}（{LIMIT_TITLES[name]}）")
    return value


def _refuse_strangers(file: Path, prefix: str, told: Mapping[str, Any], known: Iterable[str]) -> None:
    for name in told:
        if name not in known:
            near = difflib.get_close_matches(name, list(known), n=1)
            hint = f"，是不是 {prefix}{near[0]}？" if near else ""
            raise _wrong(file, prefix + name, f"没有这一项{hint}")


def _wrong(file: Path, key: str, problem: str) -> IndexerError:
    return IndexerError(
        f"设置文件“{file}”里的 {key}：{problem}", remedy="对照 python -m indexer settings 给出的样子改正"
    )
