"""A Redis and a server that leaves its jobs to workers, for all tests of a file: each makes a project of its own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.services.labelwright import LiveServer
from tests.services.postgres import Postgres
from tests.services.redis_server import Redis, running_redis
from tests.workers.far import KEYS


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    """It may be ended, if it is started again."""
    with running_redis() as server:
        yield server


@pytest.fixture(scope="module")
def database(postgres: Postgres, migrated_postgres_template: str) -> Iterator[str]:
    """The address of a PostgreSQL with all our tables."""
    name = postgres.create_database(migrated_postgres_template)
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture(scope="module")
def server(database: str, redis: Redis, tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """It has no workers: ``server.worker()`` starts one."""
    settings = KEYS | {"LABELWRIGHT_REDIS_URL": redis.url}
    with LiveServer(tmp_path_factory.mktemp("server"), database, settings=settings) as started:
        yield started
