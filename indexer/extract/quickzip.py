"""A ZIP package whose ordinary members are inflated at once; whatever is unusual zipfile reads.

What comes out is the same either way, down to the errors: where the short way finds anything it does not
expect, zipfile has the last word.
"""

from __future__ import annotations

import struct
import zipfile
import zlib

_LOCAL = struct.Struct("<4s22xHH")
"""A member's own header: signature, lengths of name and extra field (APPNOTE.TXT 4.3.7)."""
_EXTRA_ROOM = 64
"""Bytes read in advance for an extra field."""
_MOST_BYTES = 8 << 20
"""Packed; larger members are inflated in steps."""
_UNUSUAL = 0x1 | 0x20 | 0x40
"""Flags of encrypted members and of patches."""


class QuickZip(zipfile.ZipFile):
    """As ``ZipFile``, to read from."""

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        """The member's content; raises as ``ZipFile.read`` does."""
        info = self.NameToInfo.get(name) if isinstance(name, str) else name
        content = self._at_once(info) if info is not None and pwd is None else None
        return super().read(name, pwd) if content is None else content

    def _at_once(self, info: zipfile.ZipInfo) -> bytes | None:
        """The content of a plain deflated member; None for any other, and for a damaged one."""
        packed, size = info.compress_size, info.file_size
        deflated = info.compress_type == zipfile.ZIP_DEFLATED
        plain = deflated and not info.flag_bits & _UNUSUAL and info.orig_filename.isascii()
        if not plain or not size or packed > _MOST_BYTES or self.fp is None:
            return None
        name = info.orig_filename.encode()
        self.fp.seek(info.header_offset)
        data = self.fp.read(_LOCAL.size + len(name) + _EXTRA_ROOM + packed)
        if len(data) < _LOCAL.size:
            return None
        mark, length, extra = _LOCAL.unpack_from(data)
        start = _LOCAL.size + length + extra
        if mark != b"PK\3\4" or data[_LOCAL.size : start - extra] != name or start + packed > len(data):
            return None
        try:
            content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(data[start : start + packed], size)
        except zlib.error:
            return None
        return content if len(content) == size and zlib.crc32(content) == info.CRC else None
