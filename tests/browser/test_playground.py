"""The playground: a tag is chosen, its attributes are set in a form, and the result is seen."""

from __future__ import annotations

import json
import re

from playwright.sync_api import Page, expect

from tests.services.labelwright import LiveServer

pytest_plugins = ["tests.browser.seat"]


def test_a_tag_is_tried_by_form_by_code_and_by_hand(site: LiveServer, seat: Page) -> None:
    seat.goto(f"{site.url}/playground?tag=Choices")
    stage = seat.get_by_role("region", name="Preview")
    code = seat.get_by_role("textbox", name="Labelling configuration as XML")
    expect(stage.get_by_role("checkbox")).to_have_count(3)

    seat.get_by_label("choice", exact=True).select_option("single-radio")
    expect(code).to_contain_text('choice="single-radio"')
    radios = stage.get_by_role("radio")
    expect(radios).to_have_count(3)
    empty = radios.first.evaluate("(radio) => getComputedStyle(radio).backgroundColor")
    radios.nth(1).check()
    expect(radios.nth(1)).not_to_have_css("background-color", empty)
    expect(radios.first, "with none chosen, it looked the same").to_have_css("background-color", empty)
    seat.locator("body").press("Control+z")
    expect(radios.nth(1)).not_to_be_checked()
    seat.get_by_label("choice", exact=True).select_option("")
    expect(code).not_to_contain_text('choice="single-radio"')
    expect(stage.get_by_role("checkbox")).to_have_count(3)

    stage.get_by_text("Second").click()
    seat.get_by_role("button", name="Result (1)").click()
    [item] = json.loads(seat.get_by_label("Result as JSON").inner_text())
    assert item["value"] == {"choices": ["Second"]}

    seat.locator("body").press("Alt+ArrowDown")
    expect(seat).to_have_url(re.compile(r"tag=(?!Choices)\w+$"))
    seat.get_by_label("Find a tag").fill("rectanglel")
    seat.get_by_role("button", name="RectangleLabels", exact=True).click()
    expect(stage.locator("canvas").first).to_be_visible()
