"""A model is connected by its form, tried, asked for all tasks; a labeller finds its prediction filled in."""

from __future__ import annotations

import os
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import make_project, tasks_of
from tests.browser.looking import axe_complaints
from tests.browser.pages import Labelling
from tests.plugins.ml_backend.model import Model, serving
from tests.services.labelwright import LiveServer
from tests.web.application import SENTIMENT

pytest_plugins = ["tests.browser.seat"]


def shoot(page: Page, name: str) -> None:
    if folder := os.environ.get("ML_SHOTS"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)


def test_a_model_is_connected_and_its_prediction_is_what_a_labeller_begins_with(
    site: LiveServer, seat: Page
) -> None:
    project = make_project(
        site, SENTIMENT, [{"text": f"text {n}"} for n in range(3)], show_collab_predictions=True
    )
    seat.goto(f"{site.url}/projects/{project}/settings/ml")
    with serving(Model()) as model:
        seat.get_by_role("button", name="Connect a model").click()
        expect(seat.get_by_label("Name")).to_be_focused()
        seat.keyboard.type("Moods")
        seat.get_by_label("Address").fill("http://127.0.0.1:9")
        seat.get_by_role("button", name="Test the connection").click()
        expect(seat.get_by_role("alert")).to_contain_text("cannot be reached")
        seat.get_by_label("Sign-in").select_option("BASIC_AUTH")
        expect(seat.get_by_label("Password")).to_be_visible()
        shoot(seat, "form")
        seat.get_by_label("Sign-in").select_option("NONE")
        seat.get_by_label("Extra parameters").fill('{"threshold": 0.5}')
        seat.get_by_label("Address").fill(model.url)
        seat.get_by_role("button", name="Test the connection").click()
        expect(seat.get_by_text("The model is there")).to_be_visible()
        seat.get_by_label("Address").press("Enter")
        expect(seat.get_by_text("Connected", exact=True)).to_be_visible()
        assert model.bodies("/setup")[-1]["extra_params"] == {"threshold": 0.5}
        seat.get_by_role("button", name="Try on a task").click()
        expect(seat.get_by_text("1 prediction", exact=False)).to_be_visible()
        seat.get_by_role("button", name="Predict all tasks").click()
        expect(seat.get_by_text("All tasks have been predicted.")).to_be_visible()
        shoot(seat, "models")
        assert axe_complaints(seat) == []
        assert [len(task["predictions"]) for task in tasks_of(site.client(), project)] == [1, 1, 1]

    seat.reload()
    expect(seat.get_by_text("Not reached")).to_be_visible()
    expect(seat.get_by_text("health check failed")).to_be_visible()
    shoot(seat, "gone")
    seat.goto(f"{site.url}/projects/{project}/label")
    labelling = Labelling(seat).wait()
    expect(seat.get_by_role("checkbox", name="Good")).to_be_checked()
    shoot(seat, "label")
    labelling.submit()
    answered = [task for task in tasks_of(site.client(), project) if task["annotations"]]
    assert answered[0]["annotations"][0]["result"][0]["value"] == {"choices": ["Good"]}

    seat.goto(f"{site.url}/projects/{project}/settings/ml")
    seat.get_by_role("button", name="Forget Moods").click()
    seat.get_by_role("dialog").get_by_role("button", name="Forget").click()
    expect(seat.get_by_text("No model yet.")).to_be_visible()
