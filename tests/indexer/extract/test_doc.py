"""Old Word and WPS documents: every story, every way text is kept in them, and no damage unnamed."""

from __future__ import annotations

import re
import struct
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract import extract
from indexer.extract.doc import _with_rows, read
from indexer.extract.endings import Unreadable
from indexer.extract.wordmarks import ROW_END
from indexer.model import Extraction, Facts, Limits, Passage, State
from tests.indexer.extract.compounds import summary, write_compound

NOTICE = "关于开展义务教育均衡发展督导评估的通知"
TEXT_AT = 0x800
Formatted = tuple[int, int, bytes]
"""(first character, character after the last, properties) of a run or paragraph; characters are 2 bytes."""


def pages(entries: Sequence[Formatted], *, paragraphs: bool) -> bytes:
    """One formatting page: runs, or paragraphs with a style number before their properties."""
    bounds = [TEXT_AT + 2 * start for start, _, _ in entries] + [TEXT_AT + 2 * entries[-1][1]]
    page = bytearray(struct.pack(f"<{len(bounds)}I", *bounds).ljust(512, b"\0"))
    page[511], at = len(entries), 511
    for number, (_, _, group) in enumerate(entries):
        content = bytes(2) + group if paragraphs else group
        content += bytes(len(content) % 2 == 0) if paragraphs else b""
        size = (len(content) + 1) // 2 if paragraphs else len(content)
        at = (at - 1 - len(content)) // 2 * 2
        page[at : at + 1 + len(content)] = bytes([size]) + content
        page[4 * len(bounds) + number * (13 if paragraphs else 1)] = at // 2
    return bytes(page)


