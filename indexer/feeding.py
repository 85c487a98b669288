"""What the engine is fed: a document for each file and each member of a package, from the kept texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from indexer.engines import EngineDoc
from indexer.guard import GuardedEngine
from indexer.manifest import Known, Manifest, member_key
from indexer.text import BREAK, normalise_text

COMMIT_FILES = 500
COMMIT_CHARS = 30_000_000
"""A commit holds no more than this, so that the memory used stays within bounds."""


def documents(manifest: Manifest, files: Iterable[Known]) -> Iterator[EngineDoc]:
    """The files as the engine is fed them, from the kept texts; a file without text is found by its name."""
    for one in files:
        yield from _documents(manifest, str(one.id), one.stamp.path, one.sha256)


def _documents(manifest: Manifest, one: str, path: str, sha256: str) -> Iterator[EngineDoc]:
    """The document of one content, and those of what is inside it."""
    found = manifest.extraction(sha256)
    body = BREAK.join(normalise_text(passage.text) for passage in found.passages) if found else ""
    yield EngineDoc(one, normalise_text(PurePosixPath(path).stem), body)
    for member in found.members if found else ():
        inside = member_key(sha256, member.position)
        yield from _documents(manifest, f"{one}.{member.position}", member.name, inside)


def write_documents(engine: GuardedEngine, manifest: Manifest, files: Iterable[Known]) -> None:
    """The files are in the engine, in as many commits as keep the memory used within bounds."""
    waiting: list[EngineDoc] = []
    size = 0
    for one in documents(manifest, files):
        waiting.append(one)
        size += len(one.body)
        if len(waiting) >= COMMIT_FILES or size >= COMMIT_CHARS:
            engine.write(waiting, ())
            waiting, size = [], 0
    if waiting:
        engine.write(waiting, ())


def reconcile(manifest: Manifest, engine: GuardedEngine) -> int:
    """The engine holds just the files of the manifest; returns how many documents had to be mended."""
    held = engine.ids()
    due = manifest.document_ids(None)
    torn = {int(one.partition(".")[0]) for one in due - held}
    write_documents(engine, manifest, [one for one in manifest.known().values() if one.id in torn])
    extra = held - due
    if extra:
        engine.write((), extra)
    return len(due - held) + len(extra)
