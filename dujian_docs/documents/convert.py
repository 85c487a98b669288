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
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dujian_docs.documents.fonts import fontconfig
from dujian_docs.errors import ProgramMissing
from dujian_docs.publishing import namesakes

BATCH = 20
START_SECONDS = 60.0
"""What a first start with an empty profile may take."""
SECONDS_PER_FILE = 30.0
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

    Up to ``BATCH`` files share one start; those of a batch that got no PDF are tried once more alone. An
    existing PDF is not overwritten (``名称(2).pdf``).

    Raises:
        ProgramMissing: there is no LibreOffice.
    """
    if soffice.path is None:
        raise ProgramMissing("没有找到 LibreOffice，转不了 PDF", remedy=soffice.remedy)
    target_dir.mkdir(parents=True, exist_ok=True)
    done: list[Converted] = []
    for batch in _batches(sources):
        made = _converted(soffice.path, batch, target_dir, start_seconds + seconds_per_file * len(batch))
        for result in made:
            again = result
            if result.pdf is None and len(batch) > 1:
                again = _converted(
                    soffice.path, [result.source], target_dir, start_seconds + seconds_per_file
                )[0]
            done.append(again)
            if on_progress:
                on_progress(len(done), len(sources))
    return tuple(done)


def _batches(sources: Sequence[Path]) -> Iterator[Sequence[Path]]:
    for start in range(0, len(sources), BATCH):
        yield sources[start : start + BATCH]


def _converted(program: Path, sources: Sequence[Path], target_dir: Path, seconds: float) -> list[Converted]:
    """One start of LibreOffice for these files; each comes back with its PDF or the reason."""
    with tempfile.TemporaryDirectory(prefix="dujian-pdf-", ignore_cleanup_errors=True) as folder:
        work = Path(folder)
        (work / "in").mkdir()
        (work / "out").mkdir()
        reasons: dict[int, str] = {}
        given = []
        for number, source in enumerate(sources):
            copy = work / "in" / f"{number:04}{source.suffix.lower()}"
            try:
                _copy_for_libreoffice(source, copy)
                given.append(copy)
            except OSError as error:
                reasons[number] = f"读不出文件（{error.strerror}）"
        said = _run(program, given, work, seconds) if given else ""
        results = []
        for number, source in enumerate(sources):
            made = work / "out" / f"{number:04}.pdf"
            if made.is_file() and made.stat().st_size:
                results.append(Converted(source, _moved(made, target_dir / f"{source.stem}.pdf")))
            else:
                results.append(
                    Converted(source, None, reasons.get(number) or said or "LibreOffice 打不开这个文件")
                )
        return results


def _moved(made: Path, wanted: Path) -> Path:
    for path in namesakes(wanted):
        try:
            path.open("xb").close()
        except FileExistsError:
            continue
        shutil.copyfile(made, path)
        return path
    raise FileExistsError(wanted)


def _run(program: Path, sources: Sequence[Path], work: Path, seconds: float) -> str:
    """Lets LibreOffice make the PDFs; returns why it stopped early, or nothing."""
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
            process.wait(seconds)
        except subprocess.TimeoutExpired:
            return f"转换超过 {seconds:.0f} 秒，已中止"
        finally:
            _end(process)
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
