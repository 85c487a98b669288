"""What the manifest says: of the package as a whole and of each stored file. Plain JSON values."""

from __future__ import annotations

from typing import Any

from dujian_docs.dossier.model import DossierPlan, Row, StoredFile, Use
from dujian_docs.dossier.pieces import Placed


def about_file(file: StoredFile, placed: Placed | None) -> dict[str, Any]:
    """What the manifest says of a stored file besides path, size and hash."""
    first = file.uses[0]
    about: dict[str, Any] = {
        "kind": "evidence",
        "title": file.description.title,
        "source": file.source,
        "also_at": list(file.also_at),
        "required_file": first.required_file,
        "unit": first.unit,
        "year": first.year,
        "uses": [_use(use) for use in file.uses],
    }
    if placed is not None:
        about["merged"] = {"first_page": placed.first_page, "pages": placed.page_count}
        if placed.reason:
            about["merged"]["not_merged"] = placed.reason
    return about


def _use(use: Use) -> dict[str, Any]:
    return {
        "required_file": use.required_file,
        "indicator": use.indicator,
        "unit": use.unit,
        "unit_name": use.unit_name,
        "year": use.year,
    }


def about_package(plan: DossierPlan) -> dict[str, Any]:
    """What the manifest says of the package as a whole: origin, counts, gaps, what was left out."""
    return {
        "title": plan.title,
        "filing_list": plan.list_code,
        "unit": plan.unit_name,
        "made_by": plan.made_by,
        "made_at": plan.made_at.isoformat(timespec="seconds"),
        "counts": {state.value: count for state, count in plan.counts().items()},
        "gaps": [_gap(row) for row in plan.gaps],
        "not_included": [
            {"source": one.source, "reason": one.reason, "uses": [_use(use) for use in one.uses]}
            for one in plan.not_included
        ],
    }


def _gap(row: Row) -> dict[str, Any]:
    return {
        "code": row.use.required_file,
        "title": row.use.required_title,
        "unit": row.use.unit,
        "year": row.use.year,
        "state": row.state.value,
        "reason": row.reason,
        "next_step": row.next_step,
    }
