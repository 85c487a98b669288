"""The index page of a package in a real browser, opened from file:// with no network."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import zipfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from urllib.parse import unquote

import pypdfium2
import pytest

from dujian_docs.dossier import (
    Description,
    DossierPlan,
    ListLine,
    Row,
    Section,
    StoredFile,
    Use,
    Volume,
    write_dossier,
)
from dujian_docs.dossier.sheet import Line, sheet
from dujian_docs.filing import ExpectationState

NASTY = "<b>&\"'#1%20?.pdf"
"""A file name with everything that means something in HTML or in a link."""


def use(code: str, year: int) -> Use:
    return Use(code, f"{code} 的材料", code.partition("-")[0], "D001", "县财政局", year)


def dossier(folder: Path, rows: int) -> DossierPlan:
    """One volume with ``rows`` expectations: every third a gap, one file with a nasty name."""
    states = [state for state in ExpectationState if state is not ExpectationState.PRESENT]
    files: list[StoredFile] = []
    lines: list[ListLine] = []
    table: list[Row] = []
    for number in range(rows):
        wanted = use(f"C3-{number + 1:02}", 2026)
        if number % 3 == 2:
            state = states[number // 3 % len(states)]
            table.append(Row(wanted, state, "档案里没有找到", "请财政局补齐后放入文件夹"))
            continue
        source = f"{number}{NASTY}"
        content = sheet([Line(f"第{number}件")])
        (folder / source).write_bytes(content)
        path = f"A1 保障措施/B2 教育投入/C3 三个增长/{wanted.required_file}_2026 #{number}&%41.pdf"
        files.append(
            StoredFile(
                path=path,
                source=source,
                also_at=(),
                size_bytes=len(content),
                sha256=hashlib.sha256(content).hexdigest(),
                page_count=1,
                description=Description(title=source.removesuffix(".pdf"), responsible="县财政局"),
                uses=(wanted,),
            )
        )
        lines.append(ListLine(len(lines) + 1, path, wanted.required_file))
        table.append(Row(wanted, ExpectationState.PRESENT, "相符", "", paths=(path,)))
    box = Volume(
        "A1",
        "保障措施",
        "B2",
        "教育投入",
        "A1 保障措施/B2 教育投入",
        (Section("C3", "三个增长", tuple(table)),),
        tuple(lines),
    )
    return DossierPlan(
        title="云岭县2026年迎检包",
        list_code="YL",
        list_title="云岭县建档目录",
        unit_name="",
        made_by="云岭县人民政府教育督导室",
        made_at=datetime(2026, 3, 5, 9, 30),
        volumes=(box,),
        files=tuple(files),
    )


@pytest.fixture
def page(tmp_path: Path) -> Path:
    archive = tmp_path / "archive"
    archive.mkdir()
    report = write_dossier(dossier(archive, 40), archive, tmp_path / "包.zip")
    with zipfile.ZipFile(report.path) as package:
        package.extractall(tmp_path / "解压 #1")
    return tmp_path / "解压 #1" / "index.html"


@pytest.fixture
def browse(tmp_path: Path, need_program: Callable[[str], str]) -> Callable[..., str]:
    """Gives a function: runs chromium headless with these options, returns what it prints."""
    chromium = need_program("chromium")

    def run(*options: str) -> str:
        command = [chromium, "--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"]
        command += [
            "--disable-background-networking",
            "--hide-scrollbars",
            f"--user-data-dir={tmp_path / 'profile'}",
        ]
        command += ["--enable-logging=stderr", "--v=0", "--host-resolver-rules=MAP * ~NOTFOUND"]
        if os.name == "posix" and os.geteuid() == 0:
            command.append("--no-sandbox")
        done = subprocess.run([*command, *options], capture_output=True, check=False, timeout=120)
        assert done.returncode == 0, done.stderr.decode()[-2000:]
        assert b"CONSOLE" not in done.stderr, done.stderr.decode()[-2000:]
        return done.stdout.decode()

    return run


def test_the_page_shows_totals_rows_and_gaps(page: Path, browse: Callable[..., str]) -> None:
    dom = browse("--dump-dom", page.as_uri())
    text = re.sub(r"<[^>]+>", " ", dom)
    assert "云岭县2026年迎检包" in text
    assert "完整度 67%（齐 27 项 / 应备 40 项）" in text
    assert dom.count('<tr class="row') == 40
    assert dom.count('<tr class="row gap') == 13
    for word in ("齐", "缺", "年份不符", "位置不对", "打不开", "未确认"):
        assert re.search(rf"</i>{word}</td>", dom), word


def test_the_filter_comes_alive_and_only_there(page: Path, browse: Callable[..., str]) -> None:
    assert '<div id="filter" hidden>' in page.read_text(encoding="utf-8")
    assert '<div id="filter">' in browse("--dump-dom", page.as_uri())


def test_a_nasty_name_is_text_and_its_link_finds_the_file(page: Path, browse: Callable[..., str]) -> None:
    dom = browse("--dump-dom", page.as_uri())
    assert "<b>&" not in dom
    assert "0&lt;b&gt;&amp;\"'#1%20?.pdf</a>" in dom
    links = re.findall(r'href="([^"#]+)"', dom)
    assert len(links) > 27
    for link in links:
        assert (page.parent / unquote(link)).is_file(), link


def test_nothing_is_fetched(page: Path) -> None:
    html = page.read_text(encoding="utf-8")
    assert "default-src 'none'" in html
    assert not re.search(r'(?:src|href)="(?:[a-z]+:|//)', html)
    assert not re.search(r"url\(|@import|fetch\(|XMLHttpRequest", html)


def test_the_screen_is_not_empty_and_nothing_hangs_over(
    page: Path, browse: Callable[..., str], tmp_path: Path
) -> None:
    """At 1280 × 800 the first screen shows ink on both halves and a page edge of plain ground."""
    shot = tmp_path / "shot.png"
    browse("--window-size=1280,800", f"--screenshot={shot}", page.as_uri())
    from PIL import Image

    with Image.open(shot) as picture:
        assert picture.size == (1280, 800)
        grey = picture.convert("L").point(lambda value: 255 if value < 140 else 0)
    for half in ((60, 10, 640, 800), (640, 10, 1200, 800)):
        assert grey.crop(half).getbbox()
    assert grey.crop((1240, 10, 1280, 800)).getbbox() is None


def test_it_prints_on_a4_with_repeated_heads(page: Path, browse: Callable[..., str], tmp_path: Path) -> None:
    target = tmp_path / "print.pdf"
    browse("--no-pdf-header-footer", f"--print-to-pdf={target}", page.as_uri())
    document = pypdfium2.PdfDocument(target)
    sizes = {tuple(round(edge) for edge in document[number].get_size()) for number in range(len(document))}
    texts = [document[number].get_textpage().get_text_bounded() for number in range(len(document))]
    document.close()
    assert sizes == {(595, 842)}
    assert len(texts) >= 2
    assert "缺口清单" in "".join(texts)
    assert "筛选" not in "".join(texts)
    with_rows = [text for text in texts if re.search(r"C3-\d\d", text)]
    assert all("应备件" in text for text in with_rows)
