"""Each state by its rule: a guess is never a fact."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from dujian_docs.filing import (
    CheckResult,
    ExpectationKey,
    ExpectationState,
    FilingTree,
    Ground,
    Match,
    check,
    expectations,
    name_of,
    place_of,
)
from dujian_docs.records import Assignment, Unit
from indexer import Item, State

C2 = "迎检档案/A1-B1-C2 教育经费三个增长"
REPORT: ExpectationKey = ("C2-01", "D001", 2024)
NAME = "C2-01_2024_县财政局_财政决算报告.pdf"
Made = Callable[..., Item]
Checked = Callable[..., CheckResult]


@pytest.fixture
def checked(tree: FilingTree, units: tuple[Unit, ...]) -> Checked:
    def run(*items: Item, assignments: Sequence[Assignment] = ()) -> CheckResult:
        return check(tree, units, items, assignments)

    return run


def at(result: CheckResult, key: ExpectationKey = REPORT) -> Match:
    found = result.match_of(key)
    assert found is not None
    return found


def assignment(item: Item, key: ExpectationKey = REPORT, *, path: str = "") -> Assignment:
    code, unit, year = key
    return Assignment(
        filing_list="YL2026",
        required_file=code,
        unit=unit,
        year=year,
        sha256=item.sha256,
        path=path or item.path,
    )


def test_nothing_is_there(checked: Checked) -> None:
    result = checked()
    assert {match.state for match in result.matches} == {ExpectationState.MISSING}
    assert not result.complete
    assert at(result).reason == "没有找到"
    assert at(result).next_step == f"请县财政局提供，放入“{C2}/2024”，文件名写成“{NAME}”"


def test_everything_is_there(tree: FilingTree, units: tuple[Unit, ...], checked: Checked, item: Made) -> None:
    due = expectations(tree, units)
    items = [item(f"{place_of(tree, one)}/{name_of(one)}") for one in due]
    items.append(item(items[1].path.replace(".pdf", "(2).pdf")))
    result = checked(*items)
    assert result.complete
    assert result.counts()[ExpectationState.PRESENT] == len(due)
    assert (result.foreign, result.unfiled, result.notes) == ((), (), ())


def test_an_exact_name_in_its_folder_is_present(checked: Checked, item: Made) -> None:
    match = at(checked(item(f"{C2}/2024/{NAME}")))
    assert (match.state, match.reason, match.next_step) == (
        ExpectationState.PRESENT,
        "编号、年份、单位、位置都相符",
        "",
    )
    assert match.remarks == ("须盖章，程序不能判定，请人工核对",)


@pytest.mark.parametrize("state", [State.CORRUPT, State.ENCRYPTED, State.EMPTY, State.REFUSED])
def test_a_file_that_cannot_be_opened_is_unreadable(checked: Checked, item: Made, state: State) -> None:
    match = at(checked(item(f"{C2}/{NAME}", state)))
    assert match.state is ExpectationState.UNREADABLE
    assert match.reason.startswith("文件打不开：")
    assert match.next_step == (
        "去掉密码后重新提供" if state is State.ENCRYPTED else "请县财政局重新提供能打开的文件"
    )


def test_a_scan_counts_with_a_remark(checked: Checked, item: Made) -> None:
    match = at(checked(item(f"{C2}/{NAME}", State.PENDING_OCR)))
    assert match.state is ExpectationState.PRESENT
    assert "扫描件尚无文字，内容请人工核对" in match.remarks


def test_a_vanished_file_never_counts(checked: Checked, item: Made) -> None:
    gone = item(f"{C2}/{NAME}", State.VANISHED)
    result = checked(gone, assignments=[assignment(gone)])
    assert at(result).state is ExpectationState.MISSING
    assert at(result).reason == f"确认过的“{gone.path}”已改动或不在档案里"
    assert result.foreign == ()


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (f"迎检档案/A1-B1-C1 领导机构/{NAME}", "放在 C1 的文件夹里，应在 C2 的文件夹里"),
        (f"迎检档案/{NAME}", "不在任何指标的文件夹里，应在 C2 的文件夹里"),
        (f"待归档/{NAME}", "还在待归档，应在 C2 的文件夹里"),
        (f"{C2}/2025/{NAME}", "文件名写 2024 年，却放在 2025 年的文件夹里"),
    ],
)
def test_the_right_name_in_the_wrong_place(checked: Checked, item: Made, path: str, words: str) -> None:
    result = checked(item(path))
    assert (at(result).state, at(result).reason) == (ExpectationState.WRONG_PLACE, words)
    assert at(result).next_step == f"核对后把它移到“{C2}/2024”"
    assert result.foreign == ()
    assert len(result.unfiled) == path.startswith("待归档")


def test_a_box_of_several_indicators_is_the_right_place(checked: Checked, item: Made) -> None:
    assert not at(checked(item(f"迎检档案/B1 (C1、C2)/{NAME}"))).is_gap


def test_a_year_nobody_asks_for_stands_beside_every_year(checked: Checked, item: Made) -> None:
    old = item(f"{C2}/{NAME.replace('2024', '2019')}")
    result = checked(old)
    for year in (2024, 2025, 2026):
        match = at(result, ("C2-01", "D001", year))
        assert match.state is ExpectationState.WRONG_YEAR
        assert match.reason == "文件是 2019 年的，目录要求 2024、2025、2026 年"
        assert f"请县财政局补交 {year} 年的" in match.next_step


def test_a_year_nobody_asks_for_in_a_year_folder_is_meant_for_that_year(checked: Checked, item: Made) -> None:
    result = checked(item(f"{C2}/2025/{NAME.replace('2024', '2019')}"))
    assert at(result, ("C2-01", "D001", 2025)).state is ExpectationState.WRONG_YEAR
    assert at(result).state is ExpectationState.MISSING


def test_a_year_asked_for_answers_its_own_expectation_only(checked: Checked, item: Made) -> None:
    result = checked(item(f"{C2}/{NAME}"))
    assert at(result, ("C2-01", "D001", 2025)).state is ExpectationState.MISSING


def test_an_old_file_beside_a_complete_row_is_foreign(checked: Checked, item: Made) -> None:
    items = [item(f"{C2}/{NAME.replace('2024', str(year))}") for year in (2019, 2024, 2025, 2026)]
    result = checked(*items)
    assert [one.item for one in result.foreign] == items[:1]
    assert not at(result).is_gap


def test_a_wrong_format_is_only_suggested(checked: Checked, item: Made) -> None:
    match = at(checked(item(f"{C2}/{NAME.replace('.pdf', '.wps')}")))
    assert match.state is ExpectationState.SUGGESTED
    assert match.reason == "格式不符：目录要求 pdf、docx，文件是 wps"
    assert "换成 pdf、docx 格式" in match.next_step


def test_a_draft_beside_a_good_file_is_not_foreign(checked: Checked, item: Made) -> None:
    result = checked(item(f"{C2}/{NAME}"), item(f"{C2}/{NAME.replace('.pdf', '.wps')}"))
    assert not at(result).is_gap
    assert len(at(result).evidence) == 1
    assert result.foreign == ()


def test_a_copy_where_the_original_is_asked_for_is_only_suggested(checked: Checked, item: Made) -> None:
    result = checked(item("迎检档案/A1-B1-C1 领导机构/C1-01_2026_县政府办公室_领导小组文件_复印件.pdf"))
    match = at(result, ("C1-01", "G001", 2026))
    assert (match.state, match.files[0].ground) == (ExpectationState.SUGGESTED, Ground.COPY)
    assert "补交原件" in match.next_step


def test_too_few_files(checked: Checked, item: Made) -> None:
    folder, key = "迎检档案/A1-B1-C1 领导机构", ("C1-02", "G001", 2026)
    one = item(f"{folder}/C1-02_2026_县政府办公室_第1次.pdf")
    same = item(f"{folder}/C1-02_2026_县政府办公室_第2次.pdf", body=one.path)
    other = item(f"{folder}/C1-02_2026_县政府办公室_第3次.pdf")
    assert at(checked(one), key).state is ExpectationState.MISSING
    assert at(checked(one), key).reason == "已有 1 件，应有 2 件"
    assert at(checked(one, same), key).reason == "已有 1 件（内容相同的只算一件），应有 2 件"
    assert not at(checked(one, other), key).is_gap
    locked = item(f"{folder}/C1-02_2026_县政府办公室_第4次.pdf", State.ENCRYPTED)
    partly = at(checked(one, locked), key)
    assert partly.state is ExpectationState.UNREADABLE
    assert partly.reason == "已有 1 件，应有 2 件；文件打不开：文件加了打开密码"
    assert len(partly.evidence) == 1


def test_a_confirmed_file_counts_wherever_it_is(checked: Checked, item: Made) -> None:
    found = item("待归档/扫描0001.pdf")
    result = checked(found, assignments=[assignment(found, path="待归档/旧名.pdf")])
    assert not at(result).is_gap
    assert at(result).evidence[0].ground is Ground.CONFIRMED
    assert at(result).reason == "已由人工确认，确认时在“待归档/旧名.pdf”"
    assert result.unfiled == ()


def test_a_changed_file_is_no_longer_confirmed(checked: Checked, item: Made) -> None:
    before, after = item("待归档/a.pdf", body="甲"), item("待归档/a.pdf", body="乙")
    result = checked(after, assignments=[assignment(before)])
    assert at(result).state is ExpectationState.MISSING
    assert "已改动或不在档案里" in at(result).reason


def test_confirming_does_not_open_a_locked_file(checked: Checked, item: Made) -> None:
    locked, empty = item("a.pdf", State.ENCRYPTED), item("b.pdf", State.EMPTY, size=0)
    for one in (locked, empty):
        assert at(checked(one, assignments=[assignment(one)])).state is ExpectationState.UNREADABLE


def test_a_file_that_programs_cannot_read_counts_when_confirmed(checked: Checked, item: Made) -> None:
    film = item("专题片.mkv", State.REFUSED)
    match = at(checked(film, assignments=[assignment(film)]))
    assert not match.is_gap
    assert "程序没有读到内容，请人工核对" in match.remarks


def test_assignments_of_other_lists_and_of_nothing(checked: Checked, item: Made) -> None:
    found = item("a.pdf")
    elsewhere = assignment(found).model_copy(update={"filing_list": "X"})
    stale = assignment(found).model_copy(update={"year": 2001})
    result = checked(found, assignments=[elsewhere, stale])
    assert at(result).is_gap
    assert result.notes == ("“a.pdf”曾确认为 C2-01（2001 年），目录现在不要求这一件",)


def test_a_picture_that_is_asked_for_counts_unread(checked: Checked, item: Made) -> None:
    key, path = ("C3-01", "S001", 2026), "迎检档案/A2-B2-C3 校园安全/C3-01_2026_青溪镇中心小学_责任状.jpeg"
    match = at(checked(item(path, State.REFUSED)), key)
    assert not match.is_gap
    assert match.remarks == ("程序没有读到内容，请人工核对",)
    assert at(checked(item(path, State.EMPTY, size=0)), key).state is ExpectationState.UNREADABLE


def test_the_same_content_for_two_years_or_schools_is_remarked(checked: Checked, item: Made) -> None:
    first = item(f"{C2}/{NAME}", body="旧件")
    second = item(f"{C2}/{NAME.replace('2024', '2025')}", body="旧件")
    result = checked(first, second)
    assert not at(result).is_gap
    assert "内容与县财政局 2025 年的同名件完全相同，请人工核对" in at(result).remarks


def test_foreign_files_say_why(checked: Checked, item: Made) -> None:
    paths = {
        f"{C2}/C2-09_2024_县财政局_表.pdf": "文件名写的是 C2-09，目录里没有这一件",
        f"{C2}/C2-01_2024_青溪镇_表.pdf": "C2-01 不要求青溪镇提供",
        f"{C2}/会场照片.jpg": "与该指标的应备件都对不上",
        "迎检档案/A1-B1-C9 旧目录/a.pdf": "目录里没有指标 C9",
    }
    result = checked(*[item(path) for path in paths], item("发文/2026/通知.docx"), item("待归档/说明.txt"))
    assert {one.item.path: one.reason for one in result.foreign} == paths
    assert [one.item.path for one in result.unfiled] == ["待归档/说明.txt"]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (f"{C2}/县财政局2024年C2-01决算.pdf", "编号 C2-01、2024 年、县财政局"),
        (f"{C2}/C2-01/2024/决算.pdf", "编号 C2-01、2024 年"),
        (f"{C2}/2024/财政决算（定稿）.docx", "“财政决算”、2024 年"),
        (f"{C2}/2024/財政決算.docx", "“财政决算”、2024 年"),
        ("待归档/财政局二〇二四年决算说明.pdf", "“决算说明”、2024 年、县财政局"),
    ],
)
def test_a_name_that_only_hints_is_suggested(checked: Checked, item: Made, path: str, said: str) -> None:
    match = at(checked(item(path)))
    assert (match.state, match.files[0].ground) == (ExpectationState.SUGGESTED, Ground.NAME)
    assert match.reason == f"名称里有{said}，但不合“编号_年份_单位_名称”的写法"
    assert match.next_step.startswith("打开核对：属实就确认")


@pytest.mark.parametrize(
    "path",
    [
        f"{C2}/青溪镇2024年C2-01决算.pdf",  # names a unit that is not asked
        f"{C2}/C2-01决算.pdf",  # three years are asked for, and it names none
        f"{C2}/2019/财政决算.docx",
        "发文/2024年财政决算.docx",  # neither in the indicator's folder nor in the inbox
    ],
)
def test_a_name_that_says_too_little_is_not_suggested(checked: Checked, item: Made, path: str) -> None:
    assert at(checked(item(path))).state is ExpectationState.MISSING


def test_the_worse_trouble_is_told_first(checked: Checked, item: Made) -> None:
    hint = item("待归档/县财政局2024年财政决算报告.pdf")
    old = item(f"{C2}/{NAME.replace('2024', '2019')}")
    moved = item(f"迎检档案/{NAME}")
    locked = item(f"{C2}/2024/{NAME}", State.ENCRYPTED)
    order = [
        ([hint], ExpectationState.SUGGESTED),
        ([hint, old], ExpectationState.WRONG_YEAR),
        ([hint, old, moved], ExpectationState.WRONG_PLACE),
        ([hint, old, moved, locked], ExpectationState.UNREADABLE),
    ]
    for items, state in order:
        match = at(checked(*items))
        assert match.state is state
        assert len(match.files) == len(items)


def test_an_unfiled_file_says_what_it_may_be(checked: Checked, item: Made) -> None:
    result = checked(item("待归档/县财政局2024年财政决算报告.pdf"))
    assert result.unfiled[0].reason == "还没有归入指标，疑似 C2-01 财政决算报告（县财政局，2024年）"


def test_also_serves_is_listed_and_satisfies_nothing(checked: Checked, item: Made) -> None:
    result = checked(item("迎检档案/A1-B1-C1 领导机构/C1-01_2026_县政府办公室_文件.pdf"))
    assert [match.expectation.code for match in result.serving("C2")] == ["C1-01"]
    assert at(result).state is ExpectationState.MISSING


def test_a_result_is_narrowed_without_losing_truth(checked: Checked, item: Made) -> None:
    result = checked(item(f"{C2}/{NAME}"), item(f"{C2}/x.jpg"), item("迎检档案/A2-B2-C3 校园安全/y.jpg"))
    part = result.narrowed(units=["D001"], years=[2024])
    assert part.complete
    assert {match.expectation.key for match in part.matches} == {REPORT}
    assert {one.item.path for one in result.narrowed(indicators=["A2"]).foreign} == {
        "迎检档案/A2-B2-C3 校园安全/y.jpg"
    }


def test_a_partial_check_calls_nothing_foreign_that_the_list_asks_for(
    tree: FilingTree, units: tuple[Unit, ...], item: Made
) -> None:
    from dujian_docs.filing import match

    due = expectations(tree, units, [2025])
    assert match(tree, due, [item(f"{C2}/{NAME}")], [], units).foreign == ()


def test_the_order_of_the_files_does_not_matter(checked: Checked, item: Made) -> None:
    items = [
        item(f"{C2}/{NAME}"),
        item(f"{C2}/{NAME.replace('2024', '2019')}"),
        item(f"{C2}/x.jpg"),
        item("待归档/县财政局2025年财政决算.pdf"),
        item("待归档/财政局2025财政决算(2).pdf"),
    ]
    assert checked(*items) == checked(*reversed(items))
