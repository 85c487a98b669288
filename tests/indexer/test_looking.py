"""Pictures are looked at page by page when there is time; a kill loses a page at most, nobody waits."""

from __future__ import annotations

import json
import signal
import struct
import subprocess
import sys
import textwrap
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from pypdf import PdfWriter

from indexer import MARKER_NAME, ArchiveIndex, IndexBusy
from indexer import looking as room
from indexer.cli import cli
from indexer.model import Limits, LookReport, Progress, State, SyncReport
from indexer.watch import _Until

HEAD = """
import os, time
from pathlib import Path
from indexer.child import main
from indexer.model import Extraction, Facts, Passage, State
def look(page, path, limits):
    with open(os.environ["LOOKS"], "a", encoding="utf-8") as log:
        log.write(f"{path.name} {page}\\n")
    BODY
    words = f"认出第{'零一二三四五六七八九'[page]}页"
    facts = Facts(seals=(page,) if page == 2 else ())
    return Extraction(State.INDEXED, (Passage(words, page, "识别"),), facts=facts)
"""


HOLDER = """
import sys
from filelock import FileLock
with FileLock(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def program(body: str = "pass") -> tuple[str, ...]:
    """A worker that looks at pages with this body first; it knows ``page``, ``path`` and ``limits``."""
    lines = textwrap.indent(textwrap.dedent(body).strip(), "    ").lstrip()
    return ("-P", "-c", HEAD.replace("BODY", lines) + "main(look=look)\n")


def tiff(pages: int, mark: str = "") -> bytes:
    """A picture file of empty pages, each in a directory of its own; ``mark`` makes its content its own."""
    at, parts = 8, [struct.pack("<2sHI", b"II", 42, 8)]
    for page in range(pages):
        at += 6
        parts.append(struct.pack("<HI", 0, at if page + 1 < pages else 0))
    return b"".join(parts) + mark.encode()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "档案"
    folder.mkdir()
    (folder / MARKER_NAME).touch()
    return folder


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the fake recogniser, which is installed, writes down every look."""
    file = tmp_path / "looks.txt"
    file.touch()
    monkeypatch.setenv("LOOKS", str(file))
    monkeypatch.setattr(room, "installed", lambda: True)
    monkeypatch.setattr(room, "PROGRAM", program())
    return file


@pytest.fixture
def index(root: Path, tmp_path: Path) -> Iterator[ArchiveIndex]:
    with ArchiveIndex.open(root, tmp_path / "home") as opened:
        yield opened


def look(index: ArchiveIndex, *, pages: int | None = None, stop: threading.Event | None = None) -> LookReport:
    return index.look_closer(stop=stop or threading.Event(), most_pages=pages)


def found(index: ArchiveIndex, words: str) -> list[str]:
    return sorted(hit.path for hit in index.search(words).hits)


def test_pages_become_searchable_and_the_file_says_how(root: Path, index: ArchiveIndex, log: Path) -> None:
    (root / "扫描.tif").write_bytes(tiff(3))
    told: list[Progress] = []
    index.sync()
    assert index.status().waiting_pages == 3
    report = index.look_closer(stop=threading.Event(), progress=told.append)
    assert (report.pages, report.files, report.waiting, report.notes) == (3, 1, 0, ())
    assert [(one.done, one.total, one.what) for one in told] == [(n, 3, "扫描.tif") for n in (1, 2, 3)]
    (item,) = index.items()
    assert item.state is State.INDEXED
    assert "3 页的文字由 OCR 识别" in item.reason
    assert (item.facts.recognised, item.facts.seals) == ((1, 2, 3), (2,))
    assert [(one.page, one.label) for one in index.text_of("扫描.tif")] == [(n, "识别") for n in (1, 2, 3)]
    assert found(index, "认出第二页") == ["扫描.tif"]
    assert index.status().waiting_pages == 0
    assert look(index).pages == 0
    assert index.sync().unchanged == 1
    assert found(index, "认出第三页") == ["扫描.tif"]


def test_without_the_extra_the_file_waits_and_the_report_says_what_is_missing(
    root: Path, index: ArchiveIndex, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "installed", lambda: False)
    (root / "扫描.tif").write_bytes(tiff(2))
    index.sync()
    report = look(index)
    assert (report.pages, report.waiting) == (0, 2)
    assert "ocr" in report.notes[0]
    (item,) = index.items()
    assert item.state is State.PENDING_OCR
    assert "ocr" in item.remedy
    assert log.read_text("utf-8") == ""


