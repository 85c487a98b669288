"""docx (and what else LibreOffice opens) → PDF: batches in a process of their own, killed when they hang.

The only module of dujian_docs that starts programs. Each call has its own LibreOffice profile, because two
instances on one profile make one of them fail. A file is done when its PDF is there; the exit status is no
proof.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from dujian_docs.documents.fonts import fontconfig
from dujian_docs.errors import ProgramMissing, disk_words
from dujian_docs.publishing import publish

BATCH = 20
START_SECONDS = 60.0
"""What a first start with an empty profile may take."""
SECONDS_PER_FILE = 30.0
"""Without anything new for so long, the file at hand is given up."""
LOOK_SECONDS = 0.2
_PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
    "C:/Program Files (x86)/LibreOffice/program/soffice.exe",
)
_INSTALL = (
    "安装 LibreOffice（银河麒麟、统信可在软件商店里搜索），"
    "或在 dujian.toml 的 [programs] 填写 soffice 的完整路径"
)


@dataclass(frozen=True, slots=True)
class Soffice:
    """Whether LibreOffice is there: its path, or what to do to get it."""

    path: Path | None
    remedy: str = _INSTALL


@dataclass(frozen=True, slots=True)
class Converted:
    """What became of one file: its PDF, or the reason why there is none."""

    source: Path
    pdf: Path | None
    reason: str = ""


def soffice_path(configured: str = "") -> Soffice:
    """Where LibreOffice is: as configured, on the search path, or in the usual places."""
    if configured:
        path = Path(configured)
        return (
            Soffice(path)
            if path.is_file()
            else Soffice(None, f"设置里的 {configured} 不存在，请改正 [programs] 的 soffice")
        )
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return Soffice(
        Path(found) if found else next((path for path in map(Path, _PLACES) if path.is_file()), None)
    )


def to_pdf(
    sources: Sequence[Path],
    target_dir: Path,
    *,
    soffice: Soffice,
    start_seconds: float = START_SECONDS,
    seconds_per_file: float = SECONDS_PER_FILE,
    on_progress: Callable[[int, int], None] | None = None,
) -> tuple[Converted, ...]:
    """Each source as ``名称.pdf`` in ``target_dir``, in the given order; failures are values, not exceptions.

    Up to ``BATCH`` files share one start. When LibreOffice breaks off or gets stuck, the file it was at is
    set aside (tried once more alone, unless it was stuck) and the others go on. An existing PDF is not
    overwritten (``名称(2).pdf``).

    Raises:
        ProgramMissing: there is no LibreOffice.
        StorageFailed: a PDF cannot be written to ``target_dir``.
    """
    if soffice.path is None:
        raise ProgramMissing("没有找到 LibreOffice，转不了 PDF", remedy=soffice.remedy)
    pace = _Pace(start_seconds, seconds_per_file)
    done: dict[int, Converted] = {}
    for start in range(0, len(sources), BATCH):
        waiting = dict(enumerate(sources[start : start + BATCH], start=start))
        for number, result in _each(soffice.path, waiting, target_dir, pace):
            done[number] = result
            if on_progress:
                on_progress(len(done), len(sources))
    return tuple(done[number] for number in range(len(sources)))


@dataclass(frozen=True, slots=True)
class _Pace:
    """How long LibreOffice may take to start with the first file, and for each file after it."""

    start_seconds: float
    seconds_per_file: float


def _each(
    program: Path, waiting: Mapping[int, Path], target_dir: Path, pace: _Pace
) -> Iterator[tuple[int, Converted]]:
    """Each file with what became of it, as it becomes known."""
    while waiting:
        made, said = _converted(program, waiting, target_dir, pace)
        yield from made.items()
        waiting = {number: source for number, source in waiting.items() if number not in made}
        if not waiting:
            return
        number, source = next(iter(waiting.items()))
        if not said and len(made) + len(waiting) > 1:
            alone, said = _converted(program, {number: source}, target_dir, pace)
            made = alone
        yield number, made.get(number) or Converted(source, None, said or "LibreOffice 打不开这个文件")
        waiting = {other: source for other, source in waiting.items() if other != number}


def _converted(
    program: Path, sources: Mapping[int, Path], target_dir: Path, pace: _Pace
) -> tuple[dict[int, Converted], str]:
    """One start of LibreOffice: what became of which file, and why it was stopped, if it was."""
    with tempfile.TemporaryDirectory(prefix="dujian-pdf-", ignore_cleanup_errors=True) as folder:
        work = Path(folder)
        (work / "in").mkdir()
        (work / "out").mkdir()
        found: dict[int, Converted] = {}
        given = []
        for number, source in sources.items():
            copy = work / "in" / f"{number:06}{source.suffix.lower()}"
            try:
                _copy_for_libreoffice(source, copy)
                given.append(copy)
            except OSError as error:
                found[number] = Converted(source, None, f"读不出文件（{disk_words(error)}）")
        said = _run(program, given, work, pace) if given else ""
        for number, source in sources.items():
            made = work / "out" / f"{number:06}.pdf"
            if made.is_file() and made.stat().st_size:
                found[number] = Converted(
                    source, publish(made.read_bytes(), target_dir / f"{source.stem}.pdf")
                )
        return dict(sorted(found.items())), said


def _run(program: Path, sources: Sequence[Path], work: Path, pace: _Pace) -> str:
    """Lets LibreOffice make the PDFs; returns why it was stopped, or nothing when it ended by itself."""
    command = [
        str(program), "--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard",
        f"-env:UserInstallation={(work / 'profile').as_uri()}",
        "--convert-to", "pdf", "--outdir", str(work / "out"), *map(str, sources),
    ]  # fmt: skip
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=work,
        env=_environment(work),
        start_new_session=sys.platform != "win32",
    ) as process:
        try:
            return _wait(process, work / "out", pace)
        finally:
            _end(process)


def _wait(process: subprocess.Popen[bytes], out: Path, pace: _Pace) -> str:
    """Waits for the end, or until too long nothing more was made."""
    made, allowed = 0, pace.start_seconds + pace.seconds_per_file
    deadline = time.monotonic() + allowed
    while True:
        try:
            process.wait(LOOK_SECONDS)
        except subprocess.TimeoutExpired:
            now = sum(1 for _ in out.iterdir())
            if now > made:
                made, allowed = now, pace.seconds_per_file
                deadline = time.monotonic() + allowed
            elif time.monotonic() > deadline:
                return f"转换超过 {allowed:.0f} 秒没有进展，已中止"
        else:
            return ""


def _end(process: subprocess.Popen[bytes]) -> None:
    """The process and all it started are gone (soffice is a script that starts soffice.bin)."""
    if sys.platform == "win32":
        taskkill = shutil.which("taskkill")
        if process.poll() is None and taskkill:
            subprocess.run([taskkill, "/F", "/T", "/PID", str(process.pid)], check=False, capture_output=True)
    else:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _environment(work: Path) -> dict[str, str]:
    environment = {**os.environ, "SAL_USE_VCLPLUGIN": "svp"}
    if sys.platform == "linux":
        fonts = work / "fonts.conf"
        fonts.write_text(fontconfig(installed_fonts()), encoding="utf-8")
        environment["FONTCONFIG_FILE"] = str(fonts)
    return environment


def installed_fonts() -> frozenset[str]:
    """The family names that fontconfig knows; empty when it is not there to be asked."""
    program = shutil.which("fc-list")
    if program is None:
        return frozenset()
    listed = subprocess.run([program, ":", "family"], check=False, capture_output=True, timeout=60)
    return frozenset(
        name.strip() for name in re.split(r"[,\n]", listed.stdout.decode(errors="replace")) if name.strip()
    )


def _copy_for_libreoffice(source: Path, copy: Path) -> None:
    """A copy in which 标点溢出 is written the way LibreOffice 7.4 reads it: just the other way round."""
    content = source.read_bytes()
    if source.suffix.lower() == ".docx":
        with contextlib.suppress(zipfile.BadZipFile, RuntimeError, NotImplementedError, KeyError):
            content = _flipped(content)
    copy.write_bytes(content)


def _flipped(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as package,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for entry in package.infolist():
            part = package.read(entry)
            if entry.filename in {"word/styles.xml", "word/document.xml"}:
                part = re.sub(rb"<w:overflowPunct(?:\s+w:val=\"(\w+)\")?\s*/>", _other_way, part)
            target.writestr(entry.filename, part)
    return buffer.getvalue()


def _other_way(found: re.Match[bytes]) -> bytes:
    was_on = found[1] not in {b"0", b"false", b"off"}
    return b'<w:overflowPunct w:val="0"/>' if was_on else b'<w:overflowPunct w:val="1"/>'
