"""Fixtures for all tests: real databases, a real Redis, a real browser, and our server as a process."""

from __future__ import annotations

import gc
import itertools
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.services.chromium import running_chromium
from tests.services.labelwright import LiveServer
from tests.services.postgres import Postgres, running_postgres
from tests.services.postgres_copies import Copies
from tests.services.redis_server import Redis, running_redis
from tests.services.wheels import WheelEnvironment, build_wheels, make_wheel_environment

RESULTS = Path(__file__).parent.parent / "test-results"

# --- databases ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """One PostgreSQL for the whole run."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def postgres_url(postgres: Postgres) -> Iterator[str]:
    """An empty PostgreSQL database."""
    name = postgres.create_database()
    yield postgres.url(name)
    postgres.drop_database(name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """An SQLite database that does not exist yet."""
    return f"sqlite:///{tmp_path / 'labelwright.sqlite3'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database; the test runs once on each kind."""
    return str(request.getfixturevalue({"sqlite": "sqlite_url", "postgresql": "postgres_url"}[request.param]))


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with all our tables, those of plugins too, and no rows; copy it."""
    path = tmp_path_factory.mktemp("migrated") / "labelwright.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres_template(postgres: Postgres) -> str:
    """The name of a PostgreSQL database with all our tables, those of plugins too, and no rows; a template."""
    name = postgres.create_database()
    _migrate(postgres.url(name))
    return name


@pytest.fixture(scope="session")
def postgres_copies(postgres: Postgres, migrated_postgres_template: str) -> Copies:
    return Copies(postgres, migrated_postgres_template)


@pytest.fixture(params=["sqlite", "postgresql"])
def migrated_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with all our tables, those of plugins too, and no rows; the test runs once on each kind."""
    if request.param == "sqlite":
        path = tmp_path / "labelwright.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite_file"), path)
        yield f"sqlite:///{path}"
        return
    copies: Copies = request.getfixturevalue("postgres_copies")
    name, shape = copies.take()
    yield copies.server.url(name)
    copies.give_back(name, shape)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The same for all tests of a file, once on each kind: they leave each other's rows alone."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("shared") / "labelwright.sqlite3"
        shutil.copy(request.getfixturevalue("migrated_sqlite_file"), path)
        yield f"sqlite:///{path}"
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = server.create_database(request.getfixturevalue("migrated_postgres_template"))
    yield server.url(name)
    server.drop_database(name)


def _migrate(url: str) -> None:
    from labelwright import plugins
    from labelwright.app import migrate
    from labelwright.db import open_database

    database = open_database(url)
    try:
        migrate(database, plugins.load())
    finally:
        database.close()


# --- Redis --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def _redis() -> Iterator[Redis]:
    with running_redis() as server:
        yield server


@pytest.fixture
def redis_url(_redis: Redis) -> str:
    """The address of a Redis with nothing in it."""
    with _redis.client() as client:
        client.flushall()
    return _redis.url


@pytest.fixture(scope="session")
def redis_tls() -> Iterator[Redis]:
    """A Redis that speaks TLS only; ``redis_tls.certificates.authority`` is the file to trust."""
    with running_redis(tls=True) as server:
        yield server


# --- our server ---------------------------------------------------------------------------------------------

StartServer = Callable[..., LiveServer]


@pytest.fixture
def start_server(tmp_path: Path) -> Iterator[StartServer]:
    """A function that starts a :class:`LiveServer`, taking its arguments; all are ended after the test."""
    with ExitStack() as running:
        numbers = itertools.count(1)

        def start(database_url: str | None = None, **arguments: Any) -> LiveServer:
            data_dir = arguments.pop("data_dir", None) or tmp_path / f"server-{next(numbers)}"
            return running.enter_context(LiveServer(data_dir, database_url, **arguments))

        yield start


@pytest.fixture
def live_server(start_server: StartServer, database_url: str) -> LiveServer:
    """Our server on an empty database; the test runs once on each kind."""
    return start_server(database_url)


