"""What ought to be in the archive: required files × units × years. Pure; reads no disk.

Who must have a file: 「县级」 its responsible unit, 「乡镇」 every township, 「学校」 every school, or those
of the named stages.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from dujian_docs.filing.results import Expectation
from dujian_docs.filing.tree import FilingTree, code_order
from dujian_docs.filing.tree_rules import refuse
from dujian_docs.records.kinds import RequiredFile, Scope, Unit, UnitType


def expectations(
    tree: FilingTree, units: Sequence[Unit], years: Collection[int] | None = None
) -> tuple[Expectation, ...]:
    """Every file that is due, in the order of the list, then by unit code, then by year, oldest first.

    ``years`` keeps only those calendar years. For a report on a part of the archive narrow the result of a
    full check instead (``CheckResult.narrowed``): only a full check knows which files are foreign.

    Raises:
        InputInvalid: a required file concerns no unit at all; every such file is named, since leaving it
            out would let an incomplete archive look complete.
    """
    faults = expectation_faults(tree, units)
    refuse(tree.title, faults, remedy="在应备件里补填责任单位，或在单位表里补录所缺的单位，然后重新核验")
    return tuple(
        Expectation(file, unit, year)
        for file in tree.required_files()
        for unit in units_of(file, units)
        for year in tree.years_of(file)
        if years is None or year in years
    )


def units_of(required_file: RequiredFile, units: Sequence[Unit]) -> tuple[Unit, ...]:
    """The units that must have a required file, by code."""
    if required_file.scope is Scope.COUNTY:
        found = [unit for unit in units if unit.code == required_file.responsible_unit]
    elif required_file.scope is Scope.TOWNSHIP:
        found = [unit for unit in units if unit.unit_type is UnitType.TOWNSHIP]
    else:
        wanted = set(required_file.stages)
        found = [
            unit
            for unit in units
            if unit.unit_type is UnitType.SCHOOL and (not wanted or wanted & set(unit.stage.split("、")))
        ]
    return tuple(sorted(found, key=lambda unit: code_order(unit.code)))


def expectation_faults(tree: FilingTree, units: Sequence[Unit]) -> tuple[str, ...]:
    """Every required file that concerns no unit, as Chinese phrases naming it and what is lacking."""
    return tuple(
        f"{file.code} {file.title}：{_lack(file)}"
        for file in tree.required_files()
        if not units_of(file, units)
    )


def _lack(required_file: RequiredFile) -> str:
    if required_file.scope is Scope.COUNTY:
        if required_file.responsible_unit is None:
            return "是县级件，却没有填责任单位"
        return f"责任单位“{required_file.responsible_unit}”不在单位表里"
    if required_file.scope is Scope.TOWNSHIP:
        return "要求每个乡镇都有，单位表里却没有乡镇"
    if required_file.stages:
        return f"要求学段为“{'、'.join(required_file.stages)}”的学校都有，单位表里却没有这样的学校"
    return "要求每所学校都有，单位表里却没有学校"
