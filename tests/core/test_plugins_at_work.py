"""Whatever a plugin does, the server answers and names it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from labelwright import config
from labelwright.app import create_app
from labelwright.services import bootstrap
from tests.core.plugin_site import STARS, PluginSite, plugin_site
from tests.web.application import OWNER, SENTIMENT, House, mood

RATED = '<View><Text name="text" value="$text"/><Stars name="rating" toName="text"/></View>'
FOUR_STARS = {"id": "s1", "from_name": "rating", "to_name": "text", "type": "stars", "value": {"stars": 4}}
BROKEN_FORMAT = """
from labelwright.api import Exporter, hookimpl

class Broken(Exporter):
    name = "BROKEN"

    def offered(self, label_config):
        return 1 / 0

    def write(self, rows, out, context):
        raise OSError("no disk")

@hookimpl
def register_exporters():
    return [Broken]
"""
THROWS_IN_HOOKS = """
from labelwright.api import hookimpl

@hookimpl
def plan_annotations_changed(event):
    raise OSError("no plan")

@hookimpl
def on_annotations_changed(event):
    raise OSError("no ears")
"""
GUARD = """
from labelwright.api import InvalidRegion, NotAllowed, hookimpl

@hookimpl
def check_annotations(results):
    if any(item["value"]["choices"] == ["Bad"] for result in results for item in result):
        raise InvalidRegion("be kind", field="result.0.value.choices")
