"""Each template of the gallery, with its sample tasks, labelled by keys alone; and the gallery itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from playwright.sync_api import ConsoleMessage, Page, ViewportSize, expect

from labelwright import plugins
from labelwright.label_config import parse
from labelwright.label_config.nodes import Node
from labelwright.registry import Registry
from tests.browser import looking
from tests.browser.by_keys import SCREEN, Hand
from tests.browser.conftest import make_project, tasks_of
from tests.browser.pages import Labelling, Projects, Tasks
from tests.browser.template_steps import STEPS
from tests.services.labelwright import LiveServer

pytest_plugins = ["tests.browser.seat"]

REGISTRY = Registry(plugins.load())


@pytest.fixture(scope="module")
def seat_size() -> ViewportSize:
    return SCREEN


def test_each_template_has_a_story_here() -> None:
    assert set(REGISTRY.templates) == set(STEPS)


@pytest.mark.parametrize("name", STEPS)
def test_a_template_is_labelled_by_keys_alone(site: LiveServer, seat: Page, name: str) -> None:
    template = REGISTRY.templates[name]
    config = parse(template.label_config, REGISTRY.tags)
    samples = site.client().get(f"/api/templates/{name}/samples").json()
    project = make_project(site, template.label_config, samples, title=name)
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if message.type == "error" and "404" not in message.text:
            complaints.append(message.text)

    task = min(one["id"] for one in tasks_of(site.client(), project))
    seat.on("console", listen)
    follow_link(seat, f"/projects/{project}/label")
    labelling = Labelling(seat)
    expect(labelling.heading).to_have_text(f"Task #{task}")
    ready(seat)
    for step in STEPS[name]:
        step(Hand(seat))
    complaints += looking.axe_complaints(seat)
    labelling.submit()
    seat.remove_listener("console", listen)

    [answered] = [one for one in tasks_of(site.client(), project) if one["id"] == task]
    result = answered["annotations"][0]["result"]
    controls = [config.control(item["from_name"]) for item in result if item["type"] != "relation"]
    said = {node.name for node in controls if node is not None}
    assert said, "nothing was saved"
    assert set(required(config.root, result)) <= said
    assert [one.message for one in config.check(result, answered["data"])] == []
    assert complaints == []


def required(node: Node, result: Sequence[dict[str, Any]]) -> Iterator[str | None]:
    """Names of the controls that need an answer, where what they depend on was chosen."""
    chosen = {choice for item in result for choice in item.get("value", {}).get("choices", ())}
    if (wanted := node.attrs.get("whenChoiceValue")) and chosen.isdisjoint(wanted):
        return
    if node.tag and node.tag.result_type and node.get("required"):
        yield node.name
    for child in node.children:
        yield from required(child, result)


def follow_link(page: Page, path: str) -> None:
    """Go on inside the application, as by a click on a link of its page."""
    page.evaluate(
        """path => {
          const link = Object.assign(document.createElement("a"), { href: path });
          document.body.append(link);
          link.click();
          link.remove();
        }""",
        path,
    )


def ready(page: Page) -> None:
    """All that is labelled is on screen."""
    expect(page.locator("[data-object]").first).to_be_visible()
    expect(page.locator("[data-object]:not([data-state=ready])")).to_have_count(0)


def gallery(page: Page) -> Any:
    return page.get_by_role("listbox", name="Templates")


def test_a_newcomer_takes_a_template_with_its_tasks_by_keys(site: LiveServer, seat: Page) -> None:
    seat.goto(f"{site.url}/projects")
    Projects(seat).create().name("By a template")
    seat.keyboard.press("Tab")
    seat.get_by_role("button", name="Next: interface").press("Enter")
    expect(seat.locator(".gallery-preview .lw-lab-main")).to_be_visible()
    seat.keyboard.press("/")
    expect(seat.get_by_role("searchbox", name="Find a template")).to_be_focused()
    seat.keyboard.type("relation extr")
    expect(gallery(seat).get_by_role("option")).to_have_count(1)
    seat.keyboard.press("ArrowDown")
    detail = seat.get_by_role("region", name="Preview of Relation extraction")
    expect(detail.locator(".lw-text")).to_contain_text("Mira Holt founded Brightmill")
    assert looking.axe_complaints(seat) == []
    seat.keyboard.press("Shift+Enter")
    expect(seat.get_by_text("Valid", exact=True)).to_be_visible()
    expect(seat.get_by_role("region", name="Preview").last.locator(".lw-text")).to_contain_text("Mira Holt")
    seat.keyboard.press("Control+Enter")
    Tasks(seat).see_count(2)


@pytest.fixture
def chinese(site: LiveServer, seat: Page) -> Iterator[Page]:
    """The page, which speaks Chinese for once."""
    seat.context.add_cookies([{"name": "labelwright_locale", "value": "zh", "url": site.url}])
    yield seat
    seat.context.clear_cookies(name="labelwright_locale")


def test_the_gallery_is_walked_by_arrows_and_speaks_chinese(site: LiveServer, chinese: Page) -> None:
    chinese.goto(site.url + "/projects/create")
    chinese.locator(".step").nth(1).click()
    options = chinese.get_by_role("option")
    expect(options.first).to_have_attribute("aria-selected", "true")
    options.first.press("ArrowRight")
    options.nth(1).press("ArrowDown")
    chosen = chinese.locator("[role=option][aria-selected=true]")
    place, above = (
        one.evaluate("one => one.getBoundingClientRect().top") for one in (chosen, options.nth(1))
    )
    assert place > above
    chinese.locator(".gallery-groups").get_by_text("自然语言").click()
    chinese.get_by_role("option", name=re.compile("情感与原因")).click()
    expect(chinese.locator(".gallery-preview").get_by_text("正面")).to_be_visible()
    assert looking.axe_complaints(chinese) == []
    chosen.press("Enter")
    expect(chinese.locator(".cm-content")).to_contain_text('value="正面"')
