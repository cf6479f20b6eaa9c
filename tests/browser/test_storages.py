"""A folder becomes a source by its form: tried, looked into, imported, labelled; and another one takes the answers."""

from __future__ import annotations

import json
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, expect

from tests.browser.conftest import BOXES, make_project, tasks_of
from tests.browser.pages import Labelling
from tests.services.labelwright import LiveServer

pytest_plugins = ["tests.browser.seat"]


def test_pictures_come_from_a_folder_and_answers_go_to_another(site: LiveServer, seat: Page) -> None:
    pictures = site.data_dir / "opened" / "street"
    (pictures / "deep").mkdir(parents=True)
    for name in ("1.png", "2.png", "deep/3.png"):
        Image.new("RGB", (320, 200), "#7a8").save(pictures / name)
    (pictures / "notes.txt").write_text("no picture")
    project = make_project(site, BOXES, [])
    seat.goto(f"{site.url}/projects/{project}/settings/storage")
    seat.get_by_role("button", name="Add a source").click()
    seat.get_by_label("Name").fill("Street pictures")
    seat.get_by_label("Absolute local path").fill("/etc")
    seat.get_by_role("button", name="Test the connection").click()
    expect(seat.get_by_role("alert")).to_contain_text("must be a subdirectory")
    seat.get_by_label("Absolute local path").fill(str(pictures))
    seat.get_by_role("button", name="Test the connection").click()
    expect(seat.get_by_text("The storage can be reached.")).to_be_visible()
    seat.get_by_label("Only files that fit").fill(r".*\.png")
    seat.get_by_role("button", name="Show files").click()
    expect(seat.get_by_role("row")).to_have_count(4)
    seat.get_by_role("button", name="Save and import").click()
    expect(seat.get_by_text("Synchronised", exact=True)).to_be_visible()
    expect(seat.get_by_text("3 new tasks")).to_be_visible()

    seat.get_by_role("button", name="Add a target").click()
    seat.get_by_label("Absolute local path").fill(str(site.data_dir / "opened" / "answers"))
    seat.get_by_role("button", name="Save", exact=True).click()
    expect(seat.get_by_text("Synchronised", exact=True)).to_have_count(2)

    seat.goto(f"{site.url}/projects/{project}/label")
    labelling = Labelling(seat).wait()
    assert seat.evaluate("document.querySelector('main img, main canvas') !== null")
    labelling.press("Control+Enter")
    labelling.wait_for_another(labelling.task)
    [task] = [one for one in tasks_of(site.client(), project) if one["annotations"]]
    answer = site.data_dir / "opened" / "answers" / str(task["annotations"][0]["id"])
    for _ in range(100):
        if answer.exists():
            break
        seat.wait_for_timeout(100)
    assert json.loads(answer.read_bytes())["task"]["data"] == task["data"]

    seat.goto(f"{site.url}/projects/{project}/settings/storage")
    seat.get_by_role("button", name="Change Street pictures").click()
    expect(seat.get_by_label("Absolute local path")).to_have_value(str(pictures))
    seat.get_by_role("button", name="Cancel").click()
    seat.get_by_role("button", name="Forget Street pictures").click()
    seat.get_by_role("dialog").get_by_role("button", name="Forget").click()
    expect(seat.get_by_text("No source yet.")).to_be_visible()
    assert Path(pictures / "1.png").exists()
