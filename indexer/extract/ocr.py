"""Recognises the text of a page that is a picture. The only speaker of rapidocr; with ``bleach`` that of cv2.

The page is turned upright first, because lines of an upside-down page come out last line first. The text
under a red seal is read without the seal's ink, and what stands in that ink after it.
"""

from __future__ import annotations

import functools
import importlib.util
import math
from pathlib import Path
from typing import Any

from indexer.extract.bleach import Area, bleached, seals_of
from indexer.extract.endings import Unreadable
from indexer.extract.pageorder import Line, Point, blocks_of
from indexer.extract.pdf import joined_lines
from indexer.extract.pictures import picture_of, reduced
from indexer.extract.seals import DPI, shows_seal
from indexer.model import RECOGNISED, Extraction, Facts, Limits, Passage, State

_NEEDS = ("rapidocr", "onnxruntime", "cv2", "numpy", "PIL")
_LONGEST_SIDE = 1600
"""To this many points a page is reduced where lines are looked for; they are read in full size."""
_SURE = 0.5
"""Lines recognised with less confidence are specks and pictures."""
_TALL = 1.5
"""The recogniser turns what is this much taller than wide by a quarter, against the clock."""
_CLEAR = 0.75
"""A vote on upside down is doubted when the winner has less than this share."""
_LINES_TRIED = 8
_INK_SURE = 0.9
_INK_LETTERS = 4
"""A text in a seal's ink has at least so many characters, or it is a piece of its rim."""


def installed() -> bool:
    """Whether what recognises text is there, working or not."""
    return all(importlib.util.find_spec(name) is not None for name in _NEEDS)


def look(path: Path, page: int, limits: Limits) -> Extraction:
    """The text of one page (1-based) of a PDF or a picture as one passage, and whether it shows a seal.

    Raises:
        Unreadable: the page is damaged or too large; PENDING_OCR when the recogniser does not work here.
    """
    try:
        picture = picture_of(path, page, limits)
        seals = (page,) if shows_seal(*reduced(picture, DPI), dpi=DPI) else ()
        text = text_of(picture)
    except ImportError as fault:
        raise Unreadable(
            State.PENDING_OCR, f"文字识别组件用不了（缺少 {fault.name}）", "重新安装 ocr 附加组件"
        ) from fault
    passages = (Passage(text, page, RECOGNISED),) if text else ()
    state = State.INDEXED if text else State.EMPTY
    return Extraction(state, passages, facts=Facts(seals=seals))


def text_of(picture: Any) -> str:
    """The text of a page in reading order; what is in a seal's own ink comes last."""
    seals = seals_of(picture)
    boxes, crops, quarters = _upright(bleached(picture, seals))
    blocks = [joined_lines("\n".join(block)) for block in blocks_of(_lines(boxes, crops))]
    text = "\n".join(block for block in blocks if block)
    inked = [one for seal in seals for one in _inked(picture, seal, quarters) if one not in text]
    return "\n".join((text, *inked)).strip()


@functools.cache
def _engine() -> Any:
    """The recogniser; its models are loaded once in a process. One thread, and no word on any stream."""
    import cv2
    from rapidocr import RapidOCR

    cv2.setNumThreads(1)
    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    return RapidOCR(params=threads | {"Global.log_level": "critical", "Global.max_side_len": _LONGEST_SIDE})


def _found(picture: Any) -> tuple[Any, list[Any]]:
    """The corners of the lines, and what is in them."""
    boxes = _engine()(picture, use_det=True, use_cls=False, use_rec=False).boxes
    return ([], []) if boxes is None else (boxes, _engine().crop_text_regions(picture, boxes))


def _lines(boxes: Any, crops: list[Any], sure: float = _SURE) -> list[Line]:
    """The lines that are recognised with confidence."""
    if not crops:
        return []
    read = _engine().recognize_txt(crops)
    return [
        Line(text.strip(), _corners(box))
        for box, text, score in zip(boxes, read.txts, read.scores, strict=True)
        if score >= sure and text.strip()
    ]


def _corners(box: Any) -> tuple[Point, Point, Point, Point]:
    one, two, three, four = ((float(x), float(y)) for x, y in box)
    return one, two, three, four


def _upright(picture: Any) -> tuple[Any, list[Any], int]:
    """Of the page upright: its lines' corners, what is in them, and by how many quarters it was turned."""
    import numpy as np

    boxes, crops = _found(picture)
    sizes = [(math.dist(box[0], box[1]), math.dist(box[0], box[3])) for box in boxes]
    wide = sum(width for width, height in sizes if width >= _TALL * height)
    tall = sum(height for width, height in sizes if height >= _TALL * width)
    lengths = [max(size) for size in sizes]
    quarters = int(tall > wide) + 2 * int(bool(crops) and _upside_down(crops, lengths))
    if not quarters:
        return boxes, crops, 0
    turned = np.ascontiguousarray(np.rot90(picture, quarters))
    return *_found(turned), quarters


def _upside_down(crops: list[Any], lengths: list[float]) -> bool:
    """Whether most of the text is; the longer a line, the more it says."""
    _, told = _engine().cls_and_rotate(crops)
    votes = [
        (length * score, label == "180") for length, (label, score) in zip(lengths, told.cls_res, strict=True)
    ]
    turned = sum(weight for weight, is_turned in votes if is_turned)
    share = turned / max(sum(weight for weight, _ in votes), 1e-6)
    return share > 0.5 if max(share, 1 - share) >= _CLEAR else _reads_better_turned(crops, lengths)


def _reads_better_turned(crops: list[Any], lengths: list[float]) -> bool:
    """Whether the longest lines are recognised with more confidence the other way up."""
    import numpy as np

    longest = sorted(range(len(crops)), key=lambda at: -lengths[at])[:_LINES_TRIED]
    as_is = [crops[at] for at in longest]
    turned = [np.ascontiguousarray(np.rot90(crop, 2)) for crop in as_is]
    return _confidence(turned) > _confidence(as_is)


def _confidence(crops: list[Any]) -> float:
    read = _engine().recognize_txt(crops)
    return float(sum(score * len(text) for text, score in zip(read.txts, read.scores, strict=True)))


def _inked(picture: Any, seal: Area, quarters: int) -> list[str]:
    """What can be read in a seal's ink itself, or in a red stamp's, turned as the page was."""
    import numpy as np

    part = np.rot90(picture[seal.top : seal.bottom, seal.left : seal.right], quarters)
    rows = [
        row for block in blocks_of(_lines(*_found(np.ascontiguousarray(part)), _INK_SURE)) for row in block
    ]
    return [row for row in rows if len(row) >= _INK_LETTERS]
