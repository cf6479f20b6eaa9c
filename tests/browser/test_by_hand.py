"""What the hands do on a picture, and the ways through the tasks."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import BOXES, MOODS, add_picture, make_project, tasks_of
from tests.browser.pages import Labelling, Tasks
from tests.browser.surfaces import Picture
from tests.services.labelwright import LiveServer

pytest_plugins = ["tests.browser.seat"]

WIDTH, HEIGHT = 800, 600
TURN_PX = 26
"""The handle to turn a box by stands this far above it."""

Desk = tuple[Page, Labelling, Picture, int]


@pytest.fixture
def desk(site: LiveServer, seat: Page, tmp_path: Path) -> Desk:
    """A picture on the labelling page, with one box on it: 200, 150 to 400, 300."""
    Image.new("RGB", (WIDTH, HEIGHT), "#9db8c9").save(tmp_path / "plain.png")
    project = make_project(site, BOXES, [])
    add_picture(site, project, tmp_path / "plain.png")
    seat.goto(f"{site.url}/projects/{project}/label")
    labelling = Labelling(seat).wait()
    picture = labelling.picture(WIDTH, HEIGHT)
    labelling.press("1")
    picture.drag(200, 150, 400, 300)
    expect(labelling.regions).to_have_count(1)
    labelling.press("v")
    return seat, labelling, picture, project


def number(page: Page, name: str) -> Locator:
    """A number of the selected region, in the side panel."""
    return page.get_by_role("spinbutton", name=re.compile(rf"^{name}\b"))


def value(page: Page, name: str) -> float:
    return float(number(page, name).input_value())


def test_undo_and_redo_go_through_every_step(desk: Desk) -> None:
    page, labelling, picture, _ = desk
    labelling.press("2")
    picture.drag(500, 100, 600, 250)
    expect(labelling.regions).to_have_count(2)
    labelling.press("Control+z")
    expect(labelling.regions).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(labelling.regions).to_have_count(0)
    page.get_by_role("button", name="Redo").click()
    labelling.press("Control+Shift+z")
    expect(labelling.regions).to_have_count(2)
    page.get_by_role("tab", name="History").click()
    page.get_by_role("button", name="As it was opened").click()
    page.get_by_role("tab", name="Regions").click()
    expect(labelling.regions).to_have_count(0)


def test_a_box_is_moved_resized_and_turned_with_the_mouse(desk: Desk) -> None:
    page, _, picture, _ = desk
    picture.click(300, 225)
    picture.drag(300, 225, 380, 285)
    assert value(page, "X") == pytest.approx(35, abs=0.3)
    assert value(page, "Y") == pytest.approx(35, abs=0.3)
    picture.drag(480, 360, 560, 420)  # the corner below, on the right
    assert value(page, "Width") == pytest.approx(35, abs=0.3)
    assert value(page, "Height") == pytest.approx(35, abs=0.3)
    picture.drag(280, 315, 320, 315)  # the left side
    assert value(page, "Width") == pytest.approx(30, abs=0.3)
    top = picture.spot(440, 210)
    middle = picture.spot(440, 315)
    page.mouse.move(top["x"], top["y"] - TURN_PX)
    page.mouse.down()
    page.mouse.move(middle["x"] + 60, middle["y"] - 40)
    page.mouse.move(middle["x"] + 150, middle["y"])
    page.mouse.up()
    assert value(page, "Rotation") == pytest.approx(90, abs=1)


def test_keys_nudge_relabel_duplicate_and_delete(desk: Desk) -> None:
    page, labelling, picture, _ = desk
    picture.click(300, 225)
    labelling.press("ArrowRight")
    labelling.press("Shift+ArrowDown")
    assert value(page, "X") == pytest.approx(25 + 100 / WIDTH, abs=0.2)
    assert value(page, "Y") == pytest.approx(25 + 1000 / HEIGHT, abs=0.2)
    labelling.press("2")
    expect(labelling.regions.first).to_contain_text("Tree")
    labelling.press("Control+d")
    expect(labelling.regions).to_have_count(2)
    labelling.press("Delete")
    expect(labelling.regions).to_have_count(1)
    labelling.press("Alt+.")
    expect(labelling.regions.first).to_have_attribute("aria-selected", "true")
    labelling.press("Backspace")
    expect(labelling.regions).to_have_count(0)


def test_the_view_zooms_pans_and_fits(desk: Desk) -> None:
    page, labelling, picture, _ = desk
    share = page.get_by_role("button", name=re.compile("^Zoom: "))
    fitted = share.text_content()
    page.mouse.move(**picture.spot(400, 300))
    page.keyboard.down("Control")
    page.mouse.wheel(0, -400)
    page.keyboard.up("Control")
    expect(share).not_to_have_text(fitted or "")
    labelling.press("Shift+1")
    expect(share).to_have_text(fitted or "")
    page.get_by_role("button", name="Zoom in").click()
    expect(share).not_to_have_text(fitted or "")
    page.get_by_role("button", name="Fit to the view").click()
    expect(share).to_have_text(fitted or "")
    share.click()
    expect(share).to_have_text("100%")

    # Held, the space bar moves the view; what is drawn after it lies where the pointer is.
    labelling.press("Shift+1")
    picture.click(700, 500)
    start = picture.spot(400, 300)
    page.keyboard.down("Space")
    page.mouse.move(**start)
    page.mouse.down()
    page.mouse.move(start["x"] - 100, start["y"] - 50)
    page.mouse.up()
    page.keyboard.up("Space")
    labelling.press("1")
    corner, other = picture.spot(400, 300), picture.spot(500, 400)
    page.mouse.move(corner["x"] - 100, corner["y"] - 50)
    page.mouse.down()
    page.mouse.move(other["x"] - 100, other["y"] - 50)
    page.mouse.up()
    labelling.press("v")
    labelling.regions.nth(1).click()
    assert value(page, "X") == pytest.approx(50, abs=0.3)
    assert value(page, "Y") == pytest.approx(50, abs=0.3)


def test_numbers_are_typed(desk: Desk) -> None:
    page, labelling, picture, project = desk
    labelling.regions.first.click()
    number(page, "Width").fill("50")
    number(page, "Rotation").fill("30")
    labelling.press("Tab")
    picture.click(300, 350)
    expect(number(page, "Width")).to_have_value("50")
    expect(number(page, "Rotation")).to_have_value("30")


def test_the_sheet_of_keys_and_the_palette_know_this_page(desk: Desk) -> None:
    page, labelling, _, _ = desk
    labelling.press("?")
    sheet = page.get_by_role("dialog", name="Keys on this page")
    for known in ("Submit or update", "Undo", "Car", "Fit to the view", "Find a command"):
        expect(sheet.get_by_text(known, exact=True).first).to_be_visible()
    labelling.press("Escape")
    expect(sheet).to_be_hidden()
    labelling.press("Control+k")
    page.keyboard.type("delete all")
    labelling.press("Enter")
    expect(labelling.regions).to_have_count(0)


def test_the_palette_has_the_focus_before_another_key_can_be_pressed(desk: Desk) -> None:
    page, _, _, _ = desk
    focused = page.evaluate("""async () => {
        const press = { key: "k", code: "KeyK", ctrlKey: true, bubbles: true, cancelable: true };
        document.body.dispatchEvent(new KeyboardEvent("keydown", press));
        // Promises are settled before the browser hands out another event; nothing is painted in between.
        for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
        return document.activeElement.getAttribute("role");
    }""")
    assert focused == "combobox"


@pytest.fixture
def stream(site: LiveServer, seat: Page) -> Callable[..., tuple[Page, Labelling, int]]:
    """A function that opens the label stream of a new project of texts."""

    def open_stream(count: int, **more: object) -> tuple[Page, Labelling, int]:
        data = [{"text": f"Letter number {n}"} for n in range(count)]
        project = make_project(site, MOODS, data, **more)
        seat.goto(f"{site.url}/projects/{project}/label")
        return seat, Labelling(seat).wait(), project

    return open_stream


def test_skip_previous_next_and_update(
    site: LiveServer, stream: Callable[..., tuple[Page, Labelling, int]]
) -> None:
    page, labelling, project = stream(3)
    first = labelling.task
    labelling.press("g")
    labelling.submit()
    second = labelling.task
    labelling.skip()
    third = labelling.task
    assert len({first, second, third}) == 3

    labelling.press("Alt+p")
    labelling.wait_for_another(third)
    assert labelling.task == second
    expect(page.get_by_role("button", name="Take back the skip")).to_be_visible()
    page.get_by_role("button", name="Previous task").click()
    labelling.wait_for_another(second)
    expect(page.get_by_role("checkbox", name="good")).to_be_checked()
    labelling.press("b")
    labelling.update()
    expect(page.get_by_role("button", name="Update")).not_to_have_attribute("data-busy", "true")
    labelling.press("Alt+n")
    labelling.wait_for_another(first)
    labelling.press("Alt+n")
    labelling.wait_for_another(second)
    assert labelling.task == third
    labelling.press("b")
    labelling.submit()

    answers = {task["id"]: task["annotations"][0] for task in tasks_of(site.client(), project)}
    assert answers[first]["result"][0]["value"]["choices"] == ["bad"]
    assert answers[second]["was_cancelled"]
    assert not answers[third]["was_cancelled"]


def test_a_key_counts_from_the_moment_the_task_is_seen(
    site: LiveServer, stream: Callable[..., tuple[Page, Labelling, int]]
) -> None:
    page, labelling, project = stream(2)
    labelling.press("g")
    page.evaluate(
        """() => new MutationObserver((_, watch) => {
          watch.disconnect();
          document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "b", code: "KeyB", bubbles: true }));
        }).observe(document.querySelector(".lab-task"), { characterData: true, childList: true, subtree: true })"""
    )
    labelling.submit()
    expect(page.get_by_role("checkbox", name="bad")).to_be_checked()
    labelling.submit()
    assert {answer_of(task) for task in tasks_of(site.client(), project)} == {"good", "bad"}


def answer_of(task: dict) -> str:
    return task["annotations"][0]["result"][0]["value"]["choices"][0]


def test_a_prediction_is_copied_into_a_new_answer(site: LiveServer, seat: Page) -> None:
    said = {"from_name": "mood", "to_name": "text", "type": "choices", "value": {"choices": ["bad"]}}
    task = {
        "data": {"text": "It rained."},
        "predictions": [{"model_version": "weather-1", "score": 0.8, "result": [said]}],
    }
    project = make_project(site, MOODS, [task], show_collab_predictions=False)
    seat.goto(f"{site.url}/projects/{project}/data")
    labelling = Tasks(seat).open_row(1)
    labelling.tab(re.compile("weather-1")).click()
    seat.get_by_role("button", name="Use as a new answer").click()
    expect(seat.get_by_role("checkbox", name="bad")).to_be_checked()
    expect(seat.get_by_role("checkbox", name="bad")).to_be_enabled()
    seat.get_by_role("button", name="Submit").click()
    expect(seat.get_by_role("button", name="Update")).to_be_visible()
    [stored] = tasks_of(site.client(), project)
    assert stored["annotations"][0]["result"][0]["value"] == {"choices": ["bad"]}
    assert stored["annotations"][0]["parent_prediction"] is not None
