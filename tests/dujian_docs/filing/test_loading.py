"""Filing lists from files: what is read, and what is refused with which words."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook, load_workbook

from dujian_docs.errors import InputInvalid
from dujian_docs.filing import FilingTree, is_filing_list, load_filing_list
from dujian_docs.filing.storing import records_of
from dujian_docs.filing.yaml_source import MOST_BYTES
from dujian_docs.records import FilingList, Indicator, Record, RequiredFile, Scope, Unit, columns_of, kind_of
from dujian_docs.records.cells import cell_value
from dujian_docs.records.workbook_form import write_form


def told(tmp_path: Path, text: str, units: tuple[Unit, ...] = ()) -> str:
    """The problem with a list of that text; fails when there is none."""
    source = tmp_path / "坏.yaml"
    source.write_text(text, encoding="utf-8")
    with pytest.raises(InputInvalid) as refusal:
        load_filing_list(source, units=units)
    return refusal.value.problem


def test_a_list_is_a_tree_in_the_order_of_its_codes(tree: FilingTree) -> None:
    assert [node.code for node in tree.walk()] == ["A1", "B1", "C1", "C2", "A2", "B2", "C3"]
    assert tree.path_of("C2") == "A1-B1-C2"
    assert [file.code for file in tree.required_files()][:3] == ["C1-01", "C1-02", "C2-01"]
    report = tree.required_file("C2-01")
    assert report is not None
    assert tree.years_of(report) == (2024, 2025, 2026)
    assert tree.leaf_codes(["A1"]) == {"C1", "C2"}


def test_c10_comes_after_c9(tmp_path: Path) -> None:
    leaves = "".join(
        f"    - {{code: C{at}, title: t, points: 10, required_files: [{{code: C{at}-01, title: t}}]}}\n"
        for at in (10, 9, 2, 1, 3, 4, 5, 6, 7, 8)
    )
    source = tmp_path / "a.yml"
    source.write_text(
        "code: L\ntitle: t\nyear: 2026\nindicators:\n- code: A1\n  title: t\n  points: 100\n  children:\n"
        f"  - code: B1\n    title: t\n    points: 100\n    children:\n{leaves}",
        encoding="utf-8",
    )
    assert [leaf.code for leaf in load_filing_list(source).leaves()] == [f"C{at}" for at in range(1, 11)]


def test_chinese_keys_unit_names_and_other_spellings(tmp_path: Path, units: tuple[Unit, ...]) -> None:
    source = tmp_path / "中文.yaml"
    source.write_text(
        """\
目录代码: YL
目录名称: 目录
评估年度: 2026年
指标:
- 指标代码: A1
  指标名称: 甲
  分值: 100
  下级指标:
  - 指标代码: B1
    指标名称: 乙
    分值: 100
    下级指标:
    - 指标代码: C1
      指标名称: 丙
      分值: 100
      path: A1-B1-C1
      应备件:
      - {应备件编号: C1-01, 材料名称: 报告, 责任单位: 财政局, 年份: Ｔ－１、T, 格式: pdf、docx}
      - {id: C1-02, title: 图, unit: 各学校, scope: school, seal: true, origin: original,
         match: {any_of: [图]}}
