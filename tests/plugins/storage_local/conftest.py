"""The application with a folder that it may use, on each kind of database; jobs run when a test says so."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from labelwright import config
from labelwright.app import create_app
from labelwright.jobs.runner import Runner
from labelwright.services import bootstrap
from tests.web.application import OWNER, Api, House


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the administrator has opened."""
    return tmp_path_factory.mktemp("opened")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(
    request: pytest.FixtureRequest, root: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    with ExitStack() as ends:
        if request.param == "sqlite":
            shutil.copy(request.getfixturevalue("migrated_sqlite_file"), folder / "labelwright.sqlite3")
            url = f"sqlite:///{folder / 'labelwright.sqlite3'}"
        else:
            postgres = request.getfixturevalue("postgres")
            name = postgres.create_database(request.getfixturevalue("migrated_postgres_template"))
            ends.callback(postgres.drop_database, name)
            url = postgres.url(name)
        environ = {
            "LABEL_STUDIO_LOCAL_FILES_SERVING_ENABLED": "true",
            "LABEL_STUDIO_LOCAL_FILES_DOCUMENT_ROOT": str(root),
            "LABELWRIGHT_IMPORT_BATCH_SIZE": "20",
        }
        overrides = {"database_url": url, "tokens_legacy": True, "database_skip_migrations": True, **OWNER}
        found = House(create_app(config.load(folder / "data", environ=environ, overrides=overrides)))
        ends.callback(found.ctx.database.close)
        bootstrap.ensure_installation(found.ctx)
        bootstrap.ensure_first_user(found.ctx)
        yield found


@pytest.fixture
def api(house: House) -> Api:
    return house.api()


@pytest.fixture
def work(house: House) -> Iterator[Runner]:
    """Does the jobs that wait: ``work.run(job)``."""
    runner = Runner(house.ctx)
    yield runner
    runner.stop()


@pytest.fixture
def folder(root: Path, request: pytest.FixtureRequest) -> Path:
    """A folder of one test's own, below what is open."""
    made = root / "".join(letter if letter.isalnum() else "-" for letter in request.node.name)
    made.mkdir()
    return made
