"""The command line: parse, call one verb of the workspace, print. No rule lives here."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from dujian_docs.cli import (
    archive_verbs,
    attach_verbs,
    attention_verbs,
    batch_verbs,
    check_verbs,
    cross_inspection_verbs,
    document_verbs,
    draft_verbs,
    evaluation_verbs,
    figure_verbs,
    lint_verbs,
    number_verbs,
    record_verbs,
    rollup_verbs,
    search_verbs,
    single_verbs,
    supervision_verbs,
    trace_verbs,
    visit_verbs,
    workspace_verbs,
    yearly_verbs,
)
from dujian_docs.cli.chinese import FOLDER, speak_chinese
from dujian_docs.cli.console import Edge, Session

__all__ = ["cli", "main"]


@click.group(
    cls=Edge,
    options_metavar="[选项]",
    subcommand_metavar="命令 [参数]…",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.option(
    "-w",
    "--workspace",
    type=FOLDER,
    default=Path(),
    metavar="文件夹",
    help="工作区文件夹",
)
@click.option("--set", "overrides", multiple=True, metavar="节.项=值", help="临时改一项设置，可写多次")
@click.version_option(
    package_name="dujian-docs", prog_name="dujian", message="督检文档 %(version)s", help="显示版本。"
)
@click.pass_obj
def cli(session: Session, workspace: Path, overrides: tuple[str, ...]) -> None:
    """督检文档：由记录生成公文，按建档目录核验档案，检索、编迎检包。"""
    session.workspace = workspace
    for one in overrides:
        key, mark, value = one.partition("=")
        if not mark:
            raise click.BadParameter("应写成 节.项=值，如 office.series=云教督", param_hint="--set")
        session.overrides[key.strip()] = value.strip()


for module in (
    workspace_verbs,
    record_verbs,
    single_verbs,
    document_verbs,
    batch_verbs,
    draft_verbs,
    number_verbs,
    trace_verbs,
    lint_verbs,
    attach_verbs,
    archive_verbs,
    search_verbs,
    check_verbs,
    evaluation_verbs,
    supervision_verbs,
    rollup_verbs,
    yearly_verbs,
    cross_inspection_verbs,
    attention_verbs,
    visit_verbs,
    figure_verbs,
):
    for verb in module.VERBS:
        cli.add_command(verb)


def main() -> None:
    """Runs ``dujian`` in Chinese, whatever the terminal's encoding can show."""
    speak_chinese()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    cli(prog_name="dujian")
