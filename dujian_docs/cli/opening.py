"""How a command gets its open workspace."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from dujian_docs.cli.console import Session
from dujian_docs.workspace import Workspace


def now() -> datetime:
    """The present moment with the machine's time zone."""
    return datetime.now(UTC).astimezone()


@contextmanager
def opened(session: Session) -> Iterator[Workspace]:
    """The workspace the session names, open; closed again afterwards."""
    with Workspace.open(
        session.workspace, overrides=session.overrides, environment=os.environ, clock=now
    ) as office:
        yield office
