"""The database: engines, transactions, bulk inserts, migrations at start.

Two kinds of transaction, both short:

* ``database.read()``: a session that only reads. On PostgreSQL it is in autocommit, so that a page of tasks costs no
  ``BEGIN`` and ``COMMIT`` of its own; on SQLite it reads one state of the write-ahead log. ``database.first()`` is the
  short form for one row by one query: who asks, at each request.
* ``database.write()``: a session whose changes are committed together when the block ends, and rolled back when it
  raises. On SQLite writers queue first in, first out in front of ``BEGIN IMMEDIATE``: its own busy handler lets some
  wait for seconds while others pass.
"""

from __future__ import annotations

import logging
import os
import select
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Engine, Row, Select, Table, create_engine, event, exc, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.orm import Session

from . import sqlite_functions
from .errors import ForeignDatabase, OutOfSpace, Unavailable
from .models import TABLE_PREFIX

log = logging.getLogger(__name__)

SQLITE_PAGE_BYTES = 8192
"""4,096 wastes almost half of the file on tasks of 2 kB; it can only be chosen before the first table."""
SQLITE_ROWS_A_STATEMENT = 10_000
COPY_ROWS = 20_000
CONNECT_ARGS = {"connect_timeout": 5, "application_name": "labelwright"}
DRIVERS = ("sqlite3", "psycopg2")
DISK_IS_FULL = ("disk is full", "no space left")
UNSEEN_S = 30
"""A connection to PostgreSQL that nobody has used for so long is asked for a sign of life before it is lent."""
MIGRATION_LOCK = 0x4C42_5752
"""Key of PostgreSQL's advisory lock: one process migrates, the others wait."""


