"""Writes compound files ([MS-CFB]) for the tests of the legacy Office formats, as small as they can be."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

MINI, CUTOFF, IN_HEADER = 64, 4096, 109
END, FREE, TABLE, LISTS, NOTHING = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFC, 0xFFFFFFFF
STORAGE, STREAM, ROOT = 1, 2, 5


@dataclass
class Sectors:
    """Contents one after the other in units of ``size`` bytes, and the table that links each one's units."""

    size: int
    content: bytearray = field(default_factory=bytearray)
    table: list[int] = field(default_factory=list)

    def place(self, content: bytes) -> int:
        """Where the content begins now."""
        start, count = len(self.table), -(-len(content) // self.size)
        self.table.extend([*range(start + 1, start + count), END] if count else [])
        self.content.extend(content.ljust(count * self.size, b"\0"))
        return start if count else END


@dataclass
class Entry:
    """A line of the directory."""

    name: str
    kind: int
    start: int = 0
    size: int = 0
    below: list[int] = field(default_factory=list)

    def packed(self, after: int) -> bytes:
        """128 bytes; entries of one storage are linked as a list, which is a tree of sorts."""
        name = (self.name.encode("utf-16-le") + b"\0\0").ljust(64, b"\0")
        child = self.below[0] if self.below else NOTHING
        links = struct.pack("<HBBIII", 2 * len(self.name) + 2, self.kind, 1, NOTHING, after, child)
        return name + links + bytes(36) + struct.pack("<IQ", self.start, self.size)


def write_compound(target: Path, streams: Mapping[str, bytes], *, sector_shift: int = 9) -> Path:
    """A compound file with these streams; ``/`` in a name separates storages from what they hold."""
    sectors, small = Sectors(1 << sector_shift), Sectors(MINI)
    entries = [Entry("Root Entry", ROOT)]
    folders: dict[tuple[str, ...], int] = {(): 0}
    for path, content in streams.items():
        *parts, name = path.split("/")
        for depth in range(len(parts)):
            if tuple(parts[: depth + 1]) not in folders:
                folders[tuple(parts[: depth + 1])] = len(entries)
                entries[folders[tuple(parts[:depth])]].below.append(len(entries))
                entries.append(Entry(parts[depth], STORAGE))
        start = (sectors if len(content) >= CUTOFF else small).place(content)
        entries[folders[tuple(parts)]].below.append(len(entries))
        entries.append(Entry(name, STREAM, start, len(content)))
    entries[0].start, entries[0].size = sectors.place(bytes(small.content)), len(small.content)
    mini_start = sectors.place(struct.pack(f"<{len(small.table)}I", *small.table))
    after = dict[int, int]()
    for entry in entries:
        after.update(zip(entry.below, [*entry.below, NOTHING][1:], strict=True))
    packed = b"".join(entry.packed(after.get(at, NOTHING)) for at, entry in enumerate(entries))
    directory = sectors.place(packed)
    target.write_bytes(
        _assembled(sectors, sector_shift, directory, mini_start, -(-4 * len(small.table) // sectors.size))
    )
    return target


def _assembled(sectors: Sectors, shift: int, directory: int, mini_start: int, mini_sectors: int) -> bytes:
    """Header, contents, the table that links them, and lists of that table's sectors past the first 109."""
    per_sector, used = sectors.size // 4, len(sectors.table)
    tables = lists = 0
    while tables * per_sector < used + tables + lists:
        tables += 1
        lists = -(-max(tables - IN_HEADER, 0) // (per_sector - 1))
    links = [*sectors.table, *[TABLE] * tables, *[LISTS] * lists]
    links += [FREE] * (tables * per_sector - len(links))
    numbers = [*range(used, used + tables)]
    numbers += [FREE] * (IN_HEADER + lists * (per_sector - 1) - tables)
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E, 3 if shift == 9 else 4, 0xFFFE, shift, 6,
        0, tables, directory, 0, CUTOFF, mini_start, mini_sectors, used + tables if lists else END, lists,
    )  # fmt: skip
    header += struct.pack(f"<{IN_HEADER}I", *numbers[:IN_HEADER])
    further = b""
    for at in range(lists):
        some = numbers[IN_HEADER + at * (per_sector - 1) : IN_HEADER + (at + 1) * (per_sector - 1)]
        following = used + tables + at + 1 if at + 1 < lists else END
        further += struct.pack(f"<{per_sector}I", *some, following)
    table = struct.pack(f"<{len(links)}I", *links)
    return header.ljust(sectors.size, b"\0") + bytes(sectors.content) + table + further


def summary(
    codepage: int, strings: Mapping[int, bytes], times: Mapping[int, int], security: int = 0
) -> bytes:
    """A SummaryInformation stream ([MS-OLEPS]): strings as bytes in the codepage, times as FILETIME."""
    values = {1: struct.pack("<HxxHxx", 2, codepage)}
    for name, content in strings.items():
        content += b"\0\0" if codepage == 1200 else b"\0"
        values[name] = struct.pack("<II", 0x1E, len(content)) + content.ljust(
            -(-len(content) // 4) * 4, b"\0"
        )
    for name, ticks in times.items():
        values[name] = struct.pack("<IQ", 0x40, ticks)
    values[19] = struct.pack("<II", 3, security)
    at = 8 + 8 * len(values)
    listed = b""
    for name, value in values.items():
        listed += struct.pack("<II", name, at)
        at += len(value)
    body = struct.pack("<II", at, len(values)) + listed + b"".join(values.values())
    return struct.pack("<HHI16xI16sI", 0xFFFE, 0, 0x20005, 1, bytes(16), 48) + body
