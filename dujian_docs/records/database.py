"""The records file: one append-only table, guarded by triggers, in a SQLite database.

Every connection waits up to ``BUSY_SECONDS`` for another writer and syncs each commit to the disk.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    Boolean,
    Column,
    Connection,
    Engine,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    UniqueConstraint,
    bindparam,
    create_engine,
    event,
    func,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError

from dujian_docs.errors import StorageFailed

DATABASE_VERSION = 1
"""The number of the tables' present form."""
BUSY_SECONDS = 30

_metadata = MetaData()
_versions = Table(
    "versions",
    _metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("schema", Integer, nullable=False),
    Column("deleted", Boolean, nullable=False),
    Column("author", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("previous_hash", Text, nullable=False),
    Column("hash", Text, nullable=False),
    UniqueConstraint("kind", "key", "version"),
)
_current = Table("current_records", MetaData(), *(Column(column.name, column.type) for column in _versions.c))
"""A view: the latest version of every key that is not deleted; the unique index makes it fast."""

_SCHEMA = (
    """CREATE VIEW current_records AS SELECT * FROM versions AS v
         WHERE NOT v.deleted AND NOT EXISTS (SELECT 1 FROM versions AS n
           WHERE n.kind = v.kind AND n."key" = v."key" AND n.version > v.version)""",
    "CREATE TABLE about (database_version INTEGER NOT NULL)",
    """CREATE TRIGGER versions_keep_update BEFORE UPDATE ON versions
         BEGIN SELECT RAISE(ABORT, '留痕记录只能追加，不能修改'); END""",
    """CREATE TRIGGER versions_keep_delete BEFORE DELETE ON versions
         BEGIN SELECT RAISE(ABORT, '留痕记录只能追加，不能删除'); END""",
    """CREATE TRIGGER versions_append_only BEFORE INSERT ON versions
         WHEN NEW.seq <> (SELECT COALESCE(MAX(seq), 0) + 1 FROM versions) OR EXISTS (
           SELECT 1 FROM versions WHERE kind = NEW.kind AND "key" = NEW."key" AND version = NEW.version)
         BEGIN SELECT RAISE(ABORT, '留痕记录只能追加在末尾'); END""",
)
_TRIGGERS = frozenset({"versions_keep_update", "versions_keep_delete", "versions_append_only"})


def open_database(path: Path) -> Engine:
    """An engine on the records file at ``path``, whose tables exist afterwards.

    Raises:
        StorageFailed: the folder is missing, the file is not a records file, or a newer program made it.
    """
    if not path.parent.is_dir():
        raise StorageFailed(f"没有文件夹 {path.parent}，无法打开记录库", remedy="先用 dujian init 建立工作区")
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    try:
        with storage_errors(path), _locked(engine) as connection:
            _create(connection, path)
    except BaseException:
        engine.dispose()
        raise
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions are begun by _begin, not by the driver
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _begin(connection: Connection) -> None:
    wants_to_write = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if wants_to_write else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Rows]:
    """The rows of one consistent state, whatever others write meanwhile."""
    with engine.connect() as connection, connection.begin():
        yield Rows(connection)


@contextmanager
def writing(engine: Engine) -> Iterator[Rows]:
    """The rows under the write lock; commits at the end, rolls back on an error."""
    with _locked(engine) as connection:
        yield Rows(connection)


