"""What texts suggest. The search here is a plain scan; the index itself is proved elsewhere."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Mapping, Sequence

import pytest

from dujian_docs.filing import CheckResult, ExpectationState, FilingTree, Ground, Match, check
from dujian_docs.filing.suggesting import query_of
from dujian_docs.records import Unit
from indexer import Excerpt, Hit, Item, Passage, SearchResult, State, normalise_text

C2 = "迎检档案/A1-B1-C2 教育经费三个增长"
Archive = Callable[[Mapping[str, str]], CheckResult]


class Scan:
    """A search over texts by path: any of the quoted words; counts how often it is asked."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = texts
        self.asked: list[str] = []
        self.read: list[str] = []

    def search(self, query: str, *, limit: int = 20, within: Collection[str] | None = None) -> SearchResult:
        self.asked.append(query)
        words = [normalise_text(word) for word in re.findall(r'"([^"]+)"', query)]
        hits = []
        for path, text in sorted(self.texts.items()):
            if within is None or path in within:
                lines = [
                    line for line in text.split("\n") if any(word in normalise_text(line) for word in words)
                ]
                if lines or any(word in normalise_text(path) for word in words):
                    excerpts = tuple(Excerpt(line) for line in lines[:1])
                    hits.append(Hit(path, 1.0, "", excerpts, "query"))
        return SearchResult(tuple(hits[:limit]), len(hits), "query", "scan")

    def text_of(self, path: str) -> Sequence[Passage]:
        self.read.append(path)
        return (Passage(self.texts[path]),)


@pytest.fixture
def looked(tree: FilingTree, units: tuple[Unit, ...]) -> Archive:
    def run(texts: Mapping[str, str]) -> CheckResult:
        scan = Scan(texts)
        items = [
            Item(path, 9, 0, hashlib.sha256(path.encode()).hexdigest(), State.INDEXED)
            for path in sorted(texts)
        ]
        return check(tree, units, items, [], search=scan.search, text_of=scan.text_of)

    return run


def of(result: CheckResult, code: str, unit: str, year: int) -> Match:
    found = result.match_of((code, unit, year))
    assert found is not None
    return found


def test_a_passage_is_suggested_with_its_words_and_is_no_fact(looked: Archive) -> None:
    result = looked({"来文/附件3.docx": "县财政局\n关于2024年财政决算的说明\n收支情况如下"})
    match = of(result, "C2-01", "D001", 2024)
    assert match.state is ExpectationState.SUGGESTED
    (file,) = match.files
    assert (file.ground, file.counts) == (Ground.TEXT, False)
    assert file.reason == "里面有“财政决算”，正文写 2024 年、正文写县财政局，疑似就是这一件"
    assert file.excerpt == Excerpt("关于2024年财政决算的说明")
    assert of(result, "C2-01", "D001", 2025).state is ExpectationState.MISSING


def test_traditional_characters_and_pinyin_do_not_hide_a_text(looked: Archive) -> None:
    result = looked({"来文/1.txt": "縣財政局 2025年財政決算報告 學(xué)校經費"})
    assert of(result, "C2-01", "D001", 2025).state is ExpectationState.SUGGESTED


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("来文/2025年.docx", "县财政局 2024年财政决算"),  # its name says another year
        ("来文/青溪镇.docx", "县财政局 2024年财政决算"),  # its name says another unit
        ("来文/2023/1.docx", "县财政局 2024年财政决算"),  # its folder says another year
        ("来文/1.docx", "县财政局 财政决算"),  # no year at all
        ("来文/1.docx", "县财政局 2024年 预算"),  # not the thing
    ],
)
def test_what_is_not_suggested(looked: Archive, path: str, text: str) -> None:
    assert of(looked({path: text}), "C2-01", "D001", 2024).state is ExpectationState.MISSING


def test_a_school_must_be_named_at_head_or_foot(looked: Archive) -> None:
    middle = "。".join(["情况"] * 600)
    named = f"通报\n{middle}\n青溪镇中心小学、白石镇中心小学 2026年签订了安全责任书\n{middle}"
    assert (
        of(looked({"来文/通报.docx": f"2026年\n{named}"}), "C3-01", "S001", 2026).state
        is ExpectationState.MISSING
    )
    own = f"青溪镇中心小学2026年校园安全责任状\n{middle}"
    result = looked({"来文/扫描.docx": own})
    assert of(result, "C3-01", "S001", 2026).state is ExpectationState.SUGGESTED
    assert of(result, "C3-01", "S002", 2026).state is ExpectationState.MISSING


def test_the_likeliest_three_come_first(looked: Archive) -> None:
    text = "县财政局 2024年财政决算"
    texts = {f"来文/{at}.docx": text for at in range(5)}
    texts[f"{C2}/2024/县财政局说明.docx"] = text
    files = of(looked(texts), "C2-01", "D001", 2024).files
    assert len(files) == 3
    assert files[0].item.path == f"{C2}/2024/县财政局说明.docx"


def test_a_file_that_counts_is_suggested_only_where_it_also_serves(looked: Archive) -> None:
    serving = "迎检档案/A1-B1-C1 领导机构/C1-01_2026_县政府办公室_文件.pdf"
    plain = "迎检档案/A2-B2-C3 校园安全/C3-02_2026_青溪镇_责任书.pdf"
    text = "2026年财政决算 县财政局"
    result = looked({serving: text, plain: text})
    assert of(result, "C1-01", "G001", 2026).state is ExpectationState.PRESENT
    assert of(result, "C3-02", "T001", 2026).state is ExpectationState.PRESENT
    (file,) = of(result, "C2-01", "D001", 2026).files
    assert (file.item.path, file.counts) == (serving, False)
    assert file.reason == "里面有“财政决算”，名称写 2026 年、可兼用于 C2，疑似就是这一件"


def test_a_name_that_hints_gains_the_passage(looked: Archive) -> None:
    match = of(
        looked({"待归档/县财政局2024年财政决算报告.docx": "一、财政决算总体情况"}), "C2-01", "D001", 2024
    )
    assert match.files[0].ground is Ground.NAME
    assert match.files[0].excerpt == Excerpt("一、财政决算总体情况")


def test_one_search_for_a_required_file_and_one_reading_of_a_text(
    tree: FilingTree, units: tuple[Unit, ...]
) -> None:
    texts = {f"来文/{at}.docx": "县财政局 2024年财政决算 安全责任" for at in range(30)}
    scan = Scan(texts)
    items = [Item(path, 9, 0, hashlib.sha256(path.encode()).hexdigest(), State.INDEXED) for path in texts]
    check(tree, units, items, [], search=scan.search, text_of=scan.text_of)
    assert len(scan.asked) == len(tree.required_files())
    assert len(scan.read) == len(set(scan.read))


def test_the_query_quotes_every_word_once(tree: FilingTree) -> None:
    report = tree.required_file("C2-01")
    assert report is not None
    assert query_of(report) == '"财政决算报告" OR "决算说明" OR "财政决算"'


def test_nothing_is_searched_when_all_is_there(tree: FilingTree, units: tuple[Unit, ...]) -> None:
    from dujian_docs.filing import expectations, name_of, place_of

    paths = [f"{place_of(tree, one)}/{name_of(one)}" for one in expectations(tree, units)]
    paths.append(next(path for path in paths if "C1-02" in path).replace(".pdf", "2.pdf"))
    items = [Item(path, 9, 0, hashlib.sha256(path.encode()).hexdigest(), State.INDEXED) for path in paths]
    scan = Scan({})
    assert check(tree, units, items, [], search=scan.search, text_of=scan.text_of).complete
    assert scan.asked == []
