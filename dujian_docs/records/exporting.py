"""Records out of the store, as a workbook that can be filled in and imported again, or as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from dujian_docs.errors import UsageInvalid
from dujian_docs.publishing import publish
from dujian_docs.records.json_records import json_bytes
from dujian_docs.records.kinds import Kind, kind_of
from dujian_docs.records.models import Record
from dujian_docs.records.workbook_form import form_bytes


def export_records(
    kind: Kind | str,
    records: Sequence[Record],
    target: Path,
    *,
    links: Mapping[str, Sequence[str]] | None = None,
) -> Path:
    """The records stand at the returned path, as .xlsx or .json by the name of ``target``.

    A namesake gets a number; nothing is overwritten. ``links`` fills the dropdowns, as in ``write_form``.

    Raises:
        UsageInvalid: the name ends otherwise.
        StorageFailed: the disk refused.
    """
    kind = kind_of(kind) if isinstance(kind, str) else kind
    suffix = target.suffix.lower()
    if suffix == ".xlsx":
        return publish(form_bytes(kind, records, links=links or {}), target)
    if suffix == ".json":
        return publish(json_bytes(kind, records), target)
    raise UsageInvalid(f"不会导出成 {target.name} 这种文件", remedy="文件名以 .xlsx 或 .json 结尾")