@contextmanager
def _locked(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        yield connection


def _create(connection: Connection, path: Path) -> None:
    names = set(connection.execute(text("SELECT name FROM sqlite_master")).scalars())
    if not names:
        _metadata.create_all(connection)
        for statement in _SCHEMA:
            connection.exec_driver_sql(statement)
        connection.execute(text("INSERT INTO about VALUES (:number)"), {"number": DATABASE_VERSION})
        return
    if not {"versions", "about"} <= names:
        raise StorageFailed(f"{path.name} 不是本系统的记录库", remedy="核对路径，或从备份恢复 records.db")
    found = connection.execute(text("SELECT database_version FROM about")).scalar()
    if found != DATABASE_VERSION:
        raise StorageFailed(
            f"记录库 {path.name} 的版本是 {found}，本程序只认识 {DATABASE_VERSION}",
            remedy="请升级本程序后再打开",
        )


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turns what SQLite says of the disk and the file into a problem and a remedy."""
    try:
        yield
    except DBAPIError as error:
        name = str(getattr(error.orig, "sqlite_errorname", ""))
        problem, remedy = next(
            (said for start, said in _SAID.items() if name.startswith(start)),
            ("无法读写", "运行 dujian doctor 检查磁盘和权限"),
        )
        raise StorageFailed(f"记录库 {path.name} {problem}", remedy=remedy) from error


_SAID = {
    "SQLITE_BUSY": ("正被别的程序占用", "等另一个操作完成后再试"),
    "SQLITE_LOCKED": ("正被别的程序占用", "等另一个操作完成后再试"),
    "SQLITE_FULL": ("写不进去，磁盘已满", "清理磁盘后再试，已有记录没有丢失"),
    "SQLITE_READONLY": ("只能读不能写", "检查文件夹的写权限"),
    "SQLITE_CANTOPEN": ("打不开", "检查文件夹是否存在、有没有读写权限"),
    "SQLITE_PERM": ("没有读写权限", "检查文件夹的读写权限"),
    "SQLITE_NOTADB": ("不是记录库或已经损坏", "从备份恢复 records.db"),
    "SQLITE_CORRUPT": ("已经损坏", "从备份恢复 records.db"),
    "SQLITE_IOERR": ("读写时磁盘出错", "检查磁盘或网络盘，记录库应放在本机硬盘上"),
    "SQLITE_CONSTRAINT": ("拒绝了这次写入，留痕记录只能追加", "运行 dujian verify 检查记录库"),
}


Row = dict[str, Any]
"""One version as the database holds it, by column."""


_LATEST = (
    select(_versions)
    .where(_versions.c.kind == bindparam("kind"), _versions.c.key == bindparam("key"))
    .order_by(_versions.c.version.desc())
    .limit(1)
)
"""Made once: building a statement anew costs more than SQLite takes to answer it."""
_INSERT = _versions.insert()


class Rows:
    """The table and its view through one connection; a row is a dictionary by column."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def latest(self, kind: str, key: str) -> Row | None:
        """The latest version of a record, a deletion included."""
        return self._one(_LATEST, {"kind": kind, "key": key})

    def current(self, kind: str, *, containing: str = "") -> list[Row]:
        """Every record of a kind as it stands, by key; only those whose body holds ``containing``."""
        wanted = select(_current).where(_current.c.kind == kind).order_by(_current.c.key)
        if containing:
            wanted = wanted.where(func.instr(_current.c.body, containing) > 0)
        return self._many(wanted)

    def history(self, kind: str, key: str) -> list[Row]:
        """Every version of a record, the oldest first."""
        wanted = select(_versions).where(_versions.c.kind == kind, _versions.c.key == key)
        return self._many(wanted.order_by(_versions.c.version))

    def numbers(self, kind: str) -> dict[str, int]:
        """The number of the latest version of every key of a kind."""
        newest = func.max(_versions.c.version).label("newest")
        wanted = select(_versions.c.key, newest).where(_versions.c.kind == kind).group_by(_versions.c.key)
        return {row.key: row.newest for row in self._connection.execute(wanted)}

    def batch(self, seq: int) -> list[Row]:
        """Every version that was written in one go with the one at ``seq``, in the order of writing."""
        one = select(_versions.c.at, _versions.c.author).where(_versions.c.seq == seq).subquery()
        together = (_versions.c.at == one.c.at) & (_versions.c.author == one.c.author)
        return self._many(select(_versions).join(one, together).order_by(_versions.c.seq))

    def batches(self, most: int) -> list[int]:
        """The first ``seq`` of the batches written last, the latest first."""
        first = func.min(_versions.c.seq).label("first")
        wanted = select(first).group_by(_versions.c.at, _versions.c.author)
        return list(self._connection.execute(wanted.order_by(first.desc()).limit(most)).scalars())

    def last(self) -> Row | None:
        """The version written last of all."""
        return self._one(select(_versions).order_by(_versions.c.seq.desc()).limit(1))

    def every(self) -> Iterator[Row]:
        """Every version, in the order of writing."""
        for row in self._connection.execute(select(_versions).order_by(_versions.c.seq)):
            yield row._asdict()

    def append(self, row: Mapping[str, Any]) -> None:
        """Adds one version at the end."""
        self._connection.execute(_INSERT, row)

    def is_guarded(self) -> bool:
        """Whether the triggers that refuse changes all stand."""
        found = self._connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))
        return set(found.scalars()) >= _TRIGGERS

    def _one(self, wanted: Select[Any], values: Mapping[str, Any] | None = None) -> Row | None:
        found = self._many(wanted, values)
        return found[0] if found else None

    def _many(self, wanted: Select[Any], values: Mapping[str, Any] | None = None) -> list[Row]:
        return [row._asdict() for row in self._connection.execute(wanted, values or {})]
