"""Fetching from the store what a document is made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dujian_docs.documents.contexts import (
    ChasedGap,
    GapFacts,
    InspectionFacts,
    chasing_values,
    inspection_values,
)
from dujian_docs.documents.decisions import DecisionFacts, decision_values
from dujian_docs.documents.fields import Context
from dujian_docs.documents.genres import Genre
from dujian_docs.errors import InputInvalid, TemplateInvalid, UsageInvalid
from dujian_docs.records import Inspection, Person, RecordStore, Snapshot, Unit, kind_of
from dujian_docs.records.accountability_models import AccountabilityCase


def reference(genre: Genre, text: str) -> tuple[str, str]:
    """(kind's identifier, key) of a reference ``督导活动/DD2026-03``, or of a key alone.

    Raises:
        UsageInvalid: it names another kind of record than the genre is made from.
    """
    kind = kind_of(genre.record)
    word, slash, key = text.strip().partition("/")
    if not slash:
        word, key = kind.title, word
    if kind_of(word) is not kind or not key:
        raise UsageInvalid(f"“{genre.title}”不能由“{text}”生成", remedy=f"写成“{kind.title}/编号”")
    return kind.name, key


def values_of(
    genre: Genre,
    key: str,
    store: RecordStore,
    *,
    by_hand: Mapping[str, str],
    gaps: Sequence[ChasedGap],
    filing_list_title: str,
    today: date,
) -> Context:
    """The values that come from records, made by the genre's context function.

    Raises:
        InputInvalid: there is no such record, or it may not become this document.
    """
    with store.snapshot() as now:
        match genre.context:
            case "inspection":
                return inspection_values(_inspection(now, key), genre.phrases, by_hand)
            case "decision":
                return decision_values(_decision(now, key), genre.phrases)
            case "gaps":
                facts = GapFacts(_unit(now, key), filing_list_title, tuple(gaps))
                return chasing_values(facts, genre.phrases, by_hand, today)
    raise TemplateInvalid(
        f"{genre.name}/genre.toml 的 context 没有“{genre.context}”", remedy="写 inspection、gaps 或 decision"
    )


def _inspection(now: Snapshot, key: str) -> InspectionFacts:
    inspection = now.get("inspection", key)
    if not isinstance(inspection, Inspection):
        raise _absent("督导活动", key)
    leader = _person(now, inspection.leader)
    members = tuple(person for code in inspection.members if (person := _person(now, code)))
    persons = [person for person in (leader, *members) if person]
    return InspectionFacts(
        inspection=inspection,
        units=tuple(_unit(now, code) for code in inspection.units),
        leader=leader,
        members=members,
        contact=_person(now, inspection.contact),
        workplaces={person.unit: _unit(now, person.unit).name for person in persons},
    )


def _decision(now: Snapshot, key: str) -> DecisionFacts:
    case = now.get("accountability_case", key)
    if not isinstance(case, AccountabilityCase):
        raise _absent("问责案件", key)
    return DecisionFacts(case, _unit(now, case.unit))


def _person(now: Snapshot, code: str | None) -> Person | None:
    found = now.get("person", code) if code else None
    return found if isinstance(found, Person) else None


def _unit(now: Snapshot, code: str) -> Unit:
    found = now.get("unit", code)
    if not isinstance(found, Unit):
        raise _absent("单位", code)
    return found


def _absent(title: str, key: str) -> InputInvalid:
    return InputInvalid(
        f"没有编号为“{key}”的{title}", remedy=f"用 dujian export {title} 看已有的编号，或先导入"
    )
