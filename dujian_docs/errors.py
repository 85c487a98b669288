"""What stops a verb: a problem and its remedy, both in Chinese, and the exit status it means.

The statuses are those of docs/errors.md; the command line and the page show the same two sentences.
"""

from __future__ import annotations

from typing import ClassVar


class DujianError(Exception):
    """Work cannot go on; ``problem`` says what happened, ``remedy`` what to do about it."""

    exit_status: ClassVar[int] = 1

    def __init__(self, problem: str, *, remedy: str) -> None:
        super().__init__(problem)
        self.problem = problem
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.problem}。怎么办：{self.remedy}"


class UsageInvalid(DujianError):
    """A word of the command is not one of those that exist (genre, kind, setting)."""

    exit_status = 2


class InputInvalid(DujianError):
    """Data handed in (a record, a workbook, a filing list) breaks a rule; nothing was stored."""

    exit_status = 4


class TemplateInvalid(DujianError):
    """A genre's folder or template cannot be used."""

    exit_status = 4


class RecordConflict(DujianError):
    """A change would break a link between records or overtake another change."""


class ArchiveConflict(DujianError):
    """A file cannot be placed into the archive without touching another one."""


class StorageFailed(DujianError):
    """The disk refused: full, read-only or gone."""

    exit_status = 5


class ProgramMissing(DujianError):
    """An optional program is needed for this and is not installed."""

    exit_status = 5


class PackageInvalid(DujianError):
    """A dossier package cannot be opened as one."""

    exit_status = 4
