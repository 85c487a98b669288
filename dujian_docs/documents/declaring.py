"""Where a value comes from by what genre.toml says of its field, for values that no recipe made.

``where`` names the places as a clerk reads them: ``督导活动的“开始日期”“结束日期”``, ``联络员的“联系电话”，或
dujian.toml 的 [office] phone``, ``phrases.toml 的“标题”``. Of alternatives (，或) the first that has anything
is the one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from dujian_docs.documents.fields import Field, Origin, Source
from dujian_docs.documents.genre_plan import PHRASES_FILE
from dujian_docs.documents.genres import Genre
from dujian_docs.documents.reading import Reader, column_called
from dujian_docs.errors import TemplateInvalid
from dujian_docs.records import Record

SETTINGS_FILE = "dujian.toml"
_NAMED = re.compile(r"(?P<owner>[^“”，、；]*?)\s*的\s*(?P<titles>(?:“[^”]+”)+)")
_TITLE = re.compile(r"“([^”]+)”")


def declared_origins(entry: Field, genre: Genre, record: Record | None, reader: Reader) -> tuple[Origin, ...]:
    """The columns, phrases and settings that ``where`` names and that hold something, each with its version.

    Where it names none, the record as a whole. What could have been typed by hand and was not is computed.
    """
    source = Source.COMPUTED if entry.source is Source.BY_HAND else entry.source
    if entry.source is Source.SETTINGS:
        return (Origin(Source.SETTINGS, SETTINGS_FILE, entry.where),)
    for clause in entry.where.split("，或"):
        found = tuple(dict.fromkeys(_of_clause(clause, genre, record, reader)))
        if found:
            return found
    if record is None:
        return (Origin(source, genre.name, entry.where),)
    whole = reader.origin(record, "")
    return (Origin(source, whole.place, entry.where, whole.version),)


def _of_clause(clause: str, genre: Genre, record: Record | None, reader: Reader) -> Iterator[Origin]:
    if SETTINGS_FILE in clause:
        yield Origin(Source.SETTINGS, SETTINGS_FILE, clause.strip())
    for named in _NAMED.finditer(clause):
        for title in _TITLE.findall(named["titles"]):
            if named["owner"].endswith(PHRASES_FILE) and title in genre.phrases.texts:
                yield Origin(Source.PHRASE, genre.phrases.file, title)
            elif record is not None:
                yield from _of_column(record, named["owner"], title, reader)


def _of_column(record: Record, owner: str, title: str, reader: Reader) -> Iterator[Origin]:
    """The column of the record, or of the one that its column ``owner`` leads to; and whom a link names."""
    path = f"{owner}.{title}" if _has(record, owner) else title
    if path == title and not _has(record, title):
        return
    try:
        yield from reader.at(record, path).origins
        linked = reader.linked(record, path)
    except TemplateInvalid:
        return
    yield from (reader.origin(one, "") for key in linked if (one := reader.record(*key)) is not None)


def _has(record: Record, title: str) -> bool:
    try:
        column_called(title, type(record))
    except TemplateInvalid:
        return False
    return True