def test_a_stop_and_a_share_of_pages_are_kept_to_and_nothing_is_done_twice(
    root: Path, index: ArchiveIndex, log: Path
) -> None:
    (root / "扫描.tif").write_bytes(tiff(5))
    index.sync()
    assert look(index, pages=2).waiting == 3
    assert index.items()[0].state is State.PENDING_OCR
    stop = threading.Event()
    report = index.look_closer(stop=stop, progress=lambda _: stop.set())
    assert (report.pages, report.waiting) == (1, 2)
    assert look(index).files == 1
    assert [line.split()[-1] for line in log.read_text("utf-8").splitlines()] == list("12345")


@pytest.mark.parametrize("able", [True, False])
def test_other_pages_are_looked_through_for_seals_with_the_extra_or_without(
    root: Path, index: ArchiveIndex, log: Path, monkeypatch: pytest.MonkeyPatch, able: bool
) -> None:
    monkeypatch.setattr(room, "installed", lambda: able)
    monkeypatch.setattr(
        room, "PROGRAM", program("if page == 0: return Extraction(State.EMPTY, facts=Facts(seals=(2,)))")
    )
    writer = PdfWriter()
    for _ in range(3):
        writer.add_blank_page(595, 842)
    writer.write(root / "定稿.pdf")
    index.sync()
    before = index.items()[0]
    assert (before.state, before.facts.seals, index.status().waiting_pages) == (State.EMPTY, None, 0)
    report = look(index)
    assert (report.pages, report.files, report.waiting, report.notes) == (0, 1, 0, ())
    after = index.items()[0]
    assert (after.state, after.reason, after.facts.seals) == (State.EMPTY, before.reason, (2,))
    assert look(index).files == 0
    assert len(log.read_text("utf-8").splitlines()) == 1


def test_an_archive_that_goes_away_is_one_note_and_no_loss(
    root: Path, index: ArchiveIndex, log: Path
) -> None:
    for name in ("甲", "乙", "丙"):
        (root / f"{name}.tif").write_bytes(tiff(1, name))
    index.sync()
    root.rename(root.with_name("别处"))
    report = look(index)
    assert (report.pages, report.waiting, len(report.notes)) == (0, 3, 1)
    assert "3 个文件" in report.notes[0]
    root.with_name("别处").rename(root)
    assert look(index).pages == 3


def test_a_file_that_was_away_while_its_copy_was_looked_at_has_its_text(
    root: Path, tmp_path: Path, index: ArchiveIndex, log: Path
) -> None:
    for name in ("甲.tif", "乙.tif"):
        (root / name).write_bytes(tiff(1))
    index.sync()
    (root / "甲.tif").rename(tmp_path / "甲.tif")
    assert index.sync().missing == 1
    look(index)
    (tmp_path / "甲.tif").rename(root / "甲.tif")
    index.sync()
    assert found(index, "认出第一页") == ["乙.tif", "甲.tif"]


def test_a_file_inside_a_zip_is_looked_at(root: Path, index: ArchiveIndex, log: Path) -> None:
    with zipfile.ZipFile(root / "包.zip", "w") as package:
        package.writestr("说明.txt", "一份说明")
        package.writestr("内/图.tif", tiff(1))
    index.sync()
    assert look(index).files == 1
    assert found(index, "认出第一页") == ["包.zip!/内/图.tif"]
    assert look(index).pages == 0


def test_the_same_content_is_looked_at_once_and_a_copy_that_comes_later_has_its_text(
    root: Path, index: ArchiveIndex, log: Path
) -> None:
    for name in ("甲.tif", "乙.tif"):
        (root / name).write_bytes(tiff(1))
    index.sync()
    assert (look(index).pages, look(index).pages) == (1, 0)
    (root / "丙.tif").write_bytes(tiff(1))
    index.sync()
    assert found(index, "认出第一页") == ["丙.tif", "乙.tif", "甲.tif"]


