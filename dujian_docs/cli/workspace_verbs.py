"""init, doctor, config, demo."""

from __future__ import annotations

from pathlib import Path

import click

from dujian_docs import workspace as verbs
from dujian_docs.cli.chinese import FOLDER
from dujian_docs.cli.console import GAPS_REMAIN, Outcome, Session, Verb
from dujian_docs.cli.opening import opened


@click.command(cls=Verb)
@click.argument("folder", metavar="文件夹", type=FOLDER)
@click.option("--name", default="", help="机关全称，如 云岭县人民政府教育督导室")
@click.option("--series", default="", help="机关代字，如 云教督")
@click.option("--archive", default="", help="档案文件夹的位置；默认是工作区里的 archive")
@click.option("--dry-run", is_flag=True, help="只看会建哪些东西")
def init(folder: Path, name: str, series: str, archive: str, dry_run: bool) -> Outcome:
    """建一个工作区；已有的文件不动，可以重复运行。"""
    values = {"office.name": name, "office.series": series, "archive.path": archive}
    plan = verbs.plan_init(folder.resolve(), {key: value for key, value in values.items() if value})
    made = [str(path) for path in (*plan.folders, *(path for path, _ in plan.files), *plan.templates)]
    if not dry_run:
        verbs.apply_init(plan)
    data = {"workspace": str(plan.root), "made": made, "dry_run": dry_run}
    if not made:
        return Outcome(data, f"{folder} 已经是完整的工作区，什么都没有改动。")
    head = "将建立：" if dry_run else f"工作区已建好：{plan.root}"
    first = "运行" if name and series else "打开 dujian.toml 填机关全称和机关代字，再运行"
    steps = "" if dry_run else f"\n下一步：{first} dujian doctor 体检"
    return Outcome(data, head + ("\n" + "\n".join(f"  {path}" for path in made) if dry_run else "") + steps)


@click.command(cls=Verb)
@click.pass_obj
def doctor(session: Session) -> Outcome:
    """体检：设置、档案文件夹、记录、检索、字体、可选程序，逐项说明怎么办。"""
    with opened(session) as office:
        checks = verbs.examine(office)
    data = [
        {"name": check.name, "level": check.level.value, "finding": check.finding, "remedy": check.remedy}
        for check in checks
    ]
    lines = [
        f"[{check.level.value}] {check.name}：{check.finding}"
        + (f"\n       怎么办：{check.remedy}" if check.remedy else "")
        for check in checks
    ]
    bad = any(check.level is verbs.Level.BAD for check in checks)
    return Outcome(data, "\n".join(lines), status=GAPS_REMAIN if bad else 0)


@click.group(options_metavar="[选项]", subcommand_metavar="命令 [参数]…")
def config() -> None:
    """查看设置。"""


@config.command("show", cls=Verb)
@click.pass_obj
def config_show(session: Session) -> Outcome:
    """列出每项设置的值，以及这个值是从哪里来的。"""
    with opened(session) as office:
        rows = office.loaded.rows()
    data = [{"key": row.key, "title": row.title, "value": row.value, "source": row.source} for row in rows]
    lines = [f"{row.key} = {row.value}　（{row.title}；{row.source}）" for row in rows]
    return Outcome(data, "\n".join(lines))


@click.command(cls=Verb)
@click.argument("folder", metavar="文件夹", type=FOLDER)
@click.pass_obj
def demo(session: Session, folder: Path) -> Outcome:
    """用虚构的云岭县把整条链走一遍：记录、发文、收录、检索、核验、迎检包。

    文件夹里如果有上一次的演示，会先清掉再重做；不是演示的文件夹不会动。
    """
    from dujian_docs.sample.story import play  # everyday verbs need not load the invented county

    with session.progress() as progress:
        story = play(folder, report=progress)
    return Outcome(story.data, story.text)


VERBS = (init, doctor, config, demo)
