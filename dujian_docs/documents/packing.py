"""A .docx as a zip file: the same parts give the same bytes, and parts that never change are packed once."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_DOS_TIME, _DOS_DATE = 0, 0x21
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")
_VERSION, _STORED, _DEFLATED, _UTF8_NAME = 20, 0, 8, 0x800
_UNIX, _MODE = 3 << 8, 0o600 << 16
_CONTENT_TYPES = "[Content_Types].xml"
BEST, FAST = 9, 1
"""Levels of compression: for what is packed once, and for what is packed for each document."""


def reproducible(content: bytes) -> bytes:
    """The same package with fixed times and the parts in one order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as target:
        for name in in_order(source.namelist()):
            entry = zipfile.ZipInfo(name, _FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o600 << 16
            target.writestr(entry, source.read(name))
    return buffer.getvalue()


def in_order(names: Sequence[str]) -> list[str]:
    """The names in the order in which a package holds them."""
    return sorted(names, key=lambda name: (name != _CONTENT_TYPES, name))


@dataclass(frozen=True, slots=True)
class Packed:
    """A part of a package as a zip file holds it."""

    name: bytes
    size: int
    checksum: int
    stored: bytes
    method: int = _DEFLATED

    def unpacked(self) -> bytes:
        """The part's bytes, from what is stored.

        Raises:
            zlib.error: it cannot be unpacked.
            ValueError: it is not what was packed.
        """
        deflated = self.method == _DEFLATED
        content = zlib.decompress(self.stored, wbits=-zlib.MAX_WBITS) if deflated else self.stored
        if len(content) != self.size or zlib.crc32(content) != self.checksum:
            raise ValueError(f"{self.name!r} does not hold what was packed")
        return content

    def local(self) -> bytes:
        """The part with the header that stands before it."""
        return b"".join(
            (_LOCAL.pack(b"PK\x03\x04", *self._told(), len(self.name), 0), self.name, self.stored)
        )

    def listed(self, offset: int) -> bytes:
        """Its entry in the directory, when its header stands at ``offset``."""
        head = b"PK\x01\x02", _UNIX | _VERSION, *self._told(), len(self.name)
        return _CENTRAL.pack(*head, 0, 0, 0, 0, _MODE, offset) + self.name

    def _told(self) -> tuple[int, ...]:
        flags = 0 if self.name.isascii() else _UTF8_NAME
        lengths = self.checksum, len(self.stored), self.size
        return (_VERSION, flags, self.method, _DOS_TIME, _DOS_DATE, *lengths)


def packed(name: str, content: bytes, level: int) -> Packed:
    """The part ``name``, compressed."""
    squeezer = zlib.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    deflated = squeezer.compress(content) + squeezer.flush()
    return Packed(name.encode(), len(content), zlib.crc32(content), deflated)


def stored(name: str, content: bytes) -> Packed:
    """The part ``name`` as it is; for what is too small to be worth compressing."""
    return Packed(name.encode(), len(content), zlib.crc32(content), content, _STORED)


class Package:
    """A package most of whose parts never change; those stand first, so that they are laid out once."""

    def __init__(self, kept: Mapping[str, bytes]) -> None:
        parts = [packed(name, kept[name], BEST) for name in in_order(list(kept))]
        locals_ = [part.local() for part in parts]
        offsets = accumulate(map(len, locals_), initial=0)
        self._count = len(parts)
        self._locals = b"".join(locals_)
        self._listed = b"".join(part.listed(offset) for part, offset in zip(parts, offsets, strict=False))

    def with_parts(self, changing: Sequence[Packed]) -> bytes:
        """The zip file of what is kept and these parts."""
        pieces, listed, offset = [self._locals], [self._listed], len(self._locals)
        for part in changing:
            pieces.append(part.local())
            listed.append(part.listed(offset))
            offset += len(pieces[-1])
        directory = b"".join(listed)
        count = self._count + len(changing)
        end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(directory), offset, 0)
        return b"".join((*pieces, directory, end))
