"""What a document is made from besides records: the outcome of a check or of an evaluation."""

from __future__ import annotations

from dataclasses import dataclass

from dujian_docs.documents.contexts import ChasedGap
from dujian_docs.evaluation import Evaluation
from dujian_docs.readiness import Tally


@dataclass(frozen=True, slots=True)
class Beside:
    """Outcomes that the workspace worked out for a document; empty for most.

    ``gaps`` are what a unit owes, of the filing list called ``filing_list_title``; ``tallies`` what each unit
    has of it; ``evaluation`` what the figures and scores come to.
    """

    gaps: tuple[ChasedGap, ...] = ()
    filing_list_title: str = ""
    tallies: tuple[Tally, ...] = ()
    evaluation: Evaluation | None = None


NOTHING = Beside()
"""Most documents have nothing beside their records."""
