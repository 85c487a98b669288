"""Pictures: how many pages there are. Their text is recognised later, page by page, when there is time."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from indexer.extract.endings import awaiting_ocr, over_limit
from indexer.model import Extraction, Facts, Limits

_ORDERS = {b"II": "<", b"MM": ">"}
_ENTRY_BYTES = 12
_BIG_TIFF = 43


def read(path: Path, limits: Limits) -> Extraction:
    """No text yet; every page is a picture.

    Raises:
        Unreadable: there are too many pages.
    """
    with path.open("rb") as stream:
        pages = _pages(stream, limits.pdf_pages)
    if pages > limits.pdf_pages:
        raise over_limit(f"超过 {limits.pdf_pages} 页")
    facts = Facts(page_count=pages, scans=tuple(range(1, pages + 1)), drawable=True)
    return awaiting_ocr("是图片，没有可检索的文字").extraction(facts=facts)


def _pages(stream: BinaryIO, most: int) -> int:
    """How many pages a TIFF has, 1 of any other picture: directories in its chain (TIFF 6.0, section 2).

    Counted to ``most`` + 1. A damaged chain ends where it is damaged.
    """
    head = stream.read(8)
    order = _ORDERS.get(head[:2])
    if len(head) < 8 or order is None or struct.unpack(f"{order}H", head[2:4])[0] == _BIG_TIFF:
        return 1
    seen: set[int] = set()
    place = struct.unpack(f"{order}I", head[4:])[0]
    while place and place not in seen and len(seen) <= most:
        stream.seek(place)
        count = stream.read(2)
        if len(count) < 2:
            break
        seen.add(place)
        stream.seek(struct.unpack(f"{order}H", count)[0] * _ENTRY_BYTES, 1)
        following = stream.read(4)
        place = struct.unpack(f"{order}I", following)[0] if len(following) == 4 else 0
    return max(len(seen), 1)
