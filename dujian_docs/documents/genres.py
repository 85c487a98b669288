"""Genres (文种): folders of ``genre.toml``, ``template.docx``, ``phrases.toml`` and ``sample.toml``.

A folder in an earlier root hides one of the same name in a later root, so that an office's own templates go
before those of the program.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dujian_docs.documents.fields import Context, Field, FieldKind, Value
from dujian_docs.documents.frame import FRAMES
from dujian_docs.documents.genre_plan import (
    PHRASES_FILE,
    PLAN_FILE,
    SAMPLE_FILE,
    TEMPLATE_FILE,
    FieldPlan,
    GenrePlan,
    Layout,
    RecordSet,
    plan_of,
    read,
    toml,
)
from dujian_docs.documents.itemising import items
from dujian_docs.documents.life import DEFAULT_LIFE
from dujian_docs.documents.numbers import DocumentNumber
from dujian_docs.documents.reading import check_path
from dujian_docs.documents.rendering import Template, load_template
from dujian_docs.errors import ArchiveConflict, TemplateInvalid, UsageInvalid
from dujian_docs.publishing import confined
from dujian_docs.records import LifeStep, kind_of

ORDINALS = ("序号", "中文序号")
"""What a row's column may hold instead of a column of its record."""
SHARED_SAMPLE = "sample_frame.toml"
"""Beside the genres: invented values for the fields that layouts bring."""
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

    def raw(self, name: str) -> tuple[str, ...]:
        """The phrase called ``name``, or each of the list, its 【…】 unfilled.

        Raises:
            TemplateInvalid: there is no such phrase.
        """
        if name not in self.texts:
            self.text(name)
        found = self.texts[name]
        return (found,) if isinstance(found, str) else found

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

    ``record`` is the kind of record a document is made from, empty when it is typed by hand; ``context``
    names the Python function that makes values which no recipe can (gathering.BUILDERS), if any; ``life`` are
    the steps of a document from draft to archive.
    """

    name: str
    title: str
    aliases: tuple[str, ...]
    layout: Layout
    record: str
    context: str
    series: str
    number_form: str
    file_name: str
    archive: str
    serves: tuple[str, ...]
    forbid: Mapping[str, str]
    any_of: tuple[str, ...]
    sets: Mapping[str, RecordSet]
    field_plans: tuple[FieldPlan, ...]
    fields: tuple[Field, ...]
    phrases: Phrases
    template: Template
    folder: Path
    life: tuple[LifeStep, ...] = DEFAULT_LIFE

    @classmethod
    def load(cls, folder: Path) -> Genre:
        """The genre in ``folder``.

        Raises:
            TemplateInvalid: a file is missing or wrong; names the file and what is wrong with it.
        """
        plan = plan_of(folder)
        _check_place(folder, plan.archive)
        fields = fields_of(plan)
        phrases = _phrases(folder)
        _check_recipes(folder, plan, phrases)
        return cls(
            name=folder.name,
            title=plan.title,
            aliases=plan.aliases,
            layout=plan.layout,
            record=kind_of(plan.record).name if plan.record else "",
            context=plan.context,
            series=plan.series,
            number_form=plan.number,
            file_name=plan.file_name,
            archive=plan.archive,
            serves=plan.serves,
            forbid=plan.forbid,
            any_of=plan.any_of,
            sets=plan.sets,
            field_plans=plan.fields,
            fields=fields,
            phrases=phrases,
            template=load_template(f"{folder.name}/{TEMPLATE_FILE}", read(folder / TEMPLATE_FILE), fields),
            folder=folder,
            life=plan.life,
        )

    def series_for(self, office: str) -> str:
        """The 机关代字 of this genre's numbers for an office; ``{office}`` in it is the office's own."""
        return self.series.replace("{office}", office) or office

    def number_text(self, number: DocumentNumber) -> str:
        """The number as the document prints it, e.g. ``云教督〔2026〕8号`` or ``第8期``."""
        text = self.number_form
        for word in ("series", "year", "serial"):
            text = text.replace(f"{{{word}}}", str(getattr(number, word)))
        return text

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
        beside = self.folder.parent / SHARED_SAMPLE
        own = toml(self.folder / SAMPLE_FILE)
        names = {field.name for field in self.fields}
        frame = toml(beside if beside.is_file() else shipped_templates() / SHARED_SAMPLE)
        values = {**{name: value for name, value in frame.items() if name in names}, **own}
        declared = {field.name for field in self.fields}
        for name in values:
            if name not in declared:
                raise TemplateInvalid(
                    f"{self.name}/{SAMPLE_FILE} 里的 {name} 没有声明", remedy=f"在 {PLAN_FILE} 里声明，或删去"
                )
        return {name: _as_declared(self.field(name), value) for name, value in values.items()}


def genres(roots: Sequence[Path]) -> tuple[Genre, ...]:
    """Every genre of the roots, by folder name.

    Raises:
        TemplateInvalid: one of them cannot be used.
    """
    return tuple(Genre.load(folder) for folder in genre_folders(roots))


def genre_of(word: str, roots: Sequence[Path]) -> Genre:
    """The genre whose title, alias or folder name is ``word``; others are not loaded, so they may be broken.

    Raises:
        UsageInvalid: there is none; the remedy lists those that exist, the nearest first.
        TemplateInvalid: it cannot be used.
    """
    wanted = word.strip()
    names: dict[str, str] = {}
    broken: list[TemplateInvalid] = []
    for folder in genre_folders(roots):
        try:
            plan = plan_of(folder)
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


def _as_declared(field: Field, value: Any) -> Value:
    """A sample's value: 条目 may be written as texts, rows as lists of cells."""
    if field.kind is FieldKind.ROWS and value and isinstance(value[0], str):
        return items(value)
    if field.kind is FieldKind.ROWS and value and isinstance(value[0], list):
        return tuple(dict(zip(field.columns, row, strict=True)) for row in value)
    return tuple(value) if isinstance(value, list) else value


