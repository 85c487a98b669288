"""lint, lint-template."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.chinese import PATH
from dujian_docs.cli.console import GAPS_REMAIN, Outcome, Session, Verb
from dujian_docs.cli.opening import now, opened
from dujian_docs.documents import soffice_path
from dujian_docs.errors import UsageInvalid
from dujian_docs.linting import RULES, Finding, Level, Names
from dujian_docs.readiness.display import shown

_LEVELS = {"错误": (Level.ERROR,), "疑似": (Level.ERROR, Level.SUSPECT), "提示": tuple(Level)}


@click.command(cls=Verb)
@click.argument("sources", metavar="文件或文件夹…", nargs=-1, type=PATH)
@click.option(
    "--level", type=click.Choice(list(_LEVELS)), default="提示", help="只看到哪一级：错误、疑似、提示"
)
@click.option("--rule", "only", multiple=True, metavar="编号", help="只看这些规则，如 H01、C（可写多次）")
@click.option("--fix", is_flag=True, help="能放心改的改好，另存为“名称_已改.docx”，原文件不动")
@click.option("--official/--any", default=None, help="一律按公文查格式 / 只查文字；不写则由内容判断")
@click.option("--no-pages", is_flag=True, help="不排版找页码，快一些")
@click.option("--rules", "listing", is_flag=True, help="列出全部规则和出处")
@click.pass_obj
def lint(
    session: Session,
    sources: tuple[Path, ...],
    level: str,
    only: tuple[str, ...],
    fix: bool,
    official: bool | None,
    no_pages: bool,
    listing: bool,
) -> Outcome:
    """检查 .docx 公文的版面、结构、用字和数字，谁写的都行；每处都说在哪页哪段、依据什么、怎么改。

    在工作区里运行时，还对照单位表和人员表核对名称。有“错误”级的，或有文件打不开的，退出码为 3。
    """
    if listing:
        return Outcome(_rules_data(), "\n".join(_rules_lines()))
    if not sources:
        raise UsageInvalid("没有写要检查的文件", remedy="写上一个或几个 .docx 文件，或一个文件夹")
    names, program = _office(session)
    done = verbs.lint_files(
        sources, names=names, official=official, fix=fix, soffice=None if no_pages else soffice_path(program)
    )
    wanted = _Wanted(_LEVELS[level], tuple(one.upper() for one in only))
    text = "\n".join(line for one in done for line in _lines(one, wanted))
    status = 0 if all(one.sound for one in done) else GAPS_REMAIN
    return Outcome({"files": [_data(one, wanted) for one in done]}, text, status=status)


@click.command("lint-template", cls=Verb)
@click.argument("words", metavar="文种…", nargs=-1)
@click.pass_obj
def lint_template(session: Session, words: tuple[str, ...]) -> Outcome:
    """检查改过的模板：标签、字段，和用样例印出来的版面；不写文种就查全部。有问题时退出码为 3。"""
    with opened(session) as office:
        done = verbs.lint_templates(office, words, at=now())
    broken = [one for one in done if one.findings]
    text = [
        f"查了 {len(done)} 个文种，{len(broken)} 个有问题。"
        if broken
        else f"查了 {len(done)} 个文种，都没有问题。"
    ]
    for report in broken:
        text.append(f"【{report.genre}】")
        for one in report.findings:
            page = f"第 {one.page} 页" if one.page else ""
            place = f"{page}第 {one.number} 段　" if one.number else ""
            text.append(f"  {place}{shown(one.problem)}。怎么办：{shown(one.remedy)}")
    return Outcome(
        {
            "genres": [
                {
                    "genre": report.genre,
                    "findings": [
                        {
                            "page": one.page,
                            "paragraph": one.number,
                            "problem": one.problem,
                            "remedy": one.remedy,
                        }
                        for one in report.findings
                    ],
                }
                for report in done
            ]
        },
        "\n".join(text),
        status=GAPS_REMAIN if broken else 0,
    )


class _Wanted:
    """Which findings are told."""

    def __init__(self, levels: Sequence[Level], rules: Sequence[str]) -> None:
        self.levels, self.rules = levels, rules

    def of(self, findings: Sequence[Finding]) -> tuple[Finding, ...]:
        """Those of the levels and rules asked for; a letter stands for all of its rules."""
        return tuple(
            one
            for one in findings
            if one.level in self.levels
            and (not self.rules or any(one.rule.startswith(rule) for rule in self.rules))
        )


def _office(session: Session) -> tuple[Names, str]:
    """The registers and the LibreOffice of the workspace; outside of one there are none, and that is fine."""
    try:
        with opened(session) as office:
            return verbs.register_names(office.store), office.settings.programs.soffice
    except UsageInvalid:
        return Names(), ""


def _lines(one: verbs.Linted, wanted: _Wanted) -> Iterator[str]:
    yield f"【{shown(one.path.name)}】{_summary(one)}"
    if one.fault is not None:
        yield f"  {one.fault.problem}。怎么办：{one.fault.remedy}"
        return
    for found in wanted.of(one.report.findings if one.report else ()):
        yield f"  {found.level.value} {found.rule}　{_place(found)}“{shown(found.words)}”"
        yield f"      {shown(found.problem)}。怎么办：{shown(found.remedy)}（{found.clause}）"
    if one.copy is not None:
        yield f"  改好了 {one.settled} 处，另存为 {shown(one.copy.name)}；原文件没有动。"


def _summary(one: verbs.Linted) -> str:
    if one.report is None:
        return "查不了"
    counts = "，".join(
        f"{level.value} {one.report.count(level)} 处" for level in Level if one.report.count(level)
    )
    kind = "" if one.report.official else "（看不出是公文，只查了文字）"
    return f"{counts or '没有发现问题'}{kind}"


def _place(found: Finding) -> str:
    page = f"第 {found.page} 页" if found.page else ""
    return f"{page}第 {found.number} 段" if found.number else "全文"


def _data(one: verbs.Linted, wanted: _Wanted) -> dict[str, object]:
    if one.report is None:
        fault = one.fault
        return {
            "path": str(one.path),
            "problem": fault.problem if fault else "",
            "remedy": fault.remedy if fault else "",
        }
    return {
        "path": str(one.path),
        "official": one.report.official,
        "title": one.report.title,
        "kind": one.report.kind,
        "paragraphs": one.report.paragraphs,
        "corrected": str(one.copy) if one.copy else "",
        "settled": one.settled,
        "findings": [
            {
                "rule": found.rule,
                "level": found.level.name.lower(),
                "page": found.page,
                "paragraph": found.number,
                "words": found.words,
                "problem": found.problem,
                "remedy": found.remedy,
                "clause": found.clause,
                "fixable": bool(found.edits),
            }
            for found in wanted.of(one.report.findings)
        ],
    }


def _rules_lines() -> Iterator[str]:
    for number, rule in RULES.items():
        yield f"{number}　{rule.level.value}　{rule.asks}（{rule.clause}）"


def _rules_data() -> dict[str, object]:
    return {
        "rules": [
            {"rule": number, "level": rule.level.name.lower(), "asks": rule.asks, "clause": rule.clause}
            for number, rule in RULES.items()
        ]
    }


VERBS = (lint, lint_template)
