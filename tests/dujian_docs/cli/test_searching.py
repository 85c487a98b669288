"""``dujian search`` beyond words, ``similar`` and ``duplicates``: what a clerk is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import Run

PLEDGE = (
    "青溪镇人民政府校园安全目标责任书。一、落实一岗双责，镇长为第一责任人。二、每月开展一次隐患排查并建立台账。"
    "三、上下学时段安排护学岗，校门前不得摆摊。四、发现欺凌苗头立即处置，两小时内报告。五、年底对照本书考核，结果通报。"
)


@pytest.fixture
def pledges(synced: Path, run: Run) -> Path:
    folder = synced / "archive" / "待归档"
    (folder / "责任书.txt").write_text(PLEDGE, encoding="utf-8")
    (folder / "责任书（副本）.txt").write_text(PLEDGE, encoding="utf-8")
    (folder / "责任书（改）.txt").write_text(PLEDGE.replace("两小时", "一小时"), encoding="utf-8")
    (folder / "台帐.txt").write_text("隐患排查台帐：河口小学围墙开裂，已加固。", encoding="utf-8")
    assert run("sync").status == 0
    return synced


def test_duplicates_in_groups_and_of_one_file(pledges: Path, run: Run) -> None:
    said = run("duplicates").stdout
    assert "有 1 组重复的文件" in said
    assert "完全相同：待归档/责任书" in said
    assert "% 相同：待归档/责任书（改）.txt" in said
    (group,) = run("duplicates", "待归档/责任书（改）.txt", "--json").data["groups"]
    assert group[0] == {"path": "待归档/责任书（改）.txt", "likeness": 1.0, "identical": True}
    assert {one["path"] for one in group[1:]} == {"待归档/责任书.txt", "待归档/责任书（副本）.txt"}
    assert "没有重复的文件" in run("duplicates", "待归档/台帐.txt").stdout


def test_files_that_speak_of_the_same(pledges: Path, run: Run) -> None:
    done = run("similar", "待归档/台帐.txt")
    assert done.stdout.startswith("与“待归档/台帐.txt”内容相近的文件")
    hits = run("similar", "待归档/台帐.txt", "--json").data["hits"]
    assert "待归档/责任书.txt" in {hit["path"] for hit in hits}
    assert "待归档/台帐.txt" not in {hit["path"] for hit in hits}


@pytest.mark.parametrize("verb", ["similar", "duplicates"])
def test_a_file_that_is_not_there_is_named(pledges: Path, run: Run, verb: str) -> None:
    done = run(verb, "待归档/没有.docx")
    assert done.status != 0
    assert "没有收录“待归档/没有.docx”" in done.stderr
    assert "怎么办：" in done.stderr


def test_synonyms_are_told_and_can_be_left_out(pledges: Path, run: Run) -> None:
    said = run("search", "隐患排查台账").stdout
    assert "也找了：隐患排查台帐（不要的话加 --no-synonyms）" in said
    assert "待归档/台帐.txt（同义）" in said
    without = run("search", "隐患排查台账", "--no-synonyms", "--json").data
    assert "待归档/台帐.txt" not in {hit["path"] for hit in without["hits"]}
    assert without["synonyms"] == []


def test_counts_instead_of_hits(pledges: Path, run: Run) -> None:
    said = run("search", "隐患排查", "--facets").stdout
    assert said.startswith("共 4 个文件\n")
    assert "文件夹：待归档 4" in said
    data = run("search", "责任状", "--facets", "--no-synonyms", "--json").data
    assert data["total"] == 2
    assert dict(data["folders"]) == {"迎检档案": 1, "待归档": 1}
    assert data["states"] == [["indexed", 2]]
    assert (
        run("search", "责任状", "--facets", "--no-synonyms", "--unit", "青溪镇中心小学", "--json").data[
            "total"
        ]
        == 1
    )


def test_other_names_of_bodies_units_and_things_are_found_too(synced: Path, run: Run) -> None:
    folder = synced / "archive" / "待归档"
    (folder / "全称.txt").write_text("云岭县教育体育局关于粉笔采购的批复", encoding="utf-8")
    (folder / "他县.txt").write_text("邻县教育和体育局关于粉笔采购的来函", encoding="utf-8")
    (folder / "写法.txt").write_text("粉笔义务教育均衡开展台帐", encoding="utf-8")
    assert run("sync").status == 0
    found = run("search", "教体局", "粉笔", "--json").data["hits"]
    assert {one["path"]: one["by_synonym"] for one in found} == {
        "待归档/全称.txt": True,
        "待归档/他县.txt": True,
    }
    assert "待归档/写法.txt" in run("search", "均衡发展台账").stdout
    assert "待归档/写法.txt" not in run("search", '"均衡发展台账"', "--no-synonyms").stdout


def test_an_office_has_synonyms_of_its_own(pledges: Path, run: Run) -> None:
    settings = pledges / "dujian.toml"
    text = settings.read_text(encoding="utf-8")
    assert '# synonyms = ""' in text
    settings.write_text(text.replace('# synonyms = ""', 'synonyms = "同义词.txt"'), encoding="utf-8")
    done = run("search", "护学岗")
    assert done.status != 0
    assert "同义词.txt" in done.stderr
    (pledges / "同义词.txt").write_bytes("平安岗=护学岗\r\n".encode("gbk"))
    assert "责任书.txt" in run("search", "平安岗").stdout
