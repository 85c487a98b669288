"""A workspace: the folder an office works in, opened once and handed to every verb.

``dujian.toml``, ``templates/``, ``archive/`` and ``.dujian/`` (records, index, caches, logs).
"""

from __future__ import annotations

import getpass
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType

from dujian_docs import settings
from dujian_docs.documents import Office, shipped_templates
from dujian_docs.errors import DujianError, InputInvalid, StorageFailed, UsageInvalid
from dujian_docs.filing import UnitNames
from dujian_docs.publishing import storage_failure
from dujian_docs.records import RecordStore, Unit
from dujian_docs.settings import LoadedSettings, Settings
from indexer import (
    MARKER_NAME,
    ArchiveIndex,
    ArchiveUnreachable,
    IndexerError,
    Item,
    Limits,
    Progress,
    ProgressSink,
    QueryInvalid,
    entries_of,
)

_USUAL_SYNONYMS = Path(__file__).parent / "synonyms.txt"
"""What education offices call by two names or keep writing wrong."""
Report = Callable[[str, int, int, str], None]
"""Told (stage, done, total, what) while a verb works; ``total`` 0 means not known yet."""
Clock = Callable[[], datetime]
_AS_OURS = {ArchiveUnreachable: StorageFailed, QueryInvalid: UsageInvalid}


@dataclass(frozen=True, slots=True)
class InitPlan:
    """The folders and files that ``init`` will make; what exists already is left alone."""

    root: Path
    folders: tuple[Path, ...]
    files: tuple[tuple[Path, str], ...]
    templates: tuple[Path, ...]


class Workspace:
    """An open workspace. Use it as a context manager: it closes the records and the index."""

    def __init__(self, root: Path, loaded: LoadedSettings, *, clock: Clock) -> None:
        self.root = root
        self.loaded = loaded
        self.clock = clock

    @classmethod
    def open(
        cls, start: Path, *, overrides: Mapping[str, str], environment: Mapping[str, str], clock: Clock
    ) -> Workspace:
        """The workspace that ``start`` is or lies in.

        Raises:
            UsageInvalid: neither ``start`` nor a folder above it is a workspace.
        """
        for folder in (start.resolve(), *start.resolve().parents):
            if (folder / settings.FILE_NAME).is_file():
                loaded = settings.load(
                    folder / settings.FILE_NAME, environment=environment, overrides=overrides
                )
                return cls(folder, loaded, clock=clock)
        raise UsageInvalid(
            f"{start} 不是工作区（没有 {settings.FILE_NAME}）",
            remedy="先用 dujian init 文件夹 建一个工作区，或用 -w 指明工作区在哪里",
        )

    def __enter__(self) -> Workspace:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for name in ("index", "store"):
            opened = self.__dict__.pop(name, None)
            if opened is not None:
                opened.close()

    @property
    def settings(self) -> Settings:
        """The settings that hold."""
        return self.loaded.settings

    @property
    def archive(self) -> Path:
        """The archive's root folder."""
        return self.root / self.settings.archive.path

    def require_archive(self) -> None:
        """The archive is there with its marker: an empty mount point is not taken for an empty archive.

        Raises:
            StorageFailed: it is not.
        """
        if not (self.archive / MARKER_NAME).is_file():
            raise StorageFailed(
                f"档案文件夹 {self.archive} 不在，或里面没有标志文件 {MARKER_NAME}",
                remedy=f"检查共享盘是否连好；确认位置没错的话，运行 dujian init {self.root} 补上标志文件",
            )

    @property
    def home(self) -> Path:
        """The folder of records, index and caches."""
        return self.root / ".dujian"

    @property
    def author(self) -> str:
        """Who acts: the setting, or the name the person is logged in under."""
        return self.settings.user.name or getpass.getuser()

    @property
    def template_roots(self) -> tuple[Path, ...]:
        """Where genres are looked for: the workspace's own first, then those of the program."""
        return (self.root / "templates", shipped_templates())

    @property
    def office(self) -> Office:
        """The issuing office as its documents name it.

        Raises:
            InputInvalid: its name or series is not set.
        """
        office = self.settings.office
        for value, key, title in ((office.name, "name", "机关全称"), (office.series, "series", "机关代字")):
            if not value:
                raise InputInvalid(
                    f"还没有设置{title}", remedy=f"打开 {settings.FILE_NAME}，在 [office] 下填写 {key}"
                )
        return Office(
            name=office.name,
            letterhead=office.letterhead,
            series=office.series,
            signer=office.signer,
            contact=office.contact,
            phone=office.phone,
            cc=office.cc,
            sealed=office.sealed,
            first_serial=office.first_serial,
        )

    @cached_property
    def store(self) -> RecordStore:
        """The records, opened on first use."""
        self._make_home()
        return RecordStore.open(self.home / "records.db")

    @property
    def units(self) -> UnitNames:
        """Every unit of the records, findable by code, name and alias."""
        return UnitNames.of(unit for unit in self.store.all("unit") if isinstance(unit, Unit))

    @cached_property
    def index(self) -> ArchiveIndex:
        """The archive's index, opened on first use."""
        self._make_home()
        limits, search = self.settings.limits, self.settings.index
        with indexer_errors():
            return ArchiveIndex.open(
                self.archive,
                self.home / "index",
                engine=search.engine,
                lexicon=self._entries(search.lexicon),
                synonyms=(
                    *entries_of(_USUAL_SYNONYMS),
                    *self._entries(search.synonyms),
                    *self.units.synonyms,
                ),
                limits=Limits(
                    wall_seconds=limits.seconds,
                    memory_bytes=limits.memory_mb * 1024**2,
                    file_bytes=limits.file_mb * 1024**2,
                    pdf_pages=limits.pdf_pages,
                    sheet_cells=limits.sheet_cells,
                    ocr_seconds=limits.ocr_seconds,
                    ocr_memory_bytes=limits.ocr_memory_mb * 1024**2,
                    image_pixels=limits.image_megapixels * 10**6,
                    text_chars=limits.text_chars,
                    zip_members=limits.zip_members,
                    zip_member_bytes=limits.zip_member_mb * 1024**2,
                    zip_total_bytes=limits.zip_total_mb * 1024**2,
                    zip_ratio=limits.zip_ratio,
                    package_depth=limits.package_depth,
                    files_per_worker=limits.files_per_worker,
                ),
            )

    @property
    def files(self) -> tuple[Item, ...]:
        """Every file of the archive. What lies inside a ZIP is searched too, but is no evidence by itself."""
        return tuple(item for item in self.index.items() if not item.package)

    def _entries(self, file: str) -> tuple[str, ...]:
        """What a list of words in the workspace says; nothing when none is set."""
        return entries_of(self.root / file) if file else ()

    def _make_home(self) -> None:
        try:
            self.home.mkdir(exist_ok=True)
        except OSError as error:
            raise storage_failure(error, self.home) from error


