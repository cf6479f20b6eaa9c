"""Keys of one's own: changed on their page, used in another tab at once, brought along from Label Studio."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import MOODS, Enter, make_project, tasks_of
from tests.browser.pages import Labelling
from tests.browser.test_keys_alone import until_focused
from tests.services.labelwright import LiveServer


def exported_by_label_studio() -> str:
    """As its page of hotkeys exports them: submit and back were changed, lock was switched off, skip is as usual."""
    rows = [
        ("annotation", "annotation:submit", "ctrl+alt+s", True),
        ("annotation", "annotation:skip", "ctrl+space", True),
        ("regions", "region:lock", "alt+l", False),
        ("audio", "audio:back", "ctrl+shift+b", True),
    ]
    hotkeys = [
        {"id": str(100 * number), "section": section, "element": element, "label": element, "key": key}
        | {"description": "What it does", "active": active}
        for number, (section, element, key, active) in enumerate(rows, 1)
    ]
    return json.dumps(
        {"hotkeys": hotkeys, "settings": {}, "exportedAt": "2026-11-27T16:55:34.956Z", "version": "1.0"}
    )


def row(page: Page, title: str) -> Locator:
    return page.get_by_role("listitem").filter(has=page.get_by_role("switch", name=title, exact=True))


def key(page: Page, title: str) -> Locator:
    """The button that shows the key of an action."""
    return row(page, title).get_by_role("button", name=re.compile(f"^{re.escape(title)}"))


def own_keys(site: LiveServer, page: Page) -> dict[str, Any]:
    return page.request.get(f"{site.url}/api/current-user/hotkeys/").json()["custom_hotkeys"]


def test_another_key_for_submitting_is_in_force_in_every_tab(site: LiveServer, sign_up: Enter) -> None:
    project = make_project(site, MOODS, [{"text": f"Letter {number}"} for number in range(4)])
    page, _ = sign_up()
    desk = page.context.new_page()
    desk.goto(f"{site.url}/projects/{project}/label")
    labelling = Labelling(desk).wait()

    page.goto(f"{site.url}/user/account/hotkeys")
    page.get_by_role("searchbox", name="Find an action or a key").fill("ctrl enter")
    submit = key(page, "Submit or update")
    submit.press("Enter")
    page.keyboard.press("Control+w")
    expect(page.get_by_role("alert")).to_contain_text("belongs to the browser")
    page.keyboard.press("Alt+s")
    page.get_by_role("searchbox").fill("")
    expect(page.get_by_role("group", name="Both want Alt S")).to_contain_text("“Side panel: show or hide”")
    page.get_by_role("button", name="Swap").click()
    expect(key(page, "Submit or update")).to_have_accessible_name("Submit or update Alt S")
    expect(key(page, "Side panel: show or hide")).to_have_accessible_name(
        "Side panel: show or hide Ctrl Enter"
    )

    on_the_desk = desk.get_by_role("button", name="Submit")
    expect(on_the_desk).to_have_attribute("title", "Alt S")
    labelling.press("g")
    before = labelling.task
    labelling.press("Alt+s")
    labelling.wait_for_another(before)
    desk.reload()
    labelling.wait()
    expect(on_the_desk).to_have_attribute("title", "Alt S")
    labelling.press("?")
    expect(
        desk.get_by_role("dialog").locator("div", has_text=re.compile("^Submit or update")).last
    ).to_contain_text("Alt S")
    labelling.press("Escape")

    page.get_by_role("button", name="Reset all").click()
    page.get_by_role("dialog").get_by_role("button", name="Reset all").click()
    expect(key(page, "Submit or update")).to_have_accessible_name("Submit or update Ctrl Enter")
    expect(on_the_desk).to_have_attribute("title", "Ctrl Enter")
    labelling.press("b")
    labelling.submit()
    assert own_keys(site, page) == {}
    assert sum(len(task["annotations"]) for task in tasks_of(site.client(), project)) == 2


def test_keys_come_from_label_studio_and_go_on_by_keys_alone(site: LiveServer, sign_up: Enter) -> None:
    page, _ = sign_up()
    keys = page.keyboard
    keys.press("Control+k")
    keys.type("shortcuts")
    expect(page.get_by_role("option", name="Keyboard shortcuts", selected=True)).to_be_visible()
    keys.press("Enter")
    until_focused(page, page.get_by_role("button", name="Import", exact=True))
    keys.press("Enter")
    until_focused(page, page.get_by_role("textbox", name="Or paste it here"))
    keys.insert_text("{}")
    until_focused(page, page.get_by_role("dialog").get_by_role("button", name="Import", exact=True))
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("This is no file of keys")
    page.get_by_role("textbox", name="Or paste it here").fill(exported_by_label_studio())
    page.get_by_role("dialog").get_by_role("button", name="Import").press("Enter")
    expect(page.get_by_text("3 keys differ from the usual ones")).to_be_visible()
    assert own_keys(site, page) == {
        "annotation:annotation:submit": {"key": "ctrl+alt+s", "active": True},
        "regions:region:lock": {"key": "alt+l", "active": False},
        "audio:audio:back": {"key": "ctrl+shift+b", "active": True},
    }

    expect(key(page, "Submit or update")).to_have_accessible_name("Submit or update Ctrl Alt S")
    row(page, "Undo").get_by_role("switch").press("Space")
    expect(key(page, "Undo")).to_have_accessible_name("Undo no key")
    row(page, "Lock or unlock the selected regions").get_by_role("button", name="Reset").press("Enter")
    expect(key(page, "Lock or unlock the selected regions")).to_contain_text("Alt L")
    with page.expect_download() as download:
        page.get_by_role("button", name="Export", exact=True).press("Enter")
    written = {one["element"]: one for one in json.loads(Path(download.value.path()).read_text())["hotkeys"]}
    assert written["audio:back"]["section"] == "audio"
    assert (written["annotation:submit"]["key"], written["annotation:undo"]["active"]) == (
        "ctrl+alt+s",
        False,
    )
    page.reload()
    expect(key(page, "Undo")).to_have_accessible_name("Undo no key")

    page.goto(f"{site.url}/projects")
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()
    keys.press("Control+k")
    expect(page.get_by_role("dialog").get_by_role("option").first).to_have_accessible_name(
        re.compile("Keyboard shortcuts")
    )
