"""The verbs over dossiers: plan one, write it, check it again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from dujian_docs.documents import Converted, soffice_path, to_pdf
from dujian_docs.dossier import (
    Description,
    DossierPlan,
    DossierReport,
    VerifyReport,
    plan_dossier,
    verify_package,
    write_dossier,
)
from dujian_docs.workspace.checking import Wanted, check
from dujian_docs.workspace.finding import own_number, registered_numbers
from dujian_docs.workspace.place import Report, Workspace, indexer_errors


def plan_bundle(office: Workspace, wanted: Wanted = Wanted(), *, report: Report | None = None) -> DossierPlan:  # noqa: B008  frozen
    """What a dossier of the wanted part would hold, in order, and what is lacking; nothing is written."""
    result = check(office, wanted, report=report)
    with indexer_errors():
        items = office.files
        numbers = registered_numbers(office)
        evidence = {file.item.path for match in result.matches for file in match.evidence}
        descriptions = {
            path: Description(
                document_number=numbers.get(path) or own_number(office.index.text_of(path)) or ""
            )
            for path in evidence
        }
    return plan_dossier(
        result.tree,
        result,
        items,
        title=f"{result.tree.title}迎检包",
        made_at=office.clock(),
        made_by=office.settings.office.name,
        descriptions=descriptions,
    )


def apply_bundle(
    office: Workspace, plan: DossierPlan, target: Path, *, merged: bool = True, report: Report | None = None
) -> DossierReport:
    """The package stands whole at the report's path; the archive was only read."""
    soffice = soffice_path(office.settings.programs.soffice)

    def convert(sources: Sequence[Path], folder: Path) -> Sequence[Converted]:
        return to_pdf(sources, folder, soffice=soffice)

    return write_dossier(
        plan,
        office.archive,
        target,
        to_pdf=convert if merged and soffice.path else None,
        pdf_cache=office.home / "pdf",
        work=office.home,
        progress=report,
    )


def verify(package: Path, *, seal: str = "") -> VerifyReport:
    """What is wrong with a package: missing, changed and added files; nothing when it is as it was sealed."""
    return verify_package(package, seal=seal)
