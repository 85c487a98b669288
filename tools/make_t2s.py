"""Writes indexer/t2s.txt: one line a traditional character, itself and the simplified one it is folded to.

Source: the character tables of OpenCC 1.4.2 (Apache-2.0), read through its wheel: pip install opencc==1.4.2,
then run this.
Only 1:1 folds are kept, so that offsets stay right.
"""

from __future__ import annotations

from pathlib import Path

import opencc  # type: ignore[import-not-found]  # a tool of the maintainers, not a dependency

RANGES = ((0x3400, 0xA000), (0xF900, 0xFB00), (0x20000, 0x32000))
TARGET = Path(__file__).resolve().parents[1] / "indexer" / "t2s.txt"


def main() -> None:
    """The table stands in the package."""
    convert = opencc.OpenCC("t2s").convert
    pairs = []
    for first, last in RANGES:
        for point in range(first, last):
            simple = convert(chr(point))
            if convert(simple) != simple:  # a chain such as 薴 → 苧 → 苎: straight to its end
                simple = convert(simple)
            if len(simple) == 1 and simple != chr(point):
                pairs.append(chr(point) + simple)
    TARGET.write_text("\n".join(pairs) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
