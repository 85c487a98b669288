"""How much of a picture of a page is recognised, and in which order: clean, noisy, skewed, turned, sealed.

The pages are notices drawn here, with a red head and the fonts of the system; there is no peer to wait for.
"""

from __future__ import annotations

import io
import math
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from bench import Measurement
from indexer.extract.ocr import installed
from indexer.model import Limits
from indexer.worker import Task
from indexer.workers import WorkerPool

RECALL, ORDER = 0.97, 0.95
PAGES = 2
DOTS_PER_INCH = 200
OFFICE, DAY = "云岭县教育体育局", "2024年3月5日"
TITLE = "关于开展学校安全专项督导检查的通知"
TEXT = (
    "为进一步加强学校安全管理工作，落实校园安全主体责任，根据年度工作安排，决定于近期对全县各中小学校、幼儿园"
    "开展安全专项督导检查，现将有关事项通知如下。一、检查内容：校舍安全、消防设施、食堂管理、校车运行、门卫值班和"
    "应急预案等六个方面的落实情况。二、检查时间：三月十五日至四月十日，共计二十七天，分三个小组同时进行。三、有关"
    "要求：各校要高度重视，认真开展自查自纠，对照问题清单逐项整改，并于三月十二日前将自查报告一式两份报送本室，电子"
    "版同时发送至指定邮箱。联系人李文静，联系电话08715566321。检查结果将作为年度考核的重要依据，对工作不力、"
    "整改不到位的单位予以全县通报批评。"
)
_RED = (220, 25, 25)
_MM = DOTS_PER_INCH / 25.4
_WIDTH, _HEIGHT, _MARGIN = round(210 * _MM), round(297 * _MM), 28 * _MM


def measure(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """The worst kind of page counts; nothing is measured where recognising is not installed."""
    if not installed():
        return
    recalls: dict[str, float] = {}
    orders: dict[str, float] = {}
    limits = Limits()
    seconds, pages = 0.0, 0
    with WorkerPool(
        replace(limits, wall_seconds=120.0, memory_bytes=limits.ocr_memory_bytes), size=1
    ) as pool:
        for name, change in (QUICK if quick else KINDS).items():
            told = []
            for number in range(1 if quick else PAGES):
                page, truth = notice(number, sealed="盖章" in name)
                file = folder / f"{number}-{name}.png"
                change(page).save(file)
                begun = time.perf_counter()
                (_, found), *_ = pool.extract_all([Task(name, file, page=1)])
                seconds += time.perf_counter() - begun
                told.append(("".join("".join(one.text for one in found.passages).split()), truth))
                pages += 1
            recalls[name] = min(recall(text, truth) for text, truth in told)
            orders[name] = min(likeness(text, truth) for text, truth in told)
    speed = {"秒/页（含载入模型）": round(seconds / pages, 2)}
    corpus = f"画出来的公文（{pages} 页，{DOTS_PER_INCH} dpi）"
    for title, bound, values in (("字数召回", RECALL, recalls), ("阅读顺序", ORDER, orders)):
        yield Measurement(
            f"图片识别，{title}（最差的一种）",
            f"≥ {bound}",
            min(values.values()),
            bound,
            unit="",
            corpus=corpus,
            figures={name: round(value, 3) for name, value in values.items()} | speed,
        )


def recall(text: str, truth: str) -> float:
    """The share of the characters that were found, wherever."""
    return sum((Counter(text) & Counter(truth)).values()) / len(truth)


def likeness(text: str, truth: str) -> float:
    """1 less the edit distance (Levenshtein) as a share of the longer text."""
    before = list(range(len(truth) + 1))
    for row, letter in enumerate(text, start=1):
        now = [row]
        for at, other in enumerate(truth, start=1):
            now.append(min(before[at] + 1, now[-1] + 1, before[at - 1] + (letter != other)))
        before = now
    return 1 - before[-1] / max(len(text), len(truth), 1)


def notice(number: int, *, sealed: bool) -> tuple[Any, str]:
    """A page as a picture, and all of its text but the seal's, without blanks."""
    from PIL import Image, ImageDraw

    page = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    draw = ImageDraw.Draw(page)
    said: list[str] = []

    def put(text: str, left: float, top: float, font: Any, color: Any = "black") -> None:
        draw.text((left, top), text, font=font, fill=color)
        said.append(text)

    def centred(text: str, top: float, font: Any, color: Any = "black") -> None:
        put(text, (_WIDTH - draw.textlength(text, font=font)) / 2, top * _MM, font, color)

    centred(f"{OFFICE}文件", 37, font_of("Noto Sans CJK SC:bold", 36), _RED)
    plain = font_of("Noto Serif CJK SC", 16)
    centred(f"云教发〔2024〕{18 + number}号", 62, plain)
    draw.line((_MARGIN, 73 * _MM, _WIDTH - _MARGIN, 73 * _MM), fill=_RED, width=4)
    centred(TITLE, 82, font_of("Noto Sans CJK SC:bold", 22))
    long = int((_WIDTH - 2 * _MARGIN) // plain.size)
    body = f"　　{TEXT[number * 7 :]}"
    lines = ["各中小学校、幼儿园：", *(body[at : at + long] for at in range(0, len(body), long))]
    for at, line in enumerate(lines):
        put(line, _MARGIN, (100 + 10 * at) * _MM, plain)
    left, top = _WIDTH - _MARGIN - 10 * plain.size, (100 + 10 * (len(lines) + 1)) * _MM
    put(OFFICE, left, top, plain)
    put(DAY, left + plain.size, top + 10 * _MM, plain)
    truth = "".join("".join(said).split())
    return (_sealed(page, left + 4.5 * plain.size, top + 9 * _MM) if sealed else page), truth


def _sealed(page: Any, x: float, y: float) -> Any:
    """The page with a round red seal of 42 mm in translucent ink: rim, star and the office's name."""
    from PIL import Image, ImageChops, ImageDraw

    ink = Image.new("RGB", page.size, "white")
    draw = ImageDraw.Draw(ink)
    radius = 21 * _MM
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), outline=_RED, width=round(1.2 * _MM))
    star = [
        (x + far * _MM * math.sin(at * math.pi / 5), y - far * _MM * math.cos(at * math.pi / 5))
        for at in range(10)
        for far in ((7, 2.7)[at % 2],)
    ]
    draw.polygon(star, fill=_RED)
    side = round(7 * _MM)
    for at, letter in enumerate(OFFICE):
        turn = math.radians(240 * at / (len(OFFICE) - 1) - 120)
        stamp = Image.new("L", (side, side), 0)
        ImageDraw.Draw(stamp).text((side / 12, -side / 8), letter, 255, font_of("Noto Sans CJK SC:bold", 16))
        stamp = stamp.rotate(-math.degrees(turn), resample=Image.Resampling.BICUBIC)
        place = (x + 16 * _MM * math.sin(turn) - side / 2, y - 16 * _MM * math.cos(turn) - side / 2)
        ink.paste(_RED, (round(place[0]), round(place[1])), stamp)
    return ImageChops.multiply(page, ink)


