"""Every genre's sample and every layout, measured on LibreOffice's pages by the rules of the standard."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pdfplumber
import pytest

from dujian_docs.documents import Genre, Soffice, genres, shipped_templates
from dujian_docs.documents.blueprints import template_of
from dujian_docs.documents.convert import installed_fonts
from dujian_docs.documents.fonts import FULL_SET
from dujian_docs.documents.genre_plan import Layout
from tests.dujian_docs.documents.measuring import (
    BEGIN,
    MM,
    PAGE,
    facts_of,
    ink,
    lines_of,
    red,
    rendered,
    text_of,
)

SHIPPED = tuple(sorted(folder.parent.name for folder in shipped_templates().glob("*/genre.toml")))
LAYOUTS = tuple(layout.name.lower() for layout in Layout)
LONG = "各学校要健全制度压实责任把教育教学常规管理落到实处"
PLAN = """
title = "试排{layout}"
layout = "{layout}"
fields = [
  {{name = "title", label = "标题", required = true}},
  {{name = "main_to", label = "主送机关"}},
  {{name = "body", label = "正文", kind = "列表"}},
  {{name = "rows", label = "分工", kind = "表格", columns = ["number", "name", "rest"]}},
  {{name = "present", label = "出席"}},
  {{name = "absent", label = "请假"}},
  {{name = "observers", label = "列席"}},
]
"""
OUTLINE = """{words}
- body
--- 第一件附件
正文一段。
---横 很宽的任务分工表
| rows
  序号 | 3 | number | 中
  名称 | * | name
  备注 | 8 | rest
--- 第三件附件
结尾。
"""
MORE = {
    "上行文": 'cosigners = ["李静", "王海涛", "欧阳文静", "赵敏"]',
    "联合行文": 'offices = ["云岭县人民政府教育督导室", "云岭县教育体育局", "云岭县市场监督管理局"]',
    "纪要": f'present = "{"、".join(["周明远", "李静", "欧阳文静"] * 4)}"\nabsent = "高洁"',
    "命令": 'sign_title = "县长"',
}
WORDS = {"纪要": "@attendance"}


def made_up(folder: Path, layout: Layout) -> Genre:
    """A genre of that layout: two pages of body text and three annexes, the second lying."""
    folder.mkdir()
    (folder / "genre.toml").write_text(PLAN.format(layout=layout.value), "utf-8")
    (folder / "outline.txt").write_text(OUTLINE.format(words=WORDS.get(layout.value, "")), "utf-8")
    rows = "\n".join(f'["{number}", "青溪镇第{number}小学", "无"],' for number in range(1, 31))
    (folder / "sample.toml").write_text(
        f'{MORE.get(layout.value, "")}\ntitle = "关于试排各种版式的公文"\nmain_to = "各有关学校"\n'
        f'body = ["{LONG * 30}", "短段。"]\nrows = [{rows}]\n',
        "utf-8",
    )
    (folder / "template.docx").write_bytes(template_of(folder))
    return Genre.load(folder)


@pytest.fixture(scope="module")
def soffice(need_program: Callable[[str], str]) -> Soffice:
    program = Soffice(Path(need_program("soffice")))
    missing = set(FULL_SET) - installed_fonts()
    if missing:
        if os.environ.get("DUJIAN_REQUIRE_ALL") == "1":
            pytest.fail(f"缺少字体 {missing}，而这里要求全部可选程序都在")
        pytest.skip(f"没有字体 {missing}，跳过")
    return program


@pytest.fixture(scope="module")
def made(soffice: Soffice, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, tuple[Path, Layout]]:
    """The PDF and the layout of every shipped genre's sample and of a made-up genre of each layout."""
    folder = tmp_path_factory.mktemp("measured")
    shutil.copy(shipped_templates() / "sample_frame.toml", folder)
    wanted = [*genres([shipped_templates()])]
    wanted += [made_up(folder / layout.name.lower(), layout) for layout in Layout]
    pdfs = rendered(wanted, folder, soffice)
    return {genre.name: (pdfs[genre.name], genre.layout) for genre in wanted}


@pytest.mark.parametrize("name", [*SHIPPED, *LAYOUTS])
def test_the_pages_are_as_the_standard_wants_them(made: Mapping[str, tuple[Path, Layout]], name: str) -> None:
    facts = list(facts_of(*made[name]))
    assert [fact for fact in facts if not fact.kept] == []
    rules = {fact.rule for fact in facts}
    assert {"用纸宽", "文字超出版心右边"} <= rules
    assert ("红色分隔线长" in rules) == (
        made[name][1] in {Layout.RED_HEAD, Layout.UPWARD, Layout.JOINT, Layout.MINUTES}
    )
    if name in LAYOUTS:
        assert {"每行字数", "行距（磅；每面 22 行）"} <= rules


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_lying_annex_stands_between_upright_ones(
    made: Mapping[str, tuple[Path, Layout]], name: str
) -> None:
    with pdfplumber.open(made[name][0]) as pdf:
        lying = [page.width > page.height for page in pdf.pages]
        heads = ["".join(text_of(lines[0]).split()) for page in pdf.pages if (lines := lines_of(page))]
        tables = [page for page in pdf.pages if page.width > page.height]
        repeated = [text_of(line) for page in tables for line in lines_of(page) if "序号" in text_of(line)]
    first, last = lying.index(True), len(lying) - 1 - lying[::-1].index(True)
    assert lying == [False] * first + [True] * (last - first + 1) + [False] * (len(lying) - last - 1)
    assert first > 0
    assert last < len(lying) - 1
    assert [head for head in heads if re.fullmatch(r"附件\d", head)] == ["附件1", "附件2", "附件3"]
    assert len(repeated) == len(tables) > 1


