"""Lists of words that people write, for a lexicon or as synonyms: an entry a line, ``#`` for remarks."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from indexer.errors import IndexerError, disk_words
from indexer.extract.endings import Unreadable
from indexer.extract.plain import decoded

_MOST_BYTES = 5 * 1024 * 1024


def entries_of(path: Path) -> tuple[str, ...]:
    """The entries of a text file in whatever encoding an editor gave it, without remarks and blank lines.

    Raises:
        IndexerError: the file is not there, is no text or is too large; says which file.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise IndexerError(
            f"词表文件“{path}”读不了（{disk_words(error)}）", remedy="核对设置里写的位置，或把这项设置清空"
        ) from error
    if len(data) > _MOST_BYTES:
        raise IndexerError(
            f"词表文件“{path}”超过 5 MB", remedy="词表是每行一个词的文本文件，核对是不是选错了"
        )
    try:
        return _entries(decoded(data)) if data.strip() else ()
    except Unreadable as error:
        raise IndexerError(
            f"词表文件“{path}”不是文本文件", remedy="用记事本另存为 UTF-8 的 txt，每行一个词"
        ) from error


def general_synonyms() -> tuple[str, ...]:
    """The groups that hold for any Chinese text: variant forms and common wrong characters."""
    return _entries(files("indexer").joinpath("data/variants.txt").read_text(encoding="utf-8"))


def _entries(text: str) -> tuple[str, ...]:
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return tuple(line for line in lines if line)