def word(
    *pieces: tuple[str, bool],
    lengths: Sequence[int] = (),
    flags: int = 0,
    headers: Sequence[int] = (),
    paragraphs: Sequence[Formatted] = (),
    runs: Sequence[Formatted] = (),
    changes: Sequence[bytes] = (),
    piece_changes: Sequence[int] = (),
) -> dict[str, bytes]:
    """The streams of a Word 97 document; a piece is (text, whether it is UTF-16)."""
    text, plc, cp, positions = b"", b"", 0, [0]
    for number, (content, wide) in enumerate(pieces):
        place = TEXT_AT + len(text)
        change = piece_changes[number] if piece_changes else 0
        plc += struct.pack("<HIH", 0, place if wide else (place * 2) | 0x40000000, change)
        text += content.encode("utf-16-le" if wide else "cp1252")
        cp += len(content.encode("utf-16-le")) // 2
        positions.append(cp)
    plc = struct.pack(f"<{len(positions)}I", *positions) + plc
    clx = b"".join(b"\1" + struct.pack("<H", len(group)) + group for group in changes)
    clx += b"\2" + struct.pack("<I", len(plc)) + plc
    table = bytearray(b"\0" * 8)
    main = bytearray(struct.pack("<HHHHHH", 0xA5EC, 0xC1, 0, 0x804, 0, flags).ljust(TEXT_AT, b"\0") + text)
    struct.pack_into("<8I", main, 0x4C, *(*lengths, *[0] * 8)[:8] if lengths else (cp, *[0] * 7))

    def kept(number: int, content: bytes) -> None:
        struct.pack_into("<II", main, 0x9A + 8 * number, len(table), len(content))
        table.extend(content)

    kept(33, clx)
    if headers:
        kept(11, struct.pack(f"<{len(headers)}I", *headers))
    for number, entries in ((12, runs), (13, paragraphs)):
        if entries:
            main.extend(bytes(-len(main) % 512))
            kept(number, struct.pack("<III", TEXT_AT, TEXT_AT + len(text), len(main) // 512))
            main.extend(pages(entries, paragraphs=number == 13))
    return {"WordDocument": bytes(main), "1Table" if flags & 0x200 else "0Table": bytes(table)}


def old_word(text: bytes, *, language: int, script: int = 0, flags: int = 0) -> dict[str, bytes]:
    """The stream of a Word 95 document without a piece table."""
    main = bytearray(struct.pack("<HHHHHH", 0xA5DC, 0x68, 0, language, 0, flags).ljust(TEXT_AT, b"\0") + text)
    struct.pack_into("<HxxII", main, 20, script, TEXT_AT, TEXT_AT + len(text))
    struct.pack_into("<I", main, 0x34, len(text))
    return {"WordDocument": bytes(main)}


def said(folder: Path, streams: dict[str, bytes]) -> Extraction:
    return extract(write_compound(folder / "文件.doc", streams), Limits())


def body(
    folder: Path, text: str, *, paragraphs: Sequence[Formatted] = (), runs: Sequence[Formatted] = ()
) -> str:
    (passage,) = said(folder, word((text, True), paragraphs=paragraphs, runs=runs)).passages
    return passage.text


@pytest.mark.parametrize("flags", [0, 0x200])
def test_pieces_of_both_widths_become_one_text(tmp_path: Path, flags: int) -> None:
    found = said(tmp_path, word(("通知：", True), ("No. 7 – “A” € ", False), ("𠮷林\r", True), flags=flags))
    assert found == Extraction(
        State.INDEXED, (Passage("通知：No. 7 – “A” € 𠮷林"),), facts=Facts(signatures=0)
    )


def test_a_fast_saved_document_is_read_in_its_order_without_what_was_deleted(tmp_path: Path) -> None:
    streams = word(
        ("第一段\r", True), ("旧稿", True), ("删去", True), ("第二段\r", True),
        changes=[b"\x35\x08\x01", b"\x35\x08\x01\x00\x08\x01"], piece_changes=[1, 0x0182, 3, 0],
    )  # fmt: skip
    assert said(tmp_path, streams).passages == (Passage("第一段\n第二段"),)


def test_stories_become_passages_with_labels(tmp_path: Path) -> None:
    stories = ["正文\r", "\2 脚注一\r", "线\r双页页眉\r单页页眉\r页脚\r单页页眉\r首页页脚\r", "宏", "批语\r",
               "尾注一\r", "框内文字\r", "眉框\r"]  # fmt: skip
    header = [0, 2, 2, 2, 2, 2, 2, 7, 12, 15, 15, 20, 25]
    assert len(stories[2]) == header[-1]
    streams = word(("".join(stories), True), lengths=[len(one) for one in stories], headers=header)
    assert said(tmp_path, streams).passages == (
        Passage("正文"),
        Passage("双页页眉\n单页页眉", label="页眉"),
        Passage("页脚\n首页页脚", label="页脚"),
        Passage(" 脚注一", label="脚注"),
        Passage("尾注一", label="尾注"),
        Passage("批语", label="批注"),
        Passage("框内文字\n眉框", label="文本框"),
    )


ROW, INSIDE = b"\x16\x24\x01\x17\x24\x01", b"\x16\x24\x01"


def test_table_rows_are_lines_and_cells_keep_their_paragraphs_together(tmp_path: Path) -> None:
    text = "前\r甲\r一\x07\x07\x07\x07乙\x07\x0b二\x07\x07后\r"
    ends = [2, 4, 6, 7, 8, 9, 11, 14, 15, 17]
    kinds = [b"", INSIDE, INSIDE, INSIDE, INSIDE, ROW, INSIDE, INSIDE, ROW, b""]
    starts = [0, *ends[:-1]]
    entries = list(zip(starts, ends, kinds, strict=True))
    assert body(tmp_path, text, paragraphs=entries) == "前\n甲 一\n乙\t二\n后"


def test_without_formatting_two_marks_end_a_row(tmp_path: Path) -> None:
    streams = old_word("前\r甲\x07一\x07\x07乙\x07二\x07\x07后\r".encode("gb18030"), language=0x0804)
    assert said(tmp_path, streams).passages[0].text == "前\n甲\t一\n乙\t二\n后"


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ('见\x13 HYPERLINK "http://a" \x14\x13 REF x \x14附件\x15一\x15。', "见附件一。"),
        ("第\x13 PAGE \x15页", "第页"),
        ("\x13 IF \x13 X \x14密\x15 \x14结果\x15尾", "结果尾"),
        ("\x13 eq \\* jc2 \\o\\ad(\\s\\up 9(xué),学)\x15校", "学校"),
        ("\x13 eq \\o\\ac(○,7)\x15类", "7类"),
        ("甲\x13 没有结束的域", "甲 没有结束的域"),
        ("多出的\x15\x14结束", "多出的结束"),
        ("\1\2\5\x08软\x1f连\x1e字\x0b换\x0c页\x0e栏\ufeff", "软连-字\n换\n页\n栏"),
    ],
)
def test_codes_and_marks_are_left_out_and_results_kept(tmp_path: Path, raw: str, text: str) -> None:
    assert body(tmp_path, raw + "\r") == text


