"""The invented county's records, in an order in which links always point back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from dujian_docs.filing import FilingTree, load_filing_list
from dujian_docs.records import Campaign, Finding, Inspection, Person, Record, Unit, kind_of
from dujian_docs.sample.figures import FILING_LIST, county, supervision
from dujian_docs.sample.inspecting import cross_inspections, zones_and_visits
from dujian_docs.sample.statistics import finances, school_statistics, scores

_FINDING_FIELDS = (
    "code",
    "inspection",
    "unit",
    "description",
    "source",
    "indicator",
    "responsible_person",
    "measure",
    "found_date",
    "deadline",
    "status",
)


@cache
def sample_tree() -> FilingTree:
    """The county's filing list."""
    return load_filing_list(FILING_LIST)


@cache
def sample_units() -> tuple[Unit, ...]:
    """The units that hand in files: government, departments, townships, schools."""
    return tuple(Unit(**values) for values in county()["units"])


def sample_records() -> tuple[Record, ...]:
    """Every record of the county, the filing list's included; can be stored one after the other."""
    return tuple(_records())


def _records() -> Iterator[Record]:
    yield from sample_units()
    yield from (Unit(**values) for values in supervision()["unit"])
    yield from (Person(**values) for values in county()["persons"])
    tree = sample_tree()
    yield tree.filing_list
    yield from (node.indicator for node in tree.walk())
    yield from tree.required_files()
    yield from (Campaign(**values) for values in county()["campaigns"])
    yield from (Inspection(**values) for values in county()["inspections"])
    yield from kept_records()
    yield from cross_inspections()
    yield from zones_and_visits()
    yield from findings()
    yield from school_statistics()
    yield from finances()
    yield from scores(tree)


def kept_records() -> Iterator[Record]:
    """What the office kept over the year, kind by kind."""
    for kind, rows in supervision().items():
        if kind != "unit":
            yield from (kind_of(kind).model(**values) for values in rows)


@cache
def findings() -> tuple[Finding, ...]:
    """The findings of both years, oldest first."""
    rows = [dict(zip(_FINDING_FIELDS, row, strict=True)) for row in county()["findings"]]
    return tuple(Finding(**row, **county()["checked"].get(row["code"], {})) for row in rows)
