"""Files inside packages: listed by name, and unpacked one at a time to be read like any other file.

The list costs next to nothing; every member is then a task of its own, with limits of its own, so that one
bad member spoils neither the package nor the rest. Nothing is ever written under a name from the package.
"""

from __future__ import annotations

import errno
import itertools
import os
import shutil
import struct
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath

from indexer.extract import bsdtar
from indexer.extract.endings import Unreadable, corrupt, encrypted
from indexer.extract.listing import clean, listed
from indexer.extract.parts import check_member, check_total
from indexer.extract.plain import encoding_of
from indexer.model import Extraction, Limits, Member, State

_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_UNICODE_PATH = 0x7075
"""The extra field of Info-ZIP that holds the name in UTF-8 (APPNOTE 4.6.9)."""
_CHUNK_BYTES = 1 << 20


def read_zip(path: Path, limits: Limits) -> Extraction:
    """The names of the members as text, and the members to be read; folders and systems' litter left out.

    Raises:
        Unreadable: the package is damaged, empty, wholly encrypted, or holds too many files or bytes.
    """
    with _opened(path) as package:
        check_total(package.infolist(), limits)
        infos = [(at, info) for at, info in enumerate(package.infolist()) if not info.is_dir()]
        names = _names([info for _, info in infos])
    found = listed(Member(at, name, info.file_size) for (at, info), name in zip(infos, names, strict=True))
    if all(info.flag_bits & _ENCRYPTED_FLAG for _, info in infos):
        return encrypted().extraction(found.passages)
    return found


class Unpacker:
    """Gives members as files in ``folder``; keeps the last package that was itself a member, for the next."""

    def __init__(self, folder: Path, limits: Limits) -> None:
        self._folder = folder
        self._limits = limits
        self._numbers = itertools.count()
        self._inner: tuple[tuple[Path, int, tuple[int, ...]], Path] | None = None

    @contextmanager
    def member(self, path: Path, inside: Sequence[int]) -> Iterator[Path]:
        """The member at the positions ``inside`` (of the package, of a package in it, …), while asked for.

        Raises:
            Unreadable: it is encrypted, damaged, not there or passes a limit.
        """
        package = self._package(path, tuple(inside[:-1]))
        file = self._unpacked(package, inside[-1])
        try:
            yield file
        finally:
            file.unlink(missing_ok=True)

    def _package(self, path: Path, inside: tuple[int, ...]) -> Path:
        """The package that holds the member: the file itself, or one unpacked from it."""
        if not inside:
            return path
        wanted = (path, path.stat().st_mtime_ns, inside)
        if self._inner is None or self._inner[0] != wanted:
            inner = self._unpacked(self._package(path, inside[:-1]), inside[-1])
            if self._inner is not None:
                self._inner[1].unlink(missing_ok=True)
            self._inner = (wanted, inner)
        return self._inner[1]

    def _unpacked(self, package: Path, position: int) -> Path:
        """The member's content in a file of its own, at most as long as its entry promises."""
        unpack, suffix = (unpack_zip, zip_suffix) if zipfile.is_zipfile(package) else _BY_PROGRAM
        ending = suffix(package, position)
        number = f"{os.getpid()}-{next(self._numbers)}"
        target = self._folder / (number + ending if ending[1:].isalnum() else number)
        try:
            unpack(package, position, target, self._limits)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
        return target


_BY_PROGRAM = (bsdtar.unpack, bsdtar.suffix_of)


def unpack_zip(package: Path, position: int, target: Path, limits: Limits) -> None:
    """The content of a member of a ZIP is in ``target``."""
    with _opened(package) as opened:
        info = _info(opened, position)
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise encrypted()
        check_member(info, limits)
        with opened.open(info) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file, _CHUNK_BYTES)


def zip_suffix(package: Path, position: int) -> str:
    """The ending of a member's name."""
    with _opened(package) as opened:
        return PurePosixPath(_names([_info(opened, position)])[0]).suffix


def _info(opened: zipfile.ZipFile, position: int) -> zipfile.ZipInfo:
    infos = opened.infolist()
    if position >= len(infos):
        raise corrupt("压缩包里的文件不见了")
    return infos[position]


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as package:
            yield package
    except (zipfile.BadZipFile, EOFError, struct.error, ValueError) as fault:
        raise corrupt("压缩结构不完整，可能没有传完") from fault
    except zipfile.zlib.error as fault:  # type: ignore[attr-defined]
        raise corrupt("压缩内容解不开") from fault
    except NotImplementedError as fault:
        raise Unreadable(
            State.REFUSED, "压缩包用了少见的压缩方法", "用普通 ZIP 方式重新打包，或解压后归档"
        ) from fault
    except OSError as fault:
        if fault.errno != errno.EINVAL:  # a place before the file's beginning
            raise
        raise corrupt("压缩结构不完整，可能没有传完") from fault
    except RuntimeError as fault:  # zipfile's word for a missing password
        raise encrypted() from fault


def _names(infos: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The members' names as their maker saw them, cleaned of ways out, each once.

    Without the flag for UTF-8 (APPNOTE appendix D) names are in the maker's own encoding: it is told from
    all of them together, since one name is too short to tell it.
    """
    raw = [info.orig_filename.encode("cp437", "replace") for info in infos]
    vague = [name for info, name in zip(infos, raw, strict=True) if not info.flag_bits & _UTF8_FLAG]
    encoding = encoding_of(b"\n".join(vague)) or "gb18030"
    seen: Counter[str] = Counter()
    names: list[str] = []
    for info, name in zip(infos, raw, strict=True):
        known = info.orig_filename if info.flag_bits & _UTF8_FLAG else _unicode_path(info)
        cleaned = clean(known or name.decode(encoding, "replace"))
        seen[cleaned] += 1
        plain = PurePosixPath(cleaned)
        again = f"{plain.stem}({seen[cleaned]}){plain.suffix}"
        names.append(cleaned if seen[cleaned] == 1 else str(plain.with_name(again)))
    return names


def _unicode_path(info: zipfile.ZipInfo) -> str | None:
    """The name in Info-ZIP's extra field, or None."""
    extra = info.extra
    while len(extra) >= 4:
        kind, length = struct.unpack("<HH", extra[:4])
        body, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and len(body) > 5:
            with suppress(UnicodeDecodeError):
                return body[5:].decode("utf-8")
    return None
