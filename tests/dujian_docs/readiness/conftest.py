"""A report with every state, and with texts that try to do harm."""

from __future__ import annotations

import hashlib
from datetime import datetime

import pytest

from dujian_docs.filing import CheckResult, IndicatorRow, RequiredFileRow, build_tree, check
from dujian_docs.readiness import GapReport, gap_report
from dujian_docs.records import FilingList, Indicator, RequiredFile, Scope, Unit, UnitType
from indexer import Excerpt, Hit, Item, Passage, SearchResult, State

AS_OF = datetime(2026, 3, 5, 9, 5)
C1, C2 = "迎检档案/A1-B1-C1 教育投入", "迎检档案/A1-B1-C2 校园安全"
HOSTILE = '=HYPERLINK("x")\x1b[31m\u202e.pdf'


def _required(code: str, title: str, **fields: object) -> RequiredFileRow:
    record = RequiredFile.model_validate(
        {"filing_list": "YL", "code": code, "indicator": code[:2], "title": title, **fields}
    )
    return RequiredFileRow(record, code)


@pytest.fixture(scope="session")
def result() -> CheckResult:
    units = [
        Unit(code="D001", name="县财政局", unit_type=UnitType.DEPARTMENT),
        Unit(code="S001", name="青溪镇中心小学", unit_type=UnitType.SCHOOL),
        Unit(code="S002", name="白石镇中心小学", unit_type=UnitType.SCHOOL),
    ]
    indicators = [
        Indicator(filing_list="YL", code=code, title=title, parent=parent, points=points)
        for code, title, parent, points in (
            ("A1", "保障措施", "", 100.0),
            ("B1", "投入与安全", "A1", 100.0),
            ("C1", "教育投入", "B1", 60.0),
            ("C2", "校园安全", "B1", 40.0),
        )
    ]
    tree = build_tree(
        FilingList(code="YL", title="云岭县建档目录", year=2026),
        [IndicatorRow(one, one.code) for one in indicators],
        [
            _required(
                "C1-01",
                "财政决算报告",
                responsible_unit="D001",
                years=("T-2", "T-1", "T"),
                seal_required=True,
            ),
            _required("C1-02", "教育费附加明细", responsible_unit="D001", formats=("pdf",)),
            _required("C1-03", "=1+1", responsible_unit="D001", any_of=("督查通报",)),
            _required("C2-01", "安全责任状", scope=Scope.SCHOOL),
        ],
    )

    def item(path: str, state: State = State.INDEXED) -> Item:
        reason = "文件加了打开密码" if state is State.ENCRYPTED else ""
        return Item(
            path,
            9,
            0,
            hashlib.sha256(path.encode()).hexdigest(),
            state,
            reason,
            reason and "去掉密码后重新提供",
        )

    items = [
        item(f"{C1}/2024/C1-01_2024_县财政局_财政决算报告.pdf"),
        item(f"{C2}/C1-01_2025_县财政局_财政决算报告.pdf"),
        item(f"{C1}/2026/C1-02_2019_县财政局_教育费附加明细.pdf"),
        item(f"{C2}/2026/C2-01_2026_青溪镇中心小学_安全责任状.pdf", State.ENCRYPTED),
        item(f"{C1}/{HOSTILE}"),
        item("待归档/其他.txt"),
        item("来文/1.docx"),
    ]

    def search(query: str, *, limit: int = 20, within: object = None) -> SearchResult:
        found = (Hit("来文/1.docx", 1.0, "", (Excerpt("关于2026年督查通报的说明"),), "query"),)
        hits = found if "督查通报" in query else ()
        return SearchResult(hits, len(hits), "query", "scan")

    def text_of(path: str) -> tuple[Passage, ...]:
        return (Passage("县财政局 关于2026年督查通报的说明"),)

    return check(tree, units, items, [], search=search, text_of=text_of)


@pytest.fixture(scope="session")
def report(result: CheckResult) -> GapReport:
    return gap_report(result, as_of=AS_OF)
