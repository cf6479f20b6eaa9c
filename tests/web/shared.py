"""One application for all tests of a file, on each kind of database: each test makes projects of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from labelwright import config
from labelwright.app import create_app
from labelwright.services import bootstrap
from tests.services.postgres import Postgres
from tests.web.application import OWNER, Api, House


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with ExitStack() as ends:
        if request.param == "sqlite":
            path = folder / "labelwright.sqlite3"
            shutil.copy(Path(request.getfixturevalue("migrated_sqlite_file")), path)
            url = f"sqlite:///{path}"
        else:
            postgres: Postgres = request.getfixturevalue("postgres")
            name = postgres.create_database(request.getfixturevalue("migrated_postgres_template"))
            ends.callback(postgres.drop_database, name)
            url = postgres.url(name)
        overrides = {"database_url": url, "tokens_legacy": True, "database_skip_migrations": True, **OWNER}
        found = House(create_app(config.load(folder / "data", environ={}, overrides=overrides)))
        ends.callback(found.ctx.database.close)
        bootstrap.ensure_installation(found.ctx)
        bootstrap.ensure_first_user(found.ctx)
        yield found


@pytest.fixture
def api(house: House) -> Api:
    """The owner."""
    return house.api()
