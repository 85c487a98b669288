"""A hang, a crash or a bomb costs its own file and nothing else, and no process is left behind."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.errors import IndexerError
from indexer.frames import as_answer, extraction_from, read_frame, write_frame
from indexer.model import Extraction, Facts, Limits, Passage, State
from indexer.workers import WorkerPool, extract_file

LIMITS = Limits(wall_seconds=20.0)
posix_only = pytest.mark.skipif(os.name != "posix", reason="信号和内存上限只有 POSIX 系统才有")
linux_only = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="要读 /proc")


def program(body: str) -> tuple[str, ...]:
    """A worker that reads every file with this function body; it knows ``path`` and ``limits``."""
    lines = textwrap.indent(textwrap.dedent(body).strip(), "    ")
    head = (
        "import ctypes, os, sys, time\nfrom indexer.child import main\nfrom indexer.extract import extract\n"
    )
    return ("-P", "-c", f"{head}def read(path, limits):\n{lines}\nmain(read)\n")


BY_NAME = program(
    """
    if '挂起' in path.name: time.sleep(60)
    if '空转' in path.name:
        while True: pass
    if '崩溃' in path.name: ctypes.string_at(0)
    if '退出' in path.name: os._exit(7)
    if '中止' in path.name: os.abort()
    if '吃内存' in path.name: return [bytearray(1 << 24) for _ in range(1 << 12)]
    if '胡言' in path.name: os.write(3, b'\\xff' * 64); os.write(4, b'\\xff' * 64)
    if '打印' in path.name: print('hello', flush=True); os.system('echo hello')
    return extract(path, limits)
    """
)


def files(folder: Path, *names: str) -> list[tuple[str, Path]]:
    for name in names:
        (folder / name).write_text(f"{name}的正文", "utf-8")
    return [(name, folder / name) for name in names]


def children() -> dict[int, str]:
    """The processes this one has started and not yet collected, with their command lines."""
    found = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text("utf-8").rpartition(")")[2].split()[1])
                if parent == os.getpid():
                    found[int(entry.name)] = (entry / "cmdline").read_text("utf-8").replace("\0", " ")
            except OSError:
                continue
    return found


def workers_now() -> list[int]:
    return [pid for pid, line in children().items() if "indexer.workers" in line or "indexer.child" in line]


def test_many_files_give_their_texts(tmp_path: Path) -> None:
    tasks = files(tmp_path, *(f"文件{number}.txt" for number in range(40)))
    with WorkerPool(LIMITS, size=2) as pool:
        found = dict(pool.extract_all(tasks))
    assert {key: one.passages[0].text for key, one in found.items()} == {
        key: f"{key}的正文" for key, _ in tasks
    }


def test_a_file_alone(tmp_path: Path) -> None:
    ((_, path),) = files(tmp_path, "通知.txt")
    assert extract_file(path, LIMITS).state is State.INDEXED
    assert extract_file(tmp_path / "没有.txt", LIMITS).state is State.CORRUPT


@linux_only
def test_no_work_starts_no_process_and_closing_leaves_none(tmp_path: Path) -> None:
    with WorkerPool(LIMITS, size=2) as pool:
        assert list(pool.extract_all([])) == []
        assert workers_now() == []
        assert len(list(pool.extract_all(files(tmp_path, "a.txt")))) == 1
        assert len(workers_now()) == 1
    assert workers_now() == []


def test_tasks_are_taken_only_a_little_ahead(tmp_path: Path) -> None:
    tasks = files(tmp_path, *(f"{number}.txt" for number in range(30)))
    taken = []

    def watched() -> Iterator[tuple[str, Path]]:
        for task in tasks:
            taken.append(task)
            yield task

    with WorkerPool(LIMITS, size=1) as pool:
        results = pool.extract_all(watched())
        next(results)
        assert len(taken) <= 3
        assert len(list(results)) == 29


@posix_only
@pytest.mark.parametrize(
    ("name", "state", "word"),
    [
        ("挂起.txt", State.REFUSED, "读取超过 1 秒"),
        ("空转.txt", State.REFUSED, "读取超过 1 秒"),
        ("崩溃.txt", State.CORRUPT, "崩溃"),
        ("退出.txt", State.CORRUPT, "崩溃"),
        ("中止.txt", State.REFUSED, "内存"),
        ("吃内存.txt", State.REFUSED, "内存超过 1024 MB"),
    ],
)
def test_a_bad_file_gets_its_state_in_time_and_the_rest_are_read(
    tmp_path: Path, name: str, state: State, word: str
) -> None:
    limits = Limits(wall_seconds=1.0 if "1 秒" in word else 20.0, memory_bytes=1 << 30)
    tasks = files(tmp_path, "一.txt", "二.txt", name, "三.txt", "四.txt")
    with WorkerPool(limits, size=1, program=BY_NAME) as pool:
        assert len(list(pool.extract_all(tasks[:1]))) == 1
        began = time.monotonic()
        found = dict(pool.extract_all(tasks[1:]))
        seconds = time.monotonic() - began
    assert found[name].state is state
    assert word in found[name].reason
    assert found[name].remedy
    assert {found[key].state for key in found if key != name} == {State.INDEXED}
    if "1 秒" in word:
        assert seconds < 1.0 + 1.0 + 2.0  # the limit, a second, and the start of the next worker


def test_the_quick_are_not_held_back_by_the_slow(tmp_path: Path) -> None:
    tasks = files(tmp_path, "挂起.txt", *(f"{number}.txt" for number in range(8)))
    with WorkerPool(Limits(wall_seconds=3.0), size=2, program=BY_NAME) as pool:
        order = [key for key, _ in pool.extract_all(tasks)]
    assert order[-1] == "挂起.txt"


@posix_only
@pytest.mark.parametrize("name", ["打印.txt", "胡言.txt"])
def test_what_a_reader_prints_never_passes_for_an_answer(tmp_path: Path, name: str) -> None:
    tasks = files(tmp_path, name, "一.txt")
    with WorkerPool(LIMITS, size=1, program=BY_NAME) as pool:
        found = dict(pool.extract_all(tasks))
    assert found["一.txt"].state is State.INDEXED
    assert found[name].state is (State.INDEXED if name == "打印.txt" else State.CORRUPT)


@linux_only
def test_a_worker_leaves_the_memory_to_the_files(tmp_path: Path) -> None:
    told = program(
        "from dataclasses import replace; from indexer.model import Facts; "
        "return replace(extract(path, limits), facts=Facts(title=open('/proc/self/status').read()))"
    )
    with WorkerPool(LIMITS, size=1, program=told) as pool:
        ((_, found),) = pool.extract_all(files(tmp_path, "一.txt"))
    assert int(found.facts.title.partition("VmPeak:")[2].split()[0]) < 400 * 1024


@linux_only
def test_a_worker_killed_in_the_middle_harms_only_its_file(tmp_path: Path) -> None:
    tasks = files(tmp_path, "挂起.txt", "一.txt", "二.txt")
    with WorkerPool(LIMITS, size=1, program=BY_NAME) as pool:
        results: dict[str, Extraction] = {}
        reader = threading.Thread(target=lambda: results.update(pool.extract_all(tasks)))
        reader.start()
        deadline = time.monotonic() + 15
        while not workers_now() and time.monotonic() < deadline:
            time.sleep(0.02)
        time.sleep(1.0)
        (worker,) = workers_now()
        os.kill(worker, signal.SIGKILL)
        reader.join(20)
        assert not reader.is_alive()
    assert {key: one.state for key, one in results.items()} == {
        "挂起.txt": State.REFUSED,
        "一.txt": State.INDEXED,
        "二.txt": State.INDEXED,
    }


@linux_only
def test_a_worker_that_died_between_files_is_no_fault_of_the_next(tmp_path: Path) -> None:
    tasks = files(tmp_path, "一.txt", "二.txt")
    with WorkerPool(LIMITS, size=1) as pool:
        list(pool.extract_all(tasks[:1]))
        (worker,) = workers_now()
        os.kill(worker, signal.SIGKILL)
        assert [one.state for _, one in pool.extract_all(tasks[1:])] == [State.INDEXED]


@linux_only
def test_workers_are_replaced_after_their_share(tmp_path: Path) -> None:
    told = program(
        "from dataclasses import replace; from indexer.model import Facts; "
        "return replace(extract(path, limits), facts=Facts(title=str(os.getpid())))"
    )
    tasks = files(tmp_path, *(f"{number}.txt" for number in range(6)))
    with WorkerPool(Limits(files_per_worker=2), size=1, program=told) as pool:
        pids = [found.facts.title for _, found in pool.extract_all(tasks)]
    assert [pids.count(pid) for pid in dict.fromkeys(pids)] == [2, 2, 2]


@linux_only
def test_closing_ends_a_worker_in_the_middle_of_a_file(tmp_path: Path) -> None:
    pool = WorkerPool(LIMITS, size=1, program=BY_NAME)
    results = pool.extract_all(files(tmp_path, "一.txt", "挂起.txt", "二.txt"))
    assert next(results)[0] == "一.txt"
    began = time.monotonic()
    pool.close()
    pool.close()
    assert time.monotonic() - began < 2
    assert workers_now() == []
    with pytest.raises(RuntimeError):
        list(results)
    with pytest.raises(RuntimeError):
        list(pool.extract_all([]))


def test_an_abandoned_round_does_not_leak_into_the_next(tmp_path: Path) -> None:
    first = files(tmp_path, *(f"甲{number}.txt" for number in range(9)))
    second = files(tmp_path, *(f"乙{number}.txt" for number in range(9)))
    with WorkerPool(LIMITS, size=2) as pool:
        results = pool.extract_all(first)
        next(results)
        results.close()  # type: ignore[attr-defined]
        assert {key for key, _ in pool.extract_all(second)} == {key for key, _ in second}


@linux_only
def test_workers_end_with_their_parent_even_when_it_is_killed(tmp_path: Path) -> None:
    files(tmp_path, "挂起.txt")
    body = textwrap.dedent(
        f"""
        import sys
        from pathlib import Path
        from indexer.model import Limits
        from indexer.workers import WorkerPool
        pool = WorkerPool(Limits(), size=1, program={BY_NAME!r})
        list(pool.extract_all([("a", Path(sys.argv[1]) / "挂起.txt")]))
        """
    )
    parent = subprocess.Popen([sys.executable, "-P", "-c", body, str(tmp_path)])
    try:
        worker = 0
        deadline = time.monotonic() + 15
        while not worker and time.monotonic() < deadline:
            time.sleep(0.05)
            listed = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
            started = [
                child
                for task in listed.parent.parent.iterdir()
                for child in (task / "children").read_text().split()
            ]
            worker = int(started[0]) if started else 0
        assert worker
        time.sleep(0.5)
    finally:
        parent.kill()
        parent.wait()
    deadline = time.monotonic() + 5
    while _runs(worker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not _runs(worker)


def _runs(pid: int) -> bool:
    """Whether the process is there and no zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_program_that_cannot_start_is_said_once(tmp_path: Path) -> None:
    with (
        WorkerPool(LIMITS, size=1, program=("-c", "raise SystemExit(1)")) as pool,
        pytest.raises(IndexerError, match="启动不了"),
    ):
        list(pool.extract_all(files(tmp_path, "a.txt")))


