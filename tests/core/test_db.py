"""The database's door: created when missing, refused when foreign, clear words when it is away; writes are fair."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import make_url

from labelwright import plugins, schema
from labelwright.db import Database, FairLock, ServerLock, open_database
from labelwright.errors import ConfigurationError, ForeignDatabase, Unavailable
from labelwright.models import DataColumn, Organization, Project, Task, now
from labelwright.registry import Registry
from tests.services.postgres import Postgres


def test_a_missing_postgres_database_is_created(postgres: Postgres) -> None:
    database = open_database(make_url(postgres.url("not_there_yet")))
    database.ping()
    database.close()
    postgres.drop_database("not_there_yet")


def test_a_database_that_is_away_is_named_without_its_password() -> None:
    with pytest.raises(Unavailable) as caught:
        open_database("postgresql+psycopg2://me:s3cret@127.0.0.1:1/work")
    assert "'work' on 127.0.0.1:1" in caught.value.message
    assert "s3cret" not in caught.value.message


def test_label_studios_database_is_refused_and_left_alone(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE django_migrations (id INTEGER)"))
        connection.execute(text("CREATE TABLE htx_user (id INTEGER)"))
    with pytest.raises(ForeignDatabase, match="belongs to Label Studio"):
        open_database(database_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM django_migrations")).scalar() == 0
    engine.dispose()


def test_a_file_that_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("not a database, " * 1000)
    with pytest.raises(ForeignDatabase, match="is not an SQLite database"):
        open_database(f"sqlite:///{path}")
    assert path.read_text().startswith("not a database")


def test_migrating_twice_and_at_once_is_the_same_as_once(database_url: str) -> None:
    databases = [open_database(database_url) for _ in range(3)]
    applied: list[str] = []

    def migrate(database: Database) -> None:
        applied.extend(schema.migrate(database))

    if databases[0].is_sqlite:
        for database in databases:
            migrate(database)
    else:
        threads = [threading.Thread(target=migrate, args=(database,)) for database in databases]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert len(applied) == 1
    assert schema.pending(databases[0]) == []
    for database in databases:
        database.close()


def test_a_newer_programs_tables_are_refused(migrated_url: str) -> None:
    database = open_database(migrated_url)
    with database.write() as session:
        session.execute(text("UPDATE lw_alembic_version SET version_num = '9999'"))
    with pytest.raises(ConfigurationError, match="newer version"):
        schema.migrate(database)
    database.close()


def test_the_migrations_make_the_tables_of_the_models(migrated_url: str) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    of_plugins = [tables.metadata for _, tables in Registry(plugins.load()).models]
    database = open_database(migrated_url)
    with database.engine.connect() as connection:
        of_others = ("lw_alembic", "lw_fts_", "ix_lw_fts_")
        options = {"include_name": lambda name, _kind, _parents: not str(name).startswith(of_others)}
        found = compare_metadata(
            MigrationContext.configure(connection, opts=options), [schema.CORE.metadata, *of_plugins]
        )
    database.close()
    # A plugin's metadata does not know the core's tables, to which only its migrations tie it.
    ties = {table.name for metadata in of_plugins for table in metadata.tables.values()}
    assert [one for one in found if one[0] != "remove_fk" or one[1].parent.name not in ties] == []


def test_every_table_has_the_prefix() -> None:
    assert all(name.startswith("lw_") for name in schema.CORE.metadata.tables)


HOSTILE = (
    '{"a": "back\\\\slash \\\\. \\\\N tab\\t"}',
    '{\n\t"pretty": [1,\r\n 2]}',
    '{"emoji": "😀 日本語 \u2028"}',
    '{"a": 1, "a": 2, "big": 123456789012345678901234567890, "tiny": 1e-308}',
    '{"": null}',
)


def test_bulk_inserts_keep_every_character(migrated_url: str) -> None:
    database = open_database(migrated_url)
    with database.write() as session:
        organization = Organization(title="x", token="t")
        session.add(organization)
        session.flush()
        project = Project(organization_id=organization.id)
        session.add(project)
        session.flush()
        columns = (
            "project_id", "import_id", "inner_id", "data", "meta", "overlap", "allow_skip", "created_at",
            "updated_at", "is_labeled", "total_annotations", "cancelled_annotations", "total_predictions",
            "total_drafts", "total_ground_truths", "taken", "lead_time_sum", "lead_time_count",
            "prediction_score_sum", "prediction_score_count", "comment_count", "unresolved_comment_count",
        )  # fmt: skip
        moment = now()
        rows = [
            (
                project.id,
                0,
                place,
                data,
                None,
                1,
                True,
                moment,
                moment,
                False,
                0,
                0,
                0,
                0,
                0,
                0,
                1.5,
                0,
                0.0,
                0,
                0,
                0,
            )
            for place, data in enumerate(HOSTILE)
        ]
        assert database.insert_rows(session, Task.__table__, columns, rows) == len(HOSTILE)
    with database.read() as session:
        stored = session.scalars(select(Task).order_by(Task.inner_id)).all()
    assert tuple(task.data for task in stored) == HOSTILE
    assert (stored[0].created_at, stored[0].allow_skip, stored[0].meta, stored[0].lead_time_sum) == (
        moment,
        True,
        None,
        1.5,
    )
    database.close()


def test_a_failed_write_leaves_nothing(migrated_url: str) -> None:
    database = open_database(migrated_url)

    def fail_halfway() -> None:
        with database.write() as session:
            session.add(Organization(title="x", token="t"))
            session.flush()
            raise RuntimeError("halfway")

    with pytest.raises(RuntimeError):
        fail_halfway()
    with database.read() as session:
        assert session.scalar(select(Organization.id)) is None
    database.close()


def test_reads_go_on_while_a_write_is_open(migrated_url: str) -> None:
    database = open_database(migrated_url)
    with database.write() as session:
        session.add(Organization(title="x", token="t"))
        session.flush()
        with database.read() as reader:
            assert reader.scalar(select(Organization.id)) is None
    database.close()


def test_postgres_hears_nothing_but_the_query_of_a_reading(postgres_url: str) -> None:
    """No connection takes leave by a statement when it goes back to the pool: it would be one for each request."""
    last_words = text(
        "SELECT query FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with closing(open_database(postgres_url)) as database, closing(open_database(postgres_url)) as other:
        for _ in range(2):
            with database.read() as session:
                session.execute(text("SELECT 'heard'"))
            with other.read() as session:
                assert session.scalars(last_words).all() == ["SELECT 'heard'"]


def test_a_snapshot_does_not_change_under_its_reader(migrated_url: str) -> None:
    database = open_database(migrated_url)
    with database.snapshot() as reader:
        assert reader.scalar(select(DataColumn.name)) is None
        with database.write() as session:
            session.add(Organization(title="x", token="t"))
        assert reader.scalar(select(Organization.id)) is None
    database.close()


def test_sqlite_keeps_what_it_acknowledged(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    with database.engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "page_size")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "page_size": 8192}
    database.close()


def test_waiters_pass_in_the_order_they_came() -> None:
    lock, order = FairLock(), []

    def wait(number: int) -> None:
        with lock:
            order.append(number)

    with lock:
        threads = []
        for number in range(20):
            threads.append(threading.Thread(target=wait, args=(number,)))
            threads[-1].start()
            while len(lock._waiting) <= number:
                time.sleep(0.001)
    for thread in threads:
        thread.join(5)
    assert order == list(range(20))


def test_a_second_server_on_one_folder_is_refused(tmp_path: Path) -> None:
    with ServerLock(tmp_path), pytest.raises(Unavailable, match="already uses the data folder"):
        ServerLock(tmp_path).__enter__()
    with ServerLock(tmp_path):
        pass


def test_another_programs_lock_on_sqlite_is_waited_for_and_then_told(sqlite_url: str) -> None:
    database = Database(sqlite_url, busy_timeout_s=0.2)
    schema.migrate(database)
    other = sqlite3.connect(database.url.database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable), database.write() as session:
        session.execute(text("SELECT 1"))
    other.execute("ROLLBACK")
    with database.write() as session:
        session.add(Organization(title="x", token="t"))
    database.close()
    other.close()
