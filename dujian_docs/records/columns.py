"""What a model says of its fields: title, shape, whether it must be filled in, choices, link."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, get_args, get_type_hints

from dujian_docs.records.fields import Link, Shape, is_blank
from dujian_docs.records.kinds import Kind
from dujian_docs.records.models import Record


@dataclass(frozen=True, slots=True)
class Column:
    """One field of a kind as a person meets it: a workbook column, a line of a form."""

    name: str
    title: str
    description: str
    shape: Shape
    required: bool
    choices: tuple[str, ...] = ()
    link: Link | None = None

    @property
    def many(self) -> bool:
        """Whether one cell holds several values."""
        return self.shape in {Shape.WORDS, Shape.CODES, Shape.PARAGRAPHS}

    @property
    def by_name(self) -> bool:
        """Whether a name may stand for the code: people know units and persons by name."""
        return self.link is not None and self.link.kind in {"unit", "person"}


@lru_cache(maxsize=64)
def columns_of(model: type[Record]) -> tuple[Column, ...]:
    """The columns of a model, in the order of its fields."""
    hints = get_type_hints(model, include_extras=True)
    return tuple(_column(name, hints[name], field) for name, field in model.model_fields.items())


def link_kinds(kind: Kind) -> tuple[str, ...]:
    """The kinds that fields of ``kind`` link to, each once, in the order of the fields."""
    return tuple(dict.fromkeys(column.link.kind for column in columns_of(kind.model) if column.link))


def _column(name: str, hint: Any, field: Any) -> Column:
    parts = tuple(_parts(hint))
    choices = next((part for part in parts if isinstance(part, type) and issubclass(part, Enum)), None)
    return Column(
        name=name,
        title=field.title or name,
        description=field.description or "",
        shape=next((part for part in parts if isinstance(part, Shape)), Shape.TEXT),
        required=field.is_required(),
        choices=tuple(str(choice.value) for choice in choices) if choices else (),
        link=next((part for part in parts if isinstance(part, Link)), None),
    )


def _parts(hint: Any) -> list[Any]:
    """The hint, and everything inside it, outermost first."""
    found = [hint]
    for part in get_args(hint):
        found.extend(_parts(part))
    return found


@dataclass(frozen=True, slots=True)
class Target:
    """What one value of a record points to: the record ``kind``/``key``, from the field ``column``."""

    column: Column
    kind: str
    key: str
    value: str


def targets(record: Record) -> tuple[Target, ...]:
    """Every record that ``record`` names, in the order of its fields."""
    found: list[Target] = []
    for column in columns_of(type(record)):
        if column.link is None:
            continue
        held = getattr(record, column.name)
        for value in held if isinstance(held, tuple) else (held,):
            if not is_blank(value):
                prefix = f"{getattr(record, column.link.within)}/" if column.link.within else ""
                found.append(Target(column, column.link.kind, f"{prefix}{value}", str(value)))
    return tuple(found)
