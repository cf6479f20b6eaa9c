"""What holds of every kind of storage, tried with one of a test's own: secrets, addresses, the form."""

from __future__ import annotations

import base64
import io
import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlalchemy import text

import labelwright_storage_local
from labelwright.api import Content, InvalidInput, NotFound, Storage, StorageField, StoredObject, hookimpl
from labelwright.doors.keys import PREFIX
from labelwright.services.stored_secrets import reencrypt
from tests.web.application import BOXES, Api, House, opened_house

SECRET = "hush-hush-98765"


class Shelf(Storage):
    name = "shelf"
    title = "Shelf"
    scheme = "shelf"
    links = True
    fields = (
        StorageField("room", "Room", required=True),
        StorageField("token", "Token", kind="secret"),
        StorageField("level", "Level", kind="number", default=1),
    )
    seen: ClassVar[list[Any]] = []

    def check(self) -> None:
        self.seen.append(self.options["token"])
        if self.options["room"] == "closed":
            raise InvalidInput("This room is closed.", field="room")

    def list(self, after: str, recursive: bool) -> Iterator[StoredObject]:
        yield StoredObject(f"{self.options['room']}/1.png", 3)

    def read(self, key: str, start: int = 0, end: int | None = None) -> Content:
        if not key.startswith(f"{self.options['room']}/"):
            raise NotFound("Not found.")
        return Content(io.BytesIO(b"abc"[start:end]), 3)

    def key_of(self, uri: str) -> str | None:
        key = super().key_of(uri)
        return key if key is not None and key.startswith(f"{self.options['room']}/") else None

    def link(self, key: str, lasts_s: int) -> str | None:
        return f"https://shelf.example/{key}?lasts={lasts_s}"

    def write(self, key: str, body: bytes) -> None: ...

    def delete(self, key: str) -> None: ...


@pytest.fixture(scope="module")
def house(migrated_sqlite_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """An application whose local storages are shelves."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "labelwright.sqlite3").write_bytes(migrated_sqlite_file.read_bytes())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(labelwright_storage_local, "register_storages", hookimpl(lambda: [Shelf]))
        labelwright_storage_local.register_storages.__name__ = "register_storages"
        with opened_house(folder / "data", f"sqlite:///{folder / 'labelwright.sqlite3'}") as found:
            yield found


@pytest.fixture
def api(house: House) -> Api:
    Shelf.seen.clear()
    return house.api()


def shelf(api: Api, **fields: Any) -> dict[str, Any]:
    body = {"project": api.project(BOXES), "room": "a", "token": SECRET, "use_blob_urls": True, **fields}
    answer = api("POST", "/api/storages/shelf", json=body)
    assert answer.status_code == 201, answer.text
    return dict(answer.json)


def encoded(uri: str) -> str:
    return base64.urlsafe_b64encode(uri.encode()).decode()


def test_secrets_are_kept_encrypted_and_never_come_out(
    api: Api, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "labelwright")
    storage = shelf(api)
    path, project = f"/api/storages/shelf/{storage['id']}", storage["project"]
    told = [
        api("GET", path),
        api("GET", f"/api/storages/shelf?project={project}"),
        api("PATCH", path, json={"token": ""}),
    ]
    told += [api("POST", "/api/storages/shelf/validate", json={"id": storage["id"]})]
    told += [api("GET", f"/api/storages?project={project}"), api("POST", f"{path}/sync")]
    refused = api("PATCH", path, json={"room": "closed"})
    assert (refused.status_code, [*refused.json["validation_errors"]]) == (400, ["room"])
    assert not any(SECRET in answer.text for answer in [*told, refused])
    assert SECRET not in caplog.text
    assert Shelf.seen == [SECRET] * 4, "it is used all the same, and an empty one leaves it as it is"
    with house.ctx.database.read() as session:
        row = session.execute(text(f"SELECT * FROM lw_storage WHERE id = {storage['id']}")).mappings().one()
    assert SECRET not in str(row)
    assert row["secrets"].startswith(PREFIX)
    assert reencrypt(house.ctx) == 0
    api("PATCH", path, json={"token": "another"})
    assert Shelf.seen[-1] == "another"


def test_only_addresses_of_the_projects_own_storages_are_answered(api: Api, house: House) -> None:
    storage, other = shelf(api), shelf(api, room="b")
    api("POST", f"/api/storages/shelf/{storage['id']}/sync")
    [task] = api("GET", f"/api/tasks?project={storage['project']}&fields=all").json["tasks"]
    address = f"/tasks/{task['id']}/resolve/?fileuri={encoded('shelf://a/1.png')}"
    assert task["data"]["image"] == address
    assert api("GET", f"/api/tasks/{task['id']}/").json["data"]["image"] == address
    sent = api("GET", address)
    assert (sent.status_code, sent.location) == (303, "https://shelf.example/a/1.png?lasts=60")
    api("PATCH", f"/api/storages/shelf/{storage['id']}", json={"presign": False})
    through = api("GET", address, headers={"Range": "bytes=1-"})
    assert (through.status_code, through.data) == (206, b"bc")
    export = api("GET", f"/api/projects/{storage['project']}/export?exportType=JSON&download_all_tasks=true")
    assert json.loads(export.data)[0]["data"]["image"] == "shelf://a/1.png"
    for uri in (
        "shelf://b/1.png",
        "shelf://a2/1.png",
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "other://a/1.png",
    ):
        for place in (f"/tasks/{task['id']}", f"/projects/{storage['project']}"):
            for word in ("resolve", "presign"):
                answer = api("GET", f"{place}/{word}/?fileuri={encoded(uri)}")
                assert (answer.status_code, answer.location) == (404, None), uri
    for text_ in ("!", "é", "AA=A", encoded("shelf://a/1.png")[:-3]):
        assert api("GET", f"/tasks/{task['id']}/resolve/", query_string={"fileuri": text_}).status_code == 404
    assert (
        api("GET", f"/projects/{other['project']}/resolve/?fileuri={encoded('shelf://b/1.png')}").status_code
        == 303
    )


def test_a_required_field_is_asked_for_and_the_description_names_all(api: Api) -> None:
    refused = api("POST", "/api/storages/shelf", json={"project": api.project(), "room": ""})
    assert refused.json["validation_errors"] == {"room": ["This field is required."]}
    wrong = api("POST", "/api/storages/shelf", json={"project": api.project(), "room": "a", "level": "high"})
    assert [*wrong.json["validation_errors"]] == ["level"]
    paths = api("GET", "/docs/api/schema/json/").json["paths"]
    post = paths["/api/storages/export/shelf"]["post"]
    asked = post["requestBody"]["content"]["application/json"]["schema"]["properties"]
    answered = post["responses"]["201"]["content"]["application/json"]["schema"]["properties"]
    assert {"room", "token", "level", "can_delete_objects", "project"} <= asked.keys()
    assert {"room", "level"} <= answered.keys()
    assert "token" not in answered
