"""bases, help-pairs, targets."""

from __future__ import annotations

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.console import GAPS_REMAIN, Outcome, Session, Verb
from dujian_docs.cli.opening import opened
from dujian_docs.cli.options import YEAR
from dujian_docs.readiness.display import shown


@click.command(cls=Verb)
@click.option("--internal", is_flag=True, help="问责案件引用的也列出来，只供本室内部用")
@click.pass_obj
def bases(session: Session, internal: bool) -> Outcome:
    """依据文件：哪些已失效或已被代替，哪些记录还在引用，哪些文号不全；失效了还在引用的，退出码为 3。"""
    with opened(session) as office:
        found = verbs.bases(office, internal=internal)
    wrong = [one for one in found if one.lapsed and one.cited]
    lines = [f"依据文件 {len(found)} 件，失效了还在引用的 {len(wrong)} 件"]
    data: list[dict[str, object]] = []
    for one in found:
        told = [text for text in (one.lapsed, one.lapsing, "文号或年份不全" if one.unclear else "") if text]
        if told:
            number = f"（{one.basis.number}）" if one.basis.number else ""
            lines.append(f"  {one.basis.code} {shown(one.basis.title)}{number}：{'；'.join(told)}")
        if one.lapsed:
            lines += [f"    {cited.kind} {cited.code} 引用：{shown(cited.text)}" for cited in one.cited]
        data.append(
            {
                "code": one.basis.code,
                "number": one.basis.number,
                "lapsed": one.lapsed,
                "lapsing": one.lapsing,
                "unclear": one.unclear,
                "cited": [{"kind": cited.kind, "code": cited.code} for cited in one.cited],
            }
        )
    return Outcome({"bases": data}, "\n".join(lines), status=GAPS_REMAIN if wrong else 0)


@click.command("help-pairs", cls=Verb)
@YEAR
@click.pass_obj
def help_pairs(session: Session, year: int | None) -> Outcome:
    """结对帮扶：听汇报、每月指导、筹资够不够，问题清单和措施有没有；有不够的，退出码为 3。"""
    with opened(session) as office:
        found = verbs.help_pairs(office, year=year)
    names = found.unit_names
    lacking = [one for one in found.pairs if one.lacks]
    lines = [f"{found.year} 年结对帮扶 {len(found.pairs)} 对，有不够的 {len(lacking)} 对"]
    for one in lacking:
        pair = one.pair
        whom = f"{shown(names.get(pair.helper, pair.helper))} 帮 {shown(names.get(pair.helped, pair.helped))}"
        lines.append(f"  {pair.code}　{whom}：{'；'.join(one.lacks)}")
    data = {
        "year": found.year,
        "pairs": [{"code": one.pair.code, "lacks": list(one.lacks)} for one in found.pairs],
    }
    return Outcome(data, "\n".join(lines), status=GAPS_REMAIN if lacking else 0)


@click.command(cls=Verb)
@click.option("--internal", is_flag=True, help="把举报也算进来，只供本室内部用")
@click.pass_obj
def targets(session: Session, internal: bool) -> Outcome:
    """专项检查该去哪里：按整改未完、逾期、反弹、举报和调度靠后计分，分高的在前。"""
    with opened(session) as office:
        found = verbs.targets(office, internal=internal)
    lines = [f"建议专项检查的单位 {len(found.targets)} 个{'' if internal else '（没有算举报）'}"]
    for one in found.targets:
        name = shown(found.unit_names.get(one.unit, one.unit))
        lines.append(f"  {one.points:g} 分　{name}：{'、'.join(one.reasons)}")
    data = {
        "targets": [
            {"unit": one.unit, "points": one.points, "reasons": list(one.reasons)} for one in found.targets
        ],
        "tips_counted": internal,
    }
    return Outcome(data, "\n".join(lines))


VERBS = (bases, help_pairs, targets)