class FairLock:
    """A lock that lets waiters pass in the order in which they came."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._held = False

    def __enter__(self) -> None:
        with self._guard:
            if not self._held:
                self._held = True
                return
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        turn.acquire()

    def __exit__(self, *_: object) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._held = False


class Database:
    """An open database.

    :param url: ``sqlite:///path`` or ``postgresql+psycopg2://...``.
    :param pool_size: connections kept open; as many more may be opened for a moment.
    :param busy_timeout_s: how long a write waits for another process's on SQLite, in seconds.
    """

    def __init__(self, url: str | URL, *, pool_size: int = 16, busy_timeout_s: float = 30) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self.engine = create_engine(
                self.url,
                pool_size=pool_size,
                max_overflow=pool_size,
                connect_args={"check_same_thread": False, "timeout": busy_timeout_s, "isolation_level": None},
            )
            event.listen(self.engine, "connect", _prepare_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
            self._read = self.engine
        else:
            self.engine = create_engine(
                self.url,
                pool_size=pool_size,
                max_overflow=pool_size,
                pool_recycle=1800,
                connect_args=CONNECT_ARGS,
            )
            event.listen(self.engine, "connect", _prepare_postgres)
            _lend_live_connections(self.engine)
            _return_connections_silently(self.engine)
            self._read = self.engine.execution_options(isolation_level="AUTOCOMMIT")
        self._single = self._read.execution_options(labelwright_begin=None)
        self._write = self.engine.execution_options(labelwright_begin="BEGIN IMMEDIATE")
        self._writers = FairLock()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that reads. Nothing done in it is kept."""
        with _translated(), Session(self._read, expire_on_commit=False, autoflush=False) as session:
            yield session

    def first(self, query: Select[Any], values: Mapping[str, Any]) -> Row[Any] | None:
        """The first row of one query, which needs no transaction.

        :param query: built once, with a ``bindparam`` for each of ``values``.
        """
        with _translated(), self._single.connect() as connection:
            return connection.execute(query, values).first()

    @contextmanager
    def snapshot(self) -> Iterator[Session]:
        """A session in which every query sees the same state, however long it takes: exports, checks."""
        engine = (
            self.engine
            if self.is_sqlite
            else self.engine.execution_options(isolation_level="REPEATABLE READ")
        )
        with _translated(), Session(engine, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose changes become one transaction.

        :raises Unavailable: when the database does not answer; nothing is stored.
        :raises OutOfSpace: when its disk is full; nothing is stored.
        """
        if self.is_sqlite:
            with self._writers, self._writing() as session:
                yield session
        else:
            with self._writing() as session:
                yield session

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        with _translated(), Session(self._write, expire_on_commit=False) as session:
            yield session
            session.commit()

    def insert_rows(
        self, session: Session, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> int:
        """Insert many rows the fastest way that the database has: COPY, or ``executemany``.

        Values are what the driver stores: JSON columns take JSON text, times take aware datetimes. No defaults of
        the models are filled in: name every column that may not be null.

        :returns: how many rows were inserted.
        """
        connection = session.connection()
        if self.is_sqlite:
            return _insert_sqlite(connection, table, columns, rows)
        return _copy_postgres(connection, table, columns, rows)

    def update_rows(
        self, session: Session, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]
    ) -> None:
        """Give many rows other values, each its own, in few statements.

        :param rows: the id, then the values of ``columns``, as :meth:`insert_rows` takes them.
        """
        connection = session.connection()
        if self.is_sqlite:
            _update_sqlite(connection, table, columns, rows)
        elif rows:
            _update_postgres(connection, table, columns, rows)

    def learn_sizes(self, *tables: Table) -> None:
        """Have PostgreSQL look at tables that have just grown much. Until it has, it plans as if they were small: the
        next task of 100,000 took 200 ms, and 15 ms after. Takes a fraction of a second, however large they are.
        """
        if self.is_sqlite:
            return
        with self.read() as session:
            for table in tables:
                session.execute(text(f"ANALYZE {table.name}"))

    def ping(self) -> None:
        """Ask the database for one number. :raises Unavailable: when it does not answer."""
        with self.read() as session:
            session.execute(text("SELECT 1"))

    def close(self) -> None:
        self.engine.dispose()


def open_database(url: str | URL, *, pool_size: int = 16, busy_timeout_s: float = 30) -> Database:
    """Open the database, creating a missing one when we may.

    :raises ForeignDatabase: when its tables are another program's.
    :raises Unavailable: when it cannot be reached; the message says what to check, never the password.
    """
    url = make_url(url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
        _look_before_opening(url)
    database = Database(url, pool_size=pool_size, busy_timeout_s=busy_timeout_s)
    try:
        with database.engine.connect() as connection:
            _refuse_foreign(connection, url)
    except exc.OperationalError as error:
        if "does not exist" in str(error.orig) and url.database and url.database in str(error.orig):
            database.close()
            _create_postgres_database(url)
            return open_database(url, pool_size=pool_size)
        raise Unavailable(f"The database {describe(url)} cannot be reached: {_first_line(error)}.") from error
    except exc.DatabaseError as error:
        if "not a database" in str(error.orig):
            raise ForeignDatabase(
                f"{url.database} is not an SQLite database; it is left as it is."
            ) from error
        raise
    return database


def describe(url: URL) -> str:
    """The database in words, without its password."""
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"{url.database!r} on {url.host or 'localhost'}:{url.port or 5432}"


def _look_before_opening(url: URL) -> None:
    """Refuse another program's file without a change to it: our own way of opening switches the write-ahead log on."""
    path = Path(url.database or "")
    if not path.exists() or path.stat().st_size == 0:
        return
    looking = sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)
    try:
        names = [name for (name,) in looking.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    except sqlite3.DatabaseError as error:
        if "not a database" in str(error):
            raise ForeignDatabase(f"{path} is not an SQLite database; it is left as it is.") from error
        return
    finally:
        looking.close()
    _refuse_names(names, url)


def _refuse_foreign(connection: Connection, url: URL) -> None:
    _refuse_names(inspect(connection).get_table_names(), url)


def _refuse_names(names: Sequence[str], url: URL) -> None:
    if any(name.startswith(TABLE_PREFIX) for name in names):
        return
    if {"django_migrations", "htx_user", "task_completion"} & set(names):
        raise ForeignDatabase(
            f"The database {describe(url)} belongs to Label Studio (it has the table django_migrations). "
            "It is left as it is: name another database for Labelwright, or an empty one."
        )


def _create_postgres_database(url: URL) -> None:
    """Create the database that the settings name, as Label Studio's images expect."""
    maintenance = create_engine(
        url.set(database="postgres"), isolation_level="AUTOCOMMIT", connect_args=CONNECT_ARGS
    )
    try:
        with maintenance.connect() as connection:
            quoted = connection.dialect.identifier_preparer.quote(url.database or "")
            connection.exec_driver_sql(f"CREATE DATABASE {quoted} ENCODING 'UTF8' TEMPLATE template0")
            log.info("created the database %s", describe(url))
    except exc.ProgrammingError as error:
        if "already exists" not in str(error.orig):
            raise Unavailable(
                f"The database {describe(url)} does not exist, and the user {url.username!r} may not create it: "
                f"{_first_line(error)}. Create it, or grant CREATEDB."
            ) from error
    except exc.OperationalError as error:
        raise Unavailable(f"The database {describe(url)} cannot be reached: {_first_line(error)}.") from error
    finally:
        maintenance.dispose()


def _prepare_sqlite(connection: sqlite3.Connection, _record: object) -> None:
    cursor = connection.cursor()
    for statement in (
        f"PRAGMA page_size={SQLITE_PAGE_BYTES}",
        "PRAGMA journal_mode=WAL",
        "PRAGMA synchronous=FULL",
        "PRAGMA foreign_keys=ON",
        "PRAGMA cache_size=-8192",  # kibibytes, for each of sixteen threads: the system caches the file once for all
        "PRAGMA temp_store=MEMORY",
    ):
        cursor.execute(statement)
    cursor.close()
    sqlite_functions.install(connection)


def _begin_sqlite(connection: Connection) -> None:
    begin = connection.get_execution_options().get("labelwright_begin", "BEGIN")
    if begin is not None:
        connection.exec_driver_sql(begin)


def _prepare_postgres(connection: Any, _record: object) -> None:
    from psycopg2 import extras

    extras.register_default_json(connection, loads=lambda text: text)  # ``RawJSON`` hands on what is stored


def _lend_live_connections(engine: Engine) -> None:
    """Lend no connection that PostgreSQL has closed, without asking it each time: that would be one more way there and
    back for every transaction. What has been closed shows on its socket, which is silent otherwise.
    """

    @event.listens_for(engine, "checkout")
    def look(connection: Any, record: Any, _proxy: object) -> None:
        moment = time.monotonic()
        last, record.info["lent_at"] = record.info.get("lent_at", moment), moment
        try:
            if moment - last >= UNSEEN_S or not _is_silent(connection):
                engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise exc.InvalidatePoolError() from error


def _is_silent(connection: Any) -> bool:
    """Whether nothing has come from the other side: no end, and no word that nobody asked for."""
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN)
    return not poll.poll(0)