def fields_of(plan: GenrePlan) -> tuple[Field, ...]:
    """The fields of a genre: those of its layout, and its own, which may take the place of one of them."""
    record = kind_of(plan.record).title if plan.record else ""
    own = tuple(entry.field(record) for entry in plan.fields)
    names = {field.name for field in own}
    frame = FRAMES[plan.layout]
    head = tuple(field for field in frame if field.name not in names)
    return (*head, *own)


def genre_folders(roots: Sequence[Path]) -> Iterator[Path]:
    """The folders of genres by name; the first root that has one wins."""
    seen: dict[str, Path] = {}
    for root in roots:
        if root.is_dir():
            for folder in root.iterdir():
                if (folder / PLAN_FILE).is_file():
                    seen.setdefault(folder.name, folder)
    for name in sorted(seen):
        yield seen[name]


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


def _check_recipes(folder: Path, plan: GenrePlan, phrases: Phrases) -> None:
    """Every recipe names columns, sets and phrases that are there."""
    secret = bool(plan.record) and kind_of(plan.record).confidential
    for name, wanted in plan.sets.items():
        kind = kind_of(wanted.kind)
        if kind.confidential and not secret:
            raise TemplateInvalid(
                f"{folder.name}/{PLAN_FILE} 的 sets.{name} 要用“{kind.title}”，那是不对外的记录",
                remedy="只有由这种记录生成的文种才能用它",
            )
        paths = [*wanted.only, *wanted.without, *wanted.since, *wanted.until]
        paths += [wanted.by, wanted.sort, wanted.leaves]
        for path in paths:
            if path:
                check_path(kind, path.removeprefix("-"))
        for path in (wanted.of, wanted.via):
            if path:
                check_path(kind_of(plan.record), path)
    labels = {entry.label for entry in plan.fields}
    for label in plan.any_of:
        if label not in labels:
            raise TemplateInvalid(
                f"{folder.name}/{PLAN_FILE} 的 any_of 里没有“{label}”这个字段", remedy="写某个字段的 label"
            )
    for path in plan.forbid:
        check_path(kind_of(plan.record), path)
    for entry in plan.fields:
        for phrase in (entry.phrase, entry.line):
            if phrase:
                phrases.raw(phrase)
        if entry.path:
            check_path(kind_of(plan.record), entry.path)
        used = (entry.each or entry.count or entry.total or entry.distinct).partition(".")
        if used[0] and used[0] not in plan.sets:
            raise TemplateInvalid(
                f'{folder.name}/{PLAN_FILE} 的“{entry.label}”用到的 [sets."{used[0]}"] 没有写',
                remedy="补上这一段，或改用已有的",
            )
        if used[0]:
            kind = kind_of(plan.sets[used[0]].kind)
            columns = entry.columns.values() if isinstance(entry.columns, Mapping) else ()
            for path in (used[2], entry.group, *columns):
                if path and path not in ORDINALS:
                    check_path(kind, path)


def _phrases(folder: Path) -> Phrases:
    file = folder / PHRASES_FILE
    texts: dict[str, str | tuple[str, ...]] = {}
    for name, value in (toml(file) if file.is_file() else {}).items():
        if isinstance(value, str | int):
            texts[name] = str(value)
        elif isinstance(value, list) and all(isinstance(line, str) for line in value):
            texts[name] = tuple(value)
        else:
            raise TemplateInvalid(
                f"{folder.name}/{PHRASES_FILE} 的“{name}”不对", remedy='写成 "一句话" 或 ["一条", "一条"]'
            )
    return Phrases(f"{folder.name}/{PHRASES_FILE}", texts)
