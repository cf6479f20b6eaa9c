"""How far people agree: seen in the list, filtered by, looked into on the page, and compared by another metric."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import make_project, new_address
from tests.browser.looking import axe_complaints
from tests.services.labelwright import LiveServer

pytest_plugins = ["tests.browser.seat"]

CONFIG = """<View><Text name="text" value="$text"/>
<Choices name="mood" toName="text"><Choice value="good"/><Choice value="bad"/></Choices>
<Rating name="stars" toName="text" maxRating="4"/></View>"""


def said(person: int, mood: str, stars: int) -> dict[str, object]:
    results = [
        {"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": [mood]}},
        {"from_name": "stars", "to_name": "text", "type": "rating", "value": {"rating": stars}},
    ]
    return {"completed_by": person, "result": results}


def new_member(site: LiveServer) -> int:
    made = site.client().post("/api/users", json={"email": new_address()})
    made.raise_for_status()
    return int(made.json()["id"])


def test_how_far_people_agree_is_seen_and_looked_into(site: LiveServer, seat: Page) -> None:
    a, b = new_member(site), new_member(site)
    tasks = [
        {"data": {"text": "both agree"}, "annotations": [said(a, "good", 4), said(b, "good", 4)]},
        {"data": {"text": "one star apart"}, "annotations": [said(a, "good", 4), said(b, "good", 3)]},
        {"data": {"text": "not at all"}, "annotations": [said(a, "good", 4), said(b, "bad", 1)]},
        {"data": {"text": "answered once"}, "annotations": [said(a, "good", 4)]},
    ]
    project = make_project(site, CONFIG, tasks)

    seat.goto(f"{site.url}/projects/{project}/settings/agreement")
    expect(seat.locator(".agreement-whole")).to_contain_text("over 3 tasks", timeout=30_000)
    seat.goto(f"{site.url}/projects/{project}/data")
    row = seat.get_by_role("row").filter(has_text="one star apart")
    expect(row).to_contain_text("50%")
    seat.get_by_role("button", name="Filters").click()
    seat.get_by_role("button", name="Add a condition").click()
    seat.get_by_label("Column", exact=True).select_option("agreement")
    seat.get_by_label("Comparison").select_option("less_or_equal")
    seat.get_by_label("Value (%)").fill("50")
    expect(seat.get_by_role("row").filter(has_text="both agree")).to_have_count(0)
    expect(seat.get_by_role("row").filter(has_text="not at all")).to_have_count(1)
    expect(row).to_have_count(1)

    seat.goto(f"{site.url}/projects/{project}/settings/agreement")
    expect(seat.locator(".agreement-whole strong")).to_have_text("50%")
    labels = seat.get_by_role("region", name="What is taken for what")
    labels.get_by_label("Control").select_option("mood")
    expect(labels.get_by_role("row").nth(1)).to_contain_text("bad")
    pair = seat.get_by_role("region", name="Who agrees with whom").locator("button").first
    pair.focus()
    seat.keyboard.press("Enter")
    expect(pair).to_have_attribute("aria-pressed", "true")
    expect(labels).to_contain_text("Rows:")
    expect(labels.get_by_role("row").nth(2)).to_contain_text("2")
    least = seat.get_by_role("region", name="Least agreed on")
    least.locator("button").first.click()
    expect(least).to_contain_text("mood 0%")
    assert axe_complaints(seat) == []

    form = seat.get_by_role("form", name="How answers are compared")
    form.get_by_label("Metric of stars").select_option(label="Nearness of numbers")
    form.get_by_label("Weight of mood").fill("0")
    form.get_by_role("button", name="Save").click()
    expect(seat.locator(".agreement-whole strong")).to_have_text("67%")
    expect(form.get_by_label("Weight of mood")).to_have_value("0")
    least.get_by_role("link").first.click()
    seat.wait_for_url("**/data?task=*")
