"""Plugins that bring addresses and tables: the example of the guide, and what goes wrong with others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text

from labelwright import config
from labelwright.app import create_app
from labelwright.doors.keys import new_encryption_key, new_secret_key
from labelwright.services import bootstrap, stored_secrets
from tests.core.plugin_site import PluginSite, plugin_site
from tests.web.application import OWNER, SENTIMENT, House

GUIDE = (Path(__file__).parents[2] / "docs/plugins/routes.md").read_text("utf-8")
NOTES, MIGRATION, _ = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)
FILES = {"migrations/0001_notes.py": MIGRATION}
VIEW = '''
from labelwright.api import Routes, hookimpl
routes = Routes("{name}", "Test")

@routes.get("{path}")
def view(context, **params):
    """Answer."""
    {body}

@hookimpl
def register_routes():
    return [routes]
'''

Start = Callable[..., House]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PluginSite]:
    (tmp_path / "site").mkdir()
    with plugin_site(tmp_path / "site") as made:
        yield made


@pytest.fixture
def start(tmp_path: Path, migrated_url: str, weak_hashes: None) -> Iterator[Start]:
    """Starts the server as it is installed now; again and again on one database."""
    houses: list[House] = []

    def begin(**overrides: Any) -> House:
        given = {"database_url": migrated_url, "tokens_legacy": True, **OWNER, **overrides}
        house = House(create_app(config.load(tmp_path / "data", environ={}, overrides=given)))
        houses.append(house)
        bootstrap.ensure_installation(house.ctx)
        bootstrap.ensure_first_user(house.ctx)
        return house

    yield begin
    for house in houses:
        house.ctx.database.close()


def report(house: House, name: str) -> dict[str, Any]:
    return next(row for row in house.api()("GET", "/api/plugins").json if row["name"] == name)


def view(name: str = "other", path: str = "", body: str = "return {}") -> str:
    return f'"""{name}: a test."""' + VIEW.format(name=name, path=path or f"/api/{name}", body=body)


def test_the_example_of_the_guide_answers_checks_and_keeps(site: PluginSite, start: Start) -> None:
    site.install("notes", NOTES, files=FILES)
    house = start()
    api = house.api()
    at = f"/api/projects/{api.project(SENTIMENT)}/notes"
    made = api("POST", f"{at}/", json={"text": "look twice"})
    assert (made.status_code, api("GET", at).json) == (201, [made.json])
    assert api("POST", at, json={}).json["validation_errors"] == {"text": ["This field is required."]}
    assert api("POST", at, data={"text": "by form"}).status_code == 201
    assert house.app.test_client().get(at).status_code == 401
    assert house.api("stranger@example.org", organization="Others")("GET", at).status_code == 404
    assert api("PUT", at, json={}).status_code == 405
    document = api("GET", "/docs/api/schema/json/").json["paths"]["/api/projects/{project_id}/notes"]
    assert document["post"]["tags"] == ["Notes"]
    assert set(document["post"]["responses"]) >= {"201", "400", "401", "404"}


def test_a_plugin_that_leaves_takes_nothing_along(site: PluginSite, start: Start) -> None:
    site.install("notes", NOTES, files=FILES)
    api = start().api()
    kept, deleted = api.project(SENTIMENT), api.project(SENTIMENT)
    for project in (kept, deleted):
        api("POST", f"/api/projects/{project}/notes", json={"text": f"on {project}"})
    without = start(disabled_plugins=["notes"]).api()
    assert without("GET", f"/api/projects/{kept}/notes").status_code == 404
    assert without("DELETE", f"/api/projects/{deleted}/").status_code == 204
    again = start()
    notes = again.api()("GET", f"/api/projects/{kept}/notes").json
    assert [note["text"] for note in notes] == [f"on {kept}"]
    with again.ctx.database.read() as session:
        assert session.scalars(text("SELECT project_id FROM lw_notes_note")).all() == [kept]


def test_a_plugin_whose_migration_fails_is_named_and_the_rest_works(site: PluginSite, start: Start) -> None:
    half = MIGRATION.replace("    op.create_index", "    raise OSError('no index')\n    op.create_index")
    package = site.install("notes", NOTES, files={"migrations/0001_notes.py": half})
    house = start()
    row = report(house, "notes")
    assert (row["state"], "no index" in row["reason"]) == ("failed", True)
    assert "lw_notes_note" not in inspect(house.ctx.database.engine).get_table_names()
    project = house.api().project(SENTIMENT)
    assert house.api()("GET", f"/api/projects/{project}/notes").status_code == 404
    (site.root / package / "migrations/0001_notes.py").write_text(MIGRATION)
    assert report(start(), "notes")["state"] == "loaded"


def test_tables_that_are_behind_leave_their_plugin_out(site: PluginSite, start: Start) -> None:
    site.install("notes", NOTES, files=FILES)
    row = report(start(database_skip_migrations=True), "notes")
    assert (row["state"], row["reason"]) == (
        "failed", "its tables are not of this version; run: labelwright migrate"
    )  # fmt: skip


def test_secrets_in_tables_of_plugins_get_the_new_key(site: PluginSite, start: Start) -> None:
    site.install("notes", NOTES, files=FILES)
    old, new, signing = new_encryption_key(), new_encryption_key(), new_secret_key()
    house = start(encryption_keys=[old], secret_key=signing)
    project = house.api().project(SENTIMENT)
    stored = house.ctx.keys.encrypt("sesame")
    with house.ctx.database.write() as session:
        session.execute(
            text("INSERT INTO lw_notes_note (project_id, text) VALUES (:project, :text)"),
            {"project": project, "text": stored},
        )
    rotated = start(encryption_keys=[new, old], secret_key=signing)
    assert stored_secrets.reencrypt(rotated.ctx) == 2  # and the owner's token
    with rotated.ctx.database.read() as session:
        now = session.scalar(text("SELECT text FROM lw_notes_note"))
    assert (now != stored, rotated.ctx.keys.decrypt(now)) == (True, "sesame")


CLASHES = {
    "path": (view("path", "/api/projects/<int:number>"), "refused",
             "'GET /api/projects/<>' is already given by labelwright"),
    "name": (view("projects", "/api/name"), "refused", "the route 'projects' is already given by labelwright"),
    "plugin": (view("plugin", "/api/webhooks"), "refused", "is already given by webhooks"),
    "slash": (view("slash", "/api/slash/"), "failed", "end without one"),
    "docstring": (view("docstring").replace('"""Answer."""', "pass"), "failed", "needs a docstring"),
    "converter": (view("converter", "/api/converter/<odd:number>"), "failed", "odd"),
    "rate": (view("rate").replace('("/api/rate"', '("/api/rate", rate="odd"'), "failed", "no class of limits 'odd'"),
    "table": (NOTES.replace("lw_notes_note", "lw_project"), "failed", "must be called lw_table_"),
}  # fmt: skip


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_what_clashes_is_refused_in_words(site: PluginSite, start: Start) -> None:
    for name, (code, *_) in CLASHES.items():
        site.install(name, code, manifest={}, files=FILES)
    house = start()
    for name, (_, state, words) in CLASHES.items():
        row = report(house, name)
        assert (row["state"], words in row["reason"]) == (state, True), row["reason"]
    assert house.api()("GET", "/api/projects/").status_code == 200
    assert house.api()("GET", "/api/webhooks/").status_code == 200


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_a_view_that_throws_is_answered_in_its_plugins_name(site: PluginSite, start: Start) -> None:
    site.install("other", view(body="1 / 0"))
    house = start()
    answer = house.api()("GET", "/api/other/")
    assert (answer.status_code, answer.json["code"]) == (503, "plugin-failed")
    assert "ZeroDivision" not in answer.text
    assert report(house, "other")["hook_errors"] == 1


PLAN = """
'Plans: a test.'
from sqlalchemy import text
from labelwright.api import hookimpl

