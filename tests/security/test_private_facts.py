"""What must not come out: private columns by filters and orders, the database by texts, secrets by answers."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select

from labelwright.models import LegacyToken, Organization, User
from tests.web.application import SENTIMENT, Api, House, mood
from tests.web.shared import api, house

__all__ = ["api", "house"]

PRIVATE = (
    "completed_by__password", "annotations__completed_by__email", "project__organization__token", "project__token",
    "updated_by__password_hash", "annotations.completed_by.password_hash", "password_hash", "organization_id",
    "__class__", "_sa_instance_state", "file_upload__user__email", "lw_user.email", "project.organization.token",
)  # fmt: skip
INJECTIONS = (
    "' OR 1=1 --", "'; DROP TABLE lw_task; --", "\") OR 1=1 --", "x' UNION SELECT password_hash FROM lw_user --",
    "\\'; SELECT pg_sleep(10); --", "%' OR '%'='", "$1", ":project", "%s", "{0}", "text') FROM lw_user --",
)  # fmt: skip


def asked(api: Api, project: int, **query: Any) -> Any:
    return api("GET", "/api/tasks", query_string={"project": project, "query": json.dumps(query)})


def filters(column: str, operator: str, value: Any, kind: str = "String") -> dict[str, Any]:
    item = {"filter": f"filter:tasks:{column}", "operator": operator, "type": kind, "value": value}
    return {"conjunction": "and", "items": [item]}


@pytest.fixture(scope="module")
def project(house: House) -> int:
    """With one task, which has an answer; nobody changes it."""
    api = house.api()
    made = api.project(SENTIMENT)
    api.annotate(api.task(made, text="one"), mood())
    return made


@pytest.mark.parametrize("shared_url", ["sqlite"], indirect=True)  # no database is asked
@pytest.mark.parametrize("column", PRIVATE)
def test_no_private_column_is_filtered_or_sorted_by(api: Api, project: int, column: str) -> None:
    for operator, value in (("contains", "a"), ("regex", "^a"), ("empty", False)):
        assert asked(api, project, filters=filters(column, operator, value)).status_code == 400
    assert asked(api, project, ordering=[f"tasks:{column}"]).status_code == 400
    assert asked(api, project, ordering=[f"-{column}"]).status_code == 400
    view = {"project": project, "data": {"filters": filters(column, "contains", "a")}}
    assert api("POST", "/api/dm/views/", json=view).status_code == 400
    done = api("POST", f"/api/dm/actions?id=delete_tasks&project={project}", json=view["data"])
    assert done.status_code == 400
    assert api.counts(project)["task_number"] == 1


def test_include_and_expand_name_members_of_the_answer_alone(api: Api, project: int) -> None:
    names = ",".join(("id", *PRIVATE))
    for path in (
        f"/api/tasks?project={project}&fields=all&include={names}",
        f"/api/projects/{project}?include={names}&expand={names}",
        f"/api/projects?include={names}", f"/api/labels?expand={names}", f"/api/label_links?expand={names}",
    ):  # fmt: skip
        answer = api("GET", path)
        assert answer.status_code in (200, 400)
        assert not any(f'"{name}"' in answer.text for name in PRIVATE)


@pytest.mark.parametrize("text", INJECTIONS)
def test_texts_never_become_statements(api: Api, project: int, text: str) -> None:
    for operator in ("contains", "not_contains", "equal", "not_equal", "starts_with"):
        found = asked(api, project, filters=filters("data.text", operator, text))
        assert found.status_code == 200, found.text
        assert found.json["total"] == (1 if operator.startswith("not") else 0)
    assert asked(api, project, search=text).json["total"] == 0
    field = asked(
        api, project, filters=filters(f"data.{text}", "equal", "one"), ordering=[f"tasks:data.{text}"]
    )
    assert field.status_code in (200, 400)
    assert not field.json.get("total")
    kept = {
        "project": project,
        "data": {"ordering": [f"tasks:data.{text}"], "filters": filters(f"data.{text}", "equal", "x")},
    }
    assert api("POST", "/api/dm/views/", json=kept).status_code in (201, 400)
    assert api("GET", "/api/projects/", query_string={"search": text}).json["count"] == 0
    assert api.counts(project)["task_number"] == 1


@pytest.mark.timeout(60)  # an engine that tries all ways through such a text never ends
@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|aa)+$", "(.*a){30}", "^(([a-z])+.)+[A-Z]([a-z])+$", "(x+x+)+y"]
)
def test_no_pattern_keeps_the_server_busy(api: Api, pattern: str) -> None:
    project = api.project(SENTIMENT)
    for text in ("a" * 5_000 + "!", "x" * 5_000):
        api.task(project, text=text)
    assert asked(api, project, filters=filters("data.text", "regex", pattern)).status_code in (200, 400)


@pytest.mark.parametrize("pattern", ["(a", "[z-a]", r"(a)\1", "(?=a)b", "a{99999}", "(?P<n>a)(?P=n)"])
def test_a_pattern_that_cannot_be_followed_is_refused_by_its_place(
    api: Api, project: int, pattern: str
) -> None:
    answer = asked(api, project, filters=filters("data.text", "regex", pattern))
    assert answer.status_code == 400
    assert list(answer.json["validation_errors"]) == ["filters.items.0.value"]


@pytest.mark.parametrize("shared_url", ["sqlite"], indirect=True)  # no database is asked
@pytest.mark.parametrize(
    "path", ["/<script>alert(1)</script>", "/user/login/?next=<script>alert(1)</script>", "/projects/<b>"]
)
def test_what_an_address_says_is_not_markup(api: Api, path: str) -> None:
    answer = api("GET", path)
    assert "<script>alert" not in answer.text
    assert "<b>" not in answer.text


def test_answers_of_the_api_are_json_that_no_browser_takes_for_a_page(api: Api) -> None:
    project = api.project(SENTIMENT)
    text = "<html><script>alert(1)</script>"
    api.task(project, text=text)
    for path in (
        f"/api/projects/{project}",
        f"/api/tasks?project={project}",
        "/api/nothing/here",
        f"/api/projects/{text}",
    ):
        answer = api("GET", path)
        if answer.mimetype == "application/json":
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        else:
            assert (answer.status_code, text in answer.text) == (404, False)
    export = api("GET", f"/api/projects/{project}/export?download_all_tasks=true")
    assert export.headers["Content-Disposition"].startswith("attachment")
    assert export.headers["X-Content-Type-Options"] == "nosniff"


def test_no_answer_holds_the_servers_secrets(api: Api, house: House, project: int) -> None:
    ctx = house.ctx
    with ctx.database.read() as session:
        secrets = [
            *session.scalars(select(User.password_hash).where(User.password_hash != "")),
            *session.scalars(select(LegacyToken.digest)),
            *session.scalars(select(LegacyToken.secret)),
        ]
        invitation = session.scalars(select(Organization.token)).first()
    folder = ctx.settings.data_dir
    secrets += [
        path.read_text().strip() for path in folder.glob("*") if path.is_file() and "key" in path.name
    ]
    secrets.append(str(ctx.settings.sqlalchemy_url))
    assert len(secrets) > 4
    paths = [
        "/version", "/api/version", "/health", "/metrics", "/docs/api/schema/json/", "/api/plugins", "/api/users/",
        "/api/organizations/", "/api/current-user/whoami", "/api/changes", "/api/jobs", f"/api/projects/{project}",
        f"/api/tasks?project={project}&fields=all", "/api/webhooks/", "/feature-flags", "/projects",
    ]  # fmt: skip
    for path in paths:
        answer = api("GET", path)
        assert answer.status_code < 500
        assert not [secret for secret in secrets if secret and secret in answer.text], path
        if path != "/api/organizations/":
            assert invitation is None or invitation not in answer.text, path
