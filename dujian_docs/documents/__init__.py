"""Official documents: genres, numbers, layout, rendering, issuing, conversion."""

from dujian_docs.documents.contexts import ChasedGap
from dujian_docs.documents.convert import Converted, Soffice, soffice_path, to_pdf
from dujian_docs.documents.genres import Genre, genre_of, genres, shipped_templates
from dujian_docs.documents.issuing import Issued, IssuePlan, apply_issue, plan_issue, settle_leftovers
from dujian_docs.documents.numbers import DocumentNumber
from dujian_docs.documents.office import Office
from dujian_docs.documents.register import entries, number_of

__all__ = [
    "ChasedGap",
    "Converted",
    "DocumentNumber",
    "Genre",
    "IssuePlan",
    "Issued",
    "Office",
    "Soffice",
    "apply_issue",
    "entries",
    "genre_of",
    "genres",
    "number_of",
    "plan_issue",
    "settle_leftovers",
    "shipped_templates",
    "soffice_path",
    "to_pdf",
]
