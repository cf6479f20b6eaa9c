"""The services that other tests rely on do start, and are what they say."""

from __future__ import annotations

import os
import signal
from contextlib import closing
from pathlib import Path

import psycopg2
import pytest
import redis
from playwright.sync_api import Browser
from sqlalchemy import create_engine, text

from tests.services import warm
from tests.services.labelwright import COMMAND, LiveServer
from tests.services.postgres import Postgres
from tests.services.postgres_copies import Copies
from tests.services.processes import DidNotStart, Program, find_program
from tests.services.redis_server import Redis


def test_each_test_gets_a_database_of_its_own(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE mine (a integer)"))
        assert connection.execute(text("SELECT count(*) FROM mine")).scalar() == 0
    engine.dispose()


def test_a_postgres_database_can_be_copied(postgres: Postgres) -> None:
    original = postgres.create_database()
    with psycopg2.connect(postgres.url(original).replace("+psycopg2", "")) as connection:
        connection.cursor().execute("CREATE TABLE there (a integer)")
    connection.close()
    copy = postgres.create_database(original)
    with psycopg2.connect(postgres.url(copy).replace("+psycopg2", "")) as connection:
        connection.cursor().execute("SELECT * FROM there")
    connection.close()
    postgres.drop_database(copy)
    postgres.drop_database(original)


def test_a_database_is_used_again_when_it_is_as_it_was(postgres: Postgres, postgres_copies: Copies) -> None:
    name, shape = postgres_copies.take()
    url = postgres.url(name).replace("+psycopg2", "")
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO lw_stored_setting (key, value) VALUES ('x', 'y')")
        connection.commit()
        postgres_copies.give_back(name, shape)
    assert postgres_copies.free[-1] == (name, shape)
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM lw_stored_setting")
        assert cursor.fetchone() == (0,)
        cursor.execute("ALTER TABLE lw_stored_setting ADD COLUMN more integer")
        connection.commit()
    assert postgres_copies.take() == (name, shape)
    postgres_copies.give_back(name, shape)
    assert name not in dict(postgres_copies.free)


def test_redis_answers(redis_url: str) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0


def test_redis_behind_tls_answers_only_those_who_trust_it(redis_tls: Redis) -> None:
    with redis_tls.client() as client:
        assert client.ping()
    with redis.Redis.from_url(redis_tls.url) as stranger, pytest.raises(redis.ConnectionError):
        stranger.ping()


def test_chromium_runs_scripts(browser: Browser) -> None:
    page = browser.new_page()
    assert page.evaluate("1 + 1") == 2
    page.context.close()


def test_a_program_that_ends_at_once_is_named_with_its_words(tmp_path: Path) -> None:
    program = Program(["sh", "-c", "echo out of cheese; exit 3"], log=tmp_path / "log")
    with pytest.raises(DidNotStart, match="(?s)sh ended with 3.*out of cheese"):
        program.wait_until(lambda: False)


def test_a_program_that_is_stopped_is_gone(tmp_path: Path) -> None:
    with Program(["sleep", "60"], log=tmp_path / "log") as program:
        pid = program.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_missing_program_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(DidNotStart, match="scripts/services.sh"):
        find_program("no-such-program")


def test_a_command_that_is_forked_is_as_one_that_was_started(tmp_path: Path) -> None:
    """Its words, variables, folder, input, status and signals; without them every other test would prove less."""
    here = {"PATH": os.environ["PATH"], "BASE_DATA_DIR": str(tmp_path / "data")}
    asked = ["user", "create", "--username", "a@example.org"]
    made = warm.run([str(COMMAND), *asked], env=here, cwd=tmp_path, typed="seven brass lanterns\n" * 2)
    assert made.returncode == 0, made.stderr
    assert (tmp_path / "data").is_dir()
    refused = warm.run([str(COMMAND), "strat"], env=here, cwd=tmp_path)
    assert (refused.returncode, "No such command" in refused.stderr) == (2, True)
    with LiveServer(tmp_path / "server") as server:
        assert os.getpid() != server.pid
        server.kill()
        assert server.program.process.returncode == -signal.SIGKILL
        server.start()
        assert server.stop() == 0
