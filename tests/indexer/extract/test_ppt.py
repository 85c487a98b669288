"""Old presentations: every slide in its place with notes and comments, and no damage unnamed."""

from __future__ import annotations

import struct
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract import extract
from indexer.extract.endings import Unreadable
from indexer.extract.ppt import read
from indexer.model import Extraction, Facts, Limits, Passage, State
from tests.indexer.extract.compounds import write_compound


def atom(kind: int, content: bytes, instance: int = 0) -> bytes:
    return struct.pack("<HHI", instance << 4, kind, len(content)) + content


def container(kind: int, *inside: bytes, instance: int = 0) -> bytes:
    content = b"".join(inside)
    return struct.pack("<HHI", instance << 4 | 0xF, kind, len(content)) + content


def text(words: str, *more: bytes) -> bytes:
    """A header, the characters, and what is said of them."""
    narrow = words.isascii()
    characters = atom(0x0FA8, words.encode("ascii")) if narrow else atom(0x0FA0, words.encode("utf-16-le"))
    return atom(0x0F9F, bytes(4)) + characters + b"".join(more)


def shape(*inside: bytes, placeholder: bool = False) -> bytes:
    data = [container(0xF011, atom(0x0BC3, bytes(8)))] if placeholder else []
    return container(0xF004, *data, container(0xF00D, *inside))


def drawing(*shapes: bytes) -> bytes:
    return container(0x040C, container(0xF002, container(0xF003, *shapes)))


def string(words: str, instance: int) -> bytes:
    return atom(0x0FBA, words.encode("utf-16-le"), instance)


def listed(instance: int, *entries: tuple[int, int, bytes]) -> bytes:
    """A list of (object number, name, texts)."""
    inside = [
        atom(0x03F3, struct.pack("<IIIII", number, 0, 0, name, 0)) + texts for number, name, texts in entries
    ]
    return container(0x0FF0, *inside, instance=instance)


def comment(words: str) -> bytes:
    said = container(0x2EE0, string("李静", 0), string(words, 1), string("李", 2), atom(0x2EE1, bytes(28)))
    return container(0x1388, container(0x138A, string("___PPT10", 0), atom(0x138B, said)))


def show(objects: Sequence[bytes], *, older: Sequence[bytes] = (), locked: bool = False) -> dict[str, bytes]:
    """A presentation's streams: objects numbered from 1, the first the document; ``older`` were replaced."""
    data, saves, before = b"", [older, objects] if older else [objects], 0
    for save in saves:
        places = []
        for one in save:
            places.append(len(data))
            data += one
        directory = len(data)
        data += atom(0x1772, struct.pack(f"<I{len(places)}I", 1 | len(places) << 20, *places))
        edit = len(data)
        session = struct.pack("<I", len(places)) if locked else b""
        data += atom(0x0FF5, struct.pack("<IIIIIII", 0, 0, before, directory, 1, 9, 0) + session)
        before = edit
    current = atom(0x0FF6, struct.pack("<III", 20, 0xE391C05F, before))
    return {"PowerPoint Document": data, "Current User": current}


def deck() -> list[bytes]:
    """Two slides out of order in the stream, notes, a comment, footers and a master."""
    outline = text("督导评估汇报") + text("要点一\r要点二\x0b续")
    lists = [
        listed(1, (5, 0x80000000, b"")),
        listed(0, (3, 257, outline), (2, 256, b"")),
        listed(2, (4, 900, b"")),
    ]
    footing = container(
        0x0FD9, atom(0x0FDA, bytes(4)), string("2026-03-05", 0), string("县教体局", 2), instance=3
    )
    second = container(
        0x03EE, drawing(shape(text("thanks")), shape(text("第*页", atom(0x0FD8, b"\1\0\0\0"))))
    )
    references = [shape(atom(0x0F9E, struct.pack("<I", at))) for at in (1, 0)]
    first = container(0x03EE, atom(0x03EF, bytes(24)), drawing(*references), comment("请补数据"))
    notes = container(0x03F0, atom(0x03F1, struct.pack("<III", 256, 0, 0)), drawing(shape(text("讲稿"))))
    master = container(
        0x03F8, drawing(shape(text("单击编辑标题"), placeholder=True), shape(text("某县实验小学")))
    )
    return [container(0x03E8, *lists, footing), second, first, notes, master]


PASSAGES = (
    Passage("要点一\n要点二\n续\n督导评估汇报", 1),
    Passage("请补数据", 1, "批注"),
    Passage("thanks\n第页", 2),
    Passage("讲稿", 2, "备注"),
    Passage("县教体局", label="页脚"),
    Passage("某县实验小学", label="母版"),
)


def said(folder: Path, streams: dict[str, bytes]) -> Extraction:
    return extract(write_compound(folder / "汇报.ppt", streams), Limits())


@pytest.mark.parametrize("folder", ["", "PP97_DUALSTORAGE/"])
def test_slides_are_told_in_their_order_with_what_belongs_to_them(tmp_path: Path, folder: str) -> None:
    found = said(tmp_path, {folder + name: content for name, content in show(deck()).items()})
    assert found == Extraction(State.INDEXED, PASSAGES, facts=Facts(page_count=2, signatures=0))


