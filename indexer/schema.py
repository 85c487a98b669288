"""The manifest's database: how it is opened and brought up to date, and what its refusals mean.

With ``indexer.manifest``, ``indexer.looks`` and ``indexer.sketches`` the only speaker of sqlite3.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from indexer.errors import IndexerError, ManifestDamaged

MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE files (
      id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE,
      size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL, inode INTEGER NOT NULL,
      sha256 TEXT NOT NULL, missing INTEGER NOT NULL DEFAULT 0);
    CREATE INDEX files_by_content ON files (sha256);
    CREATE INDEX files_missing ON files (missing) WHERE missing > 0;
    CREATE TABLE texts (
      sha256 TEXT PRIMARY KEY, state TEXT NOT NULL, reason TEXT NOT NULL, remedy TEXT NOT NULL,
      pages INTEGER, title TEXT NOT NULL, passages BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    """,
    # Texts were kept without what a file tells of itself; all files are read again.
    """
    DROP TABLE texts;
    CREATE TABLE texts (
      sha256 TEXT PRIMARY KEY, state TEXT NOT NULL, reason TEXT NOT NULL, remedy TEXT NOT NULL,
      facts TEXT NOT NULL, passages BLOB NOT NULL) WITHOUT ROWID;
    """,
    # Between a package's path and what is in it stands MEMBER_MARK.
    """
    CREATE TABLE members (
      package TEXT NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL, size INTEGER NOT NULL,
      sha256 TEXT NOT NULL UNIQUE, PRIMARY KEY (package, position)) WITHOUT ROWID;
    CREATE VIEW documents AS
      SELECT CAST(id AS TEXT) AS id, path, size, mtime_ns, sha256, missing, '' AS package FROM files
      UNION ALL
      SELECT * FROM (
        WITH RECURSIVE inside (id, path, size, mtime_ns, sha256, missing, package) AS (
          SELECT files.id || '.' || position, path || '!/' || name, members.size, mtime_ns,
            members.sha256, missing, path
          FROM members JOIN files ON members.package = files.sha256
          UNION ALL
          SELECT inside.id || '.' || position, path || '!/' || name, members.size, mtime_ns,
            members.sha256, missing, inside.package
          FROM inside JOIN members ON members.package = inside.sha256)
        SELECT * FROM inside);
    """,
    # What was seen on a page, page 0 being all, for seals. Texts tell whose is due, so all are read again.
    """
    CREATE TABLE looks (
      sha256 TEXT NOT NULL, page INTEGER NOT NULL, state TEXT NOT NULL, found TEXT NOT NULL,
      PRIMARY KEY (sha256, page)) WITHOUT ROWID;
    DROP TABLE texts;
    CREATE TABLE texts (
      sha256 TEXT PRIMARY KEY, state TEXT NOT NULL, reason TEXT NOT NULL, remedy TEXT NOT NULL,
      facts TEXT NOT NULL, due INTEGER NOT NULL, passages BLOB NOT NULL) WITHOUT ROWID;
    CREATE INDEX texts_due ON texts (sha256) WHERE due;
    CREATE INDEX texts_by_state ON texts (state);
    """,
    # Sketches of texts, made when they are first asked for; ``size`` is that of the packed text they are of.
    """
    CREATE TABLE sketches (
      sha256 TEXT PRIMARY KEY, version TEXT NOT NULL, size INTEGER NOT NULL, sketch BLOB NOT NULL)
      WITHOUT ROWID;
    """,
    # What is inside packages can be asked for by itself, members first (CROSS JOIN), which are few; and every
    # change ends what is noted as settled.
    """
    DROP VIEW documents;
    CREATE VIEW inside AS
      WITH RECURSIVE deeper (id, path, size, mtime_ns, sha256, missing, package) AS (
        SELECT files.id || '.' || position, path || '!/' || name, members.size, mtime_ns,
          members.sha256, missing, path
        FROM members CROSS JOIN files ON members.package = files.sha256
        UNION ALL
        SELECT deeper.id || '.' || position, path || '!/' || name, members.size, mtime_ns,
          members.sha256, missing, deeper.package
        FROM deeper JOIN members ON members.package = deeper.sha256)
      SELECT * FROM deeper;
    CREATE VIEW documents AS
      SELECT CAST(id AS TEXT) AS id, path, size, mtime_ns, sha256, missing, '' AS package FROM files
      UNION ALL SELECT * FROM inside;
    CREATE TRIGGER files_come AFTER INSERT ON files BEGIN DELETE FROM facts WHERE name = 'settled'; END;
    CREATE TRIGGER files_change AFTER UPDATE ON files BEGIN DELETE FROM facts WHERE name = 'settled'; END;
    CREATE TRIGGER files_go AFTER DELETE ON files BEGIN DELETE FROM facts WHERE name = 'settled'; END;
    CREATE TRIGGER texts_come AFTER INSERT ON texts BEGIN DELETE FROM facts WHERE name = 'settled'; END;
    CREATE TRIGGER texts_change AFTER UPDATE ON texts BEGIN DELETE FROM facts WHERE name = 'settled'; END;
    CREATE TRIGGER texts_go AFTER DELETE ON texts BEGIN DELETE FROM facts WHERE name = 'settled'; END;
    """,
)
"""Each brings the schema one version further; a manifest has the version of how many were applied."""

