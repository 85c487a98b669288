"""Any 公文 checked: page, fonts, order of the parts, and the words; nothing here needs a genre or records.

``lint`` gives a report, ``corrected`` a copy in which what is safe to change has been changed.
"""

from dujian_docs.linting.checking import Report, lint
from dujian_docs.linting.findings import RULES, Edit, Finding, Level, RuleText
from dujian_docs.linting.fixing import corrected
from dujian_docs.linting.names import Names, Person
from dujian_docs.linting.package import read

__all__ = [
    "RULES",
    "Edit",
    "Finding",
    "Level",
    "Names",
    "Person",
    "Report",
    "RuleText",
    "corrected",
    "lint",
    "read",
]
