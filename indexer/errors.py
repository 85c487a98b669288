"""What stops the indexer's work: a problem and its remedy, both in Chinese."""

from __future__ import annotations


class IndexerError(Exception):
    """Work cannot go on; ``problem`` says what happened, ``remedy`` what to do about it."""

    def __init__(self, problem: str, *, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem}。怎么办：{self.remedy}"


class ArchiveUnreachable(IndexerError):
    """The archive's root folder is missing or may not be read."""


class MassDisappearance(IndexerError):
    """So many files vanished at once that a lost share is likelier than a clean-up."""


class IndexBusy(IndexerError):
    """Another process is writing this index."""


class IndexDamaged(IndexerError):
    """An engine's files cannot be opened or do not answer; they are a cache and can be rebuilt."""


class QueryInvalid(IndexerError):
    """A query cannot be understood; ``position`` is the 0-based character where it goes wrong."""

    def __init__(self, problem: str, *, remedy: str, position: int) -> None:
        super().__init__(problem, remedy=remedy)
        self.position = position


class IndexOutdated(IndexDamaged):
    """An engine's files were made by another version of the program or with another lexicon."""