def test_deleted_text_and_placeholders_of_symbols_are_left_out(tmp_path: Path) -> None:
    runs = [(0, 2, b"\x35\x08\x01"), (2, 4, b"\x01\x08\x01\x00\x08\x01"), (4, 6, b"\x00\x08\x00"),
            (6, 7, b"\x09\x6a\x02\x00\xfe\xf0"), (7, 9, b"\x03\x6a\x00\x08\x01\x00")]  # fmt: skip
    assert body(tmp_path, "保留删除未删(留\r", runs=runs) == "保留未删留"


@pytest.mark.parametrize(
    ("text", "codec", "language", "script"),
    [
        (NOTICE, "gb18030", 0x0804, 0),
        ("關於開展督導的通知", "big5", 0x0404, 0),
        ("Évaluation à l’été", "cp1252", 0x040C, 0),
        ("Распоряжение", "cp1251", 0x0419, 0),
        ("お知らせ", "cp932", 0x0411, 0),
        ("Été", "mac_roman", 0x040C, 256),
    ],
)
def test_eight_bit_text_is_read_by_its_language(
    tmp_path: Path, text: str, codec: str, language: int, script: int
) -> None:
    streams = old_word(f"{text}\r".encode(codec), language=language, script=script)
    assert said(tmp_path, streams).passages == (Passage(text),)


@pytest.mark.parametrize(
    "streams", [word(("密\r", True), flags=0x100), old_word(b"x", language=0, flags=0x100)]
)
def test_an_encrypted_document_is_told(tmp_path: Path, streams: dict[str, bytes]) -> None:
    found = said(tmp_path, streams)
    assert (found.state, found.passages) == (State.ENCRYPTED, ())


@pytest.mark.parametrize(
    ("text", "reason"), [("\r\r", "文件里没有文字"), ("\1\r\x08\r", "文件里只有图片，没有文字")]
)
def test_a_document_that_says_nothing_is_empty(tmp_path: Path, text: str, reason: str) -> None:
    found = said(tmp_path, word((text, True)))
    assert (found.state, found.reason) == (State.EMPTY, reason)


def test_a_document_tells_its_facts(tmp_path: Path) -> None:
    moment = 134_171_730_000_000_000  # 2026-03-05 08:30 in units of 100 ns since 1601
    for codepage, codec in ((936, "gbk"), (1200, "utf-16-le"), (65001, "utf-8"), (950, "big5")):
        told = summary(
            codepage, {2: "年度報告".encode(codec), 4: "李靜".encode(codec)}, {12: moment, 13: 5}, 8
        )
        found = said(tmp_path, word(("文\r", True)) | {"\x05SummaryInformation": told})
        assert found.facts == Facts(
            title="年度報告", author="李靜", created="2026-03-05T08:30:00Z", signatures=0, protected=True
        )


def test_signatures_are_counted_and_a_reserved_document_is_protected(tmp_path: Path) -> None:
    facts = said(tmp_path, word(("文\r", True), flags=0x800) | {"_xmlsignatures/1": b"<s/>"}).facts
    assert (facts.signatures, facts.protected) == (1, True)


def test_what_a_cut_off_document_still_holds_is_kept_and_said(tmp_path: Path) -> None:
    streams = word((NOTICE + "\r", True), (NOTICE + "\r", True))
    streams["WordDocument"] = streams["WordDocument"][: TEXT_AT + 2 * len(NOTICE) + 2]
    found = said(tmp_path, streams)
    assert (found.state, found.passages) == (State.INDEXED, (Passage(NOTICE),))
    assert "不完整" in found.reason
    assert found.remedy
    streams["WordDocument"] = streams["WordDocument"][:TEXT_AT]
    assert said(tmp_path, streams).state is State.CORRUPT


