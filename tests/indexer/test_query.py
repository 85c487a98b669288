"""The query language: what is plain, what is explicit, which spellings are asked for, where it is wrong."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from indexer.errors import QueryInvalid
from indexer.filters import Kind, filter_of
from indexer.nodes import EVERYTHING, And, Not, Or, Phrase, Where, Wild
from indexer.query import MOST_CHARS, parse
from indexer.spellings import spellings
from indexer.synonyms import Synonyms
from indexer.text import BREAK, normalise_text
from indexer.tokens import Lexicon


def phrase(text: str, *, title: bool = False) -> Phrase:
    return Phrase(spellings(text), title)


def test_plain_words_make_three_rungs() -> None:
    query = parse("责任督学 挂牌的公示")
    assert not query.explicit
    assert query.exact == Phrase(("责任督学挂牌的公示",))
    assert query.all_words == And((phrase("责任督学"), phrase("挂牌的公示")))
    assert isinstance(query.any_word, Or)
    asked = {one.spellings[0] for one in query.any_word.parts if isinstance(one, Phrase)}
    assert {"责任督学", "挂牌", "公示", "任督"} <= asked
    assert "的" not in query.ranking


def test_words_that_ask_are_wanted_among_all_and_not_among_any() -> None:
    query = parse("责任督学有什么职责")
    assert isinstance(query.all_words, And)
    assert isinstance(query.any_word, Or)
    assert phrase("什么") in query.all_words.parts
    assert phrase("什么") not in query.any_word.parts
    assert phrase("职责") in query.any_word.parts
    only = parse("什么")
    assert isinstance(only.any_word, Or)
    assert only.any_word.parts == (phrase("什么"),)


def test_one_term_is_cut_into_words_for_the_second_rung() -> None:
    query = parse("教育督导责任区")
    assert isinstance(query.all_words, And)
    asked = {one.spellings[0] for one in query.all_words.parts if isinstance(one, Phrase)}
    assert {"教育", "督导"} <= asked


@pytest.mark.parametrize(
    "title", ["关于“双减”督导的通知(试行)", "A1-B2-C5", "和、或 与 NOTE", "方案（征求意见稿）", "12:30 开会"]
)
def test_marks_inside_a_plain_title_mean_nothing(title: str) -> None:
    query = parse(title)
    assert not query.explicit
    assert query.exact == phrase(title)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("“一票否决”", phrase("一票否决")),
        ('"a b" 通报', And((phrase("ab"), phrase("通报")))),
        ("双减 AND 通报", And((phrase("双减"), phrase("通报")))),
        ("双减 通报 OR 作业", Or((And((phrase("双减"), phrase("通报"))), phrase("作业")))),
        ("双减 AND (通报 OR 作业)", And((phrase("双减"), Or((phrase("通报"), phrase("作业")))))),
        ("双减 AND（通报 OR 作业）", And((phrase("双减"), Or((phrase("通报"), phrase("作业")))))),
        ("双减 NOT 草稿", And((phrase("双减"), Not(phrase("草稿"))))),
        ("双减 -草稿", And((phrase("双减"), Not(phrase("草稿"))))),
        ("双减 -(草稿 OR 附件)", And((phrase("双减"), Not(Or((phrase("草稿"), phrase("附件"))))))),
        ("NOT NOT 双减 AND 通报", And((phrase("双减"), phrase("通报")))),
        ("title:通知 双减", And((phrase("通知", title=True), phrase("双减")))),
        ("标题：“督导通报”", phrase("督导通报", title=True)),
        ("title:云教督2026 3号", phrase("云教督〔2026〕3号", title=True)),
        ("双减 AND 云教督(2026)3号", And((phrase("双减"), phrase("云教督〔2026〕3号")))),
    ],
)
def test_explicit_queries(text: str, node: object) -> None:
    query = parse(text)
    assert query.explicit
    assert _set_of_spellings(query.exact) == _set_of_spellings(node)
    assert query.exact == query.all_words == query.any_word


def _set_of_spellings(node: object) -> object:
    """The node with the order of spellings forgotten, and what was typed first with it."""
    match node:
        case Phrase(found, title):
            return (frozenset(one for one in found if BREAK in one) or frozenset(found), title)
        case And(parts) | Or(parts):
            return (type(node), tuple(_set_of_spellings(part) for part in parts))
        case Not(part):
            return (Not, _set_of_spellings(part))
    raise TypeError(node)


def where(kind: Kind, value: str) -> Where:
    return Where(filter_of(kind, value))


def test_filters_beside_plain_words_leave_them_their_ladder() -> None:
    query = parse("路径:2024 path:“县财政局 材料” 教育经费决算 -ext:pdf")
    assert not query.explicit
    assert query.exact == phrase("教育经费决算")
    assert query.only == And(
        (where("path", "2024"), where("path", "县财政局 材料"), Not(where("type", "pdf")))
    )
    assert set(query.marks).isdisjoint({"2024", "pdf"})


@pytest.mark.parametrize(
    ("text", "only", "node"),
    [
        ("“决算” path:2024", And((where("path", "2024"),)), phrase("决算")),
        ("ext:pdf", And((where("type", "pdf"),)), EVERYTHING),
        ("ext:pdf -path:甲", And((where("type", "pdf"), Not(where("path", "甲")))), EVERYTHING),
        ("path:(甲 OR 乙)", And((Or((where("path", "甲"), where("path", "乙"))),)), EVERYTHING),
        ("“决算” OR ext:pdf", None, Or((phrase("决算"), where("type", "pdf")))),
        ("title:(双减 通报)", None, And((phrase("双减", title=True), phrase("通报", title=True)))),
        ("title:关于*“双减”", None, And((Wild("关于*"), phrase("双减")))),
        ("标题：＊双减？通知", None, Wild("*双减?通知")),
        ("双减 ＡＮＤ （通报 ＯＲ 作业）", None, And((phrase("双减"), Or((phrase("通报"), phrase("作业")))))),
        ("双减 －草稿", None, And((phrase("双减"), Not(phrase("草稿"))))),
        ("＂双减＂", None, phrase("双减")),
        ("〝双减〞 AND 通报", None, And((phrase("双减"), phrase("通报")))),
    ],
)
def test_what_holds_for_all_hits_stands_apart(text: str, only: object, node: object) -> None:
    query = parse(text)
    assert query.explicit
    assert query.only == only
    assert query.exact == node


@pytest.mark.parametrize(
    "text", ["双减 与 通报", "双减 或 通报", "非 双减", "双减 and 通报", "not 双减 or 通报"]
)
def test_chinese_and_small_operators_are_words(text: str) -> None:
    query = parse(text)
    assert not query.explicit
    assert query.exact == phrase(text)


def test_synonyms_make_a_wider_query_and_leave_the_first_as_it_is() -> None:
    synonyms = Synonyms.of(["台帐=台账"])
    query = parse("安全台帐", synonyms=synonyms)
    assert query.exact == phrase("安全台帐")
    assert query.synonyms == ("安全台账",)
    assert parse("安全 台帐", synonyms=synonyms).synonyms == ("台账",), (
        "word by word where they were typed apart"
    )
    assert query.wide is not None
    assert query.wide.exact == Phrase(("安全台帐", "安全台账"))
    assert {"安全台账", "安全台帐"} <= set(query.wide.marks)
    assert parse("双减", synonyms=synonyms).wide is None


@pytest.mark.parametrize("text", ["“安全台帐”", '"台帐" AND 安全', "安全 NOT 台帐", "安全 -台帐"])
def test_what_is_quoted_or_excluded_has_no_synonyms(text: str) -> None:
    query = parse(text, synonyms=Synonyms.of(["台帐=台账"]))
    assert query.wide is None
    assert query.synonyms == ()


def test_words_of_an_explicit_query_have_synonyms_in_the_text_and_in_titles() -> None:
    query = parse("title:台帐 AND “汇总”", synonyms=Synonyms.of(["台帐=台账"]))
    assert query.wide is not None
    assert query.wide.exact == And((Phrase(("台帐", "台账"), title=True), phrase("汇总")))


def test_what_is_excluded_is_not_marked() -> None:
    query = parse("双减 -草稿")
    assert query.marks == ("双减",)
    assert "草稿" not in query.ranking


@pytest.mark.parametrize(
    "typed",
    [
        "云教督〔2026〕3号",
        "云教督[2026]3号",
        "云教督（2026）3号",
        "云教督【2026】3 号",
        "云教督2026 3号",
        "云教督 2026 3号",
        "云教督20263号",
        "云教督2026年3号",
        "云教督〔2026〕第3号",
        "云教督〔２０２６〕３号",
        "云教督〔2026〕03号",
        "雲教督〔2026〕3號",
        "云教督〔2026〕3",
    ],
)
@pytest.mark.parametrize(
    "written", ["云教督〔2026〕3号", "云教督[2026] 3 号", "云教督２０２６３号", "云教督（2026）03号"]
)
def test_a_document_number_is_found_however_it_is_typed_and_written(typed: str, written: str) -> None:
    text = normalise_text(f"根据《通知》（{written}）要求，")
    query = parse(typed)
    assert not query.explicit
    assert isinstance(query.exact, Phrase)
    assert any(one in text for one in query.exact.spellings)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "云教督〔2026〕117号",
            "云教督2026 117号",
            "云教督（二〇二六）117号",
            "云教督〔二零二六〕一百一十七号",
        ),
        *("云教督二○二六年第一百一十七号", "云教督[2026]一百一十七号", "云教督二O二六117号"),
    ],
)
@pytest.mark.parametrize(
    "written",
    ["云教督〔2026〕117号", "云教督（二〇二六）一百一十七号", "云教督【二零二六】117号", "云教督2026117号"],
)
def test_a_document_number_is_found_in_either_digits(typed: str, written: str) -> None:
    text = normalise_text(f"根据《通知》（{written}）要求，")
    for query in (parse(typed), parse(f"通报 OR {typed}")):
        assert any(one in text for one in query.marks)
    assert any(one in text for one in spellings(typed))


@pytest.mark.parametrize("typed", ["云教督〔2026〕7号", "云教督〔二〇二六〕七号", "云教督2026年七号"])
@pytest.mark.parametrize("other", ["十七", "七十", "一百零七", "27", "70"])
def test_a_number_that_holds_another_is_not_that_one(typed: str, other: str) -> None:
    for year in ("〔2026〕", "二〇二六", "（二零二六）"):
        text = normalise_text(f"云教督{year}{other}号")
        assert not any(one in text for one in spellings(typed))


def test_a_year_alone_is_found_in_either_digits() -> None:
    assert "二〇二六" in spellings("2026")
    assert "2026" in spellings("二○二六")


@pytest.mark.parametrize(
    "other", ["云教督〔2026〕13号", "云教督〔2026〕31号", "云教督〔2025〕3号", "教督〔2026〕3号"]
)
def test_another_number_is_not_found(other: str) -> None:
    query = parse("云教督2026 3号")
    assert isinstance(query.exact, Phrase)
    assert not any(one in normalise_text(other) for one in query.exact.spellings)


def test_a_number_typed_with_blanks_stays_one_word_among_others() -> None:
    query = parse("云教督2026 3号 双减 通报")
    assert isinstance(query.all_words, And)
    assert len(query.all_words.parts) == 3
    assert any(
        f"云教督{BREAK}2026{BREAK}3号" in one.spellings
        for one in query.all_words.parts
        if isinstance(one, Phrase)
    )


@pytest.mark.parametrize(
    "typed", ["二〇二二年", "2022年", "二○二二年", "二零二二年", "２０２２年", "二O二二年"]
)
@pytest.mark.parametrize("written", ["二〇二二年", "2022年", "二○二二年", "二零二二年", "二OO九年，2022 年"])
def test_a_year_is_found_in_either_digits(typed: str, written: str) -> None:
    assert any(one in normalise_text(f"截至{written}底") for one in spellings(f"截至{typed}"[2:]))


DATES = ["2023年9月30日", "2023年09月30日", "二〇二三年九月三十日", "二零二三年九月三十日", "2023年九月30日"]


@pytest.mark.parametrize("typed", [*DATES, "2023-9-30", "2023.09.30", "２０２３／９／３０"])
@pytest.mark.parametrize("written", [*DATES[:4], "2023-9-30", "2023.09.30", "２０２３年９月３０日"])
def test_a_date_is_found_in_either_digits_and_with_any_marks(typed: str, written: str) -> None:
    assert any(one in normalise_text(f"至{written}止") for one in spellings(typed))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("9月", "九月"),
        ("十二月底", "12月底"),
        ("9月1日", "九月一日"),
        ("9月1号", "九月一号"),
        ("五月二十一日", "05月21日"),
        ("10月10日", "十月十日"),
        ("15日内整改", "十五日内整改"),
        ("三十一日", "31日"),
        ("2023学年", "二〇二三学年"),
        ("2009年三季度", "二〇〇九年三季度"),
    ],
)
def test_parts_of_a_date_are_found_in_either_digits(typed: str, written: str) -> None:
    assert normalise_text(written) in spellings(typed)
    assert normalise_text(typed) in spellings(written)


@pytest.mark.parametrize(
    "other", ["2023年9月3日", "2023年9月", "2024年9月30日", "二〇二三年十月三十日", "2023-9-3"]
)
def test_another_date_is_not_found(other: str) -> None:
    assert not any(one in normalise_text(f"至{other}止") for one in spellings("2023年9月30日"))


@pytest.mark.parametrize(
    "text", ["13月", "三百零一日", "32日", "一百二十日", "3号", "三号文件", "2023-13-30"]
)
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert spellings(text) == (normalise_text(text),)


def test_a_year_that_is_no_year_is_left_alone() -> None:
    assert spellings("二三四五年") == ("二三四五年",)
    assert spellings("2122") == ("2122",)
    assert spellings("2022级") == ("2022级",)


@pytest.mark.parametrize(
    ("text", "position", "problem"),
    [
        ("", 0, "没有可以检索的字"),
        ("，。", 0, "没有可以检索的字"),
        ('双减 AND "通报', 7, "引号没有配对"),
        ("双减 AND (通报", 7, "没有配对的右括号"),
        ("双减 AND 通报) 作业", 9, "多了一个右括号"),
        ("双减 AND", 3, "AND 后面没有词"),
        ("OR 双减", 0, "OR 的一边没有词"),
        ("双减 OR", 3, "OR 的一边没有词"),
        ("双减 NOT", 3, "NOT 后面没有词"),
        ("双减 AND ()", 7, "括号里没有词"),
        ("双减 AND (NOT 草稿)", 7, "括号里只有要排除的词"),
        ('双减 "，，"', 3, "没有可以检索的字"),
        ("-草稿", 0, "没有写要找的"),
        ("-路径:2024", 0, "没有写要找的"),
        ("title:* 双减", 6, "通配符之外"),
        ("双减 date:2024-13", 8, "没有“2024-13”这一天"),
        ("双减 date:2023..去年", 14, "看不懂日期“去年”"),
        ("双减 state:很好", 9, "没有“很好”这种状态"),
        ("ext:, 双减", 4, "没有写文件类型"),
        ("双减 path:／ 通报", 8, "路径里没有"),
        ("双减 ｔｉｔｌｅ： 通报", 3, "后面没有写内容"),
        ("AND 双减", 0, "AND 前面没有词"),
        ("双减 AND OR 通报", 3, "AND 后面没有词"),
        ("双减 OR 通报 AND", 9, "AND 后面没有词"),
        ("一" * (MOST_CHARS + 1), MOST_CHARS, "超过"),
        ("双减 AND " + "(" * 25 + "通报" + ")" * 25, 27, "套得太深"),
    ],
)
def test_a_wrong_query_says_where_and_what_to_do(text: str, position: int, problem: str) -> None:
    with pytest.raises(QueryInvalid) as caught:
        parse(text)
    assert problem in caught.value.problem
    assert caught.value.position == position
    assert caught.value.remedy
    if normalise_text(text):
        assert caught.value.problem.startswith(f"检索式第 {position + 1} 个字附近：")


@given(
    st.text('双减通报 "“”()（）-:：路径标题ANDORNOT\n\t2026〔〕号，𠮷*?', max_size=30)
    | st.text(max_size=30)
    | st.lists(
        st.sampled_from(["title:", "date:", "ext:", "-", "(", ")", "甲", " ", "..2024", "OR", '"'])
    ).map("".join)
)
@example("NOT")
@example("-" * 400)
@example("NOT " * 120 + "双减")
@example("(" * 400 + '"')
def test_any_text_is_understood_or_refused_at_one_of_its_characters(text: str) -> None:
    try:
        query = parse(text)
    except QueryInvalid as wrong:
        position = wrong.position
    else:
        assert query.marks or query.only or not isinstance(query.exact, Phrase)
        assert all(query.marks)
        return
    assert 0 <= position <= len(text)


def test_names_of_the_lexicon_order_the_hits() -> None:
    assert "青溪镇中心小学" in parse("青溪镇中心小学 决算", Lexicon(("青溪镇中心小学",), "x")).ranking