def test_a_text_read_again_keeps_what_was_recognised(
    root: Path, tmp_path: Path, log: Path, index: ArchiveIndex
) -> None:
    (root / "扫描.tif").write_bytes(tiff(2))
    index.sync()
    look(index)
    with ArchiveIndex.open(root, tmp_path / "home", limits=Limits(zip_ratio=150)) as again:
        again.sync()
        assert found(again, "认出第二页") == ["扫描.tif"]
        assert look(again).pages == 0


def test_a_page_that_hangs_or_crashes_costs_itself_only(
    root: Path, tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = """
    if page == 2: time.sleep(60)
    if page == 3: os.abort()
    """
    monkeypatch.setattr(room, "PROGRAM", program(body))
    (root / "扫描.tif").write_bytes(tiff(4))
    with ArchiveIndex.open(root, tmp_path / "home", limits=Limits(ocr_seconds=1.0)) as index:
        index.sync()
        begun = time.monotonic()
        assert look(index).pages == 4
        assert time.monotonic() - begun < 20
        (item,) = index.items()
        assert item.state is State.INDEXED
        assert "2 页的文字由 OCR 识别" in item.reason
        assert "2 页识别不了（第 2 页：读取超过 1 秒）" in item.reason
        assert found(index, "认出第四页") == ["扫描.tif"]
        assert look(index).pages == 0


def test_a_recogniser_that_does_not_work_ends_the_look_and_spoils_nothing(
    root: Path, index: ArchiveIndex, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = 'return Extraction(State.PENDING_OCR, reason="文字识别组件用不了", remedy="重新安装")'
    monkeypatch.setattr(room, "PROGRAM", program(body))
    for name in ("甲", "乙"):
        (root / f"{name}.tif").write_bytes(tiff(1, name))
    index.sync()
    report = look(index)
    assert (report.pages, report.files, report.waiting) == (0, 0, 2)
    assert report.notes == ("文字识别组件用不了；重新安装",)
    assert len(log.read_text("utf-8").splitlines()) == 1
    monkeypatch.setattr(room, "PROGRAM", program())
    assert look(index).pages == 2


def test_what_changed_since_the_sync_is_not_told_under_its_old_content(
    root: Path, index: ArchiveIndex, log: Path
) -> None:
    (root / "扫描.tif").write_bytes(tiff(2))
    index.sync()
    (root / "扫描.tif").write_bytes(tiff(2, "newone"))
    report = look(index)
    assert (report.pages, report.waiting) == (0, 2)
    assert "扫描.tif" in report.notes[0]
    index.sync()
    assert look(index).pages == 2


def test_a_kill_loses_the_page_at_hand_only(
    root: Path, tmp_path: Path, index: ArchiveIndex, log: Path
) -> None:
    (root / "扫描.tif").write_bytes(tiff(6))
    index.sync()
    script = tmp_path / "look.py"
    script.write_text(
        "import sys, threading\nfrom pathlib import Path\nfrom indexer import ArchiveIndex\n"
        "from indexer import looking\nlooking.installed = lambda: True\n"
        f"looking.PROGRAM = {program('time.sleep(0.3)')!r}\n"
        "with ArchiveIndex.open(Path(sys.argv[1]), Path(sys.argv[2])) as index:\n"
        "    index.look_closer(stop=threading.Event(), progress=lambda at: print(at.done, flush=True))\n",
        encoding="utf-8",
    )
    command = [sys.executable, str(script), str(root), str(tmp_path / "home")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        while process.stdout.readline().strip() != "3":
            assert process.poll() is None
        with pytest.raises(IndexBusy, match=str(process.pid)):
            look(index)
        process.kill()
    assert process.returncode == -getattr(signal, "SIGKILL", -1)
    before = len(log.read_text("utf-8").splitlines())
    assert look(index).pages == 3
    assert len(log.read_text("utf-8").splitlines()) - before == 3
    assert found(index, "认出第一页") == found(index, "认出第六页") == ["扫描.tif"]


def test_a_kill_between_engine_and_manifest_is_made_good(
    root: Path, tmp_path: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "扫描.tif").write_bytes(tiff(2))

    class PowerCut(BaseException):
        pass

    def cut(*_: object) -> None:
        raise PowerCut

    with ArchiveIndex.open(root, tmp_path / "home") as index:
        index.sync()
        with monkeypatch.context() as patch:
            patch.setattr("indexer.manifest.Manifest.keep_texts", cut)
            with pytest.raises(PowerCut):
                look(index)
    with ArchiveIndex.open(root, tmp_path / "home") as index:
        assert index.items()[0].state is State.PENDING_OCR
        report = look(index)
        assert (report.pages, report.files) == (0, 1)
        assert index.items()[0].state is State.INDEXED
        assert found(index, "认出第二页") == ["扫描.tif"]


def test_another_process_syncs_while_pages_are_looked_at(
    root: Path, tmp_path: Path, index: ArchiveIndex, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "PROGRAM", program("time.sleep(0.2)"))
    (root / "扫描.tif").write_bytes(tiff(3))
    index.sync()

    def another(progress: Progress) -> None:
        (root / f"来文{progress.done}.txt").write_text(f"来文{progress.done}的正文", "utf-8")
        with ArchiveIndex.open(root, tmp_path / "home") as other:
            begun = time.monotonic()
            assert other.sync().added == 1
            assert time.monotonic() - begun < 5

    assert index.look_closer(stop=threading.Event(), progress=another).files == 1
    assert found(index, "认出第二页") == ["扫描.tif"]
    assert found(index, "来文2的正文")[0] == "来文2.txt"
    assert index.status().counts[State.INDEXED] == 4


def test_while_another_writes_the_texts_are_kept_for_later(
    root: Path, tmp_path: Path, index: ArchiveIndex, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "BUSY_SECONDS", 0.1)
    (root / "扫描.tif").write_bytes(tiff(1))
    index.sync()
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            HOLDER,
            str(tmp_path / "home" / "sync.lock"),
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == b"held"
        report = look(index)
        assert (report.pages, report.files) == (1, 0)
        assert "下次写进检索库" in report.notes[0]
        assert holder.stdin is not None
        holder.stdin.close()
    assert (look(index).files, found(index, "认出第一页")) == (1, ["扫描.tif"])


def test_an_idle_look_ends_with_the_moment_or_the_bell() -> None:
    bell = threading.Event()
    assert not _Until(time.monotonic() + 60, bell).is_set()
    assert _Until(time.monotonic(), bell).is_set()
    bell.set()
    assert _Until(time.monotonic() + 60, bell).is_set()


def test_the_watcher_looks_when_idle_and_the_bell_comes_first(
    root: Path, index: ArchiveIndex, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "PROGRAM", program("time.sleep(0.2)"))
    (root / "扫描.tif").write_bytes(tiff(9))
    stop = threading.Event()
    added: list[tuple[int, int]] = []

    def told(report: SyncReport) -> None:
        added.append((report.added, len(log.read_text("utf-8").splitlines())))

    thread = threading.Thread(target=lambda: index.watch(stop, on_sync=told, interval=3600))
    thread.start()
    try:
        until(lambda: len(log.read_text("utf-8").splitlines()) >= 2)
        (root / "来文.txt").write_text("来文的正文", "utf-8")
        until(lambda: len(added) >= 2)
        assert added[1][0] == 1
        assert added[1][1] < 9, "the bell interrupted"
        until(lambda: len(log.read_text("utf-8").splitlines()) == 9)
    finally:
        stop.set()
        thread.join(timeout=20)
    assert not thread.is_alive()
    assert found(index, "认出第九页") == ["扫描.tif"]


@pytest.fixture
def signals() -> Iterator[None]:
    """What the command line does to signals is undone."""
    numbers = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.usefixtures("signals")
def test_the_command_line_looks_and_tells_what_waits(root: Path, tmp_path: Path, log: Path) -> None:
    (root / "扫描.tif").write_bytes(tiff(2))
    run, where = CliRunner(), [str(root), "--home", str(tmp_path / "home")]
    assert run.invoke(cli, ["sync", *where]).exit_code == 0
    assert "还有 2 页图片里的字没有识别" in run.invoke(cli, ["status", *where]).output
    once = run.invoke(cli, ["look", *where, "--pages", "1"])
    assert once.stdout == "识别了 1 页，0 个文件做完，还有 1 页\n"
    assert once.stderr == "1/2 扫描.tif\n"
    again = json.loads(run.invoke(cli, ["look", *where, "--json"]).stdout)
    assert (again["pages"], again["files"], again["waiting"]) == (1, 1, 0)
    assert "没有识别" not in run.invoke(cli, ["status", *where]).output


def until(fact: Callable[[], bool], seconds: float = 30.0) -> None:
    end = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
