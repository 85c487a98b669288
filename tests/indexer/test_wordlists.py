"""Word lists as people save them: any encoding is read, and a file that cannot be read is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer import IndexerError, entries_of

WRITTEN = "教体局=教育和体育局  # 简称\r\n# 只是备注\r\n\r\n  青溪镇中心小学\r\n责任督学挂牌督导办公室"
READ = ("教体局=教育和体育局", "青溪镇中心小学", "责任督学挂牌督导办公室")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_entries_are_read_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "词表.txt"
    file.write_bytes(WRITTEN.encode(encoding))
    assert entries_of(file) == READ


def test_an_empty_file_has_none(tmp_path: Path) -> None:
    file = tmp_path / "词表.txt"
    for content in (b"", b"\r\n \r\n", "# 备注".encode()):
        file.write_bytes(content)
        assert entries_of(file) == ()


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("没有.txt", None, "找不到"),
        ("图片.txt", bytes(range(256)) * 40, "不是文本文件"),
        ("很大.txt", b"a\n" * 3_000_000, "超过 5 MB"),
    ],
)
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str, content: bytes | None, problem: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(IndexerError, match=problem) as caught:
        entries_of(tmp_path / name)
    assert name in caught.value.problem
    assert caught.value.remedy
