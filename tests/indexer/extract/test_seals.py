"""Red seals on pages drawn here: found round, oval, pale, noisy, over text; red heads and tables are none."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pypdfium2
import pytest
from docx.shared import Pt, RGBColor
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from indexer.extract.endings import Unreadable
from indexer.extract.seals import DPI, seal_pages, shows_seal
from indexer.model import Limits, State

MM = 72 / 25.4
WIDTH, HEIGHT = 595, 842
RED = (0.86, 0.08, 0.1)
PALE = (0.95, 0.62, 0.62)
BLACK = (0.0, 0.0, 0.0)

Color = tuple[float, float, float]


def ink(color: Color) -> str:
    told = " ".join(str(part) for part in color)
    return f"{told} rg {told} RG"


def glyphs(chance: random.Random, x: float, y: float, size: float, count: int, color: Color) -> str:
    """Squares full of strokes, as Chinese characters are at this size."""
    drawn = [ink(color), f"{size / 11:.2f} w"]
    for at in range(count):
        left = x + at * size * 1.05
        for _ in range(chance.randint(4, 8)):
            far = left + size * chance.uniform(0.05, 0.9), y + size * chance.uniform(0.05, 0.9)
            across = chance.random() < 0.5
            to = (left + size * 0.9, far[1]) if across else (far[0], y + size * 0.05)
            drawn.append(f"{far[0]:.1f} {far[1]:.1f} m {to[0]:.1f} {to[1]:.1f} l S")
    return "\n".join(drawn)


def oval(x: float, y: float, across: float, down: float, line: float) -> str:
    k = 0.5523
    path = [f"{line:.2f} w {x + across:.2f} {y:.2f} m"]
    for (ax, ay), (bx, by), (cx, cy) in (
        ((1, k), (k, 1), (0, 1)),
        ((-k, 1), (-1, k), (-1, 0)),
        ((-1, -k), (-k, -1), (0, -1)),
        ((k, -1), (1, -k), (1, 0)),
    ):
        points = (ax, ay, bx, by, cx, cy)
        path.append(
            " ".join(f"{(x, y)[i % 2] + (across, down)[i % 2] * p:.2f}" for i, p in enumerate(points)) + " c"
        )
    return "\n".join([*path, "S"])


def star(x: float, y: float, size: float) -> str:
    points = [
        (x + size * reach * math.sin(turn * math.pi / 5), y + size * reach * math.cos(turn * math.pi / 5))
        for turn in range(10)
        for reach in (1 if turn % 2 == 0 else 0.38,)
    ]
    return " ".join(f"{a:.2f} {b:.2f} {'m' if at == 0 else 'l'}" for at, (a, b) in enumerate(points)) + " f"


def seal(chance: random.Random, x: float, y: float, *, flat: float = 1.0, color: Color = RED) -> str:
    """A seal of 38 to 45 mm across: ring, characters along it, a star or a code in the middle."""
    radius = chance.uniform(19, 22.5) * MM
    drawn = [ink(color), oval(x, y, radius, radius * flat, chance.uniform(1.0, 1.6) * MM)]
    count = chance.randint(7, 14)
    size = 4.6 * MM * (0.8 if flat < 1 else 1)
    for at in range(count):
        turn = math.radians(215 - 250 * at / (count - 1))
        place = x + radius * 0.72 * math.cos(turn), y + radius * flat * 0.7 * math.sin(turn)
        drawn.append(glyphs(chance, place[0] - size / 2, place[1] - size / 2, size, 1, color))
    drawn.append(ink(color))
    if flat == 1.0:
        drawn.append(star(x, y, radius * 0.33))
    else:
        drawn.append(glyphs(chance, x - radius * 0.5, y - size / 2, size * 0.7, 5, color))
    return "\n".join(drawn)


def black_text(chance: random.Random) -> str:
    return "\n".join(
        glyphs(chance, 80, 600 - 28 * row, 16, chance.randint(12, 26), BLACK)
        for row in range(chance.randint(6, 14))
    )


def red_head(chance: random.Random) -> str:
    size = chance.uniform(30, 62)
    count = min(int(450 / size), chance.randint(5, 11))
    x = (WIDTH - count * size * 1.05) / 2
    rule = f"{ink(RED)} {chance.uniform(1, 3):.1f} w 79 640 m 516 640 l S"
    return f"{glyphs(chance, x, 700, size, count, RED)}\n{rule}"


def red_table(chance: random.Random) -> str:
    rows, columns = chance.randint(4, 12), chance.randint(3, 6)
    step, wide = chance.uniform(16, 34), 430 / columns
    drawn = [ink(RED), "1 w"]
    for at in range(rows + 1):
        drawn.append(f"80 {560 - at * step:.1f} m 510 {560 - at * step:.1f} l S")
    for at in range(columns + 1):
        drawn.append(f"{80 + at * wide:.1f} 560 m {80 + at * wide:.1f} {560 - rows * step:.1f} l S")
    for row in range(rows):
        for column in range(columns):
            place = 82 + column * wide, 562 - (row + 1) * step
            drawn.append(glyphs(chance, *place, step * 0.6, min(int(wide / step), 4), RED))
    return "\n".join(drawn)


def red_text(chance: random.Random) -> str:
    size = chance.uniform(10, 22)
    return "\n".join(
        glyphs(chance, 80, 560 - at * size * 1.3, size, int(400 / size), RED)
        for at in range(chance.randint(3, 14))
    )


def red_shapes(chance: random.Random) -> str:
    """A block, a ball, an empty ring and a large star: red, some round, and no seals."""
    return "\n".join(
        [
            ink(RED),
            f"90 300 {chance.uniform(60, 200):.0f} {chance.uniform(60, 160):.0f} re f",
            oval(420, 420, 55, 55, 3),
            star(420, 200, chance.uniform(40, 90)),
            glyphs(chance, 150, 180, chance.uniform(20, 60), 2, RED),
        ]
    )


def place(chance: random.Random) -> tuple[float, float]:
    return chance.uniform(150, 480), chance.uniform(120, 420)


Page = Callable[[random.Random], str]
WITH: dict[str, Page] = {
    "seal alone": lambda c: seal(c, *place(c)),
    "red head and seal": lambda c: f"{red_head(c)}\n{black_text(c)}\n{seal(c, *place(c))}",
    "seal over date": lambda c: f"{seal(c, 400, 235)}\n{glyphs(c, 340, 228, 16, 9, BLACK)}\n{black_text(c)}",
    "oval": lambda c: f"{black_text(c)}\n{seal(c, *place(c), flat=c.uniform(0.62, 0.8))}",
    "pale": lambda c: f"{black_text(c)}\n{seal(c, *place(c), color=PALE)}",
    "two seals that overlap": lambda c: f"{seal(c, 300, 240)}\n{seal(c, 300 + c.uniform(85, 130), 240)}",
    "seal over red rule": lambda c: f"{ink(RED)} 2 w 79 240 m 516 240 l S {seal(c, 400, 250)}",
    "seal and red table": lambda c: f"{red_table(c)}\n{seal(c, c.uniform(180, 430), 100)}",
}
WITHOUT: dict[str, Page] = {
    "black and white": black_text,
    "black ring": lambda c: f"{black_text(c)}\n{seal(c, *place(c), color=BLACK)}",
    "blue seal": lambda c: f"{black_text(c)}\n{seal(c, *place(c), color=(0.1, 0.2, 0.8))}",
    "red head": lambda c: f"{red_head(c)}\n{black_text(c)}",
    "red table": red_table,
    "red text": lambda c: f"{red_text(c)}\n{black_text(c)}",
    "red shapes": red_shapes,
    "red head and table": lambda c: f"{red_head(c)}\n{red_table(c)}",
}


def made(target: Path, pages: list[str]) -> Path:
    writer = PdfWriter()
    for content in pages:
        page = writer.add_blank_page(WIDTH, HEIGHT)
        stream = DecodedStreamObject()
        stream.set_data(content.encode())
        page[NameObject("/Contents")] = writer._add_object(stream)
    writer.write(target)
    return target


def noisy(rgb: bytes, chance: random.Random) -> bytes:
    """As a scanner sees it: every value off by some, and the paper grey or yellowish."""
    scanned = bytearray(rgb)
    tint = chance.choice([(0, 0, 0), (0, -6, -22), (-20, -20, -20)])
    step = 3 * 337
    for start in range(step):
        off = chance.randint(-26, 10) + tint[start % 3]
        table = bytes(max(0, min(255, value + off)) for value in range(256))
        scanned[start::step] = scanned[start::step].translate(table)
    return bytes(scanned)


def pictures(path: Path, dpi: float = DPI) -> Iterator[tuple[bytes, int, int]]:
    document = pypdfium2.PdfDocument(str(path))
    for page in document:
        bitmap = page.render(scale=dpi / 72, rev_byteorder=True)
        rows, wide = bytes(bitmap.buffer), bitmap.width * 3
        packed = b"".join(rows[at : at + wide] for at in range(0, len(rows), bitmap.stride))
        yield packed, bitmap.width, bitmap.height
        page.close()
    document.close()


def judged(folder: Path, kinds: dict[str, Page], each: int, *, noise: bool, seed: int = 5) -> dict[str, int]:
    """How many of ``each`` pages of every kind are said to show a seal."""
    found = {}
    for name, drawn in kinds.items():
        chance = random.Random(f"{seed}{name}")
        path = made(folder / "页.pdf", [drawn(chance) for _ in range(each)])
        if noise:
            told = [shows_seal(noisy(rgb, chance), wide, high) for rgb, wide, high in pictures(path)]
            found[name] = sum(told)
        else:
            found[name] = len(seal_pages(path, Limits()))
    return found


@pytest.mark.parametrize("noise", [False, True], ids=["drawn", "scanned"])
def test_seals_are_found_and_other_red_things_are_none(tmp_path: Path, *, noise: bool) -> None:
    assert judged(tmp_path, WITH, 4, noise=noise) == dict.fromkeys(WITH, 4)
    assert judged(tmp_path, WITHOUT, 4, noise=noise) == dict.fromkeys(WITHOUT, 0)


def test_the_pages_are_named(tmp_path: Path) -> None:
    chance = random.Random(1)
    pages = [
        red_head(chance),
        black_text(chance),
        seal(chance, 300, 300),
        red_table(chance),
        seal(chance, 400, 200),
    ]
    assert seal_pages(made(tmp_path / "件.pdf", pages), Limits()) == (3, 5)


@pytest.mark.parametrize("dpi", [40.0, 75.0, 100.0])
def test_other_resolutions_serve_too(tmp_path: Path, dpi: float) -> None:
    chance = random.Random(2)
    path = made(tmp_path / "件.pdf", [seal(chance, 300, 300), red_head(chance), red_text(chance)])
    assert [shows_seal(*one, dpi=dpi) for one in pictures(path, dpi)] == [True, False, False]


def test_a_red_head_written_by_an_office_program(tmp_path: Path, need_program: Callable[[str], str]) -> None:
    import subprocess

    document = docx.Document()
    for text, size in (
        ("安平县人民政府教育督导室文件", 34),
        ("关于专项督导的通知", 22),
        ("红字说明" * 60, 14),
    ):
        run = document.add_paragraph().add_run(text)
        run.font.size, run.font.color.rgb = Pt(size), RGBColor(0xE0, 0x10, 0x10)
    document.save(str(tmp_path / "红头.docx"))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [need_program("soffice"), home, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path)]
    subprocess.run([*command, str(tmp_path / "红头.docx")], check=True, capture_output=True, timeout=120)
    assert seal_pages(tmp_path / "红头.pdf", Limits()) == ()


def test_a_page_takes_little_time_and_one_without_colour_hardly_any(tmp_path: Path) -> None:
    chance = random.Random(3)
    path = made(tmp_path / "件.pdf", [red_head(chance) + red_table(chance), black_text(chance)])
    (coloured, wide, high), (plain, _, _) = pictures(path)
    begun = time.process_time()
    shows_seal(coloured, wide, high)
    between = time.process_time()
    shows_seal(plain, wide, high)
    assert time.process_time() - between < 0.05
    assert between - begun < 2


def test_odd_pictures_show_nothing() -> None:
    assert not shows_seal(b"", 0, 0)
    assert not shows_seal(bytes((255, 0, 0)) * 40_000, 200, 200)
    assert not shows_seal(bytes((255, 0, 0)), 1, 1)


def test_damage_and_limits_have_their_names(tmp_path: Path) -> None:
    (tmp_path / "坏.pdf").write_bytes(b"%PDF-1.7 broken")
    with pytest.raises(Unreadable) as broken:
        seal_pages(tmp_path / "坏.pdf", Limits())
    assert broken.value.state is State.CORRUPT
    with pytest.raises(Unreadable) as refused:
        seal_pages(made(tmp_path / "多.pdf", [""] * 3), Limits(pdf_pages=2))
    assert (refused.value.state, "共 3 页" in refused.value.reason) == (State.REFUSED, True)
    writer = PdfWriter(clone_from=made(tmp_path / "密.pdf", [""]))
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "密.pdf")
    with pytest.raises(Unreadable) as locked:
        seal_pages(tmp_path / "密.pdf", Limits())
    assert locked.value.state is State.ENCRYPTED
