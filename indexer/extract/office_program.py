"""Formats of long ago that LibreOffice still opens: it saves them as .odt or .xlsx, and that is read.

Runs in a worker, whose limits and whose end are the program's too: it stays in the worker's group. The
filter it opens a file with is named, because left alone it takes for plain text whatever it does not know.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from indexer.extract import odf, sheet
from indexer.extract.endings import Unreadable, corrupt
from indexer.extract.plain import encoding_of
from indexer.model import Extraction, Facts, Limits, State

_HEAD_BYTES = 16
_NAME = "file"
"""Of the copy; the oldest sheets have no name but that of their file."""
_WINDOWS_PLACES = (r"C:\Program Files\LibreOffice\program\soffice.exe",)
_AS_BYTES = {
    ord(letter): byte for byte in range(128, 160) if (letter := bytes([byte]).decode("cp1252", "ignore"))
}
"""Letters that Windows has where Latin-1 has controls → their bytes."""
_CHINESE = frozenset({"gb18030", "big5hkscs"})


@dataclass(frozen=True, slots=True)
class _Form:
    """How LibreOffice opens a format: the ending it goes by, the filter's name, and whether it is a sheet."""

    suffix: str
    filter: str
    sheet: bool = False


_WORKS = _Form(".wps", "MS_Works")
_FORMS: Sequence[tuple[bytes, _Form]] = (
    (b"\xd0\xcf\x11\xe0", _WORKS),
    (b"\x31\xbe\0\0\0\xab", _Form(".wri", "MS_Write")),
    (b"\x32\xbe\0\0\0\xab", _Form(".wri", "MS_Write")),
    (b"\x09\x00\x04\x00", _Form(".xls", "MS Excel 4.0", sheet=True)),
    (b"\x09\x02\x06\x00", _Form(".xls", "MS Excel 4.0", sheet=True)),
    (b"\x09\x04\x06\x00", _Form(".xls", "MS Excel 4.0", sheet=True)),
)
"""First bytes → form. ``sniff`` sends only compound files of Works here."""


def program() -> str | None:
    """The path of LibreOffice's ``soffice``, or None."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return found or next((place for place in _WINDOWS_PLACES if Path(place).is_file()), None)


def read(path: Path, limits: Limits) -> Extraction:
    """What LibreOffice makes of the file.

    Raises:
        Unreadable: there is no LibreOffice, it cannot open the file, or the result ends so.
    """
    soffice = program()
    if soffice is None:
        raise Unreadable(
            State.REFUSED,
            "早期办公软件的格式，要借助 LibreOffice 才能读，这台电脑上没有",
            "请管理员安装 LibreOffice 后再收录；或用 Word、WPS 打开，另存为 docx、xlsx 后放回原处",
        )
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    form = next((form for magic, form in _FORMS if head.startswith(magic)), _WORKS)
    with tempfile.TemporaryDirectory(prefix="office-", ignore_cleanup_errors=True) as folder:
        made = _converted(soffice, path, form, Path(folder))
        found = sheet.read(made, limits) if form.sheet else odf.read(made, limits)
    passages = tuple(
        replace(one, text=_mended(one.text), label="" if one.label == _NAME else one.label)
        for one in found.passages
    )
    return replace(found, passages=passages, facts=Facts())


def _converted(soffice: str, path: Path, form: _Form, folder: Path) -> Path:
    """The file that LibreOffice writes of a copy of this one."""
    given = folder / f"{_NAME}{form.suffix}"
    shutil.copyfile(path, given)
    target = folder / "out" / f"{_NAME}.{'xlsx' if form.sheet else 'odt'}"
    how = "xlsx:Calc MS Excel 2007 XML" if form.sheet else "odt:writer8"
    command = [
        soffice,
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nologo", "--nolockcheck"),
        f"--infilter={form.filter}",
        *("--convert-to", how, "--outdir", str(target.parent), str(given)),
    ]
    nowhere = subprocess.DEVNULL
    environment = os.environ | {"HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    subprocess.run(
        command, stdin=nowhere, stdout=nowhere, stderr=nowhere, cwd=folder, env=environment, check=False
    )
    if not target.is_file():
        raise corrupt("LibreOffice 也打不开")
    return target


def _mended(text: str) -> str:
    """The text with Chinese where bytes of GBK or Big5 were taken for Western letters.

    Formats that old do not say how they are encoded, and the filters believe in western Europe.
    """
    try:
        raw = text.translate(_AS_BYTES).encode("latin-1")
    except UnicodeEncodeError:
        return text
    told = None if raw.isascii() else encoding_of(raw)
    return raw.decode(told, "replace") if told in _CHINESE else text