FAULTS = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What SQLite raises; the second when a damaged file makes it quote bytes that are no text."""


@contextmanager
def manifest_errors() -> Iterator[None]:
    """What SQLite refuses leaves as an IndexerError."""
    try:
        yield
    except FAULTS as fault:
        raise damaged() if is_damage(fault) else disk_refused(fault) from fault


class NewerDatabase(Exception):
    """A manifest that this version of the program cannot bring up to date."""


def connected(file: Path) -> sqlite3.Connection:
    """The database in ``file``, made or brought to the present schema; raises what SQLite raises."""
    connection = sqlite3.connect(file, timeout=30, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        _migrate(connection)
        connection.execute("SELECT count(*) FROM files").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _migrate(connection: sqlite3.Connection) -> None:
    """Brings the schema to the present version; two processes doing so at once do it once."""
    if version_of(connection) == len(MIGRATIONS):
        return
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = version_of(connection)
        if version > len(MIGRATIONS):
            raise NewerDatabase("收录清单是更新版本的程序做的")  # noqa: TRY301  the transaction has to end
        for statements in MIGRATIONS[version:]:
            for statement in _each(statements):
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _each(statements: str) -> Iterator[str]:
    """The statements one by one; those of a trigger are inside its own."""
    begun = ""
    for part in statements.rstrip().removesuffix(";").split(";"):
        begun += f"{part};"
        if sqlite3.complete_statement(begun):
            yield begun
            begun = ""


def version_of(connection: sqlite3.Connection) -> int:
    """How many migrations the database has been through."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def damaged() -> ManifestDamaged:
    """The error of a database whose content makes no sense."""
    return ManifestDamaged(
        "检索库的收录清单损坏，读不出来",
        remedy="再收录一次：损坏的清单会另存，还读得出的文字接着用，其余的重新读取；档案里的文件不受影响",
    )


def is_damage(fault: Exception) -> bool:
    """Whether the file itself is bad, and not only locked, full or forbidden."""
    if isinstance(fault, UnicodeDecodeError) or "decode to UTF-8" in str(fault):
        return True
    code = getattr(fault, "sqlite_errorcode", 0) & 0xFF
    return code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


def disk_refused(fault: Exception) -> IndexerError:
    """The error of a database that is sound and cannot be used."""
    return IndexerError(
        f"检索库写不进去（{getattr(fault, 'sqlite_errorname', type(fault).__name__)}）",
        remedy="检查磁盘是否已满、检索库所在文件夹能不能写入，然后再试",
    )