@contextmanager
def indexer_errors() -> Iterator[None]:
    """The indexer's errors leave as ours, with the same two sentences and a fitting exit status."""
    try:
        yield
    except IndexerError as error:
        kind = _AS_OURS.get(type(error), DujianError)
        raise kind(error.problem, remedy=error.remedy) from error


def unit_code(units: UnitNames, word: str) -> str:
    """The code of the unit that ``word`` (code, name or alias) names.

    Raises:
        UsageInvalid: no unit is called so, or several are.
    """
    code = units.code_of(word)
    if code is None:
        raise UsageInvalid(
            f"没有“{word}”这个单位，或有几个单位都这么叫",
            remedy="改用单位代码或全称；dujian export 单位 单位.xlsx 可以导出单位表查看",
        )
    return code


def sink(report: Report | None) -> ProgressSink | None:
    """The indexer's progress events passed on to ``report``."""
    if report is None:
        return None

    def pass_on(event: Progress) -> None:
        report(event.stage, event.done, event.total, event.what)

    return pass_on


def plan_init(root: Path, values: Mapping[str, object]) -> InitPlan:
    """What a workspace at ``root`` still lacks; ``values`` are settings to write into its file."""
    present = settings.load(root / settings.FILE_NAME, environment={}, overrides={}).settings.archive.path
    archive = root / str(values.get("archive.path", present))
    folders = (
        root,
        root / "templates",
        archive,
        archive / "迎检档案",
        archive / "发文",
        archive / "待归档",
        root / ".dujian",
    )
    files = (
        (root / settings.FILE_NAME, settings.toml_text(values)),
        (
            archive / MARKER_NAME,
            "督检文档的档案根目录标志，请勿删除：没有它，程序不会把找不到的文件当成已删除。\n",
        ),
    )
    return InitPlan(
        root,
        tuple(folder for folder in folders if not folder.is_dir()),
        tuple((path, text) for path, text in files if not path.exists()),
        tuple(
            folder
            for folder in sorted(shipped_templates().iterdir())
            if folder.is_dir() and not (root / "templates" / folder.name).exists()
        ),
    )


def apply_init(plan: InitPlan) -> None:
    """The folders and files of the plan exist; nothing that was there has changed.

    Raises:
        StorageFailed: the place cannot be written to.
    """
    try:
        for folder in plan.folders:
            folder.mkdir(parents=True, exist_ok=True)
        for path, text in plan.files:
            with path.open("x", encoding="utf-8", newline=os.linesep) as file:
                file.write(text)
        for folder in plan.templates:
            shutil.copytree(folder, plan.root / "templates" / folder.name)
    except OSError as error:
        raise storage_failure(error, plan.root) from error
