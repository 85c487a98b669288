"""The dossier (迎检包): planned, written as a sealed zip with its lists, and checked again by anyone."""

from dujian_docs.dossier.findings import Fault, Finding, VerifyLimits, VerifyReport
from dujian_docs.dossier.model import (
    Description,
    DossierPlan,
    ListLine,
    NotIncluded,
    ProgressSink,
    Row,
    Section,
    StoredFile,
    Use,
    Volume,
    state_label,
)
from dujian_docs.dossier.package import DossierReport, write_dossier
from dujian_docs.dossier.plan import plan_dossier
from dujian_docs.dossier.staging import Conversion, ToPdf
from dujian_docs.dossier.verify import verify_package

__all__ = [
    "Conversion",
    "Description",
    "DossierPlan",
    "DossierReport",
    "Fault",
    "Finding",
    "ListLine",
    "NotIncluded",
    "ProgressSink",
    "Row",
    "Section",
    "StoredFile",
    "ToPdf",
    "Use",
    "VerifyLimits",
    "VerifyReport",
    "Volume",
    "plan_dossier",
    "state_label",
    "verify_package",
    "write_dossier",
]
