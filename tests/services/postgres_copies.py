"""Databases with our tables and no rows, for one test after the other.

Making a database takes PostgreSQL some 200 ms, emptying one that a test has used takes 10. One whose tables are no
longer those it was made with is thrown away.
"""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

import psycopg2

from tests.services.postgres import USER, Postgres

LARGEST = 1024 * 1024
"""Bytes of a table: beyond them dead rows would slow the next test down."""

SHAPE = """
    SELECT (SELECT count(*) || '/' || max(oid) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
           (SELECT count(*) FROM pg_attribute JOIN pg_class ON attrelid = pg_class.oid
             WHERE relnamespace = 'public'::regnamespace AND NOT attisdropped),
           (SELECT count(*) || '/' || max(oid) FROM pg_constraint),
           (SELECT count(*) || '/' || max(oid) FROM pg_trigger),
           (SELECT count(*) || '/' || max(oid) FROM pg_proc),
           (SELECT count(*) || '/' || max(oid) FROM pg_extension),
           (SELECT count(*) FROM pg_namespace WHERE nspname NOT LIKE 'pg_t%temp%'),
           (SELECT setconfig FROM pg_db_role_setting JOIN pg_database ON setdatabase = pg_database.oid
             WHERE datname = current_database())
"""


@dataclass
class Copies:
    """Copies of one database, whose tables hold no rows but the versions of the migrations."""

    server: Postgres
    template: str
    free: list[tuple[str, Any]] = field(default_factory=list)
    """Those that can be taken, with their shapes."""

    def take(self) -> tuple[str, Any]:
        """The name of an empty one, and the shape to give it back with."""
        if self.free:
            return self.free.pop()
        name = self.server.create_database(self.template)
        with closing(self._connect(name)) as connection, connection.cursor() as cursor:
            return name, _shape(cursor)

    def give_back(self, name: str, shape: Any) -> None:
        """Empty a database that nobody needs any longer; whoever is still connected is thrown out."""
        if self.empty(name, shape):
            self.free.append((name, shape))
        else:
            self.server.drop_database(name)

    def empty(self, name: str, shape: Any) -> bool:
        """Take all rows out of a database; ids begin with 1 again. Whoever is connected is thrown out.

        :returns: whether it is as it was when it was taken: its tables may be others, or too large.
        """
        with closing(self._connect(name)) as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = %s AND pid <> pg_backend_pid()",
                [name],
            )
            if _shape(cursor) != shape:
                return False
            cursor.execute(
                "SELECT relname, pg_relation_size(oid) > %s FROM pg_class WHERE relkind = 'r'"
                " AND relnamespace = 'public'::regnamespace AND relname NOT LIKE '%%alembic_version%%'",
                [LARGEST],
            )
            tables = cursor.fetchall()
            if any(is_large for _, is_large in tables):
                return False
            asked = (f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table, _ in tables)
            cursor.execute(" UNION ALL ".join(asked))
            filled = cursor.fetchall()
            # All rows go, so no constraint need be asked about any of them.
            cursor.execute("SET session_replication_role = replica")
            for (table,) in filled:
                cursor.execute(f'DELETE FROM "{table}"')
            cursor.execute(
                "SELECT setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences"
                " WHERE schemaname = 'public' AND last_value IS NOT NULL"
            )
            connection.commit()
        return True

    def _connect(self, name: str) -> psycopg2.extensions.connection:
        return psycopg2.connect(
            host="127.0.0.1", port=self.server.port, user=USER, dbname=name, connect_timeout=5
        )


def _shape(cursor: psycopg2.extensions.cursor) -> Any:
    cursor.execute(SHAPE)
    shape = cursor.fetchone()
    cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relname LIKE '%alembic_version%'")
    versions = []
    for (table,) in sorted(cursor.fetchall()):
        cursor.execute(f'SELECT version_num FROM "{table}"')
        versions.append((table, cursor.fetchall()))
    return shape, versions
