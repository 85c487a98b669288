"""Each rule finds the fault it is for, and a sound document has none."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from dujian_docs.documents import genres, shipped_templates
from dujian_docs.linting import RULES, Level, Names, Person, read
from tests.dujian_docs.linting.papers import (
    MAIN,
    STYLES,
    added,
    changed,
    found,
    letter_home,
    printed,
    report,
    table,
)

NOTICE, REQUEST = "notice_inspection", "request"
FORMS = {"box_label", "duty_table", "visit_record"}
"""Papers that are tables through and through: nothing in them says 公文."""

EDITS = (
    ("P01", MAIN, 'w:w="11906" w:h="16838"', 'w:w="12240" w:h="15840"'),
    ("P02", MAIN, 'w:left="1587"', 'w:left="1800"'),
    ("P02", MAIN, 'w:top="2098"', 'w:top="1440"'),
    ("F01", "word/settings.xml", "<w:evenAndOddHeaders/>", ""),
    ("H01", MAIN, "云教督〔2026〕3号", "云教督[2026]3号"),
    ("H01", MAIN, "云教督〔2026〕3号", "云教督〔2026〕第3号"),
    ("H01", MAIN, "云教督〔2026〕3号", "云教督〔2026〕03号"),
    ("H01", MAIN, "云教督〔2026〕3号", "云教督（2026）3号"),
    ("H01", MAIN, "云教督〔2026〕3号", "云教督〔26〕3号"),
    ("H02", STYLES, '<w:color w:val="FF0000"/>', '<w:color w:val="000000"/>'),
    (
        "T01",
        MAIN,
        '<w:t xml:space="preserve">关于开展2026年',
        '<w:rPr><w:sz w:val="36"/></w:rPr><w:t>关于开展2026年',
    ),
    (
        "T01",
        MAIN,
        '<w:t xml:space="preserve">关于开展2026年',
        '<w:rPr><w:rFonts w:eastAsia="微软雅黑"/></w:rPr><w:t>关于开展2026年',
    ),
    ("T01", MAIN, '<w:pStyle w:val="GwTitle"/>', '<w:pStyle w:val="GwTitle"/><w:jc w:val="left"/>'),
    ("T02", MAIN, "专项督导的通知<", "专项督导的通知。<"),
    ("T03", MAIN, "专项督导的通知<", "专项督导<"),
    ("M01", MAIN, "各有关学校：", "各有关学校:"),
    ("M01", MAIN, "各有关学校：", "　　各有关学校："),
    ("S01", MAIN, "三、督导内容", "四、督导内容"),
    ("S01", MAIN, "三、督导内容", "二、督导内容"),
    ("S01", MAIN, "（三）“双减”", "（四）“双减”"),
    ("S02", MAIN, "三、督导内容", "三.督导内容"),
    ("S02", MAIN, "（二）校园安全", "（二）、校园安全"),
    ("S02", MAIN, "（二）校园安全", "(二)校园安全"),
    (
        "S03",
        MAIN,
        '<w:t xml:space="preserve">三、督导内容',
        '<w:rPr><w:rFonts w:eastAsia="宋体"/></w:rPr><w:t>三、督导内容',
    ),
    ("B01", MAIN, '<w:t xml:space="preserve">为全面了解', '<w:rPr><w:sz w:val="28"/></w:rPr><w:t>为全面了解'),
    (
        "B02",
        MAIN,
        '<w:t xml:space="preserve">为全面了解',
        '<w:rPr><w:rFonts w:eastAsia="宋体"/></w:rPr><w:t>为全面了解',
    ),
    (
        "B03",
        MAIN,
        '<w:pStyle w:val="GwBody"/></w:pPr><w:r><w:t xml:space="preserve">为全面',
        '<w:pStyle w:val="GwBody"/><w:ind w:firstLine="0" w:firstLineChars="0"/></w:pPr><w:r><w:t>为全面',
    ),
    (
        "P03",
        MAIN,
        '<w:pStyle w:val="GwBody"/></w:pPr><w:r><w:t xml:space="preserve">为全面',
        '<w:pStyle w:val="GwBody"/><w:spacing w:line="360" w:lineRule="auto"/></w:pPr><w:r><w:t>为全面',
    ),
    ("C01", MAIN, "为全面了解全县", "为全面了解,全县"),
    ("C06", MAIN, "经研究，", "经研究（县教育局)，"),
    ("C02", MAIN, "为全面了解", "为××了解"),
    ("C02", MAIN, "为全面了解", "为【单位】了解"),
    ("C02", MAIN, "为全面了解", "为{{ purpose }}了解"),
    ("C02", MAIN, "为全面了解", "为None了解"),
    ("C02", MAIN, "为全面了解", "为____了解"),
    ("C03", MAIN, "通知如下：", "通知如下：，"),
    ("C03", MAIN, "2026年3月9日至11日。", "2026年3月9日至11日。。"),
    ("C04", MAIN, "经研究，", "经研究...，"),
    ("C05", MAIN, "2026年3月9日至11日", "26年3月9日至11日"),
    ("C06", MAIN, "经研究，", "经研究（含教学点，"),
    ("C07", MAIN, "“双减”工作落实", '"双减"工作落实'),
    ("C08", MAIN, "2026年3月9日至11日", "２０２６年3月9日至11日"),
    ("C09", MAIN, "经研究，", "昨天研究，"),
    ("C11", MAIN, "经研究，", "依据《条例》、《办法》，"),
    ("C12", MAIN, "经研究，", "抽查10-20%，"),
    ("D01", MAIN, "2026年3月9日至11日", "2026年2月30日至3月1日"),
    ("D04", MAIN, "2026年3月9日至11日", "2026年3月9日（星期三）至11日"),
    ("W01", MAIN, "为全面了解", "为布署和了解"),
    ("W02", MAIN, "为全面了解", "涉及到全面了解"),
    ("W03", MAIN, "为全面了解", "关心差生，为全面了解"),
    ("N01", MAIN, "经研究，", "共抽查12所学校，其中小学5所、初中6所。经研究，"),
    ("N02", MAIN, "经研究，", "抽查的20所学校中有5所未达标，占30%。经研究，"),
    ("A05", MAIN, "经研究，", "名单（见附件9），"),
    ("X02", MAIN, '<w:t xml:space="preserve">为全面了解', "<w:rPr><w:vanish/></w:rPr><w:t>为全面了解"),
    (
        "X01",
        MAIN,
        '<w:r><w:t xml:space="preserve">为全面了解',
        '<w:ins w:id="1" w:author="甲"><w:r><w:t>新</w:t></w:r></w:ins><w:r><w:t>为全面了解',
    ),
    (
        "X04",
        MAIN,
        '<w:pStyle w:val="GwBody"/></w:pPr><w:r><w:t xml:space="preserve">为全面',
        '<w:pStyle w:val="GwBody"/><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>为全面',
    ),
    ("A01", MAIN, "附件：1.", "附件:1."),
    ("A01", MAIN, "督导组成员及日程安排</w:t>", "督导组成员及日程安排；</w:t>"),
    ("A02", MAIN, ">附件2</w:t>", ">附件3</w:t>"),
    ("A03", MAIN, "附件：1.督导组成员", "附件：1.督查组成员"),
    ("A04", STYLES, "<w:pageBreakBefore/>", ""),
    ("R01", MAIN, "县教育体育局。</w:t>", "县教育体育局</w:t>"),
    ("M03", MAIN, "各有关学校：", "县教育体育局、各有关学校："),
    ("H04", MAIN, "云教督〔2026〕3号", "云教督〔2026〕3号</w:t></w:r></w:p><w:p><w:r><w:t>签发人：周明远"),
    (
        "H05",
        MAIN,
        '<w:pStyle w:val="GwCopyNumber"/></w:pPr><w:r><w:t xml:space="preserve">',
        '<w:pStyle w:val="GwCopyNumber"/></w:pPr><w:r><w:t>001',
    ),
)


@pytest.mark.parametrize("genre", [one.name for one in genres([shipped_templates()])])
def test_our_own_documents_are_without_fault(genre: str) -> None:
    told = report(printed(genre))
    assert [(one.rule, one.number, one.words, one.problem) for one in told.findings] == []
    assert told.official is (genre not in FORMS)


@pytest.mark.parametrize(("rule", "part", "old", "new"), EDITS)
def test_a_fault_is_found(rule: str, part: str, old: str, new: str) -> None:
    assert found(changed(printed(NOTICE), part, old, new), rule)


def test_the_rule_under_the_number_is_missed() -> None:
    content = changed(printed("notice_issue"), STYLES, "<w:pBdr>", "<w:pBdr_ >", times=20)
    content = changed(content, STYLES, "</w:pBdr>", "</w:pBdr_ >", times=20)
    plain = changed(content, MAIN, "<w:drawing>", "<w:object>", times=20)
    assert found(changed(plain, MAIN, "</w:drawing>", "</w:object>", times=20), "H03")


def test_a_request_names_one_office_and_its_signer() -> None:
    content = printed(REQUEST)
    assert found(changed(content, MAIN, "签发人", "经办人", times=9), "H04")
    line = next(one for one in read(content).said if one.said.endswith("：") and "签发" not in one.said)
    several = line.said.rstrip("：") + "、县财政局："
    assert found(changed(content, MAIN, line.said, several), "M02")


def test_dates_of_signing_and_printing() -> None:
    content = printed(NOTICE)
    signed = next(line.said for line in read(content).said if line.style == "成文日期")
    assert found(changed(content, MAIN, f">{signed}<", ">二〇二六年三月二日<"), "D02")
    padded = found(changed(content, MAIN, f">{signed}<", ">2026年03月02日<"), "D02")
    assert padded[0].remedy == "改成 2026年3月2日"
    assert found(changed(content, MAIN, f">{signed}<", ">2036年3月2日<"), "D03")
    assert found(changed(content, MAIN, f">{signed}<", "><"), "G01")


def test_the_colophon_is_set_in_fourteen_point() -> None:
    assert found(changed(printed(NOTICE), STYLES, '<w:sz w:val="28"/>', '<w:sz w:val="32"/>', times=9), "R02")


def test_page_numbers() -> None:
    content = printed(NOTICE)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        feet = [
            name
            for name in package.namelist()
            if "footer" in name and name.endswith(".xml") and "PAGE" in package.read(name).decode()
        ]
    plain = bare = content
    for foot in feet:
        plain = changed(plain, foot, "—", "", times=9)
        bare = changed(bare, foot, "PAGE", "DATE", times=9)
    assert found(plain, "F03")
    assert found(bare, "F02")


def test_a_total_that_is_not_the_sum() -> None:
    content = table(("单位", "数量"), ("甲校", "3"), ("乙校", "4"), ("合计", "8"))
    assert [one.problem for one in found(content, "N03")] == ["合计写的是 8，各行之和是 7"]
    assert not found(table(("单位", "数量"), ("甲校", "3"), ("乙校", "4"), ("合计", "7")), "N03")
    assert not found(table(("单位", "比例"), ("甲校", "30"), ("乙校", "40"), ("合计", "35")), "N03")


def test_names_against_the_registers() -> None:
    names = Names(("青溪镇中心小学", "白石镇中心小学", "青溪镇初级中学"), (Person("周明远", "副主任"),))
    slip = added(printed(NOTICE), "请青溪镇中心小字做好准备，联系主任周明远。")
    assert [one.words for one in found(slip, "K01", names=names)] == ["青溪镇中心小字"]
    assert [one.words for one in found(slip, "K02", names=names)] == ["主任周明远"]
    sound = added(printed(NOTICE), "请白石镇中心小学做好准备，联系副主任周明远。")
    assert not found(sound, "K01", names=names)
    assert not found(sound, "K02", names=names)


def test_a_report_asks_for_nothing() -> None:
    content = changed(printed("report_upward"), MAIN, "现将", "妥否，请批示。现将")
    assert found(content, "C10")


def test_a_level_two_heading_is_in_kai() -> None:
    assert found(added(printed(NOTICE), "（一）其他事项"), "S03")


def test_properties_of_another_document() -> None:
    content = changed(printed(NOTICE), "docProps/core.xml", ">关于开展", ">旧稿关于召开")
    assert [one.words[:6] for one in found(content, "X03")] == ["旧稿关于召开"]


def test_the_date_stands_off_the_edge() -> None:
    content = printed(NOTICE)
    line = next(one for one in read(content).said if one.style == "成文日期")
    inset = f'w:rightChars="{line.setting.right_chars}" w:right="{line.setting.right}"'
    assert found(changed(content, MAIN, inset, 'w:rightChars="0" w:right="0"', times=9), "G02")


def test_every_rule_is_tried() -> None:
    source = Path(__file__).read_text("utf-8")
    assert [rule for rule in RULES if f'"{rule}"' not in source] == []


def test_another_document_is_checked_for_its_words_only() -> None:
    told = report(letter_home("今天收到你的来信,部份内容己经看过。"))
    assert not told.official
    assert {one.rule for one in told.findings} == {"C01", "W01"}
    assert all(one.level is Level.ERROR for one in told.findings)
