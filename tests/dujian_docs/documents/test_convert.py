"""docx → PDF: batches, stuck and broken files, stand-in fonts; LibreOffice itself where it is installed."""

from __future__ import annotations

import contextlib
import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from dujian_docs.documents import Genre, Soffice, convert, soffice_path, to_pdf
from dujian_docs.documents.fonts import STAND_INS, fontconfig
from dujian_docs.errors import ProgramMissing

posix = pytest.mark.skipif(sys.platform == "win32", reason="用脚本冒充 LibreOffice，只在类 Unix 系统上可行")
FAKE = """#!{python}
import os, pathlib, sys, time
arguments = sys.argv[1:]
out = pathlib.Path(arguments[arguments.index("--outdir") + 1])
profile = next(a for a in arguments if a.startswith("-env:UserInstallation=file://"))
with open({log!r}, "a") as log:
    log.write(f"{{os.getpid()}} {{profile}} {{os.environ.get('FONTCONFIG_FILE', '')}}\\n")
for source in map(pathlib.Path, arguments[arguments.index("--outdir") + 2:]):
    content = source.read_bytes()
    if content == b"stuck":
        if os.fork() == 0:
            time.sleep(600)
        time.sleep(600)
    if content == b"crash":
        os._exit(77)
    if content == b"skip":
        continue
    (out / (source.stem + ".pdf")).write_bytes(b"%PDF-" + content)
"""


@pytest.fixture
def fake(tmp_path: Path) -> Soffice:
    """A program that behaves as LibreOffice does, with files that make it crash, hang or refuse."""
    program = tmp_path / "soffice"
    program.write_text(FAKE.format(python=sys.executable, log=str(tmp_path / "log")), encoding="utf-8")
    program.chmod(0o755)
    return Soffice(program)


def sources(tmp_path: Path, *contents: bytes) -> list[Path]:
    paths = []
    for number, content in enumerate(contents):
        path = tmp_path / f"文件{number}.odt"
        path.write_bytes(content)
        paths.append(path)
    return paths