@cache
def font_of(name: str, points: float) -> Any:
    """A font of the system, as fontconfig knows it."""
    from PIL import ImageFont

    asked = subprocess.run(
        ["fc-match", "-f", "%{file}\n%{index}", name],  # noqa: S607  wherever it is
        capture_output=True,
        text=True,
        check=True,
    )
    file, index = asked.stdout.splitlines()
    return ImageFont.truetype(file, round(points * DOTS_PER_INCH / 72), index=int(index))


def _noisy(page: Any) -> Any:
    """Blurred a little, grainy, and through JPEG at quality 60."""
    import numpy as np
    from PIL import Image, ImageFilter

    soft = np.asarray(page.filter(ImageFilter.GaussianBlur(0.7)), np.float32)
    grain = np.random.default_rng(1).normal(0, 18, (page.height, page.width, 1))
    packed = io.BytesIO()
    Image.fromarray((soft + grain).clip(0, 255).astype(np.uint8)).save(packed, "JPEG", quality=60)
    return Image.open(packed).convert("RGB")


def _turned(page: Any, degrees: float) -> Any:
    """Turned against the clock; by quarters the page keeps its whole."""
    return page.rotate(degrees, resample=2, expand=degrees % 90 == 0, fillcolor="white")


def _as_is(page: Any) -> Any:
    return page


def _worn(page: Any) -> Any:
    return _turned(_noisy(page), 180)


KINDS: dict[str, Callable[[Any], Any]] = {
    "清楚": _as_is,
    "噪点": _noisy,
    "斜 2 度": partial(_turned, degrees=2),
    "斜 -2 度": partial(_turned, degrees=-2),
    "转 90 度": partial(_turned, degrees=90),
    "转 180 度": partial(_turned, degrees=180),
    "转 270 度": partial(_turned, degrees=270),
    "盖章": _as_is,
    "盖章、噪点、转 180 度": _worn,
}
QUICK = {"盖章、噪点、转 180 度": _worn}
"""One page that has everything."""
