"""A server, and browsers that ask it as people's do."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.test import TestResponse

from labelwright import config
from labelwright.app import create_app
from labelwright.models import User, now
from labelwright.services import accounts, rates
from labelwright.services.context import Context
from tests.services.postgres_copies import Copies

PASSWORD = "correct horse battery"

ON_SQLITE = pytest.mark.parametrize("reset_database", ["sqlite"], indirect=True)
"""For tests of :func:`site` in whose point no database has a part: cookies, headers, forms, signatures."""


@dataclass
class Site:
    """A server, seen from outside."""

    ctx: Context
    app: Flask
    passwords: dict[str, str] = field(default_factory=dict)

    def browser(self) -> Browser:
        return Browser(self.app.test_client(), self.ctx.settings.base_path)

    def user(self, email: str, *, owner: bool = False, **profile: Any) -> int:
        """A member with :data:`PASSWORD`; the first one made owns the organisation."""
        return accounts.add(self.ctx, email, PASSWORD, owner=owner, **profile)

    def logged_in(self, email: str) -> Browser:
        """The browser of a member, who is made if there is none."""
        with self.ctx.database.read() as session:
            is_there = session.scalar(select(User.id).where(User.email == email)) is not None
        if not is_there:
            self.user(email)
        browser = self.browser()
        answer = browser.log_in(email, PASSWORD)
        assert answer.status_code == 302, answer.text
        return browser


class Browser:
    """A visitor who sends forms as pages do."""

    def __init__(self, client: FlaskClient, base: str = "") -> None:
        self.client = client
        self.base = base

    def csrf(self, page: str = "/user/login/") -> str:
        """The token of a form of this page."""
        found = re.search(
            r'name="csrfmiddlewaretoken" value="([^"]+)"', self.client.get(self.base + page).text
        )
        return found[1] if found else ""

    def log_in(self, email: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        form = {"email": email, "password": password, "csrfmiddlewaretoken": self.csrf(), **fields}
        return self.client.post(f"{self.base}/user/login/", data=form)

    def sign_up(self, email: str, password: str = PASSWORD, **fields: str) -> TestResponse:
        token = self.csrf("/user/signup/?token=" + fields.get("token", "")) or self.csrf()
        form = {"email": email, "password": password, "csrfmiddlewaretoken": token, **fields}
        return self.client.post(f"{self.base}/user/signup/", data=form)

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(self.base + path, **options)

    def post(self, path: str, **options: Any) -> TestResponse:
        return self.client.post(self.base + path, **options)

    def patch(self, path: str, **options: Any) -> TestResponse:
        return self.client.patch(self.base + path, **options)

    def delete(self, path: str, **options: Any) -> TestResponse:
        return self.client.delete(self.base + path, **options)


@contextmanager
def statements_of(site: Site) -> Iterator[list[str]]:
    """A list that grows with the statements that the server sends to its database meanwhile."""
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        sent.append(statement)

    engine = site.ctx.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture
def make_site(migrated_url: str, tmp_path: Path, weak_hashes: None) -> Iterator[Callable[..., Site]]:
    """A function that makes a server on the test's database, with settings by attribute; once on each kind."""
    made: list[Site] = []

    def make(**settings: Any) -> Site:
        here = {"database_url": migrated_url, "database_skip_migrations": True}
        app = create_app(config.load(tmp_path / "data", environ={}, overrides=here | settings))
        made.append(Site(app.extensions["labelwright"], app))
        return made[-1]

    yield make
    for site in made:
        site.ctx.database.close()


@pytest.fixture(scope="module")
def shared_site(
    migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory, weak_hashes: None
) -> Iterator[Site]:
    """One server on SQLite for the tables of cases of a file; it has an owner and counts no tries."""
    data_dir = tmp_path_factory.mktemp("shared")
    shutil.copy(migrated_sqlite_file, data_dir / "labelwright.sqlite3")
    app = create_app(config.load(data_dir, environ={}, overrides={"rate_enabled": False}))
    site = Site(app.extensions["labelwright"], app)
    site.user("owner@example.com")
    yield site
    site.ctx.database.close()


@pytest.fixture
def somebody(shared_site: Site) -> Browser:
    """The owner's browser, newly logged in."""
    return shared_site.logged_in("owner@example.com")


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def reset_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Callable[[], Any]]]:
    """A database for the tests of a file, and a function that takes its rows away; once on each kind."""
    if request.param == "sqlite":
        migrated: Path = request.getfixturevalue("migrated_sqlite_file")
        path = shutil.copy(migrated, tmp_path_factory.mktemp("reset") / "labelwright.sqlite3")
        yield f"sqlite:///{path}", lambda: shutil.copy(migrated, path)
        return
    copies: Copies = request.getfixturevalue("postgres_copies")
    name, shape = copies.take()

    def empty() -> None:
        assert copies.empty(name, shape), "a test has changed the tables"

    yield copies.server.url(name), empty
    copies.give_back(name, shape)


@pytest.fixture(scope="module")
def site_of_the_file(
    reset_database: tuple[str, Callable[[], Any]], tmp_path_factory: pytest.TempPathFactory, weak_hashes: None
) -> Site:
    """What :func:`site` gives to one test after the other: building it costs more than most of them."""
    url, _ = reset_database
    settings = {"database_url": url, "database_skip_migrations": True}
    app = create_app(config.load(tmp_path_factory.mktemp("site"), environ={}, overrides=settings))
    return Site(app.extensions["labelwright"], app)


@pytest.fixture
def site(site_of_the_file: Site, reset_database: tuple[str, Callable[[], Any]]) -> Iterator[Site]:
    """A server as it is by default, without users; what a test leaves in it is gone before the next."""
    yield site_of_the_file
    _, reset = reset_database
    site_of_the_file.ctx.database.close()
    reset()
    shutil.rmtree(site_of_the_file.ctx.media, ignore_errors=True)


@pytest.fixture
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """No time passes for those who count tries, however slow the machine is."""
    moment = now()
    monkeypatch.setattr(rates, "now", lambda: moment)
