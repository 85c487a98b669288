"""How often the check speaks up: on our own samples, and on documents from elsewhere.

``python -m tests.dujian_docs.linting.alarms`` writes the table of docs/analysis/lint.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from dujian_docs.documents import genres, shipped_templates
from dujian_docs.errors import InputInvalid
from dujian_docs.linting import Level, Report, lint, read
from tests.dujian_docs.linting.papers import printed

PAGE = Path(__file__).resolve().parents[3] / "docs/analysis/lint.md"
BEGIN, END = "<!-- 以下由程序写 -->", "<!-- 以上由程序写 -->"
ELSEWHERE = Path(__file__).resolve().parents[4] / "shared/data/files"


@dataclass(frozen=True)
class Alarms:
    """What was found in a set of documents."""

    reports: tuple[Report, ...]
    unread: int

    def count(self, level: Level) -> int:
        """Findings of a level."""
        return sum(one.count(level) for one in self.reports)

    @property
    def rules(self) -> Counter[str]:
        """How often each rule spoke."""
        return Counter(found.rule for one in self.reports for found in one.findings)


def ours() -> Alarms:
    """The sample of every genre."""
    return _alarms(printed(genre.name) for genre in genres([shipped_templates()]))


def elsewhere(folder: Path) -> Alarms:
    """Every .docx of a folder."""
    return _alarms(path.read_bytes() for path in sorted(folder.glob("*.docx")))


def _alarms(contents: Iterable[bytes]) -> Alarms:
    reports, unread = [], 0
    for content in contents:
        try:
            reports.append(lint(read(content)))
        except InputInvalid:
            unread += 1
    return Alarms(tuple(reports), unread)


def table(named: Sequence[tuple[str, Alarms]]) -> str:
    """A row for each set."""
    lines = [
        "| 文件 | 份数 | 打不开 | 认作公文 | 错误 | 疑似 | 提示 | 哪些规则 |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, alarms in named:
        counts = "｜".join(str(alarms.count(level)) for level in Level).replace("｜", " | ")
        official = sum(one.official for one in alarms.reports)
        rules = "、".join(f"{rule} {times}" for rule, times in alarms.rules.most_common()) or "（无）"
        every = len(alarms.reports) + alarms.unread
        lines.append(f"| {name} | {every} | {alarms.unread} | {official} | {counts} | {rules} |")
    return "\n".join(lines)


def main() -> None:
    """Writes the table into the page."""
    told = table([("各文种的样例", ours()), ("各开源项目的 .docx", elsewhere(ELSEWHERE))])
    text = PAGE.read_text("utf-8")
    before, behind = text[: text.index(BEGIN) + len(BEGIN)], text[text.index(END) :]
    PAGE.write_text(f"{before}\n{told}\n{behind}", "utf-8")


if __name__ == "__main__":
    main()
