"""The names in a zip package, read straight from its directory: all that telling its kind needs.

Only directories as every writer of Office files makes them are read so (APPNOTE.TXT 4.3.12, 4.3.16): at the
end of the file, without a comment, without ZIP64 and with plain names. Whatever else there is, ``zipfile``
judges.
"""

from __future__ import annotations

import struct
import zipfile
from typing import BinaryIO

_ENTRY = struct.Struct("<4s24xHHH12x")
"""Signature, then the lengths of name, extra field and comment."""
_END = struct.Struct("<4s4xHHIIH")
"""Signature, then entries here and in all, the directory's size and offset, and the comment's length."""
_MOST_BYTES = 1 << 20


def names_in(stream: BinaryIO) -> list[str]:
    """The members' names, in the directory's order.

    Raises:
        zipfile.BadZipFile, OSError, ValueError, NotImplementedError: there is no sound directory.
    """
    names = _plain_names(stream)
    if names is not None:
        return names
    with zipfile.ZipFile(stream) as package:
        return package.namelist()


def _plain_names(stream: BinaryIO) -> list[str] | None:
    """The names of an ordinary package; None when it is not one."""
    end_at = stream.seek(0, 2) - _END.size
    if end_at < 0:
        return None
    stream.seek(end_at)
    mark, here, count, size, offset, comment = _END.unpack(stream.read(_END.size))
    if mark != b"PK\5\6" or here != count or comment or offset + size != end_at or size > _MOST_BYTES:
        return None
    stream.seek(offset)
    directory = stream.read(size)
    names: list[str] = []
    at = 0
    while len(names) < count and at + _ENTRY.size <= size:
        mark, name, extra, note = _ENTRY.unpack_from(directory, at)
        at += _ENTRY.size
        text = directory[at : at + name]
        if mark != b"PK\1\2" or not text.isascii() or b"\0" in text:
            return None
        names.append(text.decode("ascii"))
        at += name + extra + note
    return names if len(names) == count and at == size else None
