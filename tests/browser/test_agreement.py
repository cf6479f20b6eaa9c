"""How far people agree: seen in the list, filtered by, looked into on the page, and compared by another metric."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Enter, make_project, new_address
from tests.browser.looking import axe_complaints
from tests.browser.pages import Doors
from tests.conftest import OpenPage
from tests.services.labelwright import LiveServer

CONFIG = """<View><Text name="text" value="$text"/>
<Choices name="mood" toName="text"><Choice value="good"/><Choice value="bad"/></Choices>
<Rating name="stars" toName="text" maxRating="4"/></View>"""


def said(person: int, mood: str, stars: int) -> dict[str, object]:
    results = [
        {"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": [mood]}},
        {"from_name": "stars", "to_name": "text", "type": "rating", "value": {"rating": stars}},
    ]
    return {"completed_by": person, "result": results}


def test_how_far_people_agree_is_seen_and_looked_into(
    site: LiveServer, enter: Enter, open_page: OpenPage
) -> None:
    Doors(open_page(), site.url).sign_up(new_address())
    a, b = sorted(user["id"] for user in site.client().get("/api/users/").json())[-2:]
    tasks = [
        {"data": {"text": "both agree"}, "annotations": [said(a, "good", 4), said(b, "good", 4)]},
        {"data": {"text": "one star apart"}, "annotations": [said(a, "good", 4), said(b, "good", 3)]},
        {"data": {"text": "not at all"}, "annotations": [said(a, "good", 4), said(b, "bad", 1)]},
        {"data": {"text": "answered once"}, "annotations": [said(a, "good", 4)]},
    ]
    project = make_project(site, CONFIG, tasks)

    page, _ = enter()
    page.goto(f"{site.url}/projects/{project}/settings/agreement")
    expect(page.locator(".agreement-whole")).to_contain_text("over 3 tasks", timeout=30_000)
    page.goto(f"{site.url}/projects/{project}/data")
    row = page.get_by_role("row").filter(has_text="one star apart")
    expect(row).to_contain_text("50%")
    page.get_by_role("button", name="Filters").click()
    page.get_by_role("button", name="Add a condition").click()
    page.get_by_label("Column", exact=True).select_option("agreement")
    page.get_by_label("Comparison").select_option("less_or_equal")
    page.get_by_label("Value (%)").fill("50")
    expect(page.get_by_role("row").filter(has_text="both agree")).to_have_count(0)
    expect(page.get_by_role("row").filter(has_text="not at all")).to_have_count(1)
    expect(row).to_have_count(1)

    page.goto(f"{site.url}/projects/{project}/settings/agreement")
    expect(page.locator(".agreement-whole strong")).to_have_text("50%")
    labels = page.get_by_role("region", name="What is taken for what")
    labels.get_by_label("Control").select_option("mood")
    expect(labels.get_by_role("row").nth(1)).to_contain_text("bad")
    pair = page.get_by_role("region", name="Who agrees with whom").locator("button").first
    pair.focus()
    page.keyboard.press("Enter")
    expect(pair).to_have_attribute("aria-pressed", "true")
    expect(labels).to_contain_text("Rows:")
    expect(labels.get_by_role("row").nth(2)).to_contain_text("2")
    least = page.get_by_role("region", name="Least agreed on")
    least.locator("button").first.click()
    expect(least).to_contain_text("mood 0%")
    assert axe_complaints(page) == []

    form = page.get_by_role("form", name="How answers are compared")
    form.get_by_label("Metric of stars").select_option(label="Nearness of numbers")
    form.get_by_label("Weight of mood").fill("0")
    form.get_by_role("button", name="Save").click()
    expect(page.locator(".agreement-whole strong")).to_have_text("67%")
    expect(form.get_by_label("Weight of mood")).to_have_value("0")
    least.get_by_role("link").first.click()
    page.wait_for_url("**/data?task=*")
