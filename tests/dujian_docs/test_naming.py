"""Names that every system accepts and that lead nowhere else."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dujian_docs.naming import safe_component

RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"} | {
    f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("关于开学工作的通知.docx", "关于开学工作的通知.docx"),
        ("../../evil.docx", "_._.._evil.docx"),
        ('A/B\\C:D*E?F"G<H>I|J', "A_B_C_D_E_F_G_H_I_J"),
        ("通知. . .", "通知"),
        ("  通\t知\n ", "通 知"),
        ("CON", "_CON"),
        ("con .txt", "_con .txt"),
        ("CON\u202f", "_CON"),
        ("COM¹.docx", "_COM¹.docx"),
        ("nul.tar.gz", "_nul.tar.gz"),
        ("console", "console"),
        ("~$锁.docx", "_$锁.docx"),
        (".隐藏", "_隐藏"),
        ("", "未命名"),
        ("\u200b\u202e", "未命名"),
        ("e\u0301", "\u00e9"),
        ("通\u202e知\ud800\x00", "通知"),
        ("𬭚𠮷.pdf", "𬭚𠮷.pdf"),
    ],
)
def test_hand_cases(text: str, expected: str) -> None:
    assert safe_component(text) == expected


def test_a_long_name_keeps_its_extension_and_stays_distinct() -> None:
    one, other = safe_component("长" * 100 + "甲.docx"), safe_component("长" * 100 + "乙.docx")
    assert one != other
    assert one.endswith(".docx")
    assert other.endswith(".docx")
    assert max(len(one.encode()), len(other.encode())) <= 180


def test_a_limit_without_room_is_refused() -> None:
    with pytest.raises(ValueError, match="at least"):
        safe_component("通知", max_bytes=10)


ANY = st.text(st.characters(exclude_categories=[]), max_size=200) | st.sampled_from(sorted(RESERVED)).flatmap(
    lambda name: st.text(" .\u3000\u202f\u200bA督", max_size=5).map(lambda tail: name.upper() + tail)
)


@given(ANY, st.integers(40, 255))
def test_every_name_is_acceptable_everywhere(text: str, limit: int) -> None:
    name = safe_component(text, max_bytes=limit)
    assert 0 < len(name.encode()) <= limit
    assert name == unicodedata.normalize("NFC", name)
    assert not set(name) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(char) in {"Cc", "Cf", "Cs"} for char in name)
    assert name[-1] not in ". "
    assert name[0] not in ".~ "
    assert name.partition(".")[0].strip().casefold() not in RESERVED
    assert Path("/档案", name).parent == Path("/档案")
    assert safe_component(name, max_bytes=limit) == name


@given(ANY)
def test_every_name_can_be_made_on_this_disk(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("names")
    path = folder / safe_component(text)
    path.write_bytes(b"x")
    assert list(folder.iterdir()) == [path]