def test_four_cosigners_stand_in_rows_of_two_above_the_number(
    made: Mapping[str, tuple[Path, Layout]],
) -> None:
    with pdfplumber.open(made["upward"][0]) as pdf:
        lines = [line for line in lines_of(pdf.pages[0]) if "云教督〔" in text_of(line) or _has_name(line)]
    shown = [text_of(line).replace(" ", "") for line in lines]
    assert shown == ["签发人：周明远李静", "王海涛欧阳文静", "云教督〔2026〕18号赵敏"]
    starts = [_start(line, name) for line, name in zip(lines, ("周明远", "王海涛", "赵敏"), strict=True)]
    assert max(starts) - min(starts) < 0.5
    assert abs(_start(lines[0], "李静") - _start(lines[1], "欧阳文静")) < 0.5
    assert 184 - max(float(char["x1"]) for char in lines[1]) / MM == pytest.approx(315 / 20 / MM, abs=0.6)
    assert "Kai" in lines[1][0]["fontname"]
    number = next(char for char in lines[2] if char["text"] == "云")
    assert float(number["x0"]) / MM == pytest.approx(28 + 315 / 20 / MM, abs=0.4)


def test_joint_offices_fit_their_lines_and_sign_in_order(made: Mapping[str, tuple[Path, Layout]]) -> None:
    offices = ("云岭县人民政府教育督导室", "云岭县教育体育局", "云岭县市场监督管理局")
    pdf = made["joint"][0]
    with pdfplumber.open(pdf) as opened:
        words = [text_of(line).replace(" ", "") for page in opened.pages for line in lines_of(page)]
    head = words[:4]
    assert [office for office in offices if any(office in line for line in head)] == list(offices)
    assert any("文件" in line for line in head)
    signed = [words.index(office, 4) for office in offices]
    assert signed == sorted(signed)
    assert words[signed[-1] + 1] == "2026年11月20日"
    bands = [band for band in ink(pdf, 0, red).bands() if band[1] - band[0] > 3]
    assert min(band[2] for band in bands) >= 28


def test_minutes_name_who_was_there_with_names_under_each_other(
    made: Mapping[str, tuple[Path, Layout]],
) -> None:
    with pdfplumber.open(made["minutes"][0]) as pdf:
        lines = [line for page in pdf.pages for line in lines_of(page)]
    at = next(index for index, line in enumerate(lines) if text_of(line).startswith("出席："))
    first, below = lines[at], lines[at + 1]
    assert "Hei" in first[0]["fontname"]
    assert "Fang" in first[3]["fontname"]
    assert float(first[0]["x0"]) / MM == pytest.approx(28 + 2 * 315 / 20 / MM, abs=0.6)
    assert float(below[0]["x0"]) == pytest.approx(float(first[3]["x0"]), abs=2)
    shown = [text_of(line) for line in lines]
    assert any(line.startswith("请假：高洁") for line in shown)
    assert not any("列席" in line for line in shown), "nobody was there as an observer"


def test_an_order_has_no_title_and_its_signer_below(made: Mapping[str, tuple[Path, Layout]]) -> None:
    with pdfplumber.open(made["order"][0]) as pdf:
        lines = [text_of(line).replace(" ", "") for page in pdf.pages for line in lines_of(page)]
    assert not any("关于试排" in line for line in lines)
    assert "县长　周明远".replace("　", "") in {line.replace("　", "") for line in lines}


def test_a_letter_has_no_number_on_its_first_page(made: Mapping[str, tuple[Path, Layout]]) -> None:
    with pdfplumber.open(made["letter"][0]) as pdf:
        first, second = (text_of(lines_of(page)[-1]).replace(" ", "") for page in pdf.pages[:2])
    assert not first.startswith("—")
    assert second == "—2—"


def test_the_measured_table_has_nothing_out_of_bounds() -> None:
    rows = [row for row in PAGE.read_text("utf-8").partition(BEGIN)[2].splitlines() if row.startswith("| ")]
    assert len(rows) > 10
    assert [row for row in rows[1:] if not row.endswith("| 0 |")] == []


def _has_name(line: list[dict[str, object]]) -> bool:
    return any(name in text_of(line) for name in ("周明远", "王海涛", "赵敏"))


def _start(line: list[dict[str, object]], name: str) -> float:
    shown = text_of(line)
    return float(str(line[shown.index(name)]["x0"]))
