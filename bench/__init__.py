"""Benchmarks: each states a goal, measures us and a peer in the same run, and says whether the goal is met.

Figures of one machine say little on another one; ratios say more, so goals are ratios. A benchmark is a
module with ``measure(folder, quick=...)`` that yields Measurements; ``python -m bench`` runs them all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Measurement:
    """One goal and what came out.

    ``value`` is compared with ``bound``: it must be at least that, or at most that if ``at_most``.
    ``corpus`` is what it was measured on; ``figures`` are what the value was made from, by name with unit.
    """

    name: str
    goal: str
    value: float
    bound: float
    at_most: bool = False
    unit: str = "倍"
    corpus: str = ""
    figures: Mapping[str, float] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """Whether the goal is met."""
        return self.value <= self.bound if self.at_most else self.value >= self.bound