def test_the_latest_save_counts(tmp_path: Path) -> None:
    older = deck()
    older[1] = container(0x03EE, drawing(shape(text("旧稿"))))
    assert said(tmp_path, show(deck(), older=older)).passages == PASSAGES
    assert "旧稿" in said(tmp_path, show(older)).passages[2].text


@pytest.mark.parametrize("way", ["token", "session"])
def test_an_encrypted_presentation_is_told(tmp_path: Path, way: str) -> None:
    streams = show([*deck(), container(0x2F14, b"")], locked=way == "session")
    if way == "token":
        streams["Current User"] = atom(0x0FF6, struct.pack("<III", 20, 0xF3D1C4DF, 0))
    found = said(tmp_path, streams)
    assert (found.state, found.passages) == (State.ENCRYPTED, ())


def test_a_presentation_without_words_is_empty(tmp_path: Path) -> None:
    found = said(tmp_path, show([container(0x03E8, listed(0, (2, 1, b""))), container(0x03EE, drawing())]))
    assert (found.state, found.facts.page_count) == (State.EMPTY, 1)


def test_words_are_salvaged_where_the_directory_is_lost(tmp_path: Path) -> None:
    streams = show(deck()) | {"Current User": b""}
    found = said(tmp_path, streams)
    assert found.passages == (
        Passage("督导评估汇报\n要点一\n要点二\n续\nthanks\n第页"),
        Passage("讲稿", label="备注"),
    )
    assert (found.state, "页码不详" in found.reason, found.facts.page_count) == (State.INDEXED, True, None)
    streams["PowerPoint Document"] = bytes(5_000)
    assert said(tmp_path, streams).state is State.CORRUPT


def test_slides_that_overlap_cost_no_more_than_a_few_files(tmp_path: Path) -> None:
    nested = text("深处")
    places = []
    for _ in range(3_000):
        nested = container(0x03EE, nested)
    streams = show([container(0x03E8, listed(0, *((at, at, b"") for at in range(2, 3_002)))), nested])
    data = streams["PowerPoint Document"]
    begin = data.index(nested)
    places = [0, *(begin + 8 * at for at in range(3_000))]
    directory = len(data)
    data += atom(0x1772, struct.pack(f"<I{len(places)}I", 1 | len(places) << 20, *places))
    edit = len(data)
    data += atom(0x0FF5, struct.pack("<IIIIIII", 0, 0, 0, directory, 1, 9, 0))
    streams = {
        "PowerPoint Document": data,
        "Current User": atom(0x0FF6, struct.pack("<III", 20, 0xE391C05F, edit)),
    }
    found = said(tmp_path, streams)
    assert (found.state, "重叠" in found.reason) == (State.CORRUPT, True)


@settings(max_examples=300, deadline=2_000)
@given(
    flips=st.lists(st.tuples(st.integers(0, 1 << 30), st.integers(0, 255)), min_size=1, max_size=8),
    early=st.booleans(),
)
def test_damage_never_ends_in_anything_unnamed(
    tmp_path_factory: pytest.TempPathFactory, flips: list[tuple[int, int]], early: bool
) -> None:
    target = write_compound(tmp_path_factory.mktemp("damage") / "坏.ppt", show(deck(), older=deck()))
    data = bytearray(target.read_bytes())
    for place, value in flips:
        data[place % (2_048 if early else len(data))] = value
    target.write_bytes(data)
    try:
        found = read(target, Limits())
    except Unreadable as ending:
        found = ending.extraction()
    assert found.passages or (found.reason and found.remedy)
    assert sum(len(passage.text) for passage in found.passages) <= 8 * len(data)


SLIDES = """<?xml version="1.0" encoding="UTF-8"?>
<office:document xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:presentation="urn:oasis:names:tc:opendocument:xmlns:presentation:1.0"
 xmlns:svg="urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.presentation">
<office:body><office:presentation>{}</office:presentation></office:body></office:document>"""
PAGE = """<draw:page><draw:frame svg:width="20cm" svg:height="3cm" svg:x="2cm" svg:y="2cm"><draw:text-box>
<text:p>{}</text:p></draw:text-box></draw:frame></draw:page>"""


def test_libreoffice_writes_what_is_read(tmp_path: Path, need_program: Callable[[str], str]) -> None:
    pages = ["义务教育均衡发展汇报", "二、经费投入 120 万元", "谢谢"]
    source = tmp_path / "汇报.fodp"
    source.write_text(SLIDES.format("".join(PAGE.format(page) for page in pages)), encoding="utf-8")
    subprocess.run(
        [need_program("soffice"), f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--convert-to", "ppt:MS PowerPoint 97", "--outdir", tmp_path, source],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    found = extract(tmp_path / "汇报.ppt", Limits())
    assert found.passages == tuple(Passage(words, page) for page, words in enumerate(pages, 1))
    assert found.facts.page_count == 3
