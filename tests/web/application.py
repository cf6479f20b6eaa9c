"""The whole application on a migrated database, and people who call it with tokens."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from labelwright import config
from labelwright.app import create_app
from labelwright.models import Membership, Organization, User
from labelwright.services import accounts, bootstrap, tokens
from labelwright.services.context import Context

OWNER = {
    "first_user_username": "owner@example.org",
    "first_user_password": "correct horse 9",
    "first_user_token": "a" * 40,
}
BOXES = """<View><Image name="image" value="$image"/><RectangleLabels name="box" toName="image">
<Label value="Car"/><Label value="Bus"/></RectangleLabels></View>"""
SENTIMENT = """<View><Text name="text" value="$text"/><Choices name="mood" toName="text">
<Choice value="Good"/><Choice value="Bad"/></Choices></View>"""


def box(label: str = "Car", region: str = "r1", **value: Any) -> dict[str, Any]:
    """A region as the labelling page sends it."""
    shape = {"x": 10, "y": 20, "width": 30, "height": 40, "rotation": 0, "rectanglelabels": [label]}
    return {
        "id": region, "from_name": "box", "to_name": "image", "type": "rectanglelabels", "origin": "manual",
        "original_width": 800, "original_height": 600, "image_rotation": 0, "value": shape | value,
    }  # fmt: skip


def mood(choice: str = "Good") -> dict[str, Any]:
    return {
        "id": "m1",
        "from_name": "mood",
        "to_name": "text",
        "type": "choices",
        "value": {"choices": [choice]},
    }


@dataclass
class Api:
    """Somebody with a token."""

    client: FlaskClient
    token: str

    def __call__(self, method: str, path: str, **arguments: Any) -> TestResponse:
        headers = {"Authorization": f"Token {self.token}"} | arguments.pop("headers", {})
        return self.client.open(path, method=method, headers=headers, **arguments)

    def project(self, label_config: str = BOXES, **settings: Any) -> int:
        answer = self(
            "POST",
            "/api/projects/",
            json={"title": "Street scenes", "label_config": label_config, **settings},
        )
        assert answer.status_code == 201, answer.text
        return int(answer.json["id"])

    def task(self, project: int, **data: Any) -> int:
        answer = self(
            "POST", "/api/tasks/", json={"project": project, "data": data or {"image": "/data/x.png"}}
        )
        assert answer.status_code == 201, answer.text
        return int(answer.json["id"])

    def tasks(self, project: int, *items: dict[str, Any]) -> list[int]:
        """Several by one import; an item is a task, or its data alone."""
        answer = self("POST", f"/api/projects/{project}/import?return_task_ids=1", json=items)
        assert answer.status_code == 201, answer.text
        return list(answer.json["task_ids"])

    def annotate(self, task: int, /, *result: dict[str, Any], **fields: Any) -> dict[str, Any]:
        answer = self("POST", f"/api/tasks/{task}/annotations/", json={"result": list(result), **fields})
        assert answer.status_code == 201, answer.text
        return dict(answer.json)

    def counts(self, project: int) -> dict[str, Any]:
        return dict(self("GET", f"/api/projects/{project}/").json)


@dataclass
class House:
    """The application and its parts."""

    app: Flask

    @property
    def ctx(self) -> Context:
        found: Context = self.app.extensions["labelwright"]
        return found

    def api(self, email: str = "owner@example.org", *, organization: str | None = None) -> Api:
        """A member by e-mail, made when there is none.

        :param organization: the title of an organisation of their own, instead of the first one.
        """
        if email == OWNER["first_user_username"]:
            return Api(self.app.test_client(), OWNER["first_user_token"])
        with self.ctx.database.read() as session:
            known = session.scalar(select(User.id).where(User.email == email))
        user_id = known or accounts.add(self.ctx, email, "correct horse 9")
        with self.ctx.database.write() as session:
            if organization is not None and not known:
                self._move(session, user_id, organization)
            token = tokens.give_legacy(session, self.ctx, user_id)
        return Api(self.app.test_client(), token)

    @staticmethod
    def _move(session: Session, user_id: int, title: str) -> None:
        """Out of the first organisation, into one of the user's own."""
        own = Organization(
            title=title, token=secrets.token_hex(20), created_by_id=user_id, legacy_api_tokens_enabled=True
        )
        session.add(own)
        session.flush()
        session.execute(
            update(Membership)
            .where(Membership.user_id == user_id)
            .values(organization_id=own.id, role="owner")
        )
        session.execute(update(User).where(User.id == user_id).values(active_organization_id=own.id))


@contextmanager
def opened_house(data: Path, url: str, environ: Mapping[str, str] | None = None) -> Iterator[House]:
    """The application with its owner.

    :param data: its data folder.
    :param url: of a database that has all our tables.
    :param environ: settings, as an administrator would write them into the environment.
    """
    overrides = {"database_url": url, "tokens_legacy": True, "database_skip_migrations": True, **OWNER}
    found = House(create_app(config.load(data, environ=environ or {}, overrides=overrides)))
    try:
        bootstrap.ensure_installation(found.ctx)
        bootstrap.ensure_first_user(found.ctx)
        yield found
    finally:
        found.ctx.database.close()


@pytest.fixture
def house(migrated_url: str, tmp_path: Path, weak_hashes: None) -> Iterator[House]:
    with opened_house(tmp_path / "data", migrated_url) as found:
        yield found


@pytest.fixture
def api(house: House) -> Api:
    """The owner."""
    return house.api()
