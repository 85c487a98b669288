"""The county's records: sound, storable in order, and enough of everything."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import yaml

from dujian_docs.filing import UnitNames, plan_filing_list
from dujian_docs.records import (
    Finding,
    FindingSource,
    FindingStatus,
    Inspection,
    InspectionMode,
    Person,
    Record,
    RecordStore,
    RequiredFile,
    Scope,
    Unit,
    UnitType,
)
from dujian_docs.sample import office, sample_due, sample_records, sample_tree, sample_units
from dujian_docs.settings import keys

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def of(model: type[Record]) -> list[Record]:
    return [one for one in sample_records() if isinstance(one, model)]


def test_every_record_can_be_stored_in_the_order_given(tmp_path: Path) -> None:
    with RecordStore.open(tmp_path / "records.db") as store:
        with store.transaction() as writing:
            for record in sample_records():
                writing.put(record, author="李静", at=NOW)
        assert store.verify() == ()
        assert set(store.all("finding")) == set(of(Finding))
        plan = plan_filing_list(sample_tree(), store)
        assert not plan.writes, "the YAML says the same as the records"


def test_the_county_has_the_units_it_is_known_for() -> None:
    types = Counter(unit.unit_type for unit in sample_units())
    assert types == {
        UnitType.GOVERNMENT: 1,
        UnitType.DEPARTMENT: 8,
        UnitType.TOWNSHIP: 3,
        UnitType.SCHOOL: 12,
    }
    assert {unit.stage for unit in sample_units()} == {"", "小学", "初中", "九年一贯制"}


def test_no_two_units_share_a_spelling() -> None:
    assert UnitNames.of(sample_units()).ambiguous == ()


def test_nobody_real_can_be_rung_up() -> None:
    phones = [one.phone for one in (*of(Unit), *of(Person)) if isinstance(one, Unit | Person)]
    assert len(phones) == 46
    assert all(phone.startswith("0000-555") for phone in (*phones, office().phone))


def test_there_are_two_years_of_inspections_and_findings_of_every_status() -> None:
    inspections = [one for one in of(Inspection) if isinstance(one, Inspection)]
    findings = [one for one in of(Finding) if isinstance(one, Finding)]
    assert len(inspections) >= 6
    assert len(findings) >= 20
    assert {one.start_date.year for one in inspections if one.start_date} == {2025, 2026}
    assert {one.found_date.year for one in findings} == {2025, 2026}
    assert {one.status for one in findings} == set(FindingStatus)
    assert {one.source for one in findings} >= {FindingSource.COUNTY, FindingSource.SELF_CHECK}
    assert [one.code for one in findings] == sorted(one.code for one in findings)


def test_a_finding_was_made_during_its_inspection_at_a_unit_inspected() -> None:
    inspections = {one.code: one for one in of(Inspection) if isinstance(one, Inspection)}
    for finding in of(Finding):
        assert isinstance(finding, Finding)
        if finding.inspection is None:
            continue
        inspection = inspections[finding.inspection]
        assert inspection.start_date is not None
        assert inspection.end_date is not None
        assert inspection.start_date <= finding.found_date <= inspection.end_date, finding.code
        assert finding.unit in inspection.units or finding.code == "W2025-006", finding.code


def test_announced_inspections_have_all_that_a_notice_needs() -> None:
    for one in of(Inspection):
        assert isinstance(one, Inspection)
        if one.mode is not InspectionMode.UNANNOUNCED:
            assert one.purpose.startswith("为"), one.code
            assert one.contents, one.code
            assert one.methods, one.code
            assert one.requirements, one.code
            assert one.materials, one.code
            assert one.leader, one.code
            assert one.contact, one.code


def test_the_filing_list_has_3_12_26_indicators_and_100_points() -> None:
    tree = sample_tree()
    levels = Counter(node.code[0] for node in tree.walk())
    assert levels == {"A": 3, "B": 12, "C": 26}
    assert {root.code: root.points for root in tree.roots} == {"A1": 55, "A2": 30, "A3": 15}
    assert (tree.filing_list.total_points, tree.filing_list.bonus_points) == (100, 5)
    assert all(len(leaf.required_files) >= 3 for leaf in tree.leaves())
    assert len(tree.required_files()) >= 80
    assert {file.scope for file in tree.required_files()} == set(Scope)
    assert {year for file in tree.required_files() for year in file.years} == {"T-2", "T-1", "T"}


def test_every_unit_but_none_in_vain_has_something_to_hand_in() -> None:
    asked = {due.unit.code for due in sample_due()}
    assert asked == {unit.code for unit in sample_units()}


def test_the_list_is_our_own(shared: Path) -> None:
    """Besides words that any such list must have, no title and no advice is another list's."""
    example = yaml.safe_load((shared / "domain" / "filing_list_example.yaml").read_text(encoding="utf-8"))

    def texts(node: object) -> set[str]:
        if isinstance(node, dict):
            own = {str(node[key]) for key in ("scoring", "note") if key in node}
            named = {str(node["title"])} if "unit" in node else set()
            return own | named | {text for value in node.values() for text in texts(value)}
        return {text for value in node for text in texts(value)} if isinstance(node, list) else set()

    tree = sample_tree()
    ours = {node.indicator.scoring for node in tree.leaves()}
    ours |= {text for file in tree.required_files() for text in (file.title, file.note) if text}
    assert not ours & texts(example)
    assert all(isinstance(file, RequiredFile) and file.any_of for file in tree.required_files())


def test_the_office_fits_the_settings() -> None:
    settings = office().settings()
    assert set(settings) <= set(keys())
    assert settings["office.name"] == "云岭县人民政府教育督导室"
    assert settings["office.series"] == "云教督"
