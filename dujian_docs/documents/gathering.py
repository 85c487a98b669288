"""Fetching from the store what a document is made from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from dujian_docs.documents.assembling import Assembled, Given, assembled
from dujian_docs.documents.beside import NOTHING, Beside
from dujian_docs.documents.conditions import refuse_forbidden
from dujian_docs.documents.contexts import (
    GapFacts,
    InspectionFacts,
    chasing_values,
    inspection_values,
)
from dujian_docs.documents.county import county_values
from dujian_docs.documents.decisions import DecisionFacts, decision_values
from dujian_docs.documents.fields import Context
from dujian_docs.documents.genres import Genre
from dujian_docs.documents.outcomes import OutcomeFacts, outcome_values
from dujian_docs.documents.progress import progress_values
from dujian_docs.documents.reading import Reader
from dujian_docs.documents.results import results_values
from dujian_docs.errors import InputInvalid, TemplateInvalid, UsageInvalid
from dujian_docs.records import KINDS, Finding, Inspection, Person, Snapshot, Unit, kind_of
from dujian_docs.records.accountability_models import AccountabilityCase


@dataclass(frozen=True, slots=True)
class Asked:
    """What a document is wanted from: its record's key, what was typed by field name, what stands beside."""

    key: str
    typed: Mapping[str, str]
    today: date
    beside: Beside = NOTHING


def reference(genre: Genre, text: str) -> tuple[str, str]:
    """(kind's identifier, key) of ``督导活动/DD2026-03``, or of a key alone; empty without record.

    Raises:
        UsageInvalid: it names another kind of record than the genre is made from.
    """
    if not genre.record:
        if text.strip():
            raise UsageInvalid(f"“{genre.title}”不由记录生成", remedy="去掉 --record，内容用 --field 填写")
        return "", ""
    kind = kind_of(genre.record)
    word, slash, key = text.strip().partition("/")
    known = any(word in (one.name, one.title) for one in KINDS)
    if not slash or (len(kind.key_fields) > 1 and not known):
        word, key = kind.title, text.strip()
    if kind_of(word) is not kind or not key:
        raise UsageInvalid(f"“{genre.title}”不能由“{text}”生成", remedy=f"写成“{kind.title}/编号”")
    return kind.name, key


def values_of(
    genre: Genre, asked: Asked, reader: Reader, *, frame: Context, office: str, author: str
) -> Assembled:
    """The values that come from records, by the genre's recipes and its context function, with origins.

    Raises:
        InputInvalid: there is no such record, or it may not become this document.
    """
    if genre.context not in BUILDERS:
        raise TemplateInvalid(
            f"{genre.name}/genre.toml 的 context 没有“{genre.context}”",
            remedy=f"可写的有：{'、'.join(word for word in BUILDERS if word)}，或者不写",
        )
    record = None
    if genre.record:
        record = reader.record(genre.record, asked.key)
        if record is None:
            raise _absent(kind_of(genre.record).title, asked.key)
    refuse_forbidden(genre, record, reader)
    given = Given(
        frame=frame,
        built=BUILDERS[genre.context](reader.now, genre, asked),
        typed=asked.typed,
        today=asked.today,
        office=office,
        author=author,
    )
    return assembled(genre, record, reader, given)


def _from_inspection(now: Snapshot, genre: Genre, asked: Asked) -> Context:
    return inspection_values(_inspection(now, asked.key), genre.phrases, asked.typed)


def _from_case(now: Snapshot, genre: Genre, asked: Asked) -> Context:
    return decision_values(_decision(now, asked.key), genre.phrases)


def _from_gaps(now: Snapshot, genre: Genre, asked: Asked) -> Context:
    facts = GapFacts(_unit(now, asked.key), asked.beside.filing_list_title, asked.beside.gaps)
    return chasing_values(facts, genre.phrases, asked.typed, asked.today)


def _from_outcome(now: Snapshot, genre: Genre, asked: Asked) -> Context:
    inspection = now.get("inspection", asked.key)
    if not isinstance(inspection, Inspection):
        raise _absent("督导活动", asked.key)
    found = tuple(
        one for one in now.all("finding") if isinstance(one, Finding) and one.inspection == inspection.code
    )
    codes = dict.fromkeys([*inspection.units, *(one.unit for one in found)])
    names = {code: _unit(now, code).name for code in codes}
    return outcome_values(OutcomeFacts(found, names, inspection.units), genre.phrases)


def _from_results(now: Snapshot, genre: Genre, asked: Asked) -> Context:
    return results_values(asked.beside.evaluation, genre.phrases) if asked.beside.evaluation else {}


def _from_county(now: Snapshot, genre: Genre, asked: Asked) -> Context:
    return county_values(asked.beside.evaluation, genre.phrases) if asked.beside.evaluation else {}


def _from_progress(now: Snapshot, genre: Genre, asked: Asked) -> Context:
    return progress_values(asked.beside.tallies)


def _from_recipes(now: Snapshot, genre: Genre, asked: Asked) -> Context:
    return {}


BUILDERS: Mapping[str, Callable[[Snapshot, Genre, Asked], Context]] = {
    "": _from_recipes,
    "inspection": _from_inspection,
    "decision": _from_case,
    "gaps": _from_gaps,
    "outcome": _from_outcome,
    "results": _from_results,
    "county": _from_county,
    "progress": _from_progress,
}
"""The contexts that a genre.toml may name, for values that no recipe can make."""


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
