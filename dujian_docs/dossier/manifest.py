"""The two lists that seal a package: ``manifest.json`` for programs, ``manifest-sha256.txt`` for anyone.

The first lists every other member; the second lists every member but itself, the first included, in the
form ``sha256sum -c`` reads. Whoever changes both together is found out only by the seal: the sha256 of the
second, which the clerk's office keeps elsewhere.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dujian_docs.dossier.names import printable

MANIFEST_NAME = "manifest.json"
CHECKSUMS_NAME = "manifest-sha256.txt"
FORMAT = "dujian-dossier"
FORMAT_VERSION = 1

_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Sealed:
    """One member of a package as it was sealed; ``path`` is its name in the zip."""

    path: str
    size_bytes: int
    sha256: str


def digest_of(data: bytes) -> str:
    """The sha256 of ``data`` in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def manifest_bytes(head: Mapping[str, Any], files: Iterable[Mapping[str, Any]]) -> bytes:
    """``manifest.json``: format, head, then one entry for each file; readable, stable, UTF-8."""
    body = {"format": FORMAT, "version": FORMAT_VERSION, **head, "files": list(files)}
    return (printable(json.dumps(body, ensure_ascii=False, indent=1)) + "\n").encode()


def checksum_bytes(members: Iterable[Sealed]) -> bytes:
    """``manifest-sha256.txt`` over ``members``, in their order."""
    return "".join(f"{member.sha256}  {member.path}\n" for member in members).encode()


@dataclass(frozen=True, slots=True)
class ManifestRead:
    """What a manifest says; ``fault`` is a Chinese phrase when it cannot be used, else empty."""

    files: tuple[Sealed, ...] = ()
    title: str = ""
    made_at: str = ""
    fault: str = ""


def read_manifest(data: bytes) -> ManifestRead:
    """A manifest from bytes that anyone may have written; never raises."""
    try:
        body = json.loads(data)
    except (ValueError, RecursionError):
        return ManifestRead(fault="不是有效的 JSON")
    if not isinstance(body, dict) or body.get("format") != FORMAT:
        return ManifestRead(fault="不是迎检包清单")
    if body.get("version") != FORMAT_VERSION:
        return ManifestRead(fault=f"清单版本是 {body.get('version')!s:.20}，本程序只认 {FORMAT_VERSION}")
    rows = body.get("files")
    if not isinstance(rows, list) or not all(_is_entry(row) for row in rows):
        return ManifestRead(fault="文件条目不完整")
    files = tuple(Sealed(row["path"], row["size"], row["sha256"]) for row in rows)
    return ManifestRead(files, _text(body.get("title")), _text(body.get("made_at")))


def read_checksums(data: bytes) -> tuple[dict[str, str], str]:
    """Path → sha256 of a checksum list, and a Chinese phrase when a line cannot be used; never raises."""
    try:
        lines = data.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return {}, "不是 UTF-8 文本"
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            return found, f"第 {number} 行看不懂"
        if match[2] in found:
            return found, f"第 {number} 行重复"
        found[match[2]] = match[1]
    return found, "" if found else "是空的"


def _is_entry(row: object) -> bool:
    if not isinstance(row, dict):
        return False
    path, size, digest = row.get("path"), row.get("size"), row.get("sha256")
    sized = isinstance(size, int) and not isinstance(size, bool) and size >= 0
    return isinstance(path, str) and sized and isinstance(digest, str) and bool(_DIGEST.fullmatch(digest))


def _text(value: object) -> str:
    return value[:500] if isinstance(value, str) else ""
