"""How Whoosh's segments are read: from where the system maps them, not from a copy of the whole in memory.

Whoosh maps a segment's file too, but then copies every part of it that it opens.
"""

from __future__ import annotations

import os
from mmap import mmap
from typing import Any

from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.structfile import BufferFile, StructFile


class MappedSegment(W3Segment):  # type: ignore[misc]  # untyped library
    """A segment whose parts are read in place; written and kept as Whoosh does."""

    def open_compound_file(self, storage: Any) -> CompoundStorage:
        """The segment's file as a storage of its parts."""
        return _Parts(
            storage.open_file(self.make_filename(self.COMPOUND_EXT)), use_mmap=storage.supports_mmap
        )


class _Parts(CompoundStorage):  # type: ignore[misc]  # untyped library
    def open_file(self, name: str, *args: object, **kwargs: object) -> StructFile:
        if self.is_closed or not self._source:
            return super().open_file(name, *args, **kwargs)
        return _Part(self._source, *self.range(name), name)

    def close(self) -> None:
        """The map itself goes with the last of its parts that is in use."""
        self._source = None
        super().close()


class _Part(BufferFile):  # type: ignore[misc]  # untyped library
    """A file inside the map; never reads past its own end."""

    def __init__(self, source: mmap, start: int, length: int, name: str) -> None:
        StructFile.__init__(self, self, name)
        self._source, self._start, self._end = source, start, start + length
        self._at = start

    def get(self, position: int, length: int) -> bytes:
        begin = self._start + position
        return self._source[begin : min(begin + length, self._end)]

    def read(self, length: int = -1) -> bytes:
        begin = self._at
        self._at = self._end if length < 0 else min(begin + length, self._end)
        return self._source[begin : self._at]

    def readline(self) -> bytes:
        found = self._source.find(b"\n", self._at, self._end)
        return self.read((found + 1 if found >= 0 else self._end) - self._at)

    def seek(self, position: int, whence: int = os.SEEK_SET) -> None:
        self._at = (
            position + {os.SEEK_SET: self._start, os.SEEK_CUR: self._at, os.SEEK_END: self._end}[whence]
        )

    def tell(self) -> int:
        return self._at - self._start

    def close(self) -> None:
        self.is_closed = True
