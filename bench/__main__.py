"""``python -m bench``: runs the benchmarks, prints goals and what came out, writes build/bench.json."""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench import Measurement

BENCHMARKS = (
    "build",
    "phrase",
    "incremental",
    "readers",
    "encodings",
    "scale",
    "ocr",
    "exact",
    "ofd",
    "recoll",
    "ranking",
    "queries",
    "mixed",
    "province",
    "rendering",
)
TARGET = Path("build") / "bench.json"
WIDTH = 120
"""Columns where the output is no terminal."""


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0 when every goal is met, else 1."""
    parser = argparse.ArgumentParser(prog="python -m bench", description="性能基准：同一次运行里与对照比较")
    parser.add_argument("--quick", action="store_true", help="只用 50 篇文档试跑，数字不作数")
    parser.add_argument("--only", choices=BENCHMARKS, action="append", help="只跑这一项，可写多次")
    parser.add_argument("--target", type=Path, default=TARGET, help=f"结果写到哪里，默认 {TARGET}")
    wanted = parser.parse_args(arguments)
    console = Console(width=None if sys.stdout.isatty() else WIDTH)
    found = list(run(wanted.only or BENCHMARKS, quick=wanted.quick, console=console))
    console.print(table_of(found))
    wanted.target.parent.mkdir(parents=True, exist_ok=True)
    wanted.target.write_text(
        json.dumps(report_of(found), ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    console.print(f"已写入 {wanted.target}")
    return 0 if all(one.met for one in found) else 1


def run(names: Sequence[str], *, quick: bool, console: Console) -> Iterator[Measurement]:
    """Everything that the named benchmarks measure, each in a temporary folder of its own."""
    for name in names:
        if importlib.util.find_spec(f"bench.{name}") is None:
            console.print(f"没有 {name} 这一项，跳过")
            continue
        console.print(f"正在测量 {name} ……")
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            yield from importlib.import_module(f"bench.{name}").measure(Path(folder), quick=quick)


def table_of(found: Sequence[Measurement]) -> Table:
    """One row a measurement."""
    table = Table("项目", "材料", "目标", "实测", "结果", "由来", show_lines=True)
    for one in found:
        figures = "\n".join(f"{name} {value:g}" for name, value in one.figures.items())
        value = f"{one.value:.2f} {one.unit}"
        table.add_row(one.name, one.corpus, one.goal, value, "达到" if one.met else "未达到", figures)
    return table


def report_of(found: Sequence[Measurement]) -> dict[str, object]:
    """The measurements and the machine they were taken on, as JSON."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "measurements": [asdict(one) | {"met": one.met} for one in found],
    }


if __name__ == "__main__":
    sys.exit(main())