"""


pytestmark = pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
"""What a plugin does wrong here has nothing to do with the kind of the database."""


@pytest.fixture
def site(tmp_path: Path) -> Iterator[PluginSite]:
    (tmp_path / "site").mkdir()
    with plugin_site(tmp_path / "site") as made:
        yield made


Start = Callable[..., House]


@pytest.fixture
def start(tmp_path: Path, migrated_url: str, weak_hashes: None) -> Iterator[Start]:
    """Starts the server as it is installed now; again and again on one database."""
    houses: list[House] = []

    def begin(**overrides: object) -> House:
        given = {"database_url": migrated_url, "database_skip_migrations": True, "tokens_legacy": True}
        settings = config.load(tmp_path / "data", environ={}, overrides=given | OWNER | overrides)
        house = House(create_app(settings))
        houses.append(house)
        bootstrap.ensure_installation(house.ctx)
        bootstrap.ensure_first_user(house.ctx)
        return house

    yield begin
    for house in houses:
        house.ctx.database.close()


def report(house: House, name: str) -> dict:
    return next(row for row in house.api()("GET", "/api/plugins").json if row["name"] == name)


BROKEN = {
    "import": ("1 / 0", {}, "failed", "ZeroDivisionError"),
    "api": (STARS, {"api": ">=9"}, "refused", "made for labelwright.api >=9"),
    "manifest": (STARS, "{", "refused", "is not JSON"),
    "requirement": (STARS, {"requires": ["space:9d"]}, "refused", "needs space:9d"),
    "register": (STARS.replace("return [Stars]", "raise OSError('no disk')"), {}, "failed", "register_tags failed"),
    "duplicate": (STARS.replace('"Stars"', '"Choices"'), {}, "refused",
                  "the tag 'Choices' is already given by tag_choice"),
}  # fmt: skip


def test_the_server_works_beside_broken_plugins_and_names_each(site, start):
    for name, (code, manifest, *_) in BROKEN.items():
        site.install(f"tag_{name}", code, manifest=manifest)
    house = start()
    for name, (*_, state, words) in BROKEN.items():
        row = report(house, f"tag_{name}")
        assert (row["state"], row["third_party"]) == (state, True), name
        assert words in row["reason"]
    assert house.api().project(SENTIMENT)


def test_a_plugin_that_throws_in_its_hooks_costs_nobody_an_answer(site, start):
    site.install("hooks_broken", THROWS_IN_HOOKS)
    house = start(hook_failures=3)
    api = house.api()
    task = api.task(api.project(SENTIMENT), text="fine")
    api.annotate(task, mood())
    api.annotate(task, mood())
    row = report(house, "hooks_broken")
    assert row["hook_errors"] == 3
    assert "switched off after 3 failures in a row" in row["reason"]
    assert "Traceback" in row["traceback"]


def test_a_tag_that_throws_in_its_check_is_named_and_nothing_is_stored(site, start):
    site.install("tag_stars", STARS + "\nStars.check = lambda self, value, node: 1 / 0\n")
    house = start()
    api = house.api()
    task = api.task(api.project(RATED), text="fine")
    answer = api("POST", f"/api/tasks/{task}/annotations/", json={"result": [FOUR_STARS]})
    assert (answer.status_code, answer.json["code"]) == (503, "plugin-failed")
    assert answer.json["params"] == {"plugin": "tag_stars"}
    assert report(house, "tag_stars")["hook_errors"] == 1
    assert api("GET", f"/api/tasks/{task}/annotations/").json == []


def test_a_format_that_throws_leaves_the_others_in_the_list(site, start):
    site.install("export_broken", BROKEN_FORMAT)
    house = start()
    api = house.api()
    project = api.project(SENTIMENT)
    formats = {
        row["name"]: row.get("disabled", False)
        for row in api("GET", f"/api/projects/{project}/export/formats").json
    }
    assert (formats["BROKEN"], formats["JSON"]) == (True, False)
    assert api("GET", f"/api/projects/{project}/export?exportType=BROKEN").status_code == 503
    assert report(house, "export_broken")["hook_errors"] == 2


def test_a_format_that_cannot_hold_a_configuration_is_refused_in_words_and_not_blamed(site, start):
    site.install("export_boxes", BROKEN_FORMAT.replace("1 / 0", "False").replace("OSError", "ValueError"))
    house = start()
    api = house.api()
    answer = api("GET", f"/api/projects/{api.project(SENTIMENT)}/export?exportType=BROKEN")
    assert (answer.status_code, answer.json["code"]) == (400, "unsuited-export-format")
    assert "BROKEN cannot hold" in str(answer.json["validation_errors"]["exportType"])
    assert report(house, "export_boxes")["hook_errors"] == 0


def test_a_guards_refusal_comes_with_its_path_and_nothing_is_stored(site, start):
    site.install("guard_kind", GUARD)
    api = start().api()
    task = api.task(api.project(SENTIMENT), text="fine")
    answer = api("POST", f"/api/tasks/{task}/annotations/", json={"result": [mood("Bad")]})
    assert answer.status_code == 400
    assert answer.json["validation_errors"] == {"result.0.value.choices": ["be kind"]}
    assert api("GET", f"/api/tasks/{task}/annotations/").json == []


def test_without_a_guard_that_is_required_what_it_guards_is_locked(site, start):
    house = start()
    task = house.api().task(house.api().project(SENTIMENT), text="fine")
    site.install("guard_kind", GUARD + "\n1 / 0\n", manifest={"hooks": ["check_annotations"]})
    api = start(required_plugins=["guard_kind"]).api()
    answer = api("POST", f"/api/tasks/{task}/annotations/", json={"result": [mood()]})
    assert (answer.status_code, answer.json["code"]) == (403, "guard-missing")
    assert api("GET", f"/api/tasks/{task}/").status_code == 200


def test_an_error_in_a_browser_is_counted_on_the_plugins_page(site, start):
    site.install("tag_stars")
    house = start()
    told = {
        "tag": "Stars",
        "message": "stars is undefined",
        "stack": "at stars.js:3",
        "url": "/projects/1/label",
    }
    assert house.api()("POST", "/api/plugins/tag_stars/browser-errors", json=told).status_code == 204
    row = report(house, "tag_stars")
    assert row["ui_errors"] == 1
    assert row["browser_reports"] == [told]
    assert house.api()("POST", "/api/plugins/tag_nobody/browser-errors", json=told).status_code == 404


def test_a_plugins_files_are_served_by_their_hash_and_nothing_else_is(site, start):
    site.install("tag_stars", files={"static/stars.js": "export default {};"})
    house = start()
    client = house.app.test_client()
    digest = house.ctx.registry.asset_hash("tag_stars")
    answer = client.get(f"/plugins/tag_stars/{digest}/stars.js")
    assert (answer.status_code, answer.text) == (200, "export default {};")
    assert "immutable" in answer.headers["Cache-Control"]
    for path in ("../__init__.py", "%2e%2e/__init__.py", "..%2f__init__.py", "labelwright-plugin.json", ""):
        assert client.get(f"/plugins/tag_stars/{digest}/{path}").status_code == 404, path


def test_safe_mode_starts_without_third_parties(site, start):
    site.install("tag_stars")
    assert report(start(safe_mode=True), "tag_stars")["state"] == "disabled"


def test_results_outlive_their_plugin_and_meet_it_again(site, start):
    site.install("tag_stars")
    api = start().api()
    task = api.task(api.project(RATED), text="fine")
    api.annotate(task, FOUR_STARS)
    without = start(disabled_plugins=["tag_stars"]).api()
    assert without("GET", f"/api/tasks/{task}/").json["annotations"][0]["result"] == [FOUR_STARS]
    again = start().api()
    assert again("GET", f"/api/tasks/{task}/").json["annotations"][0]["result"] == [FOUR_STARS]
    assert again.annotate(task, FOUR_STARS)["result"] == [FOUR_STARS]
