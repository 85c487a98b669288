"""RAR and 7z packages through libarchive's ``bsdtar``, where it is installed (on Windows it is ``tar.exe``).

Runs in a worker, whose limits and whose end are the program's too. Names come as mtree(5) lines, so that no
name can be mistaken for another column; content comes over a pipe, never under a name from the package.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from indexer.extract.endings import Unreadable, corrupt, encrypted, over_limit, without_text
from indexer.extract.listing import clean, listed
from indexer.model import Extraction, Limits, Member, State

_LIST_BYTES = 16 * 1024**2
_SAID_BYTES = 4096
_CHUNK_BYTES = 1 << 20
_SEVEN_ZIP_AES = b"\x06\xf1\x07\x01"
"""The id of 7z's only cipher, as headers name it (7zFormat.txt, Methods.txt)."""
_TAIL_BYTES = 1 << 20
_LINE = re.compile(rb"(\S+) type=(\w+)(?: size=(\d+))?")
_OCTAL = re.compile(rb"\\([0-7]{3})")
_GLOB = re.compile(r"([\\*?\[\]])")


def program() -> str | None:
    """The path of bsdtar, or None."""
    if sys.platform == "win32":
        windows = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "tar.exe")
        return str(windows) if windows.is_file() else None
    return shutil.which("bsdtar")


def read(path: Path, limits: Limits) -> Extraction:
    """The names of the members as text, and the members to be read.

    Raises:
        Unreadable: no program reads it, or it is encrypted, damaged, empty or passes a limit.
    """
    entries = _entries(path)
    if len(entries) > limits.zip_members:
        raise over_limit(f"压缩包内有 {len(entries)} 个文件（最多 {limits.zip_members} 个）")
    if sum(size for _, size in entries) > limits.zip_total_bytes:
        raise over_limit(f"全部文件解开后超过 {limits.zip_total_bytes // 2**20} MB")
    if not entries:
        raise without_text("压缩包是空的")
    return listed(Member(at, clean(name), size) for at, (name, size) in enumerate(entries))


class TarPackage:
    """A RAR or 7z; its list is read once for all members that are asked for.

    Raises:
        Unreadable: no program reads it, or it is encrypted or damaged.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._path = path
        self._limits = limits
        self._entries = _entries(path)

    def name(self, position: int) -> str:
        """The member's name."""
        return self._entry(position)[0]

    def unpack(self, position: int, target: Path) -> None:
        """The member's content is in ``target``, at most as long as its entry promises.

        Raises:
            Unreadable: it is encrypted, damaged, not there or passes a limit.
        """
        name, size = self._entry(position)
        if size > self._limits.zip_member_bytes:
            raise over_limit(f"文件 {name} 解开后超过 {self._limits.zip_member_bytes // 2**20} MB")
        with (
            target.open("wb") as file,
            _said(self._path, "-xOqf", str(self._path), "--", _GLOB.sub(r"\\\1", name)) as content,
        ):
            left = size
            while left > 0 and (chunk := content.read(min(left, _CHUNK_BYTES))):
                file.write(chunk)
                left -= len(chunk)
        if left:
            raise corrupt("压缩内容解不开")

    def close(self) -> None:
        """Nothing is held open."""

    def _entry(self, position: int) -> tuple[str, int]:
        if position >= len(self._entries):
            raise corrupt("压缩包里的文件不见了")
        return self._entries[position]


def _entries(path: Path) -> list[tuple[str, int]]:
    """Name and size of every file in the package, in its order."""
    columns = ("--format=mtree", "--options", "mtree:!all,type,size")
    with _said(path, "-cf", "-", *columns, f"@{path}") as stream:
        lines = stream.read(_LIST_BYTES).split(b"\n")
    found = [line for one in lines if (line := _LINE.match(one)) and line[2] == b"file"]
    return [(_name(line[1]), int(line[3] or 0)) for line in found]


def _name(escaped: bytes) -> str:
    plain = _OCTAL.sub(lambda code: bytes([int(code[1], 8) & 255]), escaped)
    return plain.decode("utf-8", "replace").removeprefix("./")


@contextmanager
def _said(path: Path, *arguments: str) -> Iterator[BinaryIO]:
    """What bsdtar writes to its standard output; it is ended when nobody listens any more."""
    tar = program()
    if tar is None:
        raise Unreadable(
            State.REFUSED,
            "压缩包要用 bsdtar 才能打开，这台电脑上没有",
            "解压后把里面的文件归档；或请管理员安装 bsdtar（软件包 libarchive-tools）后再收录",
        )
    running = subprocess.Popen(
        [tar, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=os.environ | {"LC_ALL": "C.UTF-8"},
    )
    with running:
        try:
            yield cast("BinaryIO", running.stdout)
        finally:
            cast("BinaryIO", running.stdout).close()
            complaint = cast("BinaryIO", running.stderr).read(_SAID_BYTES)
            running.kill()
    if complaint and running.returncode:
        raise _fault(path, complaint)


def _fault(path: Path, complaint: bytes) -> Unreadable:
    """What the complaint means."""
    if b"ncrypt" in complaint or b"assphrase" in complaint or _is_enciphered(path):
        return encrypted()
    return corrupt("压缩结构不完整，可能没有传完")


def _is_enciphered(path: Path) -> bool:
    """Whether the headers at the end of a 7z file name its cipher."""
    with path.open("rb") as file:
        file.seek(max(path.stat().st_size - _TAIL_BYTES, 0))
        return _SEVEN_ZIP_AES in file.read(_TAIL_BYTES)
