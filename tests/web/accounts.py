"""A server's application with the rooms of accounts, and browsers and scripts that ask it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import Mock

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from labelwright import config
from labelwright.db import open_database
from labelwright.doors.keys import open_keys
from labelwright.services import accounts
from labelwright.services.context import Context
from labelwright.testing import make_registry
from labelwright.web import failures, headers
from labelwright.web.wsgi import OneSpelling, SubPath

PASSWORD = "correct horse battery"
ROOMS = ("auth_pages", "tokens", "users", "organizations")


def make_context(url: str, data_dir: Path, **settings: Any) -> Context:
    """The parts of a server whose database is migrated already."""
    read = config.load(data_dir, environ={}, overrides=settings)
    return Context(read, open_database(url), make_registry(), open_keys(read), Mock(), Mock())


def make_app(ctx: Context) -> Flask:
    import importlib

    import labelwright

    root = Path(labelwright.__file__).parent
    app = Flask("labelwright", static_folder=None, template_folder="web/templates", root_path=str(root))
    app.extensions["labelwright"] = ctx
    app.url_map.strict_slashes = False
    for room in ROOMS:
        for routes in importlib.import_module(f"labelwright.web.{room}").ROUTES:
            app.register_blueprint(routes.blueprint)
    failures.register(app)
    headers.register(app)
    wsgi: Any = OneSpelling(app.wsgi_app)
    app.wsgi_app = SubPath(wsgi, ctx.settings.base_path) if ctx.settings.base_path else wsgi  # type: ignore[method-assign]
    return app


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
        browser = self.browser()
        answer = browser.log_in(email, PASSWORD)
        if answer.status_code != 302:
            self.user(email)
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