def test_a_module_lying_in_the_current_folder_is_not_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(9)", "utf-8")
    monkeypatch.chdir(tmp_path)
    ((_, path),) = files(tmp_path, "a.txt")
    assert extract_file(path, LIMITS).state is State.INDEXED


def test_a_real_bomb_in_a_pdf_stays_in_its_limits(tmp_path: Path) -> None:
    content = zlib.compress(b"BT /F1 1 Tf " + b"(aaaaaaaa) Tj " * 12_000_000 + b"ET", 9)
    target = tmp_path / "炸弹.pdf"
    target.write_bytes(
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
        b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\n"
        b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream endobj\ntrailer<</Root 1 0 R>>\n"
        % (len(content), content)
    )
    tasks = [("炸弹", target), *files(tmp_path, "一.txt")]
    began = time.monotonic()
    with WorkerPool(Limits(wall_seconds=3.0, memory_bytes=1 << 29), size=1) as pool:
        found = dict(pool.extract_all(tasks))
    assert found["炸弹"].state is State.REFUSED
    assert found["一.txt"].state is State.INDEXED
    assert time.monotonic() - began < 3 + 1 + 3


def test_frames_carry_any_text_and_refuse_what_is_too_long() -> None:
    pipe = io.BytesIO()
    said = Extraction(
        State.INDEXED,
        (Passage("督𠮷\0\udcff", 3, "表"), Passage("")),
        "因",
        "法",
        Facts(7, "题", scans=(1, 2), seals=()),
    )
    write_frame(pipe, as_answer(said))
    pipe.seek(0)
    assert extraction_from(read_frame(pipe, 1 << 20)) == said
    assert read_frame(pipe, 1 << 20) is None
    pipe.seek(0)
    with pytest.raises(ValueError, match="frame"):
        read_frame(pipe, 5)
    assert read_frame(io.BytesIO(b"\0\0\0\x09{}"), 20) is None
