"""Rendered pages in millimetres, and what GB/T 9704-2012 wants of them.

``python -m tests.dujian_docs.documents.measuring`` renders the sample of every genre with LibreOffice and
writes the table of docs/analysis/gb9704.md.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
from PIL import Image, ImageChops

from dujian_docs.documents import Genre, Soffice, genres, shipped_templates, soffice_path, to_pdf
from dujian_docs.documents.genre_plan import Layout
from dujian_docs.documents.rendering import render

DPI = 300
MM = 72 / 25.4
RED_HEADED = frozenset({Layout.RED_HEAD, Layout.UPWARD, Layout.JOINT, Layout.MINUTES})
WITH_COLOPHON = RED_HEADED | {Layout.ORDER}
UPRIGHT, LYING = (210.0, 297.0), (297.0, 210.0)
BODY = 16.0


@dataclass(frozen=True)
class Ink:
    """The pixels of one colour on a page, as millimetres from the top left corner."""

    rows: dict[int, tuple[int, int, int]]
    """Per pixel row: leftmost, rightmost, count."""

    def bands(self) -> list[tuple[float, float, float, float]]:
        """Runs of rows with ink: top, bottom, left, right."""
        found: list[tuple[int, int, int, int]] = []
        for y in sorted(self.rows):
            left, right, _ = self.rows[y]
            if found and y - found[-1][1] <= 1:
                top, _, leftmost, rightmost = found.pop()
                found.append((top, y, min(leftmost, left), max(rightmost, right)))
            else:
                found.append((y, y, left, right))
        return [(mm(top), mm(bottom + 1), mm(left), mm(right + 1)) for top, bottom, left, right in found]


@dataclass(frozen=True)
class Fact:
    """One thing measured: what, by which clause, its target, how far off it may be, where, its value."""

    rule: str
    clause: str
    target: float
    within: float
    page: int
    value: float

    @property
    def kept(self) -> bool:
        """Whether the page is as the standard wants it."""
        return abs(self.value - self.target) <= self.within


def mm(pixels: int) -> float:
    """Pixels of a picture of ``DPI`` in millimetres."""
    return pixels * 25.4 / DPI


def ink(pdf: Path, page: int, mask: Callable[[Image.Image], Image.Image]) -> Ink:
    """The ink of one colour on a page."""
    document = pypdfium2.PdfDocument(pdf)
    found = mask(document[page].render(scale=DPI / 72).to_pil().convert("RGB"))
    document.close()
    width, height = found.size
    pixels = found.tobytes()
    rows = (pixels[y * width : (y + 1) * width] for y in range(height))
    return Ink(
        {y: (row.find(255), row.rfind(255), row.count(255)) for y, row in enumerate(rows) if 255 in row}
    )


def red(image: Image.Image) -> Image.Image:
    """Where the picture is red."""
    reds, greens, blues = image.split()
    others = ImageChops.lighter(greens, blues).point(lambda value: 255 if value < 110 else 0)
    return ImageChops.darker(reds.point(lambda value: 255 if value > 180 else 0), others)


def black(image: Image.Image) -> Image.Image:
    """Where the picture is black."""
    reds, greens, blues = image.split()
    return ImageChops.lighter(ImageChops.lighter(reds, greens), blues).point(
        lambda value: 255 if value < 110 else 0
    )


def lines_of(page: Any) -> list[list[dict[str, Any]]]:
    """The upright characters of a page by baseline, top to bottom, each line left to right."""
    by_baseline: dict[float, list[dict[str, Any]]] = defaultdict(list)
    for char in page.chars:
        if char["upright"]:
            baseline = float(page.height) - float(char["matrix"][5])
            key = next((known for known in by_baseline if abs(known - baseline) < 3), baseline)
            by_baseline[key].append(char)
    return [sorted(by_baseline[key], key=lambda char: float(char["x0"])) for key in sorted(by_baseline)]


def text_of(line: Iterable[dict[str, Any]]) -> str:
    """The characters of a line."""
    return "".join(str(char["text"]) for char in line)


def facts_of(pdf: Path, layout: Layout) -> Iterator[Fact]:
    """Everything that can be measured on the pages of a document of that layout."""
    with pdfplumber.open(pdf) as opened:
        pages = len(opened.pages)
        for number, page in enumerate(opened.pages, start=1):
            yield from _of_page(page, number, layout)
    if layout in RED_HEADED:
        yield from _of_red_head(pdf)
    elif layout is Layout.LETTER:
        yield from _of_letter(pdf)
    elif layout is Layout.ORDER:
        yield Fact("命令：发文机关标志上边缘距版心上边缘", "10.2", 20, 1, 1, _red(pdf)[0][0] - 37)
    if layout in WITH_COLOPHON:
        yield from _of_colophon(pdf, pages)


def _of_page(page: Any, number: int, layout: Layout) -> Iterator[Fact]:
    lying = page.width > page.height
    for name, wanted, found in zip(
        ("宽", "高"), LYING if lying else UPRIGHT, (page.width, page.height), strict=True
    ):
        yield Fact(f"用纸{name}", "5.1", wanted, 0.2, number, float(found) / MM)
    shown = [char for char in page.chars if char["text"].strip() and char["upright"]]
    if layout is Layout.LETTER:  # its 标志 is as wide as the rules
        shown = [char for char in shown if float(char["top"]) > 45 * MM]
    left, right = (35.0, 260.0) if lying else (28.0, 184.0)
    if shown:
        over = max(left - min(float(char["x0"]) / MM for char in shown), 0.0)
        yield Fact("文字超出版心左边", "5.2.1", 0, 0.3, number, over)
        over = max(max(float(char["x1"]) / MM for char in shown) - right, 0.0)
        yield Fact("文字超出版心右边", "5.2.1", 0, 0.4, number, over)
    if layout is not Layout.LETTER or number > 1:
        yield from _of_number(page, number, lying=lying)
    yield from _of_lines(page, number)


def _of_number(page: Any, number: int, *, lying: bool) -> Iterator[Fact]:
    """The page number; on a lying page measured as if it were held upright."""
    if lying:
        chars = sorted((char for char in page.chars if not char["upright"]), key=lambda c: float(c["top"]))
        ends = [(float(char["top"]), float(char["bottom"])) for char in chars]
    else:
        chars = lines_of(page)[-1]
        ends = [(float(char["x0"]), float(char["x1"])) for char in chars]
    told = text_of(chars).replace(" ", "")
    yield Fact(
        "页码与页次之差", "7.5", number, 0, number, int(m[1]) if (m := _NUMBER.fullmatch(told)) else -1
    )
    if not ends:
        return
    if not lying:
        yield Fact("页码字号（磅）", "7.5", 14, 0.1, number, float(chars[0]["size"]))
    if number % 2:
        yield Fact("单页码距版心右边（4号字）", "7.5", 1, 0.12, number, (184 * MM - ends[-1][1]) / 14)
    else:
        yield Fact("双页码距版心左边（4号字）", "7.5", 1, 0.12, number, (ends[0][0] - 28 * MM) / 14)


_NUMBER = re.compile(r"—(\d+)—")


def _of_lines(page: Any, number: int) -> Iterator[Fact]:
    """Full lines of body text: their pitch, and how many characters they have."""
    lines = [line for line in lines_of(page) if {round(float(char["size"]), 1) for char in line} == {BODY}]
    full = [line for line in lines if float(line[0]["x0"]) < 29 * MM and float(line[-1]["x1"]) > 179 * MM]
    for above, below in pairwise(lines):
        step = float(above[0]["matrix"][5]) - float(below[0]["matrix"][5])
        if above in full and below in full and step < 2 * BODY:
            yield Fact("行距（磅；每面 22 行）", "5.2.3", 28.95, 0.15, number, step)
    for line in full:
        if not any(str(char["text"]).isascii() for char in line):  # 避头尾 may take one to the next line
            yield Fact("每行字数", "5.2.3", 28, 1, number, len(line))


def _red(pdf: Path) -> list[tuple[float, float, float, float]]:
    return ink(pdf, 0, red).bands()


def _of_red_head(pdf: Path) -> Iterator[Fact]:
    bands = _red(pdf)
    mark, rule = bands[0], bands[-1]
    yield Fact("发文机关标志上边缘距版心上边缘", "7.2.4", 35, 1, 1, mark[0] - 37)
    yield Fact("红色分隔线长", "7.2.7", 156, 0.4, 1, rule[3] - rule[2])
    yield Fact("红色分隔线左端", "7.2.7", 28, 0.3, 1, rule[2])
    above = [band for band in ink(pdf, 0, black).bands() if band[1] <= rule[0]]
    yield Fact("红色分隔线在发文字号之下", "7.2.7", 4, 0.5, 1, rule[0] - above[-1][1])


def _of_letter(pdf: Path) -> Iterator[Fact]:
    bands = _red(pdf)
    rules = [band for band in bands if band[3] - band[2] > 160 and band[1] - band[0] < 4]
    upper, lower = rules[0], rules[-1]
    yield Fact("信函：发文机关标志上边缘距上页边", "10.1", 30, 1, 1, bands[0][0])
    mark = [band for band in bands if band[1] <= upper[0]]
    yield Fact("信函：上双线在标志之下", "10.1", 4, 0.6, 1, upper[0] - mark[-1][1])
    for name, rule in (("上", upper), ("下", lower)):
        yield Fact(f"信函：{name}双线长", "10.1", 170, 0.5, 1, rule[3] - rule[2])
        yield Fact(f"信函：{name}双线居中", "10.1", 105, 1.2, 1, (rule[2] + rule[3]) / 2)
    yield Fact("信函：下双线距下页边", "10.1", 20, 1, 1, 297 - lower[1])


def _of_colophon(pdf: Path, pages: int) -> Iterator[Fact]:
    rules = [
        band
        for band in ink(pdf, pages - 1, black).bands()
        if abs(band[3] - band[2] - 156) <= 0.5 and band[1] - band[0] < 1
    ]
    if rules:
        yield Fact("版记末条分隔线距上页边（版心下边缘）", "7.4.1", 262, 1, pages, rules[-1][1])
    else:
        yield Fact("版记末条分隔线距上页边（版心下边缘）", "7.4.1", 262, 1, pages, 0)


def rendered(wanted: Sequence[Genre], folder: Path, soffice: Soffice) -> Mapping[str, Path]:
    """The PDF of each genre's sample, by the genre's name."""
    sources = {}
    for genre in wanted:
        sources[genre.name] = folder / f"{genre.name}.docx"
        sources[genre.name].write_bytes(render(genre.template, genre.sample(), at=datetime(2026, 3, 2)))
    made = to_pdf(list(sources.values()), folder / "pdf", soffice=soffice)
    assert [result.reason for result in made] == [""] * len(sources)
    return {name: result.pdf for name, result in zip(sources, made, strict=True) if result.pdf}


def table(found: Mapping[str, Sequence[Fact]]) -> str:
    """The table of docs/analysis/gb9704.md: each rule with its target and what all genres have."""
    by_rule: dict[tuple[str, str, float, float], list[Fact]] = defaultdict(list)
    for facts in found.values():
        for fact in facts:
            target = 0.0 if fact.rule.endswith("之差") else fact.target
            by_rule[fact.rule, fact.clause, target, fact.within].append(fact)
    lines = [
        "| 项目 | 条款 | 应为 | 容差 | 量得（最小—最大） | 处数 | 不合 |",
        "|---|---|---|---|---|---|---|",
    ]
    for (rule, clause, target, within), facts in sorted(by_rule.items(), key=lambda one: _clause(one[0])):
        values = [fact.value - (fact.target - target) for fact in facts]
        off = sum(not fact.kept for fact in facts)
        lines.append(
            f"| {rule} | {clause} | {target:g} | ±{within:g} | {min(values):.2f}—{max(values):.2f} "
            f"| {len(facts)} | {off} |"
        )
    return "\n".join(lines)


def _clause(key: tuple[str, str, float, float]) -> tuple[tuple[int, ...], str, float]:
    return tuple(int(part) for part in key[1].split(".")), key[0], key[2]


PAGE = Path(__file__).resolve().parents[3] / "docs/analysis/gb9704.md"
BEGIN, END = "<!-- 以下由程序量出 -->", "<!-- 以上由程序量出 -->"


def main() -> None:
    """Writes the table into the page."""
    wanted = genres([shipped_templates()])
    with tempfile.TemporaryDirectory() as folder:
        pdfs = rendered(wanted, Path(folder), soffice_path())
        found = {genre.name: list(facts_of(pdfs[genre.name], genre.layout)) for genre in wanted}
    pages = sum(fact.rule == "用纸宽" for facts in found.values() for fact in facts)
    told = (
        f"{len(wanted)} 个文种的样例，共 {pages} 页，{sum(map(len, found.values()))} 处。\n\n{table(found)}"
    )
    text = PAGE.read_text("utf-8")
    before, behind = text[: text.index(BEGIN) + len(BEGIN)], text[text.index(END) :]
    PAGE.write_text(f"{before}\n{told}\n{behind}", "utf-8")
    for name, facts in found.items():
        for fact in facts:
            if not fact.kept:
                sys.stdout.write(f"{name} {fact}\n")


if __name__ == "__main__":
    main()
