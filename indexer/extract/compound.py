"""Compound files ([MS-CFB]), the container of every legacy Office format: their streams, read as asked for.

Nothing the file counts is believed: chains of sectors end after as many as the file can hold, and a stream
longer than the file is no stream.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from indexer.extract.endings import Unreadable, corrupt

_HEADER_BYTES = 512
_HEADER = struct.Struct("<8s16xHHHHH6xIIIIIIIII")
_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SECTOR_SHIFTS = frozenset({9, 12})
_MINI_SHIFT = 6
_LAST_SECTOR = 0xFFFFFFF9
"""Higher numbers are not sectors but marks: free, end of chain, table."""
_ENTRY = struct.Struct("<64sHBBIII16sIQQIQ")
_STORAGES = frozenset({1, 5})
_STREAM = 2
_NOWHERE = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class _Entry:
    """A storage or stream of the directory ([MS-CFB] 2.6)."""

    path: tuple[str, ...]
    kind: int
    start: int
    size: int


class Compound:
    """The streams of an open compound file; names are matched without regard to case.

    Raises:
        Unreadable: header, allocation table or directory are damaged.
    """

    def __init__(self, file: BinaryIO, size_bytes: int) -> None:
        header = file.read(_HEADER_BYTES)
        if len(header) < _HEADER_BYTES:
            raise _cut_off()
        (magic, _, _, _, self._shift, mini_shift, _, _, directory, _, self._cutoff, self._mini_table_start,
         mini_sectors, more, _) = _HEADER.unpack_from(header)  # fmt: skip
        if magic != _MAGIC or self._shift not in _SECTOR_SHIFTS or mini_shift != _MINI_SHIFT:
            raise _cut_off()
        self._file = file
        self._size_bytes = size_bytes
        self._sectors = (size_bytes >> self._shift) + 1
        self._table = self._read_table(struct.unpack_from("<109I", header, 76), more)
        self._mini_table_size = min(mini_sectors, self._sectors) << self._shift
        self._mini: tuple[bytes, Sequence[int]] | None = None
        self._root, self._entries = self._read_directory(directory)

    def has(self, *path: str) -> bool:
        """Whether there is such a stream or storage."""
        return tuple(name.lower() for name in path) in self._entries

    def paths(self) -> list[tuple[str, ...]]:
        """The paths of all streams, by name."""
        return sorted(entry.path for entry in self._entries.values() if entry.kind == _STREAM)

    def stream(self, *path: str) -> bytes:
        """A stream's content, short when the file is cut off; empty when there is no such stream.

        Raises:
            Unreadable: the stream claims to be longer than the file.
        """
        entry = self._entries.get(tuple(name.lower() for name in path))
        if entry is None or entry.kind != _STREAM:
            return b""
        if entry.size > self._size_bytes:
            raise _cut_off()
        return self._content(entry) if entry.size >= self._cutoff else self._small(entry)

    def _read_table(self, first: Sequence[int], more: int) -> Sequence[int]:
        """The number of the next sector for every sector ([MS-CFB] 2.3, 2.5)."""
        numbers = list(first)
        per_sector = (1 << self._shift) // 4 - 1
        seen: set[int] = set()
        while more <= _LAST_SECTOR and more not in seen and len(seen) < self._sectors:
            seen.add(more)
            listed = self._read(range(more, more + 1))
            if len(listed) < 4 * per_sector + 4:
                break
            *further, more = struct.unpack(f"<{per_sector + 1}I", listed)
            numbers.extend(further)
        used = [number for number in numbers if number < self._sectors]
        return _numbers(b"".join(self._read(range(one, one + 1)) for one in used[: self._sectors]))

    def _read_directory(self, start: int) -> tuple[_Entry, dict[tuple[str, ...], _Entry]]:
        """The root, and everything in it by its path in small letters; lost streams stand in the root."""
        content = self._content(_Entry((), 0, start, self._sectors << self._shift))
        raw = list(_ENTRY.iter_unpack(content[: len(content) // _ENTRY.size * _ENTRY.size]))
        if not raw:
            raise _cut_off()
        found: dict[tuple[str, ...], _Entry] = {}
        seen = {0}
        waiting: list[tuple[int, tuple[str, ...]]] = [(raw[0][6], ())]
        while waiting:
            number, folder = waiting.pop()
            if number in seen or number >= len(raw):
                continue
            seen.add(number)
            entry = self._entry(raw[number], folder)
            found.setdefault(tuple(name.lower() for name in entry.path), entry)
            waiting.extend(((raw[number][4], folder), (raw[number][5], folder)))
            if entry.kind in _STORAGES:
                waiting.append((raw[number][6], entry.path))
        for number in range(len(raw)):
            if number not in seen and raw[number][2] == _STREAM:
                entry = self._entry(raw[number], ())
                found.setdefault((entry.path[0].lower(),), entry)
        return self._entry(raw[0], ()), found

    def _entry(self, raw: tuple[bytes, int, int, int, int, int, int, bytes, int, int, int, int, int],
               folder: tuple[str, ...]) -> _Entry:  # fmt: skip
        length = max(min(raw[1], 64) - 2, 0)
        name = raw[0][:length].decode("utf-16-le", "replace")
        size = raw[12] & 0xFFFFFFFF if self._shift == min(_SECTOR_SHIFTS) else raw[12]
        return _Entry((*folder, name), raw[2], raw[11], size)

    def _content(self, entry: _Entry) -> bytes:
        """The bytes of a chain of sectors, as many of them as there are."""
        chain = _chain(self._table, entry.start, -(-entry.size >> self._shift))
        return b"".join(map(self._read, chain))[: entry.size]

    def _small(self, entry: _Entry) -> bytes:
        """The bytes of a stream that is kept in the mini stream ([MS-CFB] 2.4)."""
        if self._mini is None:
            if self._root.size > self._size_bytes:
                raise _cut_off()
            table = self._content(_Entry((), 0, self._mini_table_start, self._mini_table_size))
            self._mini = (self._content(self._root), _numbers(table))
        content, table_numbers = self._mini
        chain = _chain(table_numbers, entry.start, -(-entry.size >> _MINI_SHIFT))
        parts = (content[run.start << _MINI_SHIFT : run.stop << _MINI_SHIFT] for run in chain)
        return b"".join(parts)[: entry.size]

    def _read(self, run: range) -> bytes:
        """Sectors that lie together."""
        self._file.seek((run.start + 1) << self._shift)
        return self._file.read(len(run) << self._shift)


def _numbers(content: bytes) -> Sequence[int]:
    """The whole numbers of 4 bytes that the content consists of."""
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])


def _chain(table: Sequence[int], start: int, count: int) -> list[range]:
    """At most ``count`` sectors from ``start`` on, as the table links them; neighbours are one range."""
    runs: list[range] = []
    left = min(count, len(table))
    while start < len(table) and left > 0:
        length = _together(table, start, left)
        runs.append(range(start, start + length))
        left -= length
        start = table[start + length - 1]
    return runs


def _together(table: Sequence[int], start: int, most: int) -> int:
    """How many sectors from ``start`` on, ``most`` at the most, are each linked to the one beside it.

    Found in strides that double: nearly every stream lies in one piece.
    """
    length = stride = 1
    while length < most:
        stride = min(stride, most - length)
        at = start + length - 1
        if table[at : at + stride] == tuple(range(at + 1, at + 1 + stride)):
            length += stride
            stride *= 2
        elif stride == 1:
            break
        else:
            stride = 1
    return length


@contextmanager
def open_compound(path: Path) -> Iterator[Compound]:
    """A compound file, open while asked for.

    Raises:
        Unreadable: header, allocation table or directory are damaged.
        OSError: the file cannot be opened.
    """
    with path.open("rb") as file:
        yield Compound(file, path.stat().st_size)


def _cut_off() -> Unreadable:
    return corrupt("内部结构不完整，可能没有传完")
