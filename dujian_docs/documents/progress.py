"""What each unit has handed in of a filing list, for the weekly bulletin. Pure over a check."""

from __future__ import annotations

from collections.abc import Sequence

from dujian_docs.documents.fields import Context
from dujian_docs.readiness import Tally
from dujian_docs.wording import joined


def progress_values(tallies: Sequence[Tally]) -> Context:
    """Counts over all units, the units that are complete, and ``rows`` by share, the greatest first."""
    due, present = sum(one.due for one in tallies), sum(one.present for one in tallies)
    if not due:
        return {}
    told = sorted(tallies, key=lambda one: (-one.present / one.due, one.code))
    return {
        "due": str(due),
        "present": str(present),
        "missing": str(due - present),
        "rate": _share(present, due),
        "complete": joined(one.title for one in told if not one.gaps),
        "rows": tuple(
            {
                "number": str(number),
                "unit": one.title,
                "due": str(one.due),
                "present": str(one.present),
                "missing": str(one.gaps),
                "rate": _share(one.present, one.due),
            }
            for number, one in enumerate(told, start=1)
        ),
    }


def _share(part: int, whole: int) -> str:
    return f"{part / whole * 100:.1f}".removesuffix(".0") + "%"
