"""Files a second and exact recall against Recoll, with its setting for Chinese, over one folder of texts.

Recoll cuts Chinese into overlapping pieces of ``cjkngramlen`` letters. Each side indexes the folder into an
empty index; they take turns, and of each the fastest round counts. Queries are phrases of Chinese letters,
and document numbers as clerks type them, with any bracket or none; the truth is a look through the texts.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bench import Measurement
from bench.corpus import load
from bench.exact import BRACKETS, holding_number, numbers_of, typings, with_numbers
from indexer import MARKER_NAME, ArchiveIndex, normalise_text
from indexer.text import BREAK

ROUNDS = 3
QUERIES = 100
QUICK_QUERIES = 5
SECONDS = 900
PROGRAMS = ("recollindex", "recollq")
_CHINESE = re.compile(r"[\u4e00-\u9fff]{2,6}")
_SETTING = "topdirs = {root}\nprocesswebqueue = 0\ncjkngramlen = 2\nloglevel = 1\nidxflushmb = 100\n"


def measure(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """Speed as a ratio and recall as a difference; nothing where Recoll is not installed."""
    if missing := [name for name in PROGRAMS if shutil.which(name) is None]:
        print(f"没有安装 {'、'.join(missing)}，不与 Recoll 比较")
        return
    corpus = with_numbers(load(quick=quick))
    root = folder / "archive"
    root.mkdir(parents=True)
    for number, body in enumerate(corpus.bodies):
        (root / f"{number}.txt").write_text(body, encoding="utf-8")
    (root / MARKER_NAME).touch()
    texts = {str(at): normalise_text(body) + BREAK for at, body in enumerate(corpus.bodies)}
    phrases = [one for one in dict.fromkeys(corpus.phrases) if _CHINESE.fullmatch(one)]
    truth = {
        phrase: frozenset(one for one, text in texts.items() if normalise_text(phrase) in text)
        for phrase in phrases[: QUICK_QUERIES if quick else QUERIES]
    }
    normalised = list(texts.values())
    numbers = {
        typed: holding_number(normalised, *number)
        for at, number in enumerate(numbers_of(corpus)[: QUICK_QUERIES if quick else QUERIES])
        for typed in [typings(*number)[at % len(BRACKETS)]]
    }
    seconds = {"我们": float("inf"), "Recoll": float("inf")}
    ours = theirs = folder
    for number in range(1 if quick else ROUNDS):
        ours, theirs = folder / f"ours{number}", folder / f"recoll{number}"
        begun = time.perf_counter()
        with ArchiveIndex.open(root, ours) as index:
            index.sync()
        between = time.perf_counter()
        _index(root, theirs)
        seconds["我们"] = min(seconds["我们"], between - begun)
        seconds["Recoll"] = min(seconds["Recoll"], time.perf_counter() - between)
    with ArchiveIndex.open(root, ours) as index:
        found = {
            query: frozenset(Path(hit.path).stem for hit in index.search(f'"{query}"', limit=len(texts)).hits)
            for query in (*truth, *numbers)
        }
    answered = {query: _ask(theirs, query, len(texts)) for query in (*truth, *numbers)}
    both = truth | numbers
    recalls = {"我们": recall(both, found), "Recoll": recall(both, answered)}
    figures = {f"{who} 份/秒": round(len(texts) / spent, 1) for who, spent in seconds.items()}
    for what, wanted in (("短语", truth), ("文号", numbers)):
        figures |= {
            f"{who} {what}召回": round(recall(wanted, given), 4)
            for who, given in (("我们", found), ("Recoll", answered))
        }
    told = f"{corpus.name}，{len(truth)} 条短语，{len(numbers)} 个文号"
    yield Measurement(
        "收录一个文件夹，比 Recoll",
        "> 1 倍",
        seconds["Recoll"] / seconds["我们"],
        1.0,
        corpus=told,
        figures=figures,
    )
    yield Measurement(
        "短语和文号的精确召回减去 Recoll 的",
        "≥ 0.001",
        recalls["我们"] - recalls["Recoll"],
        0.001,
        unit="",
        corpus=told,
        figures=figures,
    )


def recall(truth: Mapping[str, frozenset[str]], found: Mapping[str, frozenset[str]]) -> float:
    """The share of all true pairs of query and document that were found."""
    hit = sum(len(wanted & found[query]) for query, wanted in truth.items())
    return hit / max(sum(map(len, truth.values())), 1)


def _index(root: Path, home: Path) -> None:
    home.mkdir()
    (home / "recoll.conf").write_text(_SETTING.format(root=root), encoding="utf-8")
    _run("recollindex", "-c", str(home))


def _ask(home: Path, phrase: str, most: int) -> frozenset[str]:
    """The names, without ending, of the files that Recoll finds for a phrase."""
    told = _run("recollq", "-c", str(home), "-b", "-n", str(most), f'"{phrase}"')
    return frozenset(Path(unquote(urlsplit(line).path)).stem for line in told.split() if "://" in line)


def _run(*command: str) -> str:
    """What a program of Recoll prints."""
    setting = {**os.environ, "LC_ALL": "C.UTF-8", "RECOLL_TMPDIR": os.environ.get("TMPDIR", "/tmp")}  # noqa: S108
    done = subprocess.run(command, capture_output=True, check=True, timeout=SECONDS, env=setting)
    return done.stdout.decode(errors="replace")
