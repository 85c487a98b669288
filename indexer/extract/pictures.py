"""A page as an array of points (blue, green, red). With ``bleach`` and ``ocr`` the only speaker of numpy.

The only speaker of PIL. Both come with the extra for recognising text.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from indexer.extract.endings import corrupt, over_limit
from indexer.extract.pdf import rendered
from indexer.extract.sniff import Kind, kind_of
from indexer.model import Limits

MOST_PIXELS = 25_000_000
"""Larger pages are reduced: A4 at 400 dpi has fewer points."""

_SHORT_SIDE_INCHES = 8.27


def picture_of(path: Path, page: int, limits: Limits) -> Any:
    """The page (1-based) of a PDF or a picture file.

    Raises:
        Unreadable: the page is damaged, needs a password or has too many points.
    """
    kind = kind_of(path)
    if kind is Kind.PDF:
        return _drawn(path, page, limits)
    if kind is Kind.IMAGE:
        return _opened(path, page, limits)
    raise corrupt("不是图片，也不是 PDF")


def _drawn(path: Path, page: int, limits: Limits) -> Any:
    import numpy as np

    data, width, height, stride = rendered(path, page, min(limits.image_pixels, MOST_PIXELS))
    rows = np.frombuffer(data, np.uint8).reshape(height, stride)[:, : width * 3]
    return np.ascontiguousarray(rows.reshape(height, width, 3))


def _opened(path: Path, page: int, limits: Limits) -> Any:
    import numpy as np
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None  # the limit is ours, and looked at before anything is decoded
    try:
        with Image.open(path) as image:
            image.seek(page - 1)
            if image.width * image.height > limits.image_pixels:
                raise over_limit(f"图片有 {image.width}×{image.height} 点（最多 {limits.image_pixels} 点）")
            return np.ascontiguousarray(np.asarray(_plain(image))[:, :, ::-1])
    except (OSError, SyntaxError, ValueError, EOFError, IndexError) as fault:
        raise corrupt("图片打不开，可能没有传完") from fault


def _plain(image: Any) -> Any:
    """The picture upright as its camera saw it, not too large, on white, in red, green and blue."""
    from PIL import Image, ImageOps

    scale = (MOST_PIXELS / (image.width * image.height)) ** 0.5
    if scale < 1:
        image.draft("RGB", (int(image.width * scale), int(image.height * scale)))
    upright = ImageOps.exif_transpose(image)
    if scale < 1:
        upright.thumbnail((int(upright.width * scale), int(upright.height * scale)))
    if upright.has_transparency_data:
        white = Image.new("RGBA", upright.size, "white")
        return Image.alpha_composite(white, upright.convert("RGBA")).convert("RGB")
    return _eight_bits(upright).convert("RGB") if upright.mode[0] in "IF" else upright.convert("RGB")


def _eight_bits(image: Any) -> Any:
    """A picture of more than eight bits a point in eight."""
    import numpy as np
    from PIL import Image

    values = np.nan_to_num(np.asarray(image, np.float32))
    low, high = float(values.min()), float(values.max())
    return Image.fromarray(((values - low) * (255 / max(high - low, 1e-6))).astype(np.uint8))


def reduced(picture: Any, dots_per_inch: float) -> tuple[bytes, int, int]:
    """Three bytes a point (red, green, blue), width and height of a page drawn smaller.

    Its shorter side is taken for that of A4, because pictures seldom tell their size.
    """
    from PIL import Image

    small = Image.fromarray(picture[:, :, ::-1])
    scale = min(dots_per_inch * _SHORT_SIDE_INCHES / min(small.size), 1.0)
    small = small.resize((max(round(small.width * scale), 1), max(round(small.height * scale), 1)))
    return small.tobytes(), small.width, small.height