""",
        encoding="gb18030",
    )
    tree = load_filing_list(source, units=units)
    report, picture = tree.required_files()
    assert (report.responsible_unit, report.formats, tree.years_of(report)) == (
        "D001",
        ("pdf", "docx"),
        (2025, 2026),
    )
    assert (picture.scope, picture.responsible_unit, picture.seal_required) == (Scope.SCHOOL, None, True)
    assert (picture.copy_allowed, picture.any_of) == (False, ("图",))


def test_every_fault_is_named_at_once_with_its_line(
    tmp_path: Path, list_text: str, units: tuple[Unit, ...]
) -> None:
    text = (
        list_text.replace("points: 40", "points: 41")
        .replace("code: C3-02", "code: C3-01")
        .replace("also_serves: [C2]", "also_serves: [C9]")
        .replace("years: [T-2, T-1, T]", "years: [T-2, 去年]")
        .replace("responsible_unit: D001", "responsible_unit: 县卫健局")
        .replace("min_count: 2", "min_count: 两件")
    )
    problem = told(tmp_path, text, units)
    for words in (
        "B1 的分值是 70 分，下级指标合计却是 71 分",
        "应备件编号 C3-01 重复（第 38 行、第 39 行）",
        "C1-01 的兼用指标“C9”不在目录里",
        "C2-01 的年份“去年”看不懂",
        "C2-01 的责任单位“县卫健局”不在单位表里",
        "C1-02 的“最少件数”“两件”",
    ):
        assert words in problem
    assert "有 6 处错误" in problem


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("points: 70\n  children", "points: 60\n  children", "一级指标分值合计 90 分，应为总分 100 分"),
        ("code: B2", "code: B1", "指标代码 B1 重复"),
        ("code: C3\n", "code: D3\n", "“指标代码”“D3”"),
        ("points: 40", "points: 四十", "C2 的“分值”“四十”"),
        ("year: 2026", "year: 今年", "“评估年度”“今年”"),
        ("code: YL2026\n", "", "“目录代码”必填"),
        ("  points: 70\n  children", "  point: 70\n  children", "不认识“point”这一项"),
        ("    title: 公开与监督", "    title: 公开与监督\n    parent: A7", "B2 的上级指标“A7”不在目录里"),
        ("    title: 公开与监督", "    title: 公开与监督\n    parent: C1", "B2 的“上级指标”“C1”"),
        ("{code: C3-02", "{code: C2-09", "C2-09 的“三级指标”“C3”"),
    ],
)
def test_one_fault_is_told_once(
    tmp_path: Path, list_text: str, units: tuple[Unit, ...], old: str, new: str, words: str
) -> None:
    assert old in list_text
    assert words in told(tmp_path, list_text.replace(old, new, 1), units)


def test_a_leaf_without_a_required_file_is_a_fault(tmp_path: Path, list_text: str) -> None:
    head, _, _ = list_text.partition("      required_files:\n      - {code: C3-01")
    assert "C3 没有一件应备件" in told(tmp_path, head)


def test_points_may_be_off_by_less_than_a_millionth(tmp_path: Path, list_text: str) -> None:
    source = tmp_path / "a.yaml"
    source.write_text(list_text.replace("points: 40", "points: 40.0000000001"), encoding="utf-8")
    assert load_filing_list(source).code == "YL2026"
    assert "分值" in told(tmp_path, list_text.replace("points: 40", "points: 40.01"))


def test_more_than_twenty_faults_are_counted(tmp_path: Path) -> None:
    rows = "".join(f"- {{code: A{at}, title: t, points: 4}}\n" for at in range(1, 26))
    problem = told(tmp_path, f"code: L\ntitle: t\nyear: 2026\nindicators:\n{rows}")
    assert "有 25 处错误" in problem
    assert "另有 5 处" in problem


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("code: L\n  title: t\n", "第 2 行"),
        ("code: [\n", "第 2 行"),
        ("a: &x [1]\nb: *x\n", "第 1 行不能用 & 和 * 引用"),
        ("code: L\ncode: M\n", "第 2 行“code”写了两次"),
        ("? [a]\n: b\n", "键应是一个词"),
        ("- 1\n", "不是建档目录"),
        ("", "不是建档目录"),
        ("x: " + "[" * 50 + "]" * 50, "嵌套太深"),
        ("x: !!python/object/apply:os.system [ls]\n", "写法不对"),
        ("code: \x07\n", "不是可读的 YAML"),
        ("code: L\ntitle: t\nyear: 2026\nindicators: 全部\n", "“indicators”下面应是一列条目"),
        ("code: L\ntitle: t\nyear: 2026\nindicators: [甲]\n", "“indicators”里的“甲”不是一条记录"),
        ("code: L\ntitle: t\nyear: 2026\n", "没有一个指标"),
    ],
)
def test_bad_yaml_names_the_line(tmp_path: Path, text: str, words: str) -> None:
    assert words in told(tmp_path, text)


def test_a_bomb_is_not_unfolded(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 10)}]" for at in range(1, 30)]
    assert "不能用" in told(tmp_path, "\n".join(lines))


def test_files_that_are_no_lists(tmp_path: Path) -> None:
    (tmp_path / "大.yaml").write_bytes(b"x" * (MOST_BYTES + 1))
    (tmp_path / "乱.yaml").write_bytes(b"\xff\xfe\x00\xff\xff")
    (tmp_path / "目录.doc").write_bytes(b"x")
    (tmp_path / "假.xlsx").write_bytes(b"x")
    for name, words in (
        ("大.yaml", "超过"),
        ("乱.yaml", "不是"),
        ("没有.yaml", "读不出"),
        ("目录.doc", "不是建档目录文件"),
        ("假.xlsx", "假.xlsx"),
    ):
        with pytest.raises(InputInvalid, match=words):
            load_filing_list(tmp_path / name)


def write_workbook(tree: FilingTree, target: Path) -> Path:
    """One workbook with the three sheets of a list."""
    workbook = Workbook()
    workbook.remove(workbook.worksheets[0])
    for name in ("filing_list", "indicator", "required_file"):
        kind = kind_of(name)
        columns = columns_of(kind.model)
        sheet = workbook.create_sheet(kind.title)
        sheet.append([column.title for column in columns])
        for record in records_of(tree):
            if isinstance(record, kind.model):
                sheet.append([cell_value(record, column) for column in columns])
    workbook.save(target)
    return target


def test_a_workbook_of_three_sheets_is_the_same_list(tmp_path: Path, tree: FilingTree) -> None:
    assert load_filing_list(write_workbook(tree, tmp_path / "目录.xlsx")) == tree


def test_the_record_workbooks_together_are_the_same_list(tmp_path: Path, tree: FilingTree) -> None:
    paths = []
    for model in (FilingList, Indicator, RequiredFile):
        rows: list[Record] = [one for one in records_of(tree) if isinstance(one, model)]
        kind = next(
            one for one in map(kind_of, ("filing_list", "indicator", "required_file")) if one.model is model
        )
        paths.append(write_form(kind, tmp_path / f"{kind.title}.xlsx", rows))
    assert load_filing_list(*paths) == tree
    with pytest.raises(InputInvalid, match="目录代码"):
        load_filing_list(paths[1], paths[2])


def test_a_filing_list_is_told_from_a_workbook_of_records(tmp_path: Path, tree: FilingTree) -> None:
    whole = write_workbook(tree, tmp_path / "目录.xlsx")
    rows = [one for one in records_of(tree) if isinstance(one, Indicator)]
    indicators = write_form("指标", tmp_path / "指标.xlsx", rows)
    files = write_form("应备件", tmp_path / "应备件.xlsx", [])
    units = write_form("单位", tmp_path / "单位.xlsx", [])
    assert is_filing_list(whole)
    assert is_filing_list(tmp_path / "任意.yml")
    assert is_filing_list(indicators, files)
    assert not is_filing_list(indicators)
    assert not is_filing_list(units)


def test_a_wrong_cell_is_named_by_sheet_and_row(tmp_path: Path, tree: FilingTree) -> None:
    target = write_workbook(tree, tmp_path / "目录.xlsx")
    workbook = load_workbook(target)
    workbook["指标"]["E4"] = "三十分"
    workbook["应备件"]["B2"] = "#N/A"
    workbook.save(target)
    with pytest.raises(InputInvalid) as refusal:
        load_filing_list(target)
    assert "有 2 处错误" in refusal.value.problem
    assert "“指标”表第 4 行：B1 的“分值”“三十分”" in refusal.value.problem
    assert "“应备件”表 B2（应备件编号）" in refusal.value.problem


def test_a_workbook_without_the_sheets_is_refused(tmp_path: Path) -> None:
    Workbook().save(tmp_path / "空.xlsx")
    with pytest.raises(InputInvalid, match="没有建档目录的表"):
        load_filing_list(tmp_path / "空.xlsx")


def test_the_example_list_has_3_12_26_indicators(tmp_path: Path, shared: Path) -> None:
    """The example's shape is read; it lacks code and year, and its conditional files are refused."""
    example = shared / "domain" / "filing_list_example.yaml"
    with pytest.raises(InputInvalid, match="C19-04 的“最少件数”“0”不能小于 1"):
        load_filing_list(example)
    held = yaml.safe_load(example.read_text(encoding="utf-8"))
    held |= {"code": "EX", "evaluation_year": 2026}
    for leaf in (leaf for a in held["indicators"] for b in a["children"] for leaf in b["children"]):
        leaf["required_files"] = [one for one in leaf["required_files"] if one["min_count"]]
    source = tmp_path / "例.yaml"
    source.write_text(yaml.safe_dump(held, allow_unicode=True), encoding="utf-8")
    tree = load_filing_list(source)
    levels = [sum(node.code[0] == level for node in tree.walk()) for level in "ABC"]
    assert (levels, len(tree.required_files())) == ([3, 12, 26], 88)
    assert sum(root.points for root in tree.roots) == 100