@hookimpl
def plan_tasks_created(event, session, organization):
    session.execute(text("UPDATE lw_project SET {column} = 'seen by ' || :who"), {{"who": str(organization)}})
    {end}
"""
PLANS = {
    "throws": PLAN.format(column="title", end="raise OSError"),
    "stumbles": PLAN.format(column="expert_instruction", end="no_such_name"),
    "breaks_its_sql": PLAN.format(column="no_such_column", end="return []"),
    "works": PLAN.format(column="description", end="return []"),
}


def test_a_plan_that_fails_undoes_its_own_rows_alone(site: PluginSite, start: Start) -> None:
    for name, code in PLANS.items():
        site.install(name, code)
    house = start()
    api = house.api()
    project = api.project(SENTIMENT)
    task = api.task(project, text="one")
    assert api("GET", f"/api/tasks/{task}/").status_code == 200
    seen = api.counts(project)
    assert [seen[name] for name in ("title", "expert_instruction", "description")] == [
        "Street scenes", "", "seen by 1",
    ]  # fmt: skip
    assert [report(house, name)["hook_errors"] for name in PLANS] == [1, 1, 1, 0]


ASKS = view(
    path="/api/other/<int:project>",
    body="""project = params["project"]
    context.require("tasks.view", project)
    secret = context.encrypt("sesame")
    try:
        context.outbound("webhook").check("http://127.0.0.1/")
        refused = ""
    except Exception as error:
        refused = error.code
    return {"user": context.user, "role": context.role, "organization": context.organization,
            "url": context.url("/x"), "secret": context.decrypt(secret), "refused": refused,
            "title": context.queries.project(project).title,
            "tasks": [task["id"] for task in context.queries.task_records(project, [3, 1, 99])]}""",
)


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_a_view_has_at_hand_what_is_promised(site: PluginSite, start: Start) -> None:
    site.install("other", ASKS)
    house = start()
    api = house.api()
    project = api.project(SENTIMENT)
    for number in range(3):
        api.task(project, text=str(number))
    assert api("GET", f"/api/other/{project}").json == {
        "user": 1, "role": "owner", "organization": 1, "url": "http://localhost:8080/x", "secret": "sesame",
        "refused": "url-refused", "title": "Street scenes", "tasks": [3, 1],
    }  # fmt: skip
    assert (
        house.api("stranger@example.org", organization="Others")("GET", f"/api/other/{project}").status_code
        == 404
    )
