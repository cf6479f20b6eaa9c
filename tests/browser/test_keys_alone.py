"""A whole task without the mouse, for those who cannot or do not want to use it."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import MOODS, make_project, new_address, tasks_of
from tests.browser.pages import PASSWORD, Labelling
from tests.conftest import OpenPage
from tests.services.labelwright import LiveServer

TEXT = "Ann met Bob in Rome."


def test_from_the_log_in_to_the_next_task(site: LiveServer, open_page: OpenPage) -> None:
    project = make_project(site, MOODS, [{"text": TEXT}, {"text": "Another letter."}], title="By keys alone")
    page = open_page()
    keys = page.keyboard
    page.goto(f"{site.url}/user/signup/")
    keys.type(new_address())
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Projects")).to_be_visible()

    keys.press("Control+k")
    keys.type("By keys alone")
    expect(page.get_by_role("option", name="By keys alone", selected=True)).to_be_visible()
    keys.press("Enter")
    expect(page.get_by_role("grid", name="2 tasks", exact=True)).to_be_visible()
    keys.press("l")
    labelling = Labelling(page).wait()
    task = labelling.task

    until_focused(page, labelling.text().place)
    keys.press("ArrowRight")
    keys.press("ArrowLeft")
    keys.press("Control+Shift+ArrowRight")
    keys.press("1")
    expect(labelling.regions).to_have_count(1)
    expect(labelling.regions.first).to_contain_text("Ann")
    keys.press("g")
    labelling.submit()

    answers = {one["id"]: one["annotations"] for one in tasks_of(site.client(), project)}
    said = {item["type"]: item["value"] for item in answers[task][0]["result"]}
    assert said["labels"]["text"].strip() == "Ann"
    assert said["choices"]["choices"] == ["good"]


def until_focused(page: Page, wanted: Locator, most: int = 40) -> None:
    """Press Tab until this has the focus."""
    for _ in range(most):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{most} times Tab do not lead there")
