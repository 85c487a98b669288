"""How often the encoding of a Chinese text is told right, from snippets of six characters to whole texts.

Right means that the text comes out letter for letter. The peers are charset-normalizer and chardet, where
they are installed; what they name is decoded as its superset (GB2312 and GBK as GB18030), in
their favour.
"""

from __future__ import annotations

import gzip
import importlib
import importlib.util
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from bench import Measurement
from bench.corpus import QUICK_DOCUMENTS, SHARED, Corpus, load
from indexer.extract.plain import encoding_of

SEED = 11
SNIPPETS = 400
QUICK_SNIPPETS = 12
LENGTHS = (6, 12, 40, 0)
"""Characters of a snippet; 0 is the whole text."""
WHOLE_CHARS = 20_000
ENCODINGS = ("gbk", "gb18030", "big5hkscs", "utf-8", "utf-16-le", "utf-16-be")
PEERS = ("charset_normalizer", "chardet")
PEER_STEP = 5
"""The peers are slow: of a full run they get every fifth sample."""
GOAL = 0.97
_SUPERSETS = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "cp936": "gb18030",
    "gb_2312_80": "gb18030",
    "big5": "big5hkscs",
    "cp950": "big5hkscs",
    "big5_hkscs": "big5hkscs",
    "ascii": "utf-8",
    "utf_8_sig": "utf-8",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A text as bytes in one encoding without a mark, and how many characters it was cut to (0: not cut)."""

    text: str
    data: bytes
    encoding: str
    length: int


def measure(folder: Path, *, quick: bool = False) -> Iterator[Measurement]:
    """The share of samples read right: of all, of those of six characters, and of files from elsewhere."""
    sources = [load(quick=quick), *other_text(quick=quick)]
    bodies = [body for source in sources for body in source.bodies]
    samples = list(made(bodies, QUICK_SNIPPETS if quick else SNIPPETS))
    corpus = f"{'、'.join(source.name for source in sources)}，{len(samples)} 段"
    ours = Score(samples, encoding_of)
    figures = ours.figures() | {
        f"{name} {what}": value
        for name in PEERS
        if (peer := peer_of(name))
        for what, value in Score(samples[:: 1 if quick else PEER_STEP], peer).figures().items()
    }
    goal = f"≥ {GOAL}"
    yield Measurement("编码识别，全部", goal, ours.share(), GOAL, unit="", corpus=corpus, figures=figures)
    short = {f"6 字 {name}": round(ours.share(encoding=name, length=6), 4) for name in ENCODINGS}
    yield Measurement(
        "编码识别，6 字短文", goal, ours.share(length=6), GOAL, unit="", corpus=corpus, figures=short
    )
    if found := list(known_files(SHARED.parent / "files")):
        score = Score(found, encoding_of)
        counted = {"文件": float(len(found))} | {
            name: Score(found, peer).share() for name in PEERS if (peer := peer_of(name))
        }
        yield Measurement(
            "编码识别，chardet 的中文测试文件",
            goal,
            score.share(),
            GOAL,
            unit="",
            corpus="chardet 测试集",
            figures=counted,
        )


def other_text(*, quick: bool) -> Iterator[Corpus]:
    """Encyclopaedia text, which no weight was chosen by; nothing where it is not there."""
    if (SHARED / "cmrc.json.gz").is_file():
        with gzip.open(SHARED / "cmrc.json.gz", "rt", encoding="utf-8") as stream:
            passages = json.load(stream)["passages"][: QUICK_DOCUMENTS if quick else None]
        yield Corpus(f"cmrc（{len(passages)} 篇）", tuple(str(one["body"]) for one in passages), ())


def known_files(folder: Path) -> Iterator[Sample]:
    """Chinese and UTF-16 files whose encoding their names tell, as the bytes they are."""
    for path in sorted(folder.glob("chardet__*")):
        name = path.name.split("__")[1].lower().replace("-", "_")
        encoding = _SUPERSETS.get(name, name)
        if encoding in {"gb18030", "big5hkscs", "utf_16le", "utf_16be", "utf-8"}:
            data = path.read_bytes()
            yield Sample(data.decode(encoding, "replace"), data, encoding, 0)


class Score:
    """What a detector got right of the samples, and how fast."""

    def __init__(self, samples: Sequence[Sample], detect: Callable[[bytes], str | None]) -> None:
        begun = time.process_time()
        told = [detect(sample.data) for sample in samples]
        self.seconds = max(time.process_time() - begun, 1e-9)
        self.megabytes = sum(len(sample.data) for sample in samples) / 1e6
        self.right: dict[tuple[str, int], list[bool]] = defaultdict(list)
        self.wrong: list[tuple[Sample, str | None]] = []
        for sample, name in zip(samples, told, strict=True):
            right = name is not None and read_as(sample.data, name) == sample.text
            self.right[sample.encoding, sample.length].append(right)
            if not right:
                self.wrong.append((sample, name))

    def share(self, *, encoding: str | None = None, length: int | None = None) -> float:
        """The share read right of the samples that are meant."""
        found = [
            right
            for (name, cut), rights in self.right.items()
            if encoding in {None, name} and length in {None, cut}
            for right in rights
        ]
        return sum(found) / len(found) if found else 0.0

    def figures(self) -> dict[str, float]:
        """The shares by length and by encoding, and the speed."""
        lengths = {f"{cut or '全文'} 字": self.share(length=cut) for cut in LENGTHS}
        names = {name: self.share(encoding=name) for name in ENCODINGS}
        told = {"全部": self.share(), **lengths, **names, "MB/s": self.megabytes / self.seconds}
        return {what: round(value, 4) for what, value in told.items()}


def made(bodies: Sequence[str], snippets: int) -> Iterator[Sample]:
    """Snippets of every length in every encoding, the same every time; each text's line breaks are kept."""
    chance = random.Random(SEED)
    to_traditional = traditional()
    for length in LENGTHS:
        for _ in range(snippets if length else max(snippets // 4, 1)):
            text = snippet(chance, bodies, length)
            for encoding in ENCODINGS:
                written = text.translate(to_traditional) if encoding == "big5hkscs" else text
                data = written.encode(encoding, "ignore")
                yield Sample(data.decode(encoding), data, encoding, length)


def snippet(chance: random.Random, bodies: Sequence[str], length: int) -> str:
    """A stretch that holds Chinese: cut anywhere, or a whole text."""
    while True:
        body = chance.choice(bodies).strip()
        start = chance.randrange(max(len(body) - length, 1)) if length else 0
        text = body[start : start + (length or WHOLE_CHARS)]
        if any("\u4e00" <= letter <= "\u9fff" for letter in text):
            return text


def traditional() -> dict[int, str]:
    """Simplified → traditional, character by character, the commonest that Big5 has; good enough here."""
    codes: dict[str, tuple[bytes, str]] = {}
    for line in files("indexer").joinpath("t2s.txt").read_text(encoding="utf-8").split():
        old, new = line[0], line[1]
        code = old.encode("big5", "ignore")
        if code:
            codes[new] = min(codes.get(new, (code, old)), (code, old))
    return {ord(new): old for new, (_, old) in codes.items()}


def peer_of(name: str) -> Callable[[bytes], str | None] | None:
    """A peer's detector, or None where it is not installed."""
    if importlib.util.find_spec(name) is None:
        return None
    module = importlib.import_module(name)
    return lambda data: module.detect(data)["encoding"]


def read_as(data: bytes, name: str) -> str | None:
    """The text in the encoding of that name or its superset; None where it cannot be read."""
    plain = name.lower().replace("-", "_")
    try:
        return data.decode(_SUPERSETS.get(plain, name), "replace").removeprefix("\ufeff")
    except LookupError:
        return None
