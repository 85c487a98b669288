"""Genres (文种): folders of ``genre.toml``, ``template.docx``, ``phrases.toml`` and ``sample.toml``.

A folder in an earlier root hides one of the same name in a later root, so that an office's own templates go
before those of the program.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic import Field as Setting

from dujian_docs.documents.fields import Context, Field, FieldKind, Source
from dujian_docs.documents.rendering import Template, load_template
from dujian_docs.errors import ArchiveConflict, TemplateInvalid, UsageInvalid, disk_words
from dujian_docs.publishing import confined

PLAN_FILE, TEMPLATE_FILE, PHRASES_FILE, SAMPLE_FILE = (
    "genre.toml",
    "template.docx",
    "phrases.toml",
    "sample.toml",
)
_PLACEHOLDER = re.compile(r"【([^【】]{1,20})】")


@dataclass(frozen=True, slots=True)
class Phrases:
    """The stock phrases of a genre; 【名称】 in them is filled from a record."""

    file: str
    texts: Mapping[str, str | tuple[str, ...]]

    def text(self, name: str, **parts: str) -> str:
        """The phrase called ``name``, its 【…】 filled.

        Raises:
            TemplateInvalid: there is no such phrase, or it names something that cannot be filled in.
        """
        found = self.texts.get(name, "")
        if not isinstance(found, str) or not found:
            raise TemplateInvalid(
                f"{self.file} 里没有“{name}”这句用语", remedy=f'在 {self.file} 里写上 "{name}" = "…"'
            )
        return self._filled(found, parts)

    def lines(self, name: str, **parts: str) -> tuple[str, ...]:
        """The list of phrases called ``name``; empty when there is none."""
        found = self.texts.get(name, ())
        return tuple(self._filled(line, parts) for line in ((found,) if isinstance(found, str) else found))

    def number(self, name: str) -> int:
        """The phrase called ``name`` as a whole number from 1 to 365.

        Raises:
            TemplateInvalid: it is none.
        """
        found = self.text(name)
        if not re.fullmatch(r"\d{1,3}", found) or not 1 <= int(found) <= 365:
            raise TemplateInvalid(
                f"{self.file} 里的“{name}”应是 1–365 的整数，现在是“{found}”",
                remedy=f'改成 "{name}" = 7 这样的写法',
            )
        return int(found)

    def _filled(self, phrase: str, parts: Mapping[str, str]) -> str:
        def part(found: re.Match[str]) -> str:
            if found[1] not in parts:
                known = "、".join(f"【{name}】" for name in parts) or "（无）"
                raise TemplateInvalid(
                    f"{self.file} 里的【{found[1]}】填不了", remedy=f"这句用语里可用的有：{known}"
                )
            return parts[found[1]]

        return _PLACEHOLDER.sub(part, phrase)


@dataclass(frozen=True, slots=True)
class Genre:
    """A genre, its template checked against its fields.

    ``context`` names the function that makes the values (contexts.BUILDERS); ``record`` the kind of record a
    document is made from; ``series`` the number series, the office's own when empty.
    """

    name: str
    title: str
    aliases: tuple[str, ...]
    record: str
    context: str
    series: str
    file_name: str
    archive: str
    fields: tuple[Field, ...]
    phrases: Phrases
    template: Template
    folder: Path

    @classmethod
    def load(cls, folder: Path) -> Genre:
        """The genre in ``folder``.

        Raises:
            TemplateInvalid: a file is missing or wrong; names the file and what is wrong with it.
        """
        plan = _plan(folder)
        _check_place(folder, plan.archive)
        fields = tuple(entry.field() for entry in plan.fields)
        template = load_template(f"{folder.name}/{TEMPLATE_FILE}", _bytes(folder / TEMPLATE_FILE), fields)
        return cls(
            name=folder.name,
            title=plan.title,
            aliases=tuple(plan.aliases),
            record=plan.record,
            context=plan.context,
            series=plan.series,
            file_name=plan.file_name,
            archive=plan.archive,
            fields=fields,
            phrases=_phrases(folder),
            template=template,
            folder=folder,
        )

    def field(self, name: str) -> Field:
        """The declared field called ``name``.

        Raises:
            TemplateInvalid: genre.toml does not declare it.
        """
        for field in self.fields:
            if field.name == name:
                return field
        raise TemplateInvalid(
            f"{self.name}/{PLAN_FILE} 里没有声明字段 {name}",
            remedy="对照程序自带的 genre.toml 补上这个 [[fields]]",
        )

    def sample(self) -> Context:
        """The values of ``sample.toml``: a whole invented document to try the template with.

        Raises:
            TemplateInvalid: the file is missing or malformed.
        """
        values = _toml(self.folder / SAMPLE_FILE)
        declared = {field.name for field in self.fields}
        for name in values:
            if name not in declared:
                raise TemplateInvalid(
                    f"{self.name}/{SAMPLE_FILE} 里的 {name} 没有声明", remedy=f"在 {PLAN_FILE} 里声明，或删去"
                )
        return values


def genres(roots: Sequence[Path]) -> tuple[Genre, ...]:
    """Every genre of the roots, by folder name.

    Raises:
        TemplateInvalid: one of them cannot be used.
    """
    return tuple(Genre.load(folder) for folder in _folders(roots))


def genre_of(word: str, roots: Sequence[Path]) -> Genre:
    """The genre whose title, alias or folder name is ``word``; others are not loaded, so they may be broken.

    Raises:
        UsageInvalid: there is none; the remedy lists those that exist, the nearest first.
        TemplateInvalid: it cannot be used.
    """
    wanted = word.strip()
    names: dict[str, str] = {}
    broken: list[TemplateInvalid] = []
    for folder in _folders(roots):
        try:
            plan = _plan(folder)
        except TemplateInvalid as error:
            if folder.name == wanted:
                raise
            broken.append(error)
            continue
        if wanted in {folder.name, plan.title, *plan.aliases}:
            return Genre.load(folder)
        names.update(dict.fromkeys((folder.name, plan.title, *plan.aliases), plan.title))
    if broken and not names:
        raise broken[0]
    near = difflib.get_close_matches(wanted, names, n=1, cutoff=0.4)
    hint = f"是不是“{names[near[0]]}”？" if near else ""
    listed = "、".join(dict.fromkeys(names.values())) or "（没有找到任何文种）"
    besides = "".join(f"；另有一个用不了：{error.problem}" for error in broken)
    raise UsageInvalid(f"没有“{word}”这个文种", remedy=f"{hint}可用的有：{listed}{besides}")


def shipped_templates() -> Path:
    """The folder of the genres that come with the program, installed or run from its repository."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "templates"
    return installed if installed.is_dir() else package.parent / "templates"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Setting(pattern=r"^[a-z][a-z0-9_]*$")
    label: str
    kind: FieldKind = FieldKind.TEXT
    source: Source
    where: str
    required: bool = False
    columns: tuple[str, ...] = ()

    def field(self) -> Field:
        return Field(self.name, self.label, self.kind, self.source, self.where, self.required, self.columns)


