"""Official documents: genres, numbers, layout, rendering, issuing, conversion."""

from dujian_docs.documents.by_hand import hold, use_held, void_held
from dujian_docs.documents.contexts import ChasedGap
from dujian_docs.documents.convert import Converted, Soffice, soffice_path, to_pdf
from dujian_docs.documents.differences import Difference, Mark
from dujian_docs.documents.docx_text import paragraphs_of
from dujian_docs.documents.genres import Genre, genre_of, genres, shipped_templates
from dujian_docs.documents.issuing import Issued, IssuePlan, apply_issue, plan_issue, settle_leftovers
from dujian_docs.documents.numbers import DocumentNumber
from dujian_docs.documents.office import Office
from dujian_docs.documents.register import entries, next_number, number_of
from dujian_docs.documents.register_import import (
    RefusedRow,
    RegisterImport,
    TakenRow,
    apply_register_import,
    plan_register_import,
)
from dujian_docs.documents.register_report import Double, RegisterReport, SeriesReport, register_report
from dujian_docs.documents.tracing import FileState, Trace, TracedOrigin, TracedValue, traced

__all__ = [
    "ChasedGap",
    "Converted",
    "Difference",
    "DocumentNumber",
    "Double",
    "FileState",
    "Genre",
    "IssuePlan",
    "Issued",
    "Mark",
    "Office",
    "RefusedRow",
    "RegisterImport",
    "RegisterReport",
    "SeriesReport",
    "Soffice",
    "TakenRow",
    "Trace",
    "TracedOrigin",
    "TracedValue",
    "apply_issue",
    "apply_register_import",
    "entries",
    "genre_of",
    "genres",
    "hold",
    "next_number",
    "number_of",
    "paragraphs_of",
    "plan_issue",
    "plan_register_import",
    "register_report",
    "settle_leftovers",
    "shipped_templates",
    "soffice_path",
    "to_pdf",
    "traced",
    "use_held",
    "void_held",
]
