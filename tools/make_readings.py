"""Writes indexer/data/readings.txt: one line a reading, and the traditional characters that have it.

Only characters of GBK that indexer/t2s.txt folds; they are the ones that converters put pinyin after.
Source: the dictionary of pypinyin 0.55.0 (MIT): pip install pypinyin==0.55.0, then run this.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from pathlib import Path

import pypinyin  # type: ignore[import-not-found]  # a tool of the maintainers, not a dependency

PACKAGE = Path(__file__).resolve().parents[1] / "indexer"
TARGET = PACKAGE / "data" / "readings.txt"


def main() -> None:
    """The table stands in the package."""
    found: dict[str, set[str]] = defaultdict(set)
    for line in (PACKAGE / "t2s.txt").read_text(encoding="utf-8").split():
        char = line[0]
        if len(char.encode("gbk", "ignore")) == 2:
            for reading in pypinyin.pinyin(char, heteronym=True)[0]:
                found[unicodedata.normalize("NFC", reading)].add(char)
    lines = (f"{reading} {''.join(sorted(chars))}" for reading, chars in sorted(found.items()))
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
