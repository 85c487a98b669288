"""Takes private copies of the archive's files, proves them unchanged, and has them made into PDFs.

Everything after works on these copies, so that a file which changes while a package is made cannot end up
in it half old and half new. The archive itself is only read.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from dujian_docs.dossier.model import DossierPlan, ProgressSink, StoredFile
from dujian_docs.dossier.names import printable
from dujian_docs.errors import ArchiveConflict, DujianError, ProgramMissing, disk_words
from dujian_docs.publishing import confined


class Conversion(Protocol):
    """What became of one file that was to be a PDF: the PDF, or a Chinese reason why there is none."""

    @property
    def pdf(self) -> Path | None:
        """Where the PDF is."""

    @property
    def reason(self) -> str:
        """Why there is none."""


ToPdf = Callable[[Sequence[Path], Path], Sequence[Conversion]]
"""Makes the files into PDFs in the given folder and answers for each, in order; may raise ProgramMissing."""

CONVERTED_SUFFIXES = frozenset(
    {".docx", ".doc", ".wps", ".rtf", ".odt", ".xlsx", ".xls", ".et", ".ods", ".csv", ".txt", ".pptx", ".ppt"}
)
NO_PROGRAM = "没有安装或没有启用 LibreOffice，只能合入 PDF 文件"
CHUNK_BYTES = 1024 * 1024
BATCH = 16
"""How many files are converted in one call."""


@dataclass(frozen=True, slots=True)
class Staged:
    """The plan less what could not be copied, and where the copies are: sha256 → file."""

    plan: DossierPlan
    copies: Mapping[str, Path]


@dataclass(frozen=True, slots=True)
class Pdfs:
    """sha256 → the PDF of a file, or → the Chinese reason why there is none."""

    files: Mapping[str, Path]
    reasons: Mapping[str, str]


def stage(plan: DossierPlan, archive_root: Path, folder: Path, progress: ProgressSink) -> Staged:
    """Copies of all planned files in ``folder``; those gone, changed or unreadable leave the plan, named."""
    copies: dict[str, Path] = {}
    refused: dict[str, str] = {}
    for number, file in enumerate(plan.files, start=1):
        progress("复制", number, len(plan.files), printable(file.source))
        copy = folder / f"{file.sha256}{PurePosixPath(file.source).suffix.lower()}"
        reason = _copied(file, archive_root, copy)
        if reason:
            refused[file.path] = reason
            copy.unlink(missing_ok=True)
        else:
            copies[file.sha256] = copy
    return Staged(plan.without(refused), copies)


def _copied(file: StoredFile, archive_root: Path, copy: Path) -> str:
    """Empty when ``copy`` holds exactly the bytes that were checked, else the reason."""
    digest = hashlib.sha256()
    try:
        source = confined(archive_root, file.source).open("rb")
    except ArchiveConflict:
        return "位置指向档案外面，没有读取"
    except OSError as error:
        return _reading_failed(error)
    with source, copy.open("wb") as target:
        while True:
            try:
                chunk = source.read(CHUNK_BYTES)
            except OSError as error:
                return _reading_failed(error)
            if not chunk:
                break
            digest.update(chunk)
            target.write(chunk)
    return "" if digest.hexdigest() == file.sha256 else "核验以后内容有改动，请重新核验再打包"


def _reading_failed(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "核验以后已不在档案里"
    if isinstance(error, PermissionError):
        return "没有读取权限，请管理员开放后重新打包"
    return f"读不出来（{disk_words(error)}）"


@dataclass(frozen=True, slots=True)
class Press:
    """How files become PDFs: with what, in which folder, and where what was made before is kept."""

    to_pdf: ToPdf | None
    folder: Path
    cache: Path | None
    progress: ProgressSink


def make_pdfs(copies: Mapping[str, Path], names: Mapping[str, str], press: Press) -> Pdfs:
    """A PDF for every copy that is one or can be made into one; ``names`` are those shown while it works."""
    own = {key: copy for key, copy in copies.items() if copy.suffix == ".pdf"}
    known = {} if press.cache is None else _cached(copies, press.cache)
    reasons = {
        key: f"{copy.suffix.lstrip('.') or '无后缀'} 文件不能转成 PDF"
        for key, copy in copies.items()
        if copy.suffix not in CONVERTED_SUFFIXES | {".pdf"}
    }
    todo = [copy for key, copy in copies.items() if key not in {*own, *known, *reasons}]
    if press.to_pdf is None:
        return Pdfs({**own, **known}, reasons | {copy.stem: NO_PROGRAM for copy in todo})
    made: dict[str, Path] = {}
    for start in range(0, len(todo), BATCH):
        batch = todo[start : start + BATCH]
        press.progress("转换", start, len(todo), names.get(batch[0].stem, ""))
        for key, pdf, reason in _converted(batch, press.to_pdf, press.folder):
            if pdf is None:
                reasons[key] = reason
            else:
                made[key] = pdf
    if todo:
        press.progress("转换", len(todo), len(todo), "")
    if press.cache is not None:
        _keep(made, press.cache)
    return Pdfs({**own, **known, **made}, reasons)


def _converted(batch: Sequence[Path], to_pdf: ToPdf, folder: Path) -> Iterator[tuple[str, Path | None, str]]:
    """Each copy's key with its PDF, or with the reason why there is none."""
    try:
        results = to_pdf([_readable(copy, folder) for copy in batch], folder)
    except ProgramMissing:
        yield from ((copy.stem, None, NO_PROGRAM) for copy in batch)
        return
    except DujianError as error:
        yield from ((copy.stem, None, error.problem) for copy in batch)
        return
    for copy, result in zip(batch, results, strict=True):
        pdf = result.pdf if result.pdf is not None and _is_pdf(result.pdf) else None
        yield copy.stem, pdf, result.reason or "转换成 PDF 没有成功"


def _cached(copies: Mapping[str, Path], cache: Path) -> dict[str, Path]:
    found = {key: cache / f"{key}.pdf" for key, copy in copies.items() if copy.suffix in CONVERTED_SUFFIXES}
    return {key: made for key, made in found.items() if _is_pdf(made)}


def _keep(made: Mapping[str, Path], cache: Path) -> None:
    """The cache holds what was made; it is only a cache, so its disk may be full."""
    try:
        cache.mkdir(parents=True, exist_ok=True)
        for key, path in made.items():
            fresh = cache / f".~dujian-{key}"
            fresh.write_bytes(path.read_bytes())
            fresh.replace(cache / f"{key}.pdf")
    except OSError:
        return


def _is_pdf(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(5) == b"%PDF-"
    except OSError:
        return False


def _readable(copy: Path, folder: Path) -> Path:
    """For text of another encoding a second copy in UTF-8 with a mark, which converters cannot misread."""
    if copy.suffix not in {".txt", ".csv"}:
        return copy
    data = copy.read_bytes()
    for encoding in ("utf-8-sig", "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        marked = folder / "text" / copy.name
        marked.parent.mkdir(exist_ok=True)
        marked.write_text(text, encoding="utf-8-sig", newline="")
        return marked
    return copy
