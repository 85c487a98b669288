"""File and folder names that every system accepts and that lead nowhere else."""

from __future__ import annotations

import hashlib
import re
import unicodedata

LEAST_BYTES = 40
"""A shorter limit would leave no room for the hash and an extension."""
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"}
    | {f"{port}{digit}" for port in ("com", "lpt") for digit in range(10)}
)
_SEPARATORS = str.maketrans(dict.fromkeys('<>:"/\\|?*', "_"))
_EXTENSION = re.compile(r"(?<=.)\.[A-Za-z0-9]{1,8}$", re.DOTALL)


def safe_component(text: str, *, max_bytes: int = 180) -> str:
    r"""``text`` as one name of a file or folder: never empty, at most ``max_bytes`` bytes in UTF-8.

    NFC; control, format and surrogate characters dropped; ``<>:"/\|?*`` become ``_``; blanks trimmed and
    folded; no dot or blank at the end; no ``.`` or ``~`` at the start (such names are taken for temporary
    files); names that Windows reserves get ``_`` in front. A name that had to be cut keeps its extension and
    ends with a hash of the whole, so that two long names stay two. Applying it twice changes nothing.

    Raises:
        ValueError: ``max_bytes`` is below ``LEAST_BYTES``.
    """
    if max_bytes < LEAST_BYTES:
        raise ValueError(f"max_bytes must be at least {LEAST_BYTES}")
    name = _tidied(text)
    if len(name.encode()) > max_bytes:
        name = _cut(name, max_bytes)
    return name


def _tidied(text: str) -> str:
    composed = unicodedata.normalize("NFC", text)
    kept = "".join(_char(char) for char in composed)
    name = re.sub(r" +", " ", unicodedata.normalize("NFC", kept).translate(_SEPARATORS)).strip(" ")
    name = name.rstrip(". ")
    if name[:1] in {".", "~"}:
        name = "_" + name[1:]
    name = name or "未命名"
    stem = unicodedata.normalize("NFKC", name.partition(".")[0]).strip(" ").casefold()
    return f"_{name}" if stem in _RESERVED else name


def _char(char: str) -> str:
    category = unicodedata.category(char)
    if category[0] == "Z" or char in "\t\n\r\v\f\x85":
        return " "
    never_a_character = ord(char) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF
    return "" if category in {"Cc", "Cf", "Cs"} or never_a_character else char


def _cut(name: str, max_bytes: int) -> str:
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    found = _EXTENSION.search(name)
    extension = found[0] if found else ""
    stem = name[: len(name) - len(extension)]
    room = max_bytes - len(extension) - len(digest) - 1
    kept = stem.encode()[:room].decode(errors="ignore")
    while kept and unicodedata.combining(stem[len(kept) : len(kept) + 1] or "a"):
        kept = kept[:-1]
    return f"{kept.rstrip(' .') or '_'}~{digest}{extension}"
