"""One conformance suite for all engines: whatever holds for one holds for the other."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.engines import (
    FINGERPRINT_FILE,
    Engine,
    EngineDoc,
    EngineName,
    choose,
    fingerprint_of,
    ladder,
)
from indexer.errors import IndexBusy, IndexDamaged, IndexerError, IndexOutdated
from indexer.nodes import EVERYTHING, And, Ids, Node, Not, Or, Phrase
from indexer.query import parse
from indexer.synonyms import Synonyms
from indexer.text import BREAK, normalise_text
from indexer.tokens import Lexicon

ENGINES: tuple[EngineName, ...] = ("whoosh", "tantivy")
Opener = Callable[[Path], Engine]

TEXTS = {
    "1": "关于开展“双减”专项督查的通知\n云教督〔2026〕3号\n各校：二〇二二年以来，学校标准化建设成效明显。",
    "2": "關於學(xué)校標(biāo)準(zhǔn)化建設(shè)的通報(bào)，雲教督［２０２６］３號，2022年。",
    "3": "作业公示记录。督，导。课后服务参与率 85%，云教督〔2026〕13号",
    "4": "Education Inspection 2022 annual report，均衡发展",
    "5": "督",
}


def doc(one: str, body: str, title: str = "") -> EngineDoc:
    return EngineDoc(one, normalise_text(title), normalise_text(body))


@pytest.fixture(params=ENGINES)
def opener(request: pytest.FixtureRequest) -> Iterator[Opener]:
    """Opens an index of the engine under test in a folder; all are closed in the end."""
    if request.param == "tantivy":
        pytest.importorskip("tantivy")
    kind = choose(request.param)
    opened: list[Engine] = []

    def open_in(home: Path) -> Engine:
        opened.append(kind.open(home, fingerprint_of(kind, Lexicon())))
        return opened[-1]

    yield open_in
    for engine in opened:
        engine.close()


@pytest.fixture
def engine(opener: Opener, tmp_path: Path) -> Engine:
    """An engine with the documents of TEXTS."""
    engine = opener(tmp_path / "index")
    engine.write([doc(one, text) for one, text in TEXTS.items()], ())
    return engine


def found(engine: Engine, text: str, within: frozenset[str] | None = None) -> set[str]:
    query = parse(text)
    ranked = engine.search(query.exact, query.ranking, limit=100, within=within)
    assert ranked.total == len(ranked.hits)
    return {one for one, _ in ranked.hits}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("学校标准化", "12"),
        ("學校標準化", "12"),
        ("双减", "1"),
        ("督导", ""),
        ("督查的通知", "1"),
        ("通知云教督", ""),
        ("云教督2026 3号", "12"),
        ("云教督[2026]3号", "12"),
        ("云教督〔２０２６〕３号", "12"),
        ("云教督〔2026〕13号", "3"),
        ("二〇二二年", "12"),
        ("2022年", "12"),
        ("ＥＤＵＣＡＴＩＯＮ", "4"),
        ("督", "1235"),
        ("学", "12"),
        ("8", "3"),
        ("85", "3"),
        ("不存在", ""),
    ],
)
def test_a_phrase_is_found_exactly_where_it_stands(engine: Engine, query: str, ids: str) -> None:
    assert found(engine, query) == set(ids)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("学校 AND 通知", "1"),
        ("学校 OR 作业", "123"),
        ("督 NOT 学校", "35"),
        ("督 -双减", "235"),
        ("督 -(双减 OR 作业)", "25"),
        ("(学校 OR 作业) -双减", "23"),
        ("学校 OR NOT 督", "124"),
        ("督 NOT 学", "35"),
        ("督 NOT NOT 学校", "12"),
        ("“课后服务” AND “参与率”", "3"),
        ("督 NOT 不存在", "1235"),
        ("督 NOT 督", ""),
    ],
)
def test_operators_mean_what_they_say_and_not_excludes_everywhere(
    engine: Engine, query: str, ids: str
) -> None:
    assert found(engine, query) == set(ids)


def test_not_excludes_a_word_in_the_title_too(opener: Opener, tmp_path: Path) -> None:
    engine = opener(tmp_path)
    engine.write([doc("1", "通报", "草稿"), doc("2", "通报", "定稿")], ())
    assert found(engine, "通报 NOT 草稿") == {"2"}


def test_title_is_a_field_and_title_and_body_do_not_run_together(opener: Opener, tmp_path: Path) -> None:
    engine = opener(tmp_path)
    engine.write([doc("1", "评估通知", "督导"), doc("2", "督导评估", "通知"), doc("3", "评估", "")], ())
    assert found(engine, "title:督导") == {"1"}
    assert found(engine, "title:知") == {"2"}
    assert found(engine, "督导评估") == {"2"}
    assert found(engine, "督导") == {"1", "2"}


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("title:关于*双减*通知", "1"),
        ("title:*通知", "12"),
        ("title:通*知", "12"),
        ("title:关于?双减", "1"),
        ("title:双减?通知", ""),
        ("title:双减??通知", "1"),
        ("title:双?", "13"),
        ("title:?减", "13"),
        ("title:？？公示", "3"),
        ("title:1.*a+", "4"),
        ("title:關於＊", "12"),
        ("title:不存在*", ""),
        ("督 NOT title:*通知", "3"),
        ("title:*通知 OR title:双*", "123"),
        ("title:督", "2"),
        ("title:a", "4"),
    ],
)
def test_wildcards_and_single_characters_stand_in_titles(
    opener: Opener, tmp_path: Path, query: str, ids: str
) -> None:
    engine = opener(tmp_path)
    titles = {"1": "关于“双减”的通知", "2": "关于督导的通知", "3": "双减公示", "4": "1.x A+b", "5": ""}
    engine.write([doc(one, "督", title) for one, title in titles.items()][:3], ())
    engine.write([doc(one, "", title) for one, title in titles.items()][3:], ())
    assert found(engine, query) == set(ids)


def test_ids_are_a_condition_like_any_other(opener: Opener, tmp_path: Path) -> None:
    engine = opener(tmp_path / "index")
    for start in range(0, 9, 3):
        engine.write([doc(str(one), f"督导{one}") for one in range(start, start + 3)], ())

    def ids(node: Node) -> set[str]:
        ranked = engine.search(node, (), limit=100, within=None)
        assert ranked.total == len(ranked.hits)
        return {one for one, _ in ranked.hits}

    some = Ids(frozenset({"1", "4", "7", "8", "404"}))
    assert ids(some) == {"1", "4", "7", "8"}
    assert ids(Or((some, Phrase(("导2",))))) == {"1", "2", "4", "7", "8"}
    assert ids(And((Phrase(("督导",)), Not(some)))) == {"0", "2", "3", "5", "6"}
    assert ids(And((some, Phrase(("督导",)), Not(Ids(frozenset({"7"})))))) == {"1", "4", "8"}
    assert ids(Ids(frozenset())) == set()
    assert ids(EVERYTHING) == {str(one) for one in range(9)}
    engine.write([doc("4", "换了内容")], {"8"})
    assert ids(some) == {"1", "4", "7"}


def test_words_are_counted_by_documents(opener: Opener, tmp_path: Path) -> None:
    engine = opener(tmp_path)
    engine.write([doc("1", "学校，学校"), doc("2", "学校"), doc("3", "作业")], ())
    assert engine.frequencies(["学校", "作业", "没有"]) == {"学校": 2, "作业": 1, "没有": 0}


def test_what_only_synonyms_find_comes_last_and_is_counted(opener: Opener, tmp_path: Path) -> None:
    engine = opener(tmp_path)
    engine.write(
        [
            doc("1", "安全台账，安全台账，安全台账"),
            doc("2", f"{'其他事项照常，' * 30}安全台帐"),
            doc("3", "台账，安全"),
            doc("4", "安全"),
        ],
        (),
    )
    synonyms = Synonyms.of(["台帐=台账"])

    def climbed(text: str, limit: int = 10) -> tuple[list[str], int, int, str]:
        ranked, rung = ladder(engine, parse(text, synonyms=synonyms), limit=limit, within=None)
        return [one for one, _ in ranked.hits], ranked.total, ranked.by_synonyms, rung

    assert climbed("安全台帐") == (["2", "1"], 2, 1, "phrase")
    assert climbed("安全台帐", 1) == (["2"], 2, 1, "phrase")
    assert climbed("安全台账") == (["1", "2"], 2, 1, "phrase")
    assert climbed("安全 台帐") == (["2", "1", "3"], 3, 2, "all_words")
    assert climbed("台帐 NOT 其他") == (["1", "3"], 2, 2, "query")
    assert climbed("“台帐”") == (["2"], 1, 0, "query")
    assert climbed("安全台賬管理")[1:] == (4, 0, "any_word")


def test_a_title_hit_comes_first(opener: Opener, tmp_path: Path) -> None:
    engine = opener(tmp_path)
    engine.write(
        [doc("1", "督导评估，" * 5), doc("2", "正文里也说督导评估", "督导评估报告"), doc("3", "督导评估")], ()
    )
    ranked, rung = ladder(engine, parse("督导评估"), limit=3, within=None)
    assert ranked.hits[0][0] == "2"
    assert rung == "phrase"
    scores = [score for _, score in ranked.hits]
    assert scores == sorted(scores, reverse=True)


def test_a_text_that_says_it_more_in_fewer_words_comes_first(opener: Opener, tmp_path: Path) -> None:
    engine = opener(tmp_path)
    long = "其他工作照常进行，" * 60
    engine.write(
        [doc("1", f"{long}学校{long}"), doc("2", "学校，学校，学校"), doc("3", f"学校，学校{long}")], ()
    )
    query = parse("学校")
    ranked = engine.search(query.exact, query.ranking, limit=3, within=None)
    assert [one for one, _ in ranked.hits] == ["2", "3", "1"]


def test_the_ladder_says_which_rung_answered(engine: Engine) -> None:
    def climbed(text: str) -> tuple[set[str], str]:
        ranked, rung = ladder(engine, parse(text), limit=10, within=None)
        return {one for one, _ in ranked.hits}, rung

    assert climbed("专项督查") == ({"1"}, "phrase")
    assert climbed("督查 专项") == ({"1"}, "all_words")
    assert climbed("作业督查") == ({"1", "3"}, "any_word")
    assert climbed("均衡开展") == ({"4", "1"}, "any_word")
    assert climbed("“作业督查”") == (set(), "query")
    assert climbed("馥郁") == (set(), "any_word")


def test_total_counts_all_and_limit_cuts(engine: Engine) -> None:
    query = parse("督")
    ranked = engine.search(query.exact, query.ranking, limit=2, within=None)
    assert len(ranked.hits) == 2
    assert ranked.total == 4


def test_total_is_right_when_ranking_could_skip_documents(opener: Opener, tmp_path: Path) -> None:
    engine = opener(tmp_path)
    many = [
        doc(str(number), "设施" * (number % 7 + 1) + "，其他" * (number * 37 % 101)) for number in range(600)
    ]
    engine.write(many, ())
    query = parse("设施")
    every = engine.search(query.exact, query.ranking, limit=1000, within=None)
    best = engine.search(query.exact, query.ranking, limit=5, within=None)
    assert best.total == every.total == len(every.hits) == 600
    assert [score for _, score in best.hits] == [score for _, score in every.hits[:5]]


def test_asking_among_many_gives_what_asking_among_few_gives(opener: Opener, tmp_path: Path) -> None:
    engine = opener(tmp_path)
    bodies = ["设施" * (number % 5 + 1) + ("督导" if number % 3001 == 0 else "") for number in range(7000)]
    engine.write([doc(str(number), body) for number, body in enumerate(bodies)], ())
    many = frozenset(str(number) for number in range(0, 7000, 2))
    for text, wanted in (("督导", {"0", "6002"}), ("设施", many)):
        query = parse(text)
        every, again = (
            engine.search(query.exact, query.ranking, limit=10_000, within=many) for _ in range(2)
        )
        assert {one for one, _ in every.hits} == wanted
        assert every == again
        part = engine.search(query.exact, query.ranking, limit=1, within=many)
        assert part.total == every.total == len(wanted)
        assert [score for _, score in part.hits] == [every.hits[0][1]]


def test_within_is_applied_by_the_engine_so_totals_are_right(engine: Engine) -> None:
    query = parse("督")
    ranked = engine.search(query.exact, query.ranking, limit=1, within=frozenset({"2", "3", "9"}))
    assert ranked.total == 2
    assert {one for one, _ in ranked.hits} < {"2", "3"}
    assert found(engine, "督", frozenset()) == set()
    assert found(engine, "督", frozenset({"9"})) == set()


def test_within_fifty_thousand_ids(engine: Engine) -> None:
    many = frozenset(str(number) for number in range(2, 50_002))
    assert found(engine, "督", many) == {"2", "3", "5"}
    assert found(engine, "督 NOT 学", many) == {"3", "5"}


def test_an_added_id_replaces_and_a_deleted_one_is_gone(engine: Engine) -> None:
    engine.write([doc("1", "新的内容"), doc("6", "添加的内容")], {"2", "404"})
    assert engine.ids() == {"1", "3", "4", "5", "6"}
    assert engine.count() == 5
    assert found(engine, "双减") == set()
    assert found(engine, "内容") == {"1", "6"}
    assert found(engine, "标准化") == set()


def test_an_id_deleted_and_added_in_one_write_stands(engine: Engine) -> None:
    engine.write([doc("1", "新的内容")], {"1"})
    assert engine.ids() == frozenset(TEXTS)
    assert found(engine, "新的内容") == {"1"}
    assert found(engine, "双减") == set()


def test_of_two_documents_with_one_id_the_last_counts(opener: Opener, tmp_path: Path) -> None:
    engine = opener(tmp_path)
    engine.write([doc("1", "先来"), doc("1", "后到")], ())
    assert engine.count() == 1
    assert found(engine, "先来") == set()
    assert found(engine, "后到") == {"1"}


def test_many_small_commits_keep_everything_and_few_files(opener: Opener, tmp_path: Path) -> None:
    engine = opener(tmp_path)
    for number in range(40):
        engine.write([doc(str(number % 30), f"第{number}次督导，学校")], ())
    assert engine.count() == 30
    assert found(engine, "第39次") == {"9"}
    assert found(engine, "第9次") == set()
    assert len(found(engine, "学校")) == 30
    engine.close()
    assert sum(file.is_file() for file in tmp_path.rglob("*")) < 150


def test_everything_is_there_after_closing_and_opening(
    engine: Engine, opener: Opener, tmp_path: Path
) -> None:
    engine.close()
    again = opener(tmp_path / "index")
    assert again.ids() == frozenset(TEXTS)
    assert found(again, "学校标准化") == {"1", "2"}


def test_a_reader_sees_what_another_wrote(engine: Engine, opener: Opener, tmp_path: Path) -> None:
    reader = opener(tmp_path / "index")
    engine.write([doc("7", "刚刚写入")], ())
    assert found(reader, "刚刚写入") == {"7"}


def test_after_release_another_may_write_and_then_the_first_again(
    engine: Engine, opener: Opener, tmp_path: Path
) -> None:
    other = opener(tmp_path / "index")
    engine.release()
    other.write([doc("7", "另一个写的")], ())
    other.release()
    assert found(engine, "另一个") == {"7"}
    engine.write([doc("8", "自己再写")], ())
    assert engine.ids() == frozenset(TEXTS) | {"7", "8"}


def test_a_failing_source_changes_nothing(engine: Engine) -> None:
    def source() -> Iterator[EngineDoc]:
        yield doc("8", "写到一半")
        raise OSError("磁盘拔掉了")

    with pytest.raises(OSError, match="磁盘"):
        engine.write(source(), {"1"})
    assert engine.ids() == frozenset(TEXTS)
    engine.write([doc("9", "接着写")], ())
    assert engine.ids() == frozenset(TEXTS) | {"9"}


def test_an_empty_index_answers(opener: Opener, tmp_path: Path) -> None:
    engine = opener(tmp_path)
    assert found(engine, "督导") == set()
    assert engine.ids() == frozenset()
    engine.write([], {"1"})
    assert engine.count() == 0


@pytest.mark.parametrize(
    "body", ["", "。", "a" * 70_000 + " 学校", "学校" + "督导评估" * 50_000 + "末尾", "𠮷野家学校😀"]
)
def test_odd_bodies_are_taken(opener: Opener, tmp_path: Path, body: str) -> None:
    engine = opener(tmp_path)
    engine.write([doc("1", body), doc("2", "学校")], ())
    assert engine.ids() == {"1", "2"}
    assert found(engine, "学校") == ({"1", "2"} if "学校" in body else {"2"})
    assert found(engine, "末尾") == ({"1"} if "末尾" in body else set())
    assert found(engine, "𠮷野") == ({"1"} if "𠮷" in body else set())


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    bodies=st.lists(st.text("学校督导，a2\n", max_size=25), min_size=1, max_size=12),
    query=st.text("学校督导，a2", min_size=1, max_size=5),
)
def test_search_equals_a_scan_of_the_texts(
    opener: Opener, tmp_path_factory: pytest.TempPathFactory, bodies: list[str], query: str
) -> None:
    wanted = normalise_text(query)
    if not wanted:
        return
    engine = opener(tmp_path_factory.mktemp("index"))
    documents = [doc(str(number), body) for number, body in enumerate(bodies)]
    for start in range(0, len(documents), 5):
        engine.write(documents[start : start + 5], ())
    truth = {str(number) for number, body in enumerate(bodies) if wanted in normalise_text(body) + BREAK}
    assert found(engine, f'"{query}"') == truth


def test_another_fingerprint_is_outdated_and_damage_is_not(engine: Engine, tmp_path: Path) -> None:
    engine.close()
    kind = type(engine)
    with pytest.raises(IndexOutdated) as caught:
        kind.open(tmp_path / "index", fingerprint_of(kind, Lexicon(("甲",), "other")))
    assert caught.value.remedy
    (tmp_path / "index" / FINGERPRINT_FILE).unlink()
    with pytest.raises(IndexOutdated):
        kind.open(tmp_path / "index", fingerprint_of(kind, Lexicon()))


def test_the_fingerprint_names_all_that_tokens_depend_on() -> None:
    for name in ENGINES:
        kind = choose(name)
        text = fingerprint_of(kind, Lexicon(("甲",), "digest-of-terms"))
        for part in ("schema", "text", "tokens", "jieba ", "digest-of-terms", name):
            assert part in text


def damage(home: Path, how: str) -> None:
    files = sorted(
        (file for file in home.rglob("*") if file.is_file() and file.name != FINGERPRINT_FILE),
        key=lambda file: file.stat().st_size,
    )
    for file in files:
        size = file.stat().st_size
        match how:
            case "empty":
                file.write_bytes(b"")
            case "half":
                file.write_bytes(file.read_bytes()[: size // 2])
            case "zeros":
                file.write_bytes(bytes(size))
            case "noise":
                file.write_bytes(bytes(range(256)) * (size // 256 + 1))
            case "gone":
                file.unlink()


@pytest.mark.parametrize("how", ["empty", "half", "zeros", "noise", "gone"])
def test_damaged_files_are_noticed_when_opened(
    engine: Engine, opener: Opener, tmp_path: Path, how: str
) -> None:
    engine.close()
    damage(tmp_path / "index", how)
    with pytest.raises(IndexDamaged) as caught:
        opener(tmp_path / "index")
    assert not isinstance(caught.value, IndexOutdated)
    assert "重建" in caught.value.remedy


def hold(name: EngineName, home: Path, held: object, done: object) -> None:
    """In another process: an engine in the midst of a write."""
    kind = choose(name)
    engine = kind.open(home, fingerprint_of(kind, Lexicon()))

    def source() -> Iterator[EngineDoc]:
        held.set()  # type: ignore[attr-defined]
        done.wait(60)  # type: ignore[attr-defined]
        yield doc("1", "写完了")

    engine.write(source(), ())
    engine.close()


@pytest.mark.parametrize("name", ENGINES)
def test_a_second_writer_is_told_that_the_index_is_busy(name: EngineName, tmp_path: Path) -> None:
    pytest.importorskip(name)
    context = multiprocessing.get_context("spawn")
    held, done = context.Event(), context.Event()
    other = context.Process(target=hold, args=(name, tmp_path, held, done))
    other.start()
    try:
        assert held.wait(60)
        kind = choose(name)
        engine = kind.open(tmp_path, fingerprint_of(kind, Lexicon()))
        with pytest.raises(IndexBusy) as caught:
            engine.write([doc("2", "再来")], ())
        assert "监视" in caught.value.remedy
        done.set()
        other.join(60)
        engine.write([doc("2", "再来")], ())
        assert engine.ids() == {"1", "2"}
        engine.close()
    finally:
        done.set()
        other.join(60)


def test_auto_takes_tantivy_where_it_is_installed_and_whoosh_elsewhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("tantivy")
    assert choose("auto").name == "tantivy"
    assert choose("whoosh").name == "whoosh"
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    assert choose("auto").name == "whoosh"
    with pytest.raises(IndexerError) as caught:
        choose("tantivy")
    assert "fast" in caught.value.remedy
