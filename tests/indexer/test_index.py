"""The front door on both engines: searching, repairing itself, sharing with other processes."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer import MARKER_NAME, ArchiveIndex, IndexBusy, IndexerError, QueryInvalid, SearchResult, State

ENGINES = [
    "whoosh",
    pytest.param(
        "tantivy",
        marks=pytest.mark.skipif(importlib.util.find_spec("tantivy") is None, reason="没有安装 tantivy"),
    ),
]
TEXTS = {
    "迎检档案/A1-B2-C3 教育经费/2024/决算.txt": "2024年教育经费决算报告。三个增长全部达到。",
    "迎检档案/A1-B2-C3 教育经费/2025/决算.txt": "2025年教育经费决算报告。双减工作同步推进。",
    "迎检档案/A2-B1-C1 督导机构/2024/挂牌.txt": "責任督學掛牌督導實施方案。責任督學每月到校一次。",
    "待归档/学(xué)校清单.txt": "學(xué)校標(biāo)準(zhǔn)化建設清單，責任人另行確定。督學名單附後。",
    "待归档/说明.md": "挂牌单位的经费说明，与责任督学无关。",
}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "档案"
    for number, (name, text) in enumerate(TEXTS.items()):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        os.utime(file, (1_600_000_000 + number, 1_600_000_000 + number))
    (folder / MARKER_NAME).touch()
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "库"


@pytest.fixture
def index(root: Path, home: Path, engine: str) -> Iterator[ArchiveIndex]:
    with ArchiveIndex.open(root, home, engine=engine) as opened:  # type: ignore[arg-type]  # one of ENGINES
        opened.sync()
        yield opened


def opened(root: Path, home: Path, engine: str) -> ArchiveIndex:
    return ArchiveIndex.open(root, home, engine=engine)  # type: ignore[arg-type]  # one of ENGINES


def paths(result: SearchResult) -> list[str]:
    return [hit.path for hit in result.hits]


def answers(index: ArchiveIndex, *, scores: bool = True) -> dict[str, object]:
    """Everything a clerk could see; scores can be left out, for deleted files count until segments merge."""
    queries = ["督导", "经费 决算", "责任督学 挂牌", "双减 OR 清单", "学校标准化", "2024年", "督"]
    found: dict[str, object] = {"items": index.items()}
    for query in queries:
        result = index.search(query, sort="rank" if scores else "name")
        hits = [hit if scores else replace(hit, score=0.0) for hit in result.hits]
        found[query] = (hits, result.total, result.rung)
    return found


def test_a_settled_archive_is_told_like_any_other_and_every_change_is_seen(
    index: ArchiveIndex, root: Path
) -> None:
    (root / "待归档" / "坏.pdf").write_bytes(b"%PDF-1.4 broken")
    for file in root.rglob("*"):
        os.utime(file, (1_600_000_000, 1_600_000_000))
    time.sleep(2.1)  # younger stamps are not trusted
    reports = [index.sync() for _ in range(4)]
    assert [(one.added, one.unchanged) for one in reports] == [(1, 5), (0, 6), (0, 6), (0, 6)]
    assert [[item.path for item in one.unreadable] for one in reports] == [["待归档/坏.pdf"]] * 4

    (root / "待归档" / "说明.md").rename(root / "待归档" / "改名.md")
    assert index.sync().moved == 1
    (root / "待归档" / "改名.md").unlink()
    assert [index.sync().missing, index.sync().gone] == [1, 1]
    assert index.sync().unchanged == 5


def test_traditional_text_with_pinyin_is_found_and_shown_as_written(index: ArchiveIndex) -> None:
    result = index.search("学校标准化")
    assert paths(result) == ["待归档/学(xué)校清单.txt"]
    assert (result.rung, result.engine) == ("phrase", index.status().engine)
    excerpt = result.hits[0].excerpts[0]
    start, end = excerpt.marks[0]
    assert excerpt.text[start:end] == "學(xué)校標(biāo)準(zhǔn)化"


def test_the_ladder_says_which_rung_answered(index: ArchiveIndex) -> None:
    assert index.search("责任督学挂牌").rung == "phrase"
    scattered = index.search("经费 双减")
    assert (scattered.rung, paths(scattered)) == ("all_words", ["迎检档案/A1-B2-C3 教育经费/2025/决算.txt"])
    assert index.search("三个增长 名单").rung == "any_word"
    assert index.search("经费 AND NOT 双减").rung == "query"
    nothing = index.search("航天飞机")
    assert (nothing.hits, nothing.total) == ((), 0)


def test_searches_can_be_kept_to_a_folder_and_to_files(index: ArchiveIndex) -> None:
    assert len(paths(index.search("经费"))) == 3
    assert paths(index.search("经费", under="迎检档案/A1-B2-C3 教育经费/2025")) == [
        "迎检档案/A1-B2-C3 教育经费/2025/决算.txt"
    ]
    assert paths(index.search("经费", under="/待归档/")) == ["待归档/说明.md"]
    assert paths(index.search("经费", under="迎检档案\\A1-B2-C3 教育经费\\2024"))
    assert len(paths(index.search("经费", under="."))) == 3
    assert paths(index.search("经费", under="待归")) == [], "a folder is a whole name"
    assert paths(index.search("经费", within=["待归档/说明.md", "没有"])) == ["待归档/说明.md"]
    assert index.search("经费", within=[]).total == 0
    assert index.search("path:2024 经费").total == 1


def test_hits_come_by_rank_date_or_name(index: ArchiveIndex) -> None:
    by_date = paths(index.search("经费", sort="date"))
    assert by_date == [
        "待归档/说明.md",
        "迎检档案/A1-B2-C3 教育经费/2025/决算.txt",
        "迎检档案/A1-B2-C3 教育经费/2024/决算.txt",
    ]
    assert paths(index.search("经费", sort="name")) == sorted(by_date)
    scores = [hit.score for hit in index.search("经费").hits]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("sort", ["rank", "date", "name"])
def test_pages_neither_repeat_nor_lose_a_file(root: Path, home: Path, engine: str, sort: str) -> None:
    for number in range(60):
        (root / f"同{number:02}.txt").write_text("完全一样的督导通知", encoding="utf-8")
    with opened(root, home, engine) as index:
        index.sync()
        pages = [index.search("督导通知", limit=7, offset=start, sort=sort) for start in range(0, 70, 7)]  # type: ignore[arg-type]
    seen = [path for page in pages for path in paths(page)]
    assert len(seen) == len(set(seen)) == 60
    assert {page.total for page in pages} == {60}


def test_queries_that_cannot_be_understood_say_where(index: ArchiveIndex) -> None:
    with pytest.raises(QueryInvalid) as caught:
        index.search('经费 AND "双减')
    assert caught.value.position == 7
    assert caught.value.remedy


def test_titles_and_texts_come_back(root: Path, home: Path, engine: str) -> None:
    from docx import Document

    document = Document()
    document.core_properties.title = "关于开展督导的通知"
    document.add_paragraph("请按时报送材料。")
    document.save(str(root / "x.docx"))
    with opened(root, home, engine) as index:
        index.sync()
        assert [passage.text for passage in index.text_of("x.docx")] == ["请按时报送材料。"]
        assert index.search("报送材料").hits[0].title == "关于开展督导的通知"
        assert index.search("决算").hits[0].title == "决算"
        assert index.text_of("没有这个文件") == ()


def test_a_rename_is_found_under_its_new_name_at_once(index: ArchiveIndex, root: Path) -> None:
    (root / "待归档/说明.md").rename(root / "待归档/校园安全检查.md")
    assert index.sync().moved == 1
    assert paths(index.search("校园安全检查")) == ["待归档/校园安全检查.md"]
    assert paths(index.search("说明"))[0] == "待归档/校园安全检查.md", "the text still says so"


def test_deleting_the_index_and_syncing_gives_the_same_answers(
    index: ArchiveIndex, root: Path, home: Path, engine: str
) -> None:
    before = answers(index)
    index.close()
    shutil.rmtree(home)
    with opened(root, home, engine) as again:
        again.sync()
        assert answers(again) == before


def test_both_engines_find_the_same_files(root: Path, tmp_path: Path) -> None:
    pytest.importorskip("tantivy")
    found: list[dict[str, tuple[list[str], int, str]]] = []
    for name in ("whoosh", "tantivy"):
        with opened(root, tmp_path / name, name) as index:
            index.sync()
            queries = [
                "经费",
                "责任督学",
                "督",
                "2024年教育经费",
                "双减 OR 清单",
                "经费 -双减",
                "title:决算",
                "单 名",
            ]
            results = {query: index.search(query, sort="name") for query in queries}
            found.append({query: (paths(one), one.total, one.rung) for query, one in results.items()})
    assert found[0] == found[1]


def damage_all(folder: Path) -> None:
    for file in folder.rglob("*"):
        if file.is_file() and file.name != "fingerprint.json" and file.stat().st_size:
            file.write_bytes(b"\x00" * file.stat().st_size)


def drop_one(folder: Path) -> None:
    largest = max(
        (file for file in folder.rglob("*") if file.is_file()), key=lambda file: file.stat().st_size
    )
    largest.unlink()


def age(folder: Path) -> None:
    for file in folder.glob("*fingerprint*"):
        file.write_text('{"schema": 0}', encoding="utf-8")


@pytest.mark.parametrize("damage", [damage_all, drop_one, age])
def test_a_damaged_or_outdated_engine_is_rebuilt_without_reading_the_archive(
    index: ArchiveIndex, root: Path, home: Path, engine: str, damage: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = answers(index)
    index.close()
    damage(home / engine)  # type: ignore[operator]
    monkeypatch.setattr("indexer.workers.WorkerPool._employ", lambda *_: pytest.fail("texts are kept"))

    with opened(root, home, engine) as again:
        assert answers(again) == before
        assert "已用留存的文字重建（5 个文件）" in again.status().notes[0]
        report = again.sync()
        assert (report.unchanged, "重建" in report.rebuilt) == (5, True)
        assert again.sync().rebuilt == "", "it is told once"
        assert "重建" in again.status().notes[0], "and remembered"
    with opened(root, home, engine) as third:
        assert third.sync().rebuilt == ""


def test_an_engine_that_lost_or_kept_too_much_is_mended_when_opened(
    index: ArchiveIndex, root: Path, home: Path, engine: str
) -> None:
    before = answers(index, scores=False)
    ids = index._cache.engine.ids()
    lost = sorted(ids)[:2]
    index._cache.engine.write((), lost)
    index.close()

    with opened(root, home, engine) as again:
        assert answers(again, scores=False) == before
        assert "已补正 2 个文件" in again.status().notes[0]


def test_another_engine_takes_over_from_the_kept_texts(root: Path, home: Path) -> None:
    pytest.importorskip("tantivy")
    with opened(root, home, "whoosh") as index:
        index.sync()
        before = {query: sorted(paths(index.search(query))) for query in ("经费", "督导")}
    with opened(root, home, "tantivy") as index:
        assert {query: sorted(paths(index.search(query))) for query in ("经费", "督导")} == before


def test_a_damaged_manifest_costs_a_new_reading_and_is_said(
    index: ArchiveIndex, root: Path, home: Path, engine: str
) -> None:
    before = answers(index, scores=False)
    index.close()
    for file in home.glob("manifest.db*"):
        file.write_bytes(b"\x01" * 5000)
    with opened(root, home, engine) as again:
        report = again.sync()
        assert report.added == 5
        assert report.rebuilt
        assert answers(again, scores=False) == before


def test_a_newer_lexicon_is_another_index(root: Path, home: Path, engine: str) -> None:
    with opened(root, home, engine) as index:
        index.sync()
    with ArchiveIndex.open(root, home, engine=engine, lexicon=["责任督学"]) as index:  # type: ignore[arg-type]
        assert "词表" in index.status().notes[0]
        assert index.search("责任督学").total == 2


def test_two_syncs_at_once_take_turns(root: Path, home: Path, engine: str) -> None:
    with opened(root, home, engine) as one, opened(root, home, engine) as other:
        threads = [threading.Thread(target=index.sync) for index in (one, other)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for index in (one, other):
            assert len(index.items()) == 5
            assert index.search("经费").total == 3


def test_a_long_lived_index_does_not_keep_others_from_syncing(
    index: ArchiveIndex, root: Path, home: Path, engine: str
) -> None:
    """As ``watch`` does: it has written, and stays open."""
    (root / "新.txt").write_text("别的进程收录的督导", encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "indexer",
        "sync",
        "--home",
        str(home),
        "--engine",
        engine,
        "--json",
        str(root),
    ]
    done = subprocess.run(command, capture_output=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["added"] == 1
    assert paths(index.search("别的进程")) == ["新.txt"]
    assert index.sync().added == 0


def test_a_writer_at_work_makes_the_others_wait_and_then_say_so(
    index: ArchiveIndex, root: Path, home: Path, engine: str
) -> None:
    with opened(root, home, engine) as other, other._cache.writing():
        with pytest.raises(IndexBusy, match="正在更新") as caught, index._cache.writing(wait=0.1):
            pytest.fail("two writers at once")
        assert f"进程 {os.getpid()}" in caught.value.problem, "it says who"
        assert caught.value.remedy
        assert index.search("经费").total == 3


def test_a_second_watcher_is_told_who_watches(
    index: ArchiveIndex, root: Path, home: Path, engine: str
) -> None:
    stop, seen = threading.Event(), threading.Event()
    first = threading.Thread(target=lambda: index.watch(stop, on_sync=lambda _: seen.set()))
    first.start()
    try:
        assert seen.wait(30)
        with opened(root, home, engine) as other:
            with pytest.raises(IndexBusy, match="正在监视") as caught:
                other.watch(threading.Event(), on_sync=lambda _: pytest.fail("it watched"))
            assert f"进程 {os.getpid()}" in caught.value.problem
            assert "正在运行" in other.status().notes[-1]
            assert other.sync().added == 0, "a single sync is no second watcher"
    finally:
        stop.set()
        first.join()
    with opened(root, home, engine) as again:
        stop = threading.Event()
        again.watch(stop, on_sync=lambda _: stop.set())


def test_readers_are_right_while_another_process_writes(
    index: ArchiveIndex, root: Path, home: Path, engine: str
) -> None:
    for number in range(300):
        (root / f"多{number}.txt").write_text(f"第{number}份大批材料的督导", encoding="utf-8")
    command = [sys.executable, "-m", "indexer", "sync", "--home", str(home), "--engine", engine, str(root)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as writer:
        totals = []
        while writer.poll() is None:
            result = index.search("教育经费")
            totals.append((result.total, len(result.hits)))
            assert index.search("大批材料", limit=1000).total in range(301)
    assert set(totals) == {(2, 2)}
    assert index.search("大批材料").total == 300


def test_a_home_that_cannot_be_written_is_two_sentences(root: Path, tmp_path: Path, engine: str) -> None:
    (tmp_path / "文件").write_text("不是文件夹", encoding="utf-8")
    with pytest.raises(IndexerError) as caught:
        opened(root, tmp_path / "文件" / "库", engine)
    assert caught.value.problem.startswith("检索库")
    assert "磁盘" in caught.value.remedy


def test_status_counts_every_state_and_remembers_when(index: ArchiveIndex, root: Path) -> None:
    (root / "空.txt").touch()
    (root / "待归档/说明.md").unlink()
    index.sync()
    status = index.status()
    assert {state: count for state, count in status.counts.items() if count} == {
        State.INDEXED: 4, State.EMPTY: 1, State.VANISHED: 1,
    }  # fmt: skip
    assert set(status.counts) == set(State)
    assert status.last_sync.startswith("20")
    assert status.notes == ()
    (vanished,) = status.vanished
    assert (vanished.path, vanished.state) == ("待归档/说明.md", State.VANISHED)
    assert vanished.reason
    assert vanished.remedy
    index.sync()
    assert index.status().vanished == ()
