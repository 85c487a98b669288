"""How every verb speaks: one outcome, printed as Chinese text or as one JSON object; one error edge.

With ``--json`` stdout holds exactly one object ``{"ok", "data", "warnings"}``; all else goes to stderr.
"""

from __future__ import annotations

import itertools
import json
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from dujian_docs.errors import DujianError

GAPS_REMAIN = 3
INTERRUPTED = 130


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a verb came to: ``data`` for programs, ``text`` for people, and the exit status."""

    data: object
    text: str
    status: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(slots=True)
class Session:
    """What the command line said before and after the verb."""

    workspace: Path = field(default_factory=Path.cwd)
    overrides: dict[str, str] = field(default_factory=dict)
    as_json: bool = False
    quiet: bool = False
    verbose: bool = False

    @property
    def asks(self) -> bool:
        """Whether a person is there to answer a question."""
        return sys.stdin.isatty() and not self.as_json

    def progress(self) -> Bars:
        """A display on stderr; silent when that is no terminal, with ``-q`` and with ``--json``."""
        return Bars(shown=sys.stderr.isatty() and not (self.quiet or self.as_json))


class Bars:
    """Shows one bar a stage. Called with (stage, done, total, what); ``total`` 0 means not known yet."""

    def __init__(self, *, shown: bool) -> None:
        self._bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.completed}/{task.total}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[what]}"),
            console=Console(stderr=True),
            disable=not shown,
            transient=True,
        )
        self._stages: dict[str, TaskID] = {}

    def __enter__(self) -> Bars:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bars.stop()

    def __call__(self, stage: str, done: int, total: int, what: str = "") -> None:
        """The bar of ``stage`` shows how far it is."""
        if stage not in self._stages:
            self._stages[stage] = self._bars.add_task(stage, total=total or None, what="")
        self._bars.update(self._stages[stage], completed=done, total=total or None, what=what[-30:])


class Verb(click.Command):
    """A command that returns an Outcome; adds ``--json``, ``-q``, ``-v``, prints, and sets the status."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("options_metavar", "[选项]")
        super().__init__(*args, **kwargs)
        self.params += [
            _switch(["--json"], "as_json", "结果输出为一个 JSON 对象"),
            _switch(["-q", "--quiet"], "quiet", "少说话：不显示进度"),
            _switch(["-v", "--verbose"], "verbose", "多说话：出错时显示细节"),
        ]

    def invoke(self, ctx: click.Context) -> None:
        """Runs the verb and prints what it came to."""
        outcome: Outcome = super().invoke(ctx)
        session = ctx.find_object(Session) or Session()
        if session.as_json:
            _print_json({"ok": True, "data": outcome.data, "warnings": list(outcome.warnings)})
        else:
            for warning in outcome.warnings:
                click.echo(f"注意：{warning}", err=True)
            if outcome.text:
                click.echo(outcome.text)
        ctx.exit(outcome.status)


def _switch(declarations: Sequence[str], attribute: str, text: str) -> click.Option:
    def remember(ctx: click.Context, _: click.Parameter, value: bool) -> None:
        if value:
            setattr(ctx.ensure_object(Session), attribute, True)

    return click.Option(
        [*declarations, attribute], is_flag=True, expose_value=False, callback=remember, help=text
    )


class Edge(click.Group):
    """The one place where errors become two Chinese sentences and an exit status."""

    command_class = Verb

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Runs the command line and leaves the process with its exit status."""
        kwargs["standalone_mode"] = False
        words = args[0] if args else kwargs.get("args")
        session = Session(as_json=_asks_for_json(sys.argv[1:] if words is None else words))
        kwargs.setdefault("obj", session)
        sys.exit(_run(lambda: super(Edge, self).main(*args, **kwargs), session))


def _asks_for_json(words: Sequence[str]) -> bool:
    """Whether ``--json`` is among the options, even when the words around it cannot be understood."""
    return "--json" in itertools.takewhile(lambda word: word != "--", words)


def _run(work: Callable[[], object], session: Session) -> int:
    try:
        status = work()
    except DujianError as error:
        _say(session, error.problem, error.remedy)
        return error.exit_status
    except click.exceptions.NoArgsIsHelpError as error:
        _say(session, "没有写要做什么" if session.as_json else error.format_message(), "写上一个命令再运行")
        return 2
    except click.UsageError as error:
        usage = error.ctx.get_usage() + "\n" if error.ctx and not session.as_json else ""
        hint = f"{error.ctx.command_path} --help" if error.ctx else "dujian --help"
        _say(session, f"{usage}{error.format_message()}", f"用 {hint} 看怎么写")
        return 2
    except click.ClickException as error:
        _say(session, error.format_message(), "用 dujian --help 看怎么写")
        return 2
    except (click.Abort, KeyboardInterrupt):
        _say(session, "已按要求停下", "没做完的部分再运行一次同样的命令即可继续")
        return INTERRUPTED
    except Exception as error:  # noqa: BLE001  the last edge: a bug must still end in two Chinese sentences
        _say(session, f"程序出错（{type(error).__name__}）", "加 -v 再运行一次，把显示的内容发给系统维护人员")
        if session.verbose:
            traceback.print_exc()
        return 1
    return status if isinstance(status, int) else 0


def _say(session: Session, problem: str, remedy: str) -> None:
    if session.as_json:
        _print_json({"ok": False, "error": {"problem": problem, "remedy": remedy}, "warnings": []})
    else:
        click.echo(f"{problem}\n怎么办：{remedy}", err=True)


def _print_json(tree: Mapping[str, object]) -> None:
    click.echo(json.dumps(tree, ensure_ascii=False, indent=2, default=str))
