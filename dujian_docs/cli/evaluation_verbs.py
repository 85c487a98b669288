"""evaluate."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.chinese import FILE, FOLDER
from dujian_docs.cli.console import GAPS_REMAIN, Outcome, Session, Verb
from dujian_docs.cli.evaluation_text import as_text
from dujian_docs.cli.opening import opened


@click.command(cls=Verb)
@click.option("--school-year", default="", help="学校统计用哪个学年，如 2025-2026；不写用最新的")
@click.option("--year", type=int, default=0, help="得分、经费、比率用哪一年；不写用评估项目或建档目录的年度")
@click.option("--campaign", default="", help="评估项目代码，定下年度和建档目录")
@click.option("--list", "code", default="", help="得分按哪份建档目录算；只有一个目录时不用写")
@click.option("--output", type=FILE, help="另存计算表（.xlsx）：系统算出的值旁边是活公式，并核对两者一致")
@click.option("--charts", type=FOLDER, help="另存每项指标的图（SVG 和 PNG，A4 版心宽）到这个文件夹")
@click.pass_obj
def evaluate(
    session: Session,
    school_year: str,
    year: int,
    campaign: str,
    code: str,
    output: Path | None,
    charts: Path | None,
) -> Outcome:
    """算差异系数、三个增长、得分和各种比率并判定；有未达标或无法判定的，退出码为 3。"""
    with opened(session) as office:
        found = verbs.evaluate(office, verbs.Asked(school_year, year, campaign, code))
    if output and output.suffix.lower() != ".xlsx":
        raise click.BadParameter("文件名应以 .xlsx 结尾", param_hint="--output")
    written = [verbs.write_evaluation(found, output)] if output else []
    written += verbs.write_charts(found, charts) if charts else ()
    width = max(80, min(shutil.get_terminal_size((100, 24)).columns, 120))
    text = "\n".join([as_text(found, width), *_saved(written)])
    data = verbs.evaluation_json(found) | {"written": [str(path) for path in written]}
    return Outcome(data, text, status=0 if found.clean else GAPS_REMAIN)


def _saved(written: Sequence[Path]) -> Iterator[str]:
    """Where things are; of many files in a folder only how many."""
    folders = Counter(path.parent for path in written if path.suffix != ".xlsx")
    yield from (f"已保存：{path}" for path in written if path.suffix == ".xlsx")
    yield from (f"已保存：{folder} 里 {count} 个图文件" for folder, count in folders.items())


VERBS = (evaluate,)
