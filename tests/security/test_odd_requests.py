"""Whatever is sent, by whoever it may be: no fault of ours, no insides shown, no secret told."""

from __future__ import annotations

import io
import json
import logging
import random
import re

import pytest

from tests.security import odd
from tests.web.accounts import Browser
from tests.web.application import OWNER, SENTIMENT, Api, House, api, house, mood

__all__ = ["api", "house"]

REQUESTS = 500
"""On each kind of database; another seed or number finds more."""
ENDINGS = {"/logout", "/api/current-user/reset-token"}
"""Routes that would end what the attacker works with."""
INSIDES = re.compile(
    r"Traceback|\.py\", line|sqlalchemy|psycopg2|sqlite3\.|\bSELECT \w|\$argon2|OperationalError"
)


def furnish(api: Api) -> dict[str, str]:
    """One of everything. Returns the ids by the names of the paths' parameters."""
    project = api.project(SENTIMENT)
    task = api.task(project, text="a text")
    annotation = api.annotate(task, mood())["id"]
    draft = api("POST", f"/api/tasks/{task}/drafts", json={"result": [], "lead_time": 1}).json["id"]
    prediction = api("POST", "/api/predictions", json={"task": task, "result": [mood()], "score": 0.5}).json
    files = {"file": (io.BytesIO(b"text\nhello\n"), "a.csv")}
    upload = api("POST", f"/api/projects/{project}/import?commit_to_project=false", data=files).json
    export = api("POST", f"/api/projects/{project}/exports", json={}).json
    return {
        "project": project, "project_id": project, "task": task, "task_id": task, "annotation_id": annotation,
        "draft_id": draft, "prediction_id": prediction["id"], "upload_id": upload["file_upload_ids"][0],
        "export_id": export["id"], "plugin": "tag_choice", "name": "tag_choice", "user_id": 1, "organization_id": 1,
    }  # fmt: skip


def _last_words(log: str) -> str:
    """Where a traceback ends."""
    lines = [line.strip() for line in log.splitlines() if "Error" in line or "/labelwright" in line]
    return " | ".join(lines[-4:])[-700:]


def test_odd_requests_are_no_fault(house: House, api: Api, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, "labelwright")
    browser = Browser(house.app.test_client())
    browser.log_in(OWNER["first_user_username"], OWNER["first_user_password"])
    chance = random.Random(20)
    routes = [route for route in house.app.extensions["labelwright_routes"] if route.rule not in ENDINGS]
    secrets = [OWNER["first_user_password"], OWNER["first_user_token"], house.ctx.keys.signing_key]
    faults = []
    for begin in range(0, REQUESTS, len(routes)):
        ids = {name: str(value) for name, value in furnish(house.api()).items()}
        chance.shuffle(routes)
        routes.sort(key=lambda route: route.method == "DELETE")
        for request in odd.requests(routes, ids, chance, min(len(routes), REQUESTS - begin)):
            caplog.clear()
            try:
                answer = browser.client.open(
                    request.path, method=request.method, data=request.body, content_type=request.content_type,
                    headers=request.headers,
                )  # fmt: skip
            except Exception as error:
                faults.append(f"{request}\n  raised {error!r:.300}")
                continue
            text = answer.get_data(as_text=True)
            log = caplog.text
            if answer.status_code >= 500 or INSIDES.search(text) or "Traceback" in log:
                faults.append(f"{request}\n  {answer.status_code} {text[:150]}\n  {_last_words(log)}")
            if request.path.split("?")[0] not in ("/api/current-user/token",) and any(
                s in text + log for s in secrets
            ):
                faults.append(f"{request}\n  tells a secret")
    assert not faults, f"{len(faults)} of {REQUESTS}:\n" + "\n".join(faults[:40])
    _assert_all_can_still_be_read(house.api())


def _assert_all_can_still_be_read(api: Api) -> None:
    """Whatever was taken in comes out again, in lists and exports, as JSON that any program reads."""
    projects = api("GET", "/api/projects?page_size=1000").json["results"]
    assert projects
    for project in projects:
        key = project["id"]
        exported = f"/api/projects/{key}/export?download_all_tasks=true&exportType="
        for path in (f"/api/tasks?project={key}&fields=all", f"/api/projects/{key}", f"/api/projects/{key}/exports",
                     f"/api/projects/{key}/label-config", exported + "JSON", exported + "JSON_MIN"):  # fmt: skip
            answer = api("GET", path)
            assert answer.status_code == 200, f"{path}: {answer.text[:300]}"
            json.loads(answer.data, parse_constant=_no_json)


def _no_json(word: str) -> None:
    raise AssertionError(f"{word} is no JSON")