def test_a_story_of_absurd_length_costs_no_more_than_its_file(tmp_path: Path) -> None:
    streams = word((NOTICE + "\r", True), lengths=[0xFFFFFFFF] * 8)
    began = time.monotonic()
    assert said(tmp_path, streams).passages == (Passage(NOTICE),)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("cut", [100, 600, 3000])
def test_a_file_that_ends_early_is_corrupt(tmp_path: Path, cut: int) -> None:
    whole = write_compound(tmp_path / "整.doc", word((NOTICE * 300, True)))
    (tmp_path / "断.doc").write_bytes(whole.read_bytes()[:cut])
    assert extract(tmp_path / "断.doc", Limits()).state is State.CORRUPT


LIMITS = Limits(text_chars=5_000)
SAMPLE = word(
    ("前\r甲\r一\x07\x07\x13 PAGE \x147\x15页\r脚注\r线\r眉\r批\r", True),
    lengths=[18, 3, 4, 0, 2, 0, 0, 0],
    headers=[0, 2, 2, 2, 2, 2, 2, 2, 4],
    paragraphs=[(0, 2, b""), (2, 4, INSIDE), (4, 6, INSIDE), (6, 7, ROW), (7, 18, b"")],
    runs=[(0, 2, b"\x01\x08\x01\x00\x08\x01"), (2, 18, b"")],
) | {"\x05SummaryInformation": summary(936, {2: NOTICE.encode("gbk")}, {12: 134_171_730_000_000_000})}


@settings(max_examples=300, deadline=2_000)
@given(
    flips=st.lists(st.tuples(st.integers(0, 1 << 30), st.integers(0, 255)), min_size=1, max_size=8),
    early=st.booleans(),
)
def test_damage_never_ends_in_anything_unnamed(
    tmp_path_factory: pytest.TempPathFactory, flips: list[tuple[int, int]], early: bool
) -> None:
    target = write_compound(tmp_path_factory.mktemp("damage") / "坏.doc", SAMPLE)
    data = bytearray(target.read_bytes())
    for place, value in flips:
        data[place % (512 if early else len(data))] = value
    target.write_bytes(data)
    try:
        found = read(target, LIMITS)
    except Unreadable as ending:
        found = ending.extraction()
    assert found.passages or (found.reason and found.remedy)
    assert sum(len(passage.text) for passage in found.passages) <= 2 * LIMITS.text_chars


def test_libreoffice_writes_what_is_read(tmp_path: Path, need_program: Callable[[str], str]) -> None:
    document = docx.Document()
    document.add_paragraph(NOTICE)
    table = document.add_table(2, 3)
    for at, words in enumerate(("学校", "教师数", "", "实验小学", "", "12")):
        table.cell(at // 3, at % 3).text = words
    table.cell(1, 1).text = "两\n行"
    document.add_paragraph("特此通知。𠮷")
    document.sections[0].header.paragraphs[0].text = "县教体局文件"
    document.sections[0].footer.paragraphs[0].text = "共印二十份"
    document.core_properties.title, document.core_properties.author = "督导通知", "李静"
    document.save(str(tmp_path / "通知.docx"))
    subprocess.run(
        [need_program("soffice"), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "doc:MS Word 97", "--outdir", tmp_path, tmp_path / "通知.docx"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    found = extract(tmp_path / "通知.doc", Limits())
    assert found.passages == (
        Passage(f"{NOTICE}\n学校\t教师数\n实验小学\t两 行\t12\n特此通知。𠮷"),
        Passage("县教体局文件", label="页眉"),
        Passage("共印二十份", label="页脚"),
    )
    assert (found.facts.title, found.facts.author) == ("督导通知", "李静")


@given(
    cells=st.lists(st.text(alphabet="甲乙 \t\x0b\x1c\u3000a", max_size=6), min_size=1, max_size=5),
    before=st.sampled_from(["", "上一段\r", "题名\r\r"]),
)
def test_cells_are_one_line_however_they_are_blank(cells: list[str], before: str) -> None:
    row = "".join(f"{cell}\x07" for cell in cells) + ROW_END
    even = [re.sub("[\x1c\t\x0b ]+", " ", cell).strip() for cell in cells]
    assert _with_rows(before + row + "后文") == before + "\t".join(even).rstrip() + "\r后文"
