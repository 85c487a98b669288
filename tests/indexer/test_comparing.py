"""Which files say the same, and which speak of the same: asked of an index, on both engines."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import MARKER_NAME, ArchiveIndex, Duplicate, IndexerError
from tests.indexer.test_index import ENGINES

NOTICE = (
    "云岭县教育督导室关于开展二〇二四年春季学期责任督学挂牌督导工作的通知。各乡镇中心学校、县直各学校："
    "为进一步规范办学行为，推动责任督学每月到校听课、查看食堂、走访师生，现就有关事项通知如下。"
    "一、督导时间为三月至六月。二、督导内容为课程开设、作业管理、校园安全、师德师风。"
    "三、责任督学应当如实填写督导记录，发现问题当场反馈，逾期未整改的报督导室处理。"
)
LEDGER = (
    "青石镇中心小学食堂食材采购台账，包括大米、面粉、食用油和蔬菜的验收数量、供货商、验收人和留样时间。"
    "验收人每日签字，留样保存四十八小时，发现变质食材立即退货并登记，供货商资质每学期复核一次。"
)
FILES = {
    "通知/正式.txt": NOTICE,
    "通知/改了一处.txt": NOTICE.replace("三月至六月", "四月至六月"),
    "收到的/副本.txt": NOTICE,
    "食堂/台账.txt": LEDGER,
    "食堂/总结.txt": "食堂食材验收情况：供货商资质齐全，验收人按时签字，留样制度落实，蔬菜未见变质。",
    "杂/值班表.txt": "周一张三，周二李四，周三王五，周四赵六，周五孙七。",
    "杂/空.txt": "",
    "杂/也是空.txt": "",
}


@pytest.fixture(params=ENGINES)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ArchiveIndex]:
    root = tmp_path / "档案"
    for number, (name, text) in enumerate(FILES.items()):
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        os.utime(file, (1_600_000_000 + number, 1_600_000_000 + number))
    for name, filler in (("坏.pdf", 1), ("坏的副本.pdf", 1), ("坏而不同.pdf", 2)):
        (root / "杂" / name).write_bytes(b"%PDF-1.7 broken" + bytes([filler]) * 40)
    (root / MARKER_NAME).touch()
    with ArchiveIndex.open(root, tmp_path / "库", engine=request.param) as opened:
        opened.sync()
        yield opened


def names(group: tuple[Duplicate, ...]) -> list[str]:
    return [one.path for one in group]


def test_groups_of_files_that_say_the_same(index: ArchiveIndex) -> None:
    same, broken = index.near_duplicates()
    assert names(same) == ["通知/正式.txt", "通知/改了一处.txt", "收到的/副本.txt"]
    assert [one.identical for one in same] == [True, False, True]
    assert same[0].likeness == same[2].likeness == 1.0 > same[1].likeness >= 0.8
    assert sorted(names(broken)) == ["杂/坏.pdf", "杂/坏的副本.pdf"], "without text only the bytes tell"


def test_duplicates_of_one_file(index: ArchiveIndex) -> None:
    (group,) = index.near_duplicates("通知/改了一处.txt")
    assert names(group) == ["通知/改了一处.txt", "通知/正式.txt", "收到的/副本.txt"]
    assert [one.identical for one in group] == [True, False, False]
    (group,) = index.near_duplicates("收到的/副本.txt")
    assert names(group)[:2] == ["收到的/副本.txt", "通知/正式.txt"], "the same bytes before what is nearly so"
    assert index.near_duplicates("食堂/台账.txt") == ()
    assert index.near_duplicates("杂/空.txt") == (), "empty files are not copies of one another"


def test_a_changed_text_has_another_sketch(index: ArchiveIndex, tmp_path: Path) -> None:
    index.near_duplicates()
    (tmp_path / "档案" / "收到的" / "副本.txt").write_text(LEDGER, encoding="utf-8")
    index.sync()
    found = {names(group)[0]: names(group)[1:] for group in index.near_duplicates()}
    assert found["通知/正式.txt"] == ["通知/改了一处.txt"]
    assert found["食堂/台账.txt"] == ["收到的/副本.txt"]


def test_more_like_this(index: ArchiveIndex) -> None:
    found = index.similar("食堂/台账.txt")
    assert found.hits[0].path == "食堂/总结.txt"
    assert "食堂/台账.txt" not in [hit.path for hit in found.hits], "a file is not like itself"
    assert "杂/值班表.txt" not in [hit.path for hit in found.hits]
    assert found.hits[0].excerpts, "it shows what they have in common"


def test_nothing_is_like_a_file_without_words(index: ArchiveIndex) -> None:
    assert index.similar("杂/坏.pdf").total == 0


@pytest.mark.parametrize("path", ["没有.txt", "../档案/通知/正式.txt", ""])
def test_a_file_that_is_not_there_is_said(index: ArchiveIndex, path: str) -> None:
    for ask in (index.similar, index.near_duplicates):
        with pytest.raises(IndexerError, match="没有收录") as refused:
            ask(path)
        assert "档案文件夹" in refused.value.remedy


def test_members_of_packages_are_compared_too(index: ArchiveIndex, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "档案" / "报送.zip", "w") as package:
        package.writestr("通知.txt", NOTICE)
    index.sync()
    (group,) = index.near_duplicates("通知/正式.txt")
    assert "报送.zip!/通知.txt" in names(group)
