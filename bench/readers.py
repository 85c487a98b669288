"""How fast each format is read, and how much of the Chinese in it, against the reader an office would use.

Processor time, our own and that of programs started; every peer reads the same files in the same run.
"""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import docx

from bench import Measurement
from bench.corpus import load
from indexer.extract import extract
from indexer.model import Limits

ROUNDS = 5
FILES = 60
QUICK_FILES = 4
LETTERS = 1_000
"""Characters of a notice, roughly."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")

Reader = Callable[[Path], str]


def measure(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """All formats whose peers are installed."""
    yield from doc(folder / "doc", quick=quick)


def doc(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """.doc against antiword, which is started for every file as an indexer would; nothing without it."""
    antiword, soffice = shutil.which("antiword"), shutil.which("soffice")
    if antiword is None or soffice is None:
        return
    texts = _texts(QUICK_FILES if quick else FILES)
    files = _as_doc(soffice, folder, texts)

    def peer(path: Path) -> str:
        command = [antiword, "-m", "UTF-8.txt", "-w", "0", str(path)]
        return subprocess.run(command, capture_output=True, check=True).stdout.decode()

    yield from _compared(".doc", "antiword", 4.0, files, texts, peer, rounds=1 if quick else ROUNDS)


def ours(path: Path) -> str:
    """What the indexer reads in a file."""
    return "\n".join(passage.text for passage in extract(path, Limits()).passages)


def _compared(
    name: str,
    rival: str,
    bound: float,
    files: Sequence[Path],
    texts: Sequence[str],
    peer: Reader,
    *,
    rounds: int,
) -> Iterator[Measurement]:
    """Speed as a ratio of the fastest rounds, and recall on the worst file; readers take turns."""
    times: dict[Reader, list[float]] = {ours: [], peer: []}
    found: dict[Reader, list[str]] = {}
    for _ in range(rounds):
        for reader in times:
            begun = _processor_seconds()
            found[reader] = [reader(file) for file in files]
            times[reader].append(max(_processor_seconds() - begun, 1e-3))
    speeds = {reader: len(files) / min(seconds) for reader, seconds in times.items()}
    recalls = {
        reader: [_recall(*pair) for pair in zip(read, texts, strict=True)] for reader, read in found.items()
    }
    figures = {
        "我们 份/秒": round(speeds[ours], 1),
        f"{rival} 份/秒": round(speeds[peer], 1),
        "我们 中文召回": min(recalls[ours]),
        f"{rival} 中文召回": min(recalls[peer]),
    }
    corpus = f"{len(files)} 份公文长短的 {name}"
    yield Measurement(
        f"读 {name}，比 {rival}",
        f"≥ {bound:g} 倍",
        speeds[ours] / speeds[peer],
        bound,
        corpus=corpus,
        figures=figures,
    )
    worst = min(mine - theirs for mine, theirs in zip(recalls[ours], recalls[peer], strict=True))
    yield Measurement(
        f"读 {name} 的中文召回减去 {rival} 的，最差一份",
        "≥ 0",
        worst,
        0.0,
        unit="",
        corpus=corpus,
        figures=figures,
    )


def _texts(files: int) -> list[str]:
    """As many texts of a notice's length, each a few paragraphs."""
    joined = "\n".join(load(quick=True).bodies)
    while len(joined) < files * LETTERS:
        joined += "\n" + joined
    return [joined[at * LETTERS : (at + 1) * LETTERS] for at in range(files)]


def _as_doc(soffice: str, folder: Path, texts: Sequence[str]) -> list[Path]:
    """The texts as .doc, written by LibreOffice from .docx."""
    folder.mkdir(parents=True)
    for number, text in enumerate(texts):
        document = docx.Document()
        for line in text.splitlines():
            document.add_paragraph(line)
        document.save(str(folder / f"{number:03}.docx"))
    sources = sorted(folder.glob("*.docx"))
    command = [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", "doc:MS Word 97", "--outdir", str(folder), *map(str, sources)]
    subprocess.run(command, check=True, capture_output=True)
    return [source.with_suffix(".doc") for source in sources]


def _recall(found: str, wanted: str) -> float:
    """The share of the wanted Chinese characters that were found, each as often as it is wanted."""
    there, asked = (Counter(_CHINESE.findall(text)) for text in (found, wanted))
    return (there & asked).total() / max(asked.total(), 1)


def _processor_seconds() -> float:
    """Of this process and of the programs it has waited for."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime
