"""What crosses between the indexer and its worker processes: four bytes of length, and as much UTF-8 JSON.

Nothing executable crosses, so a worker that a hostile file has taken over can only send a wrong text.
"""

from __future__ import annotations

import json
from dataclasses import asdict, astuple
from pathlib import Path
from typing import Any, BinaryIO

from indexer.model import Extraction, Facts, Limits, Member, Passage, State

_LENGTH_BYTES = 4


def write_frame(stream: BinaryIO, value: Any) -> None:
    """Sends one value; file names that are no Unicode survive."""
    data = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")
    stream.write(len(data).to_bytes(_LENGTH_BYTES, "big"))
    stream.write(data)
    stream.flush()


def read_frame(stream: BinaryIO, most: int) -> Any:
    """The next value, or None at the end of the stream.

    Raises:
        ValueError: the frame is longer than ``most`` bytes, or is not JSON.
    """
    head = stream.read(_LENGTH_BYTES)
    length = int.from_bytes(head, "big")
    if len(head) < _LENGTH_BYTES:
        return None
    if length > most:
        raise ValueError(f"a frame of {length} bytes")
    data = stream.read(length)
    return json.loads(data.decode("utf-8", "surrogatepass")) if len(data) == length else None


def extraction_from(answer: dict[str, Any]) -> Extraction:
    """An extraction from what came over the pipe."""
    passages = tuple(Passage(*told) for told in answer["passages"])
    return Extraction(
        State(answer["state"]),
        passages,
        answer["reason"],
        answer["remedy"],
        facts_from(answer["facts"]),
        tuple(Member(*member) for member in answer["members"]),
    )


def as_answer(extraction: Extraction) -> dict[str, Any]:
    """The same, ready for the pipe."""
    return {
        "state": extraction.state.value,
        "passages": [astuple(passage) for passage in extraction.passages],
        "reason": extraction.reason,
        "remedy": extraction.remedy,
        "facts": as_plain(extraction.facts),
        "members": [(one.position, one.name, one.size_bytes) for one in extraction.members],
    }


def facts_from(plain: dict[str, Any]) -> Facts:
    """Facts from what ``as_plain`` made; a fact that this version does not know is a ValueError."""
    pages = {
        name: tuple(plain[name]) for name in ("scans", "seals", "recognised") if plain.get(name) is not None
    }
    try:
        return Facts(**{**plain, **pages})
    except TypeError as fault:
        raise ValueError("unknown facts") from fault


def as_plain(facts: Facts) -> dict[str, Any]:
    """The facts that are known, ready for JSON."""
    return {name: value for name, value in asdict(facts).items() if value != getattr(Facts(), name)}


def as_question(limits: Limits, scratch: Path) -> dict[str, Any]:
    """The first frame to a worker: what a file may cost, and a folder for what it unpacks."""
    return {"limits": asdict(limits), "scratch": str(scratch)}
