"""Builds the templates that come with the program from their outlines; run as a script it writes them anew.

python -m dujian_docs.documents.blueprints            (into templates/)
python -m dujian_docs.documents.blueprints FOLDER
"""

from __future__ import annotations

import sys
from pathlib import Path

from dujian_docs.documents.building import Wanted, built
from dujian_docs.documents.genre_plan import OUTLINE_FILE, PLAN_FILE, TEMPLATE_FILE, plan_of, read
from dujian_docs.documents.genres import fields_of
from dujian_docs.documents.outline import parse


def template_of(folder: Path) -> bytes:
    """The template that the folder's outline gives.

    Raises:
        TemplateInvalid: the outline or the genre.toml is wrong.
    """
    plan = plan_of(folder)
    fields = frozenset(field.name for field in fields_of(plan))
    text = read(folder / OUTLINE_FILE).decode("utf-8-sig")
    return built(parse(f"{folder.name}/{OUTLINE_FILE}", text), Wanted(plan.layout, fields))


def outlined(root: Path) -> tuple[Path, ...]:
    """The genre folders of ``root`` that have an outline."""
    return tuple(
        folder
        for folder in sorted(root.iterdir())
        if (folder / OUTLINE_FILE).is_file() and (folder / PLAN_FILE).is_file()
    )


def main(arguments: list[str]) -> None:
    """Writes every template that has an outline, replacing what is there."""
    root = Path(arguments[0]) if arguments else Path(__file__).resolve().parents[2] / "templates"
    for folder in outlined(root):
        (folder / TEMPLATE_FILE).write_bytes(template_of(folder))


if __name__ == "__main__":
    main(sys.argv[1:])
