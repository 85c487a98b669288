"""check, confirm, bundle, verify."""

from __future__ import annotations

import shutil
from pathlib import Path

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.chinese import FILE
from dujian_docs.cli.console import GAPS_REMAIN, Outcome, Session, Verb
from dujian_docs.cli.opening import opened


@click.command(cls=Verb)
@click.option("--list", "code", default="", help="建档目录代码；只有一个目录时不用写")
@click.option("--unit", "units", multiple=True, help="只看这些单位（代码、名称或别名，可写多次）")
@click.option("--year", "years", type=int, multiple=True, help="只看这些年份（可写多次）")
@click.option("--indicator", "indicators", multiple=True, help="只看这些指标，如 A1、B3、C12（可写多次）")
@click.option("--all", "show_all", is_flag=True, help="齐的也列出来")
@click.option("--no-suggest", is_flag=True, help="不按内容找疑似材料，快一些")
@click.option("--xlsx", type=FILE, help="另存 Excel 报告")
@click.option("--docx", type=FILE, help="另存可打印的 Word 报告")
@click.pass_obj
def check(
    session: Session,
    code: str,
    units: tuple[str, ...],
    years: tuple[int, ...],
    indicators: tuple[str, ...],
    show_all: bool,
    no_suggest: bool,
    xlsx: Path | None,
    docx: Path | None,
) -> Outcome:
    """对照建档目录核验：齐、缺、年份不符、位置不对、打不开、疑似、目录外。还有缺件时退出码为 3。"""
    with opened(session) as office, session.progress() as progress:
        result = verbs.check(
            office,
            verbs.Wanted(code, units, years, indicators),
            suggest_too=not no_suggest,
            report=progress,
        )
        report = verbs.report_of(office, result)
        written = verbs.write_reports(report, xlsx=xlsx, docx=docx)
    text = verbs.as_table(
        report, width=max(60, min(shutil.get_terminal_size((80, 24)).columns, 120)), full=show_all
    )
    if written:
        text += "\n" + "\n".join(f"报告已保存：{path}" for path in written)
    return Outcome(
        verbs.as_json(report, every=show_all),
        text,
        status=0 if result.complete else GAPS_REMAIN,
        warnings=result.notes,
    )


@click.command(cls=Verb)
@click.argument("required_file", metavar="应备件编号")
@click.argument("path", metavar="档案里的文件")
@click.option("--unit", required=True, help="单位的代码、名称或别名")
@click.option("--year", type=int, required=True, help="年份")
@click.option("--list", "code", default="", help="建档目录代码；只有一个目录时不用写")
@click.option("--note", default="", help="说明")
@click.option("--dry-run", is_flag=True, help="只看会确认什么")
@click.pass_obj
def confirm(
    session: Session, required_file: str, path: str, unit: str, year: int, code: str, note: str, dry_run: bool
) -> Outcome:
    """确认一份材料就是某个应备件；此后按内容认它，改名、移动都算数。"""
    with opened(session) as office:
        plan = verbs.plan_confirmation(
            office, code=code, required_file=required_file, unit=unit, year=year, path=path, note=note
        )
        if not dry_run:
            verbs.apply_confirmation(office, plan)
    data = {**plan.assignment.model_dump(mode="json"), "confirmed": not dry_run}
    head = "将确认" if dry_run else "已确认"
    return Outcome(data, f"{head}：{plan.assignment.path} 就是 {plan.expectation.label}")


@click.command(cls=Verb)
@click.argument("target", metavar="迎检包.zip", type=FILE)
@click.option("--list", "code", default="", help="建档目录代码；只有一个目录时不用写")
@click.option("--unit", "units", multiple=True, help="只装这些单位（可写多次）")
@click.option("--year", "years", type=int, multiple=True, help="只装这些年份（可写多次）")
@click.option("--indicator", "indicators", multiple=True, help="只装这些指标，如 A1、B3、C12（可写多次）")
@click.option("--no-pdf", is_flag=True, help="合订本只收原有的 PDF，不转换 Word 和表格，快一些")
@click.option("--dry-run", is_flag=True, help="只看会装什么")
@click.pass_obj
def bundle(
    session: Session,
    target: Path,
    code: str,
    units: tuple[str, ...],
    years: tuple[int, ...],
    indicators: tuple[str, ...],
    no_pdf: bool,
    dry_run: bool,
) -> Outcome:
    """编迎检包：按指标顺序装齐的材料、卷内目录、缺件说明、校验清单、可直接打开的目录页和合订本。"""
    with opened(session) as office, session.progress() as progress:
        plan = verbs.plan_bundle(office, verbs.Wanted(code, units, years, indicators), report=progress)
        counts = {"files": len(plan.files), "size_bytes": plan.size_bytes, "gaps": len(plan.gaps)}
        size = f"{plan.size_bytes / 1024**2:.1f} MB"
        head = f"材料 {len(plan.files)} 件，{size}；未齐 {len(plan.gaps)} 项（见缺件说明）"
        if dry_run:
            paths = [file.path for file in plan.files]
            return Outcome(
                {**counts, "paths": paths}, "\n".join([f"将装入：{head}", *(f"  {path}" for path in paths)])
            )
        done = verbs.apply_bundle(office, plan, target, merged=not no_pdf, report=progress)
    return _bundled(done, head, gaps=len(plan.gaps))


def _bundled(done: verbs.DossierReport, head: str, *, gaps: int) -> Outcome:
    lines = [
        f"迎检包已编好：{done.path}",
        head,
        f"合订本 {done.merged_pages} 页；校验值 {done.seal}（另存一处，日后可证明没有改动）",
    ]
    lines += [f"  没有装入 {one.source}：{one.reason}" for one in done.not_included]
    lines += [f"  没有合订 {path}：{reason}" for path, reason in done.not_merged]
    data = {
        "path": str(done.path),
        "sha256": done.sha256,
        "seal": done.seal,
        "files": done.files,
        "gaps": done.gaps,
        "merged_pages": done.merged_pages,
        "not_included": [{"path": one.source, "reason": one.reason} for one in done.not_included],
        "not_merged": [{"path": path, "reason": reason} for path, reason in done.not_merged],
    }
    return Outcome(data, "\n".join(lines), status=GAPS_REMAIN if gaps or done.not_included else 0)


@click.command(cls=Verb)
@click.argument("package", metavar="迎检包.zip", type=FILE)
@click.option("--seal", default="", help="编包时记下的校验值；给出它，连清单被换也能发现")
def verify(package: Path, seal: str) -> Outcome:
    """复核一个迎检包：少了、改了、多了哪些文件。"""
    report = verbs.verify(package, seal=seal)
    data = {
        "package": str(package),
        "intact": report.intact,
        "files": report.files,
        "seal": report.seal,
        "findings": [
            {"fault": one.fault.value, "path": one.path, "message": one.message} for one in report.findings
        ],
    }
    if report.intact:
        return Outcome(
            data, f"完好：{package}，{report.files} 个文件与校验清单逐一相符；校验值 {report.seal}"
        )
    lines = [f"有 {len(report.findings)} 处不符：", *(f"  {one.message}" for one in report.findings)]
    return Outcome(data, "\n".join(lines), status=GAPS_REMAIN)


VERBS = (check, confirm, bundle, verify)
