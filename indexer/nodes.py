"""What a query is made of: a tree of conditions on one file. Pure; knows no engine and no archive."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from indexer.filters import Filter, Properties


@dataclass(frozen=True, slots=True)
class Phrase:
    """The text holds one of ``spellings`` (normalised, as typed first); in the title if ``title``.

    ``literal``: it was typed in quotes, and means these very words, no others of the same meaning.
    """

    spellings: tuple[str, ...]
    title: bool = False
    literal: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Wild:
    """The title holds the normalised ``pattern`` somewhere: ``*`` is any characters or none, ``?`` one."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Where:
    """The file is one that ``filter`` lets through."""

    filter: Filter


@dataclass(frozen=True, slots=True)
class Ids:
    """The file is one of these; what a ``Where`` becomes once the archive has been asked."""

    ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class And:
    """Every part holds; without parts every file answers."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """Some part holds."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold, anywhere in the file."""

    part: Node


Node = Phrase | Wild | Where | Ids | And | Or | Not
EVERYTHING = And(())


def wanted(node: Node) -> list[Phrase]:
    """The phrases that a hit may hold: all but the excluded ones."""
    match node:
        case Phrase():
            return [node]
        case And(parts) | Or(parts):
            return [phrase for part in parts for phrase in wanted(part)]
        case _:
            return []


def replaced(node: Node, change: Callable[[Node], Node]) -> Node:
    """The tree with every leaf changed."""
    match node:
        case And(parts):
            return And(tuple(replaced(part, change) for part in parts))
        case Or(parts):
            return Or(tuple(replaced(part, change) for part in parts))
        case Not(part):
            return Not(replaced(part, change))
        case _:
            return change(node)


def wider(node: Node, more: Callable[[str], tuple[str, ...]]) -> Node:
    """The tree with more ways to say its phrases; literal and excluded ones stay as they are."""
    match node:
        case Phrase(spellings, title, literal) if not literal:
            others = (other for one in spellings for other in more(one))
            return Phrase(tuple(dict.fromkeys([*spellings, *others])), title)
        case And(parts):
            return And(tuple(wider(part, more) for part in parts))
        case Or(parts):
            return Or(tuple(wider(part, more) for part in parts))
        case _:
            return node


def is_positive(node: Node) -> bool:
    """Whether the node says what a hit is like, and not only what it is not."""
    match node:
        case And(parts) | Or(parts):
            return any(is_positive(part) for part in parts)
        case Not():
            return False
        case _:
            return True


def is_filter(node: Node) -> bool:
    """Whether only filters stand in the node."""
    match node:
        case And(parts) | Or(parts):
            return all(is_filter(part) for part in parts)
        case Not(part):
            return is_filter(part)
        case _:
            return isinstance(node, Where)


def lets_through(node: Node, file: Properties) -> bool:
    """Whether a tree of filters holds for one file."""
    holds = partial(lets_through, file=file)
    match node:
        case And(parts):
            return all(holds(part) for part in parts)
        case Or(parts):
            return any(holds(part) for part in parts)
        case Not(part):
            return not holds(part)
        case Where(one):
            return one.passes(file)
        case _:
            raise TypeError(node)
