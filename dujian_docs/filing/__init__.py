"""The filing list (建档目录): what ought to be in the archive, what is there, and why one says so."""

from dujian_docs.filing.assigning import ConfirmPlan, apply_confirm, plan_confirm
from dujian_docs.filing.checking import check
from dujian_docs.filing.expectations import expectations
from dujian_docs.filing.loading import is_filing_list, load_filing_list
from dujian_docs.filing.matching import match
from dujian_docs.filing.names import NameFacts, read_name
from dujian_docs.filing.places import EVIDENCE_FOLDER, folder_of, name_of, place_of
from dujian_docs.filing.results import (
    CheckResult,
    Expectation,
    ExpectationKey,
    Match,
    MatchedFile,
    StrayFile,
)
from dujian_docs.filing.states import FOREIGN_LABEL, UNFILED_LABEL, ExpectationState, Ground
from dujian_docs.filing.storing import FilingListPlan, apply_filing_list, plan_filing_list, tree_of
from dujian_docs.filing.suggesting import suggest
from dujian_docs.filing.suggestions import Suggestion
from dujian_docs.filing.tree import FilingTree, IndicatorNode
from dujian_docs.filing.tree_rules import IndicatorRow, RequiredFileRow, build_tree
from dujian_docs.filing.unit_names import UnitNames

__all__ = [
    "EVIDENCE_FOLDER",
    "FOREIGN_LABEL",
    "UNFILED_LABEL",
    "CheckResult",
    "ConfirmPlan",
    "Expectation",
    "ExpectationKey",
    "ExpectationState",
    "FilingListPlan",
    "FilingTree",
    "Ground",
    "IndicatorNode",
    "IndicatorRow",
    "Match",
    "MatchedFile",
    "NameFacts",
    "RequiredFileRow",
    "StrayFile",
    "Suggestion",
    "UnitNames",
    "apply_confirm",
    "apply_filing_list",
    "build_tree",
    "check",
    "expectations",
    "folder_of",
    "is_filing_list",
    "load_filing_list",
    "match",
    "name_of",
    "place_of",
    "plan_confirm",
    "plan_filing_list",
    "read_name",
    "suggest",
    "tree_of",
]
