"""``dujian lint`` and ``lint-template``: what a clerk sees of a file and of a template of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from dujian_docs.documents import shipped_templates
from tests.conftest import Run
from tests.dujian_docs.linting.papers import MAIN, added, changed, letter_home, printed

Need = Callable[[str], str]


@pytest.fixture
def wrong(county: Path) -> Path:
    """A notice with three faults, in a folder of the workspace."""
    content = changed(printed("notice_inspection"), MAIN, "云教督〔2026〕3号", "云教督[2026]3号")
    content = changed(content, MAIN, "三、督导内容", "四、督导内容")
    path = county / "来文" / "通知.docx"
    path.parent.mkdir()
    path.write_bytes(added(content, "请青溪镇中心小字做好准备。"))
    return path


def test_each_finding_has_its_place_clause_and_remedy(wrong: Path, run: Run) -> None:
    done = run("lint", str(wrong), "--json")
    assert done.status == 3
    (file,) = done.data["files"]
    assert (file["official"], file["kind"]) == (True, "通知")
    by_rule = {one["rule"]: one for one in file["findings"]}
    assert set(by_rule) == {"H01", "S01", "K01"}
    assert by_rule["H01"]["remedy"] == "写成 云教督〔2026〕3号"
    assert by_rule["H01"]["clause"] == "GB/T 9704-2012 7.2.5"
    assert by_rule["H01"]["fixable"] is True
    assert "青溪镇中心小学" in by_rule["K01"]["problem"], "names are held against the workspace's units"
    assert all(one["paragraph"] for one in file["findings"])


def test_pages_are_those_of_the_printed_document(
    wrong: Path, run: Run, need_program: Callable[[str], str]
) -> None:
    need_program("soffice")
    found = run("lint", str(wrong), "--json").data["files"][0]["findings"]
    assert [(one["rule"], one["page"]) for one in found] == [("H01", 1), ("K01", 1), ("S01", 2), ("S01", 2)]
    assert "第 1 页第 2 段" in run("lint", str(wrong)).said


def test_the_corrected_copy_stands_beside_and_the_file_is_untouched(wrong: Path, run: Run) -> None:
    before = wrong.read_bytes()
    done = run("lint", str(wrong), "--fix", "--no-pages")
    assert "改好了 1 处" in done.said
    assert wrong.read_bytes() == before
    copy = wrong.with_name("通知_已改.docx")
    rules = {
        one["rule"] for one in run("lint", str(copy), "--no-pages", "--json").data["files"][0]["findings"]
    }
    assert rules == {"S01", "K01"}
    assert "通知_已改(2).docx" in run("lint", str(wrong), "--fix", "--no-pages").said, (
        "no copy is overwritten"
    )


def test_a_folder_goes_on_past_what_cannot_be_read(wrong: Path, run: Run) -> None:
    (wrong.parent / "坏.docx").write_bytes(b"PK no")
    (wrong.parent / "~$通知.docx").write_bytes(b"lock")
    done = run("lint", str(wrong.parent), "--no-pages", "--json")
    assert done.status == 3
    names = {Path(one["path"]).name: one for one in done.data["files"]}
    assert set(names) == {"坏.docx", "通知.docx"}
    assert names["坏.docx"]["problem"] == "不是能打开的 .docx 文件"
    assert len(names["通知.docx"]["findings"]) == 4


def test_only_what_was_asked_for(wrong: Path, run: Run) -> None:
    def rules(*words: str) -> set[str]:
        found = run("lint", str(wrong), "--no-pages", "--json", *words).data["files"][0]["findings"]
        return {one["rule"] for one in found}

    assert rules("--level", "错误") == {"H01", "S01"}
    assert rules("--rule", "k") == {"K01"}
    assert rules("--any") == {"S01", "K01"}


def test_a_sound_file_and_one_that_is_no_document_of_an_office(county: Path, run: Run) -> None:
    (county / "好.docx").write_bytes(printed("notice_issue"))
    (county / "信.docx").write_bytes(letter_home("你好，来信收到了。"))
    done = run("lint", "好.docx", "信.docx", "--no-pages")
    assert done.status == 0
    assert "【好.docx】没有发现问题" in done.said
    assert "看不出是公文" in done.said
    assert run("lint", "信.docx", "--official", "--no-pages").status == 3


def test_outside_of_a_workspace_the_text_is_checked_all_the_same(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "信.docx").write_bytes(letter_home("部份内容。"))
    done = run("lint", "信.docx", "--no-pages", "--json")
    assert [one["rule"] for one in done.data["files"][0]["findings"]] == ["W01"]


def test_what_is_not_there(county: Path, run: Run) -> None:
    (county / "空").mkdir()
    assert run("lint", "没有.docx").status == 2
    assert run("lint", "空").status == 2
    assert run("lint").status == 2
    assert "H01" in run("lint", "--rules").said


def test_shipped_templates_are_sound(county: Path, run: Run) -> None:
    done = run("lint-template")
    assert done.status == 0
    assert "都没有问题" in done.said


def _own(county: Path, old: str, new: str) -> None:
    folder = county / "templates" / "notice_issue"
    shutil.copytree(shipped_templates() / "notice_issue", folder, dirs_exist_ok=True)
    template = folder / "template.docx"
    template.write_bytes(changed(template.read_bytes(), MAIN, old, new))


def test_a_broken_tag_is_told_with_page_and_paragraph(
    county: Path, run: Run, need_program: Callable[[str], str]
) -> None:
    need_program("soffice")
    _own(county, "{{ main_to }}", "{{ mian_to }}")
    done = run("lint-template", "notice_issue", "--json")
    assert done.status == 3
    (found,) = done.data["genres"][0]["findings"]
    assert found["page"] == 1
    assert found["paragraph"] > 0
    assert "mian_to" in found["problem"]
    assert "main_to" in found["remedy"]


def test_a_margin_that_was_moved_is_told(county: Path, run: Run) -> None:
    _own(county, 'w:left="1587"', 'w:left="1800"')
    done = run("lint-template", "印发通知")
    assert done.status == 3
    assert "订口（左边距）是 31.7 mm，应为 28 mm" in done.said
