"""The archive: as planned, the same twice, and what a real check finds is the truth that the plan tells."""

from __future__ import annotations

import hashlib
import importlib.util
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from dujian_docs.errors import StorageFailed
from dujian_docs.filing import CheckResult, ExpectationState, UnitNames, check, read_name
from dujian_docs.sample import (
    Fate,
    PlannedFile,
    Truth,
    plan_archive,
    sample_due,
    sample_tree,
    sample_units,
    truth_of,
    write_archive,
)
from dujian_docs.sample.files import Make
from dujian_docs.sample.planned import INBOX
from indexer import ArchiveIndex, State

ENGINES = ["whoosh", *(["tantivy"] if importlib.util.find_spec("tantivy") else [])]


@pytest.fixture(scope="module", params=ENGINES)
def index(
    request: pytest.FixtureRequest, archive: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ArchiveIndex]:
    home = tmp_path_factory.mktemp("home")
    with ArchiveIndex.open(archive, home, engine=request.param) as opened:
        opened.sync()
        yield opened


@pytest.fixture(scope="module")
def result(index: ArchiveIndex) -> CheckResult:
    return check(sample_tree(), sample_units(), index.items(), (), search=index.search, text_of=index.text_of)


def digests(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def test_a_check_finds_the_truth(result: CheckResult, truth: Truth) -> None:
    found = {match.expectation.key: match.state for match in result.matches}
    wrong = {key: (state, found[key]) for key, state in truth.states.items() if found[key] is not state}
    assert wrong == {}
    assert found.keys() == truth.states.keys()
    assert tuple(stray.item.path for stray in result.foreign) == truth.foreign
    assert tuple(stray.item.path for stray in result.unfiled) == truth.unfiled


def test_each_gap_with_a_file_names_the_file_planned_for_it(
    result: CheckResult, plan: tuple[PlannedFile, ...]
) -> None:
    for file in plan:
        for key in file.answers:
            match = result.match_of(key)
            assert match is not None
            assert file.path in [one.item.path for one in match.files], file.path


def test_the_index_sees_each_file_but_those_to_be_ignored(
    index: ArchiveIndex, plan: tuple[PlannedFile, ...], truth: Truth
) -> None:
    items = {item.path: item for item in index.items()}
    assert set(items) == {file.path for file in plan} - set(truth.ignored)
    closed = {path for path, item in items.items() if item.state not in {State.INDEXED, State.PENDING_OCR}}
    assert closed == set(truth.sealed)
    assert all(items[path].remedy for path in closed)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("双减专项督导", "双减专项督导通报.pdf"),
        ("三个增长", "三个增长核算说明（核对稿）"),
        ("责任督学 挂牌", "网上下载_外地经验.txt"),
        ("責任督學掛牌督導", "學校標準化建設驗收通報.txt"),
        ("学校标准化", "學校標準化建設驗收通報.txt"),
        ("督导评估", "网上下载_外地经验.txt"),
        ("教育费附加征收", "财政局发来（最终版）.txt"),
        ("家长问卷回收登记", "新建文本文档.txt"),
    ],
)
def test_needles_are_found_whatever_they_are_written_in(index: ArchiveIndex, query: str, found: str) -> None:
    hits = index.search(query, limit=100).hits
    assert any(found in hit.path for hit in hits), [hit.path for hit in hits]


def test_a_document_number_finds_its_document(index: ArchiveIndex, plan: tuple[PlannedFile, ...]) -> None:
    bulletin = next(file for file in plan if ("C12-01", "D001", 2025) in file.answers)
    assert bulletin.paper.number.startswith("云教督〔2025〕")
    bare = bulletin.paper.number.replace("〔", " ").replace("〕", " ")
    for query in (bulletin.paper.number, bare):
        assert bulletin.path in [hit.path for hit in index.search(query).hits], query


def test_there_is_one_of_everything(plan: tuple[PlannedFile, ...], truth: Truth) -> None:
    assert 150 <= len(plan) <= 260
    assert {file.make for file in plan} == set(Make)
    assert {file.fate for file in plan} == set(Fate)
    counts = Counter(truth.states.values())
    assert set(counts) == set(ExpectationState)
    assert counts[ExpectationState.PRESENT] > counts[ExpectationState.MISSING] > 50


def test_names_are_written_in_many_ways_and_read_by_rule(plan: tuple[PlannedFile, ...]) -> None:
    names = UnitNames.of(sample_units())
    for file in plan:
        if file.fate is Fate.PRESENT:
            facts = read_name(file.path, names)
            assert facts.exact, file.path
            assert (facts.code, facts.unit, facts.year) == file.answers[0]
    stems = [Path(file.path).name for file in plan if file.fate is Fate.PRESENT]
    assert any(name.startswith("Ｃ１０") for name in stems)
    assert any(name.startswith("A1-") for name in stems)
    assert any("_S0" in name for name in stems)
    assert any("_县" in name for name in stems)


def test_two_writings_are_the_same_bytes(
    archive: Path, plan: tuple[PlannedFile, ...], tmp_path: Path
) -> None:
    again = tmp_path / "again"
    told: list[tuple[int, int]] = []
    write_archive(again, plan, lambda done, of, _path: told.append((done, of)))
    assert digests(again) == digests(archive)
    assert told == [(number, len(plan)) for number in range(1, len(plan) + 1)]


def test_the_plan_depends_on_nothing_but_the_seed(plan: tuple[PlannedFile, ...]) -> None:
    assert plan_archive() == plan
    other = plan_archive(7)
    assert {file.path for file in other} != {file.path for file in plan}
    assert Counter(file.fate for file in other) == Counter(file.fate for file in plan)


def test_paths_differ_even_where_case_and_width_do_not_count(plan: tuple[PlannedFile, ...]) -> None:
    assert len({file.path.casefold() for file in plan}) == len(plan)
    assert all(len(part.encode()) <= 180 for file in plan for part in file.path.split("/"))


def test_truth_counts_files_against_the_number_asked_for(plan: tuple[PlannedFile, ...]) -> None:
    minutes = [file for file in plan if ("C1-03", "G001", 2025) in file.answers]
    assert len(minutes) == 2
    one_less = [file for file in plan if file is not minutes[0]]
    key = ("C1-03", "G001", 2025)
    assert truth_of(plan, sample_due()).states[key] is ExpectationState.PRESENT
    assert truth_of(one_less, sample_due()).states[key] is ExpectationState.MISSING


def test_nothing_is_written_over(archive: Path, plan: tuple[PlannedFile, ...]) -> None:
    before = digests(archive)
    with pytest.raises(StorageFailed, match="写不进"):
        write_archive(archive, plan)
    assert digests(archive) == before


def test_the_inbox_holds_what_nobody_has_filed(archive: Path, truth: Truth) -> None:
    inbox = {path.name for path in (archive / INBOX).iterdir() if not path.name.startswith("~$")}
    assert inbox == {Path(path).name for path in truth.unfiled}
