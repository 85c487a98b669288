"""``dujian issue 问责决定``: no number is spent on a decision that lacks a part."""

from __future__ import annotations

from pathlib import Path

import docx

from tests.conftest import Run

CASE = (
    "案件编号=WZ1",
    "对象类别=被督导单位",
    "被问责单位=青溪镇中心小学",
    "问责情形=整改不力",
    "基本情况=青溪镇中心小学，公办小学",
    "问责事实=通道两次被堵。整改后再次发现",
    "依据=《教育督导问责办法》",
    "问责方式=约谈",
)


def test_a_decision_is_issued_once_it_has_all_five_parts(county: Path, run: Run) -> None:
    assert run("put", "问责案件", *CASE).status == 0
    issue = ("issue", "问责决定", "--record", "问责案件/WZ1")
    run(*issue).refused(4, "WZ1", "缺生效日期", "不能作出问责决定")
    assert run("register").stdout.strip() == "还没有发过文。"
    assert run("put", "问责案件", "案件编号=WZ1", "生效日期=2026年6月22日").status == 0
    done = run(*issue, "--json").data
    text = "\n".join(one.text for one in docx.Document(str(county / "archive" / done["path"])).paragraphs)
    assert "决定对青溪镇中心小学给予约谈。" in text
    assert "本决定自2026年6月22日起生效。" in text
    assert "通道两次被堵。" in text
    run("issue", "问责决定", "--record", "问责案件/WZ9").refused(4, "没有编号为“WZ9”的问责案件")
    run("issue", "问责决定", "--record", "督导活动/DD2026-03").refused(2, "问责案件/编号")
