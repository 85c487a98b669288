"""Which files are like one another: near duplicates by sketches of texts, more of the same by words."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from indexer.errors import IndexerError
from indexer.guard import GuardedEngine
from indexer.likeness import MOST_CHARS, SKETCH_VERSION, Sketch, groups, likest, sketch_of
from indexer.manifest import Content, Manifest
from indexer.model import Duplicate
from indexer.nodes import And, Ids, Not, Or, Phrase
from indexer.query import Query
from indexer.text import BREAK, TEXT_VERSION, normalise_text
from indexer.tokens import STOPWORDS, Lexicon, words

TELLING_WORDS = 25
"""How many words of a file are looked for in others, those that tell it best from the rest."""
KEPT_AT_ONCE = 500
VERSION = f"{SKETCH_VERSION}.{TEXT_VERSION}"


def duplicates(manifest: Manifest, path: str | None) -> tuple[tuple[Duplicate, ...], ...]:
    """Groups of files that say the same, the oldest first; with a path only that file's, itself first.

    Files with the same bytes are together even when they have no text.

    Raises:
        IndexerError: there is no such file.
    """
    _keep_sketches(manifest)
    contents = manifest.contents()
    sketches = manifest.sketches.all(VERSION)
    if path is not None:
        mine = _content(contents, path)
        group = _like(mine, contents, sketches)
        return (group,) if len(group) > 1 else ()
    found = groups(sketches.get(one.sha256, b"") for one in contents)
    told = [_group([(contents[at], how) for at, how in group]) for group in found]
    grouped = {one.path for group in told for one in group}
    return (*told, *_same_bytes([one for one in contents if one.path not in grouped]))


def _content(contents: Sequence[Content], path: str) -> Content:
    found = next((one for one in contents if one.path == path), None)
    if found is None:
        raise IndexerError(f"没有收录“{path}”", remedy="写成从档案文件夹算起的路径；刚放进来的文件先收录一次")
    return found


def _like(mine: Content, contents: Sequence[Content], sketches: dict[str, Sketch]) -> tuple[Duplicate, ...]:
    """The file, and those that are like it, the likest first."""
    sketch = sketches.get(mine.sha256, b"")
    alike = dict(likest(sketch, ((one.sha256, sketches.get(one.sha256, b"")) for one in contents)))
    alike[mine.sha256] = 1.0
    others = [
        (one, alike[one.sha256]) for one in contents if one.sha256 in alike and one.size_bytes and one != mine
    ]
    others.sort(key=lambda pair: (pair[0].sha256 != mine.sha256, -pair[1]))  # stable: the oldest first
    return _group([(mine, 1.0), *others])


def _same_bytes(contents: Sequence[Content]) -> Iterator[tuple[Duplicate, ...]]:
    together: defaultdict[str, list[tuple[Content, float]]] = defaultdict(list)
    for one in contents:
        if one.size_bytes:
            together[one.sha256].append((one, 1.0))
    return (_group(group) for group in together.values() if len(group) > 1)


def _group(files: Sequence[tuple[Content, float]]) -> tuple[Duplicate, ...]:
    first = files[0][0].sha256
    return tuple(Duplicate(one.path, round(how, 3), one.sha256 == first) for one, how in files)


def _keep_sketches(manifest: Manifest) -> None:
    """Every text that has been read has its sketch."""
    waiting: list[tuple[str, int, Sketch]] = []
    for sha256, size in manifest.sketches.due(VERSION):
        waiting.append((sha256, size, sketch_of(_text_of(manifest, sha256))))
        if len(waiting) >= KEPT_AT_ONCE:
            manifest.sketches.keep(VERSION, waiting)
            waiting = []
    if waiting:
        manifest.sketches.keep(VERSION, waiting)


def _text_of(manifest: Manifest, sha256: str) -> str:
    found = manifest.extraction(sha256)
    return BREAK.join(normalise_text(passage.text) for passage in found.passages) if found else ""


def like(manifest: Manifest, engine: GuardedEngine, lexicon: Lexicon, path: str) -> Query | None:
    """The query for files that speak of what the file at ``path`` speaks of, not itself; None without words.

    Raises:
        IndexerError: there is no such file.
        IndexDamaged: the engine's files are bad.
    """
    mine = _content(manifest.contents(), path)
    title = normalise_text(path.rpartition("/")[2].rpartition(".")[0])
    text = f"{title}{BREAK}{_text_of(manifest, mine.sha256)}"[:MOST_CHARS]
    found = Counter(word for word in words(text, lexicon) if len(word) > 1 and word not in STOPWORDS)
    documents = max(engine.count(), 1)
    weights = {
        word: (1 + math.log(found[word])) * math.log(1 + documents / count)
        for word, count in engine.frequencies(found).items()
        if count > 1
    }
    telling = tuple(sorted(weights, key=lambda word: (-weights[word], word))[:TELLING_WORDS])
    if not telling:
        return None
    node = And((Or(tuple(Phrase((word,)) for word in telling)), Not(Ids(frozenset({mine.id})))))
    return Query(path, True, node, node, node, telling, telling)  # noqa: FBT003  an explicit query