def running_in_group(group: int) -> list[str]:
    """The processes of a group that still do something (one whose parent is gone may wait to be reaped)."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            state, _, of_group = stat.read_text().rpartition(")")[2].split()[:3]
            if int(of_group) == group and state != "Z":
                found.append(stat.parent.name)
    return found


@posix
def test_every_file_comes_back_in_order_and_starts_are_shared(fake: Soffice, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    given = sources(tmp_path, *(str(number).encode() for number in range(45)))
    results = to_pdf(
        given, tmp_path / "pdf", soffice=fake, on_progress=lambda done, total: told.append((done, total))
    )
    assert [result.source for result in results] == given
    assert [result.pdf and result.pdf.read_bytes() for result in results] == [
        f"%PDF-{n}".encode() for n in range(45)
    ]
    assert results[7].pdf == tmp_path / "pdf" / "文件7.pdf"
    starts = (tmp_path / "log").read_text().splitlines()
    assert len(starts) == 3
    assert len({line.split()[1] for line in starts}) == 3, "a profile of its own for each start"
    assert told == [(n, 45) for n in range(1, 46)]


@posix
def test_a_file_that_crashes_or_is_refused_costs_only_itself(fake: Soffice, tmp_path: Path) -> None:
    given = sources(tmp_path, b"a", b"crash", b"b", b"skip", b"c", b"crash", b"d")
    results = to_pdf(given, tmp_path / "pdf", soffice=fake)
    assert [bool(result.pdf) for result in results] == [True, False, True, False, True, False, True]
    assert results[1].reason == "LibreOffice 打不开这个文件"


@posix
def test_a_stuck_file_is_given_up_and_nothing_keeps_running(fake: Soffice, tmp_path: Path) -> None:
    given = sources(tmp_path, b"a", b"stuck", b"b")
    results = to_pdf(given, tmp_path / "pdf", soffice=fake, start_seconds=1, seconds_per_file=1)
    assert [bool(result.pdf) for result in results] == [True, False, True]
    assert "没有进展，已中止" in results[1].reason
    for line in (tmp_path / "log").read_text().splitlines():
        assert running_in_group(int(line.split()[0])) == []


@posix
def test_unreadable_sources_and_taken_names(fake: Soffice, tmp_path: Path) -> None:
    (given,) = sources(tmp_path, b"a")
    (tmp_path / "pdf").mkdir()
    (tmp_path / "pdf" / "文件0.pdf").write_bytes(b"old")
    absent, there = to_pdf([tmp_path / "没有.docx", given], tmp_path / "pdf", soffice=fake)
    assert absent.pdf is None
    assert "读不出文件" in absent.reason
    assert there.pdf == tmp_path / "pdf" / "文件0(2).pdf"
    assert (tmp_path / "pdf" / "文件0.pdf").read_bytes() == b"old"
    assert to_pdf([], tmp_path / "pdf", soffice=fake) == ()


def test_without_libreoffice_there_is_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(ProgramMissing, match="没有找到 LibreOffice") as caught:
        to_pdf([], tmp_path, soffice=Soffice(None))
    assert "安装 LibreOffice" in caught.value.remedy


def test_a_configured_path_that_is_wrong_is_said(tmp_path: Path) -> None:
    assert soffice_path(str(tmp_path / "没有")).path is None
    assert "没有" in soffice_path(str(tmp_path / "没有")).remedy
    program = tmp_path / "soffice"
    program.write_bytes(b"")
    assert soffice_path(str(program)).path == program


def test_libreoffice_is_searched_in_the_usual_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(convert, "_PLACES", (str(tmp_path / "a"), str(tmp_path / "b")))
    assert soffice_path().path is None
    (tmp_path / "b").write_bytes(b"")
    assert soffice_path().path == tmp_path / "b"


def test_hanging_punctuation_is_turned_round_for_libreoffice_only(
    inspection_genre: Genre, tmp_path: Path
) -> None:
    source, copy = tmp_path / "a.docx", tmp_path / "b.docx"
    source.write_bytes(inspection_genre.template.content)
    convert._copy_for_libreoffice(source, copy)

    def styles(path: Path) -> bytes:
        with zipfile.ZipFile(path) as package:
            return package.read("word/styles.xml")

    assert b'<w:overflowPunct w:val="0"/>' in styles(source)
    assert b'<w:overflowPunct w:val="1"/>' in styles(copy)
    assert b'<w:overflowPunct w:val="0"/>' not in styles(copy)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/document.xml", '<w:overflowPunct/><w:overflowPunct w:val="true"/>')
    source.write_bytes(buffer.getvalue())
    convert._copy_for_libreoffice(source, copy)
    with zipfile.ZipFile(copy) as package:
        assert package.read("word/document.xml") == b'<w:overflowPunct w:val="0"/>' * 2
    source.write_bytes(b"no zip")
    convert._copy_for_libreoffice(source, copy)
    assert copy.read_bytes() == b"no zip"


def test_fonts_that_are_installed_are_never_replaced() -> None:
    root = etree.fromstring(fontconfig({"仿宋_GB2312", "FandolKai", "LXGW WenKai"}).encode())
    rules = {rule.findtext("test/string"): rule.findtext("edit/string") for rule in root.iter("match")}
    assert "仿宋_GB2312" not in rules
    assert rules["仿宋"] == "FandolFang"
    assert rules["楷体_GB2312"] == "FandolKai"
    assert root.findtext("include") == "/etc/fonts/fonts.conf"
    everything = etree.fromstring(fontconfig(()).encode())
    assert len(list(everything.iter("match"))) == sum(len(names) for names, _, _ in STAND_INS)


@pytest.mark.skipif(sys.platform != "linux", reason="fontconfig 只在 Linux 上用")
def test_without_fontconfig_nothing_is_known(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert convert.installed_fonts() == frozenset()


def test_libreoffice_itself_sets_a_broken_file_aside(
    need_program: Callable[[str], str], inspection_genre: Genre, tmp_path: Path
) -> None:
    good, broken = tmp_path / "好.docx", tmp_path / "坏.docx"
    good.write_bytes(inspection_genre.template.content)
    broken.write_bytes(inspection_genre.template.content[:2000])
    results = to_pdf([broken, good], tmp_path / "pdf", soffice=Soffice(Path(need_program("soffice"))))
    assert results[1].pdf is not None
    assert results[1].pdf.read_bytes().startswith(b"%PDF")
    assert results[0].pdf is None or results[0].pdf.stat().st_size > 0
