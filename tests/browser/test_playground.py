"""The playground: a tag is chosen, its attributes are set in a form, and the result is seen."""

from __future__ import annotations

import json
import re

from playwright.sync_api import expect

from tests.browser.conftest import new_address
from tests.browser.pages import Doors
from tests.conftest import OpenPage
from tests.services.labelwright import LiveServer


def test_a_tag_is_tried_by_form_by_code_and_by_hand(shared_server: LiveServer, open_page: OpenPage) -> None:
    page = open_page()
    Doors(page, shared_server.url).sign_up(new_address())
    page.goto(f"{shared_server.url}/playground?tag=Choices")
    stage = page.get_by_role("region", name="Preview")
    code = page.get_by_role("textbox", name="Labelling configuration as XML")
    expect(stage.get_by_role("checkbox")).to_have_count(3)

    page.get_by_label("choice", exact=True).select_option("single-radio")
    expect(code).to_contain_text('choice="single-radio"')
    radios = stage.get_by_role("radio")
    expect(radios).to_have_count(3)
    empty = radios.first.evaluate("(radio) => getComputedStyle(radio).backgroundColor")
    radios.nth(1).check()
    expect(radios.nth(1)).not_to_have_css("background-color", empty)
    expect(radios.first, "with none chosen, it looked the same").to_have_css("background-color", empty)
    page.locator("body").press("Control+z")
    expect(radios.nth(1)).not_to_be_checked()
    page.get_by_label("choice", exact=True).select_option("")
    expect(code).not_to_contain_text('choice="single-radio"')
    expect(stage.get_by_role("checkbox")).to_have_count(3)

    stage.get_by_text("Second").click()
    page.get_by_role("button", name="Result (1)").click()
    [item] = json.loads(page.get_by_label("Result as JSON").inner_text())
    assert item["value"] == {"choices": ["Second"]}

    page.locator("body").press("Alt+ArrowDown")
    expect(page).to_have_url(re.compile(r"tag=(?!Choices)\w+$"))
    page.get_by_label("Find a tag").fill("rectanglel")
    page.get_by_role("button", name="RectangleLabels", exact=True).click()
    expect(stage.locator("canvas").first).to_be_visible()
