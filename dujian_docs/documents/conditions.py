"""What must hold before a record becomes a document: ``forbid`` and ``any_of`` of genre.toml. Pure."""

from __future__ import annotations

from dujian_docs.documents.fields import Context
from dujian_docs.documents.genres import Genre
from dujian_docs.documents.reading import Reader
from dujian_docs.errors import InputInvalid
from dujian_docs.records import Record
from dujian_docs.records.transaction import label_of


def refuse_forbidden(genre: Genre, record: Record | None, reader: Reader) -> None:
    """The record has none of the values with which it may not become this document.

    Raises:
        InputInvalid: it has one; an unannounced inspection is given no notice.
    """
    if record is None:
        return
    for column, value in genre.forbid.items():
        if value in reader.at(record, column).texts:
            raise InputInvalid(
                f"{label_of(record)}的“{column}”是“{value}”，不能发{genre.title}",
                remedy=f"核对记录的“{column}”；填写没有错的，这份公文就不该发",
            )


def require_any(genre: Genre, values: Context) -> None:
    """At least one of the fields that the genre names is filled.

    Raises:
        InputInvalid: all are empty; each with where to fill it in.
    """
    fields = [entry for entry in genre.fields if entry.label in genre.any_of]
    if fields and not any(values.get(entry.name) for entry in fields):
        listed = "；".join(f"“{entry.label}”（{entry.where}）" for entry in fields)
        raise InputInvalid(
            f"{genre.title}至少要有一项：{listed}", remedy="按括号里的位置补填其中一项后再签发"
        )
