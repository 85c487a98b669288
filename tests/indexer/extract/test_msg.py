"""Outlook messages: head, body in whatever form it is kept, attachments by name, 8-bit text."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract import extract
from indexer.extract.endings import Unreadable
from indexer.extract.members import Unpacker
from indexer.extract.msg import read
from indexer.extract.msgbody import text_of_html, text_of_rtf, unpacked_rtf
from indexer.model import Extraction, Facts, Limits, Passage, State
from tests.indexer.extract.compounds import write_compound

SENT = 134_171_730_000_000_000
"""2026-03-05 08:30 UTC in units of 100 ns since 1601."""
SUBJECT, NAME, TO, CLASS = 0x0037, 0x0C1A, 0x0E04, 0x001A
BODY, HTML, RTF, FILE_NAME, CONTENT_ID = 0x1000, 0x1013, 0x1009, 0x3707, 0x3712


def message(
    texts: Mapping[int, str | bytes], *, numbers: Mapping[int, int] | None = None, inside: str = ""
) -> dict[str, bytes]:
    """The streams of a message; strings are kept in Unicode, bytes as 8-bit strings."""
    streams = {}
    for name, value in texts.items():
        kind, content = ("001F", value.encode("utf-16-le")) if isinstance(value, str) else ("001E", value)
        streams[f"{inside}__substg1.0_{name:04X}{kind}"] = content
    values = b"".join(struct.pack("<HHIQ", 3, name, 6, value) for name, value in (numbers or {}).items())
    return streams | {f"{inside}__properties_version1.0": bytes(24 if inside else 32) + values}


def attached(name: str, content: bytes, *, inside: str, shown: bool = False) -> dict[str, bytes]:
    """The streams of a file attached by value; ``shown`` by the body itself."""
    texts = {FILE_NAME: name} | ({CONTENT_ID: "1@x"} if shown else {})
    return message(texts, inside=inside) | {f"{inside}__substg1.0_37010102": content}


def said(folder: Path, streams: Mapping[str, bytes]) -> Extraction:
    return extract(write_compound(folder / "邮件.msg", streams), Limits())


LETTER = {
    SUBJECT: "关于报送自评报告的函",
    NAME: "李静",
    0x0C1F: "/O=ORG/CN=LJ",
    0x5D01: "lj@example.cn",
    TO: "县督导室; 周明远",
    0x0E03: "张老师",
    BODY: "请于三月底前报送。\r\n\r\n  附件两份。\r\n",
}


def test_a_message_tells_head_body_and_attachments(tmp_path: Path) -> None:
    streams = message(LETTER, numbers={0x0039: SENT})
    streams |= message({FILE_NAME: "自评报告.docx"}, inside="__attach_version1.0_#00000000/")
    streams |= message({0x3704: "表~1.xls"}, inside="__attach_version1.0_#0000000A/")
    found = said(tmp_path, streams)
    assert found == Extraction(
        State.INDEXED,
        (
            Passage(
                "主题：关于报送自评报告的函\n发件人：李静 <lj@example.cn>\n收件人：县督导室; 周明远\n"
                "抄送：张老师\n日期：2026-03-05T08:30:00Z",
                label="邮件头",
            ),
            Passage("请于三月底前报送。\n附件两份。"),
            Passage("自评报告.docx\n表~1.xls", label="附件"),
        ),
        facts=Facts(
            title="关于报送自评报告的函", author="李静 <lj@example.cn>", created="2026-03-05T08:30:00Z"
        ),
    )


def nested(depth: int) -> dict[str, bytes]:
    streams, inside = message({SUBJECT: "第0层"}), ""
    for level in range(1, depth + 1):
        inside += "__attach_version1.0_#00000000/__substg1.0_3701000D/"
        streams |= message(
            {SUBJECT: f"第{level}层", BODY: f"正文{level}"}, numbers={0x0039: SENT}, inside=inside
        )
    return streams


def test_attached_messages_are_members_with_all_that_is_attached_to_them(tmp_path: Path) -> None:
    streams = nested(2)
    inside = "__attach_version1.0_#00000000/__substg1.0_3701000D/"
    streams |= message({NAME: "李静", TO: "督导室", 0x0E03: "张老师"}, numbers={0x0039: SENT}, inside=inside)
    streams |= attached("表:1.xls", b"\0cells", inside=f"{inside}__attach_version1.0_#00000001/")
    outer = write_compound(tmp_path / "外.msg", streams)
    assert [(one.position, one.name) for one in extract(outer, Limits()).members] == [(0, "第1层.eml")]
    unpacker = Unpacker(tmp_path, Limits())
    with unpacker.member(outer, (0,)) as file:
        found = extract(file, Limits())
    head = "主题：第1层\n发件人：李静\n收件人：督导室\n抄送：张老师\n日期：2026-03-05T08:30:00+00:00"
    assert [one.text for one in found.passages] == [head, "正文1", "第2层.eml\n表:1.xls"]
    assert (found.facts.title, found.facts.author) == ("第1层", "李静")
    with unpacker.member(outer, (0, 1)) as file:
        assert file.read_bytes() == b"\0cells"
    with unpacker.member(outer, (0, 0)) as file:
        assert extract(file, Limits()).passages[1].text == "正文2"
    unpacker.close()


def test_messages_nested_without_end_are_written_only_as_deep_as_they_are_read(tmp_path: Path) -> None:
    outer = write_compound(tmp_path / "外.msg", nested(30))
    unpacker = Unpacker(tmp_path, Limits(package_depth=3))
    with unpacker.member(outer, (0,)) as file:
        assert file.read_bytes().count(b"message/rfc822") == 4, "three deep, and the mark of attached mail"
    unpacker.close()


def test_what_is_attached_is_read_back_whole(tmp_path: Path) -> None:
    at = "__attach_version1.0_#0000000"
    logo = bytes(5_000)
    streams = (
        message(LETTER)
        | attached("自评报告.docx", b"PK docx", inside=f"{at}0/")
        | attached("自评报告.docx", b"another", inside=f"{at}1/")
        | attached("标.png", logo, inside=f"{at}2/", shown=True)
        | attached("扫描件.png", logo * 5, inside=f"{at}3/", shown=True)
        | attached("照片.png", logo, inside=f"{at}4/")
        | message({FILE_NAME: "在网盘上.docx"}, inside=f"{at}5/")
        | attached("..\\..\\逃.exe", b"", inside=f"{at}6/")
    )
    found = said(tmp_path, streams)
    assert {one.name: one.size_bytes for one in found.members} == {
        "自评报告.docx": 7,
        "自评报告(2).docx": 7,
        "扫描件.png": 25_000,
        "照片.png": 5_000,
        "逃.exe": 0,
    }
    assert "在网盘上.docx" in found.passages[-1].text, "what is not in the file is named all the same"
    assert "标.png" not in found.passages[-1].text
    unpacker = Unpacker(tmp_path, Limits(zip_member_bytes=10_000))
    with unpacker.member(tmp_path / "邮件.msg", (1,)) as file:
        assert (file.read_bytes(), file.suffix) == (b"another", ".docx")
    for position, state in ((2, State.REFUSED), (9, State.CORRUPT)):
        with pytest.raises(Unreadable) as refused, unpacker.member(tmp_path / "邮件.msg", (position,)):
            pass
        assert refused.value.state is state
    unpacker.close()
    assert extract(tmp_path / "邮件.msg", Limits(zip_members=2)).state is State.REFUSED


def test_a_hidden_picture_is_part_of_the_body(tmp_path: Path) -> None:
    inside = "__attach_version1.0_#00000000/"
    streams = message(LETTER) | attached("标.png", b"x", inside=inside)
    assert len(said(tmp_path, streams).members) == 1
    streams[f"{inside}__properties_version1.0"] = bytes(8) + struct.pack("<HHIQ", 0x0B, 0x7FFE, 6, 1)
    assert said(tmp_path, streams).members == ()


@pytest.mark.parametrize(
    ("codec", "numbers", "headers"),
    [
        ("gbk", {0x3FFD: 936}, b""),
        ("gbk", {0x3FFD: 1252, 0x3FDE: 20936}, b""),
        ("gbk", {}, b'Content-Type: text/plain; charset="gb2312"'),
        ("gbk", {0x3FF1: 0x0804}, b""),
        ("gbk", {0x3FFD: 1252}, b""),
        ("utf-8", {0x3FDE: 65001}, b""),
        ("utf-8", {}, b""),
    ],
)
def test_eight_bit_strings_are_read_as_declared_or_as_they_look(
    tmp_path: Path, codec: str, numbers: dict[int, int], headers: bytes
) -> None:
    texts = {SUBJECT: "督导通知".encode(codec), BODY: "请各校于三月底前报送自评报告。".encode(codec)}
    streams = message(texts | {0x007D: headers} if headers else texts, numbers=numbers)
    assert [one.text for one in said(tmp_path, streams).passages] == [
        "主题：督导通知",
        "请各校于三月底前报送自评报告。",
    ]


def test_traditional_and_cyrillic_are_declared(tmp_path: Path) -> None:
    for text, codec, codepage in (("督導報告與評鑑", "big5", 950), ("Отчёт", "cp1251", 1251)):
        streams = message({SUBJECT: text.encode(codec)}, numbers={0x3FFD: codepage})
        assert said(tmp_path, streams).facts.title == text


HTML_BODY = (
    "<html><head><title>题</title><style>p{}</style></head><body><p>各校：</p>\r\n<table><tr><td>校名</td>"
    "<td>人数</td></tr></table>请<b>速</b>报&nbsp;&amp;\n回复<br>县教体局</body></html>"
)


@pytest.mark.parametrize(
    ("codec", "numbers"), [("utf-8", {0x3FDE: 65001}), ("gbk", {0x3FDE: 936}), ("gbk", {})]
)
def test_html_is_read_where_there_is_no_plain_body(
    tmp_path: Path, codec: str, numbers: dict[int, int]
) -> None:
    streams = message({BODY: " \r\n"}, numbers=numbers)
    streams["__substg1.0_10130102"] = HTML_BODY.encode(codec)
    assert said(tmp_path, streams).passages == (Passage("各校：\n校名\t人数\n请速报\xa0& 回复\n县教体局"),)


def test_html_without_words_says_nothing() -> None:
    assert text_of_html("") == text_of_html(" \n") == ""
    assert text_of_html("<p><script>x</script></p>").strip() == ""
    assert text_of_html("<div>" * 100_000 + "深").strip() == "深"


PACKED = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)
"""The worked example of [MS-OXRTFCP] 3.1.1, with references into what was unpacked before."""


def test_packed_rtf_is_unpacked() -> None:
    assert unpacked_rtf(PACKED) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert unpacked_rtf(bytes(8) + b"MELA" + bytes(4) + b"{\\rtf1}") == b"{\\rtf1}"
    assert unpacked_rtf(b"") == unpacked_rtf(bytes(40)) == b""
    for cut in range(len(PACKED)):
        assert len(unpacked_rtf(PACKED[:cut])) <= 43


@pytest.mark.parametrize(
    ("rtf", "text"),
    [
        (rb"{\rtf1\ansi\ansicpg936 {\fonttbl{\f0 \'cb\'ce;}}\'b6\'bd\'b5\'bc\par \tab A\{\}}", "督导\n\tA{}"),
        (
            rb"{\rtf1\uc1 \u30563?\u23548 ?{\uc2 \u-10180??\u-8383??}\ldblquote x\rdblquote}",
            "督导\U0001f341“x”",
        ),
        (
            rb"{\rtf1\fromhtml1 {\*\htmltag <p>}\htmlrtf {\b \htmlrtf0 yes\htmlrtf }no\par\htmlrtf0 ok}",
            "yes\nok",
        ),
        (rb"}}{\rtf1 a}\'", "a"),
        (b"{" * 5_000 + b"x", "x"),
    ],
)
def test_rtf_gives_its_words(rtf: bytes, text: str) -> None:
    assert text_of_rtf(rtf) == text


def test_rtf_is_read_where_there_is_nothing_else(tmp_path: Path) -> None:
    found = said(tmp_path, message({}) | {"__substg1.0_10090102": PACKED})
    assert found.passages == (Passage("hello world"),)


def test_an_encrypted_message_still_tells_its_head(tmp_path: Path) -> None:
    found = said(tmp_path, message({CLASS: "IPM.Note.SMIME", SUBJECT: "密件"}))
    assert (found.state, found.passages) == (State.ENCRYPTED, (Passage("主题：密件", label="邮件头"),))


def test_a_message_that_says_nothing_is_empty(tmp_path: Path) -> None:
    assert said(tmp_path, message({CLASS: "IPM.Note"})).state is State.EMPTY


@settings(max_examples=200, deadline=2_000)
@given(
    flips=st.lists(st.tuples(st.integers(0, 1 << 30), st.integers(0, 255)), min_size=1, max_size=8),
    early=st.booleans(),
)
def test_damage_never_ends_in_anything_unnamed(
    tmp_path_factory: pytest.TempPathFactory, flips: list[tuple[int, int]], early: bool
) -> None:
    streams = nested(2) | {"__substg1.0_10090102": PACKED, "__substg1.0_10130102": HTML_BODY.encode()}
    target = write_compound(tmp_path_factory.mktemp("damage") / "坏.msg", streams)
    data = bytearray(target.read_bytes())
    for place, value in flips:
        data[place % (512 if early else len(data))] = value
    target.write_bytes(data)
    try:
        found = read(target, Limits())
    except Unreadable as ending:
        found = ending.extraction()
    assert found.passages or (found.reason and found.remedy)