@pytest.fixture(scope="module")
def shared_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """One server on SQLite for all tests of a file: each makes a user or a project of its own."""
    with LiveServer(tmp_path_factory.mktemp("server")) as server:
        yield server


# --- passwords ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def weak_hashes() -> Iterator[None]:
    """Passwords hashed with so little work that hundreds of log-ins cost nothing; otherwise all is as it is."""
    from labelwright.doors import passwords

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        patch.setattr(passwords, "_hash_of_nobody", cache(passwords._hash_of_nobody.__wrapped__))
        yield


# --- what is shipped ----------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The wheels of the core and of every plugin, built once for the whole run."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    return build_wheels(shared / "wheels")


@pytest.fixture
def wheel_environment(wheels: list[Path], tmp_path: Path) -> WheelEnvironment:
    """A fresh environment that holds our wheels and their dependencies, and no source tree."""
    return make_wheel_environment(tmp_path / "environment", wheels)


# --- the browser --------------------------------------------------------------------------------------------

PATIENCE_MS = 45_000
"""Other tests keep the machine busy meanwhile: what is tested is that something comes, not how soon."""

expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run; each test opens contexts of its own in it."""
    with running_chromium() as running:
        yield running


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[OpenPage]:
    """A function that opens a page in a context of its own, with Playwright's options of a context.

    After the test: an uncaught exception, or something refused by the content policy, fails it, unless it
    carries ``@pytest.mark.browser_errors``; a test that failed leaves screenshots in ``test-results/``.
    """
    complaints: list[str] = []
    with ExitStack() as contexts:
        pages: list[Page] = []

        def open_one(**options: Any) -> Page:
            context = browser.new_context(
                **{"viewport": {"width": 1280, "height": 800}, "locale": "en-US", "reduced_motion": "reduce"}
                | options
            )
            contexts.callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            page.on("pageerror", lambda error: complaints.append(f"uncaught: {error}"))
            page.on("console", lambda message: note_if_refused(message, complaints))
            pages.append(page)
            return page

        yield open_one

        if getattr(request.node, "failed", False):
            keep_screenshots(request.node.name, pages)
    if request.node.get_closest_marker("browser_errors") is None:
        assert not complaints, "the browser complained:\n" + "\n".join(complaints)


@pytest.fixture
def page(open_page: OpenPage) -> Page:
    """A fresh page."""
    return open_page()


def note_if_refused(message: ConsoleMessage, complaints: list[str]) -> None:
    if message.type == "error" and "Content Security Policy" in message.text:
        complaints.append(f"refused: {message.text} {message.location}")


def keep_screenshots(test: str, pages: list[Page]) -> None:
    RESULTS.mkdir(exist_ok=True)
    name = "".join(letter if letter.isalnum() else "-" for letter in test)
    for number, page in enumerate((page for page in pages if not page.is_closed()), 1):
        page.screenshot(path=RESULTS / f"{name}-{number}.png")


# --- the order ----------------------------------------------------------------------------------------------

FIRST = (
    "sdk/test_surface.py", "browser/test_screens.py", "browser/test_real_data.py", "browser/test_stars.py",
    "core/test_cli.py", "browser/test_templates.py", "core/test_plugins_with_tables.py", "web/test_load.py",
    "security/test_outages.py", "kills", "plugins/webhooks", "sdk", "workers", "security/test_odd_requests.py",
    "security/test_description.py", "core/test_transfer.py", "packaging", "browser", "core/test_dev_server.py",
)  # fmt: skip
"""What takes longest is begun first: no worker is left with it when the others have nothing to do."""


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent

    def place(item: pytest.Item) -> int:
        path = item.path.relative_to(here).as_posix()
        return next((number for number, first in enumerate(FIRST) if path.startswith(first)), len(FIRST))

    items.sort(key=place)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    report = yield
    if report.when == "call" and report.failed:
        item.failed = True  # type: ignore[attr-defined]
    return report


# --- garbage ------------------------------------------------------------------------------------------------


def pytest_collection_finish() -> None:
    """What has been imported stays: a tenth of a run would go into looking through it again and again for garbage."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)
