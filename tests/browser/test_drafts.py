"""Work that was not submitted is not lost: not by a closed tab, not by a killed server, not by a second window."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import MOODS, Enter, make_project, new_address, tasks_of
from tests.browser.pages import Doors, Labelling
from tests.conftest import OpenPage, StartServer
from tests.services.labelwright import LiveServer

TEXT = "Ann met Bob in Rome and Tom in Bern."


def mark(labelling: Labelling, word: str, key: str = "1") -> None:
    """Take a label in hand if it is not, and mark a word."""
    label = labelling.label({"1": "Person", "2": "Place"}[key])
    if label.get_attribute("aria-pressed") != "true":
        labelling.press(key)
    start = TEXT.index(word)
    labelling.text().mark(start, start + len(word))


def test_a_closed_tab_costs_one_edit_at_most(site: LiveServer, enter: Enter) -> None:
    project = make_project(site, MOODS, [{"text": TEXT}])
    page, _ = enter()
    page.goto(f"{site.url}/projects/{project}/label")
    labelling = Labelling(page).wait()
    for number, word in enumerate(("Ann", "Bob", "Tom"), 1):
        mark(labelling, word)
        expect(labelling.regions).to_have_count(number)
    page.close()

    again = page.context.new_page()
    again.goto(f"{site.url}/projects/{project}/label")
    labelling = Labelling(again).wait()
    expect(labelling.regions.filter(has_text=re.compile("Ann|Bob"))).to_have_count(2)
    labelling.submit()
    [task] = tasks_of(site.client(), project)
    assert {item["value"]["text"] for item in task["annotations"][0]["result"]} >= {"Ann", "Bob"}


@pytest.mark.browser_errors
def test_a_killed_server_costs_one_edit_at_most(start_server: StartServer, open_page: OpenPage) -> None:
    server = start_server()
    project = make_project(server, MOODS, [{"text": TEXT}])
    page = open_page()
    Doors(page, server.url).sign_up(new_address())
    page.goto(f"{server.url}/projects/{project}/label")
    labelling = Labelling(page).wait()
    mark(labelling, "Ann")
    mark(labelling, "Bob")
    expect(labelling.kept).to_have_text("Draft saved")
    mark(labelling, "Tom")
    server.kill()
    mark(labelling, "Rome", "2")
    expect(page.get_by_text("No connection.")).to_be_visible()
    server.start()

    # Somewhere else, nothing but what had reached the server is known.
    other = open_page(storage_state={"cookies": page.context.cookies(), "origins": []})
    other.goto(f"{server.url}/projects/{project}/label")
    elsewhere = Labelling(other).wait()
    expect(elsewhere.regions.filter(has_text=re.compile("Ann|Bob"))).to_have_count(2)
    other.close()

    # Where the work was done, all of it is there.
    expect(labelling.kept).to_have_text("Draft saved", timeout=30_000)
    expect(labelling.regions).to_have_count(4)
    labelling.submit()
    [task] = tasks_of(server.client(), project)
    words = {item["value"]["text"] for item in task["annotations"][0]["result"]}
    assert words == {"Ann", "Bob", "Tom", "Rome"}


def test_the_same_draft_in_two_places_is_a_question(site: LiveServer, open_page: OpenPage) -> None:
    address = new_address()
    desk, laptop = open_page(), open_page()
    Doors(desk, site.url).sign_up(address)
    Doors(laptop, site.url).log_in(address)
    for answer, kept in (("Keep mine", {"Tom"}), ("Take the other", {"Ann", "Bob"})):
        project = make_project(site, MOODS, [{"text": TEXT}])
        second = change_in_both(desk, laptop, f"{site.url}/projects/{project}/label")
        question = laptop.get_by_role("alertdialog", name="Changed elsewhere")
        expect(question).to_be_visible()
        question.get_by_role("button", name=answer).click()
        expect(question).to_be_hidden()
        expect(second.regions).to_have_count(len(kept))
        second.submit()
        [task] = tasks_of(site.client(), project)
        assert {item["value"]["text"] for item in task["annotations"][0]["result"]} == kept


def change_in_both(desk: Page, laptop: Page, address_of_task: str) -> Labelling:
    """Go on with one draft here and there, the laptop not knowing of it; what is on the laptop."""
    desk.goto(address_of_task)
    first = Labelling(desk).wait()
    mark(first, "Ann")
    expect(first.kept).to_have_text("Draft saved")
    laptop.goto(address_of_task)
    second = Labelling(laptop).wait()
    expect(second.regions).to_have_count(1)

    mark(first, "Bob")
    expect(first.regions).to_have_count(2)
    desk.get_by_role("status").get_by_text("Saving…").wait_for(state="hidden")
    second.regions.first.click()
    second.press("Delete")
    mark(second, "Tom")
    return second
