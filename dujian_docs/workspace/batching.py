"""The verb that issues one genre for many records, and what is handed to the printer afterwards."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from dujian_docs.documents import Genre, Issued, genre_of, soffice_path, to_pdf
from dujian_docs.documents.batch_table import read_table
from dujian_docs.documents.batching import BatchPlan, BatchReport, Told, Wanted, apply_batch, plan_batch
from dujian_docs.documents.gathering import reference
from dujian_docs.documents.pending import NUMBER_PENDING
from dujian_docs.documents.reading import Reader
from dujian_docs.documents.rendering import render
from dujian_docs.dossier.merge import joined
from dujian_docs.errors import InputInvalid, UsageInvalid
from dujian_docs.publishing import confined, publish
from dujian_docs.records import is_secret, kind_of
from dujian_docs.workspace.place import Workspace, unit_code

CONTEXTS_OF_ONE = frozenset({"gaps", "results", "county", "progress"})
"""What is told from a check or an evaluation is made one at a time: each of them costs seconds."""


def plan_batch_of(
    office: Workspace,
    word: str,
    *,
    records: Sequence[str] = (),
    table: Path | None = None,
    where: Mapping[str, str] | None = None,
    by_hand: Mapping[str, str] | None = None,
    again: bool = False,
    internal: bool = False,
    tell: Told | None = None,
) -> BatchPlan:
    """What the batch will come to; no number is spent and nothing is written.

    Args:
        office: the workspace.
        word: the genre.
        records: the records, each as a code, a name or ``种类/编号``; or
        table: a workbook that names them, with columns of what is typed for each; or
        where: every record of the genre's kind whose columns hold these texts, ``{}`` for every record.
        by_hand: what is typed for all of them, by label.
        again: issues anew what this year already went out for the same record.
        internal: confidential records count among those that ``where`` finds.
        tell: told (done, all) after each.

    Raises:
        UsageInvalid: there is no such genre, or it cannot be issued in batches.
        InputInvalid: the table cannot be read, or nothing is asked for.
    """
    genre = genre_of(word, office.template_roots)
    if genre.context in CONTEXTS_OF_ONE or not genre.record:
        raise UsageInvalid(
            f"“{genre.title}”不是一条记录一份的文种，不能成批生成",
            remedy=f"用 dujian issue {genre.title} 逐份签发",
        )
    wanted = (
        read_table(table, genre) if table else _of_records(office, genre, records, where, internal=internal)
    )
    common = dict(by_hand or {})
    each = [
        replace(one, record=_key(office, genre, one.record), typed={**common, **one.typed}) for one in wanted
    ]
    if not each:
        raise InputInvalid("一条符合的记录都没有", remedy="核对 --where 的条件，或用 --table 给名单")
    doubled = [key for key, times in Counter(one.record for one in each).items() if times > 1]
    if doubled:
        raise InputInvalid(f"名单里 {doubled[0]} 写了不止一次", remedy="一条记录只留一行")
    return plan_batch(
        genre,
        each,
        office.store,
        office=office.office,
        today=office.clock().date(),
        author=office.author,
        again=again,
        tell=tell,
    )


def apply_batch_of(office: Workspace, plan: BatchPlan, *, tell: Told | None = None) -> BatchReport:
    """The documents stand in the archive under their numbers; what stopped it, if anything did.

    Raises:
        StorageFailed: the archive is not there; no number was spent.
    """
    office.require_archive()
    return apply_batch(
        plan,
        office.store,
        archive=office.archive,
        home=office.home,
        author=office.author,
        clock=office.clock,
        tell=tell,
    )


def write_preview(plan: BatchPlan, target: Path, *, at: datetime) -> Path:
    """The first document of the batch, without a number, at the returned path.

    Raises:
        InputInvalid: none of the documents can be made.
    """
    if not plan.plans:
        raise InputInvalid("没有一份能生成，看不了样张", remedy="先按列出的原因补齐")
    first = plan.plans[0]
    return publish(render(first.genre.template, {**first.values, "number": NUMBER_PENDING}, at=at), target)


def write_zip(office: Workspace, issued: Sequence[Issued], target: Path) -> Path:
    """One zip of the documents, in the order of their numbers, at the returned path.

    Raises:
        StorageFailed: the disk refused.
    """
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as package:
        for one in issued:
            package.write(confined(office.archive, one.path), Path(one.path).name)
    return publish(buffer.getvalue(), target)


def write_print(
    office: Workspace, issued: Sequence[Issued], target: Path, *, both_sides: bool, tell: Told | None = None
) -> tuple[Path, tuple[str, ...]]:
    """One PDF of the documents in the order of their numbers, and those that could not be printed.

    With ``both_sides`` each document begins on the front of a sheet.

    Raises:
        ProgramMissing: there is no LibreOffice.
        StorageFailed: the disk refused.
    """
    with tempfile.TemporaryDirectory() as folder:
        sources = [confined(office.archive, one.path) for one in issued]
        soffice = soffice_path(office.settings.programs.soffice)
        made = to_pdf(sources, Path(folder), soffice=soffice, on_progress=tell)
        failed = tuple(f"{one.source.name}：{one.reason}" for one in made if one.pdf is None)
        content = joined([one.pdf for one in made if one.pdf], both_sides=both_sides)
        return publish(content, target), failed


def _of_records(
    office: Workspace,
    genre: Genre,
    records: Sequence[str],
    where: Mapping[str, str] | None,
    *,
    internal: bool,
) -> tuple[Wanted, ...]:
    if records:
        return tuple(Wanted(record) for record in records)
    if where is None:
        raise UsageInvalid(
            "没有写给哪些记录生成",
            remedy="加 --record（可写多次）、--table 名单.xlsx，或 --where 列=内容、--all",
        )
    kind = kind_of(genre.record)
    with office.store.snapshot() as now:
        reader = Reader(now)
        return tuple(
            Wanted(kind.key_of(record))
            for record in reader.all(kind)
            if (internal or not is_secret(now, f"{kind.title}/{kind.key_of(record)}"))
            and all(text in reader.at(record, column).texts for column, text in where.items())
        )


def _key(office: Workspace, genre: Genre, word: str) -> str:
    """The key of a record; of a unit also by its name."""
    if genre.record == "unit":
        return unit_code(office.units, word.rpartition("/")[2])
    return reference(genre, word)[1]
