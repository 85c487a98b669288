"""Reads ZIP packages (APPNOTE.TXT): the names of what is in them as their makers saw them, and content."""

from __future__ import annotations

import errno
import shutil
import struct
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from indexer.extract.endings import Unreadable, corrupt, encrypted
from indexer.extract.listing import clean, each_once, listed
from indexer.extract.parts import check_member, check_total
from indexer.extract.plain import encoding_of
from indexer.model import Extraction, Limits, Member, State

_UTF8_FLAG = 0x800
_ENCRYPTED_FLAG = 0x1
_UNICODE_PATH = 0x7075
"""The extra field of Info-ZIP that holds the name in UTF-8 (APPNOTE 4.6.9)."""
_CHUNK_BYTES = 1 << 20


def read(path: Path, limits: Limits) -> Extraction:
    """The names of the members as text, and the members to be read; folders and systems' litter left out.

    Raises:
        Unreadable: the package is damaged, empty, wholly encrypted, or holds too many files or bytes.
    """
    with _faults(), zipfile.ZipFile(path) as package:
        check_total(package.infolist(), limits)
        infos = [(at, info) for at, info in enumerate(package.infolist()) if not info.is_dir()]
        names = _names([info for _, info in infos])
    found = listed(Member(at, name, info.file_size) for (at, info), name in zip(infos, names, strict=True))
    if all(info.flag_bits & _ENCRYPTED_FLAG for _, info in infos):
        return encrypted().extraction(found.passages)
    return found


class ZipPackage:
    """An open ZIP; its list is read once for all members that are asked for.

    Raises:
        Unreadable: it is damaged.
    """

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        with _faults():
            self._package = zipfile.ZipFile(path)
        self._infos = self._package.infolist()

    def name(self, position: int) -> str:
        """The member's name."""
        return _names([self._info(position)])[0]

    def unpack(self, position: int, target: Path) -> None:
        """The member's content is in ``target``; raises Unreadable when it cannot be had."""
        info = self._info(position)
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise encrypted()
        check_member(info, self._limits)
        with _faults(), self._package.open(info) as source, target.open("wb") as file:
            shutil.copyfileobj(source, file, _CHUNK_BYTES)

    def close(self) -> None:
        """Lets go of the file."""
        self._package.close()

    def _info(self, position: int) -> zipfile.ZipInfo:
        if position >= len(self._infos):
            raise corrupt("压缩包里的文件不见了")
        return self._infos[position]


@contextmanager
def _faults() -> Iterator[None]:
    """What zipfile says of a package, as an ending."""
    try:
        yield
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
    known = (info.orig_filename if info.flag_bits & _UTF8_FLAG else _unicode_path(info) for info in infos)
    return each_once(
        clean(told or name.decode(encoding, "replace")) for told, name in zip(known, raw, strict=True)
    )


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
