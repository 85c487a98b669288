"""Bases (依据) that are no longer in force, and what still cites them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dujian_docs.records.basis_models import Basis
from dujian_docs.records.masked import is_whole, pattern_of

_SHORTEST = 5
"""A title shorter than this is too common to be looked for in text."""


@dataclass(frozen=True, slots=True)
class Citing:
    """A record and what it says of its bases."""

    kind: str
    code: str
    text: str


@dataclass(frozen=True, slots=True)
class BasisState:
    """A basis, why it is not or soon no longer in force (empty when it is), and the records that cite it."""

    basis: Basis
    lapsed: str
    lapsing: str
    cited: tuple[Citing, ...]

    @property
    def unclear(self) -> bool:
        """Whether a part of its number or year is not known."""
        return any(text and not is_whole(text) for text in (self.basis.number, self.basis.year))


def basis_states(
    bases: Sequence[Basis], citing: Sequence[Citing], *, today: date, soon: int
) -> tuple[BasisState, ...]:
    """How every basis stands today; ``soon`` days before it lapses it is lapsing."""
    by_code = {one.code: one for one in bases}
    return tuple(
        BasisState(
            one,
            _lapsed(one, by_code, today),
            _lapsing(one, today, today + timedelta(days=soon)),
            tuple(other for other in citing if cites(other.text, one)),
        )
        for one in sorted(bases, key=lambda one: one.code)
    )


def cites(text: str, basis: Basis) -> bool:
    """Whether the text names the basis, by its number in any spelling or by its whole title.

    A title that goes on, as that of another document does (…办法实施细则), is not this one's.
    """
    if basis.number and pattern_of(basis.number).search(text):
        return True
    title = basis.title.strip("《》")
    return len(title) >= _SHORTEST and (f"《{title}》" in text or text.strip() == title)


def _lapsed(one: Basis, by_code: Mapping[str, Basis], today: date) -> str:
    after = by_code.get(one.replaced_by or "")
    if after and (after.start_date is None or after.start_date <= today):
        number = f"（{after.number}）" if after.number else ""
        return f"已由《{after.title}》{number}代替"
    if one.end_date and one.end_date < today:
        return f"{one.end_date:%Y-%m-%d} 起失效"
    if one.start_date and one.start_date > today:
        return f"{one.start_date:%Y-%m-%d} 才施行"
    return ""


def _lapsing(one: Basis, today: date, limit: date) -> str:
    if one.end_date and today <= one.end_date <= limit:
        return f"{one.end_date:%Y-%m-%d} 到期"
    return ""
