"""The task table as a manager works with it: tabs, conditions, orders, columns, a search, actions."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import MOODS, make_project
from tests.services.labelwright import LiveServer

pytest_plugins = ["tests.browser.seat"]

TOWNS = ("Rome", "Oslo", "Lima")
DATA = [{"text": f"Letter {n} from {TOWNS[n % 3]}", "stars": n % 5} for n in range(30)]


@pytest.fixture
def table(site: LiveServer, seat: Page) -> tuple[Page, int]:
    project = make_project(site, MOODS, DATA)
    seat.goto(f"{site.url}/projects/{project}/data")
    see(seat, 30)
    return seat, project


def see(page: Page, count: int) -> None:
    expect(
        page.get_by_role("grid", name=f"{count} task{'s' if count != 1 else ''}", exact=True)
    ).to_be_visible()


def test_conditions_narrow_the_table_and_are_kept_in_a_tab(table: tuple[Page, int]) -> None:
    page, _ = table
    page.get_by_role("button", name="Filters").click()
    panel = page.get_by_role("dialog", name="Filters")
    panel.get_by_role("button", name="Add a condition").click()
    panel.get_by_label("Value").fill("oslo")
    see(page, 10)
    panel.get_by_role("button", name="Add a condition").click()
    second = panel.get_by_role("group", name="Condition 2")
    second.get_by_label("Column").select_option(label="stars")
    second.get_by_label("Comparison").select_option(label="≥")
    second.get_by_label("Value").fill("3")
    see(page, 4)
    with page.expect_response(
        lambda answer: "/api/dm/views/" in answer.url and '"or"' in (answer.request.post_data or "")
    ):
        second.get_by_label("How conditions go together").select_option(label="or")
        see(page, 18)
    expect(page.get_by_text("18 of 30 tasks")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("tab", name="All tasks")).to_have_attribute("aria-selected", "true")

    page.reload()
    see(page, 18)
    page.get_by_role("button", name="Filters").click()
    panel.get_by_role("button", name="Add a condition").click()
    expect(panel.get_by_role("group", name="Condition 3")).to_be_visible()
    panel.get_by_role("group", name="Condition 3").get_by_role("button", name="Remove this condition").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Add a tab").click()
    see(page, 30)
    page.get_by_role("tab", name="All tasks").click()
    see(page, 18)


def test_a_tab_that_is_slow_to_be_made_is_made_once(table: tuple[Page, int]) -> None:
    page, _ = table
    held: list[Route] = []
    page.route(
        "**/api/dm/views/",
        lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
    )
    page.get_by_role("button", name="Filters").click()
    panel = page.get_by_role("dialog", name="Filters")
    panel.get_by_role("button", name="Add a condition").click()
    with page.expect_request(lambda request: request.method == "POST" and "/dm/views" in request.url):
        panel.get_by_label("Value").fill("o")
    panel.get_by_label("Value").fill("oslo")
    see(page, 10)
    page.wait_for_timeout(1_000)  # longer than a change rests before it is kept
    with page.expect_response(lambda answer: answer.request.method == "PATCH" and "/dm/views" in answer.url):
        held[0].continue_()
    assert len(held) == 1
    page.unroute("**/api/dm/views/")
    expect(page.get_by_role("tab")).to_have_count(1)
    see(page, 10)
    page.reload()
    see(page, 10)
    expect(page.get_by_role("tab")).to_have_count(1)


def test_a_column_is_ordered_by_its_head(table: tuple[Page, int]) -> None:
    page, _ = table
    stars = page.get_by_role("columnheader", name="stars")
    first = page.locator(".tasks-row[id]").first
    stars.get_by_role("button").click()
    expect(stars).to_have_attribute("aria-sort", "ascending")
    expect(first).to_contain_text("Letter 0 from Rome")
    stars.get_by_role("button").click()
    expect(stars).to_have_attribute("aria-sort", "descending")
    expect(first).to_contain_text("4")
    stars.get_by_role("button").click()
    expect(stars).to_have_attribute("aria-sort", "none")


def test_words_are_looked_for_in_the_data(table: tuple[Page, int]) -> None:
    page, _ = table
    page.get_by_role("searchbox", name="Search in the data").fill("from lima")
    see(page, 10)


def test_columns_come_and_go(table: tuple[Page, int]) -> None:
    page, _ = table
    page.get_by_role("button", name="Columns").click()
    panel = page.get_by_role("dialog", name="Columns")
    panel.get_by_label("Average time").check()
    panel.get_by_label("stars").uncheck()
    expect(page.get_by_role("columnheader", name="Average time")).to_be_visible()
    expect(page.get_by_role("columnheader", name="stars")).to_have_count(0)


def test_an_action_on_what_is_shown_leaves_the_rest_alone(table: tuple[Page, int]) -> None:
    page, _ = table
    page.get_by_role("searchbox", name="Search in the data").fill("rome")
    see(page, 10)
    page.get_by_role("checkbox", name="Select all tasks").click()
    page.get_by_role("button", name="Actions").click()
    page.get_by_role("menuitem", name="Delete Tasks").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete Tasks").click()
    expect(page.get_by_text("Delete Tasks: done for 10 tasks.")).to_be_visible()
    page.get_by_role("searchbox", name="Search in the data").fill("")
    see(page, 20)


def test_a_plugins_page_stands_among_the_settings(table: tuple[Page, int], site: LiveServer) -> None:
    page, project = table
    page.goto(f"{site.url}/projects/{project}/settings")
    page.get_by_role("link", name="Webhooks").click()
    page.get_by_role("button", name="Add a webhook").click()
    page.get_by_label("Address").fill("http://127.0.0.1:9/hook")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("private network")
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Nobody is told yet.")).to_be_visible()