class _Plan(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    aliases: tuple[str, ...] = ()
    layout: str = "GB/T 9704"
    record: str
    context: str
    series: str = ""
    file_name: str = "{number}_{title}"
    archive: str = "发文/{year}"
    fields: tuple[_Entry, ...]


def _folders(roots: Sequence[Path]) -> Iterator[Path]:
    seen: dict[str, Path] = {}
    for root in roots:
        if root.is_dir():
            for folder in root.iterdir():
                if (folder / PLAN_FILE).is_file():
                    seen.setdefault(folder.name, folder)
    for name in sorted(seen):
        yield seen[name]


def _plan(folder: Path) -> _Plan:
    try:
        plan = _Plan.model_validate(_toml(folder / PLAN_FILE))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "开头"
        raise TemplateInvalid(
            f"{folder.name}/{PLAN_FILE} 的 {where} 不对",
            remedy="对照程序自带的 templates 文件夹里的同名文件改正",
        ) from error
    names = [entry.name for entry in plan.fields]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise TemplateInvalid(
            f"{folder.name}/{PLAN_FILE} 里字段 {repeated[0]} 声明了两次", remedy="删去重复的一段 [[fields]]"
        )
    return plan


def _check_place(folder: Path, archive: str) -> None:
    """``archive`` leads nowhere but into the archive; empty is the archive itself."""
    try:
        if archive:
            confined(folder, archive)
    except ArchiveConflict as error:
        raise TemplateInvalid(
            f"{folder.name}/{PLAN_FILE} 的 archive“{archive}”不在档案文件夹里",
            remedy="改成档案文件夹里的相对位置，如 发文/{year}",
        ) from error


def _phrases(folder: Path) -> Phrases:
    file = folder / PHRASES_FILE
    texts: dict[str, str | tuple[str, ...]] = {}
    for name, value in (_toml(file) if file.is_file() else {}).items():
        if isinstance(value, str | int):
            texts[name] = str(value)
        elif isinstance(value, list) and all(isinstance(line, str) for line in value):
            texts[name] = tuple(value)
        else:
            raise TemplateInvalid(
                f"{folder.name}/{PHRASES_FILE} 的“{name}”不对", remedy='写成 "一句话" 或 ["一条", "一条"]'
            )
    return Phrases(f"{folder.name}/{PHRASES_FILE}", texts)


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_bytes(file).decode("utf-8-sig"))
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


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise TemplateInvalid(
            f"读不到 {file.parent.name}/{file.name}（{disk_words(error)}）",
            remedy="从程序自带的 templates 文件夹复制一份到这里",
        ) from error
