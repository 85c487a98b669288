"""The verbs that check a 公文 from anywhere, and that check a template which a clerk has changed."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from dujian_docs import records
from dujian_docs.documents import Genre, genre_of
from dujian_docs.documents.convert import Soffice, soffice_path, to_pdf
from dujian_docs.documents.genre_plan import TEMPLATE_FILE, plan_of
from dujian_docs.documents.genres import fields_of, genre_folders
from dujian_docs.documents.rendering import misuses_of, render
from dujian_docs.errors import DujianError, InputInvalid, StorageFailed, TemplateInvalid, UsageInvalid
from dujian_docs.linting import Level, Names, Person, Report, corrected, lint, read
from dujian_docs.linting.pages import pages_of, with_pages
from dujian_docs.publishing import publish
from dujian_docs.records import RecordStore, Unit
from dujian_docs.workspace.place import Workspace
from indexer import Limits, extract_file

MOST_BYTES = 200_000_000
"""Of a file that is checked; pictures and all."""
_LOCK = "~$"


@dataclass(frozen=True, slots=True)
class Linted:
    """One file and what was found: a report, or why there is none; where the corrected copy lies."""

    path: Path
    report: Report | None
    fault: DujianError | None = None
    copy: Path | None = None
    settled: int = 0

    @property
    def sound(self) -> bool:
        """Whether it could be read and nothing certain is wrong with it."""
        return self.report is not None and not self.report.count(Level.ERROR)


@dataclass(frozen=True, slots=True)
class TemplateFinding:
    """Something wrong with a template: page and paragraph (0 when unseen), what, and what to do."""

    page: int
    number: int
    problem: str
    remedy: str


@dataclass(frozen=True, slots=True)
class TemplateReport:
    """What was found in the folder of one genre."""

    genre: str
    findings: tuple[TemplateFinding, ...]


def lint_files(
    sources: Sequence[Path], *, names: Names, official: bool | None, fix: bool, soffice: Soffice | None
) -> tuple[Linted, ...]:
    """Each .docx of ``sources`` checked; folders are searched. One that cannot be read stops none.

    Args:
        sources: files and folders.
        names: the registers to hold names against.
        official: whether the files are 公文; None lets each decide.
        fix: writes ``名称_已改.docx`` beside each file in which something was safe to change.
        soffice: tells the pages of findings in files that do not tell them; None leaves them out.

    Raises:
        UsageInvalid: a source is not there, or a folder holds no .docx.
    """
    done = [_linted(path, names, official=official) for path in _files(sources)]
    if soffice is not None and soffice.path is not None:
        done = _with_pages(done, soffice)
    return tuple(_fixed(one) if fix else one for one in done)


def register_names(store: RecordStore) -> Names:
    """The names of units and persons that the registers hold."""
    with store.snapshot() as now:
        every = (*now.all("unit"), *now.all("person"))
    units = [name for one in every if isinstance(one, Unit) for name in (one.name, *one.aliases)]
    persons = [Person(one.name, one.post) for one in every if isinstance(one, records.Person)]
    return Names(tuple(units), tuple(persons))


def lint_templates(office: Workspace, words: Sequence[str], *, at: datetime) -> tuple[TemplateReport, ...]:
    """The genres called so, or all: their files, their tags, and the page that their sample makes.

    Raises:
        UsageInvalid: there is no such genre.
    """
    folders = {folder.name: folder for folder in genre_folders(office.template_roots)}
    wanted = [folders[word] if word in folders else _folder_of(office, word) for word in words]
    soffice = soffice_path(office.settings.programs.soffice)
    return tuple(_template_report(folder, at, soffice) for folder in (wanted or folders.values()))


def _folder_of(office: Workspace, word: str) -> Path:
    return genre_of(word, office.template_roots).folder


def _template_report(folder: Path, at: datetime, soffice: Soffice) -> TemplateReport:
    try:
        genre = Genre.load(folder)
    except TemplateInvalid as error:
        broken = _misuses(folder, soffice) or (TemplateFinding(0, 0, error.problem, error.remedy),)
        return TemplateReport(folder.name, broken)
    try:
        content = render(genre.template, {"number": "", **genre.sample()}, at=at)
    except (InputInvalid, TemplateInvalid) as error:
        return TemplateReport(
            genre.title, (TemplateFinding(0, 0, f"用样例填不出来：{error.problem}", error.remedy),)
        )
    paper = read(content)
    report = lint(paper)
    if report.findings:
        report = with_pages(report, paper, _print(content, soffice))
    return TemplateReport(
        genre.title,
        tuple(
            TemplateFinding(one.page, one.number, f"{one.problem}（{one.words}）", one.remedy)
            for one in report.findings
            if one.level is Level.ERROR
        ),
    )


def _misuses(folder: Path, soffice: Soffice) -> tuple[TemplateFinding, ...]:
    """Every tag that is wrong, with the page that it would print on; none when something else is wrong."""
    try:
        content = (folder / TEMPLATE_FILE).read_bytes()
        found = tuple(misuses_of(f"{folder.name}/{TEMPLATE_FILE}", content, fields_of(plan_of(folder))))
        if not found:
            return ()
        paper = read(content)
    except (TemplateInvalid, InputInvalid, OSError):
        return ()
    pages = pages_of([line.said for line in paper.said], _print(content, soffice))
    return tuple(
        TemplateFinding(pages.get(one.number, 0), one.number, f"模板{one.where}{one.reason}", one.advice)
        for one in found
    )


def _files(sources: Sequence[Path]) -> tuple[Path, ...]:
    found: list[Path] = []
    for source in sources:
        if source.is_dir():
            inside = sorted(one for one in source.rglob("*.docx") if not one.name.startswith(_LOCK))
            if not inside:
                raise UsageInvalid(f"{source} 里没有 .docx 文件", remedy="核对文件夹")
            found += inside
        elif source.is_file():
            found.append(source)
        else:
            raise UsageInvalid(f"{source} 不存在", remedy="核对文件名和位置")
    return tuple(dict.fromkeys(found))


def _linted(path: Path, names: Names, *, official: bool | None) -> Linted:
    try:
        return Linted(path, lint(read(_content(path)), names, official=official))
    except DujianError as error:
        return Linted(path, None, error)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InputInvalid("超过 200 MB，不像一份公文", remedy="压缩里面的图片后再查")
        return path.read_bytes()
    except OSError as error:
        raise StorageFailed("读不出来", remedy="检查是否有权限、网络盘是否连着") from error


def _with_pages(done: Sequence[Linted], soffice: Soffice) -> list[Linted]:
    """Findings without a page get it from the printed pages; a file that cannot be printed stays as it is."""
    wanted = [
        one
        for one in done
        if one.report and any(finding.number and not finding.page for finding in one.report.findings)
    ]
    if not wanted:
        return list(done)
    paged: dict[Path, Linted] = {}
    with tempfile.TemporaryDirectory() as folder:
        for one, made in zip(
            wanted, to_pdf([one.path for one in wanted], Path(folder), soffice=soffice), strict=True
        ):
            printed = _texts(made.pdf) if made.pdf else ()
            if one.report and printed:
                paged[one.path] = replace(
                    one, report=with_pages(one.report, read(_content(one.path)), printed)
                )
    return [paged.get(one.path, one) for one in done]


def _print(content: bytes, soffice: Soffice) -> tuple[str, ...]:
    """The texts of the printed pages; none without LibreOffice."""
    if soffice.path is None:
        return ()
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "模板.docx"
        source.write_bytes(content)
        made = to_pdf([source], Path(folder) / "pdf", soffice=soffice)[0]
        return _texts(made.pdf) if made.pdf else ()


def _texts(pdf: Path) -> tuple[str, ...]:
    """The text of each page; none when the PDF cannot be read."""
    pages: dict[int, list[str]] = {}
    for passage in extract_file(pdf, Limits()).passages:
        pages.setdefault(passage.page or 1, []).append(passage.text)
    return tuple("".join(pages.get(number, ())) for number in range(1, max(pages, default=0) + 1))


def _fixed(one: Linted) -> Linted:
    if one.report is None or not any(finding.edits for finding in one.report.findings):
        return one
    content, settled = corrected(_content(one.path), one.report.findings)
    copy = publish(content, one.path.with_name(f"{one.path.stem}_已改.docx"))
    return replace(one, copy=copy, settled=settled)
