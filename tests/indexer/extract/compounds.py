"""Writes compound files ([MS-CFB]) for the tests of the legacy Office formats, as small as they can be."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

SECTOR, MINI, CUTOFF = 512, 64, 4096
END, FREE, TABLE, NOTHING = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD, 0xFFFFFFFF
STORAGE, STREAM, ROOT = 1, 2, 5


def write_compound(target: Path, streams: Mapping[str, bytes]) -> Path:
    """A compound file with these streams; ``/`` in a name separates storages from what they hold."""
    big: list[bytes] = []
    chains: list[tuple[int, int]] = []
    mini, mini_table = bytearray(), list[int]()

    def placed(content: bytes) -> int:
        sectors = max(-(-len(content) // SECTOR), 0)
        start = sum(count for _, count in chains)
        chains.append((start, sectors))
        big.append(content.ljust(sectors * SECTOR, b"\0"))
        return start if sectors else END

    def placed_small(content: bytes) -> int:
        start, count = len(mini_table), -(-len(content) // MINI)
        mini_table.extend([*range(start + 1, start + count), END][: max(count, 0)])
        mini.extend(content.ljust(count * MINI, b"\0"))
        return start if count else END

    names, parents = ["Root Entry"], {"": 0}
    kinds, starts, sizes, children = [ROOT], [END], [0], {0: list[int]()}
    for path, content in streams.items():
        folder = ""
        *folders, name = path.split("/")
        for part in folders:
            inside = f"{folder}/{part}"
            if inside not in parents:
                parents[inside] = len(names)
                children[parents[folder]].append(len(names))
                children[len(names)] = []
                names.append(part)
                kinds.append(STORAGE)
                starts.append(0)
                sizes.append(0)
            folder = inside
        children[parents[folder]].append(len(names))
        names.append(name)
        kinds.append(STREAM)
        sizes.append(len(content))
        starts.append(placed(content) if len(content) >= CUTOFF else placed_small(content))
    starts[0], sizes[0] = placed(bytes(mini)), len(mini)
    mini_start = placed(struct.pack(f"<{len(mini_table)}I", *mini_table))
    mini_count = chains[-1][1]
    right, child = dict[int, int](), dict[int, int]()
    for parent, below in children.items():
        child[parent] = below[0] if below else NOTHING
        right.update(zip(below, [*below[1:], NOTHING], strict=True))
    entries = b"".join(
        (name.encode("utf-16-le") + b"\0\0").ljust(64, b"\0")
        + struct.pack(
            "<HBBIII",
            2 * len(name) + 2,
            kinds[at],
            1,
            NOTHING,
            right.get(at, NOTHING),
            child.get(at, NOTHING),
        )
        + bytes(36)
        + struct.pack("<IQ", starts[at], sizes[at])
        for at, name in enumerate(names)
    )
    directory = placed(entries)
    used = sum(count for _, count in chains)
    tables = 1
    while tables * (SECTOR // 4) < used + tables:
        tables += 1
    allocation: list[int] = []
    for start, count in chains:
        allocation.extend([*range(start + 1, start + count), END] if count else [])
    allocation.extend([TABLE] * tables)
    allocation.extend([FREE] * (tables * (SECTOR // 4) - len(allocation)))
    header = struct.pack(
        "<8s16xHHHHH6xIIIIIIIII",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        0x3E, 3, 0xFFFE, 9, 6,
        0, tables, directory, 0, CUTOFF, mini_start, mini_count, END, 0,
    )  # fmt: skip
    listed = [*range(used, used + tables)]
    header += struct.pack("<109I", *listed, *[FREE] * (109 - tables))
    target.write_bytes(header + b"".join(big) + struct.pack(f"<{len(allocation)}I", *allocation))
    return target


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