def _return_connections_silently(engine: Engine) -> None:
    """Let connections go back to the pool without a word to PostgreSQL, and also those that died while they were lent.

    SQLAlchemy would name an isolation level as it switches out of autocommit, which the driver then takes back by a
    statement: one more way there and back for each reading. If a dead one could not go back, its place in the pool
    would be lost for good.
    """

    def switch_back_or_close(connection: Any) -> None:
        try:
            connection.rollback()
            connection.set_session(isolation_level="DEFAULT", autocommit=False)
        except engine.dialect.loaded_dbapi.Error:
            connection.close()

    engine.dialect.reset_isolation_level = switch_back_or_close  # type: ignore[method-assign, assignment]


def _insert_sqlite(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    processors = [
        table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        for name in columns
    ]
    marks = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({marks})"
    cursor = connection.connection.cursor()
    total = 0
    rows = iter(rows)
    while block := list(islice(rows, SQLITE_ROWS_A_STATEMENT)):
        values = zip(*block, strict=True)
        bound = [
            column if process is None else _bound(process, column)
            for process, column in zip(processors, values, strict=True)
        ]
        cursor.executemany(statement, list(zip(*bound, strict=True)))
        total += len(block)
    cursor.close()
    return total


def _update_sqlite(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    processors = [
        table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
        for name in columns
    ]
    places = ", ".join(f"{name} = ?" for name in columns)
    cursor = connection.connection.cursor()
    cursor.executemany(
        f"UPDATE {table.name} SET {places} WHERE id = ?",
        [
            [
                *(
                    process(value) if process else value
                    for process, value in zip(processors, values, strict=True)
                ),
                row,
            ]
            for row, *values in rows
        ],
    )
    cursor.close()


def _update_postgres(
    connection: Connection, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]
) -> None:
    from psycopg2.extras import execute_values

    types = [table.c[name].type.compile(connection.dialect) for name in columns]
    places = ", ".join(f"{name} = new.{name}" for name in columns)
    cursor = connection.connection.cursor()
    execute_values(
        cursor,
        f"UPDATE {table.name} SET {places} FROM (VALUES %s) AS new (id, {', '.join(columns)}) "
        f"WHERE {table.name}.id = new.id",
        rows,
        template=f"(%s, {', '.join(f'%s::{kind}' for kind in types)})",
        page_size=1000,
    )
    cursor.close()


def _bound(process: Callable[[Any], Any], column: Iterable[Any]) -> Iterator[Any]:
    """A column's values as the driver takes them. Rows that are written together share one moment, converted once."""
    last, made = None, process(None)
    for value in column:
        if value is not last:
            last, made = value, process(value)
        yield made


def _copy_postgres(
    connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> int:
    cursor = connection.connection.cursor()
    statement = f"COPY {table.name} ({', '.join(columns)}) FROM STDIN"
    total = 0
    rows = iter(rows)
    while block := list(islice(rows, COPY_ROWS)):
        cursor.copy_expert(statement, _CopyText(block))
        total += len(block)
    cursor.close()
    return total


class _CopyText:
    """Rows in COPY's text format, read piece by piece: a block of 20,000 tasks is never one string."""

    def __init__(self, rows: Sequence[Sequence[Any]]) -> None:
        self._rows = iter(rows)
        self._rest = b""

    def read(self, size: int = 65536) -> bytes:
        pieces, length = [self._rest], len(self._rest)
        while length < size:
            row = next(self._rows, None)
            if row is None:
                break
            line = ("\t".join(map(_copy_field, row)) + "\n").encode()
            pieces.append(line)
            length += len(line)
        joined = b"".join(pieces)
        self._rest = joined[size:]
        return joined[:size]


_COPY_ESCAPES = str.maketrans({"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def _copy_field(value: Any) -> str:
    if value is None:
        return "\\N"
    if value is True:
        return "t"
    if value is False:
        return "f"
    if isinstance(value, str):
        return value.translate(_COPY_ESCAPES) if not value.isalnum() else value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


@contextmanager
def _translated() -> Iterator[None]:
    """Say what went wrong outside in our own errors; mistakes of ours stay what they are."""
    try:
        yield
    except Exception as error:
        if (outside := _from_outside(error)) is not None:
            raise outside from error
        raise


def _from_outside(error: Exception) -> Unavailable | None:
    """What happened to the database or its disk; ``None`` for the rest. Raw cursors raise the driver's own errors."""
    if isinstance(error, exc.TimeoutError):
        return Unavailable(
            "All connections to the database are busy. Nothing was stored; try again in a moment."
        )
    driver = error.orig if isinstance(error, exc.DBAPIError) else error
    words = str(driver).lower()
    is_drivers = type(driver).__module__.partition(".")[0] in DRIVERS
    if any(text in words for text in DISK_IS_FULL) and (is_drivers or isinstance(error, OSError)):
        return OutOfSpace("The server's disk is full. Nothing was stored; try again when there is space.")
    if not is_drivers:
        return None
    if "disk i/o error" in words:
        return Unavailable("The database's disk does not answer. Nothing was stored.")
    names = {kind.__name__ for kind in type(driver).__mro__}
    if getattr(error, "connection_invalidated", False) or names & {"OperationalError", "InterfaceError"}:
        log.warning("the database did not answer: %s", _first_line(driver))
        return Unavailable("The database does not answer; try again in a moment.")
    return None


def _first_line(error: object) -> str:
    """Of a driver's error, or of SQLAlchemy's around it."""
    driver = getattr(error, "orig", error)
    return next(iter(str(driver).strip().splitlines()), type(driver).__name__)


class ServerLock:
    """One server process for an SQLite database: a second would not see the first one's queue and locks.

    :raises Unavailable: when another process holds it; the message names the file.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / "server.lock"

    def __enter__(self) -> ServerLock:
        import fcntl

        self._file = open(self.path, "a+")
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self._file.seek(0)
            holder = self._file.read().strip() or "unknown"
            self._file.close()
            raise Unavailable(
                f"Another Labelwright server (process {holder}) already uses the data folder {self.path.parent}. "
                "Stop it first, or start this one with another --data-dir."
            ) from error
        self._file.truncate(0)
        self._file.write(str(os.getpid()))
        self._file.flush()
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
